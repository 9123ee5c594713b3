"""What is asked: every op over every region at every endpoint, with parameters that nobody means well with.

Ops, regions and the names of their parameters come from `GET /v1/operations`, so that new ones are walked too.
"""

import dataclasses
import itertools
import random

from arrays import Array, full, ramp
from case import FORMATS

NUMBERS = (
    0, 1, -1, 0.5, 2**31, 2**31 + 1, 2**53, 2**63 - 1, 2**63, -(2**63), 1e308, 1e-308, 1_000_000, 60_000_000,
    260_000_000, "NaN", "Infinity", True, None,
)
LENGTHS = (0, 1, 2, 3, 64, 10_000)
ELEMENTS = (
    0,
    1,
    -1,
    0.5,
    2**31,
    -(2**31),
    2**53,
    2**63 - 1,
    -(2**63),
    1e9,
    -1e9,
    1e30,
    1e308,
    -1e308,
    "NaN",
    "Infinity",
    "-Infinity",
)
SHAPES = (
    (),
    (0,),
    (0, 0),
    (1,),
    (0, 1, 30_000_000, 2),
    (0, 250_000_000, 1, 1),
    (0, 1, 1, 2**40),
    (0, 2**31, 2**31),
    (0, 1, 2**62),
    (0, 2**63 - 1),
    (1, 0, 4, 4),
    (1, 1, 0, 4),
    (60_000_000, 0, 1, 1),
    (2**32, 2**32),
    (1,) * 64,
    (1,) * 65,
    (0,) * 64,
    (2**32, 2**32, 0),
)

#: A plain request for each region; a region that is not here starts from its parameters' types alone.
PLANE = ramp(1, 2, 4, 4)
REGIONS = {
    "sliding": {"kernel": [2, 2], "stride": [1, 1], "padding": [1, 1], "input": PLANE},
    "global": {"input": PLANE},
    "adaptive": {"output_size": [2, 2], "input": PLANE},
    "fractional": {"kernel": [2, 2], "output_size": [2, 2], "random_samples": full(0.5, 1, 2, 2), "input": PLANE},
    "pyramid": {"levels": [1, 2], "input": PLANE},
    "roi": {"rois": Array((2, 5), (0, 0, 0, 2, 2, 0, 1, 1, 3, 3)), "output_size": [2, 2], "input": PLANE},
    "roi_align": {"rois": Array((2, 5), (0, 0, 0, 2, 2, 0, 1, 1, 3, 3)), "output_size": [2, 2], "input": PLANE},
    "sequence": {"lengths": Array((2,), (3, 1)), "input": ramp(2, 3, 2)},
    "segments": {"segment_ids": Array((4,), (0, 2, 2, 0)), "input": ramp(4, 2)},
    "bags": {"offsets": Array((3,), (0, 1, 4)), "input": ramp(4, 2)},
}
#: Others of the same regions, for parameters that exclude those above.
OTHERS = (
    ("sliding", {"kernel": 3, "padding": "same", "dilation": 2, "ceil_mode": True, "input": PLANE}),
    ("sliding", {"kernel": [3], "padding": [[2, 1]], "padding_mode": "reflect", "input": ramp(1, 8)}),
    ("sliding", {"axes": [1, 2], "kernel": [2, 2], "input": ramp(3, 4, 4)}),
    ("sliding", {"footprint": Array((2, 2), (1, 0, 1, 1)), "input": PLANE}),
    ("sliding", {"kernel": [2, 2], "structure": full(0.5, 2, 2), "input": PLANE}),
    ("sliding", {"kernel": [2, 2], "mask": full(1, 4, 4), "input": PLANE}),
    ("global", {"mask": full(1, 4, 4), "input": PLANE}),
    ("fractional", {"kernel": [2, 2], "output_ratio": [0.5, 0.6], "seed": 1, "input": PLANE}),
    ("fractional", {"boundaries": [[0, 2, 4], [0, 1, 4]], "overlapping": True, "input": PLANE}),
    (
        "roi_align",
        {
            "rois": Array((1, 5), (0, 0, 0, 2, 2)),
            "output_size": [2, 2],
            "position_sensitive": True,
            "sampling_ratio": 2,
            "input": ramp(1, 4, 4, 4),
        },
    ),
    ("sequence", {"mask": full(1, 2, 3), "input": ramp(2, 3, 2)}),
    ("segments", {"segment_ids": Array((4,), (0, 2, 2, 0)), "segments": 3, "input": ramp(4, 2)}),
    ("bags", {"spans": Array((2, 2), (0, 2, 1, 4)), "input": ramp(4, 2)}),
    ("bags", {"members": Array((3,), (0, 3, 3)), "offsets": Array((3,), (0, 1, 3)), "input": ramp(4, 2)}),
)
#: What some ops need, by region where it matters.
OP_FIELDS = {"stochastic": {"seed": 1}}
WEIGHTS = {
    "sliding": full(0.5, 2, 2),
    "global": full(0.5, 4, 4),
    "sequence": full(0.5, 3),
    "segments": full(0.5, 4),
    "bags": full(0.5, 4),
}
WORDS = {
    "layout": ("channels_last", "NHWC", "x" * 2000),
    "dtype": ("int8", "uint8", "int64", "float16", "float64", "bfloat16", "bool"),
    "response_form": ("flat", "b64", "nested"),
    "index_base": ("tensor", "window", "sample"),
    "index_order": ("column_major",),
    "index_dtype": ("int32", "uint8", "int64"),
    "combine": ("concat",),
}
COMMON = {
    "layout": "string",
    "dims": "integer",
    "axes": "list",
    "dtype": "string",
    "response_form": "string",
    "return_indices": "boolean",
    "index_base": "string",
    "index_order": "string",
    "index_dtype": "string",
    "return_grad_parameters": "boolean",
    "skip_empty": "boolean",
    "output_size": "list",
    "index_shape": "list",
    "input_shape": "list",
    "output_shape": "list",
    "combine": "string",
    "layers": "list",
    "ops": "list",
}


