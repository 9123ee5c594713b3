"""The command line as a person sees it."""

import json
import os
import pty
import re
import subprocess

import pytest
from support.process import binary, eventually


def run(*arguments):
    return subprocess.run([binary(), *arguments], check=True, capture_output=True, text=True, timeout=30).stdout


def on_terminal(*arguments):
    """What the program prints on a terminal."""
    ours, theirs = pty.openpty()
    with subprocess.Popen([binary(), *arguments], stdout=theirs, stdin=subprocess.DEVNULL) as process:
        os.close(theirs)
        printed = b""
        try:
            while part := os.read(ours, 65536):
                printed += part
        except OSError:
            pass  # how Linux says that the other end is closed
        assert process.wait(30) == 0
    os.close(ours)
    return printed.decode()


def test_the_version_names_the_processor_level():
    assert re.fullmatch(r"pooling-server \d+\.\d+\.\d+ \([\w-]+\)\n", run("version"))


def test_help_has_examples_and_every_variable():
    text = run("serve", "--help")
    words = re.sub(r"\s+", " ", text)
    flags = re.findall(r"^  (?:-\w, )?--([a-z-]+) <", text, re.MULTILINE)
    assert len(flags) > 20
    for flag in flags:
        assert f"POOLING_SERVER_{flag.replace('-', '_').upper()}" in words, flag
    assert "pooling-server -p 9000" in text and "pooling-server -p 9000" in run("--help")


def test_operations_are_a_table_on_a_terminal_and_json_elsewhere():
    catalogue = json.loads(run("operations"))
    assert json.loads(on_terminal("operations", "--json")) == catalogue
    lines = on_terminal("operations").splitlines()
    for entry in catalogue["ops"] + catalogue["regions"]:
        line = next(line for line in lines if line.startswith(entry["name"] + " "))
        assert entry["summary"] in line
        assert all(parameter["name"] in line for parameter in entry["parameters"])
    # People read the name that the field has.
    largest = next(line for line in lines if line.startswith("max "))
    assert catalogue["ops"][0]["gradient"] == "mask" and " indices " in largest and " mask " not in largest


@pytest.mark.parametrize(("argument", "message"), [
    ("--prot", "unknown option '--prot'; did you mean '--port'?"), ("--foo", "unknown option '--foo'"),
    ("serv", "unexpected argument 'serv'; did you mean 'serve'?"),
    ("--tls-key=key.pem", "--tls-key: it needs --tls-cert too"),
])
def test_a_mistake_in_the_arguments_of_serve_has_its_usage(argument, message):
    done = subprocess.run([binary(), argument], check=False, capture_output=True, text=True, timeout=30)
    assert done.returncode == 64 and done.stdout == ""
    assert done.stderr == (
        f"Error: {message}\nUsage: pooling-server [serve] [<options>]\n"
        "  See 'pooling-server serve --help' for more information.\n")


def test_a_mistake_in_the_arguments_of_another_subcommand_has_its_usage():
    done = subprocess.run([binary(), "healthcheck", "--bar"], check=False, capture_output=True, text=True, timeout=30)
    assert done.returncode == 64
    assert done.stderr == (
        "Error: unknown option '--bar'\nUsage: pooling-server healthcheck [--url <url>]\n"
        "  See 'pooling-server healthcheck --help' for more information.\n")


def test_a_short_flag_sets_the_port(serve):
    assert serve("-p", "0", port=None).port


def test_the_start_shows_the_page_the_documentation_and_a_request_that_works(serve):
    server = serve()
    line = eventually(lambda: next((line for line in server.lines if "try: " in line), None))
    base = f"http://127.0.0.1:{server.port}"
    assert f"page: {base}/, documentation: {base}/docs" in line
    printed = subprocess.run(
        line.split("try: ")[1] + " --silent", shell=True, check=True, capture_output=True, text=True, timeout=30).stdout
    assert json.loads(printed)["output"] == [[4]]


def test_the_example_of_a_unix_socket_works(serve, tmp_path):
    server = serve(port=None, environment={"POOLING_SERVER_UNIX_SOCKET": str(tmp_path / "socket")})
    line = eventually(lambda: next((line for line in server.lines if "try: " in line), None))
    printed = subprocess.run(
        line.split("try: ")[1] + " --silent", shell=True, check=True, capture_output=True, text=True, timeout=30).stdout
    assert json.loads(printed)["output"] == [[4]]


def test_a_variable_that_is_no_setting_is_warned_of(serve):
    mistakes = {"POOLING_SERVER_PROT": "9000", "POOLING_SERVER_MAXBODY": "1MiB"}
    others = {
        "POOLING_SERVER_URL": "http://127.0.0.1:8080", "POOLING_SERVER_LOG_LEVEL": "info",
        # The links that Kubernetes makes for a Service named pooling-server.
        "POOLING_SERVER_SERVICE_HOST": "10.0.0.1", "POOLING_SERVER_SERVICE_PORT_HTTP": "80",
        "POOLING_SERVER_PORT_8080_TCP_ADDR": "10.0.0.1",
    }
    server = serve(environment=mistakes | others)
    warned = eventually(lambda: [line for line in server.lines if "is not a setting" in line][1:] and server.lines)
    named = {match for line in warned for match in re.findall(r"warning (\w+) is not a setting", line)}
    assert named == set(mistakes)
