"""When a request is sent again, and after how long."""

from __future__ import annotations

import random
from dataclasses import dataclass

from ._errors import PoolingError, RateLimited, Unavailable, Unreachable


@dataclass(frozen=True)
class RetryPolicy:
    """Sends a request again where that can help: the service was busy, the rate limit hit, or the connection lost.

    Every request is a pure function of its body, so sending one twice does no harm. The wait doubles from
    ``first_delay`` up to ``longest_delay``, with jitter, and is never shorter than the service's ``Retry-After``. A
    service that asks for a longer wait than ``longest_delay`` is not asked again.
    """

    attempts: int = 4
    first_delay: float = 0.1
    longest_delay: float = 5.0

    def __post_init__(self) -> None:
        if self.attempts < 1 or self.first_delay < 0 or self.longest_delay < self.first_delay:
            raise ValueError("attempts must be at least 1, and 0 <= first_delay <= longest_delay")

    def delay(self, failures: int, error: PoolingError) -> float | None:
        """Seconds to wait after so many failures; None where it is over."""
        if failures >= self.attempts or not isinstance(error, (RateLimited, Unavailable, Unreachable)):
            return None
        asked = error.retry_after if isinstance(error, (RateLimited, Unavailable)) else None
        if asked is not None and asked > self.longest_delay:
            return None
        backoff = min(self.first_delay * float(2 ** (failures - 1)), self.longest_delay)
        return max(asked or 0.0, backoff * random.uniform(0.5, 1.0))
