"""Work under way stops: at its deadline, when its client has gone, at SIGTERM; and nobody small waits behind it."""

import base64
import json
import signal
import time

from metrics import metric
from operations import Connection, Server, ask, eventually, message
from report import Report

#: What stopping, and a machine with other things to do, may take.
ROOM = 0.3
#: Cells along each side of the input.
SIDE = 600
SMALL = json.dumps({"op": "max", "kernel": 2, "input": [[1, 2], [3, 4]]}).encode()


def heavy(kernel: int) -> bytes:
    """A window of `kernel` times `kernel` cells for each cell of the input; in float64 windows share no exponentials."""
    return json.dumps(
        {
            "op": "softmax",
            "dtype": "float64",
            "kernel": kernel,
            "stride": 1,
            "padding": kernel // 2,
            "input": {"shape": [SIDE, SIDE], "b64": base64.b64encode(bytes(8 * SIDE * SIDE)).decode()},
        }
    ).encode()


def _largest(server: Server, report: Report) -> bytes | None:
    """The most that is accepted; also whether its deadline is kept."""
    kernel = 63
    while kernel > 1:
        began = time.monotonic()
        response = ask(server.port, "POST", "/v1/forward", body := heavy(kernel), X_Request_Timeout=200, timeout=10)
        seconds = time.monotonic() - began
        if response.status == 504:
            report.expect(seconds < 0.2 + ROOM, f"X-Request-Timeout: 200 gets its response after {seconds:.2f} s")
            return body
        if response.status == 200:
            report.fail(f"windows of {kernel} times {kernel} cells are computed in {seconds:.2f} s: too little to stop")
            return None
        kernel -= 2
    report.fail("no large work is accepted")
    return None


def _computes(server: Server, count: int = 1):
    """Waits until workers compute one of `count` requests, and the others too or wait for them."""
    eventually(lambda: metric(server, "pooling_workers_busy") > 0 and _taken(server) >= count)


def _taken(server: Server) -> float:
    return metric(server, "pooling_workers_busy") + metric(server, "pooling_queue_depth")


def _stops(server: Server, report: Report, name: str):
    # What must not happen is measured for a while, from the end of the time that stopping may take.
    time.sleep(ROOM)
    before = server.processor_seconds
    time.sleep(0.5)
    spent = server.processor_seconds - before
    report.expect(spent < 0.1, f"{name}: still {spent / 0.5:.0%} of a core")


def _gone(server, body, report, how):
    with Connection(server.port) as connection:
        connection.send(message("POST", "/v1/forward", body))
        _computes(server)
        connection.reset() if how == "reset" else connection.socket.close()
        _stops(server, report, f"a client that is gone by {how}")


def _lane(server, body, report):
    """Heavy requests in as many large bodies as there are ways to hide in; a small one next to them."""
    connections = [Connection(server.port) for _ in range(4)]
    for connection in connections:
        connection.send(message("POST", "/v1/forward", body + b" " * (70 << 10), X_Request_Timeout=3000))
    _computes(server, len(connections))
    for name, small in (("small", SMALL), ("of 200 KB", SMALL + b" " * 200_000)):
        began = time.monotonic()
        status = ask(server.port, "POST", "/v1/forward", small).status
        seconds = time.monotonic() - began
        report.expect(
            status == 200 and seconds < ROOM, f"during heavy work, a request {name}: {status} after {seconds:.2f} s"
        )
    for connection in connections:
        connection.socket.close()
    _stops(server, report, "heavy requests in large bodies")


def run(report: Report):
    with Server("--log-sample", "0", "--drain-timeout", "200ms") as server:
        try:
            body = _largest(server, report)
        except (TimeoutError, ConnectionError) as error:
            return report.fail(f"X-Request-Timeout: 200 is not kept: {error}")
        if body is None:
            return
        _stops(server, report, "a deadline that has passed")
        for how in ("close", "reset"):
            _gone(server, body, report, how)
        _lane(server, body, report)
        with Connection(server.port) as connection:
            connection.send(message("POST", "/v1/forward", body))
            _computes(server)
            began = time.monotonic()
            server.signal(signal.SIGTERM)
            try:
                code = server.exit_code(5)
            except Exception:
                return report.fail("SIGTERM while computing: still running 5 s later")
            report.expect(code == 1, f"SIGTERM while computing: exit code {code}; work that was stopped is 1")
            report.expect(
                time.monotonic() - began < 1.5 + ROOM, f"SIGTERM while computing: {time.monotonic() - began:.1f} s"
            )
