#!/usr/bin/env python3
"""Writes docs/benchmarks.md, docs/benchmarks-layers.md and its plots from the figures in results/."""

import json
import math
from collections import defaultdict
from pathlib import Path

from plot import ratio_plot
from report_ops import ops_headline, ops_section

HERE = Path(__file__).resolve().parent
DOCS = HERE.parent / "docs"
OURS = "pooling-server"
# Goals for the geometric mean over the layers.
GOALS = {
    ("channels_first", "forward"): 1.5, ("channels_first", "forward_indices"): 8, ("channels_first", "backward"): 3,
    ("channels_last", "forward"): 1.5, ("channels_last", "forward_indices"): 1.5, ("channels_last", "backward"): 1.5}
# Below this a layer counts as slower than the best peer.
TIE = 0.95


def best_peer(row):
    others = {name: times for name, times in row["times"].items() if name != OURS}
    return min(others, key=lambda name: others[name]["min_s"]) if others else None


def ratio(row, figure="min_s"):
    """The speed relative to the best peer; None if no peer supports the case."""
    peer = best_peer(row)
    return row["times"][peer][figure] / row["times"][OURS][figure] if peer else None


def rate(row, name=OURS):
    return row["bytes"] / row["times"][name]["min_s"] / 1e9


def mean(ratios):
    return math.exp(sum(map(math.log, ratios)) / len(ratios))


def settings(rows):
    groups = defaultdict(list)
    for row in rows:
        if ratio(row):
            groups[row["layout"], row["direction"], row["threads"]].append(row)
    return groups


def summary(groups):
    lines = [
        "| layout | direction | threads | layers | geometric mean | goal | slowest layer | below 0.95 |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |"]
    for (layout, direction, threads), rows in groups.items():
        slowest = min(rows, key=ratio)
        below = sum(ratio(row) < TIE for row in rows)
        lines.append(
            f"| {layout} | {direction} | {threads} | {len(rows)} | **{mean([ratio(row) for row in rows]):.2f}×** "
            f"| {GOALS[layout, direction]}× | {slowest['layer']} ({ratio(slowest):.2f}×) | {below} |")
    return lines


def slower_layers(groups):
    """The layers below TIE by name; shortfalls.md has the reasons."""
    lines = ["### Layers slower than the best peer", "", f"Below {TIE}×, with the peer that is faster.", "",
             "| layout | direction | threads | layers |", "| --- | --- | --- | --- |"]
    for (layout, direction, threads), rows in groups.items():
        below = sorted((row for row in rows if ratio(row) < TIE), key=ratio)
        names = ", ".join(f"{row['layer']} {ratio(row):.2f}× ({best_peer(row)})" for row in below)
        lines.append(f"| {layout} | {direction} | {threads} | {names or 'none'} |")
    return lines + [""]


def layer_table(rows):
    lines = [
        "| layer | GB/s | best peer | its GB/s | ratio of minima | of medians | kernel |",
        "| --- | --- | --- | --- | --- | --- | --- |"]
    for row in rows:
        peer = best_peer(row)
        lines.append(
            f"| {row['layer']} | {rate(row):.2f} | {peer} | {rate(row, peer):.2f} | {ratio(row):.2f} "
            f"| {ratio(row, 'median_s'):.2f} | `{row['kernel']}` |")
    return lines


def copies(result):
    """Layers that read much and compute little, compared with a memory copy."""
    bandwidth = {entry["bytes"]: entry["gigabytes_per_second"] for entry in result["memcpy"]}
    lines = [
        "Bytes read and written together: " + ", ".join(
            f"{size >> 10} KiB {speed:.1f} GB/s" for size, speed in sorted(bandwidth.items())) + ".", "",
        "| layer (one thread, forward, channels first) | MB in and out | GB/s | of a copy of 256 MiB |",
        "| --- | --- | --- | --- |"]
    simple = ("vgg16", "global", "ave_pool5", "avg_pool5", "densenet", "3d_unet")
    for row in result["rows"]:
        setting = (row["direction"], row["layout"], row["threads"])
        if setting == ("forward", "channels_first", 1) and any(part in row["layer"] for part in simple):
            share = rate(row) / bandwidth[max(bandwidth)]
            lines.append(f"| {row['layer']} | {row['bytes'] / 1e6:.1f} | {rate(row):.1f} | {share:.0%} |")
    return lines


