"""When something about an order is due; the countdown in the queue and the exceptions read it here."""

from __future__ import annotations

from dispatcher_app.domain.calendar import DAY_MS, MINUTE_MS, local_date, moment, next_date
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.region import Policy


def due(order: Order, policy: Policy, timezone: str) -> int | None:
    """The moment (UTC ms) by which the order must have moved on, None where nothing runs."""
    window = order.window
    if order.status in ("pending", "offered"):
        if order.urgency == "emergency":
            return order.since + policy.dispatch_within_emergency * MINUTE_MS
        soon = order.since + policy.dispatch_within * MINUTE_MS
        if window is None or window.start - order.since <= DAY_MS:
            return soon
        evening = moment(next_date(local_date(window.start, timezone), -1), 18 * 60, timezone)
        return max(soon, evening)
    if order.status in ("accepted", "en_route") and window is not None:
        return window.end
    return None
