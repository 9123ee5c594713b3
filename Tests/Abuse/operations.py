"""The server as a process and HTTP by hand, as the operations tests have them."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "Operations"))

from support.http import Connection, ask, message  # noqa: E402
from support.process import Server, binary, eventually  # noqa: E402

__all__ = ["Connection", "Server", "ask", "binary", "eventually", "message"]
