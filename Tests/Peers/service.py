"""One request to the service whose tensors are numpy arrays, in and out."""

import base64
import json
import os
import urllib.error
import urllib.request

import numpy as np

URL = os.environ.get("POOLING_SERVER_URL", "http://127.0.0.1:8080")
DTYPES = {
    "float32", "float64", "float16", "bfloat16", "int8", "uint8", "int16", "uint16", "int32", "int64", "bool"}


class Rejected(Exception):
    """A problem document."""

    def __init__(self, status, problem):
        super().__init__(f"{status} {problem.get('code')}: {problem.get('detail')}")
        self.status, self.code = status, problem.get("code")


def tensor(array):
    array = np.ascontiguousarray(array)
    return {"shape": list(array.shape), "dtype": str(array.dtype),
            "b64": base64.b64encode(array.astype(array.dtype.newbyteorder("<")).tobytes()).decode()}


def array(member):
    return np.frombuffer(base64.b64decode(member["b64"]), np.dtype(member["dtype"])).reshape(member["shape"])


def post(path, body):
    """Status and JSON of the response to a body of any JSON value."""
    request = urllib.request.Request(
        URL + path, json.dumps(body).encode(), {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=60) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def call(path, **fields):
    """The response's members, its tensors as arrays. Arrays among the fields are sent as tensors."""
    body = {name: tensor(value) if isinstance(value, np.ndarray) else value for name, value in fields.items()}
    status, response = post(path, body)
    if status != 200:
        raise Rejected(status, response)
    return {name: array(value) if isinstance(value, dict) and "b64" in value else value
            for name, value in response.items()}


def forward(**fields):
    return call("/v1/forward", response_form="b64", **fields)


def backward(**fields):
    return call("/v1/backward", response_form="b64", **fields)


def unpool(**fields):
    return call("/v1/unpool", response_form="b64", **fields)