@dataclasses.dataclass(frozen=True)
class Base:
    """A request that is right, at one endpoint; `types` are those of the fields that may be changed or added."""

    name: str
    endpoint: str
    fields: dict
    types: dict
    is_plain: bool = True


class Catalogue:
    def __init__(self, response: dict):
        self.ops = {op["name"]: op for op in response["ops"]}
        self.regions = {region["name"]: region for region in response["regions"]}
        self.endpoints = response["endpoints"]

    def types(self, endpoint: str, op: str, region: str) -> dict:
        fields = {
            name: COMMON.get(name, "tensor")
            for name in self.endpoints.get(endpoint, ())
            if name not in ("op", "region")
        }
        for parameter in (*self.ops[op]["parameters"], *self.regions[region]["parameters"]):
            fields[parameter["name"]] = parameter["type"]
            if "values" in parameter:
                WORDS[parameter["name"]] = tuple(parameter["values"])
        return fields

    def forward(self, op: str, region: str, fields: dict) -> Base:
        own = dict(OP_FIELDS.get(op, {}))
        if op == "weighted" and region in WEIGHTS:
            own["weights"] = WEIGHTS[region]
        return Base(
            f"{op} over {region}",
            "forward",
            {"op": op, "region": region, **own, **fields},
            self.types("forward", op, region),
        )

    def plain(self, op: str, region: str) -> Base:
        fields = REGIONS.get(region) or {
            "input": ramp(4, 2),
            **{
                parameter["name"]: _harmless(parameter)
                for parameter in self.regions[region]["parameters"]
                if "(required)" in parameter.get("summary", "")
            },
        }
        return self.forward(op, region, fields)

    def bases(self):
        """Every op over every region."""
        for op, region in itertools.product(self.ops, self.regions):
            yield self.plain(op, region)

    def others(self):
        for op in ("max", "avg", "median", "stochastic"):
            for region, fields in OTHERS:
                known = {parameter["name"] for parameter in self.regions.get(region, {}).get("parameters", ())}
                known |= {parameter["name"] for parameter in self.ops.get(op, {}).get("parameters", ())}
                if (
                    region in self.regions
                    and op in self.ops
                    and all(key in known or key in COMMON or key == "input" for key in fields)
                ):
                    yield dataclasses.replace(self.forward(op, region, fields), is_plain=False)


def _harmless(parameter):
    kind = parameter["type"].split("|")[0]
    return {"integer": 2, "number": 1, "list": [1, 2], "tensor": Array((2,), (0, 1)), "boolean": False}.get(kind, "x")


# MARK: Endpoints


