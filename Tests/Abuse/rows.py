"""Requests that have hurt once, or that a person would try first; each with what may come of it."""

import dataclasses
import json
import math
import zlib

from arrays import Array, ramp
from case import Case, compressed, picture, png, request, safetensors, text

MOST = 2**63 - 1
RIGHT = frozenset({200})
REJECTED = frozenset({422})
#: A result or a work that is over a limit, or a parameter over its range.
REJECTED_OR_TOO_LARGE = frozenset({413, 422})
ANY = frozenset({200, 413, 422})
MILLION = 1_000_000


@dataclasses.dataclass(frozen=True)
class Row:
    """`works` says that a 200 may take the time that `--max-work` allows."""

    case: Case
    accepted: frozenset = REJECTED
    works: bool = False
    check: object = None


def json_row(name, path, body, accepted=REJECTED, works=False, check=None, reserved=0) -> Row:
    case = text(name, path, body if isinstance(body, str) else json.dumps(body, separators=(",", ":")))
    return Row(
        dataclasses.replace(case, reserved=reserved),
        frozenset(accepted),
        works,
        check,
    )


def shape_row(name, body, accepted=REJECTED, check=None) -> Row:
    return json_row(name, "/v1/shape", body, accepted, check=check)


def says(**fields):
    """A check that the response holds these fields."""

    def check(outcome):
        response = json.loads(outcome.body)
        wrong = {key: response.get(key) for key, value in fields.items() if response.get(key) != value}
        return f"says {wrong}" if wrong else None

    return check


def empty(*shape) -> dict:
    return {"shape": list(shape), "data": []}


def ended_the_process():
    yield shape_row(
        "lists that disagree, inverse", {"op": "max", "kernel": [2, 2], "stride": [1], "output_shape": [4, 4]}
    )
    yield shape_row(
        "padding shorter than output_shape",
        {"op": "max", "kernel": 2, "padding": [1], "output_shape": [1, 1, 4, 4]},
        ANY,
    )
    yield shape_row(
        "padding shorter than kernel", {"op": "max", "kernel": [2, 2], "padding": [1], "output_shape": [1, 1, 4, 4]}
    )
    yield shape_row(
        "dims unlike kernel, inverse", {"op": "max", "dims": 3, "kernel": [2, 2], "output_shape": [4, 4, 4]}
    )
    yield shape_row(
        "axes longer than kernel, inverse",
        {"op": "max", "axes": [0, 1, 2], "kernel": [2, 2], "output_shape": [4, 4, 4]},
    )
    yield shape_row(
        "axes shorter than kernel, inverse", {"op": "max", "axes": [0], "kernel": [2, 2], "output_shape": [4, 4]}
    )
    yield shape_row(
        "adaptive size unlike dims, inverse",
        {"op": "max", "region": "adaptive", "dims": 2, "output_size": [2], "output_shape": [2, 2]},
    )
    yield shape_row(
        "layers that disagree, inverse",
        {"output_shape": [4, 4], "layers": [{"op": "max", "kernel": [2, 2]}, {"op": "max", "kernel": [2]}]},
    )
    yield shape_row(
        "layers that disagree",
        {"input_shape": [8, 8], "layers": [{"op": "max", "kernel": [2, 2]}, {"op": "max", "kernel": [2, 2, 2]}]},
    )
    yield json_row(
        "the largest segment id",
        "/v1/forward",
        {
            "op": "sum",
            "region": "segments",
            "segment_ids": [0, 0, 0, MOST],
            "input": [[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12], [13, 14, 15, 16]],
        },
        REJECTED_OR_TOO_LARGE,
    )
    roi = {"region": "roi_align", "rois": [[0, 0, 0, 1e9, 1]], "output_size": 1}
    for op in ("avg", "max", "std"):
        yield json_row(f"a wide box, {op}", "/v1/forward", {"op": op, **roi, "input": [[[[1]]]]}, ANY)
    yield json_row(
        "a wide box, backward",
        "/v1/backward",
        {"op": "avg", **roi, "input_shape": [1, 1, 1, 1], "grad_output": [[[[1]]]]},
        ANY,
    )
    box = {"op": "avg", "region": "roi_align", "rois": [[0, 0, 0, 1, 1]], "output_size": 1, "input": [[[[1]]]]}
    yield json_row("many samples", "/v1/forward", {**box, "sampling_ratio": 20000}, ANY, works=True)
    yield json_row("a large scale", "/v1/forward", {**box, "spatial_scale": 8192}, ANY, works=True)
    yield json_row("a box of 1e308", "/v1/forward", {**box, "rois": [[0, -1e308, -1e308, 1e308, 1e308]]}, ANY)
    yield json_row(
        "a huge adaptive size over nothing, backward",
        "/v1/backward",
        {
            "op": "max",
            "region": "adaptive",
            "output_size": [10**9],
            "grad_output": empty(0, 1, 10**9),
            "input_shape": [0, 1, 4],
            "indices": empty(0, 1, 10**9),
        },
        ANY,
    )


