"""The cashier at his till: opened with a count, cash with change, cash without a server, and a count that differs."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from dispatcher_app.client.paying import Carried
from dispatcher_app.client.replica.ask import OrderQuery
from dispatcher_app.client.session import Session
from dispatcher_app.domain.money.payment import Payment
from dispatcher_app.domain.money.till import Till, TillCount
from dispatcher_app.domain.order import Order
from tests.ui.window_desk import City, Severed, part, press, shown, until
from ui.order.payment import PaymentForm
from ui.till.owing import due
from ui.till.panel import TillPanel
from ui.window.main import MainWindow

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture(autouse=True)
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPATCHER_HOME", str(tmp_path))


def click(panel: TillPanel, name: str) -> None:
    QTest.mouseClick(part(panel, name), Qt.MouseButton.LeftButton)


def typed(panel: TillPanel, name: str, text: str) -> None:
    field = part(panel, name)
    field.clear()
    QTest.keyClicks(field, text)


def settled(session: Session) -> bool:
    return session.link.waiting == 0


async def opened(window: MainWindow) -> TillPanel:
    """At the till, which holds five hundred yuan."""
    press(Qt.Key.Key_8, CTRL)
    panel = window.tills.panel
    await until(lambda: panel.list.shown and panel.taking.order is not None)
    if panel.drawer.till.opened_at is None:
        assert not part(panel, "till_cash").isEnabled()
        typed(panel, "till_counted", "500")
        click(panel, "till_open")
    await until(lambda: panel.drawer.till.opened_at is not None and settled(window.session))
    await until(lambda: part(panel, "till_cash").isEnabled())
    return panel


def payments(session: Session, order: str) -> list[Payment]:
    return [each for each in session.all(Payment) if each.order == order]


async def taken(window: MainWindow, panel: TillPanel) -> tuple[Order, int]:
    """Cash for the order in hand, with a large note; gives the order and what it paid."""
    order = panel.taking.order
    assert order is not None
    amount = due(window.session, order)
    typed(panel, "till_given", "1")
    click(panel, "till_cash")
    assert part(panel, "till_error").text() == "实收少于应记金额。"
    typed(panel, "till_given", f"{amount / 100 + 50:.2f}")
    assert part(panel, "till_change").text() == "找零 ¥50.00"
    click(panel, "till_cash")
    await until(lambda: (now := window.session.get(Order, order.id)) is not None and now.paid == amount)
    await until(lambda: order.id not in [each.value for each in panel.list.shown])
    return order, amount


async def test_a_shift_at_the_till_from_the_first_count_to_the_last(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.window("zhaomin") as window:
        panel = await opened(window)
        before = panel.drawer.till.cash
        number = part(panel, "fact_receipt").text()
        order, amount = await taken(window, panel)
        await until(lambda: settled(window.session))
        (payment,) = payments(window.session, order.id)
        assert (payment.amount, payment.receipt, payment.store) == (amount, number, panel.store)
        assert panel.drawer.till.cash == before + amount
        await until(lambda: part(panel, "fact_receipt").text() != number)
        should = before + amount
        typed(panel, "till_counted", f"{(should - 100) / 100:.2f}")
        assert part(panel, "till_difference").text() == "少 ¥1.00"
        click(panel, "till_close")
        await until(lambda: panel.drawer.till.opened_at is None and settled(window.session))
        (count,) = (each for each in window.session.all(TillCount) if each.expected == should)
        assert (count.counted, count.difference) == (should - 100, -100)
        await until(lambda: part(panel, "fact_state").text() == "未开班")
        assert "赵敏" in part(panel, "fact_counts").text()
        assert "-¥1.00" in part(panel, "fact_counts").text()


async def test_cash_is_taken_without_a_server_and_a_count_is_not(
    loop: asyncio.AbstractEventLoop, tmp_path: Path
) -> None:
    server = Severed(tmp_path / "server", practice=True)
    own = City(server, tmp_path / "desks")
    async with own.sitting("zhaomin") as session, shown(session, own.folder) as window:
        panel = await opened(window)
        await server.sever()
        await until(lambda: session.link.state == "offline")
        order, amount = await taken(window, panel)
        assert session.link.waiting == 1
        assert session.is_pending("order", order.id)
        (payment,) = payments(session, order.id)
        assert payment.amount == amount
        typed(panel, "till_counted", "100")
        click(panel, "till_close")
        await until(lambda: part(panel, "till_count_error").text() != "")
        assert session.link.waiting == 1
        found = session.get(Till, panel.drawer.till.id)
        assert found is not None
        assert found.opened_at is not None


async def test_a_supervisor_lets_off_a_fee_and_the_story_says_why(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.window("chenjing") as window:
        session = window.session
        keys = await session.order_keys(OrderQuery(statuses=frozenset({"cancelled"})))
        found = [session.get(Order, id) for _key, id in keys]
        order = next(each for each in found if each is not None and due(session, each))
        window.look_at(order.id)
        await until(lambda: window.deck["waive_fee"].isEnabled())
        window.deck["waive_fee"].trigger()
        form = part(window, "waive_reason")
        form.setCurrentIndex(form.findData("our_fault"))
        form.setFocus()
        press(Qt.Key.Key_Return, CTRL)
        await until(
            lambda: (
                (now := session.get(Order, order.id)) is not None
                and not due(session, now)
                and settled(session)
            )
        )
        now = session.get(Order, order.id)
        assert now is not None
        assert now.cancellation is not None
        assert now.cancellation.waived == due(session, order)
        assert now.steps[-1].params["reason"] == "our_fault"
        await until(lambda: not window.deck["waive_fee"].isEnabled())


async def test_who_carries_too_much_cash_is_not_offered_more(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.window() as window:
        session = window.session
        order = next(
            each
            for each in session.all(Order)
            if each.status == "finished"
            and each.device is None
            and due(session, each)
            and each.visit.technician
        )
        assert order.visit.technician is not None
        carried = await session.paying.carried(order.visit.technician)
        assert carried.limit == 200_000
        window.look_at(order.id)
        await until(lambda: window.deck["pay"].isEnabled())
        window.deck["pay"].trigger()
        form = part(window, "pay_cash_warning").parent()
        while not isinstance(form, PaymentForm):
            form = form.parent()
        assert form.means.currentData() == "cash"
        form._on_carried(Carried(carried.technician, 200_000, 200_000, "CNY"))
        assert "¥2,000.00" in part(window, "pay_cash_warning").text()
        assert form.means.currentData() == "card"
