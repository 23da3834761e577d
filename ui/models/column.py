"""The columns of the queue: what each is called, how wide it is, and what is said in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from dispatcher_app.rows import OrderRow
from dispatcher_app.text import t
from ui import format, mark, name

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

SOON_MS: Final = 6 * 3_600_000
"""A timer that ends within this time is counted down; a later one is told by its moment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: `sort` names what the header sorts by, `width` is in pixels at 100 %."""

    id: str
    word: str
    width: int
    sort: str = ""
    shown: bool = True

    def title(self) -> str:
        """The word in the header."""
        return t(self.word)


COLUMNS: Final = (
    Column(id="number", word="No.##order", width=96, sort="number"),
    Column(id="status", word="Status", width=78),
    Column(id="timer", word="Timer", width=68, sort="due"),
    Column(id="window", word="Window", width=128, sort="window_start"),
    Column(id="item", word="Repair", width=120),
    Column(id="name", word="Customer", width=58),
    Column(id="compound", word="Compound", width=112),
    Column(id="phone", word="Tail", width=44),
    Column(id="technician", word="Technician", width=62),
    Column(id="marks", word="Marks", width=62),
    Column(id="created", word="Booked", width=96, sort="created_at", shown=False),
)


PERSONAL: Final = frozenset({"name", "compound", "phone"})
"""The columns that a wall does not show."""


def spoken(session: Session, row: OrderRow, column: str) -> str:
    """What stands in a cell, in words: for screen readers, copying and tests."""
    return _SAID[column](session, row)


def window(session: Session, row: OrderRow) -> str:
    """The promised window, or that there is none."""
    if row.window_start is None or row.window_end is None:
        return t("no window yet")
    said = format.window(row.window_start, row.window_end, session.now(), name.timezone(session))
    return t("{window} (to confirm)", window=said) if row.provisional else said


def timer(session: Session, row: OrderRow, now: int) -> str:
    """What is left of the running timer; empty where none runs."""
    if row.due is None or row.closed:
        return ""
    left = row.due - now
    if abs(left) <= SOON_MS:
        return format.countdown(left)
    if left < 0:
        return t("over {duration}", duration=format.duration(-left // 1000))
    return format.moment(row.due, now, name.timezone(session))


def repair(session: Session, row: OrderRow) -> str:
    """Item and fault of the first line, and how many more there are."""
    said = " · ".join(filter(None, (name.item(session, row.item), name.fault(session, row.item, row.fault))))
    return f"{said} +{row.lines - 1}" if row.lines > 1 else said


def _marks(session: Session, row: OrderRow) -> str:
    said = []
    if row.urgency != "normal":
        said.append(mark.mark("urgency", row.urgency).label())
    if row.urged:
        said.append(t("urged ×{n}", n=row.urged))
    if row.complaint:
        said.append(t("complaint open"))
    if row.rebooked:
        said.append(t("rebooked ×{n}", n=row.rebooked))
    said += [mark.mark("flag", each).label() for each in row.flags.split()]
    if row.approximate:
        said.append(t("place approximate"))
    if session.is_pending("order", row.id):
        said.append(t("not yet confirmed by the server"))
    return t(", ").join(said)


def _whoever(session: Session, row: OrderRow) -> str:
    """Who has it and who comes along; whether somebody is missing."""
    along = (row.helpers or "").split()
    missing = along.count("?")
    said = name.whoever(session, row)
    names = [each for each in (said, *(name.technician(session, id) for id in along if id != "?")) if each]
    if not missing:
        return name.people(names)
    short = (
        t("{n} more needed", n=missing) if row.technician else t("{n} technicians##crew", n=len(along) + 1)
    )
    return t(", ").join(filter(None, (name.people(names), short)))


def _created(session: Session, row: OrderRow) -> str:
    return format.moment(row.created_at, session.now(), name.timezone(session))


_SAID: Final[dict[str, Callable[[Session, OrderRow], str]]] = {
    "number": lambda _session, row: row.number,
    "status": lambda _session, row: name.status(row.status),
    "timer": lambda session, row: timer(session, row, session.now()),
    "window": window,
    "item": repair,
    "name": lambda _session, row: row.name,
    "compound": lambda session, row: row.compound or name.district(session, row.district),
    "phone": lambda _session, row: row.phone_tail,
    "technician": lambda session, row: _whoever(session, row),
    "marks": _marks,
    "created": _created,
}
