"""Whether what a notice says is overtaken: news that waited for a provider must not mislead anybody."""

from __future__ import annotations

from dispatcher_app.domain.order import CLOSED, Order
from dispatcher_app.domain.pool import told_of
from dispatcher_app.server.notices.news import told_start
from dispatcher_app.server.store.notice import Kept

STATUS = {
    "departed": "en_route", "arrived": "in_progress", "recalled": "accepted", "finished": "finished",
    "ended": "finished", "device_ready": "ready", "reminder": "ready", "on_hold": "on_hold", "cancelled": "cancelled",
}  # fmt: skip
"""What is only true while the order stands so."""

VISITS = frozenset({"booked", "accepted", "technician_changed", "appointment_changed", "visit_added", "reopened",
                    "assigned", "helping", "offer", "pool", "transfer_asked"})  # fmt: skip
"""What names a window, and must not be said of one that has moved."""


def stale(notice: Kept, order: Order) -> bool:
    """Whether the order is not any more as the notice says."""
    what, params = notice.what, notice.params
    if what in STATUS:
        return order.status != STATUS[what]
    if what == "progress":
        return order.status not in ("in_progress", "repairing")
    if what in VISITS and (order.status in CLOSED or window_moved(notice, order)):
        return True
    if what in ("accepted", "technician_changed"):
        return order.technician != str(params["technician"])
    if what == "assigned":
        return order.technician != notice.recipient
    if what == "rescheduled":
        there = notice.recipient in (order.technician, *order.helpers)
        return not there or told_start(order) != notice.params["at"]
    if what == "helping":
        return notice.recipient not in order.helpers
    if what == "taken_off":
        return notice.recipient in (order.technician, *order.helpers)
    if what == "offer":
        return order.offer is None or (order.offer.technician, order.offer.expires_at) != (
            notice.recipient,
            params["until"],
        )
    if what == "pool":
        return told_of(order, notice.recipient) is None
    if what == "transfer_asked":
        return order.transfer is None or order.transfer.to != notice.recipient
    if what == "quote_proposed":
        return order.proposed is None or order.proposed.number != int(params["revision"])
    return False


def window_moved(notice: Kept, order: Order) -> bool:
    """Whether the promised window is another one than the notice names."""
    named = (notice.params.get("from"), notice.params.get("to"))
    return named != ((order.window.start, order.window.end) if order.window else (None, None))
