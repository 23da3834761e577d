"""Fields take as much as the rules of the trade do, and not a letter more."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.command import AddLeave, BookedLine, NewCustomer
from tests.domain import trade
from tests.domain.trade import DISPATCHER, NOW, PHONE, SUPERVISOR, assign, hour
from ui.limit import LONGEST, limit


def line(**typed: Any) -> Any:
    return trade.booking("x", lines=(BookedLine(item="fridge", **typed),))


def home(**typed: str) -> Any:
    return trade.booking("x", new_address=trade.address("a-x", **typed))


def caller(name: str) -> Any:
    return trade.booking("x", new_customer=NewCustomer(id="c-x", name=name, phone=PHONE))


MADE: dict[str, Callable[[str], Any]] = {
    "name": caller,
    "compound": lambda text: home(compound=text),
    "building": lambda text: home(building=text),
    "unit": lambda text: home(unit=text),
    "door_code": lambda text: home(door_code=text),
    "brand": lambda text: line(brand=text),
    "model": lambda text: line(model=text),
    "note": lambda text: trade.booking("x", note=text),
    "leave_reason": lambda text: AddLeave(
        technician="li", leave="l", start=hour(30), end=hour(34), reason=text
    ),
    "override_reason": lambda text: assign("o1", override_reason=text),
}


@pytest.mark.parametrize("what", MADE)
def test_a_field_takes_what_the_rules_take_and_not_a_letter_more(what: str) -> None:
    world = trade.company()
    trade.booked(world)
    actor = SUPERVISOR if what in ("leave_reason", "override_reason") else DISPATCHER
    with pytest.raises(Rejected, match="too_long"):
        world.do(actor, MADE[what]("长" * (LONGEST[what] + 1)), NOW)
    world.do(actor, MADE[what]("长" * LONGEST[what]), NOW)


def test_typing_ends_where_the_field_is_full(qtbot: QtBot) -> None:
    field = QLineEdit()
    qtbot.addWidget(field)
    limit(field, "unit")
    QTest.keyClicks(field, "5" * 70)
    assert len(field.text()) == LONGEST["unit"]
