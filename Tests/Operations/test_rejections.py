"""What is rejected before a handler sees it, and small things that once went wrong around the edges."""

import os
import resource
import signal
import subprocess
import threading

import pytest

from support.certificates import Authorities
from support.http import Connection, ask, message
from support.metrics import scrape
from support.process import binary, eventually
from support.requests import SMALL, SMALL_RESPONSE, pooling


@pytest.mark.parametrize("length, status", [
    ("+35", 400), ("-1", 400), ("0x23", 400), ("3 5", 400), ("35, 35", 400), ("", 400), ("9" * 24, 413)])
def test_a_bad_content_length_is_rejected_once(serve, length, status):
    server = serve()
    with Connection(server.port) as connection:
        connection.send(message("POST", "/v1/forward", None, Content_Length=length, X_Request_ID="mine"))
        response = connection.read()
        assert connection.is_closed()
    assert response.status == response.json["status"] == status
    assert response.headers["x-request-id"] == response.json["request_id"] == "mine"
    assert "server-timing" in response.headers
    assert ask(server.port, "POST", "/v1/forward", SMALL).json == SMALL_RESPONSE


@pytest.mark.parametrize("head, status", [
    (b"GET / HTTP/1.1\r\nX-Request-ID: mine\r\n\r\n", 400),
    (b"TRACE / HTTP/1.1\r\nHost: a\r\nX-Request-ID: mine\r\n\r\n", 501),
    (b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: a\r\nX-Request-ID: mine\r\n\r\n", 414),
    (b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\nX-Request-ID: mine\r\n\r\n", 501),
])
def test_a_rejected_head_keeps_the_clients_request_id(serve, head, status):
    server = serve()
    with Connection(server.port) as connection:
        connection.send(head)
        response = connection.read()
    assert response.status == status
    assert response.headers["x-request-id"] == response.json["request_id"] == "mine"
    assert "server-timing" in response.headers


@pytest.mark.parametrize("count, status", [(100, 200), (500, 414), (1000, 414), (3000, 414)])
def test_a_query_of_many_fields_gets_a_response(serve, count, status):
    server = serve()
    query = "&".join("a=" for _ in range(count))
    response = ask(server.port, "GET", f"/healthz?{query}", timeout=5)
    assert response.status == status
    if status == 414:
        assert response.headers["content-type"] == "application/problem+json"
        assert response.json["code"] == "malformed_request"


def test_idle_connections_do_not_keep_probes_out_of_the_metrics_port(serve):
    server = serve("--metrics-port", "0")
    held = [Connection(server.metrics_port) for _ in range(60)]
    for path in ("/healthz", "/readyz", "/metrics"):
        for _ in range(10):
            assert ask(server.metrics_port, "GET", path, timeout=2).status == 200
    for connection in held:
        connection.socket.close()


def test_a_burst_of_one_client_does_not_pass_its_limit(serve):
    server = serve("--max-connections-per-client", "4", "--metrics-port", "0")
    connections = [Connection(server.port) for _ in range(100)]
    for connection in connections:
        try:
            connection.send(message("GET", "/healthz"))
        except ConnectionError:
            pass
    statuses = [connection.read().status for connection in connections]
    assert sorted(set(statuses)) == [200, 503] and statuses.count(200) == 4
    for connection in connections:
        connection.socket.close()
    eventually(lambda: scrape(server.metrics_port)["http_connections_open"] == 0)
    assert ask(server.port, "GET", "/healthz").status == 200


def test_a_key_file_may_start_with_a_byte_order_mark(serve, tmp_path):
    keys = tmp_path / "keys"
    keys.write_bytes("\ufeffalpha\nbeta\n".encode())
    server = serve("--api-key-file", str(keys))
    for key in ("alpha", "beta"):
        assert ask(server.port, "POST", "/v1/forward", SMALL, X_API_Key=key).status == 200


def test_a_pipe_in_place_of_the_key_file_holds_nothing_up(serve, tmp_path):
    keys = tmp_path / "keys"
    keys.write_text("alpha\n")
    server = serve("--api-key-file", str(keys))
    keys.unlink()
    os.mkfifo(keys)
    server.signal(signal.SIGHUP)
    eventually(lambda: "the old API keys stay" in server.log)
    assert ask(server.port, "POST", "/v1/forward", SMALL, X_API_Key="alpha").status == 200
    server.signal(signal.SIGTERM)
    assert server.exit_code(10) == 0


def healthcheck(*flags, **environment) -> subprocess.CompletedProcess:
    names = {f"POOLING_SERVER_{name}": value for name, value in environment.items()}
    return subprocess.run(
        [binary(), "healthcheck", *flags], env={**os.environ, **names}, capture_output=True, text=True, timeout=20)


@pytest.mark.parametrize("port", ["", "tcp://10.0.0.1:8080"])
def test_a_health_check_reads_the_port_as_the_server_does(port):
    result = healthcheck(PORT=port, HOST="127.0.0.2")
    assert result.returncode == 1
    assert "http://127.0.0.2:8080/healthz" in result.stdout


def test_a_health_check_follows_the_port_the_socket_and_tls(serve, tmp_path):
    server = serve()
    assert healthcheck(PORT=str(server.port)).returncode == 0
    path = str(tmp_path / "server.sock")
    unix = serve("--unix-socket", path, port=None)
    assert unix.unix_path == path
    assert healthcheck(UNIX_SOCKET=path).returncode == 0
    assert healthcheck("--url", f"unix:{path}").returncode == 0
    unix.signal(signal.SIGTERM)
    assert unix.exit_code() == 0
    assert healthcheck(UNIX_SOCKET=path).returncode == 1
    files = Authorities(tmp_path)
    settings = {"TLS_CERT": files.certificate, "TLS_KEY": files.key}
    over_tls = serve("--tls-cert", files.certificate, "--tls-key", files.key)
    assert healthcheck(PORT=str(over_tls.port)).returncode == 1
    assert healthcheck(PORT=str(over_tls.port), **settings).returncode == 0
    mutual = serve("--tls-cert", files.certificate, "--tls-key", files.key, "--tls-client-ca", files.authority)
    assert healthcheck(PORT=str(mutual.port), **settings).returncode == 1
    assert healthcheck(PORT=str(mutual.port), TLS_CLIENT_CA=files.authority, **settings).returncode == 0


def limited(byte_count: int, kind=resource.RLIMIT_AS):
    return lambda: resource.setrlimit(kind, (byte_count, byte_count))


@pytest.mark.parametrize("kind", [resource.RLIMIT_AS, resource.RLIMIT_DATA], ids=["addresses", "data"])
def test_the_budget_follows_the_limits_of_the_process(serve, kind):
    server = serve(preexec_fn=limited(400 << 20, kind))
    assert scrape(server.port)["pooling_memory_budget_bytes"] < 200 << 20
    name = {resource.RLIMIT_AS: "RLIMIT_AS", resource.RLIMIT_DATA: "RLIMIT_DATA"}[kind]
    assert name in server.log
    assert ask(server.port, "POST", "/v1/forward", SMALL).json == SMALL_RESPONSE


def test_it_serves_and_stops_within_200_mb_of_addresses(serve):
    server = serve(preexec_fn=limited(200_000_000))
    threads = [threading.Thread(target=ask, args=(server.port, "POST", "/v1/forward", SMALL)) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    held = [Connection(server.port) for _ in range(100)]
    assert ask(server.port, "POST", "/v1/forward", SMALL).json == SMALL_RESPONSE
    large = ask(server.port, "POST", "/v1/forward", pooling(3000, 2))
    assert large.status in (413, 503)
    assert ask(server.port, "POST", "/v1/forward", SMALL).json == SMALL_RESPONSE
    for connection in held:
        connection.socket.close()
    server.signal(signal.SIGTERM)
    assert server.exit_code(20) == 0
