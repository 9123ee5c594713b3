"""The figures of docs/how-to/larger-than-memory.md: one file through one and through two replicas.

    POOLING_SERVER=.build/release/pooling-server python Tests/Cluster/measure.py

Each replica has one worker, so that two of them have twice the processors of one.
"""

import os
import pathlib
import sys
import tempfile
import time

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from conftest import Replica  # noqa: E402, I001
from dask.distributed import Client, LocalCluster  # noqa: E402
from dask_pooling import PATIENT, NpyTarget, open_npy, pool  # noqa: E402
import dask.array as da  # noqa: E402
from pooling_client import PoolingClient  # noqa: E402

SIDE = int(os.environ.get("SIDE", "8192"))
CHUNK = 1024
LAYERS = [
    {"op": "max", "kernel": 3, "stride": 2, "padding": 1},
    {"op": "median", "kernel": 5, "stride": 2, "padding": 2},
]


def seconds(folder, count, layer):
    replicas = [Replica("--workers", "1") for _ in range(count)]
    try:
        with PoolingClient([replica.url for replica in replicas], retry=PATIENT) as client:
            start = time.perf_counter()
            pooled = pool(open_npy(folder / "large.npy", CHUNK), client, chunk=CHUNK, dims=2, **layer)
            da.store(pooled, NpyTarget(folder / "pooled.npy", pooled.shape, pooled.dtype), lock=False)
            return time.perf_counter() - start
    finally:
        for replica in replicas:
            replica.kill()


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        rows = np.random.default_rng(1).standard_normal((SIDE, SIDE), np.float32)
        np.save(folder / "large.npy", rows)
        with LocalCluster(n_workers=2, threads_per_worker=2, dashboard_address=None) as cluster, Client(cluster):
            seconds(folder, 1, LAYERS[0])
            for layer in LAYERS:
                one, two = (min(seconds(folder, count, layer) for _ in range(3)) for count in (1, 2))
                size = rows.nbytes / (1 << 20)
                print(f"{layer['op']} {layer['kernel']}: {size:.0f} MiB in {one:.1f} s with one replica "
                      f"({size / one:.0f} MiB/s), {two:.1f} s with two ({size / two:.0f} MiB/s)", flush=True)


if __name__ == "__main__":
    main()
