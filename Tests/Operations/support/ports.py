"""Ports for servers that a test starts.

A port that the kernel chose and that is closed again may be given to another test, or to a connection of a client,
before the server takes it. These ports are outside the range that the kernel chooses from, and each is given once.
"""

import random
import socket

# Linux chooses from 32768 to 60999 (net.ipv4.ip_local_port_range).
_untried = random.sample(range(20000, 32768), 32768 - 20000)


def free_port() -> int:
    while True:
        port = _untried.pop()
        if _is_free(port):
            return port


def free_ports(count: int) -> list[int]:
    return [free_port() for _ in range(count)]


def _is_free(port: int) -> bool:
    try:
        with socket.create_server(("127.0.0.1", port)):
            return True
    except OSError:
        return False
