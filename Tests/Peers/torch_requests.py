"""torch's pooling functions as requests: each function here has the signature of torch's and returns a Translation."""

from dataclasses import dataclass, field
from typing import Callable

import numpy as np
import torch

import service


class NotExpressible(Exception):
    """No request says this."""


@dataclass
class Translation:
    path: str
    fields: dict
    #: Members of the response in the order of torch's results.
    results: tuple = ("output",)
    #: What torch's results have that the response has not, such as a sum's logarithm of a count.
    adapt: Callable = field(default=lambda output: output)
    #: torch's arguments in the order of the gradients that backward returns.
    differentiable: tuple = ("grad_input",)


def numpy_of(tensor):
    tensor = tensor.detach().contiguous()
    if tensor.dtype == torch.bfloat16:
        import ml_dtypes
        return tensor.view(torch.int16).numpy().view(ml_dtypes.bfloat16)
    if str(tensor.dtype).removeprefix("torch.") not in service.DTYPES:
        raise NotExpressible(f"dtype {tensor.dtype}")
    return tensor.numpy()


def torch_of(array):
    if array.dtype.name == "bfloat16":
        return torch.from_numpy(array.view(np.int16).copy()).view(torch.bfloat16)
    return torch.from_numpy(array.copy())


def per_axis(value, dims):
    """torch's way to write one entry an axis; nothing where an empty list says so."""
    if value is None or value == () or value == []:
        return None
    entries = [value] if isinstance(value, int) else list(value)
    return [int(one) for one in (entries * dims if len(entries) == 1 else entries)]


def given(**fields):
    return {name: value for name, value in fields.items() if value is not None}


def max_pool(dims):
    def translate(input, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False, return_indices=False):
        return Translation("/v1/forward", given(
            op="max", input=numpy_of(input), kernel=per_axis(kernel_size, dims), stride=per_axis(stride, dims),
            padding=per_axis(padding, dims), dilation=per_axis(dilation, dims), ceil_mode=bool(ceil_mode),
            return_indices=bool(return_indices)), ("output", "indices") if return_indices else ("output",))
    return translate


def avg_pool(dims):
    def translate(input, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True,
                  divisor_override=None):
        if not input.is_floating_point():
            raise NotExpressible("torch truncates integer averages")
        return Translation("/v1/forward", given(
            op="avg", input=numpy_of(input), kernel=per_axis(kernel_size, dims), stride=per_axis(stride, dims),
            padding=per_axis(padding, dims), ceil_mode=bool(ceil_mode), count_include_pad=bool(count_include_pad),
            divisor_override=divisor_override))
    return translate


def lp_pool(dims):
    def translate(input, norm_type, kernel_size, stride=None, ceil_mode=False):
        return Translation("/v1/forward", given(
            op="lp", signed=True, p=float(norm_type), input=numpy_of(input), kernel=per_axis(kernel_size, dims),
            stride=per_axis(stride, dims), ceil_mode=bool(ceil_mode)))
    return translate


def adaptive_pool(op, dims):
    def translate(input, output_size, return_indices=False):
        sizes = [output_size] * dims if output_size is None or isinstance(output_size, int) else list(output_size)
        return Translation("/v1/forward", given(
            op=op, region="adaptive", input=numpy_of(input), output_size=sizes * dims if len(sizes) == 1 else sizes,
            return_indices=True if return_indices else None), ("output", "indices") if return_indices else ("output",))
    return translate


def fractional_pool(dims):
    def translate(input, kernel_size, output_size=None, output_ratio=None, return_indices=False, _random_samples=None):
        ratio = None if output_ratio is None else [output_ratio] * dims if isinstance(output_ratio, float) else list(
            output_ratio)
        # Without a batch axis torch reads the first batch of samples.
        samples = _random_samples[:1] if input.ndim == dims + 1 else _random_samples
        return Translation("/v1/forward", given(
            op="max", region="fractional", input=numpy_of(input), kernel=per_axis(kernel_size, dims),
            output_size=per_axis(output_size, dims), output_ratio=ratio, random_samples=numpy_of(samples),
            return_indices=bool(return_indices)), ("output", "indices") if return_indices else ("output",))
    return translate


def max_unpool(dims):
    def translate(input, indices, kernel_size, stride=None, padding=0, output_size=None):
        return Translation("/v1/unpool", given(
            input=numpy_of(input), indices=numpy_of(indices), kernel=per_axis(kernel_size, dims),
            stride=per_axis(stride, dims), padding=per_axis(padding, dims),
            output_size=None if output_size is None else list(output_size)))
    return translate


