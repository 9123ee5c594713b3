"""Pools NumPy arrays: max pooling with indices, and its gradient.

    pip install numpy requests safetensors
    make run                            # in another terminal
    python Examples/pool_arrays.py

POOLING_SERVER_URL is the address of another server.
"""

import os

import numpy as np
import requests
from safetensors.numpy import load, save

URL = os.environ.get("POOLING_SERVER_URL", "http://127.0.0.1:8080")


def ask(path, parameters, **tensors):
    """Sends named arrays; returns the arrays of the response by name."""
    response = requests.post(
        URL + path, params=parameters, data=save(tensors), headers={"Content-Type": "application/vnd.safetensors"})
    if not response.ok:
        raise ValueError(response.json()["detail"])
    return load(response.content)


image = np.arange(16, dtype=np.float32).reshape(1, 1, 4, 4)

pooled = ask("/v1/forward", {"op": "max", "kernel": 2, "return_indices": "true"}, input=image)
print("output:", pooled["output"].tolist())
print("indices:", pooled["indices"].tolist())

gradient = ask(
    "/v1/backward", {"op": "max", "kernel": 2, "input_shape": "1,1,4,4"},
    grad_output=np.ones_like(pooled["output"]), indices=pooled["indices"])
print("gradient:", gradient["grad_input"].tolist())

try:
    ask("/v1/forward", {"op": "max", "kernel": 9}, input=image)
except ValueError as error:
    print("rejected:", error)
