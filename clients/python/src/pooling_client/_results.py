"""The results of the calls: one dataclass per call, all with the request's id and the service's notices."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


@dataclass(frozen=True, kw_only=True)
class Result:
    """Every result has these."""

    #: The id of the request, which is also in the service's log.
    request_id: str = ""
    #: Notices in plain text: the request is valid but probably not intended; each is also a Python warning (:class:`PoolingNotice`).
    notices: tuple[str, ...] = ()


@dataclass(frozen=True)
class ForwardResult(Result):
    """A pooled tensor."""

    output: Array
    #: The positions that max, or another op with indices, selected; None without ``return_indices``.
    indices: NDArray[np.int64] | None = None

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        """Numpy takes the result for its tensor: ``np.sum(client.forward(...))``."""
        return np.array(self.output, dtype=dtype, copy=copy)


@dataclass(frozen=True)
class BackwardResult(Result):
    """The gradient with respect to the input."""

    grad_input: Array
    #: The gradient with respect to the weights, for the op ``weighted`` with an input.
    grad_weights: Array | None = None
    #: The gradient with respect to the structuring element, for max and min with ``structure`` and an input.
    grad_structure: Array | None = None
    #: The gradient with respect to p, r, beta or alpha by name, where ``return_grad_parameters`` asks for it.
    grad_parameters: Mapping[str, Array] = field(default_factory=dict)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        """Numpy takes the result for its tensor: ``np.sum(client.forward(...))``."""
        return np.array(self.grad_input, dtype=dtype, copy=copy)


@dataclass(frozen=True)
class OpsResult(Result):
    """The results of several ops over the same windows."""

    #: One per op, in the order asked; empty if the outputs were combined.
    outputs: tuple[ForwardResult, ...] = ()
    #: The combined output; None if each op has its own.
    output: Array | None = None


@dataclass(frozen=True)
class LayerResult:
    """One layer of a chain: None for what the layer was not asked to return."""

    output_shape: list[int]
    output: Array | None = None
    indices: NDArray[np.int64] | None = None


@dataclass(frozen=True)
class LayersResult(Result):
    """The output of a chain of layers, and what its layers return."""

    output: Array
    layers: tuple[LayerResult, ...] = ()

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        """Numpy takes the result for its tensor: ``np.sum(client.layers(...))``."""
        return np.array(self.output, dtype=dtype, copy=copy)


@dataclass(frozen=True)
class BatchAnswer:
    """The response to one request of a batch."""

    status: int
    #: As the service sent it: the result, or a problem with ``code``, ``detail`` and ``pointer``.
    body: Mapping[str, Any]
    #: What the call of the request's endpoint returns, such as a :class:`ForwardResult`; None for an error.
    result: AnyResult | None = None
    #: Notices about this request, in plain text.
    notices: tuple[str, ...] = ()

    @property
    def is_success(self) -> bool:
        return self.status == 200


@dataclass(frozen=True)
class BatchResult(Result):
    """The responses to the requests of a batch, in their order."""

    responses: tuple[BatchAnswer, ...] = ()


@dataclass(frozen=True)
class UnpoolResult(Result):
    """A tensor of zeros with the values put back."""

    output: Array

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        """Numpy takes the result for its tensor: ``np.sum(client.forward(...))``."""
        return np.array(self.output, dtype=dtype, copy=copy)


class _Document:
    """A result that the service sends as a JSON object; fields that it does not send keep their defaults."""

    @classmethod
    def of(cls, members: Mapping[str, Any], **others: Any) -> Self:
        names = {item.name for item in dataclasses.fields(cls)}  # type: ignore[arg-type]
        return cls(**{name: value for name, value in members.items() if name in names} | {"members": members} | others)


@dataclass(frozen=True, kw_only=True)
class ShapeResult(_Document, Result):
    """What a layer, or a stack of layers, does to a shape; a field is None where it means nothing for the region."""

    output_shape: list[int] | None = None
    #: Cells before and after each axis.
    padding: list[list[int]] | None = None
    windows: int | None = None
    #: Windows that extend over an edge.
    clipped_windows: int | None = None
    #: Input positions per axis that no window reads.
    unused: list[int] | None = None
    receptive_field: list[int] | None = None
    #: Input positions per output position: the product of the strides.
    jump: list[int] | None = None
    #: The centre of the first output, in input positions.
    start: list[float] | None = None
    operations: int | None = None
    input_bytes: int | None = None
    output_bytes: int | None = None
    mask_bytes: int | None = None
    #: The smallest and the largest input per axis that give ``output_shape``.
    input_min: list[int | None] | None = None
    input_max: list[int | None] | None = None
    layers: tuple[ShapeResult, ...] = ()
    #: The whole response, with fields that this client does not know.
    members: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, kw_only=True)
class ParameterInfo(_Document):
    """One parameter of an op or a region."""

    name: str
    type: str
    summary: str = ""
    default: Any = None
    #: The words that it may be, where it is one of several.
    values: tuple[str, ...] = ()
    members: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, kw_only=True)
class OpInfo(_Document):
    """One op: the function from the values of a window to one value."""

    name: str
    summary: str = ""
    source: str = ""
    indices: bool = False
    #: What the gradient is computed from: ``mask``, ``input`` or ``input_shape``.
    gradient: str = ""
    dtypes: tuple[str, ...] = ()
    parameters: tuple[ParameterInfo, ...] = ()
    members: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, kw_only=True)
class RegionInfo(_Document):
    """One region: the rule that gives the windows."""

    name: str
    summary: str = ""
    source: str = ""
    #: Whether ``axes`` may choose the axes to pool.
    axes: bool = False
    #: The ops that this region does not take, each with its reason.
    refuses: tuple[Mapping[str, str], ...] = ()
    parameters: tuple[ParameterInfo, ...] = ()
    members: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, kw_only=True)
class Catalogue(_Document, Result):
    """Every op and region of the service, with its limits."""

    version: str = ""
    instruction_set: str = ""
    workers: int = 0
    ops: tuple[OpInfo, ...] = ()
    regions: tuple[RegionInfo, ...] = ()
    endpoints: Mapping[str, list[str]] = field(default_factory=dict, repr=False)
    limits: Mapping[str, int] = field(default_factory=dict)
    members: Mapping[str, Any] = field(default_factory=dict, repr=False)


#: The results of single requests.
AnyResult = ForwardResult | OpsResult | LayersResult | BackwardResult | UnpoolResult | ShapeResult


def shape_result(members: Mapping[str, Any], **others: Any) -> ShapeResult:
    layers = tuple(shape_result(layer) for layer in members.get("layers", ()))
    return ShapeResult.of(members, layers=layers, **others)


def catalogue(members: Mapping[str, Any], **others: Any) -> Catalogue:
    ops = tuple(
        OpInfo.of(op, dtypes=tuple(op["dtypes"]), parameters=_parameters(op)) for op in members["ops"])
    regions = tuple(
        RegionInfo.of(region, refuses=tuple(region["refuses"]), parameters=_parameters(region))
        for region in members["regions"])
    return Catalogue.of(members, ops=ops, regions=regions, **others)


def _parameters(entry: Mapping[str, Any]) -> tuple[ParameterInfo, ...]:
    return tuple(ParameterInfo.of(item, values=tuple(item.get("values", ()))) for item in entry["parameters"])
