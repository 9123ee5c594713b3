"""Client of pooling-server: pooling layers over HTTP, numpy in and numpy out.

>>> from pooling_client import PoolingClient
>>> with PoolingClient() as client:                                         # doctest: +SKIP
...     pooled = client.forward(x, op="max", kernel=2, return_indices=True)
...     gradient = client.backward(g, op="max", kernel=2, indices=pooled.indices, input_shape=x.shape)
"""

from ._client import AsyncPoolingClient, PoolingClient
from ._errors import (
    DeadlineExceeded,
    InvalidRequest,
    PoolingError,
    ProblemError,
    RateLimited,
    ServerFault,
    TooLarge,
    Unauthorized,
    Unavailable,
    Unreachable,
)
from ._parameters import Parameters
from ._results import BackwardResult, ForwardResult, ShapeReport
from ._retry import RetryPolicy

__all__ = [
    "AsyncPoolingClient",
    "BackwardResult",
    "DeadlineExceeded",
    "ForwardResult",
    "InvalidRequest",
    "Parameters",
    "PoolingClient",
    "PoolingError",
    "ProblemError",
    "RateLimited",
    "RetryPolicy",
    "ServerFault",
    "ShapeReport",
    "TooLarge",
    "Unauthorized",
    "Unavailable",
    "Unreachable",
]