def took_memory():
    yield Row(
        request(
            "260 million bins of one element",
            "forward",
            {
                "op": "max",
                "region": "adaptive",
                "output_size": [260 * MILLION],
                "input": ramp(1, dtype="uint8"),
                "response_form": "b64",
            },
        ),
        frozenset({200, 413}),
    )
    yield json_row(
        "260 million segments of one row",
        "/v1/forward",
        {
            "op": "sum",
            "region": "segments",
            "segments": 260 * MILLION,
            "segment_ids": [0],
            "dtype": "uint8",
            "input": [1],
            "response_form": "b64",
        },
        {200, 413},
        reserved=260 * MILLION,
    )
    yield json_row(
        "a pyramid over 250 million channels of nothing",
        "/v1/forward",
        {"op": "max", "region": "pyramid", "levels": [1], "input": empty(0, 250 * MILLION, 1, 1)},
        ANY,
    )
    planes = Array((60 * MILLION, 1, 1), (), "uint8")
    yield _zeros(
        "60 million planes, fractional",
        {"op": "max", "region": "fractional", "kernel": 1, "output_size": 1, "seed": 1},
        planes,
        {200, 413, 503},
    )
    yield json_row(
        "40 boxes of many bins",
        "/v1/forward",
        {
            "op": "max",
            "region": "roi",
            "output_size": [6 * MILLION, 1],
            "rois": [[0, 0, 0, 1, 1]] * 40,
            "dtype": "uint8",
            "input": [[[[1]]]],
            "response_form": "b64",
        },
        {200, 413, 422},
        works=True,
    )
    yield json_row(
        "an empty batch of a long axis",
        "/v1/forward",
        {"op": "avg", "kernel": [2, 2], "stride": 1, "input": empty(0, 1, 30 * MILLION, 2)},
        RIGHT,
        check=says(output_shape=[0, 1, 30 * MILLION - 1, 1]),
    )
    yield _zeros(
        "a median of 60 million",
        {"op": "median", "region": "global", "dims": 1},
        Array((60 * MILLION,), (), "uint8"),
        {200, 413, 503},
        works=True,
        reserved=17 * 60 * MILLION,
    )
    yield _zeros(
        "a mask of 60 million",
        {"op": "max", "region": "global", "dims": 1, "return_indices": True},
        Array((60 * MILLION,), (), "uint8"),
        {200, 406, 413, 503},
        works=True,
    )
    yield json_row(
        "max of nothing, backward from the input",
        "/v1/backward",
        {
            "op": "max",
            "kernel": [2, 2],
            "stride": 1,
            "input": empty(0, 1, 30 * MILLION, 2),
            "grad_output": empty(0, 1, 30 * MILLION - 1, 1),
        },
        RIGHT,
    )
    yield json_row(
        "unpooling nothing to a long axis",
        "/v1/unpool",
        {"kernel": [2, 2], "input": empty(0, 1, 30 * MILLION, 2), "indices": empty(0, 1, 30 * MILLION, 2)},
        RIGHT,
    )
    yield Row(
        Case("a health question with a body", "/healthz", bytes(64 << 20), (), "GET", 0), frozenset({200, 400, 413})
    )


def _zeros(name, fields, array, accepted, works=False, reserved=0) -> Row:
    """A tensor of zeros in a body of a few KiB."""
    header = request(name, "forward", {**fields, "input": array}, "npy")
    whole = dataclasses.replace(header, body=header.body + bytes(array.count), reserved=reserved)
    return Row(compressed(whole, "zstd"), frozenset(accepted), works)


