"""Every mistake is a PoolingError that says what to write instead; notices are warnings. Responses are made up."""

from __future__ import annotations

import copy
import pickle
import sys
import warnings
from collections.abc import Callable

import httpx
import numpy as np
import pytest

from pooling_client import (
    ConfigurationError,
    InvalidArgument,
    InvalidResponse,
    PoolingClient,
    PoolingError,
    PoolingNotice,
    RetryPolicy,
    ServerFault,
    UnknownArgument,
    Unreachable,
)
from pooling_client._errors import problem

DOUBT = "the last axis has 3 elements; are these channels last?"


def answering(response: httpx.Response | Exception) -> PoolingClient:
    def answer(_: httpx.Request) -> httpx.Response:
        if isinstance(response, Exception):
            raise response
        return response

    client = PoolingClient("http://service")
    client._http = httpx.Client(transport=httpx.MockTransport(answer))
    return client


@pytest.mark.parametrize(("url", "hint"), [
    ("127.0.0.1:8080", "write 'http://127.0.0.1:8080'"),
    ("localhost:8080", "write 'http://localhost:8080'"),
    ("", "write 'http://127.0.0.1:8080'"),
    ("ftp://127.0.0.1", "expected http:// or https://"),
    ("http://", "expected http:// or https://"),
    ("http://host:port", "is not a URL"),
    ("http://host/?op=max", "no query"),
    ("unix:/run/one.sock,http://two", "only address"),
])
def test_a_url_that_cannot_be_used_is_a_configuration_error(url: str, hint: str) -> None:
    with pytest.raises(ConfigurationError, match="url: ") as caught:
        PoolingClient(url)
    assert hint in str(caught.value)


def test_the_url_comes_from_the_environment_unless_it_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POOLING_SERVER_URL", "http://one:1/,http://two:2")
    assert "http://one:1,http://two:2" in repr(PoolingClient())
    assert "http://three:3" in repr(PoolingClient("http://three:3"))
    monkeypatch.setenv("POOLING_SERVER_URL", "")
    assert "http://127.0.0.1:8080" in repr(PoolingClient())
    monkeypatch.setenv("POOLING_SERVER_URL", "one:1")
    with pytest.raises(ConfigurationError, match="POOLING_SERVER_URL: 'one:1' has no scheme"):
        PoolingClient()


@pytest.mark.parametrize("key", ["", "two\nlines", "schlüssel"])
def test_a_key_that_no_header_can_hold_is_a_configuration_error(key: str) -> None:
    with pytest.raises(ConfigurationError, match="api_key"):
        PoolingClient("http://service", api_key=key)


def test_an_unknown_wire_format_is_a_configuration_error() -> None:
    with pytest.raises(ConfigurationError, match="wire: expected one of safetensors, json"):
        PoolingClient("http://service", wire="xml")  # type: ignore[arg-type]


@pytest.mark.parametrize(("tensor", "hint"), [
    ([[1, 2], [3]], "input: numpy cannot make an array"),
    (["a"], "input: numpy cannot make an array"),
    (np.array([1j]), "input: the dtype is complex128"),
    (np.array([object()]), "input: the dtype is object"),
])
def test_a_tensor_that_cannot_be_sent_names_its_argument(tensor: object, hint: str) -> None:
    with pytest.raises(InvalidArgument, match=hint):
        answering(httpx.Response(500)).forward(tensor, op="max", kernel=2)  # type: ignore[arg-type]


def test_a_parameter_that_is_no_json_names_its_argument() -> None:
    with pytest.raises(InvalidArgument, match="kernel: "):
        answering(httpx.Response(500)).forward([1], op="max", kernel=object())  # type: ignore[arg-type]


def test_another_service_at_the_url_is_an_invalid_response() -> None:
    client = answering(httpx.Response(200, text="<html>hello</html>"))
    with pytest.raises(InvalidResponse, match="http://service/v1/operations cannot be read"):
        client.operations()
    with pytest.raises(InvalidResponse):
        client.forward([[1]], op="max", kernel=1)


def test_a_body_that_is_not_what_its_headers_say_is_an_invalid_response() -> None:
    with pytest.raises(InvalidResponse):
        answering(httpx.DecodingError("not gzip")).operations()


def test_a_redirect_says_which_url_to_use() -> None:
    moved = httpx.Response(301, headers={"Location": "https://service/v1/operations"})
    with pytest.raises(PoolingError, match="redirects to https://service/v1/operations"):
        answering(moved).operations()


