"""What an operator sees: metrics, one log line a request, trace ids."""

import json
import shutil
import signal
import subprocess

import pytest

from support.http import ask
from support.metrics import scrape
from support.process import eventually
from support.requests import SMALL, pooling


def requests_logged(server):
    return [line for line in map(json.loads, server.lines) if line["message"] == "request"]


def test_a_request_is_one_json_line_with_all_that_matters(serve):
    server = serve("--log-format", "json")
    trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    ask(server.port, "POST", "/v1/forward?", SMALL, X_Request_ID="request-1", traceparent=trace)
    (line,) = eventually(lambda: requests_logged(server))
    expected = {
        "request_id": "request-1", "method": "POST", "route": "/v1/forward", "status": 200, "op": "max",
        "region": "sliding", "shape": "2x2", "bytes_in": len(SMALL), "peer": "127.0.0.1",
        "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736", "parent_id": "00f067aa0ba902b7"}
    assert expected.items() <= line.items()
    assert all(line[f"{part}_ms"] >= 0 for part in ("parse", "queue", "compute", "serialize", "total"))


def test_health_checks_are_not_logged_and_a_sample_keeps_every_problem(serve):
    server = serve("--log-format", "json", "--log-sample", "0.1")
    for _ in range(30):
        ask(server.port, "GET", "/healthz")
        ask(server.port, "POST", "/v1/forward", SMALL)
    for _ in range(5):
        ask(server.port, "POST", "/v1/forward", b"{")
    server.signal(signal.SIGTERM)
    assert server.exit_code() == 0
    statuses = [line["status"] for line in requests_logged(server)]
    assert (statuses.count(200), statuses.count(400)) == (3, 5)


def test_a_client_cannot_write_lines_or_labels(serve):
    server = serve()
    for number in range(50):
        ask(server.port, "GET", f"/nothing/{number}%0Ainfo")
        ask(server.port, "POST", "/v1/forward", json.dumps({"op": f"op{number}", "input": [1]}).encode())
    series = [name for name in scrape(server.port) if name.startswith("http_request_duration_seconds_count")]
    assert len(series) <= 3
    server.signal(signal.SIGTERM)
    server.exit_code()
    assert len([line for line in server.lines if " request " in line]) == 101


def test_the_timings_of_a_request_are_in_its_response(serve):
    response = ask(serve().port, "POST", "/v1/forward", pooling(512, 3))
    names = [part.split(";dur=")[0].strip() for part in response.headers["server-timing"].split(",")]
    assert names == ["parse", "queue", "compute", "serialize"]


@pytest.mark.skipif(shutil.which("promtool") is None, reason="needs promtool (Debian: prometheus)")
def test_promtool_finds_nothing_to_complain_about(serve):
    server = serve()
    for body in (SMALL, b"{", pooling(512, 3)):
        ask(server.port, "POST", "/v1/forward", body)
    text = ask(server.port, "GET", "/metrics").body
    checked = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, timeout=30)
    assert checked.returncode == 0, checked.stderr.decode()
