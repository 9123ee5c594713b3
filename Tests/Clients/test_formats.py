"""The binary formats, as the libraries that own them read and write them."""

import io
import json
import subprocess
import zlib

import ml_dtypes
import numpy as np
import pytest
import requests
from PIL import Image
from safetensors import deserialize
from safetensors.numpy import save

from conftest import ROOT

NPY = "application/x-npy"
SAFETENSORS = "application/vnd.safetensors"
PNG = "image/png"
TYPES = ["float32", "float64", "float16", "int8", "uint8", "int16", "uint16", "int32", "int64"]


def load(body):
    """The tensors of a safetensors file; the library's own loader for numpy knows no bfloat16."""
    kinds = {"BF16": ml_dtypes.bfloat16, "F64": "f8", "F32": "f4", "F16": "f2", "I64": "i8", "I32": "i4", "I16": "i2",
             "I8": "i1", "U16": "u2", "U8": "u1"}
    return {
        name: np.frombuffer(tensor["data"], kinds[tensor["dtype"]]).reshape(tensor["shape"])
        for name, tensor in deserialize(body)
    }


def npy(array):
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


def numbers(dtype, shape=(2, 3, 4, 6)):
    generator = np.random.default_rng(1)
    if np.issubdtype(np.dtype(dtype), np.integer):
        return generator.integers(0, 100, shape).astype(dtype)
    return generator.standard_normal(shape).astype(dtype)