def held_threads():
    wide = {"kernel": 2147483648, "padding": 2147483647, "stride": 1}
    yield shape_row("a kernel of 2^31 in padding", {"op": "max", **wide, "input_shape": [1]}, ANY)
    yield json_row(
        "a kernel of 2^31 in padding, backward",
        "/v1/backward",
        {"op": "avg", **wide, "dims": 1, "input_shape": [0, 1, 1], "grad_output": empty(0, 1, 2147483648)},
        ANY,
    )
    yield json_row(
        "a kernel of 200 million in padding",
        "/v1/forward",
        {"op": "max", "kernel": 200 * MILLION, "padding": 100 * MILLION - 1, "stride": 1, "input": [1]},
        ANY,
    )
    yield shape_row(
        "a kernel of 2^31 in padding, inverse, each axis",
        {"op": "max", **wide, "dims": 8, "output_shape": [4] * 8},
        ANY,
    )
    yield shape_row(
        "a kernel of 2^31 in padding, 64 axes",
        {"op": "max", **wide, "axes": list(range(60)), "output_shape": [4] * 60},
        ANY,
    )
    for mode in ("replicate", "reflect", "circular", "zeros"):
        yield shape_row(
            f"a long axis, {mode}",
            {"op": "max", "kernel": 3, "padding": 1, "stride": 1, "padding_mode": mode, "input_shape": [16777000]},
            ANY,
        )
        yield shape_row(
            f"2^40 positions, {mode}",
            {"op": "max", "kernel": 3, "padding": 1, "padding_mode": mode, "input_shape": [2**40]},
            ANY,
        )
    yield shape_row(
        "large dilations in 40 dimensions",
        {
            "op": "max",
            "kernel": 3,
            "dilation": MILLION,
            "padding": MILLION,
            "stride": 1,
            "dims": 40,
            "input_shape": [2] * 40,
        },
        ANY,
    )
    yield shape_row(
        "a product that overflows",
        {"op": "max", "kernel": 3, "dims": 40, "input_shape": [2**31] * 40},
        REJECTED_OR_TOO_LARGE,
    )
    yield shape_row(
        "dilations that leave gaps",
        {"op": "max", "kernel": 3, "dilation": 999_999, "stride": 999_983, "input_shape": [2**40]},
        ANY,
    )
    layer = {"op": "max", "kernel": [1] * 62}
    yield shape_row("1,500 layers of 62 dimensions", {"input_shape": [1] * 62, "layers": [layer] * 1500}, ANY)
    yield shape_row("1,500 layers of 62 dimensions, inverse", {"output_shape": [1] * 62, "layers": [layer] * 1500}, ANY)
    body = png(8192, 8192, bytes(8192 * 8192))
    yield Row(
        Case(
            "a picture that inflates to 64 MiB",
            "/v1/forward?op=max&kernel=64",
            body,
            (("Content-Type", "image/png"),),
            decoded=1 << 26,
        ),
        frozenset({200, 413}),
        works=True,
    )
    yield Row(
        Case(
            "a picture that says little and inflates to much",
            "/v1/forward?op=max&kernel=2",
            png(4, 4, bytes(1 << 26)),
            (("Content-Type", "image/png"),),
        ),
        frozenset({200, 400, 413, 422}),
    )


