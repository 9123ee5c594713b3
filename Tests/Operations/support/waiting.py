"""States of a server that tests wait for in place of a time."""

import pathlib

from .http import Connection, message
from .metrics import scrape
from .process import Server, eventually

ESTABLISHED = "01"


def is_read(connection: Connection) -> bool:
    """Whether the server has accepted the connection and read all that was sent, or has closed it."""
    ours = f":{connection.socket.getsockname()[1]:04X}"
    for line in pathlib.Path("/proc/net/tcp").read_text().splitlines()[1:]:
        _, _, remote, state, queues, _, _, _, _, inode, *_ = line.split()
        if remote.endswith(ours):
            # A connection that is not yet accepted belongs to no file.
            return state != ESTABLISHED or (inode != "0" and queues.endswith(":00000000"))
    return True


def occupy(server: Server, bodies: list[bytes]) -> list[Connection]:
    """Sends requests to a server of one worker, each when the one before is on the worker or in the queue.

    `bodies` are so large that their requests count as heavy before they are read, and wait in one queue only.
    """
    connections = []
    for waiting, body in enumerate(bodies):
        connections.append(Connection(server.port, 60))
        connections[-1].send(message("POST", "/v1/forward", body))
        eventually(lambda: _occupied(server) == (1, waiting))
    return connections


def _occupied(server: Server) -> tuple[float, float]:
    """How many workers are busy, and how many requests wait for one."""
    samples = scrape(server.metrics_port or server.port)
    return samples["pooling_workers_busy"], samples["pooling_queue_depth"]
