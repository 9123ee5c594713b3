"""A pooling layer for PyTorch whose forward and backward pass run on the service.

    pip install torch clients/python
    python Examples/torch_autograd.py

It is meant for checking one implementation against another, not for training: a network hop costs more than a pooling
layer. POOLING_SERVER_URL names another server than http://127.0.0.1:8080.
"""

import os
import sys

try:
    import torch
except ImportError:
    print("torch is not installed, so there is nothing to show")
    sys.exit(0)

from pooling_client import PoolingClient


class RemotePooling(torch.autograd.Function):
    """Sends the tensor forward and the gradient back; of all ops, ties and NaN included, as PyTorch does for max."""

    @staticmethod
    def forward(ctx, input, client, layer):
        ctx.client, ctx.layer = client, layer
        ctx.save_for_backward(input)
        return torch.from_numpy(client.forward(input.detach().numpy(), **layer).output)

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx, grad_output):
        (input,) = ctx.saved_tensors
        result = ctx.client.backward(grad_output.numpy(), input=input.numpy(), **ctx.layer)
        return torch.from_numpy(result.grad_input), None, None


class RemotePool(torch.nn.Module):
    """The layer: its arguments are the fields of a request, such as ``op="max", kernel=2``."""

    def __init__(self, client, **layer):
        super().__init__()
        self.client, self.layer = client, layer

    def forward(self, input):
        return RemotePooling.apply(input, self.client, self.layer)


LAYERS = [
    {"op": "max", "kernel": 2},
    {"op": "max", "kernel": 3, "stride": 2, "padding": 1},
    {"op": "avg", "kernel": 3, "stride": 2, "padding": 1, "ceil_mode": True},
    {"op": "lp", "p": 3, "kernel": 2, "stride": 1},
    {"op": "softmax", "region": "adaptive", "output_size": [2, 3]},
    {"op": "std", "region": "global"},
    {"op": "quantile", "q": 0.3, "kernel": 3},
    {"op": "avg", "region": "pyramid", "levels": [1, 2]},
]


def main():
    torch.manual_seed(1)
    with PoolingClient(os.environ.get("POOLING_SERVER_URL", "http://127.0.0.1:8080")) as client:
        for layer in LAYERS:
            # Distinct values: where two are equal the derivative of a maximum has a jump.
            input = torch.randperm(2 * 3 * 6 * 7).to(torch.float64).reshape(2, 3, 6, 7) / 10 + 0.1
            pool = RemotePool(client, **layer)
            assert torch.autograd.gradcheck(pool, input[:1, :1].clone().requires_grad_(), eps=1e-5)
            print("gradcheck passes:", ", ".join(f"{name}={value}" for name, value in layer.items()))

        input = torch.randn(2, 3, 8, 8, requires_grad=True)
        ours = RemotePool(client, op="max", kernel=3, stride=2, padding=1)(input)
        theirs = torch.nn.MaxPool2d(3, stride=2, padding=1)(input)
        assert torch.equal(ours, theirs)
        weight = torch.randn_like(ours)
        (our_gradient,) = torch.autograd.grad((ours * weight).sum(), input)
        (their_gradient,) = torch.autograd.grad((theirs * weight).sum(), input)
        assert torch.allclose(our_gradient, their_gradient)
        print("equal to torch.nn.MaxPool2d, forward and backward")


if __name__ == "__main__":
    main()
