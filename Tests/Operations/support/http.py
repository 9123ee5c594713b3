"""HTTP/1.1 by hand, so that tests can also say what no client library would."""

import dataclasses
import json
import socket


@dataclasses.dataclass
class Response:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)


class Connection:
    """One connection; `send` bytes, `read` responses."""

    def __init__(self, address, timeout: float = 20.0, tls=None, host: str = "localhost"):
        """`address` is a port of 127.0.0.1 or the path of a UNIX socket."""
        if isinstance(address, int):
            self.socket = socket.create_connection(("127.0.0.1", address), timeout)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        else:
            self.socket = socket.socket(socket.AF_UNIX)
            self.socket.settimeout(timeout)
            self.socket.connect(address)
        if tls:
            self.socket = tls.wrap_socket(self.socket, server_hostname=host)
        self.rest = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data: bytes):
        self.socket.sendall(data)

    def request(self, method: str, path: str, body: bytes | None = None, **headers) -> Response:
        self.send(message(method, path, body, **headers))
        return self.read(has_body=method != "HEAD")

    def read(self, has_body: bool = True) -> Response:
        """The next final response; interim ones are skipped."""
        while True:
            response = self._read_one(has_body)
            if response.status >= 200:
                return response

    def _read_one(self, has_body: bool) -> Response:
        while b"\r\n\r\n" not in self.rest:
            self._receive()
        head, self.rest = self.rest.split(b"\r\n\r\n", 1)
        first, *fields = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, value in (field.split(":", 1) for field in fields)}
        length = int(headers.get("content-length", 0)) if has_body else 0
        while len(self.rest) < length:
            self._receive()
        body, self.rest = self.rest[:length], self.rest[length:]
        return Response(int(first.split(" ", 2)[1]), headers, body)

    def _receive(self):
        data = self.socket.recv(1 << 16)
        if not data:
            raise ConnectionError("closed by the server")
        self.rest += data

    def is_closed(self) -> bool:
        """Waits for the server to close; False where it still sends or the time-out passes."""
        try:
            return self.socket.recv(1) == b""
        except ConnectionError:
            return True
        except TimeoutError:
            return False

    def reset(self):
        """Closes with RST in place of FIN."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
        self.socket.close()


def message(method: str, path: str, body: bytes | None = None, **headers) -> bytes:
    """A request's bytes; `X_Request_Timeout=5` becomes the header `X-Request-Timeout: 5`."""
    fields = {"Host": "localhost", **{name.replace("_", "-"): value for name, value in headers.items()}}
    if body is not None:
        fields.setdefault("Content-Length", len(body))
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items()), "", ""]
    return "\r\n".join(lines).encode("latin-1") + (body or b"")


def ask(address, method: str, path: str, body: bytes | None = None, *, tls=None, timeout: float = 20.0, **headers):
    """One request on a connection of its own."""
    with Connection(address, timeout, tls) as connection:
        return connection.request(method, path, body, **headers)