def worked_without_end():
    for op in ("softmax", "std", "max", "median", "lp"):
        yield json_row(
            f"a kernel of a million over zeros, {op}",
            "/v1/forward",
            {"op": op, "kernel": 1048576, "padding": 524288, "stride": 1, "padding_mode": "zeros", "input": [1.0]},
            ANY,
            works=True,
        )
        yield json_row(
            f"a kernel of a million over zeros, 65,536 times, {op}",
            "/v1/forward",
            {"op": op, "kernel": 1048576, "padding": 557055, "stride": 1, "padding_mode": "zeros", "input": [1.0]},
            REJECTED_OR_TOO_LARGE,
        )
        yield json_row(
            f"a kernel of 8 million over zeros, {op}",
            "/v1/forward",
            {"op": op, "kernel": 1 << 23, "padding": 1 << 22, "stride": 1, "padding_mode": "zeros", "input": [1.0]},
            ANY,
            works=True,
        )
    yield json_row(
        "20 million empty segments",
        "/v1/forward",
        {
            "op": "std",
            "region": "segments",
            "segments": 20 * MILLION,
            "segment_ids": [0],
            "input": [1.0],
            "response_form": "b64",
        },
        {200, 413},
        works=True,
        reserved=80 * MILLION,
    )
    yield json_row(
        "64 million empty segments, float16",
        "/v1/forward",
        {
            "op": "median",
            "region": "segments",
            "segments": 64 * MILLION,
            "segment_ids": [0],
            "dtype": "float16",
            "input": [1.0],
            "response_form": "b64",
        },
        {200, 413},
        works=True,
        reserved=128 * MILLION,
    )
    padded = json.dumps({"op": "max", "kernel": 2, "input": [[1, 2], [3, 4]]}) + " " * (70 << 10)
    yield Row(text("a small request in 70 KiB of spaces", "/v1/forward", padded), RIGHT)
    bomb = text(
        "64 MiB of spaces", "/v1/forward", '{"op":"max","kernel":2,"input":[[1,2],[3,4]]}' + " " * (64 * MILLION)
    )
    for coding in ("gzip", "deflate", "zstd"):
        yield Row(compressed(bomb, coding), frozenset({200, 413}))
    zeros = text(
        "30 million numbers",
        "/v1/forward",
        '{"op":"max","region":"global","dims":1,"input":[0' + ",0" * (30 * MILLION) + "]}",
    )
    yield Row(dataclasses.replace(compressed(zeros, "gzip"), decoded=180 * MILLION), frozenset({200, 413}), True)
    nothing = text(
        "30 million lists of nothing",
        "/v1/forward",
        '{"op":"max","kernel":1,"input":[[]' + ",[]" * (20 * MILLION) + "]}",
    )
    yield Row(compressed(nothing, "gzip"), frozenset({400, 413, 422}))
    opened = text("60 million open brackets", "/v1/forward", '{"op":"max","kernel":1,"input":' + "[" * (60 * MILLION))
    yield Row(compressed(opened, "gzip"), frozenset({400, 413}))
    long = text("a name of 60 MB", "/v1/forward", '{"op":"' + "x" * (60 * MILLION) + '"}')
    yield Row(compressed(long, "gzip"), frozenset({400, 413, 422}))
    number = text(
        "a number of 60 million digits", "/v1/forward", '{"op":"max","kernel":1,"input":[' + "9" * (60 * MILLION) + "]}"
    )
    yield Row(compressed(number, "gzip"), frozenset({400, 413, 422}))


