"""The client against a real server, over both wire formats."""

from __future__ import annotations

import asyncio
import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import Server

from pooling_client import (
    AsyncPoolingClient,
    ConfigurationError,
    InvalidRequest,
    PoolingClient,
    ProblemError,
    RateLimited,
    RetryPolicy,
    TooLarge,
    Unauthorized,
    Unreachable,
)

FOUR = np.arange(1, 17, dtype=np.float32).reshape(4, 4)


def test_forward_gives_the_pooled_tensor_and_the_mask(client: PoolingClient) -> None:
    pooled = client.forward(FOUR, op="max", kernel=2, return_indices=True)
    np.testing.assert_array_equal(pooled.output, [[6, 8], [14, 16]])
    np.testing.assert_array_equal(pooled.indices, [[5, 7], [13, 15]])
    assert pooled.output.dtype == np.float32 and pooled.request_id


def test_without_return_indices_there_is_no_mask(client: PoolingClient) -> None:
    assert client.forward(FOUR, op="max", kernel=2).indices is None


def test_backward_from_the_mask_reaches_the_winners_alone(client: PoolingClient) -> None:
    result = client.backward([[1, 2], [3, 4]], op="max", kernel=2, indices=[[5, 7], [13, 15]], input_shape=(4, 4))
    np.testing.assert_array_equal(result.grad_input, [[0, 0, 0, 0], [0, 1, 0, 2], [0, 0, 0, 0], [0, 3, 0, 4]])
    assert result.grad_weights is None


def test_backward_of_weighted_gives_the_gradient_of_the_weights(client: PoolingClient) -> None:
    result = client.backward(
        np.ones((2, 2)), op="weighted", kernel=2, weights=[[1, 0], [0, 1]], input=FOUR, dims=2)
    np.testing.assert_array_equal(result.grad_weights, [[24, 28], [40, 44]])


def test_unpool_puts_values_back(client: PoolingClient) -> None:
    restored = client.unpool(np.float32([[6, 8], [14, 16]]), [[5, 7], [13, 15]], kernel=2)
    np.testing.assert_array_equal(restored.output, [[0, 0, 0, 0], [0, 6, 0, 8], [0, 0, 0, 0], [0, 14, 0, 16]])


def test_a_sequence_takes_its_mask_as_booleans(client: PoolingClient) -> None:
    steps = np.float64([[[1, 10], [3, 30], [99, 99]]])
    pooled = client.forward(steps, op="avg", region="sequence", mask=[[1, 1, 0]])
    np.testing.assert_array_equal(pooled.output, [[2, 20]])


def test_segments_and_regions_of_interest_take_their_tensors(client: PoolingClient) -> None:
    nodes = client.forward(FOUR, op="sum", region="segments", segment_ids=[0, 1, 0, 1])
    np.testing.assert_array_equal(nodes.output, [[10, 12, 14, 16], [18, 20, 22, 24]])
    boxes = client.forward(
        FOUR[None, None], op="max", region="roi", output_size=[1, 2], rois=[[0, 0, 0, 3, 1]])
    np.testing.assert_array_equal(boxes.output, [[[[6, 8]]]])


@pytest.mark.parametrize("dtype", ["float64", "float16", "int8", "uint8", "int16", "uint16", "int32", "int64"])
def test_every_type_comes_back_as_it_went(client: PoolingClient, dtype: str) -> None:
    output = client.forward(FOUR.astype(dtype), op="max", kernel=2).output
    assert output.dtype == np.dtype(dtype)
    np.testing.assert_array_equal(output, [[6, 8], [14, 16]])


def test_bfloat16_comes_back_as_it_went(client: PoolingClient) -> None:
    ml_dtypes = pytest.importorskip("ml_dtypes")
    output = client.forward(FOUR.astype(ml_dtypes.bfloat16), op="avg", kernel=2).output
    assert output.dtype == np.dtype(ml_dtypes.bfloat16)
    np.testing.assert_array_equal(output.astype(np.float32), [[3.5, 5.5], [11.5, 13.5]])


def test_non_finite_values_and_views_survive(client: PoolingClient) -> None:
    values = np.array([[np.nan, np.inf, -0.0, -np.inf]]).T[::-1]
    output = client.forward(values, op="max", kernel=1).output
    np.testing.assert_array_equal(output, values)
    assert np.signbit(output[1, 0])


def test_a_big_endian_tensor_is_understood(client: PoolingClient) -> None:
    output = client.forward(FOUR.astype(">f4"), op="max", kernel=2).output
    np.testing.assert_array_equal(output, [[6, 8], [14, 16]])


def test_an_output_can_be_written_to(client: PoolingClient) -> None:
    output = client.forward(FOUR, op="max", kernel=2).output
    output += 1
    assert output[0, 0] == 7


