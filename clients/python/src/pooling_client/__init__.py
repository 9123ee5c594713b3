"""Client of pooling-server: pooling layers over HTTP, numpy in and numpy out.

>>> from pooling_client import PoolingClient
>>> with PoolingClient() as client:
...     pooled = client.forward([[1, 2], [3, 4]], op="max", kernel=2, return_indices=True)
...     print(pooled.output, pooled.indices)
[[4.]] [[3]]

``PoolingClient()`` is the service in the environment variable ``POOLING_SERVER_URL``, else http://127.0.0.1:8080.
``pooling_client.torch`` has a layer for PyTorch models, and ``pooling-client`` is a command line for files.
"""

from ._async_client import AsyncPoolingClient
from ._client import PoolingClient
from ._errors import (
    ConfigurationError,
    DeadlineExceeded,
    InvalidArgument,
    InvalidRequest,
    InvalidResponse,
    PoolingError,
    PoolingNotice,
    ProblemError,
    RateLimited,
    ServerFault,
    TooLarge,
    Unauthorized,
    Unavailable,
    UnknownArgument,
    Unreachable,
)
from ._parameters import Dtype, Op, Parameters, Region
from ._results import (
    BackwardResult,
    BatchAnswer,
    BatchResult,
    Catalogue,
    ForwardResult,
    LayerResult,
    LayersResult,
    OpInfo,
    OpsResult,
    ParameterInfo,
    RegionInfo,
    Result,
    ShapeResult,
    UnpoolResult,
)
from ._retry import RetryPolicy

__all__ = [
    "AsyncPoolingClient",
    "BackwardResult",
    "BatchAnswer",
    "BatchResult",
    "Catalogue",
    "ConfigurationError",
    "DeadlineExceeded",
    "Dtype",
    "ForwardResult",
    "InvalidArgument",
    "InvalidRequest",
    "InvalidResponse",
    "LayerResult",
    "LayersResult",
    "Op",
    "OpInfo",
    "OpsResult",
    "ParameterInfo",
    "Parameters",
    "PoolingClient",
    "PoolingError",
    "PoolingNotice",
    "ProblemError",
    "RateLimited",
    "Region",
    "RegionInfo",
    "Result",
    "RetryPolicy",
    "ServerFault",
    "ShapeResult",
    "TooLarge",
    "Unauthorized",
    "Unavailable",
    "UnknownArgument",
    "UnpoolResult",
    "Unreachable",
]
