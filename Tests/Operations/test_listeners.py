"""Every way of being listened to: a port, a UNIX socket, an inherited descriptor, a port for metrics."""

import os
import shutil
import socket
import subprocess

import pytest

from support.http import ask
from support.process import Server, binary, eventually
from support.requests import SMALL, SMALL_RESPONSE


def test_a_unix_socket_serves_and_goes_with_the_server(serve, tmp_path):
    path = str(tmp_path / "socket")
    with serve("--unix-socket", path, port=None):
        assert ask(path, "POST", "/v1/forward", SMALL).json == SMALL_RESPONSE
    assert not os.path.exists(path)


def test_a_socket_that_a_dead_server_left_is_replaced_and_one_in_use_is_not(serve, tmp_path):
    path = str(tmp_path / "socket")
    first = serve("--unix-socket", path, port=None)
    first.process.kill()
    first.process.wait()
    assert os.path.exists(path)
    second = serve("--unix-socket", path, port=None)
    assert ask(path, "GET", "/healthz").status == 200
    other = subprocess.run([binary(), "--unix-socket", path], capture_output=True, text=True, timeout=30)
    assert other.returncode == 1 and "taken" in other.stderr
    assert ask(path, "GET", "/healthz").status == 200
    assert second.process.poll() is None


def test_an_inherited_descriptor_is_served(serve):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = serve("--listen-fd", str(listener.fileno()), port=None, pass_fds=[listener.fileno()])
        assert ask(listener.getsockname()[1], "POST", "/v1/forward", SMALL).json == SMALL_RESPONSE
        assert server.port == listener.getsockname()[1]


def test_a_descriptor_that_does_not_listen_is_rejected():
    ended = subprocess.run([binary(), "--listen-fd", "0"], capture_output=True, text=True, timeout=30,
                           stdin=subprocess.DEVNULL)
    assert ended.returncode == 1 and "does not listen" in ended.stderr


@pytest.mark.skipif(shutil.which("systemd-socket-activate") is None, reason="needs systemd-socket-activate")
def test_systemd_socket_activation_starts_it_with_the_first_connection(tmp_path):
    path = str(tmp_path / "activated")
    activator = subprocess.Popen(
        ["systemd-socket-activate", "--listen", path, binary(), "--listen-fd", "3"], stderr=subprocess.DEVNULL)
    try:
        eventually(lambda: os.path.exists(path))
        assert ask(path, "POST", "/v1/forward", SMALL).json == SMALL_RESPONSE
    finally:
        activator.terminate()
        activator.wait(10)


def test_a_port_that_is_taken_is_named_with_what_to_do(serve):
    server = serve()
    ended = subprocess.run([binary(), "--port", str(server.port)], capture_output=True, text=True, timeout=30)
    assert ended.returncode == 1
    assert f"port {server.port}" in ended.stderr and "choose another" in ended.stderr


def test_the_metrics_port_responds_to_probes_too():
    with Server("--metrics-port", "0") as server:
        for path in ("/healthz", "/readyz", "/metrics"):
            assert ask(server.metrics_port, "GET", path).status == 200
        assert ask(server.port, "GET", "/metrics").status == 404


def test_the_healthcheck_command_tells_life_from_death(serve):
    server = serve()
    command = [binary(), "healthcheck", "--url", f"http://127.0.0.1:{server.port}/healthz"]
    assert subprocess.run(command, capture_output=True, timeout=30).returncode == 0
    server.process.kill()
    server.process.wait()
    assert subprocess.run(command, capture_output=True, timeout=30).returncode == 1
