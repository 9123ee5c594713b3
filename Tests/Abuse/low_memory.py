"""Under a small `ulimit -v`: each request gets the right response, 413 or 503, and the process lives."""

import dataclasses
import resource

from arrays import Array
from case import Case, compressed, request, text
from judge import Allowance
from report import Report
from target import Target
from trial import Trial

LIMITS = (200 << 20, 500 << 20, 1 << 30)
ACCEPTED = frozenset({200, 413, 503})
#: Neither time nor memory is the matter here: the limit is.
JUSTIFIES_ALL = 1 << 30
PATIENT = Allowance(work=60, noise=10)


def cases():
    """A case and how its right response begins."""
    yield request("a small one", "forward", {"op": "max", "kernel": 2, "input": [[1, 2], [3, 4]]}), b'{"output":[[4]]'
    for megabytes in (1, 36, 250):
        count = megabytes * 1_000_000 // 4
        size = str(count).encode()
        yield request(
            f"a result of {megabytes} MB",
            "forward",
            {"op": "max", "region": "adaptive", "output_size": [count], "response_form": "b64", "input": [7]},
        ), b'{"output":{"shape":[' + size
        yield request(
            f"a result of {megabytes} MB, as text",
            "forward",
            {"op": "avg", "region": "adaptive", "output_size": [count], "input": [7]},
        ), b'{"output":[7,7,7'
    for mebibytes in (4, 60):
        count = mebibytes << 18
        array = Array((1, count), (), "float32")
        npy = request(
            f"an array of {mebibytes} MiB",
            "forward",
            {"op": "max", "region": "global", "dims": 1, "input": array},
            "npy",
        )
        plain = Case(npy.name, npy.path, npy.body + bytes(4 * count), npy.headers)
        yield plain, b"\x93NUMPY"
        yield compressed(plain, "zstd"), b"\x93NUMPY"
        yield text(
            f"{mebibytes} MiB of JSON",
            "/v1/forward",
            '{"op":"max","region":"global","dims":1,"input":[0' + ",0" * (count * 2) + "]}",
        ), b'{"output":[0]'
    yield request(
        "a gradient of 36 MB",
        "backward",
        {
            "op": "avg",
            "region": "global",
            "dims": 1,
            "input_shape": [1, 9_000_000],
            "response_form": "b64",
            "grad_output": [[9_000_000]],
        },
    ), b'{"grad_input":{"shape":[1,9000000]'
    yield request(
        "indices of 72 MB",
        "forward",
        {
            "op": "max",
            "region": "adaptive",
            "output_size": [9_000_000],
            "return_indices": True,
            "response_form": "b64",
            "input": [7],
        },
    ), b'{"output":{"shape":[9000000]'


def run(report: Report):
    asked = list(cases())
    for limit in LIMITS:
        try:
            with Target(preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit))) as target:
                _ask_all(Trial(target, PATIENT, report), asked, f"under {limit >> 20} MiB")
        except RuntimeError as error:
            report.fail(f"under {limit >> 20} MiB: {error}")


def _ask_all(trial: Trial, asked, place: str):
    """Each alone, then four times at once; at the end the small one must be right."""
    for count in (1, 4):
        for case, start in asked:
            named = dataclasses.replace(case, name=f"{place}: {case.name}", decoded=JUSTIFIES_ALL)
            trial.run(*[named] * count, accepted=ACCEPTED, check=_begins(start), patience=60)
    trial.run(asked[0][0], accepted={200}, check=_begins(asked[0][1]))


def _begins(start: bytes):
    return lambda outcome: None if outcome.body.startswith(start) else f"says {outcome.body[:60]!r}"
