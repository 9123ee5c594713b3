"""The sections of the report on ops over regions, from the figures of ops.py."""

import math
from collections import defaultdict
from pathlib import Path

HERE = Path(__file__).resolve().parent
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


def words(name):
    return name.replace("_", " ")


def of_one_thread(rows):
    """The groups of one thread: direction and layout, rows with a peer."""
    return {(direction, layout): group for (direction, layout, threads), group in groups(rows).items() if threads == 1}


def ops_headline(rows):
    compared = of_one_thread(rows)
    means = {key: f"{geometric_mean(group):.2f}×" for key, group in compared.items()}
    yield (
        "- [Every op over every region](#ops-over-regions) compared with a torch user's own code, geometric mean: "
        + ", ".join(f"{words(layout)} {direction} {mean}" for (direction, layout), mean in means.items()) + ".")
    slower = [
        f"{sum(is_slower(row) for row in rows)} of {len(rows)} pairs {direction}" for direction in ("forward", "backward")
        if (rows := [row for key, group in compared.items() if key[0] == direction for row in group])]
    yield f"- torch is faster on {' and '.join(slower)}: [all of them, with the reasons](#pairs-slower-than-torch)."


def means_of_regions(rows):
    compared = of_one_thread(rows)
    regions = list(dict.fromkeys(row["region"] for row in rows))

    def cells(group):
        if not group:
            return "– | "
        return f"{geometric_mean(group):.2f}× | {sum(map(is_slower, group))} of {len(group)}"

    keys = [(direction, layout) for layout in ("channels_first", "channels_last") for direction in ("forward", "backward")]
    keys = [key for key in keys if key in compared]
    titles = [f"{direction}, {layout.split('_')[1]}" for direction, layout in keys]
    lines = [
        "| region | " + " | ".join(f"{title} | slower" for title in titles) + " |", "| --- |" + " --- |" * (2 * len(keys))]
    for region in regions:
        parts = [[row for row in compared[key] if row["region"] == region] for key in keys]
        lines.append(f"| {region} | " + " | ".join(map(cells, parts)) + " |")
    bold = [cells(compared[key]).replace("×", "×**", 1) for key in keys]
    return lines + ["| all | " + " | ".join(f"**{cell}" for cell in bold) + " |", ""]


def slower_pairs(rows):
    lines = ["| layout | direction | region | ops |", "| --- | --- | --- | --- |"]
    for (direction, layout), group in sorted(of_one_thread(rows).items(), key=lambda item: (item[0][1], item[0][0] == "backward")):
        for region in dict.fromkeys(row["region"] for row in group):
            slower = sorted((row for row in group if row["region"] == region and is_slower(row)), key=ratio)
            if slower:
                names = ", ".join(f"{row['op']} {ratio(row):.2f}×" for row in slower)
                lines.append(f"| {words(layout)} | {direction} | {region} | {names} |")
    return lines + [""]


EXPONENTIAL = {"power_avg", "logsumexp", "softmax", "stochastic"}
SORTED = {"median", "quantile"}


def above_max(rows):
    """The ops that cost more than their share of max over the same region, forward."""
    lines = ["| layout | region | limit | ops |", "| --- | --- | --- | --- |"]
    for layout in dict.fromkeys(row["layout"] for row in rows):
        chosen = [row for row in rows if (row["layout"], row["direction"], row["threads"]) == (layout, "forward", 1)]
        for region in dict.fromkeys(row["region"] for row in chosen):
            costs = {row["op"]: nanoseconds(row) for row in chosen if row["region"] == region and "ours_s" in row}
            over = {}
            for op, cost in costs.items():
                limit = 8 if op in EXPONENTIAL else 20 if op in SORTED else 4
                if "max" in costs and cost > limit * costs["max"]:
                    over.setdefault(limit, []).append(f"{op} {cost / costs['max']:.1f}")
            for limit, names in sorted(over.items()):
                lines.append(f"| {words(layout)} | {region} | {limit} | {', '.join(names)} |")
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
    rows, machine = result["rows"], result["machine"]
    lines = [
        "## Ops over regions", "",
        f"{machine['date']}, {machine['processor']}, {machine['cores']} cores, load {machine['load_before']:.0f}.", "",
        f"Each op over each region compared with a torch {result['torch'].split('+')[0]} user's own code for the same "
        "(`Benchmarks/compositions.py`): one library call or a composition such as "
        "`avg_pool(exp(x)·x) / avg_pool(exp(x))` for SoftPool. Backward is from the input and the gradient of the output, "
        "for torch forward and autograd together. The cases are those of `pooling-bench ops`, in float32. The rounds of "
        "both alternate, and the fastest run of each counts. pooling-server has the plan of a request that comes again in "
        "its cache, as in the service: making it takes 15 to 25 µs. Requests with boxes, segments or lengths are planned in "
        "each run.", "",
        *means_of_regions(rows),
        "A pair counts as slower than torch below 0.95×, where torch takes less than 20 µs below 0.5×.", ""]
    if any(row["threads"] != 1 for row in rows):
        lines += summary(rows)
    for layout in ("channels_first", "channels_last"):
        for direction in ("forward", "backward"):
            chosen = [row for row in rows if (row["direction"], row["layout"], row["threads"]) == (direction, layout, 1)]
            if chosen:
                lines += [
                    f"<details><summary>{direction}, {words(layout)}: nanoseconds per input element, and the speed "
                    "relative to torch</summary>", "", *table(chosen), "</details>", ""]
    return lines + [
        "### Pairs slower than torch", "", *slower_pairs(rows), *(HERE / "ops-shortfalls.md").read_text().splitlines(), "",
        "### Ops compared with max", "",
        "The goal is that no op costs more than 4 times as much as `max` over the same region, 8 times with exponentials, "
        "logarithms or powers, 20 times for order statistics. Forward, these do:", "", *above_max(rows)]
