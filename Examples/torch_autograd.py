"""Checks pooling_client.torch, PyTorch layers that run on the service, against finite differences and PyTorch.

    pip install 'clients/python[torch]'
    python Examples/torch_autograd.py

POOLING_SERVER_URL names another server than http://127.0.0.1:8080.
"""

import sys

try:
    import torch
except ImportError:
    print("torch is not installed, so there is nothing to show")
    sys.exit(0)

from pooling_client.torch import Pool

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
    for layer in LAYERS:
        # Distinct values: where two are equal the derivative of a maximum has a jump.
        input = torch.randperm(2 * 3 * 6 * 7).to(torch.float64).reshape(2, 3, 6, 7) / 10 + 0.1
        pool = Pool(**layer)
        assert torch.autograd.gradcheck(pool, input[:1, :1].clone().requires_grad_(), eps=1e-5)
        print("gradcheck passes:", pool)

    input = torch.randn(2, 3, 8, 8, requires_grad=True)
    ours = Pool(op="max", kernel=3, stride=2, padding=1)(input)
    theirs = torch.nn.MaxPool2d(3, stride=2, padding=1)(input)
    assert torch.equal(ours, theirs)
    weight = torch.randn_like(ours)
    (our_gradient,) = torch.autograd.grad((ours * weight).sum(), input)
    (their_gradient,) = torch.autograd.grad((theirs * weight).sum(), input)
    assert torch.allclose(our_gradient, their_gradient)
    print("equal to torch.nn.MaxPool2d, forward and backward")


if __name__ == "__main__":
    main()
