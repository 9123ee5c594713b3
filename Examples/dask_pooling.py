"""Pools an array that is larger than memory, chunk by chunk, with Dask and any number of servers.

    pip install 'dask[array,distributed]' clients/python
    python Examples/dask_pooling.py large.npy pooled.npy --op max --kernel 3 --stride 2 --padding 1

POOLING_SERVER_URL names the servers, separated by commas. ``pool`` works on any Dask array.
"""

import argparse
import math

import dask.array as da
import numpy as np
from pooling_client import PoolingClient, RetryPolicy

#: A busy server says when to come back; a job waits for it rather than fail.
PATIENT = RetryPolicy(attempts=100, longest_delay=30.0)


def pool(array, client, chunk=1024, **layer):
    """The pooled array, lazily: the same values as one request with the whole array.

    Args:
        array: a Dask array.
        client: a PoolingClient; its copies travel to the workers.
        chunk: the longest side of a chunk along a pooled axis.
        layer: the parameters of ``PoolingClient.forward``.
    """
    for name in ("return_indices", "axes"):
        if name in layer:
            raise ValueError(f"{name}: not supported chunk by chunk")
    report = client.shape(array.shape, dtype=array.dtype.name, **layer)
    if layer.get("region", "sliding") == "sliding":
        return _sliding(array, client, chunk, layer, report)
    # Other regions read the whole plane; the samples are independent of each other.
    whole = array.rechunk({axis: -1 for axis in range(1, array.ndim)})
    chunks = (whole.chunks[0], *((size,) for size in report.output_shape[1:]))
    return whole.map_blocks(
        _request, client=client, layer=layer, edges=None, dtype=array.dtype, chunks=chunks, meta=_empty(array))


def _sliding(array, client, chunk, layer, report):
    if layer.get("padding_mode") == "circular":
        raise ValueError("padding_mode: circular padding reads the other end of the array")
    padding = report.padding
    count = len(padding)
    last = array.ndim - 1 if layer.get("layout") in ("channels_last", "NHWC", "NWC", "NDHWC") else array.ndim
    axes = range(last - count, last)
    kernel, stride, dilation = (
        _per_axis(layer.get(name, other), count)
        for name, other in (("kernel", None), ("stride", layer["kernel"]), ("dilation", 1)))
    depth, sizes, outputs = {}, {}, list(array.chunks)
    for axis, (before, _), k, step, gap in zip(axes, padding, kernel, stride, dilation, strict=True):
        extent = gap * (k - 1) + 1
        # A chunk makes the outputs whose step begins in it; their windows begin `before` cells earlier.
        depth[axis] = (before, max(0, extent - step - before))
        sizes[axis] = _chunks(array.shape[axis], chunk, step, max(extent, *depth[axis]))
        outputs[axis] = _output_chunks(sizes[axis], step, report.output_shape[axis])
    array = array.rechunk(sizes)
    outputs = [outputs[axis] if axis in sizes else array.chunks[axis] for axis in range(array.ndim)]
    layer = dict(layer)
    if layer.get("padding") in ("same", "same_lower") and layer["op"] == "avg":
        layer.setdefault("count_include_pad", False)
    options = {
        "client": client, "layer": layer, "edges": dict(zip(axes, padding, strict=True)),
        "dtype": array.dtype, "chunks": tuple(outputs), "meta": _empty(array),
    }
    if all(sides == (0, 0) for sides in depth.values()):
        return array.map_blocks(_request, **options)
    return da.map_overlap(
        _request, array, depth=depth, boundary="none", trim=False, allow_rechunk=False, **options)


def _request(block, client, layer, edges, block_info=None):
    """Pools one chunk; only chunks at an edge of the array are padded there."""
    if block_info is None or block.size == 0:
        return block
    place = block_info[None]
    if edges is not None:
        location, count = place["chunk-location"], place["num-chunks"]
        layer = layer | {"padding": [
            [before if location[axis] == 0 else 0, after if location[axis] == count[axis] - 1 else 0]
            for axis, (before, after) in edges.items()]}
    output = client.forward(np.ascontiguousarray(block), **layer).output
    # The rows after a chunk may hold one more window than the chunk has outputs.
    return output[tuple(slice(0, size) for size in place["chunk-shape"])]


def _per_axis(value, count):
    return [value] * count if isinstance(value, int) else list(value)


def _chunks(size, wanted, step, least):
    """Chunks that begin at a multiple of the step, none shorter than its windows and its neighbours need."""
    length = math.ceil(max(wanted, least) / step) * step
    whole, rest = divmod(size, length)
    if whole == 0:
        return (size,)
    if rest == 0:
        return (length,) * whole
    return (length,) * whole + (rest,) if rest >= least else (length,) * (whole - 1) + (length + rest,)


def _output_chunks(sizes, step, total):
    made = [size // step for size in sizes[:-1]]
    return (*made, total - sum(made))


def _empty(array):
    return np.empty((0,) * array.ndim, array.dtype)


class NpyElements:
    """The place of the elements in an npy file, from an open one.

    The header of the file is a Python literal, and Python 3.11 fails now and then when several threads of a worker parse
    literals (python/cpython#106905). So it is parsed once, and chunks are read and written without it.
    """

    def __init__(self, file):
        self.path, self.dtype, self.shape, self.offset = file.filename, file.dtype, file.shape, file.offset
        self.order = "C" if file.flags.c_contiguous else "F"

    def open(self, mode):
        return np.memmap(self.path, self.dtype, mode, self.offset, self.shape, self.order)


def open_npy(path, chunk):
    """An npy file as a Dask array; each worker reads its chunks from the file."""
    file = np.load(path, mmap_mode="r")
    chunks = da.core.normalize_chunks((1,) * (file.ndim - 2) + (chunk,) * min(file.ndim, 2), file.shape)
    meta = np.empty((0,) * file.ndim, file.dtype)
    return da.map_blocks(_read, NpyElements(file), chunks=chunks, dtype=file.dtype, meta=meta)


def _read(elements, block_info=None):
    place = tuple(slice(start, end) for start, end in block_info[None]["array-location"])
    return np.array(elements.open("r")[place])


class NpyTarget:
    """An npy file that workers write their chunks into."""

    def __init__(self, path, shape, dtype):
        file = np.lib.format.open_memmap(path, mode="w+", dtype=dtype, shape=shape)
        file.flush()
        self.elements = NpyElements(file)

    def __setitem__(self, place, chunk):
        self.elements.open("r+")[place] = chunk


def main():
    from dask.distributed import Client, LocalCluster, progress

    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("source")
    parser.add_argument("target")
    parser.add_argument("--op", required=True)
    parser.add_argument("--kernel", type=int, required=True)
    parser.add_argument("--stride", type=int)
    parser.add_argument("--padding", type=int, default=0)
    parser.add_argument("--chunk", type=int, default=1024)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    layer = {"op": options.op, "kernel": options.kernel, "padding": options.padding, "dims": 2}
    if options.stride:
        layer["stride"] = options.stride

    with LocalCluster(n_workers=options.workers, threads_per_worker=2, dashboard_address=None) as cluster, \
            Client(cluster), PoolingClient(retry=PATIENT) as service:
        pooled = pool(open_npy(options.source, options.chunk), service, chunk=options.chunk, **layer)
        target = NpyTarget(options.target, pooled.shape, pooled.dtype)
        # Of each worker that dies, its chunks are computed again.
        job = da.store(pooled, target, lock=False, compute=False).persist(retries=3)
        progress(job)
        job.compute()
    print(f"{options.target}: {pooled.shape} {pooled.dtype}")


if __name__ == "__main__":
    main()
