"""Runs the official ONNX node tests of pooling operators against the service.

The cases come from the `onnx` package itself: their attributes become one of our requests, their inputs its tensors,
and the response is compared with their outputs under their own tolerances.

    POOLING_SERVER_URL=http://127.0.0.1:8080 python node_tests.py
"""

import base64
import json
import os
import sys
import urllib.request
import warnings

import numpy as np

OPS = {
    "MaxPool": "max",
    "AveragePool": "avg",
    "LpPool": "lp",
    "GlobalMaxPool": "max",
    "GlobalAveragePool": "avg",
    "GlobalLpPool": "lp",
    "RoiAlign": "avg",
    "MaxUnpool": None,
}
PADDING = {b"SAME_UPPER": "same", b"SAME_LOWER": "same_lower", b"VALID": "valid"}
EXPECTED_CASES = 56


def tensor(array):
    """An array as the service reads it: shape, dtype and base64 of its little-endian bytes."""
    array = np.ascontiguousarray(array)
    return {
        "shape": list(array.shape),
        "dtype": str(array.dtype),
        "b64": base64.b64encode(array.astype(array.dtype.newbyteorder("<")).tobytes()).decode(),
    }


def array(encoded):
    return np.frombuffer(base64.b64decode(encoded["b64"]), encoded["dtype"]).reshape(encoded["shape"])


def padding(attributes):
    auto_pad = attributes.get("auto_pad", b"NOTSET")
    if auto_pad in PADDING:
        return PADDING[auto_pad]
    pads = attributes.get("pads")
    if pads is None:
        return None
    half = len(pads) // 2
    return [[before, after] for before, after in zip(pads[:half], pads[half:])]


def window(attributes):
    """The fields of a sliding window; ONNX strides are 1 where they are left out, ours the kernel."""
    kernel = list(attributes["kernel_shape"])
    fields = {
        "kernel": kernel,
        "stride": list(attributes.get("strides", [1] * len(kernel))),
        "padding": padding(attributes),
        "dilation": list(attributes.get("dilations", [1] * len(kernel))),
    }
    return {name: value for name, value in fields.items() if value is not None}


def roi_request(attributes, inputs):
    boxes = np.column_stack([inputs[2].astype(np.float64), inputs[1].astype(np.float64)])
    mode = attributes.get("mode", b"avg").decode()
    request = {
        "op": mode,
        "region": "roi_align",
        "rois": tensor(boxes),
        "output_size": [attributes["output_height"], attributes["output_width"]],
        "sampling_ratio": attributes.get("sampling_ratio", 0),
        "spatial_scale": attributes.get("spatial_scale", 1.0),
        "aligned": attributes.get("coordinate_transformation_mode", b"half_pixel") == b"half_pixel",
    }
    if mode == "max":
        request["sample_max"] = "corners"
    return "/v1/forward", request


def unpool_request(attributes, inputs):
    request = {"indices": tensor(inputs[1]), "index_base": "tensor", **window(attributes)}
    if len(inputs) > 2:
        request["output_size"] = [int(extent) for extent in inputs[2]]
        strides, kernel = request["stride"], request["kernel"]
        inferred = [(n - 1) * s + k for n, s, k in zip(inputs[0].shape[2:], strides, kernel)]
        request["index_shape"] = list(inputs[0].shape[:2]) + inferred
    return "/v1/unpool", request


def pool_request(kind, attributes, outputs):
    request = {"op": OPS[kind]}
    if kind.startswith("Global"):
        request["region"] = "global"
    else:
        request.update(window(attributes))
        request["ceil_mode"] = bool(attributes.get("ceil_mode", 0))
    if kind == "AveragePool":
        request["count_include_pad"] = bool(attributes.get("count_include_pad", 0))
    if OPS[kind] == "lp":
        request["p"] = attributes.get("p", 2)
    if len(outputs) > 1:
        order = attributes.get("storage_order", 0)
        request.update(
            return_indices=True, index_base="tensor", index_order="column_major" if order else "row_major"
        )
    return "/v1/forward", request


def request_of(node, inputs, outputs):
    from onnx import helper

    attributes = {a.name: helper.get_attribute_value(a) for a in node.attribute}
    if node.op_type == "RoiAlign":
        path, request = roi_request(attributes, inputs)
    elif node.op_type == "MaxUnpool":
        path, request = unpool_request(attributes, inputs)
    else:
        path, request = pool_request(node.op_type, attributes, outputs)
        if node.op_type.startswith("Global"):
            request["dims"] = inputs[0].ndim - 2
    return path, {**request, "input": tensor(inputs[0])}


def post(address, path, request):
    message = urllib.request.Request(
        address + path, json.dumps(request).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(message) as response:
        return json.load(response)


def run(address, case):
    node = case.model.graph.node[0]
    inputs, outputs = ([np.asarray(value) for value in values] for values in case.data_sets[0])
    path, request = request_of(node, inputs, outputs)
    response = post(address, path, request)
    np.testing.assert_allclose(array(response["output"]), outputs[0], rtol=case.rtol, atol=case.atol)
    if len(outputs) > 1:
        np.testing.assert_array_equal(array(response["indices"]), outputs[1])


def main():
    warnings.filterwarnings("ignore")
    from onnx.backend.test.case.node import collect_testcases

    address = os.environ["POOLING_SERVER_URL"].rstrip("/")
    # Cases are made when their modules are imported, so one unfiltered call collects those of all operators.
    nodes = [case for case in collect_testcases() if len(case.model.graph.node) == 1]
    cases = [case for case in nodes if case.model.graph.node[0].op_type in OPS]
    failed = 0
    for case in cases:
        try:
            run(address, case)
        except Exception as error:  # noqa: BLE001 - every failure is reported, whatever it is
            failed += 1
            detail = error.read().decode() if hasattr(error, "read") else str(error)
            print(f"{case.name}: {detail.strip()}", file=sys.stderr)
    print(f"{len(cases) - failed} passed, {failed} failed")
    if failed or len(cases) < EXPECTED_CASES:
        sys.exit(f"expected at least {EXPECTED_CASES} cases, all passing")


if __name__ == "__main__":
    main()
