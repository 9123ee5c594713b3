"""Checks pooling_client.torch, PyTorch layers that run on the service, against finite differences and PyTorch, and
trains one of them.

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

from pooling_client.torch import Pool, pool

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

# Ops with a parameter that can be learned: one number, or one for each of two channels.
LEARNABLE = [
    ("p", {"op": "power_avg", "kernel": 2}, 3.0),
    ("p", {"op": "power_avg", "region": "global"}, [1.5, 4.0]),
    ("p", {"op": "lp", "kernel": 2, "stride": 1}, [3.0, 2.5]),
    ("r", {"op": "logsumexp", "kernel": 3, "padding": 1}, [0.5, 2.0]),
    ("beta", {"op": "softmax", "region": "adaptive", "output_size": 2}, [1.0, -0.5]),
    ("alpha", {"op": "mixed", "kernel": 2}, [0.25, 0.75]),
]


def check_learnable_parameters():
    for name, layer, first in LEARNABLE:
        input = (torch.randperm(1 * 2 * 4 * 5).to(torch.float64).reshape(1, 2, 4, 5) / 20 + 0.1).requires_grad_()
        number = torch.tensor(first, dtype=torch.float64, requires_grad=True)
        assert torch.autograd.gradcheck(lambda x, n: pool(x, learned={name: n}, **layer), (input, number))
        print(f"gradcheck passes for the input and {name}:", layer)


def train():
    """Finds the exponents of a generalized mean (GeM) from what it pools."""
    exponents = torch.tensor([2.0, 5.0])
    images = torch.rand(8, 2, 6, 6)
    wanted = images.pow(exponents[:, None, None]).mean(dim=(2, 3), keepdim=True).pow(1 / exponents[:, None, None])
    gem = Pool(op="power_avg", region="global", p=[3.0, 3.0], learn=["p"])
    optimizer = torch.optim.Adam(gem.parameters(), lr=0.2)
    for _ in range(120):
        optimizer.zero_grad()
        loss = (gem(images) - wanted).square().mean()
        loss.backward()
        optimizer.step()
    assert torch.allclose(gem.p, exponents, atol=0.05), gem.p
    print("GeM learns its exponents:", [round(exponent, 1) for exponent in gem.p.tolist()])


def main():
    torch.manual_seed(1)
    check_learnable_parameters()
    train()
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
