"""Bodies of requests: one that costs next to nothing, others that cost a chosen amount."""

import base64
import json

SMALL = b'{"op":"max","kernel":2,"input":[[1,2],[3,4]]}'
SMALL_ANSWER = {"output": [[4]], "output_shape": [1, 1]}


def zeros(height: int, width: int) -> dict:
    """A float32 tensor in base64: large to hold, quick to make."""
    return {"shape": [height, width], "b64": base64.b64encode(bytes(4 * height * width)).decode()}


def pooling(side: int, kernel: int, op: str = "max", stride: int = 1) -> bytes:
    """Pools a square plane; `kernel` and `op` choose how long that takes."""
    return json.dumps({"op": op, "kernel": kernel, "stride": stride, "input": zeros(side, side)}).encode()


#: An op that takes its time for each value of a window, whatever the values are.
SLOW_OP = "softmax"


def slow(seconds: float, rate: float) -> bytes:
    """A request that computes for about `seconds` on a machine that takes `rate` values a second."""
    side, kernel = 256, 9
    per_row = (side - kernel + 1) * kernel * kernel
    rows = max(kernel, int(seconds * rate / per_row) + kernel - 1)
    return json.dumps({
        "op": SLOW_OP, "kernel": kernel, "stride": 1, "response_form": "b64", "input": zeros(rows, side),
    }).encode()