def max_pool(array, kernel=2):
    """Windows that neither overlap nor leave a rest."""
    *planes, height, width = array.shape
    return array.reshape(*planes, height // kernel, kernel, width // kernel, kernel).max(axis=(-3, -1))


def post(url, path, body, **headers):
    return requests.post(url + path, data=body, headers={k.replace("_", "-"): v for k, v in headers.items()}, timeout=60)


@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize("order", ["C", "F", "big-endian"])
def test_npy_of_every_type_and_order(url, dtype, order):
    array = numbers(dtype)
    sent = {"C": array, "F": np.asfortranarray(array), "big-endian": array.astype(array.dtype.newbyteorder(">"))}[order]
    response = post(url, "/v1/forward?op=max&kernel=2", npy(sent), Content_Type=NPY)
    assert response.status_code == 200, response.text
    output = np.load(io.BytesIO(response.content))
    assert output.dtype == array.dtype
    np.testing.assert_array_equal(output, max_pool(array))


def test_npy_keeps_nan_infinity_and_negative_zero(url):
    array = np.array([[np.nan, np.inf], [-np.inf, -0.0]], np.float32)
    response = post(url, "/v1/forward?op=max&kernel=1", npy(array), Content_Type=NPY)
    assert np.load(io.BytesIO(response.content)).tobytes() == array.tobytes()


@pytest.mark.parametrize("dtype", TYPES + [ml_dtypes.bfloat16])
def test_safetensors_forward_with_indices_and_back(url, dtype):
    array = numbers(dtype) if dtype in TYPES else numbers("float32").astype(dtype)
    forward = post(
        url, "/v1/forward?op=max&kernel=2&return_indices=true", save({"input": array}), Content_Type=SAFETENSORS)
    assert forward.status_code == 200, forward.text
    tensors = load(forward.content)
    np.testing.assert_array_equal(tensors["output"], max_pool(array))
    planes, places = array.reshape(6, -1), tensors["indices"].reshape(6, -1)
    np.testing.assert_array_equal(np.take_along_axis(planes, places, 1), tensors["output"].reshape(6, -1))

    unpooled = post(
        url, "/v1/unpool?kernel=2", save({"input": tensors["output"], "indices": tensors["indices"]}),
        Content_Type=SAFETENSORS)
    assert unpooled.status_code == 200, unpooled.text
    expected = np.zeros_like(planes)
    np.put_along_axis(expected, places, tensors["output"].reshape(6, -1), 1)
    np.testing.assert_array_equal(load(unpooled.content)["output"].reshape(6, -1), expected)


def test_safetensors_backward_with_gradient_of_weights(url):
    body = save({
        "grad_output": np.ones((1, 1), np.float32), "input": np.array([[5, 6], [7, 8]], np.float32),
        "weights": np.array([[1, 2], [3, 4]], np.float32)})
    response = post(url, "/v1/backward?op=weighted&kernel=2", body, Content_Type=SAFETENSORS)
    tensors = load(response.content)
    np.testing.assert_array_equal(tensors["grad_input"], [[1, 2], [3, 4]])
    np.testing.assert_array_equal(tensors["grad_weights"], [[5, 6], [7, 8]])
    rejected = post(url, "/v1/backward?op=weighted&kernel=2", body, Content_Type=SAFETENSORS, Accept=NPY)
    assert rejected.status_code == 406
    assert SAFETENSORS in rejected.json()["detail"]


@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA", "P", "1", "I;16"])
def test_png_of_every_kind(url, mode):
    generator = np.random.default_rng(2)
    if mode == "I;16":
        picture = Image.fromarray(generator.integers(0, 65536, (6, 8)).astype(np.uint16))
    else:
        picture = Image.fromarray(generator.integers(0, 256, (6, 8, 3)).astype(np.uint8)).convert(mode)
    file = io.BytesIO()
    picture.save(file, "png")
    response = post(url, "/v1/forward?op=max&kernel=2", file.getvalue(), Content_Type=PNG)
    assert response.status_code == 200, response.text
    output = np.asarray(Image.open(io.BytesIO(response.content)))
    plain = picture.convert({"P": "RGB", "1": "L"}.get(mode, mode))
    pixels = np.asarray(plain if mode != "I;16" else picture)
    channels = pixels.reshape(6, 8, -1)
    expected = channels.reshape(3, 2, 4, 2, -1).max(axis=(1, 3))
    np.testing.assert_array_equal(output.reshape(expected.shape), expected)


def test_the_line_with_curl(url, tmp_path):
    target = tmp_path / "pooled.png"
    subprocess.run(
        ["curl", "--fail", "--silent", "--data-binary", f"@{ROOT}/Examples/photo.png", "-H", "Content-Type: image/png",
         f"{url}/v1/forward?op=max&kernel=8", "-o", target], check=True)
    photo = np.asarray(Image.open(ROOT / "Examples/photo.png"))
    expected = photo.reshape(6, 8, 9, 8, 3).max(axis=(1, 3))
    np.testing.assert_array_equal(np.asarray(Image.open(target)), expected)


@pytest.mark.parametrize("accept", ["application/json", NPY, SAFETENSORS])
def test_every_response_to_an_array(url, accept):
    array = numbers("float32")
    response = post(url, "/v1/forward?op=max&kernel=2", npy(array), Content_Type=NPY, Accept=accept)
    assert response.headers["Content-Type"] == accept
    if accept == NPY:
        output = np.load(io.BytesIO(response.content))
    elif accept == SAFETENSORS:
        output = load(response.content)["output"]
    else:
        output = np.array(response.json()["output"], np.float32)
    np.testing.assert_array_equal(output, max_pool(array))


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_compressed_both_ways(url, encoding):
    array = np.repeat(numbers("float32", (1, 1, 64, 64)), 4, axis=0)
    body = zlib.compress(npy(array), wbits=31 if encoding == "gzip" else 15)
    response = post(
        url, "/v1/forward?op=max&kernel=1", body, Content_Type=NPY, Content_Encoding=encoding, Accept_Encoding=encoding,
        Accept="application/json")
    assert response.headers["Content-Encoding"] == encoding
    np.testing.assert_array_equal(np.array(response.json()["output"], np.float32), array)


@pytest.mark.parametrize("path, content_type, body, status, code", [
    ("/v1/forward?op=max&kernel=2", NPY, b"not numpy", 400, "malformed_npy"),
    ("/v1/forward?op=max&kernel=2", SAFETENSORS, b"short", 400, "malformed_safetensors"),
    ("/v1/forward?op=max&kernel=2", PNG, b"no picture", 400, "malformed_png"),
    ("/v1/forward?op=max&kernle=2", NPY, npy(np.ones((2, 2), np.float32)), 422, "unknown_field"),
    ("/v1/forward?op=max&kernel=2", NPY, npy(np.ones((2, 2), np.complex64)), 422, "unknown_value"),
    ("/v1/forward?op=max&kernel=2", "text/html", b"x", 415, "unsupported_media_type"),
    ("/v1/forward?op=max", "application/json", json.dumps({"op": "max"}).encode(), 422, "unused_field"),
])
def test_rejections_are_problems(url, path, content_type, body, status, code):
    response = post(url, path, body, Content_Type=content_type, Accept=NPY)
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json()["code"] == code
