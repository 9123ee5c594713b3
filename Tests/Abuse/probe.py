"""Whether `/healthz` responds while something else is asked: a process of its own that never stops asking."""

import multiprocessing
import select
import socket
import time

PERIOD = 0.01
QUESTION = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
#: Several on the main port, so that each I/O thread has one.
MAIN_CONNECTIONS = 4


class _Asker:
    """One connection that asks every PERIOD; a new one where the last was closed."""

    def __init__(self, port: int):
        self.port, self.socket, self.asked, self.due = port, None, None, 0.0

    def ask(self, now: float):
        if self.asked is not None or self.due > now:
            return
        try:
            if self.socket is None:
                self.socket = socket.create_connection(("127.0.0.1", self.port), 5)
                self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.socket.sendall(QUESTION)
            self.asked = now
        except OSError:
            self._lose(now)

    def hear(self, now: float) -> tuple[float, float] | None:
        """When it asked and when it got the response; nothing where the connection was closed instead."""
        try:
            if self.socket.recv(4096).startswith(b"HTTP/1.1 200"):
                span, self.asked, self.due = (self.asked, now), None, self.asked + PERIOD
                return span
        except OSError:
            pass
        self._lose(now)
        return None

    def _lose(self, now: float):
        if self.socket:
            self.socket.close()
        self.socket, self.asked, self.due = None, None, now + PERIOD


def _run(ports, pipe):
    askers = [_Asker(ports[0]) for _ in range(MAIN_CONNECTIONS)] + [_Asker(port) for port in ports[1:]]
    spans: list[tuple[float, float]] = []
    while True:
        for asker in askers:
            asker.ask(time.monotonic())
        waiting = {asker.socket: asker for asker in askers if asker.asked is not None}
        readable, _, _ = select.select([*waiting, pipe], [], [], PERIOD / 2)
        now = time.monotonic()
        spans += filter(None, (waiting[ready].hear(now) for ready in readable if ready is not pipe))
        if pipe in readable:
            try:
                since = pipe.recv()
            except EOFError:
                return
            awaited = [(asker.asked, now) for asker in askers if asker.asked is not None]
            pipe.send([end - start for start, end in spans + awaited if end >= since])
            spans = spans[-20_000:]


class Probe:
    """Asks all the time; `latencies(since)` are those of the responses that came, or are awaited, after `since`."""

    def __init__(self, *ports: int):
        self._pipe, theirs = multiprocessing.Pipe()
        self._process = multiprocessing.get_context("fork").Process(target=_run, args=(ports, theirs), daemon=True)
        self._process.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    def latencies(self, since: float) -> list[float]:
        self._pipe.send(since)
        return self._pipe.recv()

    def worst(self, since: float) -> float:
        return max(self.latencies(since), default=0.0)

    def stop(self):
        self._process.kill()
        self._process.join()
        self._pipe.close()
