"""All errors of this package, and its warning."""

from __future__ import annotations

import json
from typing import Any

import httpx


class PoolingError(Exception):
    """Base class of every error that this package raises."""


class ConfigurationError(PoolingError, ValueError):
    """The client cannot work with its settings, such as a URL without ``http://``. Nothing was sent."""


class InvalidArgument(PoolingError, ValueError):
    """An argument cannot be sent: a ragged list, a dtype that the service does not have. Nothing was sent."""


class UnknownArgument(PoolingError, TypeError):
    """A call has no such keyword argument. Nothing was sent."""


class Unreachable(PoolingError):
    """No response: the connection failed or broke, or the client's timeout passed."""


class InvalidResponse(PoolingError):
    """The response cannot be read. Usually the URL belongs to another service."""


class ProblemError(PoolingError):
    """The service sent an error (RFC 9457).

    ``code`` is stable and for programs, ``detail`` is for people. ``pointer`` is the JSON pointer of the field to
    change, or empty. ``request_id`` is also in the service's log.
    """

    def __init__(self, status: int, members: dict[str, Any], retry_after: float | None = None) -> None:
        # All of them, so that an error can be pickled on its way out of a worker process.
        super().__init__(status, members, retry_after)
        self.status = status
        self.code = str(members.get("code", "unknown"))
        self.title = str(members.get("title", ""))
        self.detail = str(members.get("detail", ""))
        self.pointer = str(members.get("pointer", ""))
        self.request_id = str(members.get("request_id", ""))
        self.retry_after = retry_after

    def __str__(self) -> str:
        place = f" at {self.pointer}" if self.pointer else ""
        return f"{self.status} {self.code}{place}: {self.detail} (request {self.request_id})"


class InvalidRequest(ProblemError):
    """The request is not valid; sending it again does not help."""


class TooLarge(InvalidRequest):
    """The request, or its result, is larger than the service allows."""


class Unauthorized(ProblemError):
    """The API key is missing or wrong."""


class RateLimited(ProblemError):
    """This client sends more requests than it may; ``retry_after`` is the wait in seconds."""


class Unavailable(ProblemError):
    """The service is too busy, or shutting down; ``retry_after`` is the wait in seconds."""


class DeadlineExceeded(ProblemError):
    """The deadline passed before the service had computed the result."""


class ServerFault(ProblemError):
    """The service failed; its log has more under ``request_id``."""


class PoolingNotice(UserWarning):
    """A notice: the request is valid but probably not intended (the header ``Pooling-Notice``)."""


#: The errors after which the same request may succeed.
TEMPORARY = (RateLimited, Unavailable, Unreachable)


def problem(response: httpx.Response) -> ProblemError:
    """The exception for an error response, also where its body is not a problem document."""
    try:
        members = json.loads(response.content)
    except ValueError:
        members = None
    if not isinstance(members, dict):
        members = {"detail": _plain_detail(response)}
    members.setdefault("request_id", response.headers.get("X-Request-ID", ""))
    return _kind(response.status_code)(response.status_code, members, _retry_after(response))


def _plain_detail(response: httpx.Response) -> str:
    if response.has_redirect_location:
        return f"{response.url} redirects to {response.headers['Location']}; give that URL to the client"
    return response.text[:200]


def _kind(status: int) -> type[ProblemError]:
    kinds: dict[int, type[ProblemError]] = {
        401: Unauthorized, 408: DeadlineExceeded, 413: TooLarge, 429: RateLimited, 503: Unavailable, 504: DeadlineExceeded,
    }
    return kinds.get(status, InvalidRequest if status < 500 else ServerFault)


def _retry_after(response: httpx.Response) -> float | None:
    text = response.headers.get("Retry-After", "")
    return float(text) if text.isascii() and text.isdigit() else None
