"""Whatever is typed about a person stays out of the order and its story: reasons and sources are codes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dispatcher_app.domain.act import Actor, Rejected
from dispatcher_app.domain.command import (
    CancelOrder,
    ChangeAppointment,
    DeclineOrder,
    OfferOrder,
    UnassignTechnician,
)
from tests.domain import trade
from tests.domain.trade import DISPATCHER, NOW, hour, window

TYPED = "张丽华 13800138000 要求"
LI = Actor(kind="technician", id="li")
MOVED = ChangeAppointment(
    order="o1", from_window=window(14, 16), window=window(16, 18), side="customer", reason="other_time", consent=True
)  # fmt: skip


@pytest.mark.parametrize(
    ("actor", "command"),
    [
        (DISPATCHER, CancelOrder(order="o1", reason=TYPED, side="customer")),
        (DISPATCHER, replace(MOVED, reason=TYPED)),
        (DISPATCHER, UnassignTechnician(order="o1", from_technician="li", reason=TYPED)),
    ],
    ids=lambda each: type(each).__name__,
)
def test_a_typed_reason_is_refused(actor: Actor, command: Any) -> None:
    world = trade.company()
    trade.assigned(world)
    with pytest.raises(Rejected, match="reason_unknown"):
        world.do(actor, command, hour(10))


def test_a_technician_who_passes_an_offer_on_gives_a_code_or_nothing() -> None:
    world = trade.company()
    trade.booked(world)
    world.do(DISPATCHER, OfferOrder(order="o1", technician="li"), NOW)
    with pytest.raises(Rejected, match="reason_unknown"):
        world.do(LI, DeclineOrder(order="o1", technician="li", reason=TYPED), NOW)
    world.do(LI, DeclineOrder(order="o1", technician="li"), NOW)


def test_where_a_booking_came_from_is_a_code() -> None:
    with pytest.raises(Rejected, match="reason_unknown"):
        trade.booked(trade.company(), source=TYPED)
