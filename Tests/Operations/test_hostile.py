"""Slow, broken and hostile clients: they are cut off, others are served, and memory comes back."""

import gzip
import json
import socket
import time

import pytest

from support.http import Connection, ask, message
from support.metrics import scrape, total
from support.process import eventually
from support.requests import SMALL, SMALL_RESPONSE, pooling

DEADLINES = (
    "--header-timeout", "1s", "--body-timeout", "1s", "--response-timeout", "1s", "--idle-timeout", "1s",
    "--min-rate", "1GiB")


def is_well(server):
    return ask(server.port, "POST", "/v1/forward", SMALL).json == SMALL_RESPONSE


def trickle(connection, data: bytes) -> float:
    """Sends a byte every 50 ms until the server hangs up; gives the seconds that took."""
    began = time.monotonic()
    connection.socket.settimeout(0.05)
    for byte in data:
        try:
            connection.send(bytes([byte]))
            if connection.socket.recv(4096) == b"":
                break
        except TimeoutError:
            continue
        except ConnectionError:
            break
    else:
        raise AssertionError("the server took it all")
    return time.monotonic() - began


@pytest.mark.parametrize("start, rest", [
    (b"", b"GET /healthz HTTP/1.1\r\n" + b"X: y\r\n" * 60),
    (b"GET /healthz HTTP/1.1\r\n", b"X: y\r\n" * 60),
    (message("POST", "/v1/forward", None, Content_Length=4000), b" " * 400),
    (message("POST", "/v1/forward", None, Transfer_Encoding="chunked"), b"1\r\n \r\n" * 80),
], ids=["request line", "header", "body", "chunked body"])
def test_a_trickling_client_is_cut_off_by_a_total_deadline(serve, start, rest):
    server = serve(*DEADLINES)
    with Connection(server.port) as connection:
        connection.send(start)
        assert trickle(connection, rest) < 5
    assert total(scrape(server.port), "http_connections_expired_total") == 1
    assert is_well(server)


def test_a_client_that_does_not_read_is_cut_off(serve):
    server = serve(*DEADLINES)
    with Connection(server.port) as connection:
        connection.send(message("POST", "/v1/forward", pooling(1024, 2)))
        eventually(lambda: total(scrape(server.port), "http_connections_expired_total", "response") == 1)
    eventually(lambda: scrape(server.port)["pooling_memory_reserved_bytes"] == 0)
    assert is_well(server)


def test_a_client_that_reads_steadily_gets_a_response_that_takes_several_deadlines(serve):
    server = serve("--response-timeout", "1s")
    gradient = {"op": "avg", "region": "global", "dims": 1, "grad_output": [1], "input_shape": [6_000_000]}
    body = json.dumps(gradient).encode()
    with Connection(server.port) as connection:
        connection.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 16)
        began = time.monotonic()
        connection.send(message("POST", "/v1/backward", body, Accept="application/x-npy"))
        received = 0
        while received < 24_000_000 and (piece := connection.socket.recv(1 << 18)):
            received += len(piece)
            # As slow as a client of 8 MB/s.
            time.sleep(max(0, began + received / 8e6 - time.monotonic()))
        assert received >= 24_000_000
        assert time.monotonic() - began > 2
    assert total(scrape(server.port), "http_connections_expired_total") == 0


def test_an_idle_connection_is_closed(serve):
    server = serve(*DEADLINES)
    with Connection(server.port) as connection:
        assert connection.request("GET", "/healthz").status == 200
        assert connection.is_closed()


def test_hundreds_of_idle_connections_cost_little_and_go_away(serve):
    server = serve("--max-connections", "1000", "--header-timeout", "2s")
    assert is_well(server)
    before, descriptors = server.resident_bytes, server.descriptors
    held = [Connection(server.port) for _ in range(800)]
    eventually(lambda: scrape(server.port)["http_connections_open"] >= 800)
    assert is_well(server)
    assert server.resident_bytes - before < 64 << 20
    # A descriptor a connection, and a few for each thread that was started for them.
    assert all(connection.is_closed() for connection in held)
    eventually(lambda: server.descriptors < descriptors + 60)


@pytest.mark.parametrize("sent", [0.0, 0.5, 1.0], ids=["head", "half the body", "all of it"])
def test_resets_leave_nothing_behind(serve, sent):
    server = serve("--metrics-port", "0")
    body = pooling(512, 3)
    head = message("POST", "/v1/forward", None, Content_Length=len(body))
    assert is_well(server)
    descriptors = server.descriptors
    for _ in range(50):
        connection = Connection(server.port)
        connection.send(head + body[:int(len(body) * sent)])
        connection.reset()
    eventually(lambda: scrape(server.metrics_port)["pooling_memory_reserved_bytes"] == 0)
    # The scrape itself is one.
    eventually(lambda: scrape(server.metrics_port)["http_requests_in_flight"] == 1)
    eventually(lambda: server.descriptors <= descriptors)
    assert is_well(server)


