"""Triton's own client, unchanged."""

import ml_dtypes
import numpy as np
import pytest
import requests
import tritonclient.http as triton
from tritonclient.utils import InferenceServerException, np_to_triton_dtype

SHAPE = (1, 2, 4, 4)


@pytest.fixture
def client(address):
    with triton.InferenceServerClient(address) as client:
        yield client


def tensor(name, array, binary=True):
    datatype = "BF16" if array.dtype == ml_dtypes.bfloat16 else np_to_triton_dtype(array.dtype)
    value = triton.InferInput(name, list(array.shape), datatype)
    value.set_data_from_numpy(array, binary_data=binary)
    return value


def wanted(*names, binary=True):
    return [triton.InferRequestedOutput(name, binary_data=binary) for name in names]


def numbers(dtype=np.float32):
    return np.random.default_rng(3).permutation(32).reshape(SHAPE).astype(dtype)


def max_pool(array):
    return array.reshape(1, 2, 2, 2, 2, 2).max(axis=(-3, -1))


def test_the_server_is_live_and_ready(client):
    assert client.is_server_live()
    assert client.is_server_ready()
    for model in ["forward", "backward", "unpool"]:
        assert client.is_model_ready(model)
        assert client.is_model_ready(model, "1")
    assert not client.is_model_ready("resnet")
    assert not client.is_model_ready("forward", "2")


def test_metadata_configuration_and_index(client):
    assert client.get_server_metadata()["name"] == "pooling-server"
    assert "binary_tensor_data" in client.get_server_metadata()["extensions"]
    metadata = client.get_model_metadata("backward")
    assert [o["name"] for o in metadata["outputs"]] == ["grad_input", "grad_weights", "grad_structure"]
    assert client.get_model_config("unpool", "1")["name"] == "unpool"
    assert {m["name"] for m in client.get_model_repository_index()} == {"forward", "backward", "unpool"}


@pytest.mark.parametrize("binary_input", [True, False])
@pytest.mark.parametrize("binary_output", [True, False])
@pytest.mark.parametrize("compression", [None, "gzip", "deflate"])
def test_forward_with_indices_backward_and_unpool(client, binary_input, binary_output, compression):
    array = numbers()
    options = dict(request_compression_algorithm=compression, response_compression_algorithm=compression)
    forward = client.infer(
        "forward", [tensor("input", array, binary_input)], outputs=wanted("output", "indices", binary=binary_output),
        parameters={"op": "max", "kernel": "2,2", "return_indices": True}, request_id="a-1", **options)
    output, indices = forward.as_numpy("output"), forward.as_numpy("indices")
    assert forward.get_response()["id"] == "a-1"
    np.testing.assert_array_equal(output, max_pool(array))
    assert indices.dtype == np.int64

    backward = client.infer(
        "backward", [tensor("grad_output", np.ones_like(output), binary_input), tensor("indices", indices, binary_input)],
        outputs=wanted("grad_input", binary=binary_output),
        parameters={"op": "max", "kernel": 2, "input_shape": "1,2,4,4"}, **options)
    unpooled = client.infer(
        "unpool", [tensor("input", output, binary_input), tensor("indices", indices, binary_input)],
        outputs=wanted("output", binary=binary_output), parameters={"kernel": 2}, model_version="1", **options)
    gradient = backward.as_numpy("grad_input")
    assert gradient.sum() == output.size
    np.testing.assert_array_equal(unpooled.as_numpy("output"), gradient * array)


def test_the_response_is_binary_where_no_output_is_named(client):
    result = client.infer("forward", [tensor("input", numbers())], parameters={"op": "avg", "region": "global"})
    np.testing.assert_array_equal(result.as_numpy("output"), numbers().mean(axis=(-2, -1), keepdims=True))
    assert "binary_data_size" in result.get_output("output")["parameters"]


