"""`make soak`: valid, invalid and hostile traffic for MINUTES; memory, descriptors and responses are watched."""

import json
import os
import random
import sys
import threading
import time

from support.http import Connection, ask, message
from support.metrics import scrape, total
from support.process import Server, eventually
from support.requests import SMALL, SMALL_RESPONSE, pooling

MINUTES = float(os.environ.get("MINUTES", "10"))
FLAGS = (
    "--metrics-port", "0", "--log-sample", "0.001", "--memory-budget", "256MiB", "--max-body", "16MiB",
    "--header-timeout", "2s", "--body-timeout", "2s", "--response-timeout", "5s", "--idle-timeout", "5s",
    "--queue-depth", "32")
#: In addition to the budget: the process itself, connections, and what the C library keeps.
ROOM = 128 << 20

BODIES = [SMALL, pooling(64, 3), pooling(256, 3, "avg"), pooling(512, 5, "median"), pooling(1024, 2)]
INVALID = [b"", b"{", b"[" * 5000, b'{"op":"max"}', b'{"op":"nothing","input":[1]}', b"\xff" * 1000,
           json.dumps({"op": "max", "kernel": 9, "input": [[1]]}).encode(),
           json.dumps({"op": "max", "kernel": 2, "input": {"shape": [1 << 40, 1 << 40], "data": []}}).encode()]


class Failures:
    def __init__(self):
        self.texts: list[str] = []

    def expect(self, condition, text):
        if not condition:
            self.texts.append(text)


def valid(port, failures, pick):
    with Connection(port, 60) as connection:
        for _ in range(20):
            status = connection.request("POST", "/v1/forward", body := pick.choice(BODIES)).status
            failures.expect(status in (200, 503), f"{status} for a valid body of {len(body)} bytes")
            if status == 503:
                return


def invalid(port, failures, pick):
    body = pick.choice(INVALID)
    status = ask(port, "POST", "/v1/forward", body).status
    failures.expect(400 <= status < 500 or status == 503, f"{status} for an invalid body")


def reset(port, failures, pick):
    body = pick.choice(BODIES)
    connection = Connection(port)
    connection.send(message("POST", "/v1/forward", body)[:pick.randrange(40, len(body) + 100)])
    connection.reset()


def trickle(port, failures, pick):
    with Connection(port) as connection:
        connection.send(pick.choice([b"GET /", message("POST", "/v1/forward", None, Content_Length=100)]))
        for _ in range(20):
            time.sleep(0.2)
            connection.send(b" ")


def garbage(port, failures, pick):
    with Connection(port, 5) as connection:
        connection.send(pick.randbytes(pick.randrange(1, 4000)) + b"\r\n\r\n")
        connection.socket.recv(4096)


def smuggle(port, failures, pick):
    with Connection(port, 5) as connection:
        head = pick.choice([
            "Content-Length: 4\r\nTransfer-Encoding: chunked", "Content-Length: 4\r\nContent-Length: 5",
            "Content-Length : 4", "Transfer-Encoding: xchunked", "X: a\r\n b"])
        connection.send(f"POST /v1/forward HTTP/1.1\r\nHost: a\r\n{head}\r\n\r\n0\r\n\r\n".encode())
        failures.expect(connection.read().status in (400, 501), f"accepted: {head!r}")


KINDS = [valid] * 6 + [invalid, reset, trickle, garbage, smuggle]


def client(port, kind, seed, failures, stop):
    pick = random.Random(seed)
    while not stop.is_set():
        try:
            kind(port, failures, pick)
        except (ConnectionError, TimeoutError):
            # The server may hang up on whoever misbehaves, and on a body that it rejects.
            pass


def watch(server, failures, idle, started):
    samples = scrape(server.metrics_port)
    began = time.monotonic()
    failures.expect(ask(server.metrics_port, "GET", "/healthz", timeout=2).status == 200, "not alive")
    failures.expect(ask(server.port, "GET", "/readyz", timeout=5).status == 200, "not ready")
    failures.expect(server.resident_bytes < (256 << 20) + idle + ROOM, f"{server.resident_bytes >> 20} MiB resident")
    failures.expect(server.descriptors < 300, f"{server.descriptors} descriptors")
    errors = total(samples, "http_request_duration_seconds_count", 'code="500"')
    failures.expect(errors == 0, f"{errors} responses with 500")
    print(
        f"{time.monotonic() - started:6.0f} s  {total(samples, 'http_request_duration_seconds_count'):9.0f} requests"
        f"  {server.resident_bytes >> 20:4} MiB  {server.descriptors:4} descriptors"
        f"  health in {(time.monotonic() - began) * 1e3:5.1f} ms  {len(failures.texts)} failures", flush=True)


def main() -> int:
    failures, stop, seed = Failures(), threading.Event(), int(os.environ.get("SEED", "1"))
    with Server(*FLAGS) as server:
        assert ask(server.port, "POST", "/v1/forward", SMALL).json == SMALL_RESPONSE
        idle, descriptors = server.resident_bytes, server.descriptors
        threads = [
            threading.Thread(target=client, args=(server.port, kind, f"{seed} {number}", failures, stop))
            for number, kind in enumerate(KINDS)]
        for thread in threads:
            thread.start()
        started = time.monotonic()
        while time.monotonic() - started < MINUTES * 60 and server.process.poll() is None and not failures.texts[20:]:
            time.sleep(min(10, MINUTES * 15))
            watch(server, failures, idle, started)
        stop.set()
        for thread in threads:
            thread.join()
        failures.expect(ask(server.port, "POST", "/v1/forward", SMALL).json == SMALL_RESPONSE, "a wrong response")
        eventually(lambda: scrape(server.metrics_port)["pooling_memory_reserved_bytes"] == 0)
        eventually(lambda: server.descriptors <= descriptors + 4)
        eventually(lambda: server.resident_bytes < idle + (32 << 20), timeout=15)
        print(f"idle again: {server.resident_bytes >> 20} MiB, {server.descriptors} descriptors", flush=True)
        server.process.terminate()
        failures.expect(server.exit_code() == 0, "the exit code is not 0")
    for text in failures.texts[:20]:
        print("FAILED:", text)
    return 1 if failures.texts else 0


if __name__ == "__main__":
    sys.exit(main())
