"""Every call as a value: what to send and how to read the response. Nothing here touches the network."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast, get_args

import httpx
import numpy as np

from ._errors import InvalidArgument, InvalidResponse, PoolingError, problem
from ._parameters import Dtype, plain
from ._results import (
    AnyResult,
    Array,
    BackwardResult,
    BatchAnswer,
    BatchResult,
    Catalogue,
    ForwardResult,
    LayerResult,
    LayersResult,
    OpsResult,
    ShapeResult,
    UnpoolResult,
    catalogue,
    shape_result,
)
from ._wire import JSON, Body, Wire, decode, encode, tensors

Result = TypeVar("Result")
Arguments = Mapping[str, Any]
TENSORS = (
    "input", "grad_output", "indices", "weights", "structure", "footprint", "mask", "lengths", "segment_ids", "rois",
    "random_samples", "offsets", "spans", "members",
)
_TYPES = {
    "indices": np.int64, "segment_ids": np.int64, "lengths": np.int64, "offsets": np.int64, "spans": np.int64,
    "members": np.int64, "mask": np.bool_,
    "footprint": np.bool_,
    "rois": np.float64, "random_samples": np.float64,
}


@dataclass(frozen=True)
class Call(Generic[Result]):
    """One request and the reading of its response."""

    method: str
    path: str
    read: Callable[[httpx.Response], Result]
    body: Body | None = None
    #: The seconds that it may take in all.
    deadline: float | None = None

    def target(self, base: str) -> str:
        return f"{base}{self.path}" + (f"?{self.body.query}" if self.body and self.body.query else "")

    def headers(self, deadline: float | None) -> dict[str, str]:
        wanted = {
            "X-Request-Timeout": None if deadline is None else str(max(1, round(deadline * 1000))),
            "Content-Type": self.body.content_type if self.body else None,
            "Accept": self.body.accept if self.body else None,
        }
        return {name: value for name, value in wanted.items() if value is not None}

    def result(self, response: httpx.Response) -> Result:
        """What the response holds.

        Raises:
            ProblemError: it is an error.
            InvalidResponse: it is not from a pooling-server.
        """
        if not response.is_success:
            raise problem(response)
        try:
            return self.read(response)
        except PoolingError:
            raise
        except Exception as error:
            raise InvalidResponse(f"the response of {response.url} cannot be read: {error!r}") from error


def forward(arguments: Arguments, wire: Wire) -> Call[ForwardResult]:
    def read(response: httpx.Response) -> ForwardResult:
        return _forward_result(decode(response), _common(response))

    return Call("POST", "/v1/forward", read, _tensor_body(arguments, wire), arguments["deadline"])


def backward(arguments: Arguments, wire: Wire) -> Call[BackwardResult]:
    def read(response: httpx.Response) -> BackwardResult:
        return _backward_result(decode(response), _common(response))

    return Call("POST", "/v1/backward", read, _tensor_body(arguments, wire), arguments["deadline"])


def unpool(arguments: Arguments, wire: Wire) -> Call[UnpoolResult]:
    def read(response: httpx.Response) -> UnpoolResult:
        return UnpoolResult(decode(response)["output"], **_common(response))

    return Call("POST", "/v1/unpool", read, _tensor_body(arguments, wire), arguments["deadline"])


def ops(arguments: Arguments) -> Call[OpsResult]:
    def read(response: httpx.Response) -> OpsResult:
        return _ops_result(response.json(), tensors, _common(response))

    return Call("POST", "/v1/forward", read, _chosen_body(arguments), arguments["deadline"])


def layers(arguments: Arguments) -> Call[LayersResult]:
    def read(response: httpx.Response) -> LayersResult:
        return _layers_result(response.json(), tensors, _common(response))

    return Call("POST", "/v1/forward", read, _chosen_body(arguments), arguments["deadline"])


def batch(arguments: Arguments) -> Call[BatchResult]:
    fields = _fields(arguments)

    def read(response: httpx.Response) -> BatchResult:
        common = _common(response)
        answers = tuple(
            _answer(request, entry, common["request_id"])
            for request, entry in zip(fields["requests"], response.json()["responses"], strict=True))
        return BatchResult(answers, **common)

    content = json.dumps(fields, allow_nan=False).encode()
    return Call("POST", "/v1/batch", read, Body(content, JSON), arguments["deadline"])


def _answer(request: Mapping[str, Any], entry: Mapping[str, Any], request_id: str) -> BatchAnswer:
    """The response to one request of a batch, which may have its tensors as nested lists."""
    status, body, notices = entry["status"], entry["body"], tuple(entry.get("notices", ()))
    if status != 200:
        return BatchAnswer(status, body, None, notices)
    main = request.get("input", request.get("grad_output"))
    own = main.get("dtype") if isinstance(main, Mapping) else None
    real = str(own or request.get("dtype", "float32"))
    types = dict.fromkeys(("output", "grad_input", "grad_weights", "grad_structure"), real)
    types["indices"] = str(request.get("index_dtype", "int64"))

    def read(members: Mapping[str, Any]) -> dict[str, Array]:
        return tensors(members, types)

    result = _single(request, body, read, {"request_id": request_id, "notices": notices})
    return BatchAnswer(status, body, result, notices)


#: Reads the tensors among the members of an object.
Reading = Callable[[Mapping[str, Any]], dict[str, Array]]


def _single(request: Mapping[str, Any], body: Mapping[str, Any], read: Reading, common: dict[str, Any]) -> AnyResult:
    match request.get("endpoint", "forward"):
        case "backward":
            return _backward_result(read(body), common)
        case "unpool":
            return UnpoolResult(read(body)["output"], **common)
        case "shape":
            return shape_result(body, **common)
    if "layers" in request:
        return _layers_result(body, read, common)
    return _ops_result(body, read, common) if "ops" in request else _forward_result(read(body), common)


def _forward_result(arrays: Mapping[str, Array], common: dict[str, Any]) -> ForwardResult:
    return ForwardResult(arrays["output"], _indices(arrays), **common)


def _backward_result(arrays: Mapping[str, Array], common: dict[str, Any]) -> BackwardResult:
    prefix = "grad_parameters."
    parameters = {name[len(prefix):]: tensor for name, tensor in arrays.items() if name.startswith(prefix)}
    return BackwardResult(
        arrays["grad_input"], arrays.get("grad_weights"), arrays.get("grad_structure"), parameters, **common)


def _ops_result(members: Mapping[str, Any], read: Reading, common: dict[str, Any]) -> OpsResult:
    outputs = tuple(_forward_result(read(entry), {}) for entry in members.get("outputs", ()))
    return OpsResult(outputs, read(members).get("output"), **common)


def _layers_result(members: Mapping[str, Any], read: Reading, common: dict[str, Any]) -> LayersResult:
    parts = tuple(
        LayerResult(layer["output_shape"], read(layer).get("output"), _indices(read(layer)))
        for layer in members["layers"])
    return LayersResult(read(members)["output"], parts, **common)


def _indices(arrays: Mapping[str, Array]) -> np.typing.NDArray[np.int64] | None:
    return cast("np.typing.NDArray[np.int64] | None", arrays.get("indices"))


def _chosen_body(arguments: Arguments) -> Body:
    """The arguments, with those under ``parameters`` next to them, in JSON."""
    flat = {name: value for name, value in arguments.items() if name != "parameters"}
    return encode(_arrays(flat), _fields(flat | dict(arguments.get("parameters", {})), but=("input",)), "json")


def shape(arguments: Arguments) -> Call[ShapeResult]:
    def read(response: httpx.Response) -> ShapeResult:
        return shape_result(response.json(), **_common(response))

    content = json.dumps(_fields(arguments), allow_nan=False).encode()
    return Call("POST", "/v1/shape", read, Body(content, JSON), arguments["deadline"])


def operations(deadline: float | None) -> Call[Catalogue]:
    def read(response: httpx.Response) -> Catalogue:
        return catalogue(response.json(), **_common(response))

    return Call("GET", "/v1/operations", read, deadline=deadline)


def probe(path: str) -> Call[bool]:
    return Call("GET", path, lambda response: True)


def notices(response: httpx.Response) -> tuple[str, ...]:
    """The lines of the header ``Pooling-Notice``, which may repeat."""
    return tuple(response.headers.get_list("Pooling-Notice"))


def _common(response: httpx.Response) -> dict[str, Any]:
    return {"request_id": response.headers.get("X-Request-ID", ""), "notices": notices(response)}


def _tensor_body(arguments: Arguments, wire: Wire) -> Body:
    return encode(_arrays(arguments), _fields(arguments, but=TENSORS), wire)


def _fields(arguments: Arguments, but: tuple[str, ...] = ()) -> dict[str, Any]:
    """The given arguments as JSON has them."""
    fields = {}
    for name, value in arguments.items():
        if value is None or name in ("self", "deadline", *but):
            continue
        try:
            fields[name] = plain(value)
        except (TypeError, RecursionError) as error:
            raise InvalidArgument(f"{name}: {value!r} cannot be written as JSON") from error
    return fields


def _arrays(arguments: Arguments) -> dict[str, Array]:
    """The tensors in the types that the service expects: lists as in JSON; weights and gradients as the input."""
    given = {name: arguments[name] for name in TENSORS if arguments.get(name) is not None}
    list_type = arguments.get("dtype") or "float32"
    arrays = {name: _array(name, value, list_type) for name, value in given.items()}
    main = arrays.get("input", arrays.get("grad_output"))
    if main is not None:
        for name in {"weights", "structure", "grad_output"} & arrays.keys():
            arrays[name] = arrays[name].astype(main.dtype, copy=False)
    return arrays


def _array(name: str, value: Any, list_type: str) -> Array:
    dtype = _TYPES.get(name, None if hasattr(value, "dtype") else list_type)
    try:
        array = np.asarray(value, dtype=dtype)
    except (TypeError, ValueError, OverflowError) as error:
        raise InvalidArgument(f"{name}: numpy cannot make an array of it: {error}") from error
    if array.dtype.name not in get_args(Dtype):
        raise InvalidArgument(f"{name}: the dtype is {array.dtype}; it must be one of {', '.join(get_args(Dtype))}")
    return array
