"""Examples/dask_pooling.py: chunk by chunk equals one whole request, also when a replica is killed on the way."""

import os
import subprocess
import sys
import threading

import dask.array as da
import numpy as np
import pytest
from conftest import REPOSITORY, Replica
from dask.distributed import Client, LocalCluster
from dask_pooling import PATIENT, NpyTarget, open_npy, pool
from pooling_client import PoolingClient


@pytest.fixture(scope="module")
def cluster():
    with LocalCluster(n_workers=2, threads_per_worker=2, dashboard_address=None) as cluster, Client(cluster) as client:
        yield client


@pytest.fixture(scope="module")
def client():
    replica = Replica()
    with PoolingClient(replica.url) as client:
        yield client
    replica.kill()


@pytest.fixture(scope="module")
def array():
    return np.random.default_rng(1).standard_normal((2, 3, 70, 83)).astype(np.float32)


LAYERS = [
    {"op": "max", "kernel": 2},
    {"op": "max", "kernel": 3, "stride": 2, "padding": 1},
    {"op": "avg", "kernel": 3, "stride": 2, "padding": 1},
    {"op": "avg", "kernel": 5, "stride": 3, "padding": "same"},
    {"op": "avg", "kernel": [4, 3], "stride": [1, 2], "padding": [[2, 1], [0, 1]], "dilation": [2, 1]},
    {"op": "max", "kernel": 2, "stride": 5},
    {"op": "lp", "kernel": 3, "stride": 2, "ceil_mode": True},
    {"op": "max", "kernel": 2, "stride": 4, "padding": 1, "ceil_mode": True},
    {"op": "sum", "kernel": 7, "stride": 1, "padding": 3, "padding_mode": "reflect"},
    {"op": "max", "kernel": 31, "stride": 1, "padding": 15},
    {"op": "avg", "kernel": 3, "stride": 2, "padding": 1, "layout": "channels_last"},
    {"op": "avg", "region": "adaptive", "output_size": [5, 7]},
    {"op": "std", "region": "global"},
]


@pytest.mark.parametrize("layer", LAYERS, ids=str)
@pytest.mark.parametrize("chunk", [16, 33])
def test_chunks_give_what_one_request_gives(client, array, layer, chunk):
    whole = client.forward(array, **layer).output
    pooled = pool(da.from_array(array, chunks=(1, 3, 20, 20)), client, chunk=chunk, **layer)
    assert pooled.shape == whole.shape
    # A sum depends in its last bit on the order of its terms, which depends on the place in the request.
    exact = layer["op"] == "max"
    np.testing.assert_allclose(
        pooled.compute(scheduler="threads"), whole, rtol=0 if exact else 1e-6, atol=0 if exact else 1e-6)


@pytest.mark.parametrize(("layer", "reason"), [
    ({"op": "max", "kernel": 2, "return_indices": True}, "return_indices"),
    ({"op": "max", "kernel": 3, "stride": 1, "padding": 1, "padding_mode": "circular"}, "circular"),
])
def test_what_chunks_cannot_give_is_an_error(client, array, layer, reason):
    with pytest.raises(ValueError, match=reason):
        pool(da.from_array(array), client, **layer)


def test_chunks_of_a_file_are_read_and_written_without_its_header(tmp_path, monkeypatch):
    """Python 3.11 does not parse headers in several threads at once (python/cpython#106905)."""
    array = np.asfortranarray(np.arange(48, dtype=np.float32).reshape(6, 8))
    np.save(tmp_path / "source.npy", array)
    source = open_npy(tmp_path / "source.npy", 4)
    target = NpyTarget(tmp_path / "target.npy", array.shape, array.dtype)
    with monkeypatch.context() as patch:
        patch.setattr("ast.literal_eval", lambda text: pytest.fail("a header was parsed"))
        da.store(source, target, lock=False, scheduler="threads")
    np.testing.assert_array_equal(np.load(tmp_path / "target.npy"), array)


def test_a_replica_killed_on_the_way_changes_nothing(replicas, cluster, tmp_path):
    array = np.random.default_rng(2).standard_normal((1, 224, 224)).astype(np.float32)
    np.save(tmp_path / "large.npy", array)
    first, second = replicas(2, "--workers", "1")
    layer = {"op": "max", "kernel": 3, "stride": 1, "padding": 1}
    with PoolingClient([first.url, second.url], retry=PATIENT) as client:
        # 49 chunks; enough of them are left when the first replica is killed.
        job = pool(open_npy(tmp_path / "large.npy", 32), client, chunk=32, **layer).persist()
        first.wait_for_responses(3)
        before = second.responses(200)
        first.kill()
        pooled = job.compute()
        assert second.responses(200) > before, "the job was over before the replica was killed"
    with PoolingClient(second.url) as client:
        np.testing.assert_array_equal(pooled, client.forward(array, **layer).output)


def test_a_busy_server_slows_the_job_and_does_not_fail_it(replicas, cluster, array):
    (replica,) = replicas(1, "--workers", "1", "--queue-depth", "1")
    rejected = threading.Event()

    def keep_busy():
        """Fills the queue until a request was rejected."""
        large = np.zeros((256, 256), np.float32)
        with PoolingClient(replica.url, retry=PATIENT) as client:
            while not rejected.is_set():
                client.forward(large, op="max", kernel=9, stride=1, padding=4)
                if replica.responses(503) > 0:
                    rejected.set()

    others = [threading.Thread(target=keep_busy) for _ in range(4)]
    for thread in others:
        thread.start()
    layer = {"op": "max", "kernel": 3, "stride": 1, "padding": 1}
    with PoolingClient(replica.url, retry=PATIENT) as client:
        pooled = pool(da.from_array(array, chunks=(1, 3, 20, 20)), client, chunk=40, **layer).compute()
        assert rejected.wait(60)
        for thread in others:
            thread.join()
        np.testing.assert_array_equal(pooled, client.forward(array, **layer).output)


def test_the_program_pools_one_file_into_another(replicas, tmp_path):
    array = np.random.default_rng(3).integers(0, 255, (200, 301), np.uint8)
    np.save(tmp_path / "large.npy", array)
    urls = ",".join(replica.url for replica in replicas(2))
    subprocess.run(
        [sys.executable, REPOSITORY / "Examples/dask_pooling.py", "large.npy", "pooled.npy", "--op", "max",
         "--kernel", "3", "--stride", "2", "--padding", "1", "--chunk", "64"],
        cwd=tmp_path, env=dict(os.environ, POOLING_SERVER_URL=urls), check=True, timeout=120)
    with PoolingClient(urls) as client:
        whole = client.forward(array, op="max", kernel=3, stride=2, padding=1).output
    np.testing.assert_array_equal(np.load(tmp_path / "pooled.npy"), whole)
