#!/usr/bin/env python3
"""Measures reading and writing a million float32 numbers as JSON, compared with simdjson, orjson and std libraries.

All take turns, round after round, and the fastest round of each counts. What is not installed is left out. The figures
go to results/numbers.json, from which report.py writes docs/benchmarks.md.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from machine import describe_machine

HERE = Path(__file__).resolve().parent


def from_bench(bench, dump=None):
    command = [bench, "json", "--format", "json", "--rounds", "1"] + (["--dump", dump] if dump else [])
    rows = json.loads(subprocess.check_output(command))
    return {f"{row['step']} {row['by']}": row["nanoseconds"] for row in rows}


class CPlusPlus:
    def __init__(self, directory, numbers):
        program = Path(directory) / "json_peers"
        subprocess.run(
            [os.environ.get("CXX", "c++"), "-std=c++20", "-O3", str(HERE / "json_peers.cpp"), "-lsimdjson", "-o",
             str(program)], check=True)
        self.process = subprocess.Popen(
            [str(program), numbers], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __call__(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


class Orjson:
    def __init__(self, numbers):
        import numpy
        import orjson
        self.orjson, self.numpy = orjson, numpy
        self.text = Path(numbers).read_bytes()
        self.array = numpy.array(orjson.loads(self.text), dtype=numpy.float32)

    def __call__(self):
        start = time.perf_counter()
        values = self.orjson.loads(self.text)
        loaded = time.perf_counter()
        self.numpy.array(values, dtype=self.numpy.float32)
        converted = time.perf_counter()
        self.orjson.dumps(self.array, option=self.orjson.OPT_SERIALIZE_NUMPY)
        written = time.perf_counter()
        scale = 1e9 / self.array.size
        return {"read orjson + numpy": (converted - start) * scale, "read orjson alone": (loaded - start) * scale,
                "write orjson": (written - converted) * scale}


def contenders(bench, directory):
    numbers = str(Path(directory) / "numbers.json")
    from_bench(bench, numbers)
    yield lambda: from_bench(bench)
    for name, make in {"C++": lambda: CPlusPlus(directory, numbers), "orjson": lambda: Orjson(numbers)}.items():
        try:
            yield make()
        except (ImportError, OSError, subprocess.CalledProcessError) as error:
            print(f"{name} is left out: {error}", file=sys.stderr)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bench", default=str(HERE.parent / ".build/release/pooling-bench"))
    parser.add_argument("--output", type=Path, default=HERE / "results/numbers.json")
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    best = {}
    with tempfile.TemporaryDirectory() as directory:
        measured = list(contenders(options.bench, directory))
        for _ in range(options.rounds):
            for contender in measured:
                for name, nanoseconds in contender().items():
                    best[name] = min(nanoseconds, best.get(name, nanoseconds))
    for name, nanoseconds in sorted(best.items()):
        print(f"{name:30} {nanoseconds:7.1f} ns")
    options.output.parent.mkdir(exist_ok=True)
    options.output.write_text(json.dumps({"machine": describe_machine(), "nanoseconds": best}, indent=1) + "\n")


if __name__ == "__main__":
    main()