def scaling(rows):
    """The gain of pooling-server from a second thread."""
    seconds = {(row["layout"], row["direction"], row["threads"], row["layer"]): row["times"][OURS]["min_s"]
               for row in rows}
    gains = defaultdict(list)
    for (layout, direction, threads, layer), with_two in seconds.items():
        alone = seconds.get((layout, direction, 1, layer))
        if threads == 2 and alone:
            gains[layout, direction].append((alone / with_two, alone))
    if not gains:
        return []
    lines = [
        "### A second thread", "",
        "pooling-server with two threads compared with one thread, on a machine with 2 cores. Large layers take 0.5 ms or "
        "longer on one thread.", "",
        "| layout | direction | all layers | large layers | best |", "| --- | --- | --- | --- | --- |"]
    for (layout, direction), pairs in gains.items():
        large = [gain for gain, alone in pairs if alone >= 0.5e-3]
        lines.append(
            f"| {layout} | {direction} | {mean([gain for gain, _ in pairs]):.2f}× | "
            f"{f'{mean(large):.2f}× ({len(large)})' if large else '–'} | {max(pairs)[0]:.2f}× |")
    return lines + [""]


def layers_section(result):
    groups = settings(result["rows"])
    peers = ", ".join(f"{name} {version}" for name, version in result["peers"].items())
    lines = [
        "## Pooling layers", "", machine_line(result["machine"]), "",
        f"Peers: {peers}. A ratio above 1 means that pooling-server is faster than the best peer on that layer. "
        f"Bytes are those of all tensors, read and written. The libraries run alternately in {result['rounds']} rounds, "
        "and the fastest run of each counts; a library that is three times slower than the best is not measured further. "
        "Peers write to preallocated memory; pooling-server allocates its result in each run, and has the plan of a layer "
        "that comes again in its cache, as in the service: making it takes 15 to 25 µs.", ""]
    if result["batch_divisor"] != 1:
        lines += [f"Batches are divided by {result['batch_divisor']} (`--batch-divisor`), but at least 1.", ""]
    lines += summary(groups) + [""] + slower_layers(groups)
    for direction in ("forward", "forward_indices", "backward"):
        lines += plots(groups, direction)
    lines += scaling(result["rows"])
    lines += ["### Share of the machine's bandwidth", ""] + copies(result) + [""]
    for (layout, direction, threads), rows in groups.items():
        title = f"{layout}, {direction}, {threads} thread{'s' if threads > 1 else ''}"
        lines += [f"<details><summary>{title}</summary>", ""] + layer_table(rows) + ["", "</details>", ""]
    return lines


def plots(groups, direction):
    series = {
        f"{layout}, {threads} thread{'s' if threads > 1 else ''}": {row["layer"]: ratio(row) for row in rows}
        for (layout, kind, threads), rows in groups.items() if kind == direction}
    if not series:
        return []
    path = DOCS / f"benchmarks-{direction}.svg"
    path.write_text(ratio_plot(f"{direction}: times as fast as the best peer", series))
    return [f"![{direction}: times as fast as the best peer]({path.name})", ""]


def numbers_section(result):
    lines = [
        "## Numbers in JSON", "", machine_line(result["machine"]), "",
        "A million normally distributed float32 numbers, one thread, nanoseconds per number. pooling-server reads a "
        "complete request into a tensor and writes a complete response; the others read and write only the numbers.", "",
        "| | ns per number |", "| --- | --- |"]
    return lines + [f"| {name} | {cost:.1f} |" for name, cost in sorted(result["nanoseconds"].items())] + [""]


def service_section(result):
    lines = [
        "## Whole service", "", machine_line(result["machine"]), "",
        "Loopback; the load generator runs on the same processors. FastAPI is FastAPI + uvloop + httptools + orjson + "
        "torch in 2 processes. No server logs requests. Tiny: 4×4 max 2×2 with indices, 32 connections of wrk. Large: one request at a time, "
        "max 3×3 with stride 2, the fastest of several.", "",
        "| | tiny requests/s | processor time per tiny request | large JSON | npy | safetensors |",
        "| --- | --- | --- | --- | --- | --- |"]
    for name, tiny in result["tiny"].items():
        lines.append(
            f"| {name} | {tiny['rate']:,.0f} | {tiny['processor_us']:.1f} µs | {milliseconds(result, 'json', name)} "
            f"| {milliseconds(result, 'npy', name)} | {milliseconds(result, 'safetensors', name)} |")
    steady = result["steady"]
    return lines + [
        "", f"At a constant {steady['rate']:,.0f} requests/s: median {steady['median_s'] * 1e3:.1f} ms, "
        f"99th percentile {steady['p99_s'] * 1e3:.1f} ms (hey). Start to first response: {result['start_s'] * 1e3:.0f} ms. "
        f"Resident memory: {result['idle_bytes'] / 1e6:.1f} MB idle, {result['after_load_bytes'] / 1e6:.1f} MB after "
        "the benchmark.", ""]


