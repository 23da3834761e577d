"""Money back, from the first word at the telephone to the cash on the counter, at four people's desks."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from pathlib import Path

from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from dispatcher_app.client.outbox.entry import ONLINE
from dispatcher_app.client.session import Session
from dispatcher_app.domain import command as c
from dispatcher_app.domain.money.refund import Refund
from dispatcher_app.domain.order import Order
from tests.ui.course_desk import ready
from tests.ui.window_desk import City, orders_of, part, press, until
from ui.models.counts import today
from ui.window.main import MainWindow

ALT, CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier


async def paid_order(session: Session) -> Order:
    """One that was done and paid, and about which nobody has asked for money yet."""
    for id in await orders_of(session, "all"):
        order = session.get(Order, id)
        if order is not None and order.status == "completed" and order.paid >= 6000 and not order.refunds:
            return order
    raise AssertionError("nobody has paid anything")


def refund_of(session: Session, order: str) -> Refund:
    """The last one that was proposed for an order."""
    found = session.get(Order, order)
    assert found is not None
    refund = session.get(Refund, found.refunds[-1])
    assert refund is not None
    return refund


async def proposed(window: MainWindow) -> Order:
    """What a dispatcher asks for in the form: first too much, then what can be given."""
    order = await paid_order(window.session)
    window.look_at(order.id)
    await ready(window, "refund")
    press(Qt.Key.Key_R, ALT)
    form = part(window, "form_refund")
    form.offer.setCurrentIndex(form.offer.findText("其他退款…"))
    assert "没有对应规则" in part(form, "refund_rule").text()
    assert "另一位有权限的同事" in part(form, "refund_limit").text()
    form.amount.setFocus()
    form.amount.clear()
    QTest.keyClicks(form.amount, f"{(order.paid - 1000) / 100:.2f}")
    await until(lambda: part(form, "refund_how").text())
    press(Qt.Key.Key_Return, CTRL)
    said = part(form, "form_error")
    assert isinstance(said, QLabel)
    assert "¥30.00" in said.text()
    form.amount.clear()
    QTest.keyClicks(form.amount, "25.5")
    press(Qt.Key.Key_Return, CTRL)
    await until(
        lambda: (now := window.session.get(Order, order.id)) is not None and now.refunding == "proposed"
    )
    await until(lambda: window.session.link.waiting == 0)
    await until(lambda: any("¥25.50" in row for row in window.inspector.repaid.words()))
    assert any("待审批" in row for row in window.inspector.repaid.words())
    await until(lambda: window.counts.by_view.get("refunds", 0) > 0)
    return order


async def test_a_refund_is_proposed_agreed_to_and_paid_in_cash_by_three_people(
    city: City, loop: asyncio.AbstractEventLoop, tmp_path: Path
) -> None:
    async with city.window() as window:
        order = await proposed(window)
        refund = refund_of(window.session, order.id)
        assert not window.deck["refund_agree"].isVisible()
        window.refunds.open()
        panel = window.refunds.panel
        await until(lambda: panel.detail.refund is not None and panel.detail.refund.id == refund.id)
        assert not part(panel, "refund_agree").isEnabled()
    async with city.window("chenjing") as window:
        window.look_at(order.id)
        await ready(window, "refund_agree")
        press(Qt.Key.Key_9, CTRL)
        panel = window.refunds.panel
        await until(lambda: panel.detail.refund is not None and panel.detail.refund.id == refund.id)
        assert part(panel, "fact_refund_next").text() == "要由另一位有权限的同事审批。"
        await panel.export.write_out(tmp_path / "refunds.xlsx")
        sheet = load_workbook(tmp_path / "refunds.xlsx").active
        assert sheet is not None
        rows = list(sheet.iter_rows(values_only=True))
        assert "金额" in rows[0]
        assert Decimal("25.5") in [Decimal(str(row[2])) for row in rows[1:]]
        QTest.mouseClick(part(panel, "refund_agree"), Qt.MouseButton.LeftButton)
        await until(lambda: refund_of(window.session, order.id).state == "approved")
        await until(lambda: panel.detail.refund is not None and panel.detail.refund.state == "approved")
        assert part(panel, "refund_withdraw").isVisible()
        await until(lambda: window.session.link.waiting == 0)
    async with city.window("zhaomin") as window:
        window.refunds.open()
        panel = window.refunds.panel
        panel.look_at(refund_of(window.session, order.id))
        pay, receipt = part(panel, "refund_pay"), part(panel, "refund_receipt")
        assert pay.text() == "已付现金 ¥25.50"
        receipt.setFocus()
        QTest.keyClicks(receipt, "A-0031")
        press(Qt.Key.Key_Return)
        await until(lambda: refund_of(window.session, order.id).state == "done")
        await until(lambda: part(panel, "fact_refund_number").text() == "A-0031")
        found = window.session.get(Order, order.id)
        assert found is not None
        assert (found.refunding, found.refunded) == ("", 2550)
        await until(lambda: window.session.link.waiting == 0)
    async with city.window("zhouxia") as window:
        press(Qt.Key.Key_F, ALT | Qt.KeyboardModifier.ShiftModifier)
        reasons = window.refunds.reasons
        await until(lambda: reasons.total.isVisible())
        assert "维修质量" in [row.title for row in reasons.table.shown]
        assert "维修质量" in reasons.chart.accessibleName()
        reasons.by.setCurrentIndex(reasons.by.findData("month"))
        assert reasons.table.shown[-1].title == today(window.session)[:7]
        window.look_at(order.id)
        told = [event.text for event in window.inspector.timeline.events()]
        assert any(text.startswith("退款 ¥25.50 已付") for text in told)


async def test_a_draft_is_taken_back_by_undo_and_what_was_set_aside_is_free_again(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.window() as window:
        order = await proposed(window)
        await ready(window, "undo")
        window.deck["undo"].trigger()
        await until(lambda: refund_of(window.session, order.id).state == "withdrawn")
        found = window.session.get(Order, order.id)
        assert found is not None
        assert (found.refunded, found.refunding) == (0, "")
        await until(lambda: window.session.link.waiting == 0)


def test_no_refund_ever_waits_for_a_connection() -> None:
    acts = {
        c.ProposeRefund,
        c.ApproveRefund,
        c.RejectRefund,
        c.WithdrawRefund,
        c.RetryRefund,
        c.PayRefund,
        c.ReportRefund,
    }
    assert acts <= ONLINE
