#!/usr/bin/env python3
"""Compares every op over every region with what a user of torch writes for it (compositions.py).

Both compute from the same tensors, forward or backward (from the input and the gradient of the output: torch runs
forward and autograd). Once per pair the answers are compared. Then both take turns, and the fastest run of each counts.

    Benchmarks/ops.py --regions sliding global --ops softmax lp --directions forward

The figures go to results/ops.json. A pair counts as slower below 0.95, where torch takes less than 20 µs below 0.5.
"""

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy
import torch

from compositions import REGIONS
from machine import describe_machine
from paced import Paced
from report_ops import geometric_mean, groups, is_slower, nanoseconds, ratio

HERE = Path(__file__).resolve().parent
# Pools of threads that wait actively let go of their processors within this time.
SETTLING_SECONDS = 0.02
TOLERANCE = 1e-3


class Ourselves(Paced):
    """pooling-bench on one case: its tensors, and its seconds on request."""

    def __init__(self, options, case, directory):
        command = [
            options.bench, "ops", "--region", case["region"], "--op", case["op"], "--layout", case["layout"],
            "--threads", str(case["threads"]), "--seconds", str(options.seconds / options.rounds), "--paced", directory]
        if case["direction"] == "backward":
            command.append("--backward")
        super().__init__(command)
        description = json.loads(self.line())
        self.kernel, self.elements = description["kernel"], description["elements"]
        self.tensors = {
            name: torch.from_numpy(numpy.fromfile(Path(directory, f"{name}.bin"), of["dtype"]).reshape(of["shape"]))
            for name, of in description["tensors"].items()}


class Peer:
    """The same case by torch; None as `run` where it has no composition."""

    def __init__(self, case, tensors):
        self.case, self.tensors = case, dict(tensors)
        self.planes = self.channels_moved("input")
        self.region = REGIONS[case["region"]](self.tensors)
        self.method = getattr(self.region, case["op"], None)
        leaves = [self.tensors["input"]] + ([self.tensors["weights"]] if "weights" in self.tensors else [])
        if self.method is None:
            self.run = None
        elif case["direction"] == "forward":
            self.run = lambda: [self.method(*leaves)]
        else:
            self.channels_moved("grad_output")
            gradient = self.tensors["grad_output"]
            leaves = [leaf.requires_grad_() for leaf in leaves]
            self.run = lambda: torch.autograd.grad(self.method(*leaves), leaves, gradient)

    def channels_moved(self, name):
        """Channels last are for torch a matter of strides."""
        tensor = self.tensors[name]
        moved = self.case["layout"] == "channels_last" and tensor.dim() == 4
        if moved:
            self.tensors[name] = tensor.permute(0, 3, 1, 2)
        return moved

    def seconds(self, least):
        self.run()
        runs = []
        while not runs or sum(runs) < least:
            start = time.perf_counter()
            self.run()
            runs.append(time.perf_counter() - start)
        return runs

    def disagreement(self, ours):
        """The largest difference between the answers, relative to the values; 0 where all are near enough."""
        answers = self.run()
        if self.case["direction"] == "forward":
            names, answers = ["output"], [self.region.answer(answers[0], self.case["layout"])]
        else:
            names = ["grad_input", "grad_weights"][:len(answers)]
            answers = [answers[0].permute(0, 2, 3, 1) if self.planes else answers[0], *answers[1:]]
        differences = [
            ((theirs.detach() - ours[name]).abs() / (1 + ours[name].abs())).max().item()
            if theirs.shape == ours[name].shape else math.inf
            for name, theirs in zip(names, answers)]
        return max((math.inf if math.isnan(one) else one for one in differences if not one <= TOLERANCE), default=0)


def measure(options, case):
    torch.set_num_threads(case["threads"])
    with tempfile.TemporaryDirectory() as directory:
        ours = Ourselves(options, case, directory)
    try:
        row = dict(case, kernel=ours.kernel, elements=ours.elements)
        try:
            peer = Peer(case, ours.tensors)
        except NotImplementedError:
            peer = None
        compared = peer is not None and peer.run is not None
        if compared:
            try:
                row["disagreement"] = peer.disagreement(ours.tensors)
            except NotImplementedError:
                compared = False
        if row.get("disagreement"):
            return row
        times = {"ours": [], "torch": []}
        for _ in range(options.rounds):
            times["ours"] += ours.seconds()
            if compared:
                times["torch"] += peer.seconds(options.seconds / options.rounds)
                time.sleep(SETTLING_SECONDS)
        return row | {f"{name}_s": min(runs) for name, runs in times.items() if runs}
    finally:
        ours.close()


def line(row):
    name = f"{row['region']:12} {row['op']:14} {row['direction']:9} {row['layout']:14} {row['threads']}"
    if row.get("disagreement"):
        return f"{name}  DISAGREES by {row['disagreement']:.3g}"
    text = f"{name}  {nanoseconds(row):8.3f} ns/element"
    if "torch_s" in row:
        text += f"  torch {nanoseconds(row, 'torch'):8.3f}  {ratio(row):7.2f}×{' slower' if is_slower(row) else ''}"
    return f"{text}  {row['kernel']}"


def summary(rows):
    """One line for each direction, layout and number of threads, then the slower pairs by name."""
    for (direction, layout, threads), group in groups(rows).items():
        slower = sorted(filter(is_slower, group), key=ratio)
        yield (f"{direction} {layout} {threads}: {geometric_mean(group):.2f}× over {len(group)} pairs, "
               f"slower on {len(slower)}")
        yield from (f"    {row['region']} {row['op']} {ratio(row):.2f}×" for row in slower)


def selected(options):
    listed = subprocess.check_output([options.bench, "ops", "--list", "--layout", "both"], text=True)
    for text in listed.splitlines():
        region, op, layout = text.split("\t")
        if (region in options.regions and (not options.ops or op in options.ops) and layout in options.layouts):
            for direction in options.directions:
                for threads in options.threads:
                    yield {"region": region, "op": op, "layout": layout, "direction": direction, "threads": threads}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bench", default=str(HERE.parent / ".build/release/pooling-bench"))
    parser.add_argument("--output", type=Path, default=HERE / "results/ops.json")
    parser.add_argument("--ops", nargs="+", help="only these; all without")
    parser.add_argument("--regions", nargs="+", default=list(REGIONS), choices=list(REGIONS))
    parser.add_argument("--directions", nargs="+", default=["forward", "backward"], choices=["forward", "backward"])
    parser.add_argument("--layouts", nargs="+", default=["channels_first"], choices=["channels_first", "channels_last"])
    parser.add_argument("--threads", nargs="+", type=int, default=[1])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=0.1, help="for each contender of a case, all rounds together")
    return parser.parse_args()


def main():
    options = arguments()
    result = {"machine": describe_machine(), "torch": torch.__version__, "rounds": options.rounds, "rows": []}
    for case in selected(options):
        row = measure(options, case)
        result["rows"].append(row)
        print(line(row), flush=True)
    result["machine"]["load_after"] = os.getloadavg()[0]
    print(*summary(result["rows"]), sep="\n")
    options.output.parent.mkdir(exist_ok=True)
    options.output.write_text(json.dumps(result, indent=1) + "\n")
    sys.exit(any(row.get("disagreement") for row in result["rows"]))


if __name__ == "__main__":
    main()