def filled_memory_by_reading():
    """Bodies of a few KiB that are long once they are inflated."""
    plain = '"op":"max","kernel":1,"input":[1]'
    for field in ("kernel", "axes", "levels", "boundaries", "output_size"):
        yield _long(
            f"a list of 30 million in {field}",
            "forward",
            '{"op":"max","input":[1],"%s":[1' % field,
            ",1",
            30 * MILLION,
            "]}",
        )
    yield _long("10 million pairs of padding", "forward", '{%s,"padding":[[1,1]' % plain, ",[1,1]", 10 * MILLION, "]}")
    yield _long(
        "an input_shape of 30 million", "shape", '{"op":"max","kernel":1,"input_shape":[1', ",1", 30 * MILLION, "]}"
    )
    yield _long(
        "a tensor's shape of 30 million",
        "forward",
        '{"op":"max","kernel":1,"input":{"data":[1],"shape":[1',
        ",1",
        30 * MILLION,
        "]}}",
    )
    yield _long("20 million layers", "shape", '{"input_shape":[1],"layers":[{}', ",{}", 20 * MILLION, "]}")
    yield _long("2 million fields", "forward", "{%s" % plain, ',"padding":0', 4 * MILLION, "}")
    yield _long("5 million unknown fields", "forward", "{%s" % plain, ',"x":[{}]', 5 * MILLION, "}")
    yield _long("a long unknown field", "forward", '{"', "x", 60 * MILLION, '":1,%s}' % plain)
    yield _long("a name of escapes", "forward", '{"op":"', "\\u00e9", 10 * MILLION, '"}')
    yield _long(
        "10 million segment ids",
        "forward",
        '{"op":"max","region":"segments","input":[1],"segment_ids":[0',
        ",0",
        10 * MILLION,
        "]}",
        tensor_bytes=80 * MILLION,
    )
    yield _long(
        "5 million boxes",
        "forward",
        '{"op":"max","region":"roi","output_size":1,"input":[[[[1]]]],"rois":[[0,0,0,1,1]',
        ",[0,0,0,1,1]",
        4 * MILLION,
        "]}",
        ANY | {400},
        works=True,
        tensor_bytes=4 * MILLION * 5 * 8,
    )
    yield _long(
        "inputs without end",
        "v2",
        '{"inputs":[{"name":"input","shape":[1],"datatype":"FP32","data":[1]}',
        ",{}",
        20 * MILLION,
        "]}",
    )
    header = (
        b"{"
        + b",".join(b'"t%d":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}' % number for number in range(500_000))
        + b"}"
    )
    tensors = Case(
        "500,000 tensors of nothing",
        "/v1/forward?op=max&kernel=1",
        len(header).to_bytes(8, "little") + header,
        (("Content-Type", "application/vnd.safetensors"),),
        decoded=len(header),
    )
    yield Row(compressed(tensors, "gzip"), frozenset({400, 413, 422}))
    spaces = b"{}" + b" " * (60 * MILLION)
    padded = Case(
        "a header of 60 million spaces",
        "/v1/forward?op=max&kernel=1",
        len(spaces).to_bytes(8, "little") + spaces,
        (("Content-Type", "application/vnd.safetensors"),),
        decoded=len(spaces),
    )
    yield Row(compressed(padded, "gzip"), frozenset({400, 413, 422}))


def _long(
    name, endpoint, start, part, count, end, accepted=frozenset({400, 413, 422}), works=False, tensor_bytes=0
) -> Row:
    """A part that is repeated; the values that were read of it may take as much as the text, or `tensor_bytes`."""
    path = "/v2/models/forward/infer" if endpoint == "v2" else f"/v1/{endpoint}"
    case = text(name, path, start + part * count + end)
    decoded = case.decoded + max(case.decoded, tensor_bytes)
    return Row(compressed(dataclasses.replace(case, decoded=decoded), "gzip"), frozenset(accepted), works)


def hid_in_pictures():
    forward, kind = "/v1/forward?op=max&kernel=2", (("Content-Type", "image/png"),)
    note = b"note\0\0" + zlib.compress(bytes(7_900_000), 9)
    for count in (1, 300):
        yield Row(
            Case(
                f"{count} notes of 8 MB in a picture", forward, png(4, 4, bytes(16), *[(b"zTXt", note)] * count), kind
            ),
            frozenset({200, 400, 413}),
        )
    profile = b"icc\0\0" + zlib.compress((60 * MILLION).to_bytes(4, "big") + bytes(60 * MILLION), 9)
    yield Row(
        Case("a colour profile of 60 MB", forward, png(4, 4, bytes(16), (b"iCCP", profile)), kind),
        frozenset({200, 400, 413}),
    )
    yield Row(
        Case("100,000 chunks", forward, png(4, 4, bytes(16), *[(b"teSt", b"")] * 100_000), kind, decoded=2 * MILLION),
        frozenset({200, 400, 413}),
    )
    for width, height in ((1, 60 * MILLION), (60 * MILLION, 1), (2**31 - 1, 2**31 - 1), (1, 2**31 - 1), (8000, 8000)):
        yield Row(
            Case(
                f"a picture of {width} times {height} with no pixels",
                forward,
                picture(width, height, zlib.compress(b"")),
                kind,
                # A row is held while it arrives.
                reserved=min(width, 60 * MILLION),
            ),
            frozenset({400, 413, 422}),
        )
    tall = picture(1, 30 * MILLION, zlib.compress(bytes(60 * MILLION), 9))
    yield Row(
        Case(
            "a picture of one column", "/v1/forward?op=max&kernel=1,1&stride=1000,1", tall, kind, decoded=30 * MILLION
        ),
        frozenset({200, 413, 422}),
        works=True,
    )


