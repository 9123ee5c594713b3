"""Models that datamodel-code-generator writes, with all their defaults, over httpx."""

import importlib
import re

import httpx
import pytest

from conftest import DOCUMENT, generate
from test_document import SCHEMAS, variants

INPUT = [[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12], [13, 14, 15, 16]]


@pytest.fixture(scope="module")
def models(generated):
    generate(
        "datamodel-codegen", "--input", DOCUMENT, "--input-file-type", "openapi", "--output",
        generated / "pooling_models.py", "--output-model-type", "pydantic_v2.BaseModel", "--disable-timestamp",
        "--set-default-enum-member")
    return importlib.import_module("pooling_models")


def post(url, path, body):
    """Sends all that the model holds, its defaults too."""
    return httpx.post(url + path, json=body.model_dump(mode="json", exclude_none=True))


def test_no_name_is_a_number(models):
    names = [name for name in vars(models) if re.fullmatch(r"[A-Z][A-Za-z]+\d+", name)]
    assert [name for name in names if name not in ("Base64Tensor",)] == []


def test_forward(url, models):
    body = models.SlidingForward(op="max", kernel=2, input=INPUT, return_indices=True)
    assert "overlapping" not in body.model_dump() and body.q == 0.5
    response = post(url, "/v1/forward", body)
    assert response.status_code == 200, response.text
    parsed = models.ForwardResponse.model_validate(response.json())
    assert parsed.model_dump()["indices"] == [[5, 7], [13, 15]]


def test_backward(url, models):
    body = models.SlidingBackward(op="avg", kernel=2, input_shape=[4, 4], grad_output=[[4, 8], [12, 16]])
    response = post(url, "/v1/backward", body)
    assert response.status_code == 200, response.text
    assert models.BackwardResponse.model_validate(response.json()).model_dump()["grad_input"][0] == [1, 1, 2, 2]


@pytest.mark.parametrize("name", variants("ForwardRequest") + variants("BackwardRequest"))
def test_each_variant_by_the_example_of_its_schema(url, models, name):
    body = getattr(models, name).model_validate(SCHEMAS[name]["examples"][0])
    response = post(url, "/v1/forward" if name.endswith("Forward") else "/v1/backward", body)
    assert response.status_code == 200, response.text


def test_a_layer_with_the_defaults_of_all_regions(url, models):
    body = models.ShapeRequest(op="max", kernel=2, input_shape=[1, 1, 8, 8])
    assert body.overlapping is False and body.spatial_scale == 1
    response = post(url, "/v1/shape", body)
    assert response.status_code == 200, response.text


def test_a_request_that_fails(url, models):
    response = post(url, "/v1/forward", models.SlidingForward(op="max", kernel=9, input=INPUT))
    assert response.status_code == 422
    problem = models.Problem.model_validate(response.json())
    assert problem.code == models.ProblemCode.kernel_too_large and problem.pointer == "/kernel"
