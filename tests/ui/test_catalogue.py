"""What a dispatcher tells a caller from the catalogue, and the booking that begins there."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from dispatcher_app.domain.catalogue import Item
from dispatcher_app.domain.technician import Technician
from tests.ui.window_desk import City, part, press, until
from ui.catalogue.wish import book_of
from ui.window.main import MainWindow

CTRL = Qt.KeyboardModifier.ControlModifier


def opened(window: MainWindow) -> None:
    press(Qt.Key.Key_F5)
    assert window.catalogue.search.hasFocus()


def priced(window: MainWindow) -> str:
    rows = window.catalogue.detail.price._rows
    found = [item.widget() for at in range(rows.count()) if (item := rows.itemAt(at)) is not None]
    return " ".join(each.text() for each in found if isinstance(each, QLabel))


async def said(window: MainWindow, words: str) -> Item:
    window.catalogue.search.setText(words)
    await until(lambda: not window.catalogue._soon.isActive())
    current = window.catalogue.list.current
    assert current is not None
    item = window.session.get(Item, current.value)
    assert item is not None
    return item


async def test_words_and_initials_find_an_item_and_what_is_told_of_it(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.window() as window:
        opened(window)
        by_words = await said(window, "冰箱 不制冷")
        by_letters = await said(window, "bx")
        assert by_words == by_letters
        book = book_of(window.session)
        assert book is not None
        rows = window.catalogue.detail.faults.shown
        assert [each.value for each in rows] == [each.id for each in by_words.faults]
        assert all("¥" in each.detail for each in rows)
        facts = [part(window, f"fact_catalogue_{each}").text() for each in ("repair", "time", "warranty")]
        assert all(facts)


async def test_the_price_follows_the_hour_and_says_why(city: City, loop: asyncio.AbstractEventLoop) -> None:
    async with city.window() as window:
        opened(window)
        await said(window, "冰箱 不制冷")
        price = window.catalogue.detail.price
        assert price.quote is not None
        by_day = price.quote.total
        price.hour.setCurrentIndex(price.hour.findData(22 * 60))
        assert price.quote is not None
        night = [line for line in price.quote.lines if line.what == "night"]
        assert price.quote.total == by_day + sum(line.amount for line in night)
        assert night
        assert "+¥" in priced(window)


async def test_only_whoever_is_near_and_well_judged_could_come(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.window() as window:
        opened(window)
        item = await said(window, "冰箱 不制冷")
        filters, people = window.catalogue.filters, window.catalogue.detail.people
        everybody = {each.value for each in people.shown}
        fit = {each.id for each in window.session.all(Technician) if item.skill in each.skills}
        assert everybody
        assert everybody <= fit
        assert not filters.within.isEnabled(), "nobody has said from where to count"
        filters.place.field.setText("徐汇")
        filters.place.typed.emit("徐汇")
        await until(lambda: filters.place.list.shown)
        filters.place.list.choose(filters.place.list.shown[0])
        filters.within.setCurrentIndex(filters.within.findData(5000))
        filters.stars.setCurrentIndex(filters.stars.findData(4.5))
        await until(lambda: not window.catalogue._soon.isActive())
        assert {each.value for each in people.shown} < everybody


async def test_what_costs_more_than_asked_is_not_listed(city: City, loop: asyncio.AbstractEventLoop) -> None:
    async with city.window() as window:
        opened(window)
        everything = len(window.catalogue.list.shown)
        window.catalogue.filters.most.setText("60")
        window.catalogue.filters.changed.emit()
        await until(lambda: not window.catalogue._soon.isActive())
        assert 0 < len(window.catalogue.list.shown) < everything
        assert all(each.prices and each.prices[0] <= 6000 for each in window.catalogue._offers)


async def test_a_booking_begins_with_what_the_catalogue_has_shown(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.window() as window:
        opened(window)
        item = await said(window, "冰箱 不制冷")
        press(Qt.Key.Key_Return, CTRL)
        assert window.booking.isVisible()
        line = window.booking.form.draft.line
        fault = window.catalogue.detail.faults.current
        assert fault is not None
        assert (line.item, line.fault) == (item.id, fault.value)
        assert window.booking.column.active.name == "phone"


async def test_the_call_in_hand_takes_what_the_catalogue_has_shown(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.window() as window:
        press(Qt.Key.Key_F2)
        window.booking.form.change(phone="13900001111", name="李明")
        draft = window.booking.form.draft.id
        opened(window)
        await said(window, "冰箱 不制冷")
        window.catalogue.detail.book_now()
        assert window.booking.form.draft.id == draft
        assert window.booking.form.draft.phone == "13900001111"
        assert len(window.booking.form.draft.taken) == 1
