"""The clients: one that waits, one for asyncio."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Self, TypeVar, Unpack

import httpx
from numpy.typing import ArrayLike

from . import _calls
from ._calls import Call
from ._errors import PoolingError, Unreachable
from ._parameters import Parameters
from ._results import Array, BackwardResult, ForwardResult, ShapeReport
from ._retry import RetryPolicy
from ._wire import Wire

Result = TypeVar("Result")
DEFAULT_URL = "http://127.0.0.1:8080"


class _Settings:
    """What both clients are made with."""

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
        self._wire: Wire = wire
        headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        self._options: dict[str, Any] = {"base_url": url, "headers": headers, "timeout": timeout}
        self._connections: dict[str, Any] = {"verify": verify, "uds": uds}

    def _forward(self, tensors: dict[str, ArrayLike | None], parameters: Parameters) -> Call[ForwardResult]:
        return _calls.forward(tensors, parameters, self._wire)

    def _backward(self, tensors: dict[str, ArrayLike | None], parameters: Parameters) -> Call[BackwardResult]:
        return _calls.backward(tensors, parameters, self._wire)

    def _unpool(self, tensors: dict[str, ArrayLike | None], parameters: Parameters) -> Call[Array]:
        return _calls.unpool(tensors, parameters, self._wire)

    def _delay(self, failures: int, error: PoolingError, until: float | None) -> float:
        """Seconds before the next attempt.

        Raises:
            PoolingError: the error itself, where there is to be no other attempt.
        """
        delay = self._retry.delay(failures, error)
        if delay is None or (until is not None and time.monotonic() + delay >= until):
            raise error
        return delay


def _until(deadline: float | None) -> float | None:
    if deadline is not None and deadline <= 0:
        raise ValueError("a deadline is a number of seconds above 0")
    return None if deadline is None else time.monotonic() + deadline


def _left(until: float | None) -> float | None:
    return None if until is None else max(until - time.monotonic(), 0.001)


class PoolingClient(_Settings):
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

    __init__.__doc__ = _Settings.__init__.__doc__

    def forward(
        self,
        input: ArrayLike,
        *,
        weights: ArrayLike | None = None,
        mask: ArrayLike | None = None,
        lengths: ArrayLike | None = None,
        segment_ids: ArrayLike | None = None,
        rois: ArrayLike | None = None,
        random_samples: ArrayLike | None = None,
        deadline: float | None = None,
        **parameters: Unpack[Parameters],
    ) -> ForwardResult:
        """Pools a tensor. The output has the input's type; lists are float32, or what ``dtype`` says."""
        tensors = {
            "input": input, "weights": weights, "mask": mask, "lengths": lengths, "segment_ids": segment_ids,
            "rois": rois, "random_samples": random_samples,
        }
        return self._run(self._forward(tensors, parameters), deadline)

    def backward(
        self,
        grad_output: ArrayLike,
        *,
        input: ArrayLike | None = None,
        indices: ArrayLike | None = None,
        weights: ArrayLike | None = None,
        mask: ArrayLike | None = None,
        lengths: ArrayLike | None = None,
        segment_ids: ArrayLike | None = None,
        rois: ArrayLike | None = None,
        random_samples: ArrayLike | None = None,
        deadline: float | None = None,
        **parameters: Unpack[Parameters],
    ) -> BackwardResult:
        """The gradient of :meth:`forward` with the same parameters.

        Give ``input``; or ``input_shape`` with ``indices`` for an op with a mask; or ``input_shape`` alone for an op
        whose gradient does not depend on the values.
        """
        tensors = {
            "grad_output": grad_output, "input": input, "indices": indices, "weights": weights, "mask": mask,
            "lengths": lengths, "segment_ids": segment_ids, "rois": rois, "random_samples": random_samples,
        }
        return self._run(self._backward(tensors, parameters), deadline)

    def unpool(
        self, input: ArrayLike, indices: ArrayLike, *, deadline: float | None = None, **parameters: Unpack[Parameters]
    ) -> Array:
        """Puts values back at their indices, zeros elsewhere."""
        return self._run(self._unpool({"input": input, "indices": indices}, parameters), deadline)

    def shape(
        self,
        input_shape: Sequence[int] | None = None,
        *,
        output_shape: Sequence[int] | None = None,
        layers: Sequence[Parameters] | None = None,
        deadline: float | None = None,
        **parameters: Any,
    ) -> ShapeReport:
        """What a layer, or a stack of ``layers``, makes of a shape; or which inputs give ``output_shape``."""
        return self._run(_calls.shape(input_shape, output_shape, layers, parameters), deadline)  # type: ignore[arg-type]

    def operations(self, *, deadline: float | None = None) -> dict[str, Any]:
        """The service's catalogue: every op and region with its parameters, and the service's limits."""
        return self._run(_calls.operations(), deadline)

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

    def _run(self, call: Call[Result], deadline: float | None) -> Result:
        until, failures = _until(deadline), 0
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
            raise Unreachable(f"no answer from {self._http.base_url}: {error!r}") from error

    def _probe(self, path: str) -> bool:
        call = _calls.probe(path)
        try:
            return call.read(self._send(call, None))
        except Unreachable:
            return False


