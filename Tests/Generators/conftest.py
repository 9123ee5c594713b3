"""Generates clients from openapi.yaml, and offers the address of a running server: POOLING_SERVER_URL."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "openapi.yaml"
BIN = Path(sys.executable).parent


@pytest.fixture(scope="session")
def url():
    return os.environ["POOLING_SERVER_URL"]


@pytest.fixture(scope="session")
def generated(tmp_path_factory):
    """The directory of generated code, which can be imported from."""
    directory = tmp_path_factory.mktemp("generated")
    sys.path.insert(0, str(directory))
    yield directory
    sys.path.remove(str(directory))


def generate(*command):
    """Runs a generator, and returns what it printed."""
    result = subprocess.run(
        [str(BIN / command[0]), *map(str, command[1:])], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert result.returncode == 0, result.stdout
    return result.stdout
