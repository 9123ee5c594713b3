"""openapi.yaml is a valid document, and its examples are what it describes."""

import json

import jsonschema
import pytest
import yaml
from openapi_spec_validator import validate

from conftest import DOCUMENT

SPECIFICATION = yaml.safe_load(DOCUMENT.read_text(encoding="utf-8"))
SCHEMAS = SPECIFICATION["components"]["schemas"]
REQUESTS = ["ForwardRequest", "BackwardRequest", "UnpoolRequest", "ShapeRequest"]


def validator(name):
    # The references of the document begin at its root.
    return jsonschema.Draft202012Validator({"$ref": f"#/components/schemas/{name}", **SPECIFICATION})


def test_it_is_valid_openapi():
    validate(SPECIFICATION)


@pytest.mark.parametrize("name", [name for name, schema in SCHEMAS.items() if "examples" in schema])
def test_each_example_of_a_schema_is_valid(name):
    for example in SCHEMAS[name]["examples"]:
        validator(name).validate(example)


@pytest.mark.parametrize("name", REQUESTS)
def test_each_example_of_a_request_is_valid(name):
    path = "/v1/" + name.removesuffix("Request").lower()
    content = SPECIFICATION["paths"][path]["post"]["requestBody"]["content"]["application/json"]
    assert content["schema"]["$ref"].endswith(name)
    for example in content["examples"].values():
        validator(name).validate(example["value"])


def variants(name):
    """The schemas that a request is one of in the end, or itself."""
    parts = [part["$ref"].rsplit("/")[-1] for part in SCHEMAS[name].get("oneOf", [])]
    return [variant for part in parts for variant in variants(part)] or [name]


@pytest.mark.parametrize("name", [variant for request in REQUESTS for variant in variants(request)])
def test_each_variant_of_a_request_has_an_example(name):
    assert SCHEMAS[name]["examples"]


@pytest.mark.parametrize("request_name", REQUESTS[:2])
def test_each_variant_is_the_only_one_that_its_example_fits(request_name):
    for name in variants(request_name):
        example = SCHEMAS[name]["examples"][0]
        assert [other for other in variants(request_name) if validator(other).is_valid(example)] == [name]


@pytest.mark.parametrize("tensor", [[[1, 2], [3, "NaN"]], [True, False], [], [[[]]]])
def test_nested_lists_are_tensors(tensor):
    validator("Tensor").validate(tensor)


@pytest.mark.parametrize("tensor", ["1,2", {"data": [1]}, [{"a": 1}], [None], None])
def test_other_values_are_not(tensor):
    assert not validator("Tensor").is_valid(tensor), json.dumps(tensor)
