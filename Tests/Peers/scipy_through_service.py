"""A pytest plugin that computes scipy.ndimage's rank and extremum filters through the service.

    pytest --pyargs scipy.ndimage.tests.test_filters -p scipy_through_service -k 'rank or minimum'

Calls that a request cannot express stay with scipy; the report counts both.
"""

import numbers
from collections import Counter

import numpy as np
from scipy.ndimage import _filters

import service

MODES = {
    "reflect": "symmetric", "grid-mirror": "symmetric", "mirror": "reflect", "nearest": "replicate", "wrap": "circular",
    "grid-wrap": "circular", "constant": "constant", "grid-constant": "constant"}
counts = Counter()


class NotExpressible(Exception):
    pass


def per_axis(value, rank):
    return list(value) if np.iterable(value) and not isinstance(value, str) else [value] * rank


def numbered(axes, rank):
    """The axes as numbers from 0."""
    axes = list(range(rank)) if axes is None else per_axis(axes, 1)
    if any(not isinstance(axis, numbers.Integral) or not -rank <= axis < rank for axis in axes):
        raise NotExpressible("an error in scipy as well")
    axes = [int(axis) % rank for axis in axes]
    if len(set(axes)) < len(axes):
        raise NotExpressible("an error in scipy as well")
    return axes


