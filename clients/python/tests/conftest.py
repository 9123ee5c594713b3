"""A real server for the tests, on a free port."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from pooling_client import PoolingClient

REPOSITORY = Path(__file__).resolve().parents[3]
BUILDS = [REPOSITORY / ".build" / kind / "pooling-server" for kind in ("debug", "release")]
STARTING_WORD = "listening on "


# For the programs that tests start.
os.environ["PYTHONPATH"] = str(Path(__file__).resolve().parents[1] / "src")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--server", default=os.environ.get("POOLING_SERVER_BINARY"), help="the built pooling-server")


class Server:
    """A running server; its log goes to a file, so that a full pipe never stops it."""

    def __init__(self, binary: Path, *flags: str) -> None:
        self._log = tempfile.TemporaryFile()
        self.process = subprocess.Popen([binary, "serve", "--port", "0", *flags], stderr=subprocess.PIPE)
        assert self.process.stderr is not None
        line = self.process.stderr.readline().decode()
        assert STARTING_WORD in line, line
        self._drain = subprocess.Popen(["cat"], stdin=self.process.stderr, stdout=self._log)
        self.url = line.split(STARTING_WORD, 1)[1].strip()

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=30)
        if self.process.stderr is not None:
            self.process.stderr.close()
        self._drain.wait(timeout=30)
        self._log.close()


@pytest.fixture(scope="session")
def binary(request: pytest.FixtureRequest) -> Path:
    given = request.config.getoption("--server")
    candidates = [Path(given)] if given else BUILDS
    found = next((path for path in candidates if path.is_file()), None)
    if found is None:
        pytest.fail(f"no server at {' or '.join(map(str, candidates))}: build it, or name it with --server")
    return found.resolve()


@pytest.fixture(scope="session")
def server(binary: Path) -> Iterator[Server]:
    running = Server(binary)
    yield running
    running.stop()


@pytest.fixture(scope="session", params=["safetensors", "json"])
def client(server: Server, request: pytest.FixtureRequest) -> Iterator[PoolingClient]:
    with PoolingClient(server.url, wire=request.param) as client:
        yield client
