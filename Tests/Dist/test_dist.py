"""The files of a release install where they should, and what they install pools the picture.

    DIST=dist python -m pytest Tests/Dist

The Debian package goes into a fresh system that debootstrap makes, which needs root.
"""

import contextlib
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import urllib.request
import venv
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
DIST = Path(os.environ.get("DIST", REPOSITORY / "dist")).resolve()
PHOTO = REPOSITORY / "Examples" / "photo.png"
AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="chroot needs root")


def only(pattern):
    (found,) = DIST.glob(pattern)
    return found


@contextlib.contextmanager
def serving(*command):
    """A server on a free port, by its command; gives the URL.

    The port comes in the environment, because without /proc, as in a bare root, a program does not know its arguments.
    """
    process = subprocess.Popen(
        command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True,
        env={**os.environ, "POOLING_SERVER_PORT": "0"})
    try:
        line = process.stderr.readline()
        assert "listening on" in line, line + process.stderr.read()
        yield re.search(r"listening on (http://\S+)", line)[1]
    finally:
        process.terminate()
        assert process.wait(30) == 0


def pooled_picture(url):
    request = urllib.request.Request(
        f"{url}/v1/forward?op=max&kernel=4", data=PHOTO.read_bytes(), headers={"Content-Type": "image/png"})
    with urllib.request.urlopen(request, timeout=30) as response:
        return response.read()


def assert_pools_the_picture(url):
    picture = pooled_picture(url)
    assert picture.startswith(b"\x89PNG") and int.from_bytes(picture[16:20], "big") == 18


def test_every_file_has_its_checksum():
    sums = dict(reversed(line.split()) for line in (DIST / "SHA256SUMS").read_text().splitlines())
    assert set(sums) == {path.name for path in DIST.iterdir()} - {"SHA256SUMS"}
    for name, expected in sums.items():
        assert hashlib.sha256((DIST / name).read_bytes()).hexdigest() == expected, name


def test_packing_twice_gives_the_same_bytes(tmp_path):
    """The program is a small one: packing is what is compared, not the compiler."""
    programs = tmp_path / "programs"
    programs.mkdir()
    shutil.copy("/bin/true", programs / "pooling-server")
    packed = []
    for name, mask in (("first", 0o022), ("second", 0o077)):
        # Files made at another time, in another folder, under another mask.
        for program in programs.iterdir():
            os.utime(program, (0, len(packed) * 10_000_000))
        subprocess.run(
            [REPOSITORY / "scripts" / "dist"], check=True, cwd=tmp_path, umask=mask, stdout=subprocess.DEVNULL,
            env={**os.environ, "PROGRAMS": str(programs), "OUTPUT": str(tmp_path / name)})
        packed.append((tmp_path / name / "SHA256SUMS").read_text())
    assert packed[0] == packed[1] and len(packed[0].splitlines()) >= 6


def test_the_programs_do_not_depend_on_the_folder_of_the_build():
    with tarfile.open(only("*-linux-*.tar.gz")) as archive:
        programs = [member for member in archive if re.search(r"/bin/[^/]+$", member.name)]
        assert programs
        for program in programs:
            content = archive.extractfile(program).read()
            # The compiler's hash includes the folder, and the linker's identifier includes that hash.
            for trace in (".swift_modhash", ".note.gnu.build-id", str(REPOSITORY)):
                assert trace.encode() not in content, f"{program.name}: {trace}"


def test_the_tarball_runs_where_it_is_unpacked(tmp_path):
    with tarfile.open(only("*-linux-*.tar.gz")) as archive:
        archive.extractall(tmp_path, filter="data")
    (root,) = tmp_path.iterdir()
    program = root / "bin" / "pooling-server"
    loaded = subprocess.run(["ldd", program], check=True, capture_output=True, text=True).stdout
    for library in (root / "lib" / "pooling-server").iterdir():
        assert re.search(rf"{re.escape(library.name)} => {re.escape(str(root))}/\S+", loaded), library.name
    with serving(program) as url:
        assert_pools_the_picture(url)


