"""The fields of a request that are no tensors."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypedDict

PerAxis = int | Sequence[int]


class Parameters(TypedDict, total=False):
    """What a pooling layer can be told; ``GET /v1/operations`` says what each means and which op takes which."""

    op: str
    region: str
    kernel: PerAxis
    stride: PerAxis
    padding: PerAxis | Sequence[Sequence[int]] | Literal["valid", "same", "same_lower"]
    padding_mode: Literal["ignore", "zeros", "reflect", "replicate", "circular"]
    dilation: PerAxis
    ceil_mode: bool
    dims: int
    axes: Sequence[int]
    layout: str
    dtype: str
    output_size: int | Sequence[int | None]
    output_ratio: float | Sequence[float]
    boundaries: Sequence[Sequence[int]]
    overlapping: bool
    levels: Sequence[int]
    spatial_scale: float
    sampling_ratio: int
    aligned: bool
    sample_max: Literal["bilinear", "corners"]
    position_sensitive: bool
    segments: int
    nan: Literal["propagate", "ignore"]
    count_include_pad: bool
    divisor_override: int
    q: float
    interpolation: Literal["linear", "lower", "higher", "midpoint", "nearest"]
    p: float
    signed: bool
    eps: float
    r: float
    beta: float
    correction: float
    alpha: float
    seed: int
    mode: Literal["sample", "expected"]
    normalize: bool
    return_indices: bool
    index_base: Literal["plane", "sample", "tensor", "window"]
    index_order: Literal["row_major", "column_major"]
    input_shape: Sequence[int]
    index_shape: Sequence[int]


def plain(value: Any) -> Any:
    """The value as JSON has it: tuples and numpy numbers become lists and numbers, infinity its name."""
    if isinstance(value, Mapping):
        return {str(name): plain(item) for name, item in value.items() if item is not None}
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, (str, bool, int, float)) or value is None:
        return value
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    return [plain(item) for item in value]
