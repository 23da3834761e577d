"""Visits that two come to, and orders that wait for others, at the desk: asked for, seen, sent, booked."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import Qt

from dispatcher_app.domain.day import Day
from dispatcher_app.domain.order import Order
from tests.ui.plan_desk import promised, tomorrow
from tests.ui.window_desk import City, part, press, until
from ui import name
from ui.booking.order import after_of
from ui.models.planned import tentative
from ui.order.arrange import ArrangeForm
from ui.window.main import MainWindow

CONTROL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


def in_hand(window: MainWindow) -> Order:
    order = window.inspector.order
    assert order is not None
    return order


def together(window: MainWindow) -> tuple[str, ...]:
    """Who is to come to the order in hand."""
    found = tentative(window.session, in_hand(window))
    return found[1].together if found is not None else ()


async def asked(window: MainWindow) -> ArrangeForm:
    """The question about technicians and turn, by its key."""
    press(Qt.Key.Key_F8, CONTROL_SHIFT)
    form: ArrangeForm = part(window, "form_arrange")
    await until(form.isVisible)
    return form


async def test_a_second_technician_is_asked_for_found_seen_and_sent_along(
    planned_city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with planned_city.window() as window:
        (id,) = await promised(window.session, 1, tomorrow(window.session))
        window.look_at(id)
        form = await asked(window)
        form.crew.setCurrentIndex(form.crew.findData(2))
        press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        await until(lambda: in_hand(window).crew == 2)
        await until(lambda: len(together(window)) == 2)
        names = [name.technician(window.session, each) for each in together(window)]
        await until(lambda: all(each in part(window, "fact_planned").text() for each in names))
        assert "2 人" in part(window, "fact_crew").text()
        sent = together(window)
        press(Qt.Key.Key_F3, Qt.KeyboardModifier.ShiftModifier)
        await until(lambda: in_hand(window).status == "accepted")
        order = in_hand(window)
        assert (order.technician, *order.helpers) == sent
        await until(lambda: names[1] in part(window, "fact_technician").text())
        days = [window.session.get(Day, f"{each}:{order.planned_on}") for each in sent]
        assert all(day is not None and day.stop_of(order.id) is not None for day in days)


def test_every_row_of_the_ranking_names_who_comes_along(
    planned_city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async def story() -> None:
        async with planned_city.window() as window:
            (id,) = await promised(window.session, 1, tomorrow(window.session, 2))
            window.look_at(id)
            form = await asked(window)
            form.crew.setCurrentIndex(form.crew.findData(2))
            form.submit()
            await until(lambda: in_hand(window).crew == 2)
            rows = window.inspector.ranked.list.model()

            def paired() -> bool:
                said = [
                    rows.index(at, 0).data(Qt.ItemDataRole.AccessibleTextRole)
                    for at in range(rows.rowCount())
                ]
                return bool(said) and all("一起" in each for each in said)

            await until(paired)

    loop.run_until_complete(story())


async def test_what_comes_after_an_order_is_booked_from_it(
    planned_city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with planned_city.window() as window:
        (id,) = await promised(window.session, 1, tomorrow(window.session))
        window.look_at(id)
        order = in_hand(window)
        press(Qt.Key.Key_F2, CONTROL_SHIFT)
        await until(window.booking.isVisible)
        draft = window.booking.form.draft
        assert (draft.customer, draft.address, draft.after) == (order.customer, order.address, order.id)
        after = after_of(draft)
        assert after is not None
        assert after.order == order.id
        assert order.number in part(window.booking, "booking_ties").text()
        window.booking.form.discard()