def test_the_wheels_install_the_server_and_its_client(tmp_path):
    venv.create(tmp_path / "fresh", with_pip=True)
    folder = tmp_path / "fresh" / "bin"
    subprocess.run(
        [folder / "pip", "install", "--quiet", only("pooling_server-*.whl"), only("pooling_client-*.whl")], check=True)
    path = {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"}
    loaded = subprocess.run(["ldd", folder / "pooling-server"], check=True, capture_output=True, text=True).stdout
    assert f"{tmp_path}/fresh/bin/../lib/pooling-server/libmicrohttpd" in loaded
    with serving(folder / "pooling-server") as url:
        subprocess.run(
            ["pooling-client", "forward", PHOTO, "--op", "max", "--kernel", "4", "-o", tmp_path / "small.png"],
            check=True, env={**path, "POOLING_SERVER_URL": url})
        assert (tmp_path / "small.png").read_bytes() == pooled_picture(url)


@AS_ROOT
def test_the_image_has_all_that_the_program_needs(tmp_path):
    with tarfile.open(only("*-image-*.tar")) as archive:
        archive.extractall(tmp_path / "image", filter="data")
    image = tmp_path / "image"

    def blob(descriptor):
        content = (image / "blobs" / "sha256" / descriptor["digest"].removeprefix("sha256:")).read_bytes()
        assert hashlib.sha256(content).hexdigest() == descriptor["digest"].removeprefix("sha256:")
        assert len(content) == descriptor["size"]
        return content

    index = json.loads((image / "index.json").read_text())
    manifest = json.loads(blob(index["manifests"][0]))
    config = json.loads(blob(manifest["config"]))
    packed = tmp_path / "layer.tar.gz"
    packed.write_bytes(blob(manifest["layers"][0]))
    root = tmp_path / "root"
    with tarfile.open(packed) as layer:
        layer.extractall(root, filter="data")
    settings = config["config"]
    assert settings["Env"] == ["PATH=/usr/local/bin", "POOLING_SERVER_HOST=0.0.0.0"]
    (program,) = settings["Entrypoint"]
    with serving("chroot", f"--userspec={settings['User']}", root, f"/usr/local/bin/{program}") as url:
        assert_pools_the_picture(url)


@AS_ROOT
def test_the_debian_package_installs_in_a_fresh_system(tmp_path):
    root = tmp_path / "system"
    subprocess.run(["debootstrap", "--variant=minbase", "bookworm", root], check=True, stdout=subprocess.DEVNULL)
    package = only("*.deb")
    shutil.copy(package, root / package.name)
    environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "install", "--yes", "-qq", "--no-install-recommends", f"/{package.name}"],
                    ["dpkg", "--verify", "pooling-server"]):
        subprocess.run(["chroot", root, *command], check=True, env=environment, stdout=subprocess.DEVNULL)
    for path in ("lib/systemd/system/pooling-server.socket", "usr/share/bash-completion/completions/pooling-server",
                 "etc/default/pooling-server"):
        assert (root / path).exists(), path
    assert "ExecStart=/usr/bin/pooling-server " in (root / "lib/systemd/system/pooling-server.service").read_text()
    with serving("chroot", root, "pooling-server") as url:
        assert_pools_the_picture(url)
    subprocess.run(["chroot", root, "apt-get", "purge", "--yes", "-qq", "pooling-server"], check=True, env=environment)
    assert not (root / "usr/bin/pooling-server").exists() and not (root / "etc/default/pooling-server").exists()


def test_the_bill_of_materials_is_valid_and_names_the_files():
    bill = only("*.spdx.json")
    subprocess.run([Path(sys.executable).parent / "pyspdxtools", "-i", bill], check=True)
    document = json.loads(bill.read_text())
    assert {package["name"] for package in document["packages"]} >= {
        "pooling-server", "swift-runtime", "swift-argument-parser", "libmicrohttpd12", "libgnutls30"}
    for file in document["files"]:
        digest = next(sum["checksumValue"] for sum in file["checksums"] if sum["algorithm"] == "SHA256")
        assert hashlib.sha256((DIST / file["fileName"]).read_bytes()).hexdigest() == digest
