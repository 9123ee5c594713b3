"""The server as an operator runs it: a process with flags, signals and an exit code."""

import os
import pathlib
import re
import signal
import subprocess
import threading
import time

REPOSITORY = pathlib.Path(__file__).resolve().parents[3]
LISTENING = re.compile(r"listening on (?:https?://[^ ]*:(\d+)|unix:(\S+))")
METRICS = re.compile(r"metrics on http://[^ ]*:(\d+)/metrics")


def binary() -> str:
    """The server under test: POOLING_SERVER, or what the build left."""
    given = os.environ.get("POOLING_SERVER")
    places = [given] if given else [str(REPOSITORY / ".build" / kind / "pooling-server") for kind in ("release", "debug")]
    for place in places:
        if os.access(place, os.X_OK):
            return place
    raise FileNotFoundError("no pooling-server: run `make build`, or set POOLING_SERVER")


class Server:
    """A running server on 127.0.0.1; leaving the `with` block stops it."""

    def __init__(self, *flags, stderr=None, environment=None, prefix=(), port=0, quiet=False, **options):
        """`quiet` logs no request, for measurements; `port=None` leaves the port to the flags."""
        command = [*prefix, binary(), *flags]
        if quiet:
            command += ["--log-sample", "0"]
        if port is not None:
            command += ["--port", str(port)]
        self.lines: list[str] = []
        self.port = self.metrics_port = self.unix_path = None
        self._announced = threading.Event()
        self.process = subprocess.Popen(
            command, stderr=stderr or subprocess.PIPE, stdout=subprocess.DEVNULL,
            env={**os.environ, **(environment or {})}, **options)
        if stderr is None:
            threading.Thread(target=self._read, daemon=True).start()
            self._announced.wait(30)
            if self.port is None and self.unix_path is None:
                self.process.kill()
                raise RuntimeError(f"the server did not start: {self.log}")

    def _read(self):
        expects_metrics = False
        for raw in self.process.stderr:
            line = raw.decode(errors="replace").rstrip("\n")
            self.lines.append(line)
            if match := LISTENING.search(line):
                self.port = int(match[1]) if match[1] else None
                self.unix_path = match[2]
                expects_metrics = "--metrics-port" in self.process.args
            if match := METRICS.search(line):
                self.metrics_port = int(match[1])
            if (self.port or self.unix_path) and (self.metrics_port or not expects_metrics):
                self._announced.set()
        self._announced.set()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    @property
    def log(self) -> str:
        return "\n".join(self.lines)

    def signal(self, number: signal.Signals):
        self.process.send_signal(number)

    def exit_code(self, timeout: float = 30) -> int:
        return self.process.wait(timeout)

    @property
    def resident_bytes(self) -> int:
        return self._status("VmRSS") * 1024

    @property
    def peak_resident_bytes(self) -> int:
        return self._status("VmHWM") * 1024

    @property
    def descriptors(self) -> int:
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    @property
    def processor_seconds(self) -> float:
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def _status(self, name: str) -> int:
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith(name):
                return int(line.split()[1])
        raise KeyError(name)


def eventually(condition, timeout: float = 10.0, step: float = 0.01):
    """Waits until `condition()` is true and gives what it returned; fails with the last value after `timeout`."""
    end = time.monotonic() + timeout
    while not (value := condition()):
        if time.monotonic() > end:
            raise AssertionError(f"still {value!r} after {timeout} s")
        time.sleep(step)
    return value