def asked_oddly():
    small = '{"op":"max","kernel":2,"input":[[1,2],[3,4]]}'
    accept = ",".join(f"a/b{number};q=0.{number % 10}" for number in range(2500))
    yield Row(text("30 KB of Accept", "/v1/forward", small, Accept=accept), frozenset({200, 406, 431}))
    yield Row(
        text("30 KB of Accept-Encoding", "/v1/forward", small, Accept_Encoding=accept), frozenset({200, 406, 431})
    )
    for value in ("0", "-1", "1e308", "NaN", str(2**63), "9" * 400, "1.5", ""):
        yield Row(
            text(f"X-Request-Timeout: {value[:20]}", "/v1/forward", small, X_Request_Timeout=value),
            frozenset({200, 400, 422, 504}),
        )
    for value in ("-1", str(2**63), "9" * 100, "0", "1000000"):
        yield Row(
            text(
                f"a header of {value[:20]} bytes",
                "/v2/models/forward/infer",
                small,
                Inference_Header_Content_Length=value,
            ),
            frozenset({400, 422}),
        )
    for fields in (100, 500, 1000, 5000):
        query = "&".join(f"a{number}=1" for number in range(fields))
        yield Row(
            Case(
                f"{fields} fields in the query", f"/v1/forward?{query}", b"[]", (("Content-Type", "application/x-npy"),)
            ),
            frozenset({400, 414, 422, 431}),
        )
    yield Row(
        Case(
            "brackets in the query",
            "/v1/forward?op=max&kernel=" + "[" * 20_000,
            b"",
            (("Content-Type", "application/x-npy"),),
        ),
        frozenset({400, 413, 414, 422}),
    )
    packed = json.dumps(
        {"op": "max", "region": "adaptive", "output_size": [60 * MILLION], "dtype": "uint8", "input": [1]}
    )
    for coding in ("gzip", "deflate", "zstd"):
        yield Row(
            dataclasses.replace(
                text(f"120 MB of text, packed with {coding}", "/v1/forward", packed, Accept_Encoding=coding),
                decoded=180 * MILLION,
            ),
            frozenset({200, 413}),
            works=True,
        )
    big = "[" + ",".join(["1e999999999999999999", "-0." + "0" * 1000 + "1", "1" * 1000 + "e-1000"]) + "]"
    yield json_row(
        "numbers beyond all bounds", "/v1/forward", '{"op":"max","kernel":1,"dtype":"float64","input":%s}' % big, ANY
    )


def folded_padding():
    """Kernels many times as long as the input, whose padding is not in the count of work."""

    def ones(*shape) -> dict:
        return {"shape": list(shape), "data": [1] * math.prod(shape)}

    for op, shape, kernel, padding in (
        ("avg", (1, 20, 2), [20, 60_001], [0, 30_499]),
        ("avg", (1, 100, 100), [5001, 5001], [2500, 2500]),
        ("max", (4, 20, 2), [39, 60_001], [19, 30_499]),
        ("softmax", (4, 20, 2), [20, 5001], [0, 2600]),
    ):
        body = {"op": op, "kernel": kernel, "padding": padding, "stride": 1, "input": ones(*shape)}
        # Each of 10,000 windows reads 10,000 cells, which is work that is counted.
        works = shape == (1, 100, 100)
        yield json_row(f"{op} with a kernel of {kernel[0]} times {kernel[1]}", "/v1/forward", body, ANY, works)
    weighted = {"op": "weighted", "kernel": [40_001], "padding": [20_499], "stride": 1, "weights": ones(40_001)}
    yield json_row("40,001 weights", "/v1/forward", {**weighted, "input": ones(20, 2)}, ANY)
    for kernel, stride, windows in ((128_074, 2, 1500), (123_874, 2, 3600), (131_071, 1, 2)):
        body = {"op": "sum", "dims": 1, "kernel": kernel, "stride": stride, "input_shape": [131_072]}
        yield json_row(
            f"the gradient of {windows} windows of {kernel} cells", "/v1/backward",
            {**body, "grad_output": ones(windows), "response_form": "b64"}, ANY, works=windows > 2)


