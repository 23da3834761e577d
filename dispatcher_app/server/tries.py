"""Guessing a customer's code: a few wrong ones an order and hour, then none is looked at any more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable
from typing import TypeVar

from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from dispatcher_app.domain.act import Act, Rejected

T = TypeVar("T")

WRONG = parse("5 per 1 hour")


class CodeTries:
    """Counts wrong codes by order, for one node; used from its loop only."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._under_way: Counter[str] = Counter()

    async def guarded(self, act: Act, submit: Callable[[], Awaitable[T]]) -> T:
        """The answer to an act; raises Rejected where too many wrong codes came for its order."""
        order = order_with_code(act)
        if order is None:
            return await submit()
        # What is being decided counts as wrong until it is: else many guesses at once would all be let in.
        _, left = self._limiter.get_window_stats(WRONG, order)
        if left <= self._under_way[order]:
            raise Rejected("code_tries", "code", tries=WRONG.amount)
        self._under_way[order] += 1
        try:
            return await submit()
        except Rejected as rejected:
            if rejected.code == "code_wrong":
                self._limiter.hit(WRONG, order)
            raise
        finally:
            self._under_way[order] -= 1
            if not self._under_way[order]:
                del self._under_way[order]


def order_with_code(act: Act) -> str | None:
    """The order that an act names a code for, None where it names none."""
    return str(act.command.order) if getattr(act.command, "code", "") else None
