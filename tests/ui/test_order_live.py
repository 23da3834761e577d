"""One order in the inspector: offered, taken on his behalf, overridden, revealed, changed."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import QModelIndex, Qt

from dispatcher_app.domain.order import Order
from dispatcher_app.domain.technician import Technician
from tests.ui.window_desk import City, orders_of, part, press, until
from ui.order.candidate import CANDIDATE
from ui.window.main import MainWindow

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier


def order_in_hand(window: MainWindow) -> Order:
    order = window.inspector.order
    assert order is not None
    return order


async def look_at_one_with_candidates(window: MainWindow, *, overridable: bool = False) -> Order:
    """A pending order that somebody could take; `overridable`: and somebody else if a supervisor says so."""
    for id in await orders_of(window.session):
        window.look_at(id)
        await until(lambda: window.inspector.ranked.answered)
        if window.inspector.ranked.list.model().rowCount() and (not overridable or if_overridden(window)):
            return order_in_hand(window)
    raise AssertionError("nobody can take anything")


def if_overridden(window: MainWindow) -> list[QModelIndex]:
    """Those who may take the order in hand if a supervisor says so."""
    model = window.inspector.ranked.others.model()
    rows = (model.index(row, 0) for row in range(model.rowCount()))
    return [index for index in rows if index.data(CANDIDATE).overridable]


async def test_an_offer_counts_down_and_is_taken_on_his_behalf(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.window() as window:
        await look_at_one_with_candidates(window)
        press(Qt.Key.Key_F3)
        chosen = part(window, "candidates").currentIndex().data(CANDIDATE)
        if chosen.status != "online":
            press(Qt.Key.Key_1, CTRL | ALT)  # he says that he is there
        technician = window.session.get(Technician, chosen.technician)
        assert technician is not None
        assert technician.status == "online"
        press(Qt.Key.Key_O, CTRL | SHIFT)
        assert order_in_hand(window).status == "offered"
        await until(lambda: "剩余" in window.inspector.appointment.offer_words())
        assert chosen.name in window.inspector.appointment.offer_words()
        press(Qt.Key.Key_D, CTRL | SHIFT)
        assert order_in_hand(window).status == "pending"
        press(Qt.Key.Key_O, CTRL | SHIFT)
        press(Qt.Key.Key_Y, CTRL | SHIFT)
        assert order_in_hand(window).status == "accepted"
        assert order_in_hand(window).technician == chosen.technician
        await until(lambda: window.session.link.waiting == 0)
        assert not window.session.parked


async def test_a_supervisor_overrides_what_may_be_overridden_with_a_reason(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.window("chenjing") as window:
        await look_at_one_with_candidates(window, overridable=True)
        ranked = window.inspector.ranked
        row = if_overridden(window)[0]
        part(window, "excluded_fold").click()
        ranked.others.setFocus()
        ranked.others.setCurrentIndex(row)
        name = row.data(CANDIDATE).technician
        press(Qt.Key.Key_Return)
        if order_in_hand(window).technician is None:
            assert part(window, "assign_error").isVisible()
            reason = part(window, "override_reason")
            assert reason.hasFocus()
            reason.setText("客户是老客户，只要他")
            press(Qt.Key.Key_Return)
        assert order_in_hand(window).technician == name


async def test_a_number_is_revealed_for_a_reason(city: City, loop: asyncio.AbstractEventLoop) -> None:
    async with city.window() as window:
        window.look_at((await orders_of(window.session))[0])
        secret = window.inspector.people.phone
        assert "*" in secret.value_label().text()
        press(Qt.Key.Key_P, CTRL | SHIFT)
        press(Qt.Key.Key_Return)
        assert "*" in secret.value_label().text()  # no reason, no number
        for sign in "call":
            press(getattr(Qt.Key, f"Key_{sign.upper()}"))
        press(Qt.Key.Key_Return)
        await until(lambda: "*" not in secret.value_label().text())
        assert secret.value_label().text().replace(" ", "").isdigit()


async def test_another_urgency_is_priced_before_it_is_saved(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.window() as window:
        found = (window.session.get(Order, id) for id in await orders_of(window.session))
        normal = next(order for order in found if order is not None and order.urgency == "normal")
        window.look_at(normal.id)
        press(Qt.Key.Key_E, CTRL)
        form = part(window, "form_change_order")
        before = part(form, "change_price").text()
        form.urgency.setCurrentIndex(2)
        assert part(form, "change_price").text() != before
        press(Qt.Key.Key_Return, CTRL)
        await until(lambda: order_in_hand(window).urgency == "emergency")
        assert order_in_hand(window).quote.total > normal.quote.total


async def test_a_note_and_a_colleagues_change_appear_in_the_timeline(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.window() as window:
        window.look_at((await orders_of(window.session))[0])
        press(Qt.Key.Key_N, CTRL | SHIFT)
        note = part(window, "note_field")
        note.setText("带一根进水管")
        press(Qt.Key.Key_Return)
        assert note.text() == ""
        timeline = window.inspector.timeline
        await until(lambda: "带一根进水管" in [event.text for event in timeline.events()])
        window.deck["urge"].trigger()
        await until(lambda: "催单" in timeline.events()[0].text)
