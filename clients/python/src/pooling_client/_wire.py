"""Tensors and parameters as bytes, and back."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlencode

import httpx
import numpy as np
import safetensors.numpy

from ._errors import ConfigurationError
from ._results import Array

Wire = Literal["safetensors", "json"]
JSON, SAFETENSORS = "application/json", "application/vnd.safetensors"
#: Longer query strings may not pass every proxy; such requests go as JSON.
LONGEST_QUERY = 4000


@dataclass(frozen=True)
class Body:
    """A request's body, with the query string that belongs to it and the media type wanted back."""

    content: bytes
    content_type: str
    query: str = ""
    accept: str | None = None


def encode(tensors: Mapping[str, Array], fields: Mapping[str, Any], wire: Wire) -> Body:
    """The request in the wanted format, or in JSON where that format cannot hold it; ``fields`` are plain values."""
    query = urlencode({name: _query_text(value) for name, value in fields.items()})
    if wire == "json" or len(query) > LONGEST_QUERY or any(t.dtype.name == "bfloat16" for t in tensors.values()):
        members = dict(fields) | {name: _tensor_object(tensor) for name, tensor in tensors.items()}
        members["response_form"] = "b64"
        return Body(json.dumps(members, separators=(",", ":"), allow_nan=False).encode(), JSON)
    return Body(safetensors.numpy.save({name: _wire_order(t) for name, t in tensors.items()}), SAFETENSORS, query)


def decode(response: httpx.Response) -> dict[str, Array]:
    """The tensors of a response."""
    if response.headers.get("Content-Type", "").startswith(SAFETENSORS):
        return safetensors.numpy.load(response.content)
    members = json.loads(response.content)
    return tensors(members)


def tensors(members: Mapping[str, Any], types: Mapping[str, str] | None = None) -> dict[str, Array]:
    """The members that are tensors, and those of objects of numbers: ``grad_parameters.p``.

    Args:
        members: an object of the response.
        types: the dtype of each tensor that may be there as nested lists.
    """
    found: dict[str, Array] = {}
    for name, value in members.items():
        if types and name in types and isinstance(value, (list, int, float, str)):
            found[name] = np.asarray(value, _element_type(types[name]))
        elif isinstance(value, dict) and "shape" in value:
            found[name] = _tensor(value)
        elif isinstance(value, dict):
            found |= {f"{name}.{member}": np.asarray(numbers, np.float64) for member, numbers in value.items()}
    return found


def _query_text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))


def _wire_order(tensor: Array) -> Array:
    """Row-major and little-endian."""
    # ascontiguousarray would give a tensor without axes one axis.
    return np.asarray(tensor, dtype=tensor.dtype.newbyteorder("<"), order="C")


def _tensor_object(tensor: Array) -> dict[str, Any]:
    data = base64.b64encode(_wire_order(tensor).tobytes()).decode()
    return {"shape": list(tensor.shape), "dtype": tensor.dtype.name, "b64": data}


def _tensor(members: Mapping[str, Any]) -> Array:
    if "data" in members:
        dtype = _element_type(members.get("dtype", "float32"))
        return np.asarray(members["data"], dtype).reshape(members["shape"])
    data = base64.b64decode(members["b64"], validate=True)
    dtype = _element_type(members.get("dtype", "float32"))
    return np.frombuffer(bytearray(data), dtype=dtype).reshape(members["shape"])


def _element_type(name: str) -> np.dtype[Any]:
    if name == "bfloat16":
        return bfloat16()
    return np.dtype(name).newbyteorder("<")


def bfloat16() -> np.dtype[Any]:
    """The type of which numpy knows through another package.

    Raises:
        ConfigurationError: that is not installed.
    """
    try:
        import ml_dtypes
    except ImportError as error:
        raise ConfigurationError("bfloat16 needs ml_dtypes: pip install 'pooling-client[bfloat16]'") from error
    brain_float: np.dtype[Any] = np.dtype(ml_dtypes.bfloat16)
    return brain_float
