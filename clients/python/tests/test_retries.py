"""When the client asks again, without a server: the answers are made up."""

from __future__ import annotations

import httpx
import pytest

from pooling_client import ConfigurationError, InvalidRequest, PoolingClient, RetryPolicy, Unavailable, Unreachable
from pooling_client._errors import problem

BUSY = {"code": "overloaded", "detail": "busy", "request_id": "1"}
CATALOGUE = {"version": "1", "ops": [], "regions": []}


def client_of(
    answers: list[httpx.Response | Exception], policy: RetryPolicy, url: str = "http://service"
) -> tuple[PoolingClient, list[httpx.Request]]:
    """A client whose service gives these answers in turn."""
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        following = answers.pop(0)
        if isinstance(following, Exception):
            raise following
        return following

    client = PoolingClient(url, retry=policy)
    client._http = httpx.Client(transport=httpx.MockTransport(answer))
    return client, asked


QUICK = RetryPolicy(attempts=3, first_delay=0, longest_delay=0)


def test_a_busy_service_is_asked_again() -> None:
    client, asked = client_of([httpx.Response(503, json=BUSY), httpx.Response(200, json=CATALOGUE)], QUICK)
    assert client.operations().version == "1"
    assert len(asked) == 2


def test_attempts_are_bounded() -> None:
    client, asked = client_of([httpx.Response(503, json=BUSY)] * 9, QUICK)
    with pytest.raises(Unavailable):
        client.operations()
    assert len(asked) == 3


def test_a_lost_connection_is_tried_again() -> None:
    client, asked = client_of([httpx.ReadError("gone"), httpx.Response(200, json=CATALOGUE)], QUICK)
    assert client.operations().version == "1"
    assert len(asked) == 2


def test_a_refusal_is_final() -> None:
    client, asked = client_of([httpx.Response(422, json={"code": "wrong_rank"})] * 9, QUICK)
    with pytest.raises(InvalidRequest):
        client.operations()
    assert len(asked) == 1


def test_no_retry_begins_after_the_deadline() -> None:
    client, asked = client_of([httpx.Response(503, json=BUSY)] * 9, RetryPolicy(first_delay=60, longest_delay=60))
    with pytest.raises(Unavailable):
        client.operations(deadline=1)
    assert len(asked) == 1
    assert 0 < int(asked[0].headers["X-Request-Timeout"]) <= 1000


def test_a_delay_is_never_shorter_than_retry_after_and_never_longer_than_allowed() -> None:
    def busy(retry_after: str) -> Unavailable:
        error = problem(httpx.Response(503, json=BUSY, headers={"Retry-After": retry_after}))
        assert isinstance(error, Unavailable)
        return error

    policy = RetryPolicy(attempts=9, first_delay=0.1, longest_delay=5)
    assert policy.delay(1, busy("2")) == 2
    assert policy.delay(1, busy("6")) is None
    assert all((policy.delay(8, Unreachable()) or 9) <= 5 for _ in range(100))
    assert all(0.05 <= (policy.delay(1, Unreachable()) or 0) <= 0.1 for _ in range(100))
    assert policy.delay(9, Unreachable()) is None


def test_an_error_without_a_problem_document_is_an_error_too() -> None:
    error = problem(httpx.Response(502, text="<html>bad gateway</html>"))
    assert (error.status, error.code) == (502, "unknown") and "bad gateway" in error.detail


def test_a_policy_that_makes_no_sense_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="attempts"):
        RetryPolicy(attempts=0)


def test_replicas_take_turns() -> None:
    client, asked = client_of([httpx.Response(200, json=CATALOGUE)] * 4, QUICK, "http://one,http://two")
    for _ in range(4):
        client.operations()
    assert [request.url.host for request in asked] == ["one", "two", "one", "two"]


def test_another_replica_answers_for_one_that_cannot() -> None:
    responses = [httpx.ConnectError("down"), httpx.Response(200, json=CATALOGUE)]
    client, asked = client_of([*responses, httpx.Response(503, json=BUSY)], QUICK, "http://one, http://two")
    assert client.operations().version == "1"
    assert [request.url.host for request in asked] == ["one", "two"]


def test_all_replicas_are_asked_before_a_wait() -> None:
    client, asked = client_of([httpx.ConnectError("down")] * 9, QUICK, "http://one,http://two")
    with pytest.raises(Unreachable):
        client.operations()
    assert len(asked) == 6
    client, asked = client_of([httpx.Response(422, json={"code": "wrong_rank"})] * 9, QUICK, "http://one,http://two")
    with pytest.raises(InvalidRequest):
        client.operations()
    assert len(asked) == 1


def test_a_very_patient_policy_still_has_a_delay() -> None:
    assert (RetryPolicy(attempts=5000).delay(4000, Unreachable()) or 9) <= 5
