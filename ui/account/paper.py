"""A statement as a paper: what it comes to, then every line with its order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dispatcher_app.client.payroll import Line, Lined
from dispatcher_app.domain.money.account import Total
from dispatcher_app.domain.technician import Technician
from dispatcher_app.payout.sheet import amount, workbook
from dispatcher_app.text import t
from ui import format, name
from ui.account.detail import called
from ui.account.word import BUCKETS, CAUSES, EMPLOYMENTS, money, span, word
from ui.paper.block import Block, Pair, Rule, Words
from ui.paper.format import Format

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

A4: Final = Format(id="a4", word="A4##paper", width=210, height=297, margin=18, text=10, title=17, code=30)


def title(session: Session, lined: Lined) -> str:
    """What a statement is called, as its file too."""
    who = session.get(Technician, lined.statement.technician)
    return t("Statement {period} {name}", period=lined.statement.period, name=who.name if who else "")


def blocks(session: Session, lined: Lined) -> list[Block]:
    """What stands on the paper."""
    made, who = lined.statement, session.get(Technician, lined.statement.technician)
    region = session.region
    head: list[Block] = [
        Words(title(session, lined), "title", bold=True),
        Pair(
            t("Technician"), f"{who.name if who else made.technician} · {word(EMPLOYMENTS, made.employment)}"
        ),
        Pair(t("Period##settlement"), span(made.first, made.until)),
        Pair(t("Region##statement"), name.region_name(region) if region is not None else ""),
        Pair(t("Made##statement"), written(session, made.at)),
        Rule(),
    ]
    sums: list[Block] = [
        Pair(t("Available before"), money(session, made.opening.available), apart=True),
        *(Pair(total_word(each), money(session, each.amount), apart=True) for each in made.totals),
        Rule(),
        Pair(t("Earned##settlement"), money(session, made.income), apart=True),
        Pair(t("Tax withheld"), money(session, -made.tax), apart=True),
        Pair(t("Customers' cash netted"), money(session, -made.netted), apart=True),
        Pair(t("Available afterwards"), money(session, made.closing.available), apart=True),
        Pair(t("Still frozen##settlement"), money(session, made.closing.frozen), apart=True),
        Pair(t("Cash still owed##settlement"), money(session, made.closing.cash), apart=True),
        Pair(t("Deposit##bucket"), money(session, made.closing.deposit), apart=True),
        Pair(t("Can be withdrawn"), money(session, made.payable), bold=True, apart=True),
        Rule(),
        Words(t("Lines##account"), "large", bold=True),
    ]
    lines: list[Block] = [
        Pair(line_word(session, each), money(session, each.amount), apart=True) for each in lined.lines
    ]
    foot = t("Every line is an entry of the ledger, which nobody can change: numbers {after} to {upto}.",
             after=made.after + 1, upto=made.upto)  # fmt: skip
    return [*head, *sums, *lines, Rule(), Words(foot, "small")]


def written(session: Session, at: int) -> str:
    """A moment as it stands on paper, where no day is today."""
    return f"{format.local(at, session.timezone):%Y-%m-%d %H:%M}"


def total_word(total: Total) -> str:
    """What a sum is of."""
    return f"{word(CAUSES, total.what)} · {word(BUCKETS, total.bucket)} × {total.count}"


def line_word(session: Session, line: Line) -> str:
    """One line in words: when, what, which order."""
    return " · ".join(
        filter(None, (written(session, line.at), called(line), line.number, word(BUCKETS, line.bucket)))
    )


def book(session: Session, lined: Lined) -> bytes:
    """The same as a workbook: sums on one sheet, lines on the other, amounts as amounts."""
    made, digits = lined.statement, format.digits(lined.statement.currency)
    sums = [
        (t("Available before"), amount(made.opening.available, digits)),
        *((total_word(each), amount(each.amount, digits)) for each in made.totals),
        (t("Earned##settlement"), amount(made.income, digits)),
        (t("Tax withheld"), amount(-made.tax, digits)),
        (t("Customers' cash netted"), amount(-made.netted, digits)),
        (t("Available afterwards"), amount(made.closing.available, digits)),
        (t("Can be withdrawn"), amount(made.payable, digits)),
    ]
    rows = [
        (
            written(session, each.at), called(each), each.number or "",
            word(BUCKETS, each.bucket), amount(each.amount, digits), each.posting,
        )
        for each in lined.lines
    ]  # fmt: skip
    head = (
        t("When##line"), t("What##line"), t("Order##line"), t("Bucket##line"), t("Amount##line"), t("Posting##line"),
    )  # fmt: skip
    return workbook([
        (t("Sums##sheet"), (title(session, lined), t("Amount##line")), sums), (t("Lines##account"), head, rows),
    ])  # fmt: skip