BOMBS = {
    "a product that overflows": {"op": "max", "kernel": 2, "input": {"shape": [1 << 32, 1 << 32], "data": []}},
    "a product that wraps to what was sent": {
        "op": "max", "kernel": 2, "input": {"shape": [1 << 32, 1 << 32, 4], "data": [1, 2, 3, 4]}},
    "a negative extent": {"op": "max", "kernel": 2, "input": {"shape": [-2, -2], "data": [1, 2, 3, 4]}},
    "a result from padding": {
        "op": "max", "kernel": 1 << 20, "padding": (1 << 20) - 1, "stride": 1, "padding_mode": "zeros",
        "input": [[1, 2], [3, 4]]},
    "a result from an adaptive size": {
        "op": "max", "region": "adaptive", "output_size": [1 << 30, 1 << 30], "input": [[1, 2], [3, 4]]},
    "a pyramid with many levels": {
        "op": "max", "region": "pyramid", "levels": [1 << 30] * 64, "input": [[[1, 2], [3, 4]]]},
    "segments without end": {
        "op": "max", "region": "segments", "segments": 1 << 62, "segment_ids": [0], "input": [[1.0]]},
    "an unpooled size": {"op": "max", "kernel": 1 << 40, "stride": 1 << 40, "input": [[1, 2], [3, 4]]},
}


@pytest.mark.parametrize("body", BOMBS.values(), ids=BOMBS.keys())
def test_a_small_body_cannot_ask_for_much_memory(serve, body):
    server = serve()
    assert is_well(server)
    before = server.peak_resident_bytes
    assert ask(server.port, "POST", "/v1/forward", json.dumps(body).encode()).status in (400, 413, 422)
    assert server.peak_resident_bytes - before < 32 << 20
    assert is_well(server)


@pytest.mark.parametrize("body", [
    b"[" * 100_000, b'{"a":' * 100_000, b'{"op":"max","kernel":2,"input":' + b"[" * 200_000 + b"]" * 200_000 + b"}",
], ids=["arrays", "objects", "a tensor"])
def test_deep_json_is_rejected(serve, body):
    server = serve()
    assert ask(server.port, "POST", "/v1/forward", body).status == 400
    assert is_well(server)


def test_a_body_that_unpacks_to_much_more_is_rejected(serve):
    server = serve("--max-body", "1MiB")
    assert is_well(server)
    before = server.peak_resident_bytes
    bomb = gzip.compress(bytes(256 << 20), 9)
    response = ask(server.port, "POST", "/v1/forward", bomb, Content_Encoding="gzip")
    assert response.status in (413, 415)
    assert server.peak_resident_bytes - before < 32 << 20
    assert is_well(server)


def test_a_chunked_body_ends_at_the_limit(serve):
    server = serve("--max-body", "64KiB")
    with Connection(server.port) as connection:
        connection.send(message("POST", "/v1/forward", None, Transfer_Encoding="chunked"))
        for _ in range(5):
            connection.send(b"8000\r\n" + b" " * 0x8000 + b"\r\n")
        connection.send(b"0\r\n\r\n")
        assert connection.read().status == 413
    assert is_well(server)


@pytest.mark.parametrize("request_bytes, statuses", [
    (b"GET /healthz?" + b"a" * 40_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", (414, 431)),
    (b"GET /healthz HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 60_000 + b"\r\n\r\n", (431,)),
    (b"GET /healthz HTTP/1.1\r\nHost: a\r\n" + b"X: a\r\n" * 2000 + b"\r\n", (431,)),
], ids=["a long URL", "a long header", "many headers"])
def test_heads_have_limits(serve, request_bytes, statuses):
    server = serve()
    with Connection(server.port) as connection:
        connection.send(request_bytes)
        assert connection.read().status in statuses
    assert is_well(server)


def test_memory_returns_once_a_busy_time_is_over(serve):
    server = serve()
    assert is_well(server)
    idle = server.resident_bytes
    connections = [Connection(server.port, 60) for _ in range(4)]
    for connection in connections:
        connection.send(message("POST", "/v1/forward", pooling(1024, 2, stride=2)))
    assert all(connection.read().status == 200 for connection in connections)
    for connection in connections:
        connection.socket.close()
    eventually(lambda: server.resident_bytes - idle < 16 << 20, timeout=10)
