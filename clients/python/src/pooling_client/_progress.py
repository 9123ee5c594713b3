"""A progress bar on a terminal, and a transport that moves it."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from typing import TextIO, cast

import httpx

_SLICE = 1 << 18
_WIDTH = 30
_SECONDS_BETWEEN = 0.1


class Bar:
    """One line that is written over again: label, bar, amount, rate. Threads may share it."""

    def __init__(self, label: str, total: int, unit: str, stream: TextIO | None = None) -> None:
        self._label, self._total, self._unit = label, total, unit
        self._stream = stream or sys.stderr
        self._lock = threading.Lock()
        self._start = time.monotonic()
        self._done, self._written = 0, 0.0

    def begin(self, label: str, total: int) -> None:
        """Starts again at zero."""
        with self._lock:
            self._label, self._total, self._done, self._written = label, total, 0, 0.0
            self._start = time.monotonic()

    def advance(self, amount: int = 1) -> None:
        with self._lock:
            self._done += amount
            now = time.monotonic()
            if now - self._written >= _SECONDS_BETWEEN or self._done >= self._total:
                self._written = now
                self._write(now)

    def close(self) -> None:
        """Ends the line."""
        self._stream.write("\n")
        self._stream.flush()

    def _write(self, now: float) -> None:
        share = min(self._done / self._total, 1.0) if self._total else 1.0
        filled = "#" * round(share * _WIDTH)
        rate = self._done / max(now - self._start, 1e-3)
        amounts = f"{self._amount(self._done)}/{self._amount(self._total)} {self._amount(rate)}/s"
        self._stream.write(f"\r{self._label:<12.12} [{filled:<{_WIDTH}}] {share:4.0%} {amounts}\x1b[K")
        self._stream.flush()

    def _amount(self, value: float) -> str:
        return f"{value / (1 << 20):.1f} MiB" if self._unit == "bytes" else f"{value:.0f}" if value >= 10 else f"{value:.3g}"


class ReportingTransport(httpx.BaseTransport):
    """Sends and receives through another transport, and moves a bar with the bytes of both bodies."""

    def __init__(self, transport: httpx.BaseTransport, bar: Bar) -> None:
        self._transport, self._bar = transport, bar

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        size = int(request.headers.get("Content-Length", 0))
        if size:
            self._bar.begin("sending", size)
            request.stream = _Counted(cast(httpx.SyncByteStream, request.stream), self._bar)
        response = self._transport.handle_request(request)
        self._bar.begin("receiving", int(response.headers.get("Content-Length", 0)))
        response.stream = _Counted(cast(httpx.SyncByteStream, response.stream), self._bar)
        return response

    def close(self) -> None:
        self._transport.close()


class _Counted(httpx.SyncByteStream):
    """The bytes of another stream in slices, each counted when the next one is asked for."""

    def __init__(self, stream: httpx.SyncByteStream, bar: Bar) -> None:
        self._stream, self._bar = stream, bar

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._stream:
            for start in range(0, len(chunk), _SLICE):
                part = chunk[start : start + _SLICE]
                yield part
                self._bar.advance(len(part))

    def close(self) -> None:
        self._stream.close()
