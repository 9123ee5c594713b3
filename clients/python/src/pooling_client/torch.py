"""Pooling layers for PyTorch that run on the service, forward and backward.

    pip install 'pooling-client[torch]'

>>> import torch
>>> from pooling_client.torch import Pool
>>> pool = Pool(op="max", kernel=2)
>>> x = torch.arange(1.0, 17.0).reshape(1, 1, 4, 4).requires_grad_()
>>> pool(x)
tensor([[[[ 6.,  8.],
          [14., 16.]]]], grad_fn=<RemotePoolingBackward>)
>>> pool(x).sum().backward()
>>> x.grad.nonzero()[:, 2:].tolist()
[[1, 1], [1, 3], [3, 1], [3, 3]]

Parameters of ops can be learned, one number for all channels or one per channel:

>>> gem = Pool(op="power_avg", region="global", p=3.0, learn=["p"])
>>> gem(torch.tensor([[[1.0, 2.0], [3.0, 5.0]]])).sum().backward()
>>> gem.p, gem.p.grad
(Parameter containing:
tensor(3., requires_grad=True), tensor(0.2702))

A request costs more than a small pooling layer does. Use this to compare implementations, to try an op that PyTorch
does not have, or to pool what is large; not to train a model whose layers PyTorch has.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import Any, Literal, Unpack

import numpy as np

try:
    import torch
except ImportError as error:
    raise ImportError("pooling_client.torch needs PyTorch: pip install 'pooling-client[torch]'") from error

from ._client import PoolingClient
from ._errors import InvalidArgument
from ._names import check, keywords
from ._parameters import Parameters
from ._wire import bfloat16

_TENSORS = (
    "weights", "structure", "footprint", "mask", "lengths", "segment_ids", "offsets", "spans", "members", "rois",
    "random_samples",
)
Learnable = Literal["p", "r", "beta", "alpha"]
_LEARNABLE: tuple[Learnable, ...] = ("p", "r", "beta", "alpha")
_ARGUMENTS = (*_TENSORS, *_LEARNABLE)


def pool(
    input: torch.Tensor,
    *,
    client: PoolingClient | None = None,
    learned: Mapping[Learnable, torch.Tensor] | None = None,
    weights: torch.Tensor | None = None,
    structure: torch.Tensor | None = None,
    footprint: torch.Tensor | None = None,
    mask: torch.Tensor | None = None,
    lengths: torch.Tensor | None = None,
    segment_ids: torch.Tensor | None = None,
    offsets: torch.Tensor | None = None,
    spans: torch.Tensor | None = None,
    members: torch.Tensor | None = None,
    rois: torch.Tensor | None = None,
    random_samples: torch.Tensor | None = None,
    **parameters: Unpack[Parameters],
) -> Any:
    """Pools a tensor, with gradients to ``input``, ``weights``, ``structure`` and the ``learned`` parameters.

    Args:
        input: the tensor, on any device.
        client: the client to use; default: one ``PoolingClient()`` for the process.
        learned: ``p``, ``r``, ``beta`` or ``alpha`` as a tensor, of no axes or with one number per channel.
        weights: as in :meth:`PoolingClient.forward`; so are all other arguments.

    Returns:
        The output; with ``return_indices=True`` a pair of output and indices.

    Example:
        >>> pool(torch.tensor([[1.0, 2.0], [3.0, 4.0]]), op="avg", kernel=2)
        tensor([[2.5000]])
    """
    _require_tensor("input", input)
    tensors = (
        weights, structure, footprint, mask, lengths, segment_ids, offsets, spans, members, rois, random_samples)
    for name, tensor in zip(_TENSORS, tensors, strict=True):
        if tensor is not None:
            _require_tensor(name, tensor)
    numbers = [(learned or {}).get(name) for name in _LEARNABLE]
    return RemotePooling.apply(input, client or _shared_client(), parameters, *tensors, *numbers)


class Pool(torch.nn.Module):
    """A pooling layer that runs on the service. Tensors of the layer, such as ``mask``, are arguments of the call.

    Args:
        client: the client to use; default: one ``PoolingClient()`` for the process.
        learn: which of ``p``, ``r``, ``beta`` and ``alpha`` are parameters of the module, which training changes; their
            first values are those in ``parameters``.
        parameters: those of :meth:`PoolingClient.forward`.

    Example:
        >>> layer = Pool(op="lp", p=3, kernel=2)
        >>> layer
        Pool(op='lp', p=3, kernel=2)
        >>> layer(torch.ones(1, 1, 4, 4)).shape
        torch.Size([1, 1, 2, 2])
    """

    def __init__(
        self, *, client: PoolingClient | None = None, learn: Sequence[Learnable] = (),
        **parameters: Unpack[Parameters],
    ) -> None:
        super().__init__()
        for keyword in parameters:
            check(keyword, keywords(PoolingClient.forward), "Pool")
        self.client = client
        self.learn = tuple(learn)
        for name in self.learn:
            if name not in _LEARNABLE:
                raise InvalidArgument(f"learn: expected {', '.join(_LEARNABLE[:-1])} or {_LEARNABLE[-1]}, got {name!r}")
            if name not in parameters:
                raise InvalidArgument(f"learn names {name!r}, which has no first value: write {name}=...")
            first = torch.as_tensor(parameters.pop(name), dtype=torch.get_default_dtype())
            self.register_parameter(name, torch.nn.Parameter(first.clone()))
        self.parameters_of_layer = parameters

    def forward(self, input: torch.Tensor, **tensors: torch.Tensor) -> Any:
        """Pools ``input``; ``tensors`` are ``weights``, ``mask``, ``lengths`` and the others of :func:`pool`."""
        learned = {name: self.get_parameter(name) for name in self.learn}
        return pool(input, client=self.client, learned=learned, **tensors, **self.parameters_of_layer)

    def extra_repr(self) -> str:
        learn = {"learn": list(self.learn)} if self.learn else {}
        return ", ".join(f"{name}={value!r}" for name, value in {**self.parameters_of_layer, **learn}.items())


class RemotePooling(torch.autograd.Function):
    """The autograd function of :func:`pool`."""

    @staticmethod
    def forward(ctx: Any, input: torch.Tensor, client: PoolingClient, parameters: Any, *tensors: Any) -> Any:
        ctx.client, ctx.layer = client, parameters
        ctx.save_for_backward(input, *tensors)
        result = client.forward(_array(input), **_named(tensors), **parameters)
        output = _tensor(result.output, input)
        if result.indices is None:
            return output
        indices = torch.from_numpy(result.indices).to(input.device)
        ctx.mark_non_differentiable(indices)
        return output, indices

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx: Any, grad_output: torch.Tensor, *_: Any) -> tuple[Any, ...]:
        input, *tensors = ctx.saved_tensors
        learns = any(ctx.needs_input_grad[-len(_LEARNABLE):])
        result = ctx.client.backward(
            _array(grad_output.to(input.dtype)), input=_array(input), **_named(tensors), **ctx.layer,
            **({"return_grad_parameters": True} if learns else {}))
        gradients = {
            "weights": result.grad_weights, "structure": result.grad_structure, **result.grad_parameters}
        found = [
            None if tensor is None or gradients.get(name) is None else _gradient(gradients[name], tensor)
            for name, tensor in zip(_ARGUMENTS, tensors, strict=True)]
        return _tensor(result.grad_input, input), None, None, *found


@functools.cache
def _shared_client() -> PoolingClient:
    return PoolingClient()


def _require_tensor(name: str, value: Any) -> None:
    if not isinstance(value, torch.Tensor):
        raise InvalidArgument(f"{name}: expected a torch.Tensor, got {type(value).__name__}")


def _named(tensors: Any) -> dict[str, Any]:
    given = {name: tensor for name, tensor in zip(_ARGUMENTS, tensors, strict=True) if tensor is not None}
    # What is learned goes as numbers: a float, or a list of them.
    return {
        name: tensor.detach().double().cpu().tolist() if name in _LEARNABLE else _array(tensor)
        for name, tensor in given.items()}


def _gradient(array: Any, like: torch.Tensor) -> Any:
    return torch.as_tensor(np.asarray(array)).reshape(like.shape).to(like.device, like.dtype)


def _array(tensor: torch.Tensor) -> Any:
    tensor = tensor.detach().cpu().contiguous()
    if tensor.dtype != torch.bfloat16:
        return tensor.numpy()
    # numpy knows bfloat16 only through ml_dtypes, and torch only by its bits.
    return tensor.view(torch.int16).numpy().view(bfloat16())


def _tensor(array: Any, like: torch.Tensor) -> Any:
    """On the device of ``like`` and in its dtype."""
    if array.dtype.name == "bfloat16":
        return torch.from_numpy(array.view(np.int16)).view(torch.bfloat16).to(like.device)
    return torch.from_numpy(array).to(like.device)
