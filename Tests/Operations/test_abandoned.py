"""Uploads and downloads that are given up, in all their orders: others are served, and the memory comes back."""

import socket
import time

import pytest

from support.http import Connection, ask, message
from support.metrics import scrape, total
from support.process import eventually
from support.requests import SMALL, SMALL_RESPONSE, pooling, slow
from support.waiting import is_read

#: The time within which everything below is over, and what is left of it after a slow start.
TIMEOUT = 4.0
DEADLINES = ("--header-timeout", "4s", "--body-timeout", "4s", "--response-timeout", "2s", "--metrics-port", "0")
LARGE = 60 << 20
#: Of these, 31 and more would fill a budget that reserves announced sizes.
MANY = 41

CHUNKED = message("POST", "/v1/forward", None, Transfer_Encoding="chunked")
ANNOUNCED = message("POST", "/v1/forward", None, Content_Length=LARGE)

UPLOADS = {
    "nothing": b"",
    "half a request line": b"POST /v1/for",
    "half a head": ANNOUNCED[:-4],
    "a head": ANNOUNCED,
    "a head and a byte": ANNOUNCED + b"[",
    "a head and many bytes": ANNOUNCED + b" " * 300_000,
    "a chunked head": CHUNKED,
    "half a chunk size": CHUNKED + b"100",
    "half a chunk": CHUNKED + b"1000\r\n" + b" " * 100,
    "a chunk and no end": CHUNKED + b"10\r\n" + b" " * 16 + b"\r\n",
    "a body for nobody": message("GET", "/healthz", None, Content_Length=LARGE) + b" " * 1000,
}


def close(connection):
    connection.socket.close()


def reset(connection):
    connection.reset()


def stop_sending(connection):
    connection.socket.shutdown(socket.SHUT_WR)


def later(leave):
    """The same, but the server has read what came before."""

    def leave_later(connection):
        eventually(lambda: is_read(connection))
        leave(connection)

    return leave_later


WAYS = {
    "close": close, "reset": reset, "half-close": stop_sending,
    "close later": later(close), "reset later": later(reset), "half-close later": later(stop_sending),
}


def reserved(server) -> float:
    return scrape(server.metrics_port)["pooling_memory_reserved_bytes"]


def is_idle(server) -> bool:
    """Nothing is reserved, no request is under way but the scrape, and no connection is open."""
    samples = scrape(server.metrics_port)
    return (
        samples["pooling_memory_reserved_bytes"] == 0 and samples["http_requests_in_flight"] == 1
        and samples["http_connections_open"] == 0)


def is_well(server) -> bool:
    return ask(server.port, "POST", "/v1/forward", SMALL, timeout=2).json == SMALL_RESPONSE


@pytest.fixture(scope="module")
def server():
    from support.process import Server

    with Server(*DEADLINES) as running:
        yield running


@pytest.mark.parametrize("leave", WAYS.values(), ids=WAYS.keys())
@pytest.mark.parametrize("sent", UPLOADS.values(), ids=UPLOADS.keys())
def test_an_upload_that_is_given_up_leaves_nothing_behind(server, sent, leave):
    connections = []
    for _ in range(8):
        connections.append(Connection(server.port))
        connections[-1].send(sent)
        leave(connections[-1])
    assert is_well(server)
    # Far within the timeout: the end is noticed, it does not have to run out.
    eventually(lambda: is_idle(server), timeout=TIMEOUT / 2)
    for connection in connections:
        connection.socket.close()


def test_many_uploads_that_are_given_up_do_not_stop_others(server):
    for _ in range(MANY):
        connection = Connection(server.port)
        connection.send(ANNOUNCED + b"[")
        connection.socket.close()
    assert is_well(server)
    assert ask(server.port, "GET", "/readyz").status == 200
    eventually(lambda: is_idle(server), timeout=TIMEOUT / 2)


