"""The clients: one that waits, one for asyncio."""

from __future__ import annotations

import asyncio
import functools
import time
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Any, Concatenate, ParamSpec, Self, TypeVar

import httpx

from . import _calls
from ._calls import Call
from ._endpoints import Endpoints
from ._errors import PoolingError, Unreachable
from ._retry import RetryPolicy
from ._wire import Wire

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")
DEFAULT_URL = "http://127.0.0.1:8080"


class _Client:
    """What both clients are made with, and what they do alike."""

    def __init__(
        self,
        url: str = DEFAULT_URL,
        *,
        api_key: str | None = None,
        timeout: float = 60.0,
        retry: RetryPolicy | None = None,
        wire: Wire = "safetensors",
        verify: Any = True,
        uds: str | None = None,
    ) -> None:
        """Makes a client; it connects when it first needs to.

        Args:
            url: where the service is.
            api_key: sent as ``Authorization: Bearer``.
            timeout: seconds that connecting, sending or receiving may stand still.
            retry: when to send a request again; ``RetryPolicy(attempts=1)`` never does.
            wire: how tensors travel: ``safetensors`` (as they are) or ``json`` (base64 in JSON).
            verify: an ``ssl.SSLContext``, or False to trust any certificate.
            uds: the service's UNIX socket, where it listens on one.
        """
        self._retry = retry or RetryPolicy()
        self._endpoints = Endpoints(wire)
        headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        self._options: dict[str, Any] = {"base_url": url, "headers": headers, "timeout": timeout}
        self._connections: dict[str, Any] = {"verify": verify, "uds": uds}

    def _delay(self, failures: int, error: PoolingError, until: float | None) -> float:
        """Seconds before the next attempt.

        Raises:
            PoolingError: the error itself, where there is to be no other attempt.
        """
        delay = self._retry.delay(failures, error)
        if delay is None or (until is not None and time.monotonic() + delay >= until):
            raise error
        return delay

    def _unreachable(self, error: httpx.TransportError) -> Unreachable:
        return Unreachable(f"no answer from {self._options['base_url']}: {error!r}")


def _until(deadline: float | None) -> float | None:
    if deadline is not None and deadline <= 0:
        raise ValueError("a deadline is a number of seconds above 0")
    return None if deadline is None else time.monotonic() + deadline


def _left(until: float | None) -> float | None:
    return None if until is None else max(until - time.monotonic(), 0.001)


def _waiting(
    endpoint: Callable[Concatenate[Endpoints, Arguments], Call[Result]],
) -> Callable[Concatenate[PoolingClient, Arguments], Result]:
    """The method that makes an endpoint's call and waits for the answer."""

    @functools.wraps(endpoint)
    def method(client: PoolingClient, /, *arguments: Arguments.args, **options: Arguments.kwargs) -> Result:
        return client._run(endpoint(client._endpoints, *arguments, **options))

    return method


def _awaited(
    endpoint: Callable[Concatenate[Endpoints, Arguments], Call[Result]],
) -> Callable[Concatenate[AsyncPoolingClient, Arguments], Awaitable[Result]]:
    """The method that makes an endpoint's call and answers what asyncio awaits."""

    @functools.wraps(endpoint)
    async def method(client: AsyncPoolingClient, /, *arguments: Arguments.args, **options: Arguments.kwargs) -> Result:
        return await client._run(endpoint(client._endpoints, *arguments, **options))

    return method


class PoolingClient(_Client):
    """Calls the service and waits for the answer. Close it, or use it in ``with``; threads may share one.

    Every call takes ``deadline``: the seconds that it may take in all, retries included. The service learns of it and
    does not begin what would come too late.

    Raises:
        ProblemError: the service answered with an error; see its subclasses.
        Unreachable: there was no answer.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._http = httpx.Client(transport=httpx.HTTPTransport(**self._connections), **self._options)

    __init__.__doc__ = _Client.__init__.__doc__

    forward = _waiting(Endpoints.forward)
    backward = _waiting(Endpoints.backward)
    unpool = _waiting(Endpoints.unpool)
    shape = _waiting(Endpoints.shape)
    operations = _waiting(Endpoints.operations)

    def is_live(self) -> bool:
        """Whether the service runs. Not asked twice; False where it cannot be reached."""
        return self._probe("/healthz")

    def is_ready(self) -> bool:
        """Whether the service takes requests: False too while it shuts down."""
        return self._probe("/readyz")

    def close(self) -> None:
        """Closes all connections."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _run(self, call: Call[Result]) -> Result:
        until, failures = _until(call.deadline), 0
        while True:
            try:
                return call.read(_calls.checked(self._send(call, _left(until))))
            except PoolingError as error:
                failures += 1
                delay = self._delay(failures, error, until)
            time.sleep(delay)

    def _send(self, call: Call[Any], deadline: float | None) -> httpx.Response:
        try:
            return self._http.send(call.request(self._http, deadline))
        except httpx.TransportError as error:
            raise self._unreachable(error) from error

    def _probe(self, path: str) -> bool:
        call = _calls.probe(path)
        try:
            return call.read(self._send(call, None))
        except Unreachable:
            return False


class AsyncPoolingClient(_Client):
    """:class:`PoolingClient` for asyncio: the same calls, awaited. Close it, or use it in ``async with``."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._http = httpx.AsyncClient(transport=httpx.AsyncHTTPTransport(**self._connections), **self._options)

    __init__.__doc__ = _Client.__init__.__doc__

    forward = _awaited(Endpoints.forward)
    backward = _awaited(Endpoints.backward)
    unpool = _awaited(Endpoints.unpool)
    shape = _awaited(Endpoints.shape)
    operations = _awaited(Endpoints.operations)

    async def is_live(self) -> bool:
        """See :meth:`PoolingClient.is_live`."""
        return await self._probe("/healthz")

    async def is_ready(self) -> bool:
        """See :meth:`PoolingClient.is_ready`."""
        return await self._probe("/readyz")

    async def aclose(self) -> None:
        """Closes all connections."""
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def _run(self, call: Call[Result]) -> Result:
        until, failures = _until(call.deadline), 0
        while True:
            try:
                return call.read(_calls.checked(await self._send(call, _left(until))))
            except PoolingError as error:
                failures += 1
                delay = self._delay(failures, error, until)
            await asyncio.sleep(delay)

    async def _send(self, call: Call[Any], deadline: float | None) -> httpx.Response:
        try:
            return await self._http.send(call.request(self._http, deadline))
        except httpx.TransportError as error:
            raise self._unreachable(error) from error

    async def _probe(self, path: str) -> bool:
        call = _calls.probe(path)
        try:
            return call.read(await self._send(call, None))
        except Unreachable:
            return False