def test_nested_lists_and_infinity_pass_as_parameters(client: PoolingClient) -> None:
    padded = client.forward(FOUR, op="lp", p=float("inf"), kernel=2, padding=[[0, 1], (np.int64(0), 1)], stride=2)
    np.testing.assert_array_equal(padded.output, [[6, 8], [14, 16]])


def test_parameters_too_long_for_a_query_string_still_work(client: PoolingClient) -> None:
    line = np.arange(2000, dtype=np.float32)
    output = client.forward(line, op="max", region="fractional", boundaries=[list(range(2001))]).output
    np.testing.assert_array_equal(output, line)


def test_several_ops_give_a_result_each_or_one_for_all(client: PoolingClient) -> None:
    listed = client.ops(FOUR, ["avg", {"op": "max", "return_indices": True}], kernel=2)
    np.testing.assert_array_equal(listed.outputs[0].output, [[3.5, 5.5], [11.5, 13.5]])
    np.testing.assert_array_equal(listed.outputs[1].indices, [[5, 7], [13, 15]])
    joined = client.ops(FOUR[None], ["avg", "max"], combine="concat", region="global")
    np.testing.assert_array_equal(joined.output, [[[8.5]], [[16]]])


def test_a_chain_of_layers_gives_what_its_layers_return(client: PoolingClient) -> None:
    chain = [{"op": "max", "kernel": 2, "return_indices": True}, {"op": "avg", "region": "global"}]
    result = client.layers(FOUR, chain)
    np.testing.assert_array_equal(result.output, [[11]])
    np.testing.assert_array_equal(result.layers[0].indices, [[5, 7], [13, 15]])
    assert result.layers[0].output is None and result.layers[1].output_shape == [1, 1]


def test_a_batch_answers_each_request_in_its_place(client: PoolingClient) -> None:
    answers = client.batch([{"op": "max", "kernel": 2, "input": FOUR}, {"op": "mux"}]).responses
    assert answers[0].is_success and answers[0].body["output"] == [[6, 8], [14, 16]]
    assert answers[1].status == 422 and answers[1].body["code"] == "unknown_op" and answers[1].result is None


def test_a_batch_gives_the_same_kinds_of_results_as_single_calls(client: PoolingClient) -> None:
    layer: dict[str, Any] = {"kernel": 2}
    chain = [{"op": "max", "kernel": 2, "return_output": True, "return_indices": True}, {"op": "avg", "kernel": 2}]
    gradient = np.ones((2, 2), np.float32)
    cube = [FOUR]
    requests = [
        {"op": "max", "input": FOUR, "return_indices": True, **layer},
        {"op": "max", "input": FOUR, "dtype": "int64", "response_form": "b64", **layer},
        {"endpoint": "backward", "op": "lp", "p": 3, "input": FOUR, "grad_output": gradient,
         "return_grad_parameters": True, **layer},
        {"endpoint": "unpool", "input": [[6, 8], [14, 16]], "indices": [[5, 7], [13, 15]], **layer},
        {"endpoint": "shape", "op": "max", "input_shape": [4, 4], **layer},
        {"ops": ["max", "avg"], "input": FOUR, **layer},
        {"ops": ["max", "avg"], "input": cube, "combine": "concat", **layer},
        {"layers": chain, "input": FOUR},
    ]
    singles = [
        client.forward(FOUR, op="max", kernel=2, return_indices=True),
        client.forward(FOUR, op="max", kernel=2, dtype="int64"),
        client.backward(gradient, op="lp", p=3, input=FOUR, kernel=2, return_grad_parameters=True),
        client.unpool([[6, 8], [14, 16]], indices=[[5, 7], [13, 15]], kernel=2),
        client.shape([4, 4], op="max", kernel=2),
        client.ops(FOUR, ["max", "avg"], kernel=2),
        client.ops(cube, ["max", "avg"], combine="concat", kernel=2),
        client.layers(FOUR, chain),
    ]
    answers = client.batch(requests).responses
    assert [answer.status for answer in answers] == [200] * len(requests)
    for answer, single in zip(answers, singles, strict=True):
        assert_same(answer.result, single)


def assert_same(one: Any, other: Any) -> None:
    """The same classes and arrays, whatever the id of the request."""
    assert type(one) is type(other)
    if isinstance(one, np.ndarray):
        assert one.dtype == other.dtype
        np.testing.assert_allclose(one, other, rtol=1e-6)
    elif dataclasses.is_dataclass(one):
        for item in dataclasses.fields(one):
            if item.name not in ("request_id", "members"):
                assert_same(getattr(one, item.name), getattr(other, item.name))
    elif isinstance(one, tuple):
        assert len(one) == len(other)
        for first, second in zip(one, other, strict=True):
            assert_same(first, second)
    elif isinstance(one, dict):
        assert_same(tuple(one.items()), tuple(other.items()))
    else:
        assert one == other


