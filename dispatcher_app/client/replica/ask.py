"""What can be asked of the orders in a replica, and the SQL that answers it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias, get_args

from dispatcher_app.client.replica.schema import FLAGGED, KEY_OF
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.alert import AFTER_CLOSING, ALERTS, TO_COME
from dispatcher_app.domain.calendar import midnight, next_date
from dispatcher_app.domain.customer import normal_phone
from dispatcher_app.domain.order import CLOSED, WORKSHOP

SortKey: TypeAlias = int | str
"""What an order is sorted by; with its id it makes a total order."""

View: TypeAlias = Literal[
    "pending",
    "no_show",
    "late",
    "overdue",
    "overlap",
    "no_position",
    "snoozed",
    "today",
    "callback",
    "rebooked",
    "urged",
    "complaint",
    "complaints",
    "refunds",
    "approximate",
    "on_hold",
    "quote_open",
    "owing",
    "returns",
    "workshop",
    "over_price",
    "to_check",
    "unread",
    "open",
    "all",
]
VIEWS: Final[tuple[View, ...]] = get_args(View)
_ALSO_CLOSED: Final = {
    "to_check": "order_row_flagged",
    "unread": "order_row_unread",
    "complaint": "order_row_complaint",
    "complaints": "order_row_complaint",
    "refunds": "order_row_refunding",
}
"""The views that show closed orders as well, with the index that holds those orders alone."""
_OPEN_VIEWS: Final = frozenset(VIEWS) - {"today", "all"} - _ALSO_CLOSED.keys()
_TO_COME: Final = ", ".join(f"'{status}'" for status in sorted(TO_COME))
_BENCH: Final = ", ".join(f"'{status}'" for status in sorted(WORKSHOP - CLOSED))


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderQuery:
    """Which orders, in which order; `today` is the local date that the views mean."""

    view: str = "all"
    text: str = ""
    district: str | None = None
    technician: str | None = None
    statuses: frozenset[str] = frozenset()
    item: str | None = None
    region: str | None = None
    sort: str = "due"
    descending: bool = False
    today: str = ""
    told: frozenset[str] = frozenset()
    """Orders that plans and positions tell of, which no row knows (`domain.alert.OF_PLANS`)."""


Condition: TypeAlias = tuple[str, tuple[Any, ...]]
"""A piece of a WHERE clause with its parameters."""


def condition(query: OrderQuery, now: int, timezone: str) -> Condition:
    """The whole WHERE clause of a query."""
    parts = [of_view(query, now, timezone), *(of_word(word) for word in query.text.lower().split())]
    parts += [
        (f"{name} = ?", (value,))
        for name in ("district", "technician", "item", "region")
        if (value := getattr(query, name)) is not None
    ]
    if query.statuses:
        parts.append((f"status IN ({', '.join('?' * len(query.statuses))})", tuple(sorted(query.statuses))))
    said = [part for part in parts if part[0]]
    return " AND ".join(part[0] for part in said) or "1", tuple(value for part in said for value in part[1])


def of_view(query: OrderQuery, now: int, timezone: str) -> Condition:
    """What a saved view shows; an exception that somebody lets rest is not shown."""
    if query.view not in ALERTS:
        return of_state(query, now, timezone)
    where, values = of_alert(query, now)
    begin = f"instr(snoozed, ' {query.view}:')"
    until = f"CAST(substr(snoozed, {begin} + {len(query.view) + 2}) AS INTEGER)"
    if query.view not in AFTER_CLOSING:
        where = f"closed = 0 AND {where}"
    return f"{where} AND (snoozed IS NULL OR {begin} = 0 OR {until} <= ?)", (*values, now)


def of_alert(query: OrderQuery, now: int) -> Condition:
    """What `domain.alert` says of an order, said of its row."""
    told = ("id IN (SELECT value FROM json_each(?))", (json.dumps(sorted(query.told)),))
    match query.view:
        case "no_show":
            return "instr(flags, 'unkept') > 0", ()
        case "late":
            return f"(status IN ({_TO_COME}) AND window_end < ? OR {told[0]})", (now, *told[1])
        case "overdue":
            return "status IN ('pending', 'offered') AND due < ?", (now,)
        case "urged":
            return "urged > 0", ()
        case "complaint":
            return "complaint IS NOT NULL AND complaint_due <= ?", (now,)
        case "over_price":
            return "instr(flags, 'quote_') > 0", ()
        case "owing":
            return "owing = 1", ()
        case "approximate":
            # A vague place, or a window promised offline that nobody can confirm any more.
            return "(approximate = 1 OR provisional = 1 AND window_start < ?)", (now,)
    return told


def of_state(query: OrderQuery, now: int, timezone: str) -> Condition:
    """What a view shows that is no exception."""
    match query.view:
        case "pending":
            return "closed = 0 AND status = 'pending'", ()
        case "snoozed":
            return "closed = 0 AND CAST(snoozed AS INTEGER) > ?", (now,)
        case "today":
            begin, end = midnight(query.today, timezone), midnight(next_date(query.today), timezone)
            return "(planned_on = ? OR window_start >= ? AND window_start < ?)", (query.today, begin, end)
        case "callback":
            return "closed = 0 AND status IN ('pending', 'offered', 'accepted') AND window_start IS NULL", ()
        case "rebooked":
            return "closed = 0 AND rebooked > 0", ()
        case "on_hold":
            return "closed = 0 AND status = 'on_hold'", ()
        case "quote_open":
            return "closed = 0 AND quote_open = 1", ()
        case "returns":
            return "closed = 0 AND return_of IS NOT NULL", ()
        case "workshop":
            return f"closed = 0 AND status IN ({_BENCH})", ()
        case "refunds":
            return "refunding <> ''", ()
        case "to_check":
            return FLAGGED, ()
        case "unread":
            return "unread > 0", ()
        case "complaints":
            return "complaint IS NOT NULL", ()
        case "open":
            return "closed = 0", ()
    return "", ()


def of_word(word: str) -> Condition:
    """One typed word, found anywhere in number, name, initials, address or the last digits of a phone."""
    try:
        tail = normal_phone(word)[-4:] if len(word) > 6 else ""
    except Rejected:
        tail = ""
    if tail:
        return "(instr(search, ?) > 0 OR phone_tail = ?)", (word, tail)
    return "instr(search, ?) > 0", (word,)


def index_of(query: OrderQuery, where: str) -> str:
    """The index that holds everything a query needs; few orders are open, so those are sorted on the way."""
    if query.view in _ALSO_CLOSED:
        return _ALSO_CLOSED[query.view]
    if query.view in _OPEN_VIEWS:
        return "order_row_open"
    return f"order_row_all_by_{query.sort}" if where == "1" else f"order_row_by_{query.sort}"


def keys_sql(query: OrderQuery, now: int, timezone: str) -> Condition:
    """Sort keys and ids as one JSON text: one row, so that Python's lock is taken once and not 100,000 times."""
    where, values = condition(query, now, timezone)
    down = " DESC" if query.descending else ""
    return (
        "SELECT json_group_array(json_array(k, id)) FROM ("
        f"SELECT {KEY_OF[query.sort]} AS k, id FROM order_row INDEXED BY {index_of(query, where)}"
        f" WHERE {where} ORDER BY {KEY_OF[query.sort]}{down}, id{down})"
    ), values


def keys_of_sql(query: OrderQuery, ids: list[str], now: int, timezone: str) -> Condition:
    """The same of these ids only."""
    where, values = condition(query, now, timezone)
    marks = ", ".join("?" * len(ids))
    return f"SELECT id, {KEY_OF[query.sort]} FROM order_row WHERE id IN ({marks}) AND {where}", (
        *ids,
        *values,
    )


def count_sql(query: OrderQuery, now: int, timezone: str) -> Condition:
    """How many orders a query shows."""
    where, values = condition(query, now, timezone)
    index = f" INDEXED BY {index_of(query, where)}" if where != "1" else ""
    return f"SELECT count(*) FROM order_row{index} WHERE {where}", values