def milliseconds(result, kind, name):
    figures = (result[kind] or {}).get(name)
    return f"{figures['min_s'] * 1e3:.1f} ms" if figures else "–"


def machine_line(machine):
    load = f"{machine['load_before']:.1f}"
    if "load_after" in machine:
        load += f" before, {machine['load_after']:.1f} after"
    return f"{machine['date']}, {machine['processor']}, {machine['cores']} cores, {machine['system']}; load {load}."


def headline(results):
    """What a visitor wants to know, a line each, from whatever was measured."""
    lines = ["A ratio above 1 means that pooling-server is faster. One thread and channels first, unless stated.", ""]
    if "layers" in results:
        groups = settings(results["layers"]["rows"])
        for layout in ("channels_first", "channels_last"):
            means = [
                f"{name} {mean([ratio(row) for row in groups[layout, direction, 1]]):.1f}×"
                for name, direction in (
                    ("forward", "forward"), ("forward with indices", "forward_indices"), ("backward", "backward"))
                if (layout, direction, 1) in groups]
            if means:
                lines.append(
                    f"- [44 layers of known networks](benchmarks-layers.md) compared with the best of four libraries, "
                    f"{layout.replace('_', ' ')}, geometric mean: {', '.join(means)}.")
    if "ops" in results:
        lines += ops_headline(results["ops"]["rows"])
    if "numbers" in results:
        costs = results["numbers"]["nanoseconds"]
        lines.append(
            f"- [JSON](#numbers-in-json): a number is read in {costs['read pooling-server']:.0f} ns and written in "
            f"{costs['write pooling-server']:.0f} ns; orjson takes {costs['read orjson + numpy']:.0f} ns (with numpy) and "
            f"{costs['write orjson']:.0f} ns.")
    if "service" in results:
        tiny = results["service"]["tiny"]
        ours, theirs = tiny[OURS], tiny["FastAPI"]
        lines.append(
            f"- [Whole service](#whole-service): {ours['rate']:,.0f} small requests per second on two cores, FastAPI with "
            f"torch {theirs['rate']:,.0f}; {ours['processor_us']:.0f} µs of processor time each, FastAPI "
            f"{theirs['processor_us']:.0f} µs.")
    return lines + [""]


def write(name, lines):
    (DOCS / name).write_text("\n".join(lines).rstrip() + "\n")


def main():
    results = {
        name: json.loads(path.read_text()) for name in ("layers", "ops", "numbers", "service")
        if (path := HERE / f"results/{name}.json").exists()}
    lines = [
        "# Benchmarks", "",
        "pooling-server compared with other libraries and with other services, as measured by `make bench` and written by "
        "`Benchmarks/report.py`. Compare ratios: absolute figures differ between machines, and between runs on a shared "
        "machine.", "", *headline(results),
        "Single parts, after `make bench` has built everything:", "", "<!-- not run: they need the build of make bench, and take minutes -->", "```sh",
        ".venv-bench/bin/python Benchmarks/compare.py --filter vgg16 --directions forward --threads 1",
        ".venv-bench/bin/python Benchmarks/ops.py --regions sliding --ops softmax lp",
        ".venv-bench/bin/python Benchmarks/numbers_in_json.py", ".venv-bench/bin/python Benchmarks/service.py",
        ".build/release/pooling-bench memcpy", "```", ""]
    sections = {"ops": ops_section, "numbers": numbers_section, "service": service_section}
    for name, section in sections.items():
        if name in results:
            lines += section(results[name])
    write("benchmarks.md", lines)
    if "layers" in results:
        write("benchmarks-layers.md", [
            "# Benchmarks: layers of known networks", "", "The page of [all benchmarks](benchmarks.md) has the summary.",
            "", *layers_section(results["layers"]), *(HERE / "shortfalls.md").read_text().splitlines()])


if __name__ == "__main__":
    main()
