"""The figures of docs/operations.md: `make measure`, or one of them: `measure.py overload | scale | idle`.

The server computes on one processor, the load comes from the other, where the machine has two.
"""

import os
import statistics
import sys
import tempfile
import pathlib

from support.http import message
from support.load import closed_loop, open_loop
from support.metrics import scrape
from support.process import Server, eventually
from support.requests import pooling

#: A few milliseconds of one worker, so that the load generator can send several times what the server can do.
MESSAGE = message("POST", "/v1/forward", pooling(128, 7, "median"))
SECONDS = float(os.environ.get("SECONDS", "5"))


def pinned(processor: int) -> list[str]:
    return ["taskset", "-c", str(processor)] if (os.cpu_count() or 1) > 1 else []


def overload():
    """Goodput at one, two, three and five times the peak; how fast rejections are; memory."""
    flags = ["--workers", "1", "--io-threads", "1", "--queue-depth", "64", "--memory-budget", "256MiB"]
    with Server(*flags, quiet=True, prefix=pinned(0)) as server:
        if pinned(1):
            os.sched_setaffinity(0, {1})
        closed_loop(server.port, [MESSAGE], 4, 1)
        peaks = [closed_loop(server.port, [MESSAGE], 8, SECONDS).goodput for _ in range(3)]
        peak = statistics.median(peaks)
        print(f"peak: {peak:.0f} a second (of {', '.join(f'{value:.0f}' for value in peaks)})")
        print("load  offered/s  goodput/s  of peak  rejected/s  rejection p50, p99 ms  response p99 ms  RSS MiB")
        for factor in (1, 2, 3, 5, 1):
            run = open_loop(server.port, [MESSAGE], factor * peak, SECONDS)
            print(
                f"{factor:>3}x {factor * peak:>10.0f} {run.goodput:>10.0f} {run.goodput / peak:>8.0%}"
                f" {run.statuses[503] / run.seconds:>10.0f} {run.percentile(503, 0.5) * 1e3:>12.1f},"
                f" {run.percentile(503, 0.99) * 1e3:.1f} {run.percentile(200, 0.99) * 1e3:>15.0f}"
                f" {server.resident_bytes >> 20:>8}")
            others = {status: count for status, count in run.statuses.items() if status not in (200, 503)}
            if others:
                print("      also:", others)


def memory():
    """Resident memory against the budget, with more large requests than fit it; and afterwards."""
    large = message("POST", "/v1/forward", pooling(1024, 2))
    for budget in (64, 128, 256):
        with Server("--memory-budget", f"{budget}MiB", quiet=True) as server:
            closed_loop(server.port, [MESSAGE], 1, 0.2)
            idle = server.resident_bytes
            run = closed_loop(server.port, [large], 32, SECONDS)
            peak = server.peak_resident_bytes - idle
            eventually(lambda: server.resident_bytes - idle < 8 << 20, timeout=30)
            print(
                f"budget {budget} MiB: idle {idle >> 20}, at most {peak >> 20} MiB above it, afterwards"
                f" {server.resident_bytes >> 20}; {run.statuses[200]} served, {run.statuses[503]} rejected")


def idle():
    """What connections cost that do nothing."""
    from support.http import Connection
    with Server("--max-connections", "4096", "--header-timeout", "60s", quiet=True) as server:
        before = server.resident_bytes
        held = [Connection(server.port) for _ in range(3000)]
        eventually(lambda: scrape(server.port)["http_connections_open"] >= 3000)
        print(f"3000 idle connections: {(server.resident_bytes - before) / 3000 / 1024:.1f} KiB each,"
              f" {server.descriptors} descriptors")
        used = server.processor_seconds
        run = closed_loop(server.port, [MESSAGE], 4, SECONDS)
        print(f"together with them {run.goodput:.0f} requests a second,"
              f" {(server.processor_seconds - used) / max(run.statuses[200], 1) * 1e3:.2f} ms of processor each")
        del held


def scale():
    """One, two and three replicas behind HAProxy."""
    from support.ports import free_ports
    from support.proxy import Proxy
    for count in (1, 2, 3):
        ports = list(zip(free_ports(count), free_ports(count)))
        flags = ["--workers", "1", "--io-threads", "1", "--log-sample", "0"]
        replicas = [
            Server(*flags, "--port", str(port), "--metrics-port", str(health), port=None) for port, health in ports]
        with tempfile.TemporaryDirectory() as folder, Proxy(pathlib.Path(folder), ports) as proxy:
            closed_loop(proxy.port, [MESSAGE], 4, 1)
            used = sum(replica.processor_seconds for replica in replicas)
            run = closed_loop(proxy.port, [MESSAGE], 8, SECONDS)
            used = sum(replica.processor_seconds for replica in replicas) - used
            print(f"{count} replicas: {run.goodput:.0f} a second, p50 {run.percentile(200, 0.5) * 1e3:.0f} ms,"
                  f" p99 {run.percentile(200, 0.99) * 1e3:.0f} ms, {used / run.seconds:.2f} processors")
        for replica in replicas:
            replica.__exit__()


if __name__ == "__main__":
    figures = {"overload": overload, "memory": memory, "idle": idle, "scale": scale}
    for name in sys.argv[1:] or figures:
        print(f"== {name}")
        figures[name]()
        os.sched_setaffinity(0, range(os.cpu_count() or 1))