def at_endpoints(base: Base, response: dict, catalogue: Catalogue):
    """The same op and region at the other endpoints; `response` is what forward said."""
    op, region = base.fields["op"], base.fields["region"]
    output_shape, input_shape = response["output_shape"], list(base.fields["input"].shape)
    gradient = {"grad_output": full(1, *output_shape)}
    without_input = {key: item for key, item in base.fields.items() if key != "input"}

    def derived(name, endpoint, fields):
        return dataclasses.replace(
            base, name=base.name + name, endpoint=endpoint, fields=fields, types=catalogue.types(endpoint, op, region)
        )

    yield base
    yield derived("", "backward", {**base.fields, **gradient})
    if catalogue.ops[op]["gradient"] == "input_shape":
        yield derived(" by shape", "backward", {**without_input, "input_shape": input_shape, **gradient})
    if catalogue.ops[op]["indices"]:
        indices = {"indices": full(0, *output_shape)}
        yield derived(" by indices", "backward", {**without_input, "input_shape": input_shape, **gradient, **indices})
    plain = {key: item for key, item in base.fields.items() if not isinstance(item, Array)}
    yield derived("", "shape", {**plain, "input_shape": input_shape})
    yield derived(" inverse", "shape", {**plain, "output_shape": output_shape})


def unpools(catalogue: Catalogue):
    fields = {
        "kernel": [2, 2],
        "stride": [2, 2],
        "input": ramp(1, 1, 2, 2),
        "indices": Array((1, 1, 2, 2), (0, 3, 8, 11)),
    }
    types = {
        name: "tensor" if name in ("input", "indices") else COMMON.get(name, "integer|list")
        for name in catalogue.endpoints["unpool"]
    }
    yield Base("unpool", "unpool", fields, types)
    yield Base("unpool to a size", "unpool", {**fields, "output_size": [4, 4], "index_shape": [1, 1, 4, 4]}, types)
    yield Base(
        "gradient of unpool",
        "backward",
        {"op": "unpool", **fields, "grad_output": ramp(1, 1, 4, 4)},
        {**types, "grad_output": "tensor"},
    )


def stacks(catalogue: Catalogue):
    """Shape queries, and where the service has them chains, of mutated layers."""
    layer = {"op": "max", "kernel": [2, 2], "stride": [1, 1], "padding": [1, 1]}
    types = catalogue.types("shape", "max", "sliding")
    for count in (1, 3, 64):
        yield Base(f"a stack of {count}", "shape", {"input_shape": [1, 1, 64, 64], "layers": [layer] * count}, types)
        yield Base(f"a stack of {count}, inverse", "shape", {"output_shape": [4, 4], "layers": [layer] * count}, types)
        if "layers" in catalogue.endpoints["forward"]:
            yield Base(f"a chain of {count}", "forward", {"input": PLANE, "layers": [layer] * count}, types)
    for count in (1, 3, 16):
        if "ops" in catalogue.endpoints["forward"]:
            rest = {key: item for key, item in layer.items() if key != "op"}
            ops = {"input": PLANE, "ops": (["max", "avg", {"op": "lp", "p": 3}] * count)[:count]}
            yield Base(f"{count} ops", "forward", {**rest, **ops}, types)
            yield Base(f"{count} ops, combined", "forward", {**rest, **ops, "combine": "concat"}, types)
    if "batch" in catalogue.endpoints:
        for count in (1, 3, 4096):
            entry = {**layer, "input": [[1, 2, 3, 4]] * 4}
            inside = {**catalogue.types("forward", "max", "sliding"), "requests": "list"}
            yield Base(f"a batch of {count}", "batch", {"requests": [entry] * count}, inside)


# MARK: Mutations


def mutations(base: Base):
    """The base with one thing changed, as (what was changed, fields)."""
    for name, kind in base.types.items():
        for label, value in _values(name, kind, base.fields.get(name)):
            yield f"{name} {label}", _with(base.fields, name, value)


def _with(fields, name, value):
    """A stack's mutation goes into its last layer, a batch's into its last request."""
    requests = fields.get("requests")
    if isinstance(requests, list) and requests and isinstance(requests[-1], dict) and name != "requests":
        return {**fields, "requests": [*requests[:-1], _with(requests[-1], name, value)]}
    layers = fields.get("layers")
    outside = name in ("input_shape", "output_shape", "layers", "input", "dtype", "response_form")
    if isinstance(layers, list) and layers and isinstance(layers[-1], dict) and not outside:
        return {**fields, "layers": [*layers[:-1], {**layers[-1], name: value}]}
    return {**fields, name: value}