def test_many_silent_uploads_do_not_stop_others_and_end_within_the_timeout(server):
    began = time.monotonic()
    connections = [Connection(server.port) for _ in range(MANY)]
    for connection in connections:
        connection.send(ANNOUNCED + b"[")
    assert is_well(server)
    assert reserved(server) < MANY << 20
    assert all(connection.read().status == 408 for connection in connections)
    eventually(lambda: is_idle(server), timeout=TIMEOUT)
    assert time.monotonic() - began < 2 * TIMEOUT


def test_a_body_takes_memory_as_it_arrives(server):
    with Connection(server.port) as connection:
        connection.send(ANNOUNCED)
        before = reserved(server)
        connection.send(b" " * 1000)
        eventually(lambda: 0 < reserved(server) - before < 1 << 20)
        connection.send(b" " * (5 << 20))
        eventually(lambda: 15 << 20 < reserved(server) - before <= 3 * LARGE)
    eventually(lambda: is_idle(server), timeout=TIMEOUT / 2)


def test_a_full_body_whose_client_leaves_before_the_response(server):
    for leave in (close, reset):
        connection = Connection(server.port)
        connection.send(message("POST", "/v1/forward", slow(0.5)))
        eventually(lambda: scrape(server.metrics_port)["pooling_workers_busy"] == 1)
        leave(connection)
        assert is_well(server)
        eventually(lambda: is_idle(server), timeout=30)


@pytest.mark.parametrize("leave", [close, reset], ids=["close", "reset"])
@pytest.mark.parametrize("read", [0, 1000, 300_000])
def test_a_download_that_is_given_up_leaves_nothing_behind(server, read, leave):
    connection = Connection(server.port)
    connection.send(message("POST", "/v1/forward", pooling(1500, 2)))
    # The response is under way: it is larger than what the kernel holds.
    connection.socket.recv(1, socket.MSG_PEEK)
    while read > 0:
        read -= len(connection.socket.recv(min(read, 1 << 16)))
    assert reserved(server) > 0
    leave(connection)
    eventually(lambda: is_idle(server), timeout=TIMEOUT / 2)


def test_a_download_that_nobody_reads_ends_within_twice_the_timeout(server):
    before = total(scrape(server.metrics_port), "http_connections_expired_total", "response")
    with Connection(server.port) as connection:
        connection.send(message("POST", "/v1/forward", pooling(1500, 2)))
        eventually(lambda: is_idle(server), timeout=30)
    assert total(scrape(server.metrics_port), "http_connections_expired_total", "response") == before + 1


def test_a_client_that_only_stops_sending_gets_its_response(server):
    with Connection(server.port) as connection:
        # Work on a larger one is stopped after a tenth of a second, because such a client has mostly gone.
        connection.send(message("POST", "/v1/forward", pooling(8, 2)))
        connection.socket.shutdown(socket.SHUT_WR)
        assert connection.read().status == 200


def test_a_body_at_the_minimum_rate_arrives_however_long_it_takes(serve):
    server = serve("--body-timeout", "500ms", "--min-rate", "64KiB")
    body = pooling(128, 2)
    with Connection(server.port) as connection:
        connection.send(message("POST", "/v1/forward", None, Content_Length=len(body)))
        began, step = time.monotonic(), 4096
        for start in range(0, len(body), step):
            connection.send(body[start:start + step])
            # A client that is slow, but no slower than the minimum.
            time.sleep(max(0.0, (start + step) / (70 << 10) - (time.monotonic() - began)))
        assert connection.read().status == 200
        assert time.monotonic() - began > 1


def test_a_body_below_the_minimum_rate_is_cut_off_whatever_was_announced(serve):
    server = serve("--body-timeout", "500ms", "--min-rate", "1MiB")
    with Connection(server.port) as connection:
        connection.send(ANNOUNCED)
        began = time.monotonic()
        connection.socket.settimeout(0.05)
        while time.monotonic() - began < 10:
            try:
                connection.send(b" " * 2000)
                if connection.socket.recv(4096):
                    break
            except TimeoutError:
                continue
            except ConnectionError:
                break
        assert time.monotonic() - began < 3


