#!/usr/bin/env python3
"""Compares the whole service with FastAPI + uvloop + httptools + orjson + torch, and with bare libmicrohttpd.

All servers stand ready on the loopback and are loaded in turns; the generator of the load shares the processors with
them. The figures go to results/service.json, from which report.py writes docs/benchmarks.md.
"""

import argparse
import json
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy

import servers
from binary_formats import BINARY_FORMATS
from machine import describe_machine

HERE = Path(__file__).resolve().parent
SETTLING_SECONDS = 0.03
JSON = {"Content-Type": "application/json"}
LARGE = ("json", *BINARY_FORMATS)
TINY = ('{"op":"max","kernel":2,"return_indices":true,'
        '"input":[[1,2,3,4],[5,6,7,8],[9,10,11,12],[13,14,15,16]]}').encode()


def requests_per_second(server, script, seconds):
    """A closed loop of 32 connections; with the processor time that one request took."""
    before = server.processor_seconds()
    url = f"http://127.0.0.1:{server.port}/v1/forward"
    text = subprocess.check_output(
        ["wrk", "-t1", "-c32", f"-d{seconds}s", "-s", script, url], text=True)
    used = server.processor_seconds() - before
    if "Non-2xx" in text or "Socket errors" in text:
        raise RuntimeError(f"{server.name}: {text}")
    count = int(re.search(r"(\d+) requests in", text)[1])
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", text)[1])
    return {"rate": rate, "processor_us": used / count * 1e6}


def tiny(contenders, rounds, seconds, directory):
    script = Path(directory) / "tiny.lua"
    script.write_text(
        'wrk.method = "POST"\nwrk.headers["Content-Type"] = "application/json"\n'
        f"wrk.body = [==[{TINY.decode()}]==]\n")
    check_tiny(contenders)
    runs = {server.name: [] for server in contenders}
    for _ in range(rounds):
        for server in contenders:
            runs[server.name].append(requests_per_second(server, str(script), seconds))
            time.sleep(0.3)
    return {name: max(results, key=lambda run: run["rate"]) for name, results in runs.items()}


def check_tiny(contenders):
    for server in contenders:
        response, content = server.request("POST", "/v1/forward", TINY, JSON)
        answer = json.loads(content)
        if response.status != 200 or answer["output"] != [[6, 8], [14, 16]] or answer["indices"] != [[5, 7], [13, 15]]:
            raise RuntimeError(f"{server.name} answers {response.status} {content[:200]}")


def steady_latency(server, rate, seconds):
    """Median and 99th percentile in seconds at a constant rate."""
    connections = 32
    text = subprocess.check_output(
        ["hey", "-z", f"{seconds}s", "-c", str(connections), "-q", str(max(int(rate / connections), 1)),
         "-m", "POST", "-T", "application/json", "-d", TINY.decode(),
         f"http://127.0.0.1:{server.port}/v1/forward"], text=True)
    found = {int(share): float(value) for share, value in re.findall(r"(\d+)%+ in ([\d.]+) secs", text)}
    reached = float(re.search(r"Requests/sec:\s+([\d.]+)", text)[1])
    return {"median_s": found.get(50), "p99_s": found.get(99), "rate": reached}


def timed_request(server, target, body, headers):
    # The threads that served the last request, of whichever server, may still wait actively.
    time.sleep(SETTLING_SECONDS)
    connection = server.connect()
    connection.connect()
    start = time.perf_counter()
    connection.request("POST", target, body, headers)
    response = connection.getresponse()
    content = response.read()
    seconds = time.perf_counter() - start
    connection.close()
    server.check_identity(response)
    if response.status != 200:
        raise RuntimeError(f"{server.name} answers {response.status} {content[:300]}")
    return seconds, content


def large(targets, body, headers, rounds):
    """Minimum and median seconds of one request at a time; `targets` are pairs of a server and a path."""
    runs = {server.name: [] for server, _ in targets}
    sizes = {}
    for _ in range(rounds):
        for server, target in targets:
            seconds, content = timed_request(server, target, body, headers)
            runs[server.name].append(seconds)
            sizes[server.name] = len(content)
    return {name: {"min_s": min(seconds), "median_s": statistics.median(seconds), "answer_bytes": sizes[name]}
            for name, seconds in runs.items()}


