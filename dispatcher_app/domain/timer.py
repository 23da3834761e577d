"""When something about an order is due, for people (the countdown in the queue) and for the system's own acts."""

from __future__ import annotations

from dispatcher_app.domain.calendar import DAY_MS, MINUTE_MS, local_date, moment, next_date
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.region import Policy


def due(order: Order, policy: Policy, timezone: str) -> int | None:
    """The moment (UTC ms) by which the order must have moved on, None where nothing runs."""
    if (open_quote := order.proposed) is not None:
        return open_quote.lapses_at
    window = order.window
    match order.status:
        case "pending" | "offered":
            return dispatch_due(order, policy, timezone)
        case "accepted" | "en_route":
            return window.end if window is not None else None
        case "on_hold" if order.hold is not None:
            return moment(order.hold.next_contact, policy.window_first_hour * 60, timezone)
        case "finished" if order.confirmed_at is None:
            return order.since + policy.confirm_within * MINUTE_MS
        case "received" | "diagnosing" | "quoted" | "repairing":
            promised = order.device.promised_on if order.device else None
            return moment(promised, policy.window_last_hour * 60, timezone) if promised else None
        case "ready" if order.device is not None and order.device.ready_at is not None:
            told = order.device.reminded_at or order.device.ready_at
            unclaimed = order.device.ready_at + policy.unclaimed_days * DAY_MS
            return min(told + policy.pick_up_remind_days * DAY_MS, unclaimed)
    return None


def dispatch_due(order: Order, policy: Policy, timezone: str) -> int:
    """The moment by which somebody must have accepted: soon, or the evening before for a later day."""
    if order.urgency == "emergency":
        return order.since + policy.dispatch_within_emergency * MINUTE_MS
    soon, window = order.since + policy.dispatch_within * MINUTE_MS, order.window
    if window is None or window.start - order.since <= DAY_MS:
        return soon
    evening = moment(next_date(local_date(window.start, timezone), -1), 18 * 60, timezone)
    return max(soon, evening)


def confirmed_by_silence(order: Order, policy: Policy) -> int | None:
    """From when on the customer's silence counts as his word, None where only his word does."""
    if order.status != "finished" or order.confirmed_at is not None or order.result != "repaired":
        return None
    if order.complaint is not None:
        return None
    if {"standard_marked", "number_changed"} & set(order.flags) or any(
        line.state != "done" for line in order.lines
    ):
        return None
    return order.since + policy.confirm_within * MINUTE_MS


def released_at(order: Order, policy: Policy) -> int | None:
    """When the shares of an order become available, None while somebody complains or where nothing is frozen."""
    if order.share != "frozen" or order.complaint is not None or order.closed_at is None:
        return None
    return order.closed_at + policy.share_release * MINUTE_MS


def pool_due(order: Order) -> int | None:
    """When the grab pool goes on by itself: decided, widened or closed; None where the order is in none."""
    pool = order.pool
    if order.status != "offered" or pool is None:
        return None
    if pool.decides_at is not None:
        return pool.decides_at
    return pool.closes_at if pool.widens_at is None else min(pool.widens_at, pool.closes_at)


def alarm(order: Order, policy: Policy) -> int | None:
    """The first moment at which the system will do something about the order by itself, None where it will not."""
    moments = (
        pool_due(order),
        order.offer.expires_at if order.status == "offered" and order.offer and not order.pool else None,
        order.transfer.expires_at if order.status == "accepted" and order.transfer else None,
        order.proposed.lapses_at if order.proposed else None,
        confirmed_by_silence(order, policy),
        released_at(order, policy),
    )
    return min((each for each in moments if each is not None), default=None)
