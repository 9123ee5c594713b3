"""The signatures are those of the service's catalogue, and what ``help`` shows is true."""

from __future__ import annotations

import doctest
import inspect
import os
import re
import subprocess
import sys
import typing
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import pytest
from conftest import Server

import pooling_client
from pooling_client import AsyncPoolingClient, Op, Parameters, PoolingClient, Region, RetryPolicy

PACKAGE = Path(__file__).resolve().parents[1]
TENSOR_CALLS = [PoolingClient.forward, PoolingClient.backward]
CALLS = [*TENSOR_CALLS, PoolingClient.unpool, PoolingClient.shape, PoolingClient.operations,
         PoolingClient.ops, PoolingClient.layers, PoolingClient.batch]
#: Fields that a user of numpy has no use for, because the client chooses the form of the response, and those of
#: ``ops`` and ``layers``, which are calls of their own.
OWN = {"response_form", "ops", "combine", "layers", "grad_outputs"}


@pytest.fixture(scope="module")
def catalogue(server: Server) -> dict[str, Any]:
    with PoolingClient(server.url) as client:
        return dict(client.operations().members)


def parameters_of(catalogue: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for entry in catalogue["ops"] + catalogue["regions"]:
        for parameter in entry["parameters"]:
            found.setdefault(parameter["name"], []).append(parameter)
    return found


def arguments(call: Callable[..., Any]) -> dict[str, Any]:
    hints = typing.get_type_hints(call)
    return {name: hints[name] for name in inspect.signature(call).parameters if name not in ("self", "deadline")}


def words(hint: Any) -> set[str]:
    if get_origin(hint) is Literal:
        return set(get_args(hint))
    return set().union(*(words(part) for part in get_args(hint)))


def test_ops_and_regions_are_those_of_the_service(catalogue: dict[str, Any]) -> None:
    assert set(get_args(Op)) == {op["name"] for op in catalogue["ops"]}
    assert set(get_args(Region)) == {region["name"] for region in catalogue["regions"]}
    assert set(get_args(pooling_client.Dtype)) >= {dtype for op in catalogue["ops"] for dtype in op["dtypes"]}


@pytest.mark.parametrize("call", [*TENSOR_CALLS, PoolingClient.shape], ids=lambda call: str(call.__name__))
def test_every_parameter_of_the_service_is_an_argument_and_no_other(
    catalogue: dict[str, Any], call: Callable[..., Any]
) -> None:
    known = set(parameters_of(catalogue)) | set(catalogue["endpoints"][call.__name__]) - OWN
    assert set(arguments(call)) - OWN == known


def test_unpool_takes_what_the_service_takes(catalogue: dict[str, Any]) -> None:
    assert set(arguments(PoolingClient.unpool)) == set(catalogue["endpoints"]["unpool"]) - OWN


@pytest.mark.parametrize("call", TENSOR_CALLS, ids=lambda call: str(call.__name__))
def test_the_words_of_a_parameter_are_those_of_the_service(catalogue: dict[str, Any], call: Callable[..., Any]) -> None:
    for name, parameters in parameters_of(catalogue).items():
        values = {value for parameter in parameters for value in parameter.get("values", [])}
        assert words(arguments(call)[name]) == values, name


def test_a_layer_of_a_stack_takes_every_parameter_that_is_no_tensor(catalogue: dict[str, Any]) -> None:
    plain = {name for name, kinds in parameters_of(catalogue).items() if kinds[0]["type"] != "tensor"}
    assert plain <= set(Parameters.__annotations__)
    assert set(Parameters.__annotations__) <= set(arguments(PoolingClient.forward))


@pytest.mark.parametrize("call", [*CALLS, PoolingClient.is_live, PoolingClient.is_ready])
def test_help_describes_every_argument_and_has_an_example(call: Callable[..., Any]) -> None:
    text = inspect.getdoc(call) or ""
    described = set(re.findall(r"^ {4}(\w+): ", text, re.MULTILINE))
    if "as in :meth:`forward`" in text:
        described |= set(arguments(PoolingClient.forward))
    assert set(arguments(call)) <= described
    assert "Example:" in text and ">>> " in text


def test_both_clients_have_the_same_calls() -> None:
    for call in CALLS:
        other = getattr(AsyncPoolingClient, call.__name__)
        assert inspect.signature(other) == inspect.signature(call)
        assert inspect.iscoroutinefunction(other) and not inspect.iscoroutinefunction(call)


def test_the_client_that_waits_is_made_from_the_other() -> None:
    subprocess.run([sys.executable, "tools/make_client.py", "--check"], check=True, cwd=PACKAGE)


@pytest.mark.parametrize("subject", [pooling_client, PoolingClient, RetryPolicy], ids=lambda subject: subject.__name__)
def test_the_examples_of_help_print_what_they_say(
    server: Server, subject: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(os.environ, "POOLING_SERVER_URL", server.url)
    names = {"PoolingClient": PoolingClient, "RetryPolicy": RetryPolicy}
    examples = [test for test in doctest.DocTestFinder().find(subject, globs=dict(names)) if test.examples]
    runner = doctest.DocTestRunner(verbose=False)
    for example in examples:
        runner.run(example)
    assert examples and runner.summarize(verbose=False).failed == 0
