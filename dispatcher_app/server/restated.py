"""Is every statement what the ledger says, and does each follow the one before?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from dispatcher_app.domain.entity import Entity
from dispatcher_app.domain.money.account import Account, Balances
from dispatcher_app.domain.money.statement import Statement, moved
from dispatcher_app.server.finding import Finding
from dispatcher_app.server.store import payroll
from dispatcher_app.server.store.database import Cursor


def restated(cursor: Cursor, entities: Mapping[tuple[str, str], Entity]) -> Iterator[Finding]:
    """Statements that the ledger's entries do not add up to, or that do not begin where the last one ended."""
    spans: dict[tuple[str, int, int, str], list[Statement]] = defaultdict(list)
    for each in entities.values():
        if isinstance(each, Statement):
            spans[each.region, each.after, each.upto, each.currency].append(each)
    for (region, after, upto, currency), made in spans.items():
        for begin in range(0, len(made), payroll.CHUNK):
            part = made[begin : begin + payroll.CHUNK]
            said = payroll.totals(cursor, region, [each.technician for each in part], after, upto, currency)
            for each in part:
                before = entities.get((Statement.kind, each.previous))
                opening = before.closing if isinstance(before, Statement) else Balances()
                stood = moved(each.opening, each.totals)
                if (
                    each.totals != said[each.technician]
                    or each.opening != opening
                    or each.closing.available != stood.available - each.tax - each.netted
                ):
                    yield Finding("statement", each.id)
    for each in entities.values():
        if isinstance(each, Account) and each.statement:
            newest = entities.get((Statement.kind, each.statement))
            if not isinstance(newest, Statement) or (newest.upto, newest.closing) != (
                each.upto,
                each.closing,
            ):
                yield Finding("account", each.id)