def large_json(ours, fastapi, rounds):
    values = numpy.random.default_rng(1).standard_normal((1, 16, 224, 224), dtype=numpy.float32)
    body = json.dumps({
        "op": "max", "kernel": 3, "stride": 2, "padding": 1,
        "input": {"shape": list(values.shape), "data": [float(str(value)) for value in values.ravel()]}},
        separators=(",", ":")).encode()
    outputs = [json.loads(timed_request(server, "/v1/forward", body, JSON)[1])["output"]["data"]
               for server in (ours, fastapi)]
    numpy.testing.assert_array_equal(*outputs)
    return {"body_bytes": len(body), **large([(ours, "/v1/forward"), (fastapi, "/v1/forward")], body, JSON, rounds)}


def large_binary(binary, ours, fastapi, bare, rounds):
    values = numpy.random.default_rng(2).standard_normal((16, 64, 112, 112), dtype=numpy.float32)
    body = binary.encode(values, "input")
    target, headers = "/v1/forward?op=max&kernel=3&stride=2&padding=1", {"Content-Type": binary.media_type}
    answers = [binary.decode(timed_request(server, target, body, headers)[1], "output")
               for server in (ours, fastapi)]
    numpy.testing.assert_array_equal(*answers)
    targets = [(ours, target), (fastapi, target), (bare, f"/bytes/{answers[0].nbytes + 128}")]
    return {"body_bytes": len(body), **large(targets, body, headers, rounds)}


def attempt(name, work):
    try:
        return work()
    except RuntimeError as error:
        print(f"{name} is left out: {error}", file=sys.stderr)
        return None


def compare(options, directory):
    contenders = []
    try:
        contenders.append(ours := servers.ours(options.server))
        idle = ours.resident_bytes()
        contenders.append(bare := servers.bare(directory))
        contenders.append(fastapi := servers.fastapi())
        rates = tiny(contenders, options.rounds, options.seconds, directory)
        result = {
            "machine": describe_machine(), "start_s": ours.start_seconds, "idle_bytes": idle, "tiny": rates,
            "steady": steady_latency(ours, 0.7 * rates[ours.name]["rate"], options.seconds),
            "json": attempt("large JSON", lambda: large_json(ours, fastapi, 3 * options.rounds)),
            **{kind: attempt(kind, lambda: large_binary(binary, ours, fastapi, bare, 3 * options.rounds))
               for kind, binary in BINARY_FORMATS.items()},
            "after_load_bytes": ours.resident_bytes()}
        return result
    finally:
        for server in contenders:
            server.stop()


def show(result):
    mine, others = "pooling-server", ("FastAPI", "bare libmicrohttpd")
    for name, figures in result["tiny"].items():
        print(f"tiny        {name:20} {figures['rate']:10.0f}/s  {figures['processor_us']:7.2f} us processor")
    for kind in LARGE:
        for name, figures in (result[kind] or {}).items():
            if isinstance(figures, dict):
                print(f"{kind:11} {name:20} {figures['min_s'] * 1e3:10.1f} ms  {figures['median_s'] * 1e3:7.1f} median")
    for other in others:
        print(f"tiny: {result['tiny'][mine]['rate'] / result['tiny'][other]['rate']:.2f} × {other}")
        for kind in LARGE:
            if result[kind] and other in result[kind]:
                print(f"{kind}: {result[kind][other]['min_s'] / result[kind][mine]['min_s']:.2f} × {other}")
    print(f"steady {result['steady']}  start {result['start_s'] * 1e3:.0f} ms  "
          f"resident {result['idle_bytes'] / 1e6:.1f} MB, {result['after_load_bytes'] / 1e6:.1f} MB after the load")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--server", default=str(HERE.parent / ".build/release/pooling-server"))
    parser.add_argument("--output", type=Path, default=HERE / "results/service.json")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=3, help="of each run of the load generator")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        result = compare(options, directory)
    show(result)
    options.output.parent.mkdir(exist_ok=True)
    options.output.write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