def _values(name, kind, present):
    kinds = kind.split("|")
    if isinstance(present, Array) or (kind == "tensor" and present is None):
        yield from _tensors(present if present is not None else full(1, 2))
        return
    if "integer" in kinds or "number" in kinds:
        yield from ((str(number), number) for number in NUMBERS)
    if "list" in kinds:
        yield from _lists(present)
    if "boolean" in kinds:
        yield from ((str(value), value) for value in (True, False, 1, "x"))
    if "string" in kinds:
        yield from ((str(value)[:20], value) for value in WORDS.get(name, ("Infinity", "same", "", "x" * 2000)))


def _lists(present):
    length = len(present) if isinstance(present, list) else 2
    for number in NUMBERS:
        yield f"[{number}, ...]", [number] * length
        yield f"[..., {number}]", [*(present if isinstance(present, list) else [1, 1])[:-1], number]
    for count in LENGTHS:
        for number in (1, 2**31, 2**63 - 1):
            yield f"{number} {count} times", [number] * count
    for number in (1, 2**31, 2**63 - 1, -1):
        yield f"pairs of {number}", [[number, number]] * length
        yield f"nested {number}", [[[number]]]
    yield "rising", list(range(10))
    yield "rising to 2^63-1", [0, 1, 2**63 - 1]


def _tensors(array: Array):
    data = list(array.data)
    for value in ELEMENTS:
        yield f"first {value}", dataclasses.replace(array, data=(value, *data[1:]))
        yield f"last {value}", dataclasses.replace(array, data=(*data[:-1], value))
        yield f"all {value}", dataclasses.replace(array, data=(value,) * len(data))
    for shape in SHAPES:
        count = 1
        for size in shape:
            count *= size
        yield f"shape {list(shape)[:6]}", Array(shape, (1,) * count if count <= 4096 else (), array.dtype)
    rows, rest = (array.shape[0], array.shape[1:]) if array.shape else (1, ())
    step = len(data) // max(1, rows)
    for count in (0, 1, 3, 64, 300):
        yield f"{count} rows", Array((count, *rest), tuple((data * (count + 1))[: count * step]), array.dtype)
    yield "cut short", dataclasses.replace(array, data=tuple(data[:-1]))
    for dtype in ("int64", "uint8", "float64", "float16", "bfloat16", "bool", "int8"):
        yield f"as {dtype}", dataclasses.replace(array, dtype=dtype)
        yield f"long as {dtype}", Array((0, *array.shape[1:-1], 2**31), (), dtype)


# MARK: Samples

#: What a person might mean, only much of it.
LIKELY = (0, 1, 1, 2, 2, 3, 5, 64, 1000, 65_536, 1_000_000, 16_777_000, 60_000_000, 2**31)


def samples(bases: list[Base], seed: int):
    """Without end: (a name, the base, its fields with two to four things changed, a format)."""
    pick = random.Random(seed)
    while True:
        base = pick.choice(bases)
        fields, labels = base.fields, []
        for name, kind in pick.sample(list(base.types.items()), min(len(base.types), pick.choice((2, 2, 3, 4)))):
            present = base.fields.get(name)
            # Most fields that are not there have no place there.
            if present is None and pick.random() < 0.6:
                continue
            label, value = (
                _likely(pick, kind, present)
                if pick.random() < 0.7
                else pick.choice(list(_values(name, kind, present)) or [("", None)])
            )
            fields = _with(fields, name, value)
            labels.append(f"{name} {label}")
        yield f"{base.name} at {base.endpoint}: {', '.join(labels)}", base, fields, pick.choice(FORMATS)


def _likely(pick: random.Random, kind: str, present):
    """A value of the right form and length."""
    if isinstance(present, Array):
        data = tuple(pick.choice(ELEMENTS) if pick.random() < 0.3 else value for value in present.data)
        changed = dataclasses.replace(present, data=data)
        if pick.random() < 0.2:
            changed = Array((0, *(pick.choice(LIKELY) for _ in present.shape[1:])), (), present.dtype)
        return f"{changed.shape} {data[:8]}", changed
    if isinstance(present, list) and present and isinstance(present[0], int):
        value = [pick.choice(LIKELY) if pick.random() < 0.6 else item for item in present]
    elif "integer" in kind or "number" in kind:
        value = pick.choice(LIKELY)
    elif "boolean" in kind:
        value = True
    else:
        value = pick.choice((1, [1], [0, 1], [2, 2], "same"))
    return str(value), value
