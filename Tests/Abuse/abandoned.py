"""Uploads, downloads and heads that are given up, in all their orders: what was reserved for them comes back."""

import contextlib
import itertools
import json
import time

from metrics import metric
from operations import Connection, Server, ask, message
from report import Report

BODY_TIMEOUT = 2.0
#: At such a rate what a socket holds earns no time.
FLAGS = (
    "--metrics-port 0 --log-sample 0 --memory-budget 512MiB --min-rate 16MiB --header-timeout 2s --body-timeout 2s "
    "--response-timeout 2s --idle-timeout 2s"
).split()
MOST = 64 << 20
SMALL = json.dumps({"op": "max", "kernel": 2, "input": [[1, 2], [3, 4]]}).encode()
LARGE = json.dumps(
    {"op": "max", "region": "adaptive", "output_size": [4_000_000], "response_form": "b64", "input": [1]}
).encode()
#: More than the budget could hold at its full size.
CLIENTS = 41

HEADS = {
    "64 MiB announced": message("POST", "/v1/forward", None, Content_Length=MOST),
    "chunked": message("POST", "/v1/forward", None, Transfer_Encoding="chunked"),
    "expects 100": message("POST", "/v1/forward", None, Content_Length=MOST, Expect="100-continue"),
    "gzip": message("POST", "/v1/forward", None, Content_Length=MOST, Content_Encoding="gzip"),
    "png": message("POST", "/v1/forward?op=max&kernel=2", None, Content_Length=MOST, Content_Type="image/png"),
}
SENT = {"nothing": b"", "a byte": b"1", "a chunk": b"1\r\n{\r\n", "64 KiB": b"10000\r\n" + b" " * 65536}
ENDS = ("close", "half-close", "reset")


def _end(connection: Connection, how: str):
    if how == "close":
        connection.socket.close()
    elif how == "reset":
        connection.reset()
    elif how == "half-close":
        connection.socket.shutdown(1)


def _comes_back(server: Server, report: Report, name: str, within: float):
    end = time.monotonic() + within
    while (left := metric(server, "pooling_memory_reserved_bytes")) > 0:
        if time.monotonic() > end:
            return report.fail(f"{name}: {left:.0f} bytes are still reserved after {within:.1f} s")
        time.sleep(0.05)


def _is_well(server: Server, report: Report, name: str):
    began = time.monotonic()
    status = ask(server.port, "POST", "/v1/forward", SMALL).status
    seconds = time.monotonic() - began
    report.expect(status == 200, f"{name}: a small request gets {status}")
    report.expect(seconds < 1, f"{name}: a small request takes {seconds:.1f} s")


def _uploads(server: Server, report: Report):
    """Those that end give all back at once, in whatever way they end; those that are silent when their time is over."""
    for (head_name, head), (sent_name, sent) in itertools.product(HEADS.items(), SENT.items()):
        name = f"{CLIENTS} uploads, {head_name}, {sent_name}, then {', '.join(ENDS)} in turn"
        _give_up(server, report, name, [head + sent] * CLIENTS, ENDS)
    for sent_name, sent in SENT.items():
        messages = [head + sent for head in HEADS.values()] * (CLIENTS // len(HEADS))
        _give_up(
            server, report, f"{len(messages)} uploads of all kinds, {sent_name}, then silence", messages, ("silence",)
        )


def _give_up(server: Server, report: Report, name: str, messages: list[bytes], ends):
    with contextlib.ExitStack() as stack:
        for sent, how in zip(messages, itertools.cycle(ends)):
            connection = stack.enter_context(Connection(server.port))
            # A server that has already said no may have closed.
            with contextlib.suppress(OSError):
                connection.send(sent)
                _end(connection, how)
        _is_well(server, report, name)
        _comes_back(server, report, name, BODY_TIMEOUT + 1.5 if ends == ("silence",) else 1)


def _heads(server: Server, report: Report):
    whole = message("POST", "/v1/forward", SMALL)
    for length, how in itertools.product((1, 10, 40, len(whole) - len(SMALL) - 1, len(whole) - 1), ENDS):
        name = f"{length} bytes of a request, then {how}"
        for _ in range(CLIENTS):
            with Connection(server.port) as connection:
                connection.send(whole[:length])
                _end(connection, how)
        _is_well(server, report, name)
        _comes_back(server, report, name, 1)


def _downloads(server: Server, report: Report):
    for reads, how in itertools.product((0, 1, 100_000), (*ENDS, "silence")):
        name = f"a download after {reads} bytes, then {how}"
        with contextlib.ExitStack() as stack:
            for _ in range(4):
                connection = stack.enter_context(Connection(server.port))
                connection.send(message("POST", "/v1/forward", LARGE))
                if reads:
                    connection.socket.recv(reads)
                _end(connection, how)
            _is_well(server, report, name)
            # A client that has only closed its own side still reads.
            _comes_back(server, report, name, 4.5 if how in ("silence", "half-close") else 1.5)


def run(report: Report):
    for part in (_heads, _uploads, _downloads):
        with Server(*FLAGS) as server:
            _is_well(server, report, "the first request")
            part(server, report)
            report.expect(server.process.poll() is None, f"{part.__name__}: the process has ended")
