"""How often a page may be asked for: by its link, and for those who guess links by where they come from."""

from __future__ import annotations

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

READS = parse("120 per minute")
SENDS = parse("20 per minute")
LINKS = parse("3 per hour")
"""How often a link is sent to the customer's telephone because somebody asked for it on the page, an order."""

GUESSES = parse("30 per 5 minutes")


class TooOften(Exception):
    """Somebody asks more often than a person would."""


class Gate:
    """Counts for one node, in memory."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def count(self, limit: RateLimitItem, who: str) -> None:
        """One more; raises TooOften."""
        if not self._limiter.hit(limit, who):
            raise TooOften

    def check(self, limit: RateLimitItem, who: str) -> None:
        """Raises TooOften where there were too many already."""
        if not self._limiter.test(limit, who):
            raise TooOften
