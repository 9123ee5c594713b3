"""A pytest plugin that computes Keras' pooling through the service, forward and backward.

    KERAS_BACKEND=torch pytest --pyargs keras.src.layers.pooling -p keras_through_service

What Keras traces without values (meta tensors) stays with torch; the report counts both.
"""

from collections import Counter

import torch
from keras.src import backend
from pooling_client.torch import pool

counts = Counter()


def has_values(tensor):
    return tensor.device.type == "cpu" and not isinstance(tensor, torch._subclasses.FakeTensor)


def sizes(value, count):
    return [value] * count if isinstance(value, int) else list(value)


def sliding(op, original):
    def pooled(inputs, pool_size, strides=None, padding="valid", data_format=None):
        tensor = backend.convert_to_tensor(inputs)
        if not has_values(tensor):
            counts["left to torch"] += 1
            return original(inputs, pool_size, strides, padding, data_format)
        dims = tensor.ndim - 2
        counts[f"{op} over sliding through the service"] += 1
        kernel = sizes(pool_size, dims)
        return pool(
            tensor, op=op, kernel=kernel, stride=kernel if strides is None else sizes(strides, dims), padding=padding,
            layout=backend.standardize_data_format(data_format), **({"count_include_pad": False} if op == "avg" else {}))
    return pooled


def adaptive(op, original):
    def pooled(inputs, output_size, data_format=None):
        tensor = backend.convert_to_tensor(inputs)
        if not has_values(tensor):
            counts["left to torch"] += 1
            return original(inputs, output_size, data_format)
        counts[f"{op} over adaptive through the service"] += 1
        return pool(
            tensor, op=op, region="adaptive", output_size=sizes(output_size, tensor.ndim - 2),
            layout=backend.standardize_data_format(data_format))
    return pooled


def whole(op, layer):
    """The `call` of a global layer; with a mask it is a sequence."""
    original = layer.call

    def pooled(self, inputs, mask=None):
        if not has_values(inputs):
            counts["left to torch"] += 1
            return original(self, inputs) if mask is None else original(self, inputs, mask)
        if mask is not None:
            counts[f"{op} over sequence through the service"] += 1
            steps = inputs if self.data_format == "channels_last" else inputs.transpose(1, 2)
            output = pool(steps, op=op, region="sequence", mask=backend.convert_to_tensor(mask).bool())
            axis = 1 if self.data_format == "channels_last" else 2
            return output.unsqueeze(axis) if self.keepdims else output
        counts[f"{op} over global through the service"] += 1
        dims = inputs.ndim - 2
        output = pool(inputs, op=op, region="global", dims=dims, layout=self.data_format)
        first = 1 if self.data_format == "channels_last" else 2
        return output if self.keepdims else output.squeeze(tuple(range(first, first + dims)))
    return pooled


def pytest_configure(config):
    from keras.src import layers

    for name, op in {"max_pool": "max", "average_pool": "avg"}.items():
        setattr(backend.nn, name, sliding(op, getattr(backend.nn, name)))
    for name, op in {"adaptive_max_pool": "max", "adaptive_average_pool": "avg"}.items():
        if hasattr(backend.nn, name):
            setattr(backend.nn, name, adaptive(op, getattr(backend.nn, name)))
    for kind, op in {"Max": "max", "Average": "avg"}.items():
        for dims in (1, 2, 3):
            layer = getattr(layers, f"Global{kind}Pooling{dims}D")
            layer.call = whole(op, layer)


def pytest_terminal_summary(terminalreporter):
    for name, count in sorted(counts.items()):
        terminalreporter.write_line(f"{count:7} calls {name}")
