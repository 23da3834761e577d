"""Imported orders of people who are known here already: found by number, without saying the number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dispatcher_app.domain.act import Act
from dispatcher_app.domain.command import ImportOrder
from dispatcher_app.server.store.database import Cursor
from dispatcher_app.server.store.known import customers_with
from dispatcher_app.server.vault import Vault


def with_known_callers(cursor: Cursor, vault: Vault, acts: Sequence[Act]) -> list[Act]:
    """The acts, those that import an order naming the region's customer with that number where there is one.

    The same act becomes the same again: the customer that it made is the one who is found.
    """
    blinds = {
        act.id: vault.blind("customer", "phone", act.command.new_customer.phone)
        for act in acts
        if isinstance(act.command, ImportOrder) and act.command.new_customer.phone
    }
    regions = {act.region for act in acts if act.id in blinds}
    known = {
        (region, blind): customer
        for region in sorted(regions)
        for blind, customer in customers_with(cursor, region, sorted(set(blinds.values()))).items()
    }
    return [_of(act, known.get((act.region, blinds.get(act.id, "")))) for act in acts]


def _of(act: Act, customer: str | None) -> Act:
    if customer is None:
        return act
    command: ImportOrder = act.command
    return replace(act, command=replace(command, new_customer=replace(command.new_customer, id=customer)))
