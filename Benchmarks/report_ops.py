"""The sections of the report on ops over regions, from the figures of ops.py."""

import math
from collections import defaultdict

SHORT_SECONDS, SHORT_TIE, TIE = 20e-6, 0.5, 0.95


def ratio(row):
    """How many times as fast as torch; None where torch has no composition."""
    return row["torch_s"] / row["ours_s"] if "torch_s" in row else None


def is_slower(row):
    """Below 0.95; where torch takes less than 20 µs, which is mostly the cost of a call, below 0.5."""
    return ratio(row) is not None and ratio(row) < (SHORT_TIE if row["torch_s"] < SHORT_SECONDS else TIE)


def nanoseconds(row, name="ours"):
    return row[f"{name}_s"] / row["elements"] * 1e9


def groups(rows):
    """The rows with a peer, by direction, layout and threads."""
    compared = defaultdict(list)
    for row in rows:
        if "torch_s" in row:
            compared[row["direction"], row["layout"], row["threads"]].append(row)
    return compared


def geometric_mean(rows):
    return math.exp(sum(math.log(ratio(row)) for row in rows) / len(rows))


def summary(rows):
    lines = ["| direction | layout | threads | pairs | geometric mean | slower |", "| --- | --- | --- | --- | --- | --- |"]
    for (direction, layout, threads), group in groups(rows).items():
        slower = sum(map(is_slower, group))
        lines.append(
            f"| {direction} | {layout} | {threads} | {len(group)} | **{geometric_mean(group):.2f}×** | {slower} |")
    return lines + [""]


def ops_headline(rows):
    """A line for each direction, of one thread with the channels first."""
    for direction in ("forward", "backward"):
        group = groups(rows)[direction, "channels_first", 1]
        if group:
            slower = sum(map(is_slower, group))
            yield (
                f"- [Every op over every region](#ops-over-regions) compared with what a torch user writes, {direction}: "
                f"{geometric_mean(group):.1f}× over {len(group)} pairs, slower on {slower}.")


def slower_pairs(rows):
    lines = ["| direction | layout | threads | slower than torch |", "| --- | --- | --- | --- |"]
    for (direction, layout, threads), group in groups(rows).items():
        names = ", ".join(
            f"{row['region']} {row['op']} {ratio(row):.2f}×" for row in sorted(filter(is_slower, group), key=ratio))
        lines.append(f"| {direction} | {layout} | {threads} | {names or 'none'} |")
    return lines + [""]


def table(rows):
    """Nanoseconds per input element, and the ratio to torch in brackets."""
    cells = {(row["op"], row["region"]): row for row in rows if "ours_s" in row}
    ops, regions = (list(dict.fromkeys(row[key] for row in rows)) for key in ("op", "region"))

    def cell(op, region):
        row = cells.get((op, region))
        if row is None:
            return "–"
        compared = f" ({ratio(row):.1f}×)" if "torch_s" in row else ""
        return f"{nanoseconds(row):.2f}{compared}"

    return [
        "| op | " + " | ".join(regions) + " |", "| --- |" + " --- |" * len(regions),
        *(f"| {op} | " + " | ".join(cell(op, region) for region in regions) + " |" for op in ops), ""]


def ops_section(result):
    rows = result["rows"]
    lines = [
        "## Ops over regions", "",
        f"Every op over every region, float32, compared with a torch {result['torch']} user's own code for the same "
        "(`Benchmarks/compositions.py`): one library call or a composition such as "
        "`avg_pool(exp(x)·x) / avg_pool(exp(x))` for SoftPool. Backward is from the input and the gradient of the output, "
        "for torch forward and autograd together. The answers are compared once per pair. The rounds of both alternate, "
        "and the fastest run of each counts. A pair counts as slower below 0.95×, where torch takes less than 20 µs "
        "below 0.5×.", "", *summary(rows), *slower_pairs(rows)]
    for direction in ("forward", "backward"):
        for layout in ("channels_first", "channels_last"):
            chosen = [row for row in rows if (row["direction"], row["layout"], row["threads"]) == (direction, layout, 1)]
            if chosen:
                lines += [
                    f"<details><summary>{direction}, {layout}, 1 thread: nanoseconds per input element, and the speed "
                    "relative to torch</summary>", "", *table(chosen), "</details>", ""]
    return lines
