"""The PyTorch layer against PyTorch's own, and against finite differences."""

from __future__ import annotations

import contextlib
import copy
import doctest
import os
import pickle
import re
from collections.abc import Iterator
from typing import Any

import pytest

torch = pytest.importorskip("torch")

from conftest import REPOSITORY, Server

import pooling_client.torch as pooling_torch
from pooling_client import InvalidArgument, PoolingClient, PoolingError
from pooling_client.torch import Pool, pool


@pytest.fixture(scope="module")
def service(server: Server) -> Iterator[PoolingClient]:
    with PoolingClient(server.url) as client:
        yield client


@contextlib.contextmanager
def fresh_shared_client() -> Iterator[None]:
    """Lets the layers without a client make one for the URL in the environment."""
    pooling_torch._shared_client.cache_clear()
    yield
    pooling_torch._shared_client().close()
    pooling_torch._shared_client.cache_clear()


def distinct(*shape: int) -> Any:
    """Distinct values: where two are equal the derivative of a maximum has a jump."""
    torch.manual_seed(1)
    count = int(torch.tensor(shape).prod())
    return (torch.randperm(count).to(torch.float64).reshape(shape) / 10 + 0.1).requires_grad_()


@pytest.mark.parametrize("layer", [
    {"op": "max", "kernel": 2},
    {"op": "avg", "kernel": 3, "stride": 2, "padding": 1, "ceil_mode": True},
    {"op": "lp", "p": 3, "kernel": 2, "stride": 1},
    {"op": "softmax", "region": "adaptive", "output_size": [2, 3]},
    {"op": "std", "region": "global"},
    {"op": "avg", "region": "pyramid", "levels": [1, 2]},
], ids=lambda layer: layer["op"] + "-" + layer.get("region", "sliding"))
def test_gradients_agree_with_finite_differences(service: PoolingClient, layer: Any) -> None:
    assert torch.autograd.gradcheck(Pool(client=service, **layer), distinct(1, 1, 4, 5), eps=1e-5)


def test_weights_have_gradients_too(service: PoolingClient) -> None:
    weights = torch.tensor([[1.0, 2], [3, 4]], dtype=torch.float64, requires_grad=True)

    def weighted(x: Any, w: Any) -> Any:
        return pool(x, client=service, op="weighted", kernel=2, weights=w)

    assert torch.autograd.gradcheck(weighted, (distinct(1, 1, 4, 4), weights), eps=1e-5)


@pytest.mark.parametrize("name, layer, first", [
    ("p", {"op": "power_avg", "kernel": 2}, 3.0),
    ("p", {"op": "lp", "region": "global"}, [2.5, 3.0]),
    ("r", {"op": "logsumexp", "kernel": 2}, [0.5, 2.0]),
    ("beta", {"op": "softmax", "kernel": 2}, [1.0, -0.5]),
    ("alpha", {"op": "mixed", "kernel": 2}, 0.25),
], ids=lambda value: value["op"] if isinstance(value, dict) else None)
def test_learned_parameters_have_gradients(service: PoolingClient, name: Any, layer: Any, first: Any) -> None:
    number = torch.tensor(first, dtype=torch.float64, requires_grad=True)

    def learned(x: Any, n: Any) -> Any:
        return pool(x, client=service, learned={name: n}, **layer)

    assert torch.autograd.gradcheck(learned, (distinct(1, 2, 4, 4), number))


def test_what_a_layer_learns_are_its_parameters(service: PoolingClient) -> None:
    layer = Pool(client=service, op="power_avg", kernel=2, p=[2.0, 3.0], learn=["p"])
    assert [name for name, _ in layer.named_parameters()] == ["p"]
    layer(torch.rand(1, 2, 4, 4)).sum().backward()
    assert layer.p.grad.shape == (2,) and layer.p.grad.dtype == torch.float32
    with pytest.raises(InvalidArgument, match="no first value"):
        Pool(op="power_avg", kernel=2, learn=["p"])


def test_a_structuring_element_has_a_gradient(service: PoolingClient) -> None:
    structure = torch.tensor([[0.0, 0.31], [0.52, 0.13]], dtype=torch.float64, requires_grad=True)

    def dilate(x: Any, s: Any) -> Any:
        return pool(x, client=service, op="max", stride=1, structure=s)

    assert torch.autograd.gradcheck(dilate, (distinct(1, 1, 4, 4), structure))


def test_values_and_gradients_equal_those_of_maxpool2d(service: PoolingClient) -> None:
    input = torch.randn(2, 3, 8, 8, requires_grad=True)
    ours, indices = Pool(client=service, op="max", kernel=3, stride=2, padding=1, return_indices=True)(input)
    theirs, their_indices = torch.nn.MaxPool2d(3, stride=2, padding=1, return_indices=True)(input)
    assert torch.equal(ours, theirs) and torch.equal(indices, their_indices)
    weight = torch.randn_like(ours)
    (our_gradient,) = torch.autograd.grad((ours * weight).sum(), input)
    (their_gradient,) = torch.autograd.grad((theirs * weight).sum(), input)
    torch.testing.assert_close(our_gradient, their_gradient)


def test_bfloat16_goes_there_and_back(service: PoolingClient) -> None:
    input = torch.tensor([[1.0, 2], [3, 5]], dtype=torch.bfloat16, requires_grad=True)
    output = pool(input, client=service, op="avg", kernel=2)
    output.sum().backward()
    assert output.dtype == torch.bfloat16 and output.item() == 2.75
    assert input.grad.dtype == torch.bfloat16 and input.grad.eq(0.25).all()


def test_tensors_of_the_layer_are_arguments_of_the_call(service: PoolingClient) -> None:
    tokens = torch.tensor([[[1.0, 10], [3, 30], [99, 99]]])
    pooled = Pool(client=service, op="avg", region="sequence")(tokens, lengths=torch.tensor([2]))
    assert pooled.tolist() == [[2, 20]]


def test_a_layer_can_be_copied_and_pickled(service: PoolingClient) -> None:
    layer = torch.nn.Sequential(Pool(client=service, op="max", kernel=2))
    for other in (copy.deepcopy(layer), pickle.loads(pickle.dumps(layer))):
        assert other(torch.ones(1, 1, 4, 4)).shape == (1, 1, 2, 2)
        other[0].client.close()


@pytest.mark.parametrize("document", ["clients/python/README.md", "docs/how-to/python.md"])
def test_the_model_of_the_documents_runs(server: Server, document: str, monkeypatch: pytest.MonkeyPatch) -> None:
    block = re.search(r"```python\n(import torch\n.*?)```", (REPOSITORY / document).read_text(), re.DOTALL)
    assert block is not None
    monkeypatch.setitem(os.environ, "POOLING_SERVER_URL", server.url)
    with fresh_shared_client():
        exec(block[1], {})


def test_the_examples_of_help_print_what_they_say(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "POOLING_SERVER_URL", server.url)
    with fresh_shared_client():
        results = doctest.testmod(pooling_torch)
    assert results.attempted > 5 and results.failed == 0


@pytest.mark.parametrize("call", [
    lambda: Pool(op="max", kernel_size=2),  # type: ignore[call-arg]
    lambda: Pool(op="max", kernel=2)([[1.0, 2.0]]),
])
def test_a_mistake_is_an_error_of_this_package(call: Any) -> None:
    with pytest.raises(PoolingError, match="did you mean 'kernel'|expected a torch.Tensor, got list"):
        call()
