"""The client. Made from ``_async_client.py`` by ``tools/make_client.py``."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, Literal, Self, TypeVar, Unpack

import httpx
from numpy.typing import ArrayLike

from . import _calls
from ._base import Client, until, warn
from ._calls import Call
from ._errors import TEMPORARY, PoolingError, ProblemError, Unreachable
from ._names import checked
from ._parameters import (
    Dtype,
    IndexBase,
    IndexDtype,
    IndexOrder,
    Interpolation,
    Layout,
    NaNRule,
    Op,
    OpsParameters,
    OutputSize,
    Padding,
    PaddingMode,
    Parameters,
    PerAxis,
    Region,
    SampleMax,
    StochasticMode,
)
from ._results import (
    BackwardResult,
    BatchResult,
    Catalogue,
    ForwardResult,
    LayersResult,
    OpsResult,
    ShapeResult,
    UnpoolResult,
)

Result = TypeVar("Result")


class PoolingClient(Client):
    """Calls the service and waits for the response. Close it, or use it in ``with``; threads may share one.

    Tensors are anything that numpy makes an array of; an array keeps its dtype, a list is float32 or what ``dtype``
    says. Every call takes ``deadline``: the seconds that it may take in all, retries included. The service knows it
    and does not begin work that would be late.

    Every error is a :class:`PoolingError`; a notice of the service is a warning, :class:`PoolingNotice`.

    Example:
        >>> with PoolingClient() as client:
        ...     pooled = client.forward([[1, 2], [3, 4]], op="max", kernel=2)
        ...     print(pooled.output)
        [[4.]]
    """

    @checked
    def forward(
        self,
        input: ArrayLike,
        *,
        op: Op,
        region: Region = "sliding",
        kernel: PerAxis | None = None,
        stride: PerAxis | None = None,
        padding: Padding | None = None,
        padding_mode: PaddingMode | Sequence[PaddingMode] | None = None,
        padding_value: float | None = None,
        footprint: ArrayLike | None = None,
        dilation: PerAxis | None = None,
        ceil_mode: bool | None = None,
        output_size: OutputSize | None = None,
        output_ratio: float | Sequence[float] | None = None,
        random_samples: ArrayLike | None = None,
        boundaries: Sequence[Sequence[int]] | None = None,
        overlapping: bool | None = None,
        levels: Sequence[int] | None = None,
        rois: ArrayLike | None = None,
        spatial_scale: float | None = None,
        position_sensitive: bool | None = None,
        sampling_ratio: int | None = None,
        aligned: bool | None = None,
        sample_max: SampleMax | None = None,
        mask: ArrayLike | None = None,
        lengths: ArrayLike | None = None,
        segment_ids: ArrayLike | None = None,
        segments: int | None = None,
        offsets: ArrayLike | None = None,
        spans: ArrayLike | None = None,
        members: ArrayLike | None = None,
        empty_value: float | None = None,
        nan: NaNRule | None = None,
        q: float | None = None,
        interpolation: Interpolation | None = None,
        count_include_pad: bool | None = None,
        divisor_override: int | None = None,
        p: float | Sequence[float] | None = None,
        signed: bool | None = None,
        eps: float | None = None,
        r: float | Sequence[float] | None = None,
        beta: float | Sequence[float] | None = None,
        correction: float | None = None,
        alpha: float | Sequence[float] | None = None,
        seed: int | None = None,
        mode: StochasticMode | None = None,
        structure: ArrayLike | None = None,
        weights: ArrayLike | None = None,
        normalize: bool | None = None,
        dims: int | None = None,
        axes: Sequence[int] | None = None,
        layout: Layout | None = None,
        dtype: Dtype | None = None,
        return_indices: bool | None = None,
        index_base: IndexBase | None = None,
        index_order: IndexOrder | None = None,
        index_dtype: IndexDtype | None = None,
        deadline: float | None = None,
    ) -> ForwardResult:
        """Pools a tensor. The output has the dtype of the input.

        Args:
            input: the tensor, ``[H, W]``, ``[C, H, W]`` or ``[N, C, H, W]`` for two spatial axes.
            op: the function from the values of a window to one value.
            region: the rule that gives the windows; each takes the parameters named below.

            kernel: (sliding, fractional) size of the window, one number or one per axis.
            stride: (sliding) step from window to window; default: the kernel.
            padding: (sliding) cells before and after each axis: a number, one per axis, pairs, ``"same"``,
                ``"same_lower"`` or ``"valid"``.
            padding_mode: (sliding) values of padded cells, one mode or one per axis; ``"ignore"``, the default, leaves
                them out.
            padding_value: (sliding) the value of padded cells with ``"constant"``.
            footprint: (sliding) booleans of the kernel's shape: the cells that take part; gives the kernel.
            dilation: (sliding) distance between the cells of a window.
            ceil_mode: (sliding) keep a last window that extends over the end.
            output_size: (adaptive, roi, roi_align, fractional) windows per axis; None keeps the size of that axis.
            output_ratio: (fractional) windows per axis as a share of the input's size.
            random_samples: (fractional) ``[N, C, d]`` in [0, 1); or ``seed``, or ``boundaries``.
            boundaries: (fractional) the starts of the windows per axis, and the last end.
            overlapping: (fractional) with boundaries: a window holds its end too.
            levels: (pyramid) bins per axis of each level, such as ``[1, 2, 4]``.
            rois: (roi, roi_align) ``[K, 5]``: batch, x1, y1, x2, y2 of each box.
            spatial_scale: (roi, roi_align) factor of the coordinates.
            position_sensitive: (roi, roi_align) each bin reads a channel of its own.
            sampling_ratio: (roi_align) samples per axis of a bin; 0: one per cell.
            aligned: (roi_align) shift the box by half a cell.
            sample_max: (roi_align) with max: the largest interpolated sample, or the largest weighted corner.
            mask: booleans: the elements that take part. (sequence) ``[N, T]``, or ``lengths``; (sliding, global, adaptive,
                fractional, pyramid, roi) the spatial shape, or the input's with 1 for axes that are not pooled.
            lengths: (sequence) ``[N]``: how many steps take part.
            segment_ids: (segments) ``[T]``: the segment of each row.
            segments: (segments) how many segments there are.
            offsets: (bags) ``[B+1]``: bag b is rows ``offsets[b]`` up to ``offsets[b+1]``, or those places of ``members``.
            spans: (bags) ``[B, 2]``: start and end of each bag; ``[B, 3]`` with the batch first, over ``[N, T, ...]``.
            members: (bags) ``[M]``: rows that ``offsets`` cut into bags.
            empty_value: the value of a window without cells: under a mask, or of a region that can be empty.

            nan: (max, min) whether NaN propagates or is skipped.
            q: (quantile) from 0 to 1.
            interpolation: (quantile) the value between two cells; integers need ``lower``, ``higher`` or ``nearest``.
            count_include_pad: (avg) whether the divisor counts padded cells.
            divisor_override: (avg) a divisor to use instead.
            p: (lp, power_avg) the power; a number, or one per channel.
            signed: (lp) powers without absolute values, as PyTorch.
            eps: (power_avg) the smallest value; smaller ones are raised to it.
            r: (logsumexp) sharpness: the larger, the closer to max; a number, or one per channel.
            beta: (softmax) sharpness: 0 is the mean; a number, or one per channel.
            correction: (variance, std) subtracted from the count.
            alpha: (mixed) the share of the maximum; a number, or one per channel.
            seed: (stochastic, fractional) the seed of the random numbers.
            mode: (stochastic) draw a sample, or take the expectation.
            structure: (max, min over sliding) numbers of the kernel's shape, or ``[C, kernel…]``: the largest x + s, the
                smallest x - s; ``-inf`` takes a cell out.
            weights: (weighted) the shape of the kernel, or ``[C, kernel…]``.
            normalize: (weighted) divide by the sum of the weights.

            dims: number of spatial axes, where no list says it.
            axes: the axes to pool, instead of ``layout`` and ``dims``.
            layout: ``"channels_first"``, the default, or ``"channels_last"``.
            dtype: the dtype of a list.
            return_indices: also return the positions that the op selected (ops with indices).
            index_base: what the indices count in: the plane, the sample, the tensor or the window.
            index_order: ``"row_major"`` or ``"column_major"``.
            index_dtype: the dtype of the indices: ``"int64"``, the default, ``"int32"`` or, within a window, ``"uint8"``.
            deadline: the seconds that the call may take in all.

        Raises:
            InvalidRequest: the service rejects the request; ``pointer`` names the field.
            PoolingError: see its subclasses.

        Example:
            >>> with PoolingClient() as client:
            ...     x = [[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12], [13, 14, 15, 16]]
            ...     pooled = client.forward(x, op="max", kernel=2, return_indices=True)
            ...     print(pooled.output)
            ...     print(pooled.indices)
            [[ 6.  8.]
             [14. 16.]]
            [[ 5  7]
             [13 15]]
        """
        return self._run(_calls.forward(locals(), self._wire))

    @checked
    def backward(
        self,
        grad_output: ArrayLike,
        *,
        op: Op,
        input: ArrayLike | None = None,
        indices: ArrayLike | None = None,
        input_shape: Sequence[int] | None = None,
        region: Region = "sliding",
        kernel: PerAxis | None = None,
        stride: PerAxis | None = None,
        padding: Padding | None = None,
        padding_mode: PaddingMode | Sequence[PaddingMode] | None = None,
        padding_value: float | None = None,
        footprint: ArrayLike | None = None,
        dilation: PerAxis | None = None,
        ceil_mode: bool | None = None,
        output_size: OutputSize | None = None,
        output_ratio: float | Sequence[float] | None = None,
        random_samples: ArrayLike | None = None,
        boundaries: Sequence[Sequence[int]] | None = None,
        overlapping: bool | None = None,
        levels: Sequence[int] | None = None,
        rois: ArrayLike | None = None,
        spatial_scale: float | None = None,
        position_sensitive: bool | None = None,
        sampling_ratio: int | None = None,
        aligned: bool | None = None,
        sample_max: SampleMax | None = None,
        mask: ArrayLike | None = None,
        lengths: ArrayLike | None = None,
        segment_ids: ArrayLike | None = None,
        segments: int | None = None,
        offsets: ArrayLike | None = None,
        spans: ArrayLike | None = None,
        members: ArrayLike | None = None,
        empty_value: float | None = None,
        nan: NaNRule | None = None,
        q: float | None = None,
        interpolation: Interpolation | None = None,
        count_include_pad: bool | None = None,
        divisor_override: int | None = None,
        p: float | Sequence[float] | None = None,
        signed: bool | None = None,
        eps: float | None = None,
        r: float | Sequence[float] | None = None,
        beta: float | Sequence[float] | None = None,
        correction: float | None = None,
        alpha: float | Sequence[float] | None = None,
        seed: int | None = None,
        mode: StochasticMode | None = None,
        structure: ArrayLike | None = None,
        weights: ArrayLike | None = None,
        normalize: bool | None = None,
        dims: int | None = None,
        axes: Sequence[int] | None = None,
        layout: Layout | None = None,
        dtype: Dtype | None = None,
        return_indices: bool | None = None,
        index_base: IndexBase | None = None,
        index_order: IndexOrder | None = None,
        index_dtype: IndexDtype | None = None,
        return_grad_parameters: bool | None = None,
        deadline: float | None = None,
    ) -> BackwardResult:
        """The gradient of :meth:`forward` with respect to its input, with the same parameters.

        Give ``input``; or ``input_shape`` with ``indices`` for an op with indices; or ``input_shape`` alone for an op
        whose gradient does not depend on the values (avg, sum, weighted, mean_sqrt_len).

        Args:
            grad_output: the gradient with respect to the output, in the shape of the output.
            op: as in :meth:`forward`; so are all arguments that are not described here.
            input: the input of :meth:`forward`.
            indices: the indices that :meth:`forward` returned.
            input_shape: the shape of the input, where the input itself is not given.
            return_grad_parameters: whether the result has the gradient of p, r, beta or alpha; needs ``input``.
            deadline: the seconds that the call may take in all.

        Raises:
            InvalidRequest: the service rejects the request; ``pointer`` names the field.
            PoolingError: see its subclasses.

        Example:
            >>> with PoolingClient() as client:
            ...     gradient = client.backward([[1]], op="max", kernel=2, input=[[1, 2], [3, 4]])
            ...     print(gradient.grad_input)
            [[0. 0.]
             [0. 1.]]
        """
        return self._run(_calls.backward(locals(), self._wire))

    @checked
    def unpool(
        self,
        input: ArrayLike,
        indices: ArrayLike,
        *,
        kernel: PerAxis,
        stride: PerAxis | None = None,
        padding: Padding | None = None,
        dilation: PerAxis | None = None,
        output_size: Sequence[int] | None = None,
        index_shape: Sequence[int] | None = None,
        skip_empty: bool | None = None,
        index_base: IndexBase | None = None,
        index_order: IndexOrder | None = None,
        dims: int | None = None,
        layout: Layout | None = None,
        dtype: Dtype | None = None,
        deadline: float | None = None,
    ) -> UnpoolResult:
        """Puts values back at their indices, with zeros elsewhere: the inverse of max pooling.

        Args:
            input: the values, in the shape of the indices.
            indices: the indices that :meth:`forward` returned.
            kernel: size of the window of the pooling layer; likewise ``stride``, ``padding`` and ``dilation``.
            stride: step from window to window; default: the kernel.
            padding: cells before and after each axis.
            dilation: distance between the cells of a window.
            output_size: the size to make, spatial or full, where several sizes give this input.
            index_shape: the shape that the indices count in, where that is not the output.
            skip_empty: whether the index -1, that of an empty region, places nothing instead of being an error.
            index_base: what the indices count in: the plane, the sample, the tensor or the window.
            index_order: ``"row_major"`` or ``"column_major"``.
            dims: number of spatial axes, where no list says it.
            layout: ``"channels_first"``, the default, or ``"channels_last"``.
            dtype: the dtype of a list.
            deadline: the seconds that the call may take in all.

        Raises:
            PoolingError: see its subclasses.

        Example:
            >>> with PoolingClient() as client:
            ...     print(client.unpool([[4]], [[3]], kernel=2).output)
            [[0. 0.]
             [0. 4.]]
        """
        return self._run(_calls.unpool(locals(), self._wire))

    @checked
    def shape(
        self,
        input_shape: Sequence[int] | None = None,
        *,
        output_shape: Sequence[int] | None = None,
        layers: Sequence[Parameters] | None = None,
        op: Op | None = None,
        region: Region | None = None,
        kernel: PerAxis | None = None,
        stride: PerAxis | None = None,
        padding: Padding | None = None,
        padding_mode: PaddingMode | Sequence[PaddingMode] | None = None,
        padding_value: float | None = None,
        footprint: ArrayLike | None = None,
        dilation: PerAxis | None = None,
        ceil_mode: bool | None = None,
        output_size: OutputSize | None = None,
        output_ratio: float | Sequence[float] | None = None,
        random_samples: ArrayLike | None = None,
        boundaries: Sequence[Sequence[int]] | None = None,
        overlapping: bool | None = None,
        levels: Sequence[int] | None = None,
        rois: ArrayLike | None = None,
        spatial_scale: float | None = None,
        position_sensitive: bool | None = None,
        sampling_ratio: int | None = None,
        aligned: bool | None = None,
        sample_max: SampleMax | None = None,
        mask: ArrayLike | None = None,
        lengths: ArrayLike | None = None,
        segment_ids: ArrayLike | None = None,
        segments: int | None = None,
        offsets: ArrayLike | None = None,
        spans: ArrayLike | None = None,
        members: ArrayLike | None = None,
        empty_value: float | None = None,
        nan: NaNRule | None = None,
        q: float | None = None,
        interpolation: Interpolation | None = None,
        count_include_pad: bool | None = None,
        divisor_override: int | None = None,
        p: float | Sequence[float] | None = None,
        signed: bool | None = None,
        eps: float | None = None,
        r: float | Sequence[float] | None = None,
        beta: float | Sequence[float] | None = None,
        correction: float | None = None,
        alpha: float | Sequence[float] | None = None,
        seed: int | None = None,
        mode: StochasticMode | None = None,
        structure: ArrayLike | None = None,
        weights: ArrayLike | None = None,
        normalize: bool | None = None,
        dims: int | None = None,
        axes: Sequence[int] | None = None,
        layout: Layout | None = None,
        dtype: Dtype | None = None,
        index_base: IndexBase | None = None,
        index_dtype: IndexDtype | None = None,
        deadline: float | None = None,
    ) -> ShapeResult:
        """The shape that a layer, or a stack of layers, makes of a shape. No tensor is sent.

        Args:
            input_shape: the shape of the input.
            output_shape: instead of ``input_shape``: which inputs give this output?
            layers: a stack of layers, each a dictionary of parameters, instead of one layer.
            op: as in :meth:`forward`; so are all arguments that are not described here.
            deadline: the seconds that the call may take in all.

        Raises:
            PoolingError: see its subclasses.

        Example:
            >>> with PoolingClient() as client:
            ...     report = client.shape([1, 64, 112, 112], op="max", kernel=3, stride=2, padding=1)
            ...     print(report.output_shape, report.receptive_field)
            [1, 64, 56, 56] [3, 3]
        """
        return self._run(_calls.shape(locals()))

    def ops(
        self,
        input: ArrayLike,
        ops: Sequence[Op | Mapping[str, Any]],
        *,
        combine: Literal["concat"] | None = None,
        dtype: Dtype | None = None,
        deadline: float | None = None,
        **parameters: Unpack[OpsParameters],
    ) -> OpsResult:
        """Several ops over the same windows in one request.

        Args:
            input: the tensor.
            ops: 1 to 16 entries, each the name of an op or a mapping of ``op`` and its own parameters.
            combine: ``"concat"`` joins the outputs along the channels.
            dtype: the dtype of a list.
            deadline: the seconds that the call may take in all.
            parameters: the region and its parameters, as in :meth:`forward`.

        Raises:
            InvalidRequest: the service rejects the request; ``pointer`` names the field.
            PoolingError: see its subclasses.

        Example:
            >>> with PoolingClient() as client:
            ...     result = client.ops([[1, 2], [3, 4]], ["avg", {"op": "lp", "p": 1}], kernel=2)
            ...     print([float(pooled.output[0, 0]) for pooled in result.outputs])
            [2.5, 10.0]
        """
        return self._run(_calls.ops(locals()))

    def layers(
        self,
        input: ArrayLike,
        layers: Sequence[Mapping[str, Any]],
        *,
        layout: Layout | None = None,
        dtype: Dtype | None = None,
        deadline: float | None = None,
    ) -> LayersResult:
        """A chain of layers in one request: each pools the output of the layer before it.

        Args:
            input: the input of the first layer.
            layers: 1 to 64 mappings, each with the parameters of a layer as in :meth:`forward`; ``return_output`` and
                ``return_indices`` ask for the output and the indices of that layer.
            layout: ``"channels_first"``, the default, or ``"channels_last"``, for all layers.
            dtype: the dtype of a list.
            deadline: the seconds that the call may take in all.

        Raises:
            InvalidRequest: the service rejects the request; ``pointer`` names the field.
            PoolingError: see its subclasses.

        Example:
            >>> with PoolingClient() as client:
            ...     x = [[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12], [13, 14, 15, 16]]
            ...     chain = [{"op": "max", "kernel": 2}, {"op": "avg", "region": "global"}]
            ...     print(client.layers(x, chain).output)
            [[11.]]
        """
        return self._run(_calls.layers(locals()))

    @checked
    def batch(
        self, requests: Sequence[Mapping[str, Any]], *, deadline: float | None = None
    ) -> BatchResult:
        """Many small independent requests in one body; one that fails leaves the others alone.

        Args:
            requests: 1 to 4096 mappings, each with ``endpoint`` (``"forward"``, the default, ``"backward"``, ``"unpool"``
                or ``"shape"``) and the fields of that endpoint; tensors as nested lists or arrays.
            deadline: the seconds that the call may take in all.

        Raises:
            InvalidRequest: the service rejects the batch as a whole.
            PoolingError: see its subclasses.

        Example:
            >>> with PoolingClient() as client:
            ...     answers = client.batch([{"op": "max", "kernel": 2, "input": [[1, 2], [3, 4]]}, {"op": "?"}])
            ...     print([answer.status for answer in answers.responses], answers.responses[0].result.output)
            [200, 422] [[4.]]
        """
        return self._run(_calls.batch(locals()))

    @checked
    def operations(self, *, deadline: float | None = None) -> Catalogue:
        """The service's catalogue: every op and region with its parameters, and the service's limits.

        Args:
            deadline: the seconds that the call may take in all.

        Raises:
            PoolingError: see its subclasses.

        Example:
            >>> with PoolingClient() as client:
            ...     print([op.name for op in client.operations().ops][:3])
            ['max', 'min', 'median']
        """
        return self._run(_calls.operations(deadline))

    def is_live(self) -> bool:
        """Whether the service runs. Does not retry; False if it cannot be reached.

        Example:
            >>> with PoolingClient() as client:
            ...     print(client.is_live())
            True
        """
        return self._probe("/healthz")

    def is_ready(self) -> bool:
        """Whether the service takes requests; also False while it shuts down.

        Example:
            >>> with PoolingClient() as client:
            ...     print(client.is_ready())
            True
        """
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

    def _open(self) -> None:
        self._http = httpx.Client(transport=self._transport(), headers=self._headers)

    def _is_closed(self) -> bool:
        return self._http.is_closed

    def _transport(self) -> httpx.BaseTransport:
        return httpx.HTTPTransport(**self._connections)

    def _run(self, call: Call[Result]) -> Result:
        end, failures = until(call.deadline), 0
        while True:
            try:
                return self._attempt(call, end)
            except PoolingError as error:
                failures += 1
                delay = self._delay(failures, error, end)
            time.sleep(delay)

    def _attempt(self, call: Call[Result], end: float | None) -> Result:
        """Asks the replicas one after the other until one can answer; the error is that of the last."""
        *others, last = self._order()
        for url in others:
            with contextlib.suppress(*TEMPORARY):
                return self._send(call, url, end)
        return self._send(call, last, end)

    def _send(self, call: Call[Result], url: str, end: float | None) -> Result:
        request = self._request(self._http, call, url, end)
        try:
            response = self._http.send(request)
        except httpx.HTTPError as error:
            raise self._failure(url, error) from error
        warn(response)
        return call.result(response)

    def _probe(self, path: str) -> bool:
        try:
            return self._attempt(_calls.probe(path), None)
        except (ProblemError, Unreachable):
            return False
