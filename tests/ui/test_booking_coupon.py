"""A caller reads out a coupon, or his repairs are in a package."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from dispatcher_app.domain.book import Coupon, Package, PackageLine, PriceBook
from tests.ui.booking_desk import Desk, until, zhang
from tests.ui.booking_person import CTRL, ENTER, Person, known, opened


@pytest.fixture
def desk() -> Desk:
    made = Desk()
    zhang(made)
    book = made.get(PriceBook, "prices-1")
    made.entities["price_book", book.id] = replace(
        book,
        coupons=(
            Coupon(code="NEW20", name="新客立减", amount=2000),
            Coupon(code="BIG", name="满千减百", amount=10000, minimum=100000),
        ),
        packages=(
            Package(
                id="cool", name="清凉套餐", price=9900, lines=(PackageLine(item="ac", fault="not_cooling"),)
            ),
            Package(id="tap", name="水龙头套餐", price=4900, lines=(PackageLine(item="tap", fault="leak"),)),
        ),
    )
    return made


@pytest.fixture
def person(desk: Desk, loop: asyncio.AbstractEventLoop, qtbot: QtBot) -> Person:
    return Person(opened(desk.session, qtbot, 800))


def shown(person: Person) -> str:
    return " ".join(each.text() for each in person.panel.foot.price.findChildren(QLabel))


async def asked_for_coupon(person: Person) -> None:
    await known(person, "when")
    person.press(Qt.Key.Key_1)
    assert person.at("note"), "nobody is asked for a coupon who has none"
    person.press(Qt.Key.Key_U, CTRL)
    assert person.at("coupon")


def test_a_coupon_comes_off_the_price_and_goes_with_the_booking(
    desk: Desk, person: Person, loop: asyncio.AbstractEventLoop
) -> None:
    async def call() -> None:
        await asked_for_coupon(person)
        person.type("new20")
        assert "新客立减" in shown(person)
        assert "-¥20.00" in shown(person)
        person.press(ENTER)
        assert person.at("note")
        person.press(ENTER, CTRL)
        await until(lambda: person.panel.done.number)

    loop.run_until_complete(call())
    (command,) = desk.submitted
    assert (command.coupon, command.package) == ("new20", None)


def test_a_coupon_that_is_not_good_is_said_beside_its_field(
    desk: Desk, person: Person, loop: asyncio.AbstractEventLoop
) -> None:
    async def call() -> None:
        await asked_for_coupon(person)
        person.type("BIG")
        person.press(ENTER)

    loop.run_until_complete(call())
    assert person.at("coupon")
    assert "1000" in person.panel.column.coupon.problem
    assert "满千减百" not in shown(person)
    person.press(ENTER, CTRL)
    assert desk.submitted == []


def test_only_packages_that_hold_these_repairs_are_proposed(
    desk: Desk, person: Person, loop: asyncio.AbstractEventLoop
) -> None:
    async def call() -> None:
        await asked_for_coupon(person)
        assert [each.name for each in person.panel.column.coupon.packages] == ["清凉套餐"]
        person.press(Qt.Key.Key_Down)
        person.press(ENTER)
        assert "清凉套餐" in shown(person)
        person.press(ENTER, CTRL)
        await until(lambda: person.panel.done.number)

    loop.run_until_complete(call())
    (command,) = desk.submitted
    assert (command.coupon, command.package) == (None, "cool")
