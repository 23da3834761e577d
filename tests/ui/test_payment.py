"""Paying by a code beside the order, and finance comparing a bill: the real window on the real server."""

from __future__ import annotations

import ast
import asyncio
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from dispatcher_app import text
from dispatcher_app.client.outbox.entry import ONLINE
from dispatcher_app.client.session import Session
from dispatcher_app.clock import new_id
from dispatcher_app.domain import command as c
from dispatcher_app.domain.entity import E
from dispatcher_app.domain.money.discrepancy import Bill, Discrepancy
from dispatcher_app.domain.money.payment import Payment
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.pricing import owed
from tests.ui.legible import cut, nameless
from tests.ui.window_desk import City, part, until
from ui.paper import code
from ui.payment import word as pay_word
from ui.payment.code import CodeView
from ui.reconcile import word
from ui.reconcile.panel import PAGES

BILL = (
    "交易时间,公众账号ID,商户号,微信订单号,商户订单号,交易状态,货币种类,应结订单金额,微信退款单号,商户退款单号,退款金额,"
    "退款状态,商品名称,手续费,订单金额,申请退款金额\r\n"
    "`2020-01-02 10:00:00,`wx,`1900000109,`4200{reference},`{key},`SUCCESS,`CNY,`99.00,`0,`0,`0.00,`,`空调,`0.10,`99.00,"
    "`0.00\r\n"
    "总交易单数,应结订单总金额,退款总金额,手续费总金额,订单总金额,申请退款总金额\r\n"
    "`1,`99.00,`0.00,`0.10,`99.00,`0.00\r\n"
)


def now_of(session: Session, type_: type[E], id: str) -> E:
    """How it stands at this desk."""
    found = session.get(type_, id)
    assert found is not None
    return found


async def test_a_code_is_shown_to_the_customer_and_closed_again(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.window() as window:
        session = window.session
        order = next(
            each for each in session.all(Order)
            if each.status in ("finished", "completed") and owed(each) > each.paid and each.paying is None
        )  # fmt: skip
        window.look_at(order.id)
        await until(lambda: window.inspector.order_id == order.id and window.deck["pay_code"].isEnabled())
        window.deck["pay_code"].trigger()
        panel = window.inspector.quotes.pay
        await until(lambda: part(panel, "pay_wechat").isVisible())
        assert panel.amount.value == owed(order) - order.paid
        panel.amount.setText("0")
        QTest.mouseClick(part(panel, "pay_wechat"), Qt.MouseButton.LeftButton)
        assert text.has_cjk(part(panel, "pay_error").text())
        panel.amount.show_value(100)
        QTest.mouseClick(part(panel, "pay_wechat"), Qt.MouseButton.LeftButton)
        shown = panel.findChild(CodeView)
        assert shown is not None
        await until(lambda: shown.isVisible() and shown.text.startswith("practice:"))
        assert len(code.modules(shown.text)) >= 21
        assert "微信" in part(panel, "pay_left").text()
        QTest.mouseClick(part(panel, "pay_enlarge"), Qt.MouseButton.LeftButton)
        large = panel.large
        assert large is not None
        assert large.isVisible()
        assert large.code.text == shown.text
        payment = now_of(session, Order, order.id).paying or ""
        QTest.mouseClick(part(panel, "pay_close"), Qt.MouseButton.LeftButton)
        # What closes it is the server, having asked the provider; the stream says so.
        await until(lambda: now_of(session, Payment, payment).state == "closed")
        await until(lambda: panel.findChild(QLabel) and panel.buttons["wechat"].isVisible())
        await until(lambda: not large.isVisible())
        assert now_of(session, Order, order.id).paying is None


async def test_finance_reads_a_bill_and_settles_what_differs(
    city: City, loop: asyncio.AbstractEventLoop, tmp_path: Path
) -> None:
    async with city.window("zhouxia") as window:
        session = window.session
        window.deck["read_bill"].trigger()
        bills = window.reconciling.panel.bills
        wrong = tmp_path / "wrong.csv"
        wrong.write_text("a,b\n")
        bills.take(wrong)
        await until(lambda: bills.said.property("role") == "error")
        reference = new_id().replace("-", "")
        file = tmp_path / "bill.csv"
        file.write_text(BILL.format(reference=reference[-20:], key=reference), encoding="utf-8-sig")
        bills.take(file)
        await until(lambda: any(each.date == "2020-01-02" for each in session.all(Bill)))
        await until(lambda: "99.00" in bills.said.text())
        window.deck["reconcile"].trigger()
        page = window.reconciling.panel.differences
        found = next(each for each in session.all(Discrepancy) if each.key == reference)
        await until(lambda: page.table.choose(found.id))
        QTest.mouseClick(page.settle, Qt.MouseButton.LeftButton)
        assert page.form is not None
        assert part(page.form, "settle_order").isHidden()
        assert "99.00" in part(page.form, "settle_posted").text()
        QTest.mouseClick(page.form.go, Qt.MouseButton.LeftButton)
        await until(lambda: now_of(session, Discrepancy, found.id).state == "settled")
        assert now_of(session, Discrepancy, found.id).booked == 9900
        await until(lambda: page.form is None)
        window.reconciling.panel.go("heard")
        await until(lambda: part(window, "heard_said").text())


async def test_only_finance_compares_bills(city: City, loop: asyncio.AbstractEventLoop) -> None:
    async with city.window() as window:
        assert not window.deck["reconcile"].isVisible()
        assert not window.deck["read_bill"].isVisible()


def test_payments_by_a_code_never_wait_for_a_connection() -> None:
    assert {c.StartPayment, c.ClosePayment, c.SettleDifference} <= ONLINE
    assert c.RecordPayment not in ONLINE


def test_all_that_these_screens_say_has_chinese_words() -> None:
    said = {
        *pay_word.MEANS.values(), *pay_word._PROBLEMS.values(), *word.WHAT.values(), *word.HOWS.values(),
        *word.REASONS.values(), *word._HEARD.values(), *word._OUTCOMES.values(), *PAGES.values(),
    }  # fmt: skip
    for folder in ("payment", "reconcile"):
        for file in (Path(code.__file__).parents[1] / folder).glob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                called = isinstance(node, ast.Call) and getattr(node.func, "id", "") == "t" and node.args
                if called and isinstance(node, ast.Call) and isinstance(node.args[0], ast.Constant):
                    said.add(str(node.args[0].value))
    known = text.catalog("zh_CN")
    assert sorted(said - known.keys()) == []
    assert [each for each in said if text.slots(each.partition("##")[0]) != text.slots(known[each])] == []


@pytest.mark.parametrize("language", text.LANGUAGES)
async def test_every_control_has_a_name_and_every_word_room_on_a_small_screen(
    city: City, loop: asyncio.AbstractEventLoop, language: str
) -> None:
    text.use(language)
    async with city.window("zhouxia", size=(1366, 768)) as window:
        wrong = []
        for action, page in (
            ("reconcile", "differences"),
            ("read_bill", "bills"),
            ("reconcile", "heard"),
        ):
            window.deck[action].trigger()
            window.reconciling.panel.go(page)
            await asyncio.sleep(0)
            await until(lambda: window.reconciling.panel.isVisible())
            wrong += [*nameless(window.reconciling.panel), *cut(window.reconciling.panel)]
        paid = next(each for each in window.session.all(Order) if each.paid and each.status == "completed")
        window.look_at(paid.id)
        window.inspector.tabs.go("quote")
        await until(lambda: window.inspector.quotes.pay.isVisible())
        wrong += [*nameless(window.inspector.quotes.pay), *cut(window.inspector.quotes.pay)]
        assert wrong == []
