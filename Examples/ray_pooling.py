"""Pools a folder of pictures or npy files with Ray Data and any number of servers.

    pip install 'ray[data]' pillow clients/python
    python Examples/ray_pooling.py photos/ pooled/ --op max --kernel 4

POOLING_SERVER_URL names the servers, separated by commas. Each file becomes an npy file of the same name.
"""

import argparse
import io
from pathlib import Path

import numpy as np
import ray
from pooling_client import PoolingClient, RetryPolicy

#: A busy server says when to come back; a job waits for it rather than fail.
PATIENT = RetryPolicy(attempts=100, longest_delay=30.0)


class Pooler:
    """An actor of the pipeline; Ray starts it again if it dies, and its batch with it.

    While it waits for a busy server, Ray reads no more files than it has room for.
    """

    def __init__(self, client, layer, target):
        self.client, self.layer, self.target = client, layer, Path(target)

    def __call__(self, batch):
        outputs = self._pooled(batch["image"]) if "image" in batch else self._each(batch["bytes"])
        for path, output in zip(batch["path"], outputs, strict=True):
            np.save(self.target / f"{Path(path).stem}.npy", output)
        return {"path": batch["path"], "shape": [str(output.shape) for output in outputs]}

    def _pooled(self, tensors):
        """One request if all tensors of the batch have the same shape, else one for each."""
        if tensors.dtype != object:
            return list(self.client.forward(np.ascontiguousarray(tensors), **self.layer).output)
        return [self.client.forward(np.ascontiguousarray(tensor), **self.layer).output for tensor in tensors]

    def _each(self, files):
        return [self.client.forward(np.load(io.BytesIO(file)), **self.layer).output for file in files]


def pool_files(source, target, client, actors=2, batch_size=8, **layer):
    """Pools the files of a folder and returns the table of their paths and shapes.

    Args:
        source: a folder of pictures, or of npy files.
        target: the folder to write to.
        client: a PoolingClient; its copies travel to the actors.
        actors: how many requests are under way at once.
        batch_size: files of the same size that go in one request.
        layer: the parameters of ``PoolingClient.forward``.
    """
    Path(target).mkdir(parents=True, exist_ok=True)
    files = sorted(str(path) for path in Path(source).iterdir() if path.suffix in (".png", ".jpg", ".jpeg", ".npy"))
    if not files:
        raise ValueError(f"{source}: no .png, .jpg or .npy file")
    if all(file.endswith(".npy") for file in files):
        dataset = ray.data.read_binary_files(files, include_paths=True)
    else:
        dataset = ray.data.read_images(files, include_paths=True, mode="RGB")
        layer.setdefault("layout", "channels_last")
    layer.setdefault("dims", 2)
    return dataset.map_batches(
        Pooler, fn_constructor_args=(client, layer, str(Path(target).absolute())), batch_size=batch_size,
        # Actors wait for the servers most of the time; whole processors for them would leave none to read files.
        compute=ray.data.ActorPoolStrategy(size=actors), num_cpus=0.25).materialize()


def main():
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("source")
    parser.add_argument("target")
    parser.add_argument("--op", required=True)
    parser.add_argument("--kernel", type=int, required=True)
    parser.add_argument("--stride", type=int)
    parser.add_argument("--actors", type=int, default=2)
    options = parser.parse_args()
    layer = {"op": options.op, "kernel": options.kernel}
    if options.stride:
        layer["stride"] = options.stride

    ray.init(include_dashboard=False)
    with PoolingClient(retry=PATIENT) as client:
        table = pool_files(options.source, options.target, client, actors=options.actors, **layer)
    print(f"{table.count()} files in {options.target}")


if __name__ == "__main__":
    main()
