"""How an order is dispatched by itself: which mode, from when on, and when it is a person's again."""

from __future__ import annotations

from typing import Final

from dispatcher_app.domain.calendar import DAY_MS, local_date, moment, next_date
from dispatcher_app.domain.order import Mode, Order, Step
from dispatcher_app.domain.region import DispatchMode, Policy

ANEW: Final = frozenset({"book", "import", "reopen", "change_appointment", "change_order", "drop"})
"""After these an order is dispatched by its mode, from the beginning."""
ON: Final = frozenset({"decline", "expire"})
"""After these the next one is asked, where it was offered to one."""
HANDS: Final = frozenset({"withdraw", "unassign", "close_pool"})
"""After these a person has it in hand: what somebody took back is not given away again behind his back."""
LEFT: Final = frozenset({"leave"})


def mode_of(policy: Policy, item: str, district: str) -> Mode:
    """The mode of the most exact rule: item and district, then item, then district, then neither; else direct."""
    best, mode = -1, "direct"
    for rule in policy.dispatch_modes:
        if rule.item in ("", item) and rule.district in ("", district):
            exact = exactness(rule)
            if exact > best:
                best, mode = exact, rule.mode
    return mode  # type: ignore[return-value]


def exactness(rule: DispatchMode) -> int:
    """How exact a rule is: an item says more than a district."""
    return 2 * bool(rule.item) + bool(rule.district)


def last_word(order: Order) -> Step | None:
    """The last thing that was done about who goes, None where nothing was."""
    known = ANEW | ON | HANDS | LEFT
    return next((step for step in reversed(order.steps) if step.action in known), None)


def wanted(order: Order, policy: Policy) -> Mode:
    """How the system goes on with a pending order by itself; direct where it is for a person."""
    word = last_word(order)
    if order.status != "pending" or order.service != "home" or order.provisional or word is None:
        return "direct"
    if word.action in HANDS:
        return "direct"
    own = mode_of(policy, order.lines[0].item, order.district)
    if own != "direct":
        return own
    # Whoever says at the desk that somebody declines has the order before him, and goes on himself.
    passed = word.action in LEFT or (word.action in ON and not word.actor.startswith("staff:"))
    return "offer" if passed and order.mode == "offer" else "direct"


def is_left(order: Order) -> bool:
    """Whether the system has found nobody and said so: it tries again when something has changed, and says no more."""
    word = last_word(order)
    return word is not None and word.action in LEFT


def due_from(order: Order, timezone: str) -> int | None:
    """From when on (UTC ms) it is dispatched by itself, None without a promise.

    A day before the window opens, at the latest at 18:00 of the evening before.
    """
    window = order.window
    if window is None:
        return None
    evening = moment(next_date(local_date(window.start, timezone), -1), 18 * 60, timezone)
    return min(window.start - DAY_MS, evening)


def is_due(order: Order, timezone: str, now: int) -> bool:
    """Whether it is time to dispatch a promise, and still of use."""
    begins, window = due_from(order, timezone), order.window
    if order.urgency == "emergency" and window is not None:
        return now < window.end
    return begins is not None and window is not None and begins <= now < window.end
