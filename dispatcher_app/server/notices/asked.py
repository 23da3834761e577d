"""A link that somebody asks for on the page: it goes to the number on file, whoever it was that asked."""

from __future__ import annotations

from dispatcher_app import clock
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.order import Order
from dispatcher_app.server.notices.news import News
from dispatcher_app.server.store import notice as store
from dispatcher_app.server.store import query, record
from dispatcher_app.server.store.database import Cursor
from dispatcher_app.server.store.notice import Kept

LINK = News("customer", "", "link")


def link_asked(cursor: Cursor, id: str, key: str, now: int) -> Rejected | None:
    """Keep the notice that carries the link to the customer, once for a key; gives why there can be none."""
    order = record.load(cursor, "order", id)
    if not isinstance(order, Order):
        return Rejected("not_found", "order", kind="order", id=id)
    if query.secret(cursor, LINK.party, order.customer, "phone") is None:
        return Rejected("no_number", "order")
    # After all that has happened so far: what is being told meanwhile is not overtaken by it.
    seq = record.heads(cursor, (order.region,)).get(order.region, 0)
    made = Kept(
        id=clock.derived_id("notice-link", order.id, key), region=order.region, order=order.id, act=key, seq=seq,
        part=0, party=LINK.party, recipient=order.customer, what=LINK.what, next_at=now, at=now,
    )  # fmt: skip
    store.add(cursor, [made])
    return None
