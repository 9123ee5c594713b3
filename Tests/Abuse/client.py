"""One kept-alive connection that measures how long each response takes, and reads it to its end."""

import dataclasses
import select
import socket
import time

KEPT = 1 << 20
#: Bytes that are sent before looking whether the response has come already.
PIECE = 1 << 20


@dataclasses.dataclass
class Outcome:
    """What one request came to.

    `growth` is the process's peak of memory above where it was, `health` the slowest `/healthz` meanwhile,
    `waited` how long threads of the server and of this test were ready to run and the machine had no processor for them.
    """

    status: int = 0
    seconds: float = 0.0
    head: bytes = b""
    body: bytes = b""
    size: int = 0
    growth: int = 0
    health: float = 0.0
    waited: float = 0.0
    failure: str = ""


class Client:
    def __init__(self, port: int, may_go_on):
        """`may_go_on()` is asked while nothing comes; its text, where it has one, ends the wait."""
        self.port, self.may_go_on = port, may_go_on
        self.socket = None

    def ask(self, case, patience: float) -> Outcome:
        outcome = Outcome()
        began = time.monotonic()
        try:
            self._exchange(case, outcome, began + patience, fresh=self.socket is None)
        except TimeoutError as error:
            outcome.failure = str(error) or f"no response within {patience:.0f} s"
        except (OSError, ValueError) as error:
            outcome.failure = f"no response: {error}"
        outcome.seconds = time.monotonic() - began
        if outcome.failure:
            self.close()
        return outcome

    def close(self):
        if self.socket:
            self.socket.close()
        self.socket = None

    def _exchange(self, case, outcome, deadline, fresh):
        """A connection that was idle may have been closed: then once more on a new one."""
        if fresh:
            self.close()
            self.socket = socket.create_connection(("127.0.0.1", self.port), 5)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            self._send(case, deadline)
            self._read(case.method, outcome, deadline)
        except ConnectionError:
            if fresh or outcome.head or self.may_go_on():
                raise
            self._exchange(case, outcome, deadline, fresh=True)

    def _send(self, case, deadline):
        """A server may respond and close before it has read everything: its response counts, and the rest is not sent."""
        self.socket.settimeout(max(0.1, deadline - time.monotonic()))
        body = memoryview(case.body or b"")
        try:
            self.socket.sendall(case.head + bytes(body[:PIECE]))
            for start in range(PIECE, len(body), PIECE):
                if select.select([self.socket], [], [], 0)[0]:
                    return
                self.socket.sendall(body[start:start + PIECE])
        except BrokenPipeError:
            pass

    def _read(self, method, outcome, deadline):
        received = bytearray()
        while True:
            while (end := received.find(b"\r\n\r\n")) < 0:
                received += self._receive(deadline)
            status = int(received[9:12])
            if status >= 200:
                break
            del received[:end + 4]
        outcome.status, outcome.head = status, bytes(received[:end])
        head = outcome.head.lower()
        start = head.find(b"content-length:")
        length = int(head[start + 15:].split(b"\r\n", 1)[0]) if start >= 0 and method != "HEAD" else 0
        kept, outcome.size = received[end + 4:], len(received) - end - 4
        while outcome.size < length:
            data = self._receive(deadline + length / 50e6)
            outcome.size += len(data)
            if len(kept) < KEPT:
                kept += data
        outcome.body = bytes(kept)
        if b"connection: close" in head:
            self.close()

    def _receive(self, deadline) -> bytes:
        while (left := deadline - time.monotonic()) > 0:
            self.socket.settimeout(min(left, 0.1))
            try:
                data = self.socket.recv(1 << 20)
            except TimeoutError:
                if reason := self.may_go_on():
                    raise TimeoutError(reason) from None
                continue
            if not data:
                raise ConnectionError("closed by the server")
            return data
        raise TimeoutError
