"""Bodies of requests: one that costs next to nothing, others that cost a chosen amount."""

import base64
import json

SMALL = b'{"op":"max","kernel":2,"input":[[1,2],[3,4]]}'
SMALL_RESPONSE = {"output": [[4]], "output_shape": [1, 1]}


def zeros(height: int, width: int, size: int = 4) -> dict:
    """A tensor in base64, of elements of `size` bytes: large to hold, quick to make."""
    return {"shape": [height, width], "b64": base64.b64encode(bytes(size * height * width)).decode()}


def pooling(side: int, kernel: int, op: str = "max", stride: int = 1) -> bytes:
    """Pools a square plane; `kernel` and `op` choose how long that takes."""
    fields, size = (SLOW, 8) if op == SLOW_OP else ({"op": op}, 4)
    return json.dumps({**fields, "kernel": kernel, "stride": stride, "input": zeros(side, side, size)}).encode()


#: An op that takes its time for each value of a window, whatever the values are: powers that no windows share.
SLOW_OP = "lp"
SLOW = {"op": SLOW_OP, "p": 2.5, "dtype": "float64"}


#: Values of windows per second that no machine here exceeds.
RATE = 150e6


def slow(seconds: float) -> bytes:
    """A request that computes for `seconds` at least."""
    side, kernel = 256, 33
    per_row = (side - kernel + 1) * kernel * kernel
    rows = max(kernel, int(seconds * RATE / per_row) + kernel - 1)
    return json.dumps({
        **SLOW, "kernel": kernel, "stride": 1, "response_form": "b64", "input": zeros(rows, side, 8),
    }).encode()