class AsyncPoolingClient(_Settings):
    """:class:`PoolingClient` for asyncio: the same calls, awaited. Close it, or use it in ``async with``."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._http = httpx.AsyncClient(transport=httpx.AsyncHTTPTransport(**self._connections), **self._options)

    __init__.__doc__ = _Settings.__init__.__doc__

    async def forward(
        self,
        input: ArrayLike,
        *,
        weights: ArrayLike | None = None,
        mask: ArrayLike | None = None,
        lengths: ArrayLike | None = None,
        segment_ids: ArrayLike | None = None,
        rois: ArrayLike | None = None,
        random_samples: ArrayLike | None = None,
        deadline: float | None = None,
        **parameters: Unpack[Parameters],
    ) -> ForwardResult:
        """See :meth:`PoolingClient.forward`."""
        tensors = {
            "input": input, "weights": weights, "mask": mask, "lengths": lengths, "segment_ids": segment_ids,
            "rois": rois, "random_samples": random_samples,
        }
        return await self._run(self._forward(tensors, parameters), deadline)

    async def backward(
        self,
        grad_output: ArrayLike,
        *,
        input: ArrayLike | None = None,
        indices: ArrayLike | None = None,
        weights: ArrayLike | None = None,
        mask: ArrayLike | None = None,
        lengths: ArrayLike | None = None,
        segment_ids: ArrayLike | None = None,
        rois: ArrayLike | None = None,
        random_samples: ArrayLike | None = None,
        deadline: float | None = None,
        **parameters: Unpack[Parameters],
    ) -> BackwardResult:
        """See :meth:`PoolingClient.backward`."""
        tensors = {
            "grad_output": grad_output, "input": input, "indices": indices, "weights": weights, "mask": mask,
            "lengths": lengths, "segment_ids": segment_ids, "rois": rois, "random_samples": random_samples,
        }
        return await self._run(self._backward(tensors, parameters), deadline)

    async def unpool(
        self, input: ArrayLike, indices: ArrayLike, *, deadline: float | None = None, **parameters: Unpack[Parameters]
    ) -> Array:
        """See :meth:`PoolingClient.unpool`."""
        return await self._run(self._unpool({"input": input, "indices": indices}, parameters), deadline)

    async def shape(
        self,
        input_shape: Sequence[int] | None = None,
        *,
        output_shape: Sequence[int] | None = None,
        layers: Sequence[Parameters] | None = None,
        deadline: float | None = None,
        **parameters: Any,
    ) -> ShapeReport:
        """See :meth:`PoolingClient.shape`."""
        call = _calls.shape(input_shape, output_shape, layers, parameters)  # type: ignore[arg-type]
        return await self._run(call, deadline)

    async def operations(self, *, deadline: float | None = None) -> dict[str, Any]:
        """See :meth:`PoolingClient.operations`."""
        return await self._run(_calls.operations(), deadline)

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

    async def _run(self, call: Call[Result], deadline: float | None) -> Result:
        until, failures = _until(deadline), 0
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
            raise Unreachable(f"no answer from {self._http.base_url}: {error!r}") from error

    async def _probe(self, path: str) -> bool:
        call = _calls.probe(path)
        try:
            return call.read(await self._send(call, None))
        except Unreachable:
            return False