def test_a_closed_client_says_so() -> None:
    client = PoolingClient("http://service")
    client.close()
    with pytest.raises(ConfigurationError, match="closed"):
        client.operations()


def test_a_notice_is_a_warning_at_the_line_that_called() -> None:
    headers = [("Pooling-Notice", DOUBT), ("Pooling-Notice", "another, with a comma")]
    client = answering(httpx.Response(200, headers=headers, json={"version": "1", "ops": [], "regions": []}))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        result = client.operations()
    assert [str(warning.message) for warning in caught] == [DOUBT, "another, with a comma"]
    assert {(warning.category, warning.filename) for warning in caught} == {(PoolingNotice, __file__)}
    assert result.notices == (DOUBT, "another, with a comma")


def test_clients_and_errors_can_be_sent_to_other_processes() -> None:
    client = PoolingClient(["http://one", "http://two"], api_key="key", timeout=3, wire="json")
    for other in (pickle.loads(pickle.dumps(client)), copy.deepcopy(client)):
        assert repr(other) == repr(client)
        assert other._settings == client._settings and other._http is not client._http
    first, second = (pickle.loads(pickle.dumps(client)) for _ in range(2))
    assert first is second, "the tasks of a process share their connections"
    first.close()
    assert not pickle.loads(pickle.dumps(client))._http.is_closed
    error = problem(httpx.Response(500, json={"code": "internal", "request_id": "7"}, headers={"Retry-After": "3"}))
    again = pickle.loads(pickle.dumps(error))
    assert isinstance(again, ServerFault) and str(again) == str(error) and again.retry_after == 3
    assert isinstance(pickle.loads(pickle.dumps(Unreachable("gone"))), Unreachable)


@pytest.mark.parametrize(("wrong", "text"), [
    (lambda: PoolingClient(5), "url: expected a URL"),  # type: ignore[arg-type]
    (lambda: PoolingClient(["http://a", 5]), "url: expected a URL"),  # type: ignore[list-item]
    (lambda: PoolingClient(timeout="x"), "timeout: expected seconds above 0, got 'x'"),  # type: ignore[arg-type]
    (lambda: PoolingClient(retry=3), "retry: expected a RetryPolicy, got 3"),  # type: ignore[arg-type]
    (lambda: PoolingClient(api_key=5), "api_key: it must be printable ASCII"),  # type: ignore[arg-type]
    (lambda: RetryPolicy(attempts="x"), "attempts: expected a whole number, got 'x'"),  # type: ignore[arg-type]
    (lambda: RetryPolicy(first_delay="x"), "first_delay: expected seconds, got 'x'"),  # type: ignore[arg-type]
    (lambda: PoolingClient().forward([[1]], op="max", kernel=1, deadline="x"),  # type: ignore[arg-type]
     "deadline: expected seconds above 0, got 'x'"),
])
def test_a_setting_of_a_wrong_type_is_a_configuration_error(wrong: Callable[[], object], text: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        wrong()
    assert text in str(caught.value)


@pytest.mark.parametrize(("name", "hint"), [
    ("kernel_size", "; did you mean 'kernel'?"), ("strid", "; did you mean 'stride'?"), ("zzz", ""),
])
def test_a_keyword_that_does_not_exist_is_an_error_of_this_package(name: str, hint: str) -> None:
    with pytest.raises(UnknownArgument) as caught:
        PoolingClient().forward([[1.0]], **{"op": "max", name: 2})
    assert isinstance(caught.value, PoolingError) and isinstance(caught.value, TypeError)
    assert str(caught.value) == f"forward has no argument {name!r}{hint}"


def test_a_deadline_that_has_passed_sends_nothing() -> None:
    client = answering(httpx.Response(200))
    with pytest.raises(Unreachable, match="the deadline passed before the request to http://service was sent"):
        client.operations(deadline=1e-9)


def test_a_broken_connection_is_told_without_error_numbers() -> None:
    client = answering(httpx.ConnectError("[Errno -2] Name or service not known"))
    with pytest.raises(Unreachable) as caught:
        client.operations()
    assert str(caught.value) == "no response from http://service: Name or service not known"


def test_bfloat16_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ml_dtypes", None)
    body = {"output": {"shape": [1], "dtype": "bfloat16", "b64": "AAA="}}
    with pytest.raises(ConfigurationError, match=r"pip install 'pooling-client\[bfloat16\]'"):
        answering(httpx.Response(200, json=body)).forward([[1.0]], op="max", kernel=1)
