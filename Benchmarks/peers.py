"""The libraries that pooling-server is measured against.

A peer prepares a case and returns a function that runs it once, with its output memory reused where the library can
do that, and a function that shows the output; or None where it does not offer the case.
"""

from dataclasses import dataclass
from typing import Callable

import numpy


@dataclass
class Prepared:
    run: Callable
    output: Callable


class TorchPeer:
    """torch's own kernels, called with memory for the result."""

    name = "torch"

    def __init__(self):
        import torch
        self.torch = torch
        self.version = torch.__version__

    def prepare(self, layer, direction, layout, threads, data):
        if layout == "channels_last" and layer.dims == 1:
            return None
        self.torch.set_num_threads(threads)
        case = TorchCase(self.torch, layer, layout)
        source = case.tensor(data)
        if direction == "backward":
            return case.backward(source)
        if layer.op == "max":
            return case.maximum(source, direction)
        return case.average(source)


class TorchCase:
    def __init__(self, torch, layer, layout):
        self.torch, self.layer = torch, layer
        # torch computes one dimension as two, too.
        extra = (1,) if layer.dims == 1 else ()
        none = (0,) if layer.dims == 1 else ()
        self.kernel, self.stride, self.padding = extra + layer.kernel, extra + layer.stride, none + layer.before
        self.dims = max(layer.dims, 2)
        lead = (layer.batch, layer.channels, *extra)
        self.input_shape, self.output_shape = lead + layer.input, lead + layer.output
        formats = {2: torch.channels_last, 3: torch.channels_last_3d}
        self.format = formats[self.dims] if layout == "channels_last" else torch.contiguous_format
        floor = tuple(
            (size + 2 * pad - kernel) // stride + 1
            for size, pad, kernel, stride in zip(layer.input, layer.before, layer.kernel, layer.stride))
        # Padding after the end that is larger than before the start is what ceil_mode reads.
        self.ceil = floor != layer.output

    def tensor(self, data):
        tensor = self.torch.from_numpy(data).reshape(self.input_shape)
        return tensor.contiguous(memory_format=self.format)

    def empty(self, shape, dtype=None):
        return self.torch.empty(shape, dtype=dtype or self.torch.float32, memory_format=self.format)

    def op(self, name):
        return getattr(self.torch.ops.aten, name.format(self.dims))

    def shown(self, tensor):
        return lambda: tensor.contiguous().numpy().reshape(self.layer.output_shape)

    def maximum(self, source, direction):
        if self.layer.dims == 1 and direction == "forward":
            flat, layer, answer = source.squeeze(2), self.layer, {}

            def run():
                answer["output"] = self.torch.max_pool1d(flat, layer.kernel, layer.stride, layer.before)
            return Prepared(run, lambda: answer["output"].numpy())
        output, indices = self.empty(self.output_shape), self.empty(self.output_shape, self.torch.int64)
        pool = self.op("max_pool{}d_with_indices").out
        ones = (1,) * self.dims
        return Prepared(
            lambda: pool(
                source, self.kernel, self.stride, self.padding, ones, self.ceil, out=output, indices=indices),
            self.shown(output))

    def average(self, source):
        output = self.empty(self.output_shape)
        if self.layer.is_global:
            axes = tuple(range(2, 2 + self.dims))
            return Prepared(
                lambda: self.torch.mean(source, axes, keepdim=True, out=output), self.shown(output))
        pool = self.op("avg_pool{}d").out
        return Prepared(
            lambda: pool(source, self.kernel, self.stride, self.padding, self.ceil, True, None, out=output),
            self.shown(output))

    def backward(self, source):
        grad = self.torch.randn(self.output_shape).contiguous(memory_format=self.format)
        target = self.empty(self.input_shape)
        if self.layer.op == "max":
            ones = (1,) * self.dims
            _, indices = self.op("max_pool{}d_with_indices")(
                source, self.kernel, self.stride, self.padding, ones, self.ceil)
            back = self.op("max_pool{}d_with_indices_backward").grad_input

            def run():
                back(grad, source, self.kernel, self.stride, self.padding, ones, self.ceil, indices,
                     grad_input=target)
        elif self.layer.is_global:
            count = numpy.prod(self.layer.kernel)

            def run():
                target.copy_((grad / count).expand(self.input_shape))
        else:
            back = self.op("avg_pool{}d_backward").grad_input

            def run():
                back(grad, source, self.kernel, self.stride, self.padding, self.ceil, True, None, grad_input=target)
        return Prepared(run, lambda: None)


