"""Work is bounded, stops when nobody waits for it any more, and is never in the way of small requests."""

import gzip
import json
import select
import signal
import time

import pytest

from support.http import Connection, ask, message
from support.metrics import scrape
from support.process import eventually
from support.requests import SMALL, SMALL_RESPONSE, pooling


def long(outputs: int = 2800) -> bytes:
    """A request of a few kilobytes that computes for seconds: windows of 262,144 cells over zeros."""
    return json.dumps({
        "op": "softmax", "kernel": 1 << 18, "padding": 1 << 17, "padding_mode": "zeros", "stride": 1,
        "input": [1] * (outputs - 1),
    }).encode()


def start(server, body: bytes = long(), **headers) -> Connection:
    """Sends a request and waits until a worker has it."""
    connection = Connection(server.port, 60)
    connection.send(message("POST", "/v1/forward", body, **headers))
    eventually(lambda: scrape(server.port)["pooling_workers_busy"] == 1)
    return connection


def has_response(connection) -> bool:
    return bool(select.select([connection.socket], [], [], 0)[0])


def is_idle(server) -> bool:
    samples = scrape(server.port)
    return samples["pooling_workers_busy"] == 0 and samples["pooling_memory_reserved_bytes"] == 0


@pytest.mark.parametrize("disguise", ["gzip", "spaces"])
def test_a_heavy_request_that_looks_light_does_not_hold_up_light_ones(serve, disguise):
    server = serve("--workers", "1")
    if disguise == "gzip":
        heavy = start(server, gzip.compress(long()), Content_Encoding="gzip")
    else:
        heavy = start(server, b" " * 70_000 + long())
    with heavy:
        # Light enough for the light lane, and too large to be done where it arrives.
        assert ask(server.port, "POST", "/v1/forward", pooling(160, 3)).status == 200
        assert ask(server.port, "POST", "/v1/forward", SMALL).json == SMALL_RESPONSE
        assert not has_response(heavy)
        heavy.reset()


def test_a_request_whose_deadline_passes_in_the_queue_is_told_so_before_its_turn(serve):
    server = serve("--workers", "1")
    with start(server) as first:
        response = ask(server.port, "POST", "/v1/forward", long(), X_Request_Timeout=200)
        assert (response.status, response.json["code"]) == (504, "deadline_exceeded")
        assert not has_response(first)
        assert scrape(server.port)["pooling_queue_depth"] == 0
        first.reset()


@pytest.mark.parametrize("leave", ["reset", "close"])
def test_a_client_that_leaves_the_queue_gives_its_place_back_before_its_turn(serve, leave):
    server = serve("--workers", "1")
    with start(server) as first:
        second = Connection(server.port)
        second.send(message("POST", "/v1/forward", long()))
        eventually(lambda: scrape(server.port)["pooling_queue_depth"] == 1)
        second.reset() if leave == "reset" else second.socket.close()
        eventually(lambda: scrape(server.port)["pooling_queue_depth"] == 0)
        assert not has_response(first)
        first.reset()


def test_a_computation_stops_at_its_deadline(serve):
    server = serve("--workers", "1")
    with start(server, X_Request_Timeout=300) as connection:
        response = connection.read()
    assert (response.status, response.json["code"]) == (504, "deadline_exceeded")
    eventually(lambda: is_idle(server), timeout=5)
    assert scrape(server.port)['pooling_work_stopped_total{cause="deadline"}'] == 1


def test_the_server_s_own_timeout_stops_a_computation(serve):
    server = serve("--workers", "1", "--request-timeout", "300ms")
    assert ask(server.port, "POST", "/v1/forward", long()).status == 504
    eventually(lambda: is_idle(server), timeout=5)


@pytest.mark.parametrize("leave", ["reset", "close"])
def test_a_computation_stops_when_its_client_leaves(serve, leave):
    server = serve("--workers", "1")
    connection = start(server)
    connection.reset() if leave == "reset" else connection.socket.close()
    eventually(lambda: is_idle(server), timeout=5)
    assert scrape(server.port)['pooling_work_stopped_total{cause="client"}'] == 1


def test_reading_stops_at_its_deadline(serve):
    server = serve("--workers", "1")
    body = b'{"op":"max","kernel":1,"input":[' + b"1e0," * (12 << 20) + b"1]}"
    response = ask(server.port, "POST", "/v1/forward", gzip.compress(body, 1), timeout=60,
                 Content_Encoding="gzip", X_Request_Timeout=60)
    assert response.status == 504
    eventually(lambda: is_idle(server), timeout=5)


def test_the_end_of_the_drain_timeout_stops_what_is_under_way(serve):
    server = serve("--workers", "1", "--drain-timeout", "300ms")
    with start(server) as connection:
        began = time.monotonic()
        server.signal(signal.SIGTERM)
        response = connection.read()
        assert (response.status, response.json["code"]) == (503, "draining")
        assert server.exit_code() == 1
        assert time.monotonic() - began < 3


def test_work_over_the_limit_is_rejected_before_any_is_done(serve):
    server = serve("--max-work", "1000000")
    response = ask(server.port, "POST", "/v1/forward", long())
    assert (response.status, response.json["code"]) == (413, "too_large")
    assert ask(server.port, "POST", "/v1/forward", SMALL).json == SMALL_RESPONSE
    assert ask(server.port, "GET", "/v1/operations").json["limits"]["max_work"] == 1_000_000
