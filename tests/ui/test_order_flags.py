"""What a supervisor has to look at, seen on the order and taken away; and a device that comes back under warranty."""

from __future__ import annotations

import asyncio
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from dispatcher_app.client.replica.ask import OrderQuery
from dispatcher_app.domain.catalogue import Item
from dispatcher_app.domain.order import Order
from dispatcher_app.text import t
from tests.ui.course_desk import do, in_hand, on_site, ready
from tests.ui.window_desk import City, part, press, until
from ui.custody import has_data
from ui.models.column import spoken
from ui.order.visit import under_warranty
from ui.window.main import MainWindow

CTRL = Qt.KeyboardModifier.ControlModifier


async def sent(window: MainWindow) -> None:
    await until(lambda: window.session.link.waiting == 0)


async def test_a_supervisor_takes_away_a_flag_that_the_dispatcher_only_sees(
    city: City, loop: asyncio.AbstractEventLoop, tmp_path: Path
) -> None:
    async with city.window() as window:
        order = await on_site(window, tmp_path)
        window.inspector.tabs.go("overview")
        await until(lambda: window.inspector.flags.words() == ["到达位置不符"])
        assert not window.deck["clear_flag"].isVisible()
        assert not part(window.inspector.flags, "do_clear_flag").isVisible()
        await sent(window)
        row = (await window.session.order_rows([order.id]))[order.id]
        assert "到达位置不符" in spoken(window.session, row, "marks")
    async with city.window("chenjing") as window:
        window.look_at(order.id)
        await until(lambda: window.inspector.flags.words() == ["到达位置不符"])
        await ready(window, "clear_flag")
        assert part(window.inspector.flags, "do_clear_flag").isVisible()
        press(Qt.Key.Key_D, CTRL)
        form = part(window, "form_clear_flag")
        assert form.flag.currentText() == "到达位置不符"
        form.reason.setCurrentIndex(form.reason.findData("photo_shows"))
        press(Qt.Key.Key_Return, CTRL)
        assert in_hand(window).flags == ()
        await until(lambda: not window.inspector.flags.isVisible())
        told = "已核查异常“到达位置不符”：照片核实无误"
        await until(lambda: window.inspector.timeline.events()[0].text == told)
        await until(lambda: not window.deck["clear_flag"].isEnabled())
        await sent(window)
        assert not window.session.parked


async def test_what_is_to_be_looked_at_is_listed_and_cleared_from_its_own_view(
    city: City, loop: asyncio.AbstractEventLoop, tmp_path: Path
) -> None:
    async with city.window() as window:
        order = await on_site(window, tmp_path)
        await sent(window)
    async with city.window("chenjing") as window:
        queue = window.queue
        await until(lambda: window.counts.by_view.get("to_check", 0) > 0)
        before = window.counts.by_view["to_check"]
        part(window, "view_to_check").trigger()
        await until(lambda: queue.model.query.view == "to_check" and queue.model.rowCount() == before)
        assert part(queue, "view_more").text() == f"待核查 {before}"
        queue.choose(order.id)
        await ready(window, "clear_flag")
        press(Qt.Key.Key_D, CTRL)
        part(window, "form_clear_flag").submit()
        await until(lambda: queue.model.rowCount() == before - 1)
        await until(lambda: window.counts.by_view["to_check"] == before - 1)
        await sent(window)


async def test_nobody_takes_away_what_he_was_flagged_for_himself(
    city: City, loop: asyncio.AbstractEventLoop, tmp_path: Path
) -> None:
    async with city.window("chenjing") as window:
        await on_site(window, tmp_path)
        await do(window, "clear_flag")
        form = part(window, "form_clear_flag")
        form.submit()
        assert part(form, "form_error").isVisible()
        assert "另一位主管" in part(form, "form_error").text()
        assert in_hand(window).flags == ("arrived_away",)


async def handed_back(window: MainWindow) -> Order:
    """A device with data on it that went home and whose warranty still runs."""
    keys = await window.session.order_keys(OrderQuery(view="all"))
    known = (window.session.get(Order, id) for _key, id in keys)
    return next(
        each
        for each in known
        if each is not None
        and each.status == "handed_back"
        and under_warranty(window.session, each)
        and has_data(window.session.get(Item, each.lines[0].item))
    )


async def test_a_device_that_was_handed_back_is_taken_in_again_under_warranty(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.window() as window:
        first = await handed_back(window)
        window.look_at(first.id)
        await ready(window, "return_device")
        assert not window.deck["return_visit"].isEnabled()
        press(Qt.Key.Key_B, CTRL)
        form = part(window, "form_return_device")
        assert form.lines.ticked
        form.submit()
        assert part(form, "form_error").isVisible()  # nobody has asked about the data yet
        form.consent.setCurrentIndex(form.consent.findData("may_erase"))
        form.condition.tick(["scratched"])
        form.promised.setCurrentIndex(3)
        promised, made_papers = form.promised.currentData(), list[Path]()
        window.reception.paper.open = made_papers.append
        form.submit()
        await sent(window)
        assert not window.session.parked
        again = in_hand(window).returns
        assert len(again) == 1
        made = window.session.get(Order, again[0])
        assert made is not None
        assert first.device is not None
        assert made.device is not None
        assert (made.status, made.service, made.return_of) == ("received", "workshop", first.id)
        assert (made.quote.total, made.device.serial) == (0, first.device.serial)
        assert made.device.promised_on == promised
        offers = [
            each for each in window.findChildren(QPushButton) if each.text() == t("Print receipt and label")
        ]
        offers[-1].click()
        await until(lambda: len(made_papers) == 2)
        assert all(made.number in each.name for each in made_papers)
        assert (made.device.condition, made.device.data_consent) == (("scratched",), "may_erase")
        await until(lambda: made.number in window.inspector.timeline.events()[0].text)
        window.look_at(made.id)
        await until(lambda: first.number in window.inspector.timeline.events()[-1].text)