def safetensors_row(name, path, tensors, accepted, reserved=0) -> Row:
    """Tensors by name as their dtype, shape and elements, compressed."""
    body = safetensors(tensors)
    case = Case(
        name, path, body, (("Content-Type", "application/vnd.safetensors"),), decoded=len(body), reserved=reserved)
    return Row(compressed(case, "zstd"), frozenset(accepted), works=True)


def had_many_axes():
    """Every axis is looked at for each window, value or index, also one of a single element."""
    ones = [1] * 63

    def row(name, path, tensors, accepted, reserved=0) -> Row:
        sizes = {"U8": 1, "F16": 2}
        zeros = {
            tensor: (dtype, shape, bytes(math.prod(shape) * sizes[dtype])) for tensor, (dtype, shape) in tensors.items()}
        return safetensors_row(name, path, zeros, accepted, reserved)

    axes = ",".join(str(axis) for axis in range(64))
    for op in ("max", "median", "softmax"):
        yield row(
            f"{op} along 64 axes", f"/v1/forward?op={op}&kernel=1&axes={axes}", {"input": ("U8", [30 * MILLION] + ones)}
            if op != "softmax" else {"input": ("F16", [30 * MILLION] + ones)}, {413})
    values = {"input": ("U8", [30 * MILLION] + ones), "indices": ("U8", [30 * MILLION] + ones)}
    for base in ("plane", "tensor", "window"):
        yield row(f"unpooling into 64 axes, {base}", f"/v1/unpool?kernel=1&index_base={base}", values, {413})
    gradients = {"grad_output": ("F16", [20 * MILLION] + ones), "indices": ("U8", [20 * MILLION] + ones)}
    kernel = ",".join(["1"] * 61)
    yield row(
        "indices numbered in columns along 61 axes",
        f"/v1/forward?op=max&kernel={kernel}&return_indices=true&index_base=window&index_order=column_major",
        {"input": ("U8", [5 * MILLION] + [1] * 61)}, {200, 413}, reserved=8 * 5 * MILLION)
    yield row("the gradient of unpooling into 64 axes", "/v1/backward?op=unpool&kernel=1", gradients, {413})
    shape = ",".join(str(size) for size in [20 * MILLION] + ones)
    yield row(
        "a gradient by indices that count 64 axes",
        f"/v1/backward?op=max&kernel=1&dims=2&index_base=tensor&input_shape={shape}", gradients, {200, 413},
        # Sums in float32.
        reserved=4 * 20 * MILLION)
    text = f"{{'descr': '|u1', 'fortran_order': True, 'shape': {tuple([60 * MILLION] + ones)}, }}".encode()
    file = b"\x93NUMPY\x01\0" + len(text).to_bytes(2, "little") + text + bytes(60 * MILLION)
    fortran = Case(
        "Fortran order along 64 axes", "/v1/forward?op=max&region=global&axes=[0]", file,
        (("Content-Type", "application/x-npy"),), decoded=len(file))
    yield Row(compressed(fortran, "zstd"), RIGHT)


