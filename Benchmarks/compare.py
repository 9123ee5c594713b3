#!/usr/bin/env python3
"""Compares the pooling layers of a table with torch, oneDNN, ONNX Runtime and OpenVINO.

For each layer all contenders take turns, round after round, in one run on the same machine with the same number of
threads; what counts is the fastest run of each. The figures go to results/layers.json, from which report.py writes
docs/benchmarks.md.
"""

import argparse
import gc
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import numpy

from layers import read_layers
from machine import describe_machine
from paced import Paced
from peers import available_peers

HERE = Path(__file__).resolve().parent
OURS = "pooling-server"
# Pools of threads that wait actively let go of their processors within this time.
SETTLING_SECONDS = 0.03


class Ourselves(Paced):
    """pooling-bench, which measures once for each line that it is sent."""

    def __init__(self, arguments, layer, direction, layout, threads):
        super().__init__(
            [arguments.bench, "layers", "--paced", "--csv", str(arguments.csv), "--filter", layer.name,
             "--direction", direction, "--layout", layout, "--threads", str(threads),
             "--batch-divisor", str(arguments.batch_divisor), "--runs", "1",
             "--seconds", str(arguments.seconds / arguments.rounds)])
        byte_count, self.kernel = self.line().split(" ", 1)
        self.byte_count = int(byte_count)


def peer_seconds(run, least):
    """The seconds of each run after a first one that is not counted."""
    run()
    runs, total = [], 0.0
    while total < least or not runs:
        start = time.perf_counter()
        run()
        runs.append(time.perf_counter() - start)
        total += runs[-1]
    return runs


def prepare_peers(peers, layer, direction, layout, threads, data):
    prepared = {}
    for peer in peers:
        try:
            case = peer.prepare(layer, direction, layout, threads, data)
        except (RuntimeError, NotImplementedError) as error:
            print(f"{peer.name} cannot do {layer.name} {direction}: {error}".splitlines()[0], file=sys.stderr)
            continue
        if case:
            prepared[peer] = case
    return prepared


def check_agreement(prepared, layer, direction):
    """Peers that compute different things must not be compared."""
    if direction == "backward":
        return
    outputs = []
    for case in prepared.values():
        case.run()
        outputs.append(case.output())
    for other in outputs[1:]:
        numpy.testing.assert_allclose(outputs[0], other, rtol=1e-4, atol=1e-4, err_msg=layer.name)


def measure(arguments, peers, layer, direction, layout, threads, data):
    prepared = prepare_peers(peers, layer, direction, layout, threads, data)
    check_agreement(prepared, layer, direction)
    least = arguments.seconds / arguments.rounds
    ours = Ourselves(arguments, layer, direction, layout, threads)
    contenders = {OURS: ours.seconds}
    for peer, case in prepared.items():
        def run(peer=peer, case=case):
            if hasattr(peer, "torch"):
                peer.torch.set_num_threads(threads)
            return peer_seconds(case.run, least)
        contenders[peer.name] = run
    times = take_turns(contenders, arguments.rounds)
    ours.close()
    return {
        "layer": layer.name, "direction": direction, "layout": layout, "threads": threads,
        "bytes": ours.byte_count, "kernel": ours.kernel,
        "times": {name: {"min_s": min(runs), "median_s": statistics.median(runs)} for name, runs in times.items()}}


def take_turns(contenders, rounds):
    """All seconds of each contender; one that is three times slower than the best after a round is out."""
    times = {name: [] for name in contenders}
    racing = list(contenders)
    for round_number in range(rounds):
        order = racing if round_number % 2 == 0 else racing[::-1]
        for name in order:
            times[name] += contenders[name]()
            time.sleep(SETTLING_SECONDS)
        best = min(min(runs) for runs in times.values() if runs)
        racing = [name for name in racing if min(times[name]) <= 3 * best]
    return times


def normals(shape, generator):
    block = generator.standard_normal(1_000_003, dtype=numpy.float32)
    return numpy.resize(block, shape)


def line(row):
    ours = row["times"][OURS]["min_s"]
    others = {name: time["min_s"] for name, time in row["times"].items() if name != OURS}
    rate = row["bytes"] / ours / 1e9
    text = f"{row['layer']:38} {row['direction']:15} {row['layout']:14} {row['threads']} {rate:7.2f} GB/s"
    if others:
        best = min(others, key=others.get)
        text += f"  {others[best] / ours:6.2f} × {best}"
    return f"{text}  {row['kernel']}"


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bench", default=str(HERE.parent / ".build/release/pooling-bench"))
    parser.add_argument("--csv", type=Path, default=HERE / "pooling-layers.csv")
    parser.add_argument("--output", type=Path, default=HERE / "results/layers.json")
    parser.add_argument("--filter", default="", help="only layers whose name contains this")
    parser.add_argument("--directions", nargs="+", default=["forward", "forward_indices", "backward"])
    parser.add_argument("--layouts", nargs="+", default=["channels_first", "channels_last"])
    parser.add_argument("--threads", nargs="+", type=int, default=[1, 2])
    parser.add_argument("--peers", nargs="+", help="parts of the names of the peers to run")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=0.3, help="for each contender of a case, all rounds together")
    parser.add_argument("--batch-divisor", type=int, default=1, help="divides every batch, where time or memory is short")
    return parser.parse_args()


def cases(options):
    for layer in read_layers(options.csv):
        for layout in options.layouts:
            if options.filter not in layer.name or (layout == "channels_last" and layer.dims == 1):
                continue
            for direction in options.directions:
                if direction != "forward_indices" or layer.op == "max":
                    yield layer.with_batch_divided(options.batch_divisor), layout, direction


def main():
    options = arguments()
    peers, missing = available_peers(options.peers)
    for name, reason in missing.items():
        print(f"{name} is left out: {reason}", file=sys.stderr)
    result = {
        "machine": describe_machine(), "batch_divisor": options.batch_divisor, "rounds": options.rounds,
        "peers": {peer.name: peer.version for peer in peers}, "rows": [],
        "memcpy": json.loads(subprocess.check_output([options.bench, "memcpy", "--format", "json"]))}
    generator, known, data = numpy.random.default_rng(1), None, None
    for layer, layout, direction in cases(options):
        if layer != known:
            known, data = layer, normals(layer.input_shape, generator)
        for threads in options.threads:
            row = measure(options, peers, layer, direction, layout, threads, data)
            result["rows"].append(row)
            print(line(row), flush=True)
        gc.collect()
    result["machine"]["load_after"] = os.getloadavg()[0]
    options.output.parent.mkdir(exist_ok=True)
    options.output.write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
