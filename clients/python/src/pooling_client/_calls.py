"""Every call as a value: what to send and how to read the answer. Nothing here touches the network."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast

import httpx
import numpy as np
from numpy.typing import ArrayLike

from ._errors import problem
from ._parameters import Parameters, plain
from ._results import Array, BackwardResult, ForwardResult, ShapeReport
from ._wire import JSON, Body, Wire, decode, encode

Result = TypeVar("Result")
_TYPES = {
    "indices": np.int64, "segment_ids": np.int64, "lengths": np.int64, "mask": np.bool_,
    "rois": np.float64, "random_samples": np.float64,
}


@dataclass(frozen=True)
class Call(Generic[Result]):
    """One request and the reading of its answer."""

    method: str
    path: str
    read: Callable[[httpx.Response], Result]
    body: Body | None = None
    #: The seconds that it may take in all.
    deadline: float | None = None

    def request(self, client: httpx.Client | httpx.AsyncClient, deadline: float | None) -> httpx.Request:
        headers = {}
        if deadline is not None:
            headers["X-Request-Timeout"] = str(max(1, round(deadline * 1000)))
        if self.body is None:
            return client.build_request(self.method, self.path, headers=headers)
        path = f"{self.path}?{self.body.query}" if self.body.query else self.path
        headers["Content-Type"] = self.body.content_type
        return client.build_request(self.method, path, headers=headers, content=self.body.content)


def forward(
    tensors: Mapping[str, ArrayLike | None], parameters: Parameters, wire: Wire, deadline: float | None
) -> Call[ForwardResult]:
    def read(response: httpx.Response) -> ForwardResult:
        answer = decode(response)
        return ForwardResult(answer["output"], answer.get("indices"), _request_id(response))

    return Call("POST", "/v1/forward", read, encode(_arrays(tensors, parameters), parameters, wire), deadline)


def backward(
    tensors: Mapping[str, ArrayLike | None], parameters: Parameters, wire: Wire, deadline: float | None
) -> Call[BackwardResult]:
    def read(response: httpx.Response) -> BackwardResult:
        answer = decode(response)
        return BackwardResult(answer["grad_input"], answer.get("grad_weights"), _request_id(response))

    return Call("POST", "/v1/backward", read, encode(_arrays(tensors, parameters), parameters, wire), deadline)


def unpool(
    tensors: Mapping[str, ArrayLike | None], parameters: Parameters, wire: Wire, deadline: float | None
) -> Call[Array]:
    body = encode(_arrays(tensors, parameters), parameters, wire)
    return Call("POST", "/v1/unpool", lambda answer: decode(answer)["output"], body, deadline)


def shape(
    input_shape: Sequence[int] | None, output_shape: Sequence[int] | None, layers: Sequence[Parameters] | None,
    parameters: Parameters, deadline: float | None,
) -> Call[ShapeReport]:
    asked = {"input_shape": input_shape, "output_shape": output_shape, "layers": layers}
    content = json.dumps(plain({**parameters, **asked}), allow_nan=False).encode()
    return Call("POST", "/v1/shape", lambda answer: cast(ShapeReport, answer.json()), Body(content, JSON), deadline)


def operations(deadline: float | None) -> Call[dict[str, Any]]:
    return Call("GET", "/v1/operations", lambda answer: cast(dict[str, Any], answer.json()), deadline=deadline)


def probe(path: str) -> Call[bool]:
    """A probe is answered by a status, so an error is an answer too."""
    return Call("GET", path, lambda answer: answer.status_code == httpx.codes.OK)


def checked(response: httpx.Response) -> httpx.Response:
    """The answer, or the error that it is."""
    if response.is_success:
        return response
    raise problem(response)


def _arrays(tensors: Mapping[str, ArrayLike | None], parameters: Parameters) -> dict[str, Array]:
    """The tensors in the types that the service expects: lists as in JSON; weights and gradients as the input."""
    list_type = parameters.get("dtype", "float32")
    arrays = {
        name: np.asarray(value, dtype=_TYPES.get(name, None if hasattr(value, "dtype") else list_type))
        for name, value in tensors.items()
        if value is not None
    }
    main = arrays.get("input", arrays.get("grad_output"))
    if main is not None:
        for name in {"weights", "grad_output"} & arrays.keys():
            arrays[name] = arrays[name].astype(main.dtype, copy=False)
    return arrays


def _request_id(response: httpx.Response) -> str:
    return str(response.headers.get("X-Request-ID", ""))
