"""Requests that crashed or corrupted the memory of other libraries, or read outside of their arrays.

The response to each is a result or a problem, and the service goes on. Where a report has a number it is named.
"""

import pytest
import service

PLANE = [[[[1.0, 2.0], [3.0, 4.0]]]]
HUGE = 2**62
FORWARD, BACKWARD, UNPOOL = "/v1/forward", "/v1/backward", "/v1/unpool"

CASES = {
    "tensorflow: FractionalAvgPool divides by zero (CVE-2021-29550)": (
        FORWARD, {"op": "avg", "region": "fractional", "kernel": [1, 1], "output_ratio": [0.0, 0.5], "seed": 1, "input": PLANE}),
    "tensorflow: FractionalAvgPoolGrad reads outside (CVE-2021-29578)": (
        BACKWARD, {"op": "avg", "region": "fractional", "boundaries": [[0, 9], [0, 9]], "input_shape": [1, 1, 2, 2],
                   "grad_output": [[[[1]]]]}),
    "tensorflow: FractionalMaxPoolGrad with negative sequences (CVE-2021-29580)": (
        BACKWARD, {"op": "max", "region": "fractional", "boundaries": [[-3, 2], [0, 2]], "input": PLANE,
                   "grad_output": [[[[1]]]]}),
    "tensorflow: FractionalMaxPool with sequences that do not rise (CVE-2023-25801)": (
        FORWARD, {"op": "max", "region": "fractional", "boundaries": [[0, 2, 1], [0, 2]], "input": PLANE}),
    "tensorflow: MaxPoolGrad with shapes that do not match (CVE-2021-29579)": (
        BACKWARD, {"op": "max", "kernel": [2, 2], "input": PLANE, "grad_output": [[[[1, 2, 3]]]]}),
    "tensorflow: MaxPoolGradWithArgmax with an index outside (CVE-2021-29570)": (
        BACKWARD, {"op": "max", "kernel": [2, 2], "input_shape": [1, 1, 2, 2], "indices": [[[[HUGE]]]],
                   "grad_output": [[[[1]]]]}),
    "tensorflow: AvgPool3DGrad with a shape of other size (CVE-2021-29577)": (
        BACKWARD, {"op": "avg", "kernel": [1, 1, 1], "input_shape": [1, 1, 2, 2, 2], "grad_output": [[[[[1]]]]]}),
    "tensorflow: MaxPool3D without elements (CVE-2021-29574)": (
        BACKWARD, {"op": "max", "kernel": [1, 1, 1], "input": {"shape": [0, 1, 1, 1, 1], "data": []},
                   "grad_output": {"shape": [0, 1, 1, 1, 1], "data": []}}),
    "tensorflow: Dilation2DBackpropInput writes outside (CVE-2021-29566)": (
        BACKWARD, {"op": "max", "structure": [[0.0, 0.0], [0.0, 0.0]], "stride": 1, "input": PLANE,
                   "grad_output": [[[[1, 2], [3, 4]]]]}),
    "tensorflow lite: segment_sum with a huge id (CVE-2020-15212)": (
        FORWARD, {"op": "sum", "region": "segments", "segment_ids": [HUGE], "input": [[1]]}),
    "tensorflow lite: segment_sum with a negative id (CVE-2020-15214)": (
        FORWARD, {"op": "sum", "region": "segments", "segment_ids": [-HUGE], "segments": 1, "input": [[1]]}),
    "tensorflow: a stride of zero": (FORWARD, {"op": "max", "kernel": [1, 1], "stride": 0, "input": PLANE}),
    "torch: a kernel of zero": (FORWARD, {"op": "avg", "kernel": [0, 0], "input": PLANE}),
    "torch: a divisor of zero": (FORWARD, {"op": "avg", "kernel": [1, 1], "divisor_override": 0, "input": PLANE}),
    "torch: a negative dilation": (FORWARD, {"op": "max", "kernel": [2, 2], "dilation": -1, "input": PLANE}),
    "torch: padding near 2^63": (FORWARD, {"op": "max", "kernel": [1, 1], "padding": HUGE, "input": PLANE}),
    "torch: a kernel near 2^63": (FORWARD, {"op": "max", "kernel": [HUGE, HUGE], "input": PLANE}),
    "torch: adaptive_max_pool to a huge size (pytorch/pytorch#42582)": (
        FORWARD, {"op": "max", "region": "adaptive", "output_size": [HUGE, HUGE], "input": PLANE}),
    "torch: fractional_max_pool with samples outside of 0 to 1": (
        FORWARD, {"op": "max", "region": "fractional", "kernel": [1, 1], "output_size": [2, 2],
                  "random_samples": [[[1e30, -5.0]]], "input": PLANE}),
    "torch: fractional_max_pool with NaN as a sample": (
        FORWARD, {"op": "max", "region": "fractional", "kernel": [1, 1], "output_size": [2, 2],
                  "random_samples": [[["NaN", 0.5]]], "input": PLANE}),
    "torch: fractional_max_pool to more than the input": (
        FORWARD, {"op": "max", "region": "fractional", "kernel": [2, 2], "output_size": [9, 9], "seed": 1, "input": PLANE}),
    "torch: max_unpool with an index outside": (
        UNPOOL, {"kernel": [2, 2], "input": [[1]], "indices": [[4]]}),
    "torch: max_unpool with a negative index": (
        UNPOOL, {"kernel": [2, 2], "input": [[1]], "indices": [[-9]]}),
    "torch: max_unpool to a size of 2^62": (
        UNPOOL, {"kernel": [2, 2], "input": [[1]], "indices": [[0]], "output_size": [HUGE, 1]}),
    "torch: adaptive_max_pool backward with indices of another shape": (
        BACKWARD, {"op": "max", "region": "adaptive", "output_size": [1, 1], "input_shape": [1, 1, 2, 2],
                   "indices": [[[[0, 1, 2]]]], "grad_output": [[[[1]]]]}),
    "torch: embedding_bag with a row outside": (
        FORWARD, {"op": "sum", "region": "bags", "members": [7], "offsets": [0, 1], "input": [[1]]}),
    "torch: embedding_bag with offsets that fall": (
        FORWARD, {"op": "sum", "region": "bags", "offsets": [0, 2, 1], "input": [[1], [2]]}),
    "torch: embedding_bag with offsets beyond the list": (
        FORWARD, {"op": "sum", "region": "bags", "members": [0], "offsets": [0, HUGE], "input": [[1]]}),
    "torch: segment_reduce with a negative length": (
        FORWARD, {"op": "sum", "region": "bags", "spans": [[1, 0]], "input": [[1]]}),
    "torchvision: roi_pool of a batch that is not there": (
        FORWARD, {"op": "max", "region": "roi", "rois": [[5, 0, 0, 1, 1]], "output_size": 1, "input": PLANE}),
    "torchvision: roi_align of a box of 1e30": (
        FORWARD, {"op": "avg", "region": "roi_align", "rois": [[0, -1e30, -1e30, 1e30, 1e30]], "output_size": 1,
                  "input": PLANE}),
    "torchvision: roi_align of a NaN (pytorch/vision#9273)": (
        FORWARD, {"op": "avg", "region": "roi_align", "rois": [[0, "NaN", 0, 1, 1]], "output_size": 1, "input": PLANE}),
    "torchvision: ps_roi_pool with channels that do not divide": (
        FORWARD, {"op": "avg", "region": "roi", "position_sensitive": True, "rois": [[0, 0, 0, 1, 1]], "output_size": 3,
                  "input": PLANE}),
    "onnxruntime: MaxUnpool with a shape that overflows": (
        UNPOOL, {"kernel": [2, 2], "stride": HUGE, "input": [[1]], "indices": [[0]]}),
    "onnxruntime: dilation times kernel overflows": (
        FORWARD, {"op": "max", "kernel": [3, 3], "dilation": HUGE, "input": PLANE}),
    "scipy: a footprint without a true cell": (
        FORWARD, {"op": "max", "footprint": [[False]], "stride": 1, "input": PLANE}),
    "scipy: a rank filter larger than the array": (
        FORWARD, {"op": "median", "kernel": [9, 9], "stride": 1, "padding": 4, "padding_mode": "symmetric", "input": PLANE}),
    "numpy: a quantile outside of 0 to 1": (FORWARD, {"op": "quantile", "q": 1.5, "kernel": [1, 1], "input": PLANE}),
    "onednn: average of nothing but padding": (
        FORWARD, {"op": "avg", "kernel": [1, 1], "padding": 1, "count_include_pad": False, "input": PLANE}),
}


@pytest.mark.timeout(30)
@pytest.mark.parametrize("name", CASES)
def test_the_service_responds_and_goes_on(name, outcomes):
    path, body = CASES[name]
    status, response = service.post(path, body)
    assert status in (200, 413, 422), response
    if status != 200:
        assert response["detail"]
    status, response = service.post(FORWARD, {"op": "max", "kernel": [2, 2], "input": PLANE})
    assert (status, response["output"]) == (200, [[[[4]]]])
    outcomes["crash of a peer survived"] += 1