def had_large_footprints():
    """Which windows have a cell to read is found before anything is known of the work."""

    def row(name, shape, padding, cells) -> Row:
        footprint = bytearray(math.prod(shape))
        for cell in cells:
            footprint[cell] = 1
        tensors = {"input": ("U8", shape, bytes(len(footprint))), "footprint": ("BOOL", shape, bytes(footprint))}
        axes = ",".join(str(axis) for axis in range(len(shape)))
        path = f"/v1/forward?op=max&stride=1&axes={axes}&padding={json.dumps(padding, separators=(',', ':'))}"
        return safetensors_row(name, path, tensors, {413, 422})

    many = 30 * MILLION
    yield row("a footprint along 12 axes", [4] * 12, [[1, 2]] * 12, range(0, 4**12, 4**8))
    yield row("a footprint of 30 million cells", [many], (many - 1) // 2, (0, many - 1))
    yield row("a footprint of 2 rows of 15 million cells", [2, many // 2], [0, many // 4 - 1], (0, many - 1))
    yield row("a footprint of 5000 rows", [5000, 5000], 2499, (0, 25 * MILLION - 1))
    channels = 8 * MILLION
    shape, infinities = [channels, 2], b"\x00\xfc\0\0" * channels
    yield safetensors_row(
        "a structuring element of 8 million channels", "/v1/forward?op=max&dims=1&kernel=2&stride=1",
        {"input": ("F16", shape, bytes(4 * channels)), "structure": ("F16", shape, infinities)}, {200, 413, 422, 504},
        # Its numbers in float64, and the compressed body, which hardly shrinks.
        reserved=(8 * 2 + 4) * channels)


def had_masks_for_many_ops():
    """Zeros and ones of another type than bool, which each op could convert for itself."""
    many = 30 * MILLION
    ops = ",".join(["max", "min"] * 8)
    yield safetensors_row(
        "a mask of 30 million for 16 ops", f"/v1/forward?dims=1&kernel=2&ops={ops}",
        {"input": ("U8", [0, 1, many], b""), "mask": ("I8", [many], b"\0" + b"\1" * (many - 1))}, {200, 413})


def hid_in_strings():
    """Lists that are texts, each of which is read by itself."""
    element = {"name": "input", "shape": [1], "datatype": "FP32", "data": [1]}
    lists = {f"x{number}": "1" + ",1" * 32_000 for number in range(63)}
    body = json.dumps({"inputs": [element], "parameters": {"op": "max", "kernel": 1, **lists}})
    yield json_row("63 lists of 32,000 in strings", "/v2/models/forward/infer", body, {413})


def tables():
    """All rows, by what went wrong."""
    for table in (
        ended_the_process,
        took_memory,
        held_threads,
        worked_without_end,
        filled_memory_by_reading,
        hid_in_pictures,
        asked_oddly,
        folded_padding,
        had_many_axes,
        had_large_footprints,
        had_masks_for_many_ops,
        hid_in_strings,
    ):
        yield from table()


def plans(budget: int):
    """Bodies of a few kilobytes that ask for many kernels with long tables of windows, for a server with this budget.

    Their plans may take a quarter of it; entries beyond that are rejected.
    """

    def row(name, path, body, accepted=RIGHT) -> Row:
        return json_row(name, path, body, accepted, works=True, reserved=budget // 4)

    line = {"shape": [1, 1, 64], "data": [1] * 64}
    wide = {"op": "logsumexp", "kernel": [1, 961], "padding": [0, 960], "stride": 1, "input": line}
    entries = [{**wide, "r": 1 + number / 5000, "response_form": "b64"} for number in range(1000)]
    yield row("1,000 entries with tables of columns", "/v1/batch", {"requests": entries})
    several = [{"op": "logsumexp", "r": 1 + number / 100} for number in range(16)]
    layers = [
        {"ops": several, "combine": "concat", "kernel": [1, 64], "padding": "same", "stride": 1},
        {"op": "max", "axes": [0], "kernel": [16]},
    ] * 32
    chain = {"layers": layers, "input": {"shape": [1, 1, 1024], "data": [1] * 1024}}
    yield row("32 layers of 16 ops", "/v1/forward", chain, {413})
    yield row("12 times 32 layers of 16 ops", "/v1/batch", {"requests": [chain] * 12})
    gradient = {
        "endpoint": "backward",
        "op": "avg",
        "dims": 1,
        "kernel": 131_065,
        "stride": 2,
        "input_shape": [131_072],
        "grad_output": {"shape": [4], "dtype": "float16", "data": [0] * 4},
        "response_form": "b64",
    }
    gradients = [{**gradient, "divisor_override": 1 + number} for number in range(400)]
    yield row("400 gradients over a long axis", "/v1/batch", {"requests": gradients})
    levels = [
        {"op": "max", "region": "pyramid", "dims": 1, "levels": [1 + number % 3] * 999, "input": [1, 2]}
        for number in range(300)
    ]
    yield row("300 pyramids of 999 levels", "/v1/batch", {"requests": levels})
    strides = [
        {"layers": [{"op": "max", "kernel": [1], "stride": 1 + 64 * number + layer} for layer in range(64)]}
        for number in range(1000)
    ]
    chains = [{**stride, "input": [1, 2]} for stride in strides]
    yield row("1,000 chains of 64 layers", "/v1/batch", {"requests": chains})
