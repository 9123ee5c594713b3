"""Examples/ray_pooling.py: a folder of files equals one request per file, also when a replica is killed on the way."""

import os
import threading

import numpy as np
import pytest
import ray
from conftest import REPOSITORY
from PIL import Image
from pooling_client import PoolingClient
from ray_pooling import PATIENT, pool_files

CAT = np.asarray(Image.open(REPOSITORY / "Examples" / "photo.png"))


@pytest.fixture(scope="module", autouse=True)
def cluster():
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    # Actors import the example by name.
    paths = os.pathsep.join([str(REPOSITORY / "Examples"), os.environ.get("PYTHONPATH", "")])
    ray.init(
        num_cpus=4, include_dashboard=False, _node_ip_address="127.0.0.1", log_to_driver=False,
        object_store_memory=200 << 20, runtime_env={"env_vars": {"PYTHONPATH": paths}})
    yield
    ray.shutdown()


def pictures(folder, count):
    """Files that differ."""
    folder.mkdir()
    for number in range(count):
        Image.fromarray(np.roll(CAT, number, axis=1)).save(folder / f"{number:03}.png")


def test_pictures_are_pooled_in_batches(replicas, tmp_path):
    pictures(tmp_path / "photos", 10)
    urls = [replica.url for replica in replicas(2)]
    with PoolingClient(urls, retry=PATIENT) as client:
        table = pool_files(tmp_path / "photos", tmp_path / "pooled", client, batch_size=4, op="max", kernel=4)
        assert table.count() == 10
        for number in range(10):
            whole = client.forward(np.roll(CAT, number, axis=1), op="max", kernel=4, layout="channels_last").output
            np.testing.assert_array_equal(np.load(tmp_path / "pooled" / f"{number:03}.npy"), whole)


def test_npy_files_of_different_shapes_are_pooled(replicas, tmp_path):
    (tmp_path / "arrays").mkdir()
    for size in (8, 12, 20):
        np.save(tmp_path / "arrays" / f"{size}.npy", np.arange(size * size, dtype=np.float32).reshape(size, size))
    with PoolingClient(replicas(1)[0].url, retry=PATIENT) as client:
        pool_files(tmp_path / "arrays", tmp_path / "pooled", client, op="avg", kernel=2)
        for size in (8, 12, 20):
            source = np.load(tmp_path / "arrays" / f"{size}.npy")
            np.testing.assert_array_equal(
                np.load(tmp_path / "pooled" / f"{size}.npy"), client.forward(source, op="avg", kernel=2).output)


def test_a_replica_killed_on_the_way_changes_nothing(replicas, tmp_path):
    pictures(tmp_path / "photos", 120)
    first, second = replicas(2, "--workers", "1")
    counts = []

    def kill_first():
        first.wait_for_responses(3)
        counts.append(second.responses(200))
        first.kill()

    killer = threading.Thread(target=kill_first)
    killer.start()
    with PoolingClient([first.url, second.url], retry=PATIENT) as client:
        table = pool_files(
            tmp_path / "photos", tmp_path / "pooled", client, batch_size=2, op="max", kernel=3, stride=1)
        killer.join()
        assert table.count() == 120
        assert second.responses(200) > counts[0], "the job was over before the replica was killed"
        for number in (0, 60, 119):
            whole = client.forward(
                np.roll(CAT, number, axis=1), op="max", kernel=3, stride=1, layout="channels_last").output
            np.testing.assert_array_equal(np.load(tmp_path / "pooled" / f"{number:03}.npy"), whole)
