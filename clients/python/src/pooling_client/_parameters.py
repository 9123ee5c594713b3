"""The fields of a request that are not tensors."""

from __future__ import annotations

import math
import numbers
from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypedDict

from numpy.typing import ArrayLike

Op = Literal[
    "max", "min", "median", "quantile", "avg", "sum", "product", "lp", "power_avg", "logsumexp", "softmax", "variance",
    "std", "mixed", "stochastic", "weighted", "first", "last", "mean_sqrt_len",
]
Region = Literal[
    "sliding", "global", "adaptive", "fractional", "pyramid", "roi", "roi_align", "sequence", "segments",
    "bags",
]
Dtype = Literal[
    "float32", "float64", "float16", "bfloat16", "int8", "uint8", "int16", "uint16", "int32", "int64", "bool",
]
Layout = Literal["channels_first", "channels_last", "NCW", "NCHW", "NCDHW", "NWC", "NHWC", "NDHWC"]
PerAxis = int | Sequence[int]
Padding = PerAxis | Sequence[Sequence[int]] | Literal["valid", "same", "same_lower"]
PaddingMode = Literal["ignore", "zeros", "constant", "reflect", "symmetric", "replicate", "circular"]
OutputSize = int | Sequence[int | None]
NaNRule = Literal["propagate", "ignore"]
Interpolation = Literal["linear", "lower", "higher", "midpoint", "nearest"]
StochasticMode = Literal["sample", "expected"]
SampleMax = Literal["bilinear", "corners"]
IndexBase = Literal["plane", "sample", "tensor", "window"]
IndexOrder = Literal["row_major", "column_major"]
IndexDtype = Literal["int64", "int32", "uint8"]


class SharedParameters(TypedDict, total=False):
    """The parameters of a pooling layer but its op and dtype; :meth:`PoolingClient.forward` describes each."""

    region: Region
    kernel: PerAxis
    stride: PerAxis
    padding: Padding
    padding_mode: PaddingMode | Sequence[PaddingMode]
    padding_value: float
    dilation: PerAxis
    ceil_mode: bool
    dims: int
    axes: Sequence[int]
    layout: Layout
    output_size: OutputSize
    output_ratio: float | Sequence[float]
    boundaries: Sequence[Sequence[int]]
    overlapping: bool
    levels: Sequence[int]
    spatial_scale: float
    sampling_ratio: int
    aligned: bool
    sample_max: SampleMax
    position_sensitive: bool
    segments: int
    empty_value: float
    nan: NaNRule
    count_include_pad: bool
    divisor_override: int
    q: float
    interpolation: Interpolation
    p: float | Sequence[float]
    signed: bool
    eps: float
    r: float | Sequence[float]
    beta: float | Sequence[float]
    correction: float
    alpha: float | Sequence[float]
    seed: int
    mode: StochasticMode
    normalize: bool
    return_indices: bool
    index_base: IndexBase
    index_order: IndexOrder
    index_dtype: IndexDtype


class Parameters(SharedParameters, total=False):
    """The parameters of one pooling layer; :meth:`PoolingClient.forward` describes each."""

    op: Op
    dtype: Dtype


class OpsParameters(SharedParameters, total=False):
    """The parameters that several ops share, with the tensors of their region."""

    footprint: ArrayLike
    mask: ArrayLike
    lengths: ArrayLike
    segment_ids: ArrayLike
    offsets: ArrayLike
    spans: ArrayLike
    members: ArrayLike
    rois: ArrayLike
    random_samples: ArrayLike


def is_number(value: Any) -> bool:
    """Whether it is a real number, of Python or numpy."""
    return isinstance(value, numbers.Real) and not isinstance(value, bool)


def plain(value: Any) -> Any:
    """The value as JSON has it: tuples and numpy numbers become lists and numbers, infinity its name.

    Raises:
        TypeError: JSON has nothing for this value.
    """
    if isinstance(value, Mapping):
        return {str(name): plain(item) for name, item in value.items() if item is not None}
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, (str, bool, int, float)) or value is None:
        return value
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    return [plain(item) for item in value]
