"""Load that does not wait: requests leave at a chosen rate whether or not responses come."""

import asyncio
import collections
import dataclasses
import time


@dataclasses.dataclass
class Outcome:
    """What became of the requests of one run."""

    seconds: float
    statuses: collections.Counter
    latencies: dict[int, list[float]]

    @property
    def goodput(self) -> float:
        return self.statuses[200] / self.seconds

    def percentile(self, status: int, share: float) -> float:
        ordered = sorted(self.latencies.get(status, [0.0])) or [0.0]
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


class _Lane(asyncio.Protocol):
    """One kept-alive connection; `ask` sends and waits for the end of the response."""

    def __init__(self):
        self.transport, self.response, self.rest = None, None, bytearray()

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.rest += data
        end = self.rest.find(b"\r\n\r\n")
        if end < 0:
            return
        head = bytes(self.rest[:end]).lower()
        start = head.find(b"content-length: ")
        length = int(head[start + 16:].split(b"\r\n", 1)[0]) if start >= 0 else 0
        if len(self.rest) < end + 4 + length:
            return
        del self.rest[:end + 4 + length]
        if b"connection: close" in head:
            self.transport.close()
        self._finish(int(head[9:12]))

    def connection_lost(self, _):
        self._finish(0)

    def _finish(self, status):
        if self.response and not self.response.done():
            self.response.set_result(status)

    async def ask(self, message: bytes) -> int:
        self.response = asyncio.get_running_loop().create_future()
        self.transport.write(message)
        return await self.response


async def _open_loop(port: int, messages: list[bytes], rate: float, seconds: float, most: int) -> Outcome:
    loop = asyncio.get_running_loop()
    idle: list[_Lane] = []
    statuses, latencies = collections.Counter(), collections.defaultdict(list)
    open_count = 0

    async def one(message):
        nonlocal open_count
        began = time.monotonic()
        try:
            lane = idle.pop() if idle else (await loop.create_connection(_Lane, "127.0.0.1", port))[1]
            status = await lane.ask(message)
        except OSError:
            status = 0
        else:
            if not lane.transport.is_closing():
                idle.append(lane)
        open_count -= 1
        statuses[status] += 1
        latencies[status].append(time.monotonic() - began)

    start, sent, tasks = time.monotonic(), 0, set()
    while (now := time.monotonic() - start) < seconds:
        while sent < now * rate and open_count < most:
            open_count += 1
            task = asyncio.create_task(one(messages[sent % len(messages)]))
            tasks.add(task)
            task.add_done_callback(tasks.discard)
            sent += 1
        sent = max(sent, int(now * rate))
        await asyncio.sleep(0.001)
    in_time = statuses.copy()
    elapsed = time.monotonic() - start
    if tasks:
        await asyncio.wait(list(tasks), timeout=30)
    for lane in idle:
        lane.transport.close()
    return Outcome(elapsed, in_time, latencies)


def open_loop(port: int, messages: list[bytes], rate: float, seconds: float, most: int = 900) -> Outcome:
    """Sends `messages` in turn at `rate` a second for `seconds`; at most `most` wait for a response at a time."""
    return asyncio.run(_open_loop(port, messages, rate, seconds, most))


async def _closed_loop(port: int, messages: list[bytes], clients: int, seconds: float) -> Outcome:
    loop = asyncio.get_running_loop()
    statuses, latencies = collections.Counter(), collections.defaultdict(list)
    start = time.monotonic()

    async def client(number):
        lane = (await loop.create_connection(_Lane, "127.0.0.1", port))[1]
        while time.monotonic() - start < seconds:
            began = time.monotonic()
            status = await lane.ask(messages[number % len(messages)])
            statuses[status] += 1
            latencies[status].append(time.monotonic() - began)
            if lane.transport.is_closing():
                lane = (await loop.create_connection(_Lane, "127.0.0.1", port))[1]
        lane.transport.close()

    await asyncio.gather(*(client(number) for number in range(clients)))
    return Outcome(time.monotonic() - start, statuses, latencies)


def closed_loop(port: int, messages: list[bytes], clients: int, seconds: float) -> Outcome:
    """`clients` that each send their next request when the last has its response: what the service can carry."""
    return asyncio.run(_closed_loop(port, messages, clients, seconds))
