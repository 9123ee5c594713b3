"""SIGTERM loses nothing: not ready first, then closed to newcomers, then done, then gone."""

import signal
import subprocess
import time

import pytest

from support.http import Connection, ask
from support.metrics import scrape
from support.process import binary, eventually
from support.requests import SMALL, slow
from support.waiting import occupy


def test_requests_in_work_and_in_the_queue_are_finished(serve):
    server = serve("--workers", "1", "--metrics-port", "0")
    accepted = occupy(server, [slow(0.7)] * 3)
    server.signal(signal.SIGTERM)
    responses = [connection.read() for connection in accepted]
    assert [response.status for response in responses] == [200, 200, 200]
    assert all(response.headers["connection"] == "close" for response in responses)
    assert server.exit_code() == 0


def test_readiness_turns_at_once_and_new_requests_are_served_during_the_delay(serve):
    server = serve("--drain-delay", "2s", "--metrics-port", "0")
    assert ask(server.port, "GET", "/readyz").status == 200
    server.signal(signal.SIGTERM)
    eventually(lambda: ask(server.port, "GET", "/readyz").status == 503, timeout=1)
    assert ask(server.metrics_port, "GET", "/readyz").status == 503
    assert ask(server.port, "GET", "/healthz").status == 200
    response = ask(server.port, "POST", "/v1/forward", SMALL)
    assert (response.status, response.headers["connection"]) == (200, "close")
    assert scrape(server.metrics_port)["pooling_draining"] == 1
    assert server.exit_code() == 0
    with pytest.raises(ConnectionError):
        ask(server.port, "GET", "/healthz")


def test_newcomers_are_rejected_while_the_rest_is_finished(serve):
    server = serve("--workers", "1", "--metrics-port", "0")
    accepted = occupy(server, [slow(1)] * 2)
    server.signal(signal.SIGTERM)

    def is_rejected():
        try:
            ask(server.port, "GET", "/healthz")
        except ConnectionError:
            return True

    eventually(is_rejected, timeout=1)
    assert [connection.read().status for connection in accepted] == [200, 200]
    assert server.exit_code() == 0


def test_the_drain_timeout_ends_the_wait_and_shows_in_the_exit_code(serve):
    server = serve("--workers", "1", "--drain-timeout", "500ms", "--metrics-port", "0")
    accepted = occupy(server, [slow(1)] * 3)
    began = time.monotonic()
    server.signal(signal.SIGTERM)
    assert [connection.read().status for connection in accepted[1:]] == [503, 503]
    assert server.exit_code() == 1
    # The worker that had begun is not waited for beyond the patience of the HTTP layer.
    assert time.monotonic() - began < 8


def test_a_second_signal_ends_it_at_once(serve):
    server = serve("--workers", "1", "--metrics-port", "0")
    held = occupy(server, [slow(2)] * 3)
    server.signal(signal.SIGTERM)
    eventually(lambda: "draining" in server.log)
    server.signal(signal.SIGTERM)
    assert server.exit_code(1) == 1
    assert all(connection.is_closed() for connection in held)


def test_an_idle_kept_alive_connection_does_not_hold_the_exit_up(serve):
    server = serve()
    with Connection(server.port) as connection:
        assert connection.request("GET", "/healthz").status == 200
        server.signal(signal.SIGTERM)
        assert server.exit_code(2) == 0
        assert connection.is_closed()


def test_a_signal_counts_however_early_it_comes():
    """One that comes while the server starts, or just after, ends it: each step of the start is met by some delay."""
    for milliseconds in range(60):
        process = subprocess.Popen([binary(), "--port", "0"], stderr=subprocess.DEVNULL)
        try:
            time.sleep(milliseconds / 1e3)
            process.send_signal(signal.SIGTERM)
            assert process.wait(20) in (0, -signal.SIGTERM)
        finally:
            process.kill()
            process.wait()


def test_a_signal_that_was_ignored_before_the_start_counts(serve):
    server = serve(preexec_fn=lambda: signal.signal(signal.SIGTERM, signal.SIG_IGN))
    server.signal(signal.SIGTERM)
    assert server.exit_code() == 0