class OneDNNPeer:
    """oneDNN through torch's tensors in oneDNN's own layout."""

    name = "oneDNN (torch)"

    def __init__(self):
        import torch
        if not torch.backends.mkldnn.is_available():
            raise ImportError("torch without oneDNN")
        self.torch = torch
        self.version = torch.__version__

    def prepare(self, layer, direction, layout, threads, data):
        if direction != "forward" or layout != "channels_first" or layer.dims == 1:
            return None
        self.torch.set_num_threads(threads)
        case = TorchCase(self.torch, layer, layout)
        source = case.tensor(data).to_mkldnn()
        answer = {}
        if layer.op == "max":
            pool = case.op("mkldnn_max_pool{}d")
            arguments = (source, case.kernel, case.stride, case.padding, (1,) * case.dims, case.ceil)
        else:
            pool = case.op("avg_pool{}d")
            arguments = (source, case.kernel, case.stride, case.padding, case.ceil, True)

        def run():
            answer["output"] = pool(*arguments)
        return Prepared(run, lambda: answer["output"].to_dense().numpy())


class ONNXRuntimePeer:
    """ONNX Runtime on the CPU, with its input and outputs bound."""

    name = "ONNX Runtime"

    def __init__(self):
        import onnx
        import onnxruntime
        self.onnx, self.runtime = onnx, onnxruntime
        self.version = onnxruntime.__version__

    def prepare(self, layer, direction, layout, threads, data):
        if direction == "backward" or layout != "channels_first":
            return None
        has_indices = direction == "forward_indices"
        options = self.runtime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
        options.log_severity_level = 3
        session = self.runtime.InferenceSession(
            self.model(layer, has_indices), options, providers=["CPUExecutionProvider"])
        binding = session.io_binding()
        source = self.runtime.OrtValue.ortvalue_from_numpy(data)
        output = self.runtime.OrtValue.ortvalue_from_shape_and_type(layer.output_shape, numpy.float32)
        binding.bind_ortvalue_input("x", source)
        binding.bind_ortvalue_output("y", output)
        if has_indices:
            indices = self.runtime.OrtValue.ortvalue_from_shape_and_type(layer.output_shape, numpy.int64)
            binding.bind_ortvalue_output("i", indices)
        return Prepared(lambda: session.run_with_iobinding(binding), output.numpy)

    def model(self, layer, has_indices):
        helper, floats = self.onnx.helper, self.onnx.TensorProto.FLOAT
        outputs = ["y", "i"] if has_indices else ["y"]
        if layer.is_global and not has_indices:
            kind = "GlobalMaxPool" if layer.op == "max" else "GlobalAveragePool"
            node = helper.make_node(kind, ["x"], outputs)
        else:
            attributes = {"kernel_shape": layer.kernel, "strides": layer.stride, "pads": layer.before + layer.after}
            if layer.op == "avg":
                attributes["count_include_pad"] = 1
            node = helper.make_node("MaxPool" if layer.op == "max" else "AveragePool", ["x"], outputs, **attributes)
        types = {"y": floats, "i": self.onnx.TensorProto.INT64}
        graph = helper.make_graph(
            [node], "layer", [helper.make_tensor_value_info("x", floats, layer.input_shape)],
            [helper.make_tensor_value_info(name, types[name], layer.output_shape) for name in outputs])
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 19)], ir_version=9)
        return model.SerializeToString()


class OpenVINOPeer:
    """OpenVINO on the CPU, which runs oneDNN's kernels."""

    name = "OpenVINO"

    def __init__(self):
        import openvino
        from openvino import opset1, opset8
        self.openvino, self.opset1, self.opset8 = openvino, opset1, opset8
        self.version = openvino.__version__.split("-")[0]
        self.core = openvino.Core()

    def prepare(self, layer, direction, layout, threads, data):
        if direction == "backward" or layout != "channels_first":
            return None
        source = self.opset1.parameter(layer.input_shape, numpy.float32)
        model = self.openvino.Model(self.pool(layer, source, direction).outputs(), [source], "layer")
        compiled = self.core.compile_model(model, "CPU", {
            "INFERENCE_NUM_THREADS": threads, "NUM_STREAMS": 1, "INFERENCE_PRECISION_HINT": "f32",
            "ENABLE_CPU_PINNING": False})
        request = compiled.create_infer_request()
        request.set_input_tensor(self.openvino.Tensor(data, shared_memory=True))
        return Prepared(request.infer, lambda: request.get_output_tensor(0).data)

    def pool(self, layer, source, direction):
        arguments = {
            "strides": layer.stride, "pads_begin": layer.before, "pads_end": layer.after,
            "kernel_shape": layer.kernel}
        if layer.op == "avg":
            return self.opset1.avg_pool(source, exclude_pad=False, **arguments)
        if direction == "forward":
            return self.opset1.max_pool(source, **arguments)
        return self.opset8.max_pool(source, dilations=(1,) * layer.dims, index_element_type="i64", **arguments)


def available_peers(names=None):
    """Those that are installed, and the reasons why others are not here."""
    peers, missing = [], {}
    for kind in (TorchPeer, OneDNNPeer, ONNXRuntimePeer, OpenVINOPeer):
        if names and not any(name in kind.name.lower() for name in names):
            continue
        try:
            peers.append(kind())
        except (ImportError, OSError) as error:
            missing[kind.name] = str(error)
    return peers, missing
