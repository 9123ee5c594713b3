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

A request costs more than a small pooling layer does. Use this to compare implementations, to try an op that PyTorch
does not have, or to pool what is large; not to train a model whose layers PyTorch has.
"""

from __future__ import annotations

import functools
from typing import Any, Unpack

import numpy as np

try:
    import torch
except ImportError as error:
    raise ImportError("pooling_client.torch needs PyTorch: pip install 'pooling-client[torch]'") from error

from ._client import PoolingClient
from ._parameters import Parameters

_TENSORS = ("weights", "mask", "lengths", "segment_ids", "rois", "random_samples")


def pool(
    input: torch.Tensor,
    *,
    client: PoolingClient | None = None,
    weights: torch.Tensor | None = None,
    mask: torch.Tensor | None = None,
    lengths: torch.Tensor | None = None,
    segment_ids: torch.Tensor | None = None,
    rois: torch.Tensor | None = None,
    random_samples: torch.Tensor | None = None,
    **parameters: Unpack[Parameters],
) -> Any:
    """Pools a tensor, with gradients to ``input`` and ``weights``.

    Args:
        input: the tensor, on any device.
        client: the client to use; default: one ``PoolingClient()`` for the process.
        weights: as in :meth:`PoolingClient.forward`; so are all other arguments.

    Returns:
        The output; with ``return_indices=True`` a pair of output and indices.

    Example:
        >>> pool(torch.tensor([[1.0, 2.0], [3.0, 4.0]]), op="avg", kernel=2)
        tensor([[2.5000]])
    """
    tensors = (weights, mask, lengths, segment_ids, rois, random_samples)
    return RemotePooling.apply(input, client or _shared_client(), parameters, *tensors)


class Pool(torch.nn.Module):
    """A pooling layer that runs on the service. Tensors of the layer, such as ``mask``, are arguments of the call.

    Args:
        client: the client to use; default: one ``PoolingClient()`` for the process.
        parameters: those of :meth:`PoolingClient.forward`.

    Example:
        >>> layer = Pool(op="lp", p=3, kernel=2)
        >>> layer
        Pool(op='lp', p=3, kernel=2)
        >>> layer(torch.ones(1, 1, 4, 4)).shape
        torch.Size([1, 1, 2, 2])
    """

    def __init__(self, *, client: PoolingClient | None = None, **parameters: Unpack[Parameters]) -> None:
        super().__init__()
        self.client = client
        self.parameters_of_layer = parameters

    def forward(self, input: torch.Tensor, **tensors: torch.Tensor) -> Any:
        """Pools ``input``; ``tensors`` are ``weights``, ``mask``, ``lengths``, ``segment_ids`` or ``rois``."""
        return pool(input, client=self.client, **tensors, **self.parameters_of_layer)

    def extra_repr(self) -> str:
        return ", ".join(f"{name}={value!r}" for name, value in self.parameters_of_layer.items())


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
        result = ctx.client.backward(
            _array(grad_output.to(input.dtype)), input=_array(input), **_named(tensors), **ctx.layer)
        weights, *others = tensors
        grad_weights = None if weights is None or result.grad_weights is None else _tensor(result.grad_weights, weights)
        return _tensor(result.grad_input, input), None, None, grad_weights, *(None for _ in others)


@functools.cache
def _shared_client() -> PoolingClient:
    return PoolingClient()


def _named(tensors: Any) -> dict[str, Any]:
    return {name: _array(tensor) for name, tensor in zip(_TENSORS, tensors, strict=True) if tensor is not None}


def _array(tensor: torch.Tensor) -> Any:
    tensor = tensor.detach().cpu().contiguous()
    if tensor.dtype != torch.bfloat16:
        return tensor.numpy()
    import ml_dtypes

    # numpy knows bfloat16 only through ml_dtypes, and torch only by its bits.
    return tensor.view(torch.int16).numpy().view(ml_dtypes.bfloat16)


def _tensor(array: Any, like: torch.Tensor) -> Any:
    """On the device of ``like`` and in its dtype."""
    if array.dtype.name == "bfloat16":
        return torch.from_numpy(array.view(np.int16)).view(torch.bfloat16).to(like.device)
    return torch.from_numpy(array).to(like.device)
