"""``pooling-client`` as a person types it, against a real server."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from conftest import REPOSITORY, Server

PHOTO = REPOSITORY / "Examples" / "photo.png"
PNG_START = b"\x89PNG"


class Command:
    """Runs the command in a folder of its own."""

    def __init__(self, url: str, folder: Path) -> None:
        self.folder, self.url = folder, url
        self._environment = dict(os.environ, POOLING_SERVER_URL=url)

    def __call__(self, *arguments: str | Path, status: int = 0, **environment: str) -> subprocess.CompletedProcess[bytes]:
        done = subprocess.run(
            [sys.executable, "-m", "pooling_client", *arguments], check=False, cwd=self.folder,
            env=self._environment | environment, capture_output=True, stdin=subprocess.DEVNULL, timeout=60)
        assert done.returncode == status, done.stderr.decode()
        return done


@pytest.fixture
def command(server: Server, tmp_path: Path) -> Command:
    return Command(server.url, tmp_path)


def test_a_picture_is_pooled_into_a_picture(command: Command) -> None:
    command("forward", PHOTO, "--op", "max", "--kernel", "4", "-o", "small.png")
    small = (command.folder / "small.png").read_bytes()
    assert small.startswith(PNG_START) and len(small) < PHOTO.stat().st_size


def test_an_array_is_pooled_into_an_array(command: Command) -> None:
    array = np.arange(64, dtype=np.float32).reshape(8, 8)
    np.save(command.folder / "x.npy", array)
    command("forward", "x.npy", "--op", "avg", "--region", "adaptive", "--output-size", "2,4", "-o", "y.npy")
    np.testing.assert_allclose(np.load(command.folder / "y.npy"), array.reshape(2, 4, 4, 2).mean(axis=(1, 3)))


def test_the_ending_of_the_output_chooses_its_format(command: Command) -> None:
    command("forward", PHOTO, "--op", "max", "--kernel", "4", "-o", "small.npy")
    assert np.load(command.folder / "small.npy").shape == (12, 18, 3)
    command("forward", PHOTO, "--op", "max", "--kernel", "4", "--return-indices", "-o", "small.json")
    document = json.loads((command.folder / "small.json").read_text())
    assert np.shape(document["indices"]) == (12, 18, 3)


def test_without_an_output_the_result_goes_to_standard_output(command: Command) -> None:
    assert command("forward", PHOTO, "--op", "max", "--kernel", "4").stdout.startswith(PNG_START)


def test_a_folder_is_pooled_into_a_folder_and_failures_are_named(command: Command) -> None:
    source = command.folder / "photos"
    for name in ("a.png", "inner/b.png"):
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(PHOTO, source / name)
    (source / "broken.png").write_bytes(b"no picture")
    (source / "notes.txt").write_text("not sent")
    done = command("forward", "photos", "--op", "max", "--kernel", "8", "-o", "out", "--progress", status=1)
    assert b"photos/broken.png: 400 malformed_png" in done.stderr
    assert b"files" in done.stderr and b"100% 3/3" in done.stderr
    written = sorted(path.relative_to(command.folder / "out") for path in (command.folder / "out").rglob("*.*"))
    assert written == [Path("a.png"), Path("inner/b.png")]


def test_a_bar_shows_the_bytes_of_a_large_file(command: Command) -> None:
    np.save(command.folder / "x.npy", np.zeros((1024, 1024), np.float32))
    arguments = ["forward", "x.npy", "--op", "max", "--kernel", "2", "-o", "y.npy"]
    done = command(*arguments, "--progress")
    assert b"sending" in done.stderr and b"receiving" in done.stderr and b"4.0 MiB/4.0 MiB" in done.stderr
    assert command(*arguments).stderr == b"", "there is no bar where no person looks"


def test_the_gradient_and_unpooling_take_safetensors(command: Command) -> None:
    from safetensors.numpy import load_file, save_file

    save_file(
        {"grad_output": np.float32([[1]]), "input": np.float32([[1, 2], [3, 4]])}, command.folder / "g.safetensors")
    command("backward", "g.safetensors", "--op", "max", "--kernel", "2", "-o", "x.npy")
    np.testing.assert_array_equal(np.load(command.folder / "x.npy"), [[0, 0], [0, 1]])
    save_file({"input": np.float32([[4]]), "indices": np.int64([[3]])}, command.folder / "u.safetensors")
    command("unpool", "u.safetensors", "--kernel", "2", "-o", "back.safetensors")
    np.testing.assert_array_equal(load_file(command.folder / "back.safetensors")["output"], [[0, 0], [0, 4]])


def test_shape_operations_and_status_are_readable(command: Command) -> None:
    report = command("shape", "1,64,112,112", "--op", "max", "--kernel", "3", "--stride", "2", "--padding", "1").stdout
    assert b"output_shape:     [1, 64, 56, 56]" in report
    listed = command("operations").stdout.decode()
    assert "  max           " in listed and "    kernel" in listed
    assert json.loads(command("operations", "--json").stdout)["ops"]
    assert command("status").stdout.rstrip().endswith(b": ready")
    command("status", "--url", "http://127.0.0.1:1", status=1)


@pytest.mark.parametrize(("arguments", "hint"), [
    (["forward", "photo.jpg", "--op", "max"], "expected a file that ends in .png"),
    (["forward", "missing.png", "--op", "max"], "missing.png: no such file"),
    (["forward", str(PHOTO), "--op", "max", "--kernel", "999"], "422 kernel_too_large at /kernel"),
    (["forward", str(PHOTO), str(PHOTO), "--op", "max", "--kernel", "2"], "several files need a folder"),
    (["forward", str(PHOTO), "--op", "max", "--url", "localhost:1"], "write 'http://localhost:1'"),
])
def test_a_mistake_is_one_line_and_no_traceback(command: Command, arguments: list[str], hint: str) -> None:
    text = command(*arguments, status=1).stderr.decode()
    assert hint in text and text.startswith("pooling-client: ") and text.count("\n") == 1


def test_a_reader_that_stops_early_sees_no_error(command: Command) -> None:
    script = f"{sys.executable} -m pooling_client operations | head -1"
    done = subprocess.run(
        ["sh", "-c", script], env=dict(os.environ, POOLING_SERVER_URL=command.url), capture_output=True, check=True)
    assert (done.stdout, done.stderr) == (b"ops\n", b"")


def test_help_lists_the_parameters_with_their_words(command: Command) -> None:
    text = command("forward", "--help", COLUMNS="200").stdout.decode()
    for part in ("--kernel VALUE", "One of: propagate, ignore.", "--ceil-mode", "examples:", "POOLING_SERVER_URL"):
        assert part in text
    assert "pooling-client forward cat.png" in command("--help").stdout.decode()


def test_parameters_go_into_the_object_of_a_json_file(command: Command) -> None:
    (command.folder / "x.json").write_text('{"op": "min", "input": [[1, 2], [3, 4]]}')
    done = command("forward", "x.json", "--op", "max", "--kernel", "1,2")
    assert json.loads(done.stdout)["output"] == [[2], [4]], "a flag wins"
    largest = command("forward", "x.json", "--op", "lp", "--p", "Infinity", "--kernel", "2")
    assert json.loads(largest.stdout)["output"] == [[4]]


def test_a_folder_may_have_json_in_it(command: Command) -> None:
    (command.folder / "in").mkdir()
    shutil.copy(PHOTO, command.folder / "in" / "a.png")
    (command.folder / "in" / "b.json").write_text('{"input": [[1, 2], [3, 4]]}')
    command("forward", "in", "--op", "max", "--kernel", "2", "-o", "out")
    assert json.loads((command.folder / "out" / "b.json").read_text())["output"] == [[4]]
    assert (command.folder / "out" / "a.png").exists()


@pytest.mark.parametrize("text", ["[1]", "no json"])
def test_a_json_file_that_has_no_place_for_parameters_is_named(command: Command, text: str) -> None:
    (command.folder / "x.json").write_text(text)
    assert command("forward", "x.json", "--op", "max", status=1).stderr.startswith(b"pooling-client: x.json: ")


def test_folders_that_are_not_there_are_not_made(command: Command) -> None:
    done = command("forward", PHOTO, "--op", "max", "--kernel", "4", "-o", "nosuch/x.png", status=1)
    assert done.stderr == b"pooling-client: -o: there is no folder nosuch\n"
    assert not (command.folder / "nosuch").exists()


def test_messages_name_files_and_addresses_as_people_do(command: Command) -> None:
    missing = command("forward", "nosuch.png", "--op", "max", "--kernel", "4", "-o", "x.png", status=1)
    assert missing.stderr == b"pooling-client: nosuch.png: no such file\n"
    assert command("status").stdout.decode() == f"{command.url}: ready\n"
    nobody = command("operations", "--url", "http://127.0.0.1:1", status=1).stderr.decode()
    assert nobody == (
        "pooling-client: connection refused at http://127.0.0.1:1; is pooling-server running? Set POOLING_SERVER_URL\n")
