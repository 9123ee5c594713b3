"""Servers under test: started on free ports of the loopback, watched, and stopped by their process ids."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
TICKS = os.sysconf("SC_CLK_TCK")


class Server:
    def __init__(self, name, command, mark, port=None):
        """`mark` is a header, and a part of its value, that no other server sends."""
        self.name, self.mark = name, mark
        started = time.perf_counter()
        self.process = subprocess.Popen(command, stdout=None if port else subprocess.PIPE, text=True, cwd=HERE)
        self.port = port or self.announced_port()
        self.wait_until_it_answers()
        self.start_seconds = time.perf_counter() - started

    def announced_port(self):
        line = self.process.stdout.readline()
        if found := re.search(r"http://127\.0\.0\.1:(\d+)", line):
            return int(found[1])
        raise RuntimeError(f"{self.name} ended: {self.process.wait()}")

    def wait_until_it_answers(self):
        while True:
            try:
                self.request("GET", "/healthz")
                return
            except ConnectionError:
                if self.process.poll() is not None:
                    raise RuntimeError(f"{self.name} ended: {self.process.returncode}") from None
                time.sleep(0.001)

    def connect(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)

    def request(self, method, target, body=None, headers=None):
        connection = self.connect()
        connection.request(method, target, body, headers or {})
        response = connection.getresponse()
        content = response.read()
        connection.close()
        self.check_identity(response)
        return response, content

    def check_identity(self, response):
        header, value = self.mark
        found = response.headers.get(header)
        if found is None or value not in found:
            raise RuntimeError(f"another server than {self.name} answers: {response.headers}")
        if self.process.poll() is not None:
            raise RuntimeError(f"{self.name} has ended, yet something answers")

    def processes(self):
        pids, found = [self.process.pid], []
        while pids:
            pid = pids.pop()
            found.append(pid)
            for task in Path(f"/proc/{pid}/task").iterdir():
                pids += [int(child) for child in (task / "children").read_text().split()]
        return found

    def processor_seconds(self):
        def ticks(pid):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            return int(fields[11]) + int(fields[12])
        return sum(ticks(pid) for pid in self.processes()) / TICKS

    def resident_bytes(self):
        def pages(pid):
            return int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        return sum(pages(pid) for pid in self.processes()) * os.sysconf("SC_PAGE_SIZE")

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def ours(binary):
    """Without a line of log for each request, as the others."""
    port = free_port()
    return Server(
        "pooling-server", [binary, "--port", str(port), "--log-level", "warning"], ("X-Request-ID", ""), port)


def fastapi():
    port = free_port()
    return Server(
        "FastAPI", [sys.executable, "-m", "uvicorn", "fastapi_service:app", "--port", str(port), "--workers", "2",
                    "--loop", "uvloop", "--http", "httptools", "--no-access-log", "--log-level", "warning"],
        ("server", "uvicorn"), port)


def bare(directory):
    program = Path(directory) / "bare"
    subprocess.run(
        [os.environ.get("CC", "cc"), "-O2", "-Wall", "-Wextra", str(HERE / "bare.c"), "-lmicrohttpd", "-o",
         str(program)], check=True)
    return Server("bare libmicrohttpd", [str(program)], ("Server", "bare-libmicrohttpd"))
