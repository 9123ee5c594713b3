"""What calls answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypedDict

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


@dataclass(frozen=True)
class ForwardResult:
    """A pooled tensor; ``indices`` is the mask where ``return_indices`` asked for it."""

    output: Array
    indices: NDArray[np.int64] | None
    request_id: str


@dataclass(frozen=True)
class BackwardResult:
    """The gradient with respect to the input; ``grad_weights`` for the op ``weighted`` with an input."""

    grad_input: Array
    grad_weights: Array | None
    request_id: str


class ShapeReport(TypedDict, total=False):
    """What a layer, or a stack of layers, does to a shape. Which members there are depends on the region."""

    output_shape: list[int]
    padding: list[list[int]]
    windows: int
    clipped_windows: int
    unused: list[int]
    receptive_field: list[int]
    jump: list[int]
    start: list[float]
    operations: int
    input_bytes: int
    output_bytes: int
    mask_bytes: int
    input_min: list[int | None]
    input_max: list[int | None]
    layers: list[ShapeReport]
