"""What both clients have in common: their settings, the order of the replicas, and when to try again."""

from __future__ import annotations

import functools
import itertools
import re
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Self

import httpx

from . import _calls
from ._addresses import addresses, base_url, socket_path
from ._errors import ConfigurationError, InvalidResponse, PoolingError, PoolingNotice, Unreachable
from ._parameters import is_number
from ._retry import RetryPolicy
from ._wire import Wire

_PACKAGE = str(Path(__file__).parent)
#: A response that says "too late" needs a moment to arrive.
_GRACE = 0.5


class Client:
    """The settings of a client. Copies have the same settings and connections of their own.

    Unpickled in another process, clients with the same settings are one, so that the many tasks of a job share its
    connections.
    """

    def __init__(
        self,
        url: str | Sequence[str] | None = None,
        *,
        api_key: str | None = None,
        timeout: float = 60.0,
        retry: RetryPolicy | None = None,
        wire: Wire = "safetensors",
        verify: Any = True,
    ) -> None:
        """Makes a client; it connects when it first needs to.

        Args:
            url: where the service is: ``http://host:port``, ``https://…`` or ``unix:/path/of/the.sock``. Several
                (a list, or separated by commas) are replicas: they take turns, and if one does not respond, the next
                is tried. Default: the environment variable ``POOLING_SERVER_URL``, else ``http://127.0.0.1:8080``.
            api_key: sent as ``Authorization: Bearer``.
            timeout: the seconds without any progress after which connecting, sending or receiving fails.
            retry: when to send a request again; ``RetryPolicy(attempts=1)`` never does.
            wire: how tensors travel: ``safetensors`` (as they are) or ``json`` (base64 in JSON).
            verify: an ``ssl.SSLContext``, or False to trust any certificate.

        Raises:
            ConfigurationError: a setting cannot be used.
        """
        self._urls = addresses(url)
        self._settings: dict[str, Any] = {
            "url": self._urls, "api_key": api_key, "timeout": timeout, "retry": retry, "wire": wire, "verify": verify,
        }
        if retry is not None and not isinstance(retry, RetryPolicy):
            raise ConfigurationError(f"retry: expected a RetryPolicy, got {retry!r}")
        if not is_number(timeout) or not timeout > 0:
            raise ConfigurationError(f"timeout: expected seconds above 0, got {timeout!r}")
        self._retry = retry or RetryPolicy()
        self._wire: Wire = _one_of("wire", wire, ("safetensors", "json"))
        self._timeout = timeout
        self._turns = itertools.count()
        self._headers = _key_header(api_key)
        # Making an SSL context takes longer than a small request, so there is none where no URL needs it.
        has_tls = any(address.startswith("https:") for address in self._urls)
        self._connections: dict[str, Any] = {"verify": verify if has_tls else False, "uds": socket_path(self._urls)}
        self._open()

    def _open(self) -> None:
        """Makes the HTTP client."""
        raise NotImplementedError

    def __copy__(self) -> Self:
        return type(self)(**self._settings)

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return type(self)(**self._settings)

    def __reduce__(self) -> tuple[Any, tuple[Any, ...]]:
        return _unpickled, (type(self), tuple(self._settings.items()))

    def _is_closed(self) -> bool:
        raise NotImplementedError

    def __repr__(self) -> str:
        return f"{type(self).__name__}({','.join(self._urls)!r})"

    def _order(self) -> tuple[str, ...]:
        """The replicas in the order in which this request asks them."""
        first = next(self._turns) % len(self._urls)
        return self._urls[first:] + self._urls[:first]

    def _delay(self, failures: int, error: PoolingError, until: float | None) -> float:
        """Seconds before the next attempt.

        Raises:
            PoolingError: the error itself, if there is to be no other attempt.
        """
        delay = self._retry.delay(failures, error)
        if delay is None or (until is not None and time.monotonic() + delay >= until):
            raise error
        return delay

    def _request(
        self, http: httpx.Client | httpx.AsyncClient, call: _calls.Call[Any], url: str, until: float | None
    ) -> httpx.Request:
        if self._is_closed():
            raise ConfigurationError("the client is closed")
        left = None if until is None else until - time.monotonic()
        if left is not None and left <= 0:
            raise Unreachable(f"the deadline passed before the request to {url} was sent")
        return http.build_request(
            call.method, call.target(base_url(url)), headers=call.headers(left),
            content=call.body.content if call.body else None,
            timeout=self._timeout if left is None else min(self._timeout, left + _GRACE))

    def _failure(self, url: str, error: httpx.HTTPError) -> PoolingError:
        if isinstance(error, httpx.TransportError):
            return Unreachable(_unreachable(url, error))
        return InvalidResponse(f"the response of {url} cannot be read: {error!r}")


def _unreachable(url: str, error: httpx.TransportError) -> str:
    text = re.sub(r"^\[Errno -?\d+\] ", "", str(error))
    # The second is what asyncio says where every address was tried.
    for reason, words in (("connection refused at", "refused"), ("no connection to", "attempts failed")):
        if isinstance(error, httpx.ConnectError) and words in text:
            return f"{reason} {url}; is pooling-server running? Set POOLING_SERVER_URL"
    return f"no response from {url}: {text or type(error).__name__}"


def _unpickled(kind: Callable[..., Client], settings: tuple[tuple[str, Any], ...]) -> Client:
    client = _made(kind, settings)
    if client._is_closed():
        _made.cache_clear()
        client = _made(kind, settings)
    return client


@functools.lru_cache(maxsize=8)
def _made(kind: Callable[..., Client], settings: tuple[tuple[str, Any], ...]) -> Client:
    return kind(**dict(settings))


def until(deadline: float | None) -> float | None:
    """The moment when a call must be done."""
    if deadline is None:
        return None
    if not is_number(deadline) or not deadline > 0:
        raise ConfigurationError(f"deadline: expected seconds above 0, got {deadline!r}")
    return time.monotonic() + deadline


def warn(response: httpx.Response) -> None:
    """Makes a Python warning of each notice, at the line that called the client."""
    for notice in _calls.notices(response):
        warnings.warn(notice, PoolingNotice, stacklevel=_caller_level())


def _caller_level() -> int:
    """The ``stacklevel`` for :func:`warn` of the first caller outside this package."""
    frame, level = sys._getframe(1), 1
    while frame.f_back is not None and frame.f_code.co_filename.startswith(_PACKAGE):
        frame, level = frame.f_back, level + 1
    return level


def _key_header(api_key: str | None) -> dict[str, str]:
    if api_key is None:
        return {}
    if not isinstance(api_key, str) or not api_key or not api_key.isascii() or not api_key.isprintable():
        raise ConfigurationError("api_key: it must be printable ASCII, without a line break")
    return {"Authorization": f"Bearer {api_key}"}


def _one_of(name: str, value: Any, words: tuple[str, ...]) -> Any:
    if value not in words:
        raise ConfigurationError(f"{name}: expected one of {', '.join(words)}, got {value!r}")
    return value