@pytest.mark.parametrize("compression", ["gzip", "deflate"])
def test_large_responses_are_compressed(client, compression):
    array = np.zeros((1, 1, 256, 256), np.float32)
    array[0, 0, ::16] = 1
    result = client.infer(
        "forward", [tensor("input", array)], parameters={"op": "max", "kernel": 1},
        request_compression_algorithm=compression, response_compression_algorithm=compression)
    np.testing.assert_array_equal(result.as_numpy("output"), array)


@pytest.mark.parametrize("dtype", [np.float64, np.float16, np.int8, np.uint8, np.int16, np.uint16, np.int32, np.int64])
@pytest.mark.parametrize("binary", [True, False])
def test_every_type(client, dtype, binary):
    array = numbers(dtype)
    result = client.infer(
        "forward", [tensor("input", array, binary)], outputs=wanted("output", binary=binary),
        parameters={"op": "max", "kernel": 2})
    assert result.as_numpy("output").dtype == dtype
    np.testing.assert_array_equal(result.as_numpy("output"), max_pool(array))


def test_bfloat16(client):
    array = numbers().astype(ml_dtypes.bfloat16)
    result = client.infer("forward", [tensor("input", array)], parameters={"op": "max", "kernel": 2})
    output = result.as_numpy("output")
    np.testing.assert_array_equal(output.astype(np.float32), max_pool(array.astype(np.float32)))


@pytest.mark.parametrize("binary", [True, False])
def test_numbers_that_are_not_finite(client, binary):
    array = np.array([[np.nan, np.inf], [-np.inf, 1]], np.float32)
    result = client.infer(
        "forward", [tensor("input", array, binary)], outputs=wanted("output", binary=binary),
        parameters={"op": "max", "kernel": 1})
    np.testing.assert_array_equal(result.as_numpy("output").astype(np.float32), array)


@pytest.mark.parametrize("model, parameters, status, words", [
    ("forward", {"op": "maxx", "kernel": 2}, "422", "maxx"),
    ("forward", {"op": "max", "kernle": 2}, "422", "kernle"),
    ("forward", {"op": "max", "kernel": 9}, "422", "9"),
    ("resnet", {"op": "max", "kernel": 2}, "404", "resnet"),
])
def test_errors_tell_what_is_wrong(client, model, parameters, status, words):
    with pytest.raises(InferenceServerException) as raised:
        client.infer(model, [tensor("input", numbers())], parameters=parameters)
    assert raised.value.status() == status
    assert words in raised.value.message()


def test_asynchronous_requests(address):
    with triton.InferenceServerClient(address, concurrency=4) as client:
        inputs = [tensor("input", numbers())]
        pending = [client.async_infer("forward", inputs, parameters={"op": "max", "kernel": 2}) for _ in range(16)]
        for request in pending:
            np.testing.assert_array_equal(request.get_result().as_numpy("output"), max_pool(numbers()))


def test_reserved_parameters_and_a_timeout(client):
    result = client.infer(
        "forward", [tensor("input", numbers())], sequence_id=7, sequence_start=True, priority=1, timeout=30_000_000,
        parameters={"op": "max", "kernel": 2})
    np.testing.assert_array_equal(result.as_numpy("output"), max_pool(numbers()))


def test_statistics_count_what_was_done(client):
    def successes():
        return client.get_inference_statistics("unpool")["model_stats"][0]["inference_stats"]["success"]["count"]

    before = successes()
    inputs = [tensor("input", np.ones((1, 1), np.float32)), tensor("indices", np.zeros((1, 1), np.int64))]
    client.infer("unpool", inputs, parameters={"kernel": 2})
    assert successes() == before + 1
    assert len(client.get_inference_statistics()["model_stats"]) == 3


def test_shared_memory_is_rejected(address):
    shared = {"shared_memory_region": "r", "shared_memory_byte_size": 4}
    body = {"inputs": [{"name": "input", "datatype": "FP32", "shape": [1, 1], "parameters": shared}]}
    response = requests.post(f"http://{address}/v2/models/forward/infer", json=body, timeout=60)
    assert response.status_code == 400
    assert isinstance(response.json()["error"], str)
