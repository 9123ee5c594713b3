"""The service from Python with nothing but numpy and requests.

    pip install numpy requests
    python Examples/numpy_requests.py
"""

import io
import os
import urllib.parse

import numpy as np
import requests

URL = os.environ.get("POOLING_SERVER_URL", "http://127.0.0.1:8080")


def pool(array, **layer):
    """One array in, one array out, as npy files; the layer is in the query string."""
    body = io.BytesIO()
    np.save(body, array)
    answer = requests.post(
        f"{URL}/v1/forward?{urllib.parse.urlencode(layer)}", body.getvalue(),
        headers={"Content-Type": "application/x-npy"}, timeout=60)
    if not answer.ok:
        raise ValueError(answer.json()["detail"])
    return np.load(io.BytesIO(answer.content))


def ask(path, **fields):
    """One request in JSON."""
    answer = requests.post(URL + path, json=fields, timeout=60)
    if not answer.ok:
        raise ValueError(answer.json()["detail"])
    return answer.json()


square = np.arange(1, 17, dtype=np.float32).reshape(4, 4)
print(pool(square, op="max", kernel=2))
print(pool(square, op="avg", kernel="2,2", stride=1).shape)

forward = ask("/v1/forward", op="max", kernel=2, return_indices=True, input=square.tolist())
print(forward["indices"])
print(ask("/v1/backward", op="max", kernel=2, input_shape=[4, 4], indices=forward["indices"],
          grad_output=[[1, 2], [3, 4]])["grad_input"])
try:
    pool(square, op="max", kernel=5)
except ValueError as refusal:
    print("refused:", refusal)
