"""What lies in a till changes with every posting that touches its account, whichever rule made it."""

from __future__ import annotations

from dataclasses import replace

from dispatcher_app.domain.act import World
from dispatcher_app.domain.entity import Entity
from dispatcher_app.domain.money import ledger
from dispatcher_app.domain.money.ledger import Posting
from dispatcher_app.domain.money.payment import Payment
from dispatcher_app.domain.money.till import Till, number_of, till_id, till_of

COUNTED = frozenset({"count", "bank_cash"})
"""Causes that are neither a customer's money nor a technician's."""


def filled(
    world: World, after: list[Entity], payments: list[Payment], postings: list[Posting]
) -> list[Entity]:
    """The entities after an act, with the tills whose cash it moved."""
    tills: dict[str, Till] = {}
    region = after[0].region if after else ""

    def at(store: str) -> Till:
        id = till_id(region, store)
        if id not in tills:
            given = next((each for each in after if isinstance(each, Till) and each.id == id), None)
            tills[id] = given or till_of(world, region, store)
        return tills[id]

    mark = ledger.till("")
    for posting in postings:
        for entry in posting.entries:
            if entry.account.startswith(mark):
                till = at(entry.account.removeprefix(mark))
                moved = 0 if posting.cause in COUNTED else entry.amount
                tills[till.id] = replace(
                    till, cash=till.cash + entry.amount, taken=till.taken + max(0, moved),
                    given=till.given + max(0, -moved),
                )  # fmt: skip
    for payment in payments:
        if payment.store is not None and payment.version == 0 and payment.state == "captured":
            till = at(payment.store)
            card = payment.amount if payment.means != "cash" else 0
            number = number_of(till, payment.receipt)
            tills[till.id] = replace(
                till,
                card=till.card + card,
                payments=till.payments + 1,
                receipt=max(till.receipt, number or 0),
            )
    if not tills:
        return after
    return [each for each in after if each.id not in tills or not isinstance(each, Till)] + list(
        tills.values()
    )
