"""Starts one server for all tests, on a free port of this machine."""

import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def executable() -> Path:
    """The server to test: POOLING_SERVER, else what was built."""
    named = os.environ.get("POOLING_SERVER")
    candidates = [Path(named)] if named else [ROOT / ".build" / c / "pooling-server" for c in ("release", "debug")]
    for candidate in candidates:
        if candidate.exists():
            return candidate
    raise FileNotFoundError(f"no pooling-server at {candidates}; run `swift build`")


@pytest.fixture(scope="session")
def address():
    """`127.0.0.1:PORT` of a running server, which must end in good order."""
    server = subprocess.Popen([executable(), "--port", "0"], stderr=subprocess.STDOUT, stdout=subprocess.PIPE, text=True)
    try:
        for line in server.stdout:
            found = re.search(r"listening on http://(127\.0\.0\.1:\d+)", line)
            if found:
                break
        else:
            raise RuntimeError("the server did not start")
        # The log goes on; somebody has to read it.
        drain = subprocess.Popen(["cat"], stdin=server.stdout, stdout=subprocess.DEVNULL)
        yield found.group(1)
    finally:
        server.terminate()
        status = server.wait(timeout=60)
    drain.wait(timeout=60)
    assert status == 0


@pytest.fixture(scope="session")
def url(address):
    return f"http://{address}"
