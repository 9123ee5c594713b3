#!/usr/bin/env python3
"""A server that misbehaves on purpose: the path says how. The test of the judgement must notice each."""

import http.server
import os
import sys
import threading
import time

KEPT = []
PROBLEM = b'{"code":"out_of_range"}'


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self._respond(200, b"ok")

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        getattr(self, "_" + self.path.strip("/"))()

    def _respond(self, status, body, kind="application/json"):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _good(self):
        self._respond(200, b"{}")

    def _rejects(self):
        self._respond(422, PROBLEM)

    def _fails(self):
        self._respond(500, PROBLEM)

    def _mumbles(self):
        self._respond(422, b"{}")

    def _dawdles(self):
        time.sleep(0.5)
        self._respond(200, b"{}")

    def _hoards(self):
        KEPT.append(b"x" * (80 << 20))
        self._respond(200, b"{}")
        KEPT.clear()

    def _blocks(self):
        """Holds what all threads need, and responds in time."""
        end = time.monotonic() + 0.9
        sys.setswitchinterval(10)
        while time.monotonic() < end:
            pass
        sys.setswitchinterval(0.005)
        self._respond(200, b"{}")

    def _closes(self):
        self.close_connection = True

    def _shortens(self):
        self.send_response(200)
        self.send_header("Content-Length", "100")
        self.end_headers()
        self.close_connection = True

    def _is_silent(self):
        time.sleep(60)

    def _dies(self):
        os._exit(7)

    def log_message(self, *_):
        pass


class Quick(http.server.ThreadingHTTPServer):
    daemon_threads = True
    disable_nagle_algorithm = True


if __name__ == "__main__":
    main, metrics = (Quick(("127.0.0.1", 0), Handler) for _ in range(2))
    threading.Thread(target=metrics.serve_forever, daemon=True).start()
    print(f"listening on http://127.0.0.1:{main.server_port}", file=sys.stderr, flush=True)
    print(f"metrics on http://127.0.0.1:{metrics.server_port}/metrics", file=sys.stderr, flush=True)
    main.serve_forever()