def through_service(input, kernel, footprint, mode, cval, origin, axes, **op):
    """The filtered array, in the input's dtype."""
    input = np.asarray(input)
    axes = numbered(axes, input.ndim)
    if str(input.dtype) not in service.DTYPES - {"bool"}:
        raise NotExpressible(f"dtype {input.dtype}")
    if 0 in input.shape or not axes:
        raise NotExpressible("an empty array")
    kernel, origins = per_axis(kernel, len(axes)), per_axis(origin, len(axes))
    modes = [MODES[one] for one in per_axis(mode, len(axes))]
    if any(len(values) != len(axes) for values in (kernel, origins, modes)):
        raise NotExpressible("an error in scipy as well")
    if footprint is not None or "structure" in op:
        # Their dimensions are the array's in its own order, whatever the order of the axes.
        order = sorted(range(len(axes)), key=axes.__getitem__)
        axes, origins, modes = ([values[place] for place in order] for values in (axes, origins, modes))
    before = [int(size // 2 + shift) for size, shift in zip(kernel, origins)]
    padding = [[start, size - 1 - start] for start, size in zip(before, kernel)]
    if any(min(pads) < 0 for pads in padding):
        raise NotExpressible("an error in scipy as well")
    for axis, pads, one in zip(axes, padding, modes):
        limit = {"reflect": input.shape[axis] - 1, "symmetric": input.shape[axis], "circular": input.shape[axis]}
        if max(pads) > limit.get(one, max(pads)):
            raise NotExpressible("more padding than the array has cells")
    fields = {"stride": 1, "axes": axes, "padding": padding, "padding_mode": modes}
    if "constant" in modes:
        fields["padding_value"] = float(cval) if input.dtype.kind == "f" else int(cval)
    if footprint is not None:
        fields["footprint"] = np.asarray(footprint, bool).tolist()
    if "structure" not in op:
        fields["kernel"] = kernel
    return service.forward(input=input, **fields, **op)["output"]


def counted(name, through, original):
    """Asks the service, scipy where the request cannot say it; a rejection by the service is an error."""
    def call(*arguments, **named):
        try:
            result = through(*arguments, **named)
        except NotExpressible as reason:
            counts[f"left to scipy: {reason}"] += 1
            return original(*arguments, **named)
        counts[f"{name} through the service"] += 1
        return result
    return call


def stored(result, output, like):
    """As scipy returns it: into `output` where that is an array, else in its dtype."""
    if isinstance(output, np.ndarray):
        output[...] = result
        return output
    return result.astype(like.dtype if output is None else output)


def prepared(input, size, footprint, structure, axes, mode):
    input = np.asarray(input)
    if size is not None and footprint is not None:
        raise NotExpressible("size together with a footprint")
    is_box = structure is None and (footprint is None or np.all(footprint))
    if not is_box and not isinstance(mode, str):
        raise NotExpressible("an error in scipy as well")
    rank = input.ndim if axes is None else len(per_axis(axes, 1))
    if structure is not None:
        structure = np.asarray(structure)
        kernel = structure.shape
        footprint = None if footprint is None else np.asarray(footprint, bool)
    elif footprint is not None:
        footprint = np.asarray(footprint, bool)
        kernel = footprint.shape
    elif size is not None:
        kernel = per_axis(size, rank)
    else:
        raise NotExpressible("no size")
    if len(kernel) != rank or (footprint is not None and (footprint.ndim != rank or not footprint.any())):
        raise NotExpressible("an error in scipy as well")
    if any(int(one) != one or one < 1 for one in kernel):
        raise NotExpressible("an error in scipy as well")
    return input, [int(one) for one in kernel], footprint, structure


def min_or_max(input, size, footprint, structure, output, mode, cval, origin, minimum, axes=None):
    input, kernel, footprint, structure = prepared(input, size, footprint, structure, axes, mode)
    op = {"op": "min" if minimum else "max"}
    if footprint is not None and structure is None and footprint.all():
        # scipy then filters axis by axis, in the order of the axes.
        footprint = None
    if structure is not None:
        if input.dtype.kind != "f":
            # The service takes a structure over floats only; integers below 2^53 are exact in float64.
            if input.dtype.kind not in "iu" or input.size == 0 or np.abs(input.astype(np.float64)).max() >= 2**52:
                raise NotExpressible(f"a structure over {input.dtype}")
            result = through_service(
                input.astype(np.float64), kernel, footprint, mode, cval, origin, axes,
                structure=structure.astype(np.float64), **op)
            return stored(result, output, input)
        op["structure"] = structure.astype(input.dtype)
    return stored(through_service(input, kernel, footprint, mode, cval, origin, axes, **op), output, input)


def rank(input, rank, size=None, footprint=None, output=None, mode="reflect", cval=0.0, origin=0, operation="rank",
         axes=None):
    if not isinstance(mode, str):
        raise NotExpressible("an error in scipy as well")
    input, kernel, footprint, _ = prepared(input, size, footprint, None, axes, mode)
    cells = int(footprint.sum()) if footprint is not None else int(np.prod(kernel))
    if operation == "median":
        rank = cells // 2
    elif operation == "percentile":
        percentile = rank + 100.0 if rank < 0 else rank
        if not 0 <= percentile <= 100:
            raise NotExpressible("an error in scipy as well")
        rank = cells - 1 if percentile == 100 else int(cells * percentile / 100)
    rank = rank + cells if rank < 0 else rank
    if not 0 <= rank < cells:
        raise NotExpressible("an error in scipy as well")
    op = {"op": "quantile", "q": rank / (cells - 1), "interpolation": "nearest"} if cells > 1 else {"op": "first"}
    return stored(through_service(input, kernel, footprint, mode, cval, origin, axes, **op), output, input)


def of_one_axis(op):
    def filtered(input, size, axis=-1, output=None, mode="reflect", cval=0.0, origin=0):
        input = np.asarray(input)
        if np.iterable(size) or size < 1 or not -input.ndim <= axis < input.ndim:
            raise NotExpressible("an error in scipy as well")
        if op == "avg" and input.dtype.kind != "f":
            raise NotExpressible("integer averages round differently")
        return stored(
            through_service(input, [size], None, mode, cval, origin, [axis], op=op), output, input)
    return filtered


def pytest_configure(config):
    for name, through in {
        "_min_or_max_filter": min_or_max, "_rank_filter": rank, "minimum_filter1d": of_one_axis("min"),
        "maximum_filter1d": of_one_axis("max"), "uniform_filter1d": of_one_axis("avg"),
    }.items():
        setattr(_filters, name, counted(name, through, getattr(_filters, name)))


def pytest_terminal_summary(terminalreporter):
    for name, count in sorted(counts.items()):
        terminalreporter.write_line(f"{count:7} calls {name}")