def test_shape_answers_without_a_tensor(client: PoolingClient) -> None:
    report = client.shape([1, 64, 112, 112], op="max", kernel=3, stride=2, padding=1)
    assert report.output_shape == [1, 64, 56, 56] and report.members["jump"] == [2, 2]
    stack = client.shape([32, 32], layers=[{"op": "max", "kernel": 2}, {"op": "max", "kernel": 2}])
    assert stack.receptive_field == [4, 4]
    assert [layer.output_shape for layer in stack.layers] == [[16, 16], [8, 8]]
    assert client.shape(output_shape=[56], op="max", kernel=[3], stride=2, padding=1).input_max == [112]


def test_the_catalogue_and_the_probes_answer(client: PoolingClient) -> None:
    catalogue = client.operations()
    largest = next(op for op in catalogue.ops if op.name == "max")
    assert largest.indices and "float32" in largest.dtypes and largest.parameters[0].values == ("propagate", "ignore")
    assert catalogue.limits["max_body"] > 0 and catalogue.version
    assert client.is_live() and client.is_ready()


def test_a_refusal_names_field_and_reason(client: PoolingClient) -> None:
    with pytest.raises(InvalidRequest) as caught:
        client.forward(FOUR, op="max", kernel=9)
    error = caught.value
    assert (error.status, error.code, error.pointer) == (422, "kernel_too_large", "/kernel")
    assert error.detail and error.request_id and error.request_id in str(error)


def test_a_result_over_the_limit_is_too_large(binary: Path) -> None:
    server = Server(binary, "--max-result", "1KiB")
    try:
        with PoolingClient(server.url) as client, pytest.raises(TooLarge):
            client.forward(np.zeros((64, 64)), op="max", kernel=1)
    finally:
        server.stop()


def test_a_key_opens_the_service(binary: Path, tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    keys.write_text("a-key-that-is-long-enough-for-anyone\n")
    server = Server(binary, "--api-key-file", str(keys))
    try:
        with PoolingClient(server.url) as stranger, pytest.raises(Unauthorized):
            stranger.forward(FOUR, op="max", kernel=2)
        with PoolingClient(server.url, api_key=keys.read_text().strip()) as friend:
            assert friend.forward(FOUR, op="max", kernel=2).output.shape == (2, 2)
    finally:
        server.stop()


def test_a_rate_limit_is_waited_for_or_told(binary: Path) -> None:
    server = Server(binary, "--rate-limit", "1/s")
    try:
        with PoolingClient(server.url, retry=RetryPolicy(attempts=1)) as hasty, pytest.raises(RateLimited) as caught:
            for _ in range(3):
                hasty.operations()
        assert caught.value.retry_after is not None and caught.value.retry_after >= 1
        with PoolingClient(server.url) as patient:
            assert patient.operations().version
    finally:
        server.stop()


def test_a_server_that_is_gone_is_unreachable(binary: Path) -> None:
    server = Server(binary)
    server.stop()
    with PoolingClient(server.url, retry=RetryPolicy(attempts=2, first_delay=0)) as client:
        assert not client.is_live()
        with pytest.raises(Unreachable):
            client.operations()


def test_a_deadline_must_be_above_zero(client: PoolingClient) -> None:
    with pytest.raises(ConfigurationError, match="deadline"):
        client.operations(deadline=0)
    assert client.forward(FOUR, op="max", kernel=2, deadline=30).output.shape == (2, 2)


def test_the_asynchronous_client_answers_the_same(server: Server) -> None:
    async def session() -> None:
        async with AsyncPoolingClient(server.url) as client:
            first, second = await asyncio.gather(
                client.forward(FOUR, op="max", kernel=2, return_indices=True), client.forward(FOUR, op="avg", kernel=2))
            np.testing.assert_array_equal(first.output, [[6, 8], [14, 16]])
            np.testing.assert_array_equal(second.output, [[3.5, 5.5], [11.5, 13.5]])
            back = await client.backward(
                [[1, 2], [3, 4]], op="max", kernel=2, indices=first.indices, input_shape=(4, 4))
            assert back.grad_input.sum() == 10
            assert (await client.unpool(first.output, first.indices, kernel=2)).output.shape == (4, 4)
            assert (await client.shape([4, 4], op="max", kernel=2)).output_shape == [2, 2]
            assert (await client.operations()).ops
            assert await client.is_live() and await client.is_ready()
            with pytest.raises(ProblemError):
                await client.forward(FOUR, op="maxx", kernel=2)

    asyncio.run(session())
