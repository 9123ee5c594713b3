"""A client that openapi-python-client writes: every endpoint is there, and what it sends by itself is accepted."""

import importlib

import pytest

from conftest import DOCUMENT, generate

INPUT = [[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12], [13, 14, 15, 16]]


@pytest.fixture(scope="module")
def printed(generated):
    return generate(
        "openapi-python-client", "generate", "--path", DOCUMENT, "--meta", "none", "--output-path",
        generated / "pooling_api")


@pytest.fixture
def client(printed, url):
    return importlib.import_module("pooling_api").Client(base_url=url)


@pytest.fixture
def models(printed):
    return importlib.import_module("pooling_api.models")


def call(client, endpoint, body):
    module = importlib.import_module(f"pooling_api.api.pooling.{endpoint}")
    return module.sync_detailed(client=client, body=body)


def test_no_schema_and_no_endpoint_is_left_out(printed):
    assert "Unable to process schema" not in printed
    assert "Endpoint will not be generated" not in printed


def test_forward_with_indices(client, models):
    body = models.SlidingForward(op=models.Op.MAX, kernel=2, input_=INPUT, return_indices=True)
    # The defaults of parameters that other ops have are sent too.
    assert body.to_dict()["q"] == 0.5
    response = call(client, "forward", body)
    assert response.status_code == 200, response.content
    assert response.parsed.output == [[6, 8], [14, 16]]
    assert response.parsed.indices == [[5, 7], [13, 15]]
    assert response.parsed.output_shape == [2, 2]


def test_backward_from_indices(client, models):
    body = models.SlidingBackward(
        op=models.Op.MAX, kernel=2, grad_output=[[1, 2], [3, 4]], indices=[[5, 7], [13, 15]], input_shape=[4, 4])
    response = call(client, "backward", body)
    assert response.status_code == 200, response.content
    assert response.parsed.grad_input == [[0, 0, 0, 0], [0, 1, 0, 2], [0, 0, 0, 0], [0, 3, 0, 4]]


@pytest.mark.parametrize(
    "name", ["Sliding", "Global", "Adaptive", "Fractional", "Pyramid", "Roi", "RoiAlign", "Sequence", "Segments", "Bags"])
@pytest.mark.parametrize("kind", ["Forward", "Backward"])
def test_each_region_by_the_example_of_its_schema(client, models, name, kind):
    variant = getattr(models, name + kind)
    body = variant.from_dict(example(name + kind))
    response = call(client, kind.lower(), body)
    assert response.status_code == 200, response.content


def test_unpool_and_its_gradient(client, models):
    unpool = models.UnpoolRequest.from_dict(example("UnpoolRequest"))
    assert call(client, "unpool", unpool).parsed.output[3] == [0, 14, 0, 16]
    gradient = models.UnpoolBackward.from_dict(example("UnpoolBackward"))
    assert call(client, "backward", gradient).parsed.grad_input == [[6, 8], [14, 16]]


def test_a_shape_query_of_a_stack(client, models):
    layer = models.Layer(op=models.Op.MAX, kernel=2)
    body = models.ShapeRequest(input_shape=[1, 1, 8, 8], layers=[layer, layer])
    response = call(client, "shape", body)
    assert response.status_code == 200, response.content
    assert response.parsed.output_shape == [1, 1, 2, 2]
    assert response.parsed.receptive_field == [4, 4]


def test_a_tensor_object_comes_back_as_one(client, models):
    tensor = models.FlatTensor(shape=[2, 2], data=[1, 2, 3, 4], dtype=models.DType.INT32)
    response = call(client, "forward", models.GlobalForward(region="global", op=models.Op.SUM, input_=tensor))
    assert (response.parsed.output.data, response.parsed.output.dtype) == ([10], models.DType.INT32)


def test_a_call_that_fails_is_a_problem(client, models):
    response = call(client, "forward", models.SlidingForward(op=models.Op.MAX, kernel=9, input_=INPUT))
    assert response.status_code == 422
    assert response.parsed.code == models.ProblemCode.KERNEL_TOO_LARGE
    assert response.parsed.pointer == "/kernel"


def example(name):
    from test_document import SCHEMAS

    return SCHEMAS[name]["examples"][0]
