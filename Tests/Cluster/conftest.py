"""Two replicas of the server, and the examples as modules."""

import os
import pathlib
import re
import subprocess
import sys
import threading
import time

import httpx
import pytest

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY / "Examples"))


class Replica:
    """A running server on 127.0.0.1."""

    def __init__(self, *flags):
        command = [os.environ["POOLING_SERVER"], "--port", "0", "--log-sample", "0", *flags]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
        line = self.process.stderr.readline()
        self.url = re.search(r"listening on (http://\S+)", line)[1]
        threading.Thread(target=self.process.stderr.read, daemon=True).start()

    def responses(self, status):
        """How many forward requests it has responded to with this status."""
        text = httpx.get(f"{self.url}/metrics", timeout=60).text
        pattern = rf'^http_request_duration_seconds_count{{method="POST",route="/v1/forward",code="{status}"}} (\d+)'
        return sum(int(count) for count in re.findall(pattern, text, re.MULTILINE))

    def wait_for_responses(self, count):
        """Until it has responded to that many forward requests with 200; fails after a minute."""
        end = time.monotonic() + 60
        while self.responses(200) < count:
            assert time.monotonic() < end, f"{self.responses(200)} responses in a minute"
            time.sleep(0.005)

    def kill(self):
        self.process.kill()
        self.process.wait()


@pytest.fixture
def replicas():
    """Starts servers; all are ended after the test."""
    started = []

    def start(count, *flags):
        started.extend(Replica(*flags) for _ in range(count))
        return started[-count:]

    yield start
    for replica in started:
        replica.kill()
