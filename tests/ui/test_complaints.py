"""The complaint desk: opened from an order by a dispatcher, worked off by the desk with keys, told to everybody."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtPdf import QPdfDocument
from PySide6.QtWidgets import QApplication

from dispatcher_app.clock import new_id
from dispatcher_app.domain.command import OpenComplaint
from dispatcher_app.domain.money.complaint import Complaint
from dispatcher_app.domain.order import Order
from tests.ui.course_desk import do, ready
from tests.ui.window_desk import City, orders_of, part, press, until
from ui.controls.paragraph import Paragraph
from ui.window.main import MainWindow

TYPED = "第二天又坏了，师傅还说不管"
CONTROL, ENTER = Qt.KeyboardModifier.ControlModifier, Qt.Key.Key_Return


def found(window: MainWindow, order: str) -> Complaint:
    """The complaint about an order, the newest one."""
    return window.session.complaints_of(order)[-1]


def type_in(words: str) -> None:
    """Write where the caret is, as an input method does, and go."""
    focused = QApplication.focusWidget()
    assert isinstance(focused, Paragraph)
    focused.insertPlainText(words)
    press(ENTER, CONTROL)


async def visited(window: MainWindow) -> Order:
    """An order that somebody has been to."""
    for id in await orders_of(window.session, "all"):
        order = window.session.get(Order, id)
        if order is not None and order.visit.arrival is not None and order.complaint is None and order.steps:
            return order
    raise AssertionError("nobody has been anywhere")


async def test_a_dispatcher_opens_a_complaint_and_the_order_is_marked(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.window("wangfang") as window:
        order = await visited(window)
        window.look_at(order.id)
        await do(window, "complain")
        form = part(window, "form_complain")
        form.submit()
        assert part(form, "form_error").isVisible()  # nobody has said what about
        form.categories.tick(("quality", "damage"))
        form.categories.changed.emit()
        assert form.severity.currentData() == "serious"
        form.words.setFocus()
        type_in(TYPED)
        await until(lambda: found(window, order.id).version > 0)
        await until(lambda: window.session.link.waiting == 0)
        case = found(window, order.id)
        assert (case.categories, case.severity, case.source) == (
            ("quality", "damage"),
            "serious",
            "phone",
        )
        assert case.technicians
        await until(lambda: part(window, "order_complaint").isVisible())
        assert "维修质量" in part(window, "order_complaint_words").text()
        assert order.id in await orders_of(window.session, "complaint")
        assert order.id in await orders_of(window.session, "complaints")
        await until(lambda: window.strip.count("complaint") >= 1)
        assert not window.deck["complain"].isEnabled()
        # A dispatcher answers; who was at fault the complaint desk says.
        assert window.deck["complaint_answer"].isEnabled()
        assert not window.deck["complaint_judge"].isVisible()


async def test_the_desk_works_a_complaint_off_with_keys_and_makes_its_evidence(
    city: City, loop: asyncio.AbstractEventLoop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISPATCHER_HOME", str(tmp_path))

    async with city.window("linyue") as window, city.sitting("wangfang") as colleague:
        order = await visited(window)
        id = new_id()
        made = OpenComplaint(complaint=id, order=order.id, categories=("attitude",), text=TYPED)
        colleague.submit(made)
        await until(lambda: window.session.get(Complaint, id) is not None)
        await do(window, "complaints")
        desk = window.complaints.panel
        await until(lambda: desk.model.row_of(id) >= 0)
        desk.choose(id)
        await until(lambda: window.inspector.order_id == order.id)
        assert desk.ticket.number.text().endswith(order.number)
        await do(window, "complaint_take")
        await until(lambda: found(window, order.id).owner == "linyue")
        await do(window, "complaint_answer")
        type_in("已致歉，今天内重修")
        await until(lambda: found(window, order.id).answered_at is not None)
        await until(lambda: window.session.link.waiting == 0)
        assert order.id not in await orders_of(window.session, "complaint")
        await do(window, "complaint_judge")
        form = part(window, "form_complaint_judge")
        form.compensation.setText("20")
        form.penalty.setText("x")
        form.words.setFocus()
        type_in("录音核实")
        assert found(window, order.id).responsibility is None  # a fine is an amount
        form.penalty.setText("")
        form.submit()
        await until(lambda: found(window, order.id).responsibility == "technician")
        assert found(window, order.id).compensation == 2_000
        assert desk.ticket.hand.isVisible()
        await do(window, "complaint_resolve")
        type_in("赔付 20 元，重修")
        await until(lambda: found(window, order.id).state == "resolved")
        papers: list[Path] = []
        window.complaints.witness.opens = False
        window.complaints.witness.made.connect(papers.append)
        await do(window, "complaint_report")
        await until(lambda: papers)
        document = QPdfDocument()
        assert document.load(str(papers[0])) == QPdfDocument.Error.None_
        assert order.number in document.getAllText(0).text().replace(" ", "")
        document.close()
        await do(window, "complaint_close")
        part(window, "form_complaint_close").submit()
        await until(lambda: found(window, order.id).state == "closed")
        await until(lambda: desk.model.row_of(id) < 0)
        assert desk.ticket.id == id  # what is looked at stays in hand
        await until(lambda: (told := colleague.get(Order, order.id)) is not None and told.complaint is None)
        await ready(window, "complaint_reopen")
