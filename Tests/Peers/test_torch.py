"""torch's own samples for its pooling functions and modules, through the service.

Each sample of torch.testing's OpInfo and ModuleInfo becomes a request; the response is compared with torch's, and for
float64 the gradient. A sample that no request expresses is counted with its reason.
"""

import inspect


import numpy as np
import pytest
import service
import torch
from torch.testing._internal.common_methods_invocations import op_db
from torch.testing._internal.common_modules import module_db
from torch_requests import FUNCTIONS, NotExpressible, numpy_of, torch_of

OPS = [op for op in op_db if op.name in FUNCTIONS]
POOLING = ("Pool", "EmbeddingBag")
MODULES = [info for info in module_db if any(word in info.module_cls.__name__ for word in POOLING)]
# Sums are added in another order, and powers are other roundings of the same.
TOLERANCES = {torch.float64: 1e-9, torch.float32: 2e-5, torch.float16: 4e-3, torch.bfloat16: 3.2e-2}


def dtypes(op):
    names = {str(dtype).removeprefix("torch."): dtype for dtype in op.dtypes}
    return [names[name] for name in sorted(service.DTYPES & names.keys())]


def agree(got, want, what):
    tolerance = TOLERANCES.get(want.dtype, 0)
    torch.testing.assert_close(
        got.to(want.dtype), want.detach(), rtol=tolerance, atol=tolerance, equal_nan=True, msg=lambda text: f"{what}: {text}")


def samples_of(op, dtype, requires_grad):
    for number, sample in enumerate(op.sample_inputs("cpu", dtype, requires_grad=requires_grad)):
        arguments, named = [sample.input, *sample.args], dict(sample.kwargs)
        if "fractional" in op.name:
            dims = 3 if "3d" in op.name else 2
            lead = sample.input.shape[:-dims]
            shape = (*lead, dims) if len(lead) == 2 else (1, *lead, dims)
            named["_random_samples"] = torch.rand(shape, dtype=dtype)
        yield number, arguments, named


def translated(op, arguments, named):
    try:
        return FUNCTIONS[op.name](*arguments, **named)
    except TypeError as error:
        # Another overload of the function.
        raise NotExpressible(str(error)) from error


def response_to(translation):
    return service.call(translation.path, response_form="b64", **translation.fields)


def expressible_samples(op, dtype, requires_grad, outcomes):
    """The samples that the service can be asked for, each with its request; the others are counted."""
    for number, arguments, named in samples_of(op, dtype, requires_grad):
        try:
            translation = translated(op, arguments, named)
        except NotExpressible as reason:
            outcomes[f"not expressible: {reason}"] += 1
            continue
        yield number, arguments, named, translation


@pytest.mark.parametrize("op", OPS, ids=lambda op: op.full_name)
def test_samples(op, outcomes):
    for dtype in dtypes(op):
        for number, arguments, named, translation in expressible_samples(op, dtype, False, outcomes):
            what = f"{op.full_name} {dtype} sample {number}"
            want = op(*arguments, **named)
            want = want if isinstance(want, tuple) else (want,)
            try:
                response = response_to(translation)
            except service.Rejected as error:
                outcomes.reject(what, translation, error)
                continue
            for name, expected in zip(translation.results, want):
                got = response[name]
                agree(torch_of(translation.adapt(got) if name == "output" else got), expected, f"{what} {name}")
            outcomes["passed"] += 1


@pytest.mark.parametrize("op", [op for op in OPS if op.supports_autograd], ids=lambda op: op.full_name)
def test_gradients(op, outcomes):
    for number, arguments, named, translation in expressible_samples(op, torch.float64, True, outcomes):
        what = f"{op.full_name} gradient of sample {number}"
        output = op(*arguments, **named)
        output = output[0] if isinstance(output, tuple) else output
        if not output.requires_grad:
            continue
        torch.manual_seed(number)
        grad_output = torch.randn_like(output)
        want, = torch.autograd.grad(output, arguments[0], grad_output)
        fields = dict(translation.fields)
        if translation.path == "/v1/unpool":
            fields |= {"op": "unpool", "input_shape": list(fields.pop("input").shape)}
        # torch's amax and amin share the gradient among equal values, which the samples do not have.
        grad_shape = translated_shape(translation, grad_output)
        try:
            response = service.backward(grad_output=numpy_of(grad_output).reshape(grad_shape), **fields)
        except service.Rejected as error:
            outcomes.reject(what, translation, error)
            continue
        agree(torch_of(response["grad_input"]), want, what)
        outcomes["gradient passed"] += 1


def translated_shape(translation, grad_output):
    """The output's shape as the service has it: reduced axes stay with size 1."""
    if translation.fields.get("region") != "global":
        return tuple(grad_output.shape)
    axes = translation.fields["axes"]
    return tuple(
        1 if axis in axes else size for axis, size in enumerate(translation.fields["input"].shape))


def pooling_of(module):
    """The functional form of a module of torch's samples, and its arguments."""
    name = type(module).__name__
    for kind in ("AdaptiveMax", "AdaptiveAvg", "FractionalMax", "Max", "Avg", "LP"):
        for dims in (1, 2, 3):
            if name == f"{kind}Pool{dims}d":
                snake = {"AdaptiveMax": "adaptive_max", "AdaptiveAvg": "adaptive_avg",
                         "FractionalMax": "fractional_max"}.get(kind, kind.lower())
                return FUNCTIONS[f"nn.functional.{snake}_pool{dims}d"], dims
            if name == f"MaxUnpool{dims}d":
                return FUNCTIONS[f"nn.functional.max_unpool{dims}d"], dims
    raise NotExpressible(f"the module {name}")


@pytest.mark.parametrize("info", MODULES, ids=lambda info: info.module_cls.__name__)
def test_modules(info, outcomes):
    for dtype in (torch.float64, torch.float32):
        for number, sample in enumerate(info.module_inputs_func(
                info, device="cpu", dtype=dtype, requires_grad=False, training=True)):
            # torch gives samples of random numbers in float64, and takes those of the input's dtype.
            options = {name: value.to(dtype) if name == "_random_samples" else value
                       for name, value in sample.constructor_input.kwargs.items()}
            module = info.module_cls(*sample.constructor_input.args, **options)
            arguments = sample.forward_input.args
            what = f"{type(module).__name__} {dtype} sample {number}"
            try:
                function, dims = pooling_of(module)
                parameters = inspect.signature(function).parameters
                named = {name: getattr(module, name) for name in parameters if hasattr(module, name)}
                if "_random_samples" in parameters:
                    if getattr(module, "_random_samples", None) is None:
                        lead = arguments[0].shape[:-dims]
                        module._random_samples = torch.rand(
                            (*lead, dims) if len(lead) == 2 else (1, *lead, dims), dtype=dtype)
                    named["_random_samples"] = module._random_samples
                named |= sample.forward_input.kwargs
                translation = function(*arguments, **named)
            except NotExpressible as reason:
                outcomes[f"not expressible: {reason}"] += 1
                continue
            want = module(*arguments, **sample.forward_input.kwargs)
            want = want if isinstance(want, tuple) else (want,)
            try:
                response = response_to(translation)
            except service.Rejected as error:
                outcomes.reject(what, translation, error)
                continue
            for name, expected in zip(translation.results, want):
                agree(torch_of(response[name]), expected, f"{what} {name}")
            outcomes["module passed"] += 1
