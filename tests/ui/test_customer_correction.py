"""A caller's name put right, one more home of his: in the queue, in the search and at the desk beside."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from dispatcher_app.client.session import Session
from dispatcher_app.domain.customer import Address, Customer
from dispatcher_app.domain.order import Order
from tests.ui.window_desk import City, orders_of, part, press, until
from ui.window.main import MainWindow

CTRL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier


def say(words: str) -> None:
    """What an input method hands over."""
    focused = QApplication.focusWidget()
    assert focused is not None
    event = QInputMethodEvent()
    event.setCommitString(words)
    QApplication.sendEvent(focused, event)


def customer_of(session: Session, order: str) -> Customer:
    found = session.get(Order, order)
    assert found is not None
    customer = session.get(Customer, found.customer)
    assert customer is not None
    return customer


def known_as(session: Session, order: str) -> str:
    row = session.order_row(order)
    return row.name if row else ""


async def looked_at(window: MainWindow, at: int) -> str:
    order = (await orders_of(window.session))[at]
    window.look_at(order)
    return order


async def test_a_misspelt_name_is_put_right_everywhere_and_the_number_stays_masked(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.window() as window, city.sitting("lina") as colleague:
        order = await looked_at(window, 4)
        before = customer_of(window.session, order)
        press(Qt.Key.Key_C, CTRL | ALT)
        form = part(window, "form_correct_customer")
        assert before.phone_mask in form.phone.placeholderText()
        say("欧阳娜娜")
        press(Qt.Key.Key_Return, CTRL)
        assert not form.isVisible()
        await until(lambda: known_as(window.session, order) == "欧阳娜娜")
        await until(lambda: known_as(colleague, order) == "欧阳娜娜")
        assert customer_of(colleague, order).phone_mask == before.phone_mask
        await until(lambda: part(window.inspector.people, "fact_name").text() == "欧阳娜娜")
        window.topbar.search.setText("oynn")
        await until(lambda: window.queue.model.row_of(order) == 0)
        press(Qt.Key.Key_Z, CTRL | ALT)
        await until(lambda: customer_of(colleague, order).name == before.name)


async def test_another_number_is_sent_only_when_typed_and_a_masked_one_never(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.window() as window:
        order = await looked_at(window, 6)
        press(Qt.Key.Key_C, CTRL | ALT)
        form = part(window, "form_correct_customer")
        press(Qt.Key.Key_Return, CTRL)
        assert part(form, "wrong_name").isVisible()
        press(Qt.Key.Key_Return)
        assert form.phone.hasFocus()
        say("138****8000")
        press(Qt.Key.Key_Return)
        assert part(form, "wrong_phone").isVisible()
        form.phone.clear()
        say("13777771234")
        press(Qt.Key.Key_Return)
        await until(lambda: customer_of(window.session, order).phone_mask == "137****1234")
        await until(lambda: window.session.link.waiting == 0)
        assert not window.session.parked


async def test_one_more_home_is_found_by_letters_and_stands_beside_the_others(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.window() as window, city.sitting("lina") as colleague:
        order = await looked_at(window, 8)
        customer = customer_of(window.session, order)
        known = len(colleague.addresses_of(customer.id))
        compound = (await window.session.compounds("hy", 1))[0]
        press(Qt.Key.Key_H, CTRL | ALT)
        form = part(window, "form_add_address")
        press(Qt.Key.Key_Return, CTRL)
        assert part(form, "wrong_place").isVisible()
        QTest.keyClicks(form.place.field, "hy")
        await until(lambda: form.place.list.current)
        press(Qt.Key.Key_Return)
        assert form.building.hasFocus()
        say("12号楼")
        press(Qt.Key.Key_Return)
        say("1203")
        press(Qt.Key.Key_Return)
        assert form.entry.hasFocus()
        form.entry.setCurrentIndex(form.entry.findData("door_code"))
        press(Qt.Key.Key_Return)
        assert form.code.hasFocus()
        say("2580#")
        press(Qt.Key.Key_Return, CTRL)
        await until(lambda: len(colleague.addresses_of(customer.id)) == known + 1)
        made = next(each for each in colleague.addresses_of(customer.id) if each.building == "12号楼")
        assert isinstance(made, Address)
        assert (made.compound, made.unit_mask, made.has_door_code) == (compound.name, "1***", True)
        await until(lambda: "12号楼" in part(window.inspector.people, "fact_homes").text())


async def test_a_home_may_be_pointed_at_on_the_map(city: City, loop: asyncio.AbstractEventLoop) -> None:
    async with city.window(size=(1400, 900)) as window:
        order = await looked_at(window, 9)
        customer = customer_of(window.session, order)
        known = len(window.session.addresses_of(customer.id))
        press(Qt.Key.Key_H, CTRL | ALT)
        form = part(window, "form_add_address")
        say("老宅")
        press(Qt.Key.Key_P, CTRL)
        window.map.view.place_picked.emit(121.45, 31.2)
        assert window.inspector.isVisible()
        assert form.building.hasFocus()
        press(Qt.Key.Key_Return, CTRL)
        await until(lambda: len(window.session.addresses_of(customer.id)) == known + 1)
        await until(lambda: window.session.link.waiting == 0)
