"""What somebody would pay, by one version of the prices or by two: the question and the answer as tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.book import PriceBook
from dispatcher_app.domain.catalogue import Item
from dispatcher_app.domain.explain import Explained, explain
from dispatcher_app.domain.order import Urgency, Window
from dispatcher_app.domain.place import Point
from dispatcher_app.domain.pricing import Wanted, priced_line
from dispatcher_app.domain.rule.facts import tariff
from dispatcher_app.text import t
from ui import charge, format, name

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked."""

    item: str
    fault: str | None
    quantity: int = 1
    brand: str = ""
    point: Point
    urgency: Urgency = "normal"
    window: Window | None = None
    coupon: str | None = None
    package: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A line of the answer: what it is, what it costs by either version."""

    what: str
    first: str = ""
    second: str = ""
    total: bool = False


@dataclass(frozen=True, slots=True)
class Answered:
    """Amounts and what does not apply; or why there is no price by a version."""

    amounts: tuple[Answer, ...]
    others: tuple[Answer, ...]
    refused: str = ""


def ask(session: Session, question: Question, books: tuple[PriceBook, ...]) -> Answered:
    """The price by one or two versions, every line with its reason, and each rule that adds nothing with its own."""
    sides: list[Explained] = []
    refused: list[str] = []
    for book in books:
        try:
            sides.append(_explained(session, question, book))
        except Rejected as no:
            refused.append(f"{book.name}: {name.refusal(session, no)}")
    if not sides or refused:
        return Answered((), (), "\n".join(dict.fromkeys(refused)))
    currency = sides[0].quote.currency
    amounts: dict[str, list[str]] = {}
    others: dict[str, list[str]] = {}
    for at, side in enumerate(sides):
        for line in side.quote.lines:
            _put(amounts, charge.said(session, line), at, charge.amount(line, currency))
        for rule in side.not_applied:
            _put(others, charge.why_not(session, rule, currency), at, "✓")
        for code in side.quote.warnings:
            _put(others, charge.warning(code), at, "!")
    found = [Answer(what, said[0], said[1]) for what, said in amounts.items()]
    found.append(_row(t("Total"), [format.money(side.quote.total, currency) for side in sides]))
    declined = [format.money(side.quote.if_declined, currency) for side in sides]
    found.append(_row(t("If the caller declines on site"), declined))
    return Answered(tuple(found), tuple(Answer(what, said[0], said[1]) for what, said in others.items()))


def _explained(session: Session, question: Question, book: PriceBook) -> Explained:
    item = session.get(Item, question.item)
    if item is None:
        raise Rejected("not_found", "item", kind="item", id=question.item)
    line = priced_line(item, question.fault, question.brand, "", question.quantity, book)
    now = session.now()
    wanted = Wanted(
        lines=(line,), point=question.point, urgency=question.urgency, window=question.window, at=now,
        coupon=question.coupon, package=question.package,
    )  # fmt: skip
    return explain(wanted, tariff(session, session.region_id, now, question.window, book))


def _put(rows: dict[str, list[str]], what: str, at: int, said: str) -> None:
    rows.setdefault(what, ["", ""])[at] = said


def _row(what: str, said: list[str]) -> Answer:
    return Answer(what, said[0], said[1] if len(said) > 1 else "", total=True)