def test_a_burst_does_not_buy_silence(serve):
    server = serve("--body-timeout", "500ms", "--min-rate", "1KiB", "--metrics-port", "0")
    with Connection(server.port) as connection:
        connection.send(ANNOUNCED + b" " * (8 << 20))
        began = time.monotonic()
        assert connection.read().status == 408
        assert time.monotonic() - began < 3


def test_a_body_that_finds_no_room_gets_503_and_can_still_be_sent(serve):
    server = serve("--memory-budget", "16MiB", "--metrics-port", "0")
    with Connection(server.port) as holder, Connection(server.port) as other:
        for connection in (holder, other):
            connection.send(message("POST", "/v1/forward", None, Content_Length=2 << 20))
            connection.send(b" " * 1000)
        holder.send(b" " * 1_300_000)
        eventually(lambda: reserved(server) > 4 << 20)
        other.send(b" " * ((2 << 20) - 1000))
        response = other.read()
        assert (response.status, response.json["code"]) == (503, "overloaded")
        assert int(response.headers["retry-after"]) >= 1
        assert response.headers["x-request-id"] == response.json["request_id"]
    eventually(lambda: reserved(server) == 0)


def test_one_client_gets_a_share_of_the_memory_for_bodies(serve, tmp_path):
    keys = tmp_path / "keys"
    keys.write_text("one\ntwo\n")
    server = serve(
        "--memory-budget", "48MiB", "--max-body", "2MiB", "--api-key-file", str(keys), "--metrics-port", "0")

    def upload(key):
        connection = Connection(server.port)
        connection.send(message("POST", "/v1/forward", None, Content_Length=2 << 20, X_API_Key=key))
        connection.send(b" " * ((2 << 20) - 1))
        return connection

    # 6 MiB each, where bodies get 24 MiB and one client 12 MiB.
    held = [upload("one"), upload("one")]
    eventually(lambda: reserved(server) == 12 << 20)
    rejected = upload("one")
    assert rejected.read().status == 503
    held.append(upload("two"))
    eventually(lambda: reserved(server) == 18 << 20)
    for connection in [*held, rejected]:
        connection.socket.close()
    eventually(lambda: reserved(server) == 0)
    assert ask(server.port, "POST", "/v1/forward", SMALL, X_API_Key="one").status == 200


def test_readiness_says_so_while_there_is_no_memory(serve):
    server = serve("--memory-budget", "8MiB", "--metrics-port", "0")
    with Connection(server.port) as holder:
        holder.send(message("POST", "/v1/forward", None, Content_Length=2 << 20) + b" " * 1_300_000)
        eventually(lambda: reserved(server) > 4 << 20)
        assert ask(server.port, "POST", "/v1/forward", SMALL).status == 503
        # For a moment it is a peak like others.
        assert ask(server.port, "GET", "/readyz").status == 200
        eventually(lambda: ask(server.metrics_port, "GET", "/readyz").status == 503, timeout=4)
        assert ask(server.port, "GET", "/v2/health/ready").status == 503
        assert ask(server.port, "GET", "/healthz").status == 200
    eventually(lambda: ask(server.port, "GET", "/readyz").status == 200)


@pytest.mark.parametrize("method, path, status", [
    ("GET", "/healthz", 200), ("GET", "/metrics", 200), ("HEAD", "/readyz", 200), ("GET", "/nowhere", 404),
    ("PUT", "/v1/forward", 405), ("GET", "/openapi.yaml", 200)])
def test_a_body_for_nobody_is_not_received(serve, method, path, status):
    server = serve()
    assert is_well(server)
    before = server.peak_resident_bytes
    with Connection(server.port) as connection:
        connection.send(message(method, path, None, Content_Length=LARGE))
        try:
            connection.send(b" " * LARGE)
        except ConnectionError:
            pass
        assert connection.read(has_body=method != "HEAD").status == status
    assert server.peak_resident_bytes - before < 8 << 20
