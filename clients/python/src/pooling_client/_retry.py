"""When a request is sent again, and after how long."""

from __future__ import annotations

import random
from dataclasses import dataclass

from ._errors import TEMPORARY, ConfigurationError, PoolingError, RateLimited, Unavailable
from ._parameters import is_number


@dataclass(frozen=True)
class RetryPolicy:
    """Sends a request again where that can help: the service was busy, the rate limit hit, or the connection lost.

    Every request is a pure function of its body, so sending one twice does no harm. The wait doubles from
    ``first_delay`` up to ``longest_delay``, with jitter, and is never shorter than the service's ``Retry-After``. If
    the service asks for a longer wait than ``longest_delay``, the client gives up. With several services, each is
    asked once per attempt.

    Example:
        >>> RetryPolicy(attempts=1)  # never sends a request again
        RetryPolicy(attempts=1, first_delay=0.1, longest_delay=5.0)
        >>> RetryPolicy(attempts=50, longest_delay=30.0)  # for a job that should wait for a busy service
        RetryPolicy(attempts=50, first_delay=0.1, longest_delay=30.0)
    """

    attempts: int = 4
    first_delay: float = 0.1
    longest_delay: float = 5.0

    def __post_init__(self) -> None:
        if isinstance(self.attempts, bool) or not isinstance(self.attempts, int):
            raise ConfigurationError(f"attempts: expected a whole number, got {self.attempts!r}")
        for name in ("first_delay", "longest_delay"):
            if not is_number(getattr(self, name)):
                raise ConfigurationError(f"{name}: expected seconds, got {getattr(self, name)!r}")
        if self.attempts < 1 or self.first_delay < 0 or self.longest_delay < self.first_delay:
            raise ConfigurationError("attempts must be at least 1, and 0 <= first_delay <= longest_delay")

    def delay(self, failures: int, error: PoolingError) -> float | None:
        """Seconds to wait after so many failures; None if there is to be no other attempt."""
        if failures >= self.attempts or not isinstance(error, TEMPORARY):
            return None
        asked = error.retry_after if isinstance(error, (RateLimited, Unavailable)) else None
        if asked is not None and asked > self.longest_delay:
            return None
        # The exponent is bounded because a power of a thousand attempts is no float.
        backoff = min(self.first_delay * 2.0 ** min(failures - 1, 60), self.longest_delay)
        return max(asked or 0.0, backoff * random.uniform(0.5, 1.0))
