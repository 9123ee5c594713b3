"""The server that is attacked: one process, asked case by case, started again where it died."""

import contextlib
import os
import pathlib
import subprocess
import threading
import time

from client import Client, Outcome
from operations import Server
from probe import Probe

#: A process that takes this much is stopped, for the sake of the machine.
TOO_MUCH = 6 << 30


class Target:
    def __init__(self, *flags, **options):
        self.flags = (*flags, "--metrics-port", "0", "--log-sample", "0")
        self.options = options
        self.server = self.probe = None
        self.clients: list[Client] = []
        self.starts = 0
        self.start()

    def start(self):
        self.stop()
        self.server = Server(*self.flags, **self.options)
        self.probe = Probe(self.server.port, self.server.metrics_port)
        self.starts += 1

    def stop(self):
        for client in self.clients:
            client.close()
        self.clients = []
        if self.probe:
            self.probe.stop()
        if self.server and self.is_alive:
            self.server.process.kill()
            self.server.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    @property
    def is_alive(self) -> bool:
        return self.server.process.poll() is None

    def ask(self, cases, patience: float, *, counts_waiting: bool = False) -> list[Outcome]:
        """The responses to `cases`, sent at the same time; growth, health and waiting are those of all together."""
        while len(self.clients) < len(cases):
            self.clients.append(Client(self.server.port, self._why_to_stop))
        pathlib.Path(f"/proc/{self.server.process.pid}/clear_refs").write_text("5")
        waited = self._waited() if counts_waiting else 0.0
        before, began = self.server.resident_bytes, time.monotonic()
        outcomes = self._exchange(cases, patience)
        # The process's end may be a moment later than that of its connections.
        if any(outcome.failure for outcome in outcomes):
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.server.process.wait(0.3)
        if not self.is_alive:
            for outcome in outcomes:
                outcome.failure = f"the process ended with {self.server.process.returncode}"
            return outcomes
        growth, health = self.server.peak_resident_bytes - before, self.probe.worst(began)
        waited = self._waited() - waited if counts_waiting else 0.0
        for outcome in outcomes:
            outcome.growth, outcome.health, outcome.waited = growth, health, waited
        return outcomes

    def _waited(self) -> float:
        """Seconds that threads were ready to run and did not, since they began; 0 where the kernel does not tell."""
        nanoseconds = 0
        for process in (self.server.process.pid, self.probe.pid, os.getpid()):
            for place in pathlib.Path(f"/proc/{process}/task").glob("*/schedstat"):
                with contextlib.suppress(OSError):
                    nanoseconds += int(place.read_text().split()[1])
        return nanoseconds / 1e9

    def _exchange(self, cases, patience) -> list[Outcome]:
        if len(cases) == 1:
            return [self.clients[0].ask(cases[0], patience)]
        outcomes = [Outcome()] * len(cases)

        def one(position):
            outcomes[position] = self.clients[position].ask(cases[position], patience)

        threads = [threading.Thread(target=one, args=(position,)) for position in range(len(cases))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return outcomes

    def _why_to_stop(self) -> str | None:
        if not self.is_alive:
            return "the process has ended"
        try:
            taken = self.server.resident_bytes
        except (KeyError, OSError):
            return "the process has ended"
        return f"more than {TOO_MUCH >> 30} GiB of memory" if taken > TOO_MUCH else None
