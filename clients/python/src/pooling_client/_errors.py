"""What can go wrong, as exceptions."""

from __future__ import annotations

import json
from typing import Any

import httpx


class PoolingError(Exception):
    """Anything that this package raises on purpose."""


class Unreachable(PoolingError):
    """There was no answer: no connection, or it broke, or the client's timeout passed."""


class ProblemError(PoolingError):
    """The service answered with an error (RFC 9457).

    ``code`` is stable and meant for programs, ``detail`` for people. ``pointer`` is the JSON pointer of the offending
    field, or empty. ``request_id`` is in the service's log too.
    """

    def __init__(self, status: int, members: dict[str, Any], retry_after: float | None = None) -> None:
        self.status = status
        self.code = str(members.get("code", "unknown"))
        self.title = str(members.get("title", ""))
        self.detail = str(members.get("detail", ""))
        self.pointer = str(members.get("pointer", ""))
        self.request_id = str(members.get("request_id", ""))
        self.retry_after = retry_after
        place = f" at {self.pointer}" if self.pointer else ""
        super().__init__(f"{status} {self.code}{place}: {self.detail} (request {self.request_id})")


class InvalidRequest(ProblemError):
    """The request cannot be understood or makes no sense; sending it again will not help."""


class TooLarge(InvalidRequest):
    """The request, or its result, is larger than the service allows."""


class Unauthorized(ProblemError):
    """The service asks for an API key, and this is none of its."""


class RateLimited(ProblemError):
    """This client sends more requests than it may; ``retry_after`` says how long to wait."""


class Unavailable(ProblemError):
    """The service is too busy, or shutting down; ``retry_after`` says how long to wait."""


class DeadlineExceeded(ProblemError):
    """The deadline passed before the service could compute the answer."""


class ServerFault(ProblemError):
    """The service failed; its log has more under ``request_id``."""


def problem(response: httpx.Response) -> ProblemError:
    """The exception for an answer that is an error, also where its body is no problem document."""
    try:
        members = json.loads(response.content)
    except ValueError:
        members = None
    if not isinstance(members, dict):
        members = {"detail": response.text[:200]}
    members.setdefault("request_id", response.headers.get("X-Request-ID", ""))
    return _kind(response.status_code)(response.status_code, members, _retry_after(response))


def _kind(status: int) -> type[ProblemError]:
    kinds: dict[int, type[ProblemError]] = {
        401: Unauthorized, 408: DeadlineExceeded, 413: TooLarge, 429: RateLimited, 503: Unavailable, 504: DeadlineExceeded,
    }
    return kinds.get(status, InvalidRequest if 400 <= status < 500 else ServerFault)


def _retry_after(response: httpx.Response) -> float | None:
    text = response.headers.get("Retry-After", "")
    return float(text) if text.isascii() and text.isdigit() else None
