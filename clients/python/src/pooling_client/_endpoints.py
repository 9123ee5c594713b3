"""Every call that both clients offer, with its arguments and its documentation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Unpack

from numpy.typing import ArrayLike

from . import _calls
from ._calls import Call
from ._parameters import Parameters
from ._results import Array, BackwardResult, ForwardResult, ShapeReport
from ._wire import Wire


@dataclass(frozen=True)
class Endpoints:
    """Makes calls and sends none; the clients differ in how they wait for the answers."""

    wire: Wire

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
    ) -> Call[ForwardResult]:
        """Pools a tensor. The output has the input's type; lists are float32, or what ``dtype`` says."""
        tensors = {
            "input": input, "weights": weights, "mask": mask, "lengths": lengths, "segment_ids": segment_ids,
            "rois": rois, "random_samples": random_samples,
        }
        return _calls.forward(tensors, parameters, self.wire, deadline)

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
    ) -> Call[BackwardResult]:
        """The gradient of :meth:`forward` with the same parameters.

        Give ``input``; or ``input_shape`` with ``indices`` for an op with a mask; or ``input_shape`` alone for an op
        whose gradient does not depend on the values.
        """
        tensors = {
            "grad_output": grad_output, "input": input, "indices": indices, "weights": weights, "mask": mask,
            "lengths": lengths, "segment_ids": segment_ids, "rois": rois, "random_samples": random_samples,
        }
        return _calls.backward(tensors, parameters, self.wire, deadline)

    def unpool(
        self, input: ArrayLike, indices: ArrayLike, *, deadline: float | None = None, **parameters: Unpack[Parameters]
    ) -> Call[Array]:
        """Puts values back at their indices, zeros elsewhere."""
        return _calls.unpool({"input": input, "indices": indices}, parameters, self.wire, deadline)

    def shape(
        self,
        /,
        input_shape: Sequence[int] | None = None,
        *,
        output_shape: Sequence[int] | None = None,
        layers: Sequence[Parameters] | None = None,
        deadline: float | None = None,
        **parameters: Any,
    ) -> Call[ShapeReport]:
        """What a layer, or a stack of ``layers``, makes of a shape; or which inputs give ``output_shape``."""
        return _calls.shape(input_shape, output_shape, layers, parameters, deadline)  # type: ignore[arg-type]

    def operations(self, *, deadline: float | None = None) -> Call[dict[str, Any]]:
        """The service's catalogue: every op and region with its parameters, and the service's limits."""
        return _calls.operations(deadline)