def reduction(op, adapt=lambda output, count: output, **parameters):
    """A reduction of some axes: a global region over these."""
    def translate(input, dim=None, keepdim=False, **options):
        extra = {name: value for name, value in options.items() if value is not None and name != "dtype"}
        correction = extra.pop("correction", None)
        if "unbiased" in extra:
            correction = int(extra.pop("unbiased"))
        if op in ("std", "variance"):
            if correction is not None and correction < 0:
                raise NotExpressible("a negative correction")
            parameters["correction"] = float(1 if correction is None else correction)
        if extra or options.get("dtype") is not None:
            raise NotExpressible(f"options {sorted(extra) or 'dtype'}")
        if isinstance(dim, bool):
            raise NotExpressible("unbiased as a position")
        axes = list(range(input.ndim)) if dim is None or dim == () or dim == [] else [dim] if isinstance(
            dim, int) else list(dim)
        if input.ndim == 0 or 0 in input.shape:
            raise NotExpressible("a tensor without axes or elements")
        axes = [axis % input.ndim for axis in axes]
        count = int(np.prod([input.shape[axis] for axis in axes]))

        def shaped(output):
            output = adapt(output, count)
            return output if keepdim else output.reshape([
                size for axis, size in enumerate(output.shape) if axis not in axes])
        # torch sums small integers in int64, and exponentials of integers in float32.
        wide = {"sum": "int64", "product": "int64", "logsumexp": "float32"}.get(op)
        dtype = {"dtype": wide} if wide and not input.is_floating_point() else {}
        return Translation("/v1/forward", dict(
            op=op, region="global", axes=axes, input=numpy_of(input), **parameters, **dtype), adapt=shaped)
    return translate


def segment_reduce(input, reduce, *, lengths=None, indices=None, offsets=None, axis=0, unsafe=False, initial=None):
    if axis != 0 or (lengths if offsets is None else offsets).ndim != 1:
        raise NotExpressible("segments of another axis than the first")
    if offsets is None:
        offsets = torch.cat([torch.zeros(1, dtype=lengths.dtype), lengths.cumsum(0)])
    if initial is not None:
        raise NotExpressible("an initial value")
    if (offsets.diff() == 0).any():
        raise NotExpressible("an empty segment, which torch responses by the op and the service with 0")
    ops = {"sum": "sum", "mean": "avg", "max": "max", "min": "min", "prod": "product"}
    return Translation("/v1/forward", dict(op=ops[reduce], region="bags", input=numpy_of(input), offsets=numpy_of(offsets)))


def embedding_bag(weight, input, offsets=None, max_norm=None, norm_type=2.0, scale_grad_by_freq=False, mode="mean",
                  sparse=False, per_sample_weights=None, include_last_offset=False, padding_idx=None):
    if max_norm is not None:
        raise NotExpressible("max_norm")
    if scale_grad_by_freq:
        raise NotExpressible("scale_grad_by_freq")
    members = input.flatten().long()
    if offsets is None:
        offsets = torch.arange(0, members.numel() + 1, max(input.shape[-1], 1)) if input.ndim == 2 else None
    elif not include_last_offset:
        offsets = torch.cat([offsets.long(), torch.tensor([members.numel()])])
    if offsets is None or 0 in weight.shape:
        raise NotExpressible("no offsets, or an empty table")
    offsets = offsets.long()
    weights = None if per_sample_weights is None else per_sample_weights.flatten()
    if padding_idx is not None:
        kept = members != padding_idx % weight.shape[0]
        offsets = torch.cat([torch.zeros(1, dtype=torch.long), kept.long().cumsum(0)])[offsets]
        members = members[kept]
        weights = None if weights is None else weights[kept]
    op = {"sum": "sum", "mean": "avg", "max": "max"}[mode] if weights is None else "weighted"
    fields = dict(op=op, region="bags", input=numpy_of(weight), members=numpy_of(members), offsets=numpy_of(offsets))
    if weights is not None:
        fields["weights"] = numpy_of(weights)
    return Translation("/v1/forward", fields)


FUNCTIONS = {
    **{f"nn.functional.max_pool{d}d": max_pool(d) for d in (1, 2, 3)},
    **{f"nn.functional.avg_pool{d}d": avg_pool(d) for d in (1, 2, 3)},
    **{f"nn.functional.lp_pool{d}d": lp_pool(d) for d in (1, 2, 3)},
    **{f"nn.functional.adaptive_{op}_pool{d}d": adaptive_pool(op, d) for op in ("max", "avg") for d in (1, 2, 3)},
    **{f"nn.functional.fractional_max_pool{d}d": fractional_pool(d) for d in (2, 3)},
    **{f"nn.functional.max_unpool{d}d": max_unpool(d) for d in (1, 2, 3)},
    "amax": reduction("max"), "amin": reduction("min"), "sum": reduction("sum"), "mean": reduction("avg"),
    "prod": reduction("product"), "var": reduction("variance"), "std": reduction("std"),
    "logsumexp": reduction("logsumexp", lambda output, count: output + np.log(count).astype(output.dtype)),
    "segment_reduce": segment_reduce, "nn.functional.embedding_bag": embedding_bag,
}
