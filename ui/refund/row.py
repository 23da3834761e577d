"""Which refunds are listed, in which order, and how each reads as a row or a line of a table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from dispatcher_app.domain.money.refund import OVER, Refund
from dispatcher_app.domain.rule.refunding import ELECTRONIC
from dispatcher_app.payout.sheet import Cell, amount
from dispatcher_app.text import t
from ui import format, name
from ui import redress as word
from ui.models.choice import Choice

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

VIEWS: Final[dict[str, tuple[str, Callable[[Refund], bool]]]] = {
    "decide": ("To decide##refunds", lambda each: each.state == "proposed"),
    "pay": ("To pay out##refunds", lambda each: each.state == "approved" and each.carrier not in ELECTRONIC),
    "way": (
        "On their way##refunds",
        lambda each: each.state == "sending" or (each.state == "approved" and each.carrier in ELECTRONIC),
    ),
    "wrong": ("Went wrong##refunds", lambda each: each.state in ("failed", "attention")),
    "over": ("Over##refunds", lambda each: each.state in OVER),
}
"""What waits for whom, with what it is called; what is over is there for a month."""
_MOST: Final = 300


def listed(session: Session, view: str, text: str = "") -> list[Refund]:
    """The refunds of a view in this person's regions: what has waited longest first, what was over last first."""
    regions, words = session.staff.regions, text.lower().split()
    found = [
        each
        for each in session.all(Refund)
        if each.region in regions
        and VIEWS[view][1](each)
        and all(part in said(session, each) for part in words)
    ]
    if view == "over":
        return sorted(found, key=lambda each: (-(each.closed_at or 0), each.id))[:_MOST]
    return sorted(found, key=lambda each: (each.proposed_at, each.id))[:_MOST]


def counts(session: Session) -> dict[str, int]:
    """How many refunds wait in each view."""
    regions = session.staff.regions
    found = [each for each in session.all(Refund) if each.region in regions]
    return {code: sum(map(fits, found)) for code, (_word, fits) in VIEWS.items()}


def said(session: Session, refund: Refund) -> str:
    """What a search looks through."""
    row = session.order_row(refund.order)
    words = (
        row.search if row is not None else "",
        name.actor(session, refund.proposed_by),
        word.reason(refund.reason),
    )
    return " ".join(words).lower()


def choice(session: Session, refund: Refund) -> Choice:
    """A refund as a row: what and how much, of which order, why, whose."""
    money = format.money(refund.amount, refund.currency)
    when = format.moment(refund.proposed_at, session.now(), name.timezone(session))
    wrong = word.fault(refund.fault) if refund.fault else ""
    return Choice(
        title=f"{word.what(refund.what)} {money} · {name.order(session, refund.order)}",
        value=refund.id,
        detail=word.state(refund.state),
        note=" · ".join(
            filter(None, (word.reason(refund.reason), name.actor(session, refund.proposed_by), when, wrong))
        ),
    )


HEAD: Final = (
    "State##refunds", "Kind##refunds", "Amount", "Currency##refunds", "Order##refunds", "Reason", "On whose account",
    "By rule##refunds", "Paid how##refund", "Proposed by##refunds", "Proposed##refunds", "Decided by##refunds",
    "Number##refunds", "Over since##refunds",
)  # fmt: skip


def head() -> list[str]:
    """The table's titles."""
    return [t(each) for each in HEAD]


def line(session: Session, refund: Refund) -> Sequence[Cell]:
    """A refund as a line of a table."""
    zone = name.timezone(session)

    def moment(at: int | None) -> str:
        return "" if at is None else format.local(at, zone).strftime("%Y-%m-%d %H:%M")

    return (
        word.state(refund.state), word.what(refund.what),
        amount(refund.amount, format.digits(refund.currency)), refund.currency,
        name.order(session, refund.order), word.reason(refund.reason), name.side(refund.side),
        word.rule(refund.rule, refund.params, refund.currency), word.goes(refund.carrier, refund.way),
        name.actor(session, refund.proposed_by), moment(refund.proposed_at),
        name.actor(session, refund.decided_by) if refund.decided_by else "", refund.provider_ref or refund.receipt,
        moment(refund.closed_at),
    )  # fmt: skip
