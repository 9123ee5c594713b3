"""Tensors as an attacker writes them: the shape and the data need not agree."""

import base64
import dataclasses
import math
import struct

CODES = {
    "float32": "f", "float64": "d", "float16": "e", "bfloat16": "H", "int8": "b", "uint8": "B", "int16": "h",
    "uint16": "H", "int32": "i", "int64": "q", "bool": "?"}
NPY = {
    "float32": "<f4", "float64": "<f8", "float16": "<f2", "int8": "|i1", "uint8": "|u1", "int16": "<i2",
    "uint16": "<u2", "int32": "<i4", "int64": "<i8", "bool": "|b1"}
SAFETENSORS = {
    "float32": "F32", "float64": "F64", "float16": "F16", "bfloat16": "BF16", "int8": "I8", "uint8": "U8",
    "int16": "I16", "uint16": "U16", "int32": "I32", "int64": "I64", "bool": "BOOL"}
INFERENCE = {
    "float32": "FP32", "float64": "FP64", "float16": "FP16", "bfloat16": "BF16", "int8": "INT8", "uint8": "UINT8",
    "int16": "INT16", "uint16": "UINT16", "int32": "INT32", "int64": "INT64", "bool": "BOOL"}

#: Types that a tensor has where the request names none.
DEFAULT_TYPES = {
    "indices": "int64", "segment_ids": "int64", "lengths": "int64", "offsets": "int64", "spans": "int64",
    "members": "int64", "mask": "bool", "footprint": "bool", "rois": "float64", "random_samples": "float64"}


@dataclasses.dataclass(frozen=True)
class Array:
    shape: tuple
    data: tuple
    dtype: str | None = None

    @property
    def count(self) -> int:
        return math.prod(self.shape)

    @property
    def is_consistent(self) -> bool:
        return self.count == len(self.data)

    def type(self, name: str) -> str:
        return self.dtype or DEFAULT_TYPES.get(name, "float32")

    def nested(self):
        """Nested lists, or the flat form where there are none for this shape."""
        if not self.is_consistent or 0 in self.shape or not self.shape or self.dtype:
            return self.flat()
        rows = list(self.data)
        for size in reversed(self.shape[1:]):
            rows = [rows[start:start + size] for start in range(0, len(rows), size)]
        return rows

    def flat(self):
        return {"shape": list(self.shape), **self._typed(), "data": list(self.data)}

    def b64(self, name: str):
        text = base64.b64encode(self.bytes(name)).decode()
        return {"shape": list(self.shape), "dtype": self.type(name), "b64": text}

    def bytes(self, name: str) -> bytes:
        dtype = self.type(name)
        return b"".join(_packed(value, dtype) for value in self.data)

    def _typed(self):
        return {"dtype": self.dtype} if self.dtype else {}


def _packed(value, dtype: str) -> bytes:
    """The nearest that the type has: binary formats cannot say anything else."""
    value = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}.get(value, value)
    if dtype == "bfloat16":
        return _packed(value, "float32")[2:]
    code = CODES[dtype]
    if code in "fde":
        try:
            return struct.pack("<" + code, value)
        except (OverflowError, ValueError):
            return struct.pack("<" + code, math.copysign(math.inf, value))
    if code == "?":
        return bytes([value if value in (0, 1) else 255])
    bits = 8 * struct.calcsize(code)
    least, most = (0, 2 ** bits - 1) if code.isupper() else (-2 ** (bits - 1), 2 ** (bits - 1) - 1)
    if isinstance(value, float) and not math.isfinite(value):
        value = most if value > 0 else least
    return struct.pack("<" + code, min(max(int(value), least), most))


def ramp(*shape, dtype=None) -> Array:
    """1, 2, 3, …"""
    return Array(shape, tuple(range(1, math.prod(shape) + 1)), dtype)


def full(value, *shape, dtype=None) -> Array:
    return Array(shape, (value,) * math.prod(shape), dtype)
