"""What is taken away: room for logs, descriptors, a reader of the log."""

import os
import resource
import signal
import time

from support.http import Connection, ask
from support.metrics import scrape
from support.ports import free_port
from support.process import eventually
from support.requests import SMALL, SMALL_RESPONSE


def responds(port) -> bool:
    try:
        return ask(port, "POST", "/v1/forward", SMALL).json == SMALL_RESPONSE
    except ConnectionError:
        return False


def test_a_full_disk_costs_log_lines_and_nothing_else(serve):
    port = free_port()
    with open("/dev/full", "wb") as full:
        server = serve("--port", str(port), port=None, stderr=full)
    eventually(lambda: responds(port))
    assert all(responds(port) for _ in range(50))
    eventually(lambda: scrape(port)["pooling_log_lines_lost_total"] >= 50)
    server.signal(signal.SIGTERM)
    assert server.exit_code() == 0


def test_a_log_that_nobody_reads_holds_nobody_up(serve):
    reading, writing = os.pipe()
    port = free_port()
    server = serve("--port", str(port), port=None, stderr=writing)
    os.close(writing)
    eventually(lambda: responds(port))
    with Connection(port) as connection:
        for _ in range(6000):
            assert connection.request("POST", "/v1/forward", SMALL).status == 200
    assert server.process.poll() is None
    os.close(reading)
    eventually(lambda: scrape(port)["pooling_log_lines_lost_total"] > 0)
    assert responds(port)


DESCRIPTORS = 80


def take_all_descriptors(serve):
    def limit():
        resource.setrlimit(resource.RLIMIT_NOFILE, (DESCRIPTORS, DESCRIPTORS))

    server = serve(preexec_fn=limit)
    held = [Connection(server.port, 5) for _ in range(DESCRIPTORS + 40)]
    eventually(lambda: server.descriptors == DESCRIPTORS)
    return server, held


def test_without_descriptors_it_drains(serve):
    server, held = take_all_descriptors(serve)
    server.signal(signal.SIGTERM)
    assert server.exit_code() == 0


def test_without_descriptors_it_waits_and_recovers(serve):
    server, held = take_all_descriptors(serve)
    began = server.processor_seconds
    # Waiting for a descriptor must not be a busy loop: nothing happens that could be waited for.
    time.sleep(1)
    assert server.processor_seconds - began < 0.5
    assert server.process.poll() is None
    for connection in held:
        connection.socket.close()
    eventually(lambda: responds(server.port))
    assert scrape(server.port)["process_max_fds"] == DESCRIPTORS
