"""Admission before work: what is rejected is rejected at once, and what watches the service never waits."""

import threading
import time

import pytest

from support.http import Connection, ask, message
from support.metrics import scrape, total
from support.process import eventually
from support.requests import SLOW_OP, SMALL, pooling, slow
from support.waiting import occupy


@pytest.fixture
def occupied(serve):
    """One worker that is busy for some seconds, and one request that waits for it."""
    server = serve("--workers", "1", "--queue-depth", "1", "--metrics-port", "0")
    connections = occupy(server, [slow(1.5)] * 2)
    yield server, connections
    for connection in connections:
        connection.socket.close()


def test_a_full_queue_rejects_at_once_and_says_when_to_come_back(occupied):
    server, waiting = occupied
    began = time.monotonic()
    response = ask(server.port, "POST", "/v1/forward", slow(1.5))
    took = time.monotonic() - began
    assert (response.status, response.json["code"]) == (503, "overloaded")
    assert int(response.headers["retry-after"]) >= 1
    assert took < 1
    assert scrape(server.metrics_port)["pooling_jobs_refused_total"] == 1
    assert [connection.read().status for connection in waiting] == [200, 200]


def test_health_metrics_and_small_requests_do_not_wait_for_the_queue(occupied):
    server, _ = occupied
    for path in ("/healthz", "/readyz"):
        assert ask(server.port, "GET", path, timeout=1).status == 200
    assert ask(server.port, "POST", "/v1/forward", SMALL, timeout=1).status == 200
    assert ask(server.metrics_port, "GET", "/metrics", timeout=1).status == 200


def test_a_request_whose_deadline_passes_in_the_queue_is_not_computed(serve):
    server = serve("--workers", "1")
    first, second = occupy(server, [slow(1)] * 2)
    with first, second:
        response = ask(server.port, "POST", "/v1/forward", slow(1), X_Request_Timeout=100)
        assert (response.status, response.json["code"]) == (504, "deadline_exceeded")
        assert [first.read().status, second.read().status] == [200, 200]
    assert scrape(server.port)[f"pooling_compute_seconds_count{{op=\"{SLOW_OP}\"}}"] == 2


@pytest.mark.parametrize("leave", ["reset", "close"])
def test_nothing_is_computed_for_a_client_that_has_gone(serve, leave):
    server = serve("--workers", "1", "--log-level", "debug")
    first, second, leaving = occupy(server, [slow(2)] * 3)
    with first, second:
        leaving.reset() if leave == "reset" else leaving.socket.close()
        assert [first.read().status, second.read().status] == [200, 200]
    eventually(lambda: scrape(server.port)["http_requests_in_flight"] == 1)
    assert scrape(server.port)[f"pooling_compute_seconds_count{{op=\"{SLOW_OP}\"}}"] == 2


def test_the_memory_budget_rejects_before_the_body_is_read(serve):
    server = serve("--memory-budget", "4MiB", "--metrics-port", "0")
    with Connection(server.port) as holder:
        holder.send(message("POST", "/v1/forward", None, Content_Length=1 << 20) + b" " * ((1 << 20) - 1))
        eventually(lambda: scrape(server.metrics_port)["pooling_memory_reserved_bytes"] >= 3 << 20)
        with Connection(server.port) as other:
            other.send(message("POST", "/v1/forward", None, Content_Length=1 << 20))
            response = other.read()
        assert (response.status, response.json["code"]) == (503, "overloaded")
        assert "retry-after" in response.headers
    eventually(lambda: scrape(server.metrics_port)["pooling_memory_reserved_bytes"] == 0)
    assert scrape(server.metrics_port)["pooling_memory_refused_total"] == 1


def test_what_can_never_fit_the_budget_is_413_and_not_503(serve):
    server = serve("--memory-budget", "1MiB")
    with Connection(server.port) as connection:
        connection.send(message("POST", "/v1/forward", None, Content_Length=10 << 20))
        assert connection.read().status == 413


def test_one_client_over_its_rate_gets_429_and_health_never_does(serve):
    server = serve("--rate-limit", "5/h")
    statuses = [ask(server.port, "POST", "/v1/forward", SMALL).status for _ in range(7)]
    assert statuses == [200] * 5 + [429] * 2
    response = ask(server.port, "POST", "/v1/forward", SMALL)
    assert response.json["code"] == "rate_limited" and int(response.headers["retry-after"]) > 1
    assert ask(server.port, "GET", "/healthz").status == 200
    assert ask(server.port, "GET", "/metrics").status == 200


def test_a_connection_too_many_is_told_so_and_the_metrics_port_still_responds(serve):
    server = serve("--max-connections", "8", "--metrics-port", "0")
    held = [Connection(server.port) for _ in range(8)]
    assert all(connection.request("GET", "/healthz").status == 200 for connection in held)
    with Connection(server.port) as extra:
        response = extra.read()
    assert response.status == 503 and "retry-after" in response.headers
    assert ask(server.metrics_port, "GET", "/healthz").status == 200
    assert scrape(server.metrics_port)["http_connections_refused_total"] == 1
    for connection in held:
        connection.socket.close()
    eventually(lambda: scrape(server.metrics_port)["http_connections_open"] == 0)
    assert ask(server.port, "GET", "/healthz").status == 200


def test_one_client_cannot_take_all_connections(serve):
    server = serve("--max-connections", "8", "--max-connections-per-client", "2")
    held = [Connection(server.port) for _ in range(2)]
    assert all(connection.request("GET", "/healthz").status == 200 for connection in held)
    with Connection(server.port) as extra:
        assert extra.read().status == 503


def test_large_requests_do_not_starve_small_ones(serve):
    server = serve("--workers", "2")
    stop = threading.Event()
    large = pooling(1024, 5, SLOW_OP)

    def keep_busy():
        with Connection(server.port, 60) as connection:
            while not stop.is_set():
                assert connection.request("POST", "/v1/forward", large).status == 200

    threads = [threading.Thread(target=keep_busy) for _ in range(4)]
    for thread in threads:
        thread.start()
    # Light enough for the light lane, and too large to be done where it arrives.
    body, waits = pooling(160, 3), []
    for _ in range(20):
        began = time.monotonic()
        assert ask(server.port, "POST", "/v1/forward", body).status == 200
        waits.append(time.monotonic() - began)
    alone = scrape(server.port)
    stop.set()
    for thread in threads:
        thread.join()
    large_seconds = total(alone, "pooling_compute_seconds_sum", SLOW_OP)
    large_count = total(alone, "pooling_compute_seconds_count", SLOW_OP)
    assert large_count == 0 or sorted(waits)[10] < large_seconds / large_count
