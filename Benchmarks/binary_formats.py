"""Tensors as npy and safetensors, for both sides of a comparison."""

import io
from typing import Callable, NamedTuple

import numpy
import safetensors.numpy


class BinaryFormat(NamedTuple):
    media_type: str
    # Formats that have no names leave the tensor's name out.
    encode: Callable[[numpy.ndarray, str], bytes]
    decode: Callable[[bytes, str], numpy.ndarray]


def npy_bytes(array, _name):
    buffer = io.BytesIO()
    numpy.save(buffer, array)
    return buffer.getvalue()


BINARY_FORMATS = {
    "npy": BinaryFormat("application/x-npy", npy_bytes, lambda body, _name: numpy.load(io.BytesIO(body))),
    "safetensors": BinaryFormat(
        "application/vnd.safetensors", lambda array, name: safetensors.numpy.save({name: array}),
        lambda body, name: safetensors.numpy.load(body)[name])}
