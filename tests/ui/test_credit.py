"""Credit at real desks: a step is seen, appealed against and decided by somebody else; honour brings a bonus."""

from __future__ import annotations

import asyncio
import unicodedata
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtPdf import QPdfDocument
from PySide6.QtTest import QTest

from dispatcher_app.domain.money.credit import Credit
from dispatcher_app.domain.money.invoice import Invoice, due
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.technician import Technician
from tests.ui.course_desk import do, ready
from tests.ui.window_desk import City, orders_of, part, until
from ui.window.main import MainWindow

LEFT = Qt.MouseButton.LeftButton


def text_of(path: Path) -> str:
    """What a PDF says, without blanks; some fonts name a letter by its radical."""
    document = QPdfDocument()
    assert document.load(str(path)) == QPdfDocument.Error.None_
    said = "".join(document.getAllText(page).text() for page in range(document.pageCount()))
    document.close()
    return unicodedata.normalize("NFKC", said).replace(" ", "")


def click(window: MainWindow, name: str) -> None:
    """A click on a button that can be seen."""
    button = part(window, name)
    assert button.isVisible(), name
    assert button.isEnabled(), name
    QTest.mouseClick(button, LEFT)


def type_into(window: MainWindow, name: str, words: str) -> None:
    """Words as an input method gives them to a field that can be seen."""
    field = part(window, name)
    assert field.isVisible(), name
    field.setFocus()
    field.insert(words)


def papers_of(window: MainWindow) -> list[str]:
    """The papers that are made from now on; none is opened."""
    made: list[str] = []
    window.reception.paper.open = lambda _path: None
    window.reception.paper.printed.connect(made.append)
    return made


def criticised(window: MainWindow) -> Credit:
    """Somebody who lost points that can still be appealed against."""
    for credit in window.session.all(Credit):
        if any(each.cause == "stars" and each.points < 0 and not each.appeal for each in credit.steps):
            return credit
    raise AssertionError("nobody was ever criticised")


async def paid(window: MainWindow) -> Order:
    """An order that was paid, and for which nobody has asked an invoice."""
    for id in await orders_of(window.session, "all"):
        order = window.session.get(Order, id)
        if order is not None and order.status == "completed" and due(order) > 0:
            return order
    raise AssertionError("nothing was ever paid")


async def test_a_step_is_appealed_against_at_one_desk_and_decided_at_another(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.window("wangfang") as window, city.sitting("tangli") as vetting:
        await do(window, "credit")
        panel = window.crediting.panel
        click(window, "credit_view_all")
        credit = criticised(window)
        step = next(each for each in credit.steps if each.cause == "stars" and each.points < 0)
        panel.choose(credit.id)
        assert part(window, "credit_score").text() == str(score(window, credit.id))
        steps = panel.detail.steps
        steps.choose(step.id)
        click(window, "credit_appeal_go")  # nothing was said yet
        assert part(window, "credit_appeal_words").property("invalid") == "true"
        type_into(window, "credit_appeal_words", "客户误点一星")
        click(window, "credit_appeal_go")
        await until(lambda: seen(window, credit.id, step.id, "open"))
        assert not part(window, "credit_verdict").isVisible(), "a dispatcher decides nothing"
        await until(lambda: (found := vetting.get(Credit, credit.id)) is not None and found.to_decide)
    async with city.window("tangli") as window:
        await do(window, "credit")
        panel = window.crediting.panel
        click(window, "credit_view_appeals")
        await until(lambda: panel.model.row_of(credit.id) >= 0)
        panel.choose(credit.id)
        before = score(window, credit.id)
        steps = panel.detail.steps
        steps.choose(step.id)
        assert "客户误点一星" in part(window, "credit_step_words").text()
        type_into(window, "credit_verdict_words", "已电话核实")
        click(window, "credit_uphold")
        await until(lambda: seen(window, credit.id, step.id, "upheld"))
        await until(lambda: score(window, credit.id) == before - step.points)
        await until(lambda: part(window, "credit_score").text() == str(before - step.points))
        await until(lambda: panel.model.row_of(credit.id) < 0)


async def test_honour_brings_a_bonus_and_a_certificate(
    city: City, loop: asyncio.AbstractEventLoop, qtmodeltester: Any
) -> None:
    async with city.window("zhouxia") as window:
        papers = papers_of(window)
        await do(window, "credit")
        panel = window.crediting.panel
        assert panel.model.rowCount() > 0, "somebody stands in honour"
        qtmodeltester.check(panel.model)
        rows = panel.model.rowCount()
        panel.table.setCurrentIndex(panel.model.index(0, 0))
        id = panel.detail.id
        assert id is not None
        click(window, "credit_bonus")
        await until(lambda: (found := window.session.get(Credit, id)) is not None and found.bonuses)
        await until(lambda: not part(window, "credit_bonus").isVisible())
        await until(lambda: panel.model.rowCount() == rows - 1)
        assert panel.detail.id == id, "he stays in hand"
        assert "奖励" in part(window, "credit_history").text()
        click(window, "credit_certificate")
        await until(lambda: papers)
        technician = window.session.get(Technician, id)
        assert technician is not None
        said = text_of(Path(papers[0]))
        assert technician.name in said
        assert str(technician.credit) in said


async def test_a_repair_ends_with_a_voucher_and_an_invoice_whose_number_finance_types(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.window("wangfang") as window:
        papers = papers_of(window)
        order = await paid(window)
        window.look_at(order.id)
        await do(window, "voucher")
        await until(lambda: papers)
        said = text_of(Path(papers[0]))
        assert order.number in said
        assert "维修凭证" in said
        assert "工时质保" in said or not order.warranty
        await do(window, "invoice")
        form = part(window, "form_invoice")
        form.buyer.setCurrentIndex(1)
        form.title.setText("上海平安物业有限公司")
        form.number.setText("123")
        form.submit()
        await until(lambda: "税号" in part(form, "form_error").text())
        form.number.setText("91310000MA1FL5TR2X")
        form.submit()
        await until(lambda: window.session.get(Invoice, order.id) is not None)
        await until(lambda: not window.deck["invoice"].isEnabled())
    async with city.window("zhouxia") as window:
        await do(window, "invoices")
        panel = window.crediting.invoices
        await until(lambda: panel.list.topLevelItemCount() > 0)
        # The job takes it over at any moment: what finance types is about how it stands then.
        await until(lambda: state(window, order.id) == "sending")
        type_into(window, "invoice_reference", "25312000000012345678")
        click(window, "invoice_issued")
        await until(lambda: state(window, order.id) == "issued")
        await until(lambda: panel.list.topLevelItemCount() == 0)
        assert "25312000000012345678" in part(panel, "fact_state").text(), "it stays in hand"
        assert not part(panel, "invoice_reference").isVisible()
        assert window.session.get(Invoice, order.id) is not None
        await ready(window, "invoices")


def score(window: MainWindow, technician: str) -> int:
    """His score as this desk knows it."""
    found = window.session.get(Technician, technician)
    assert found is not None
    return found.credit


def seen(window: MainWindow, technician: str, step: str, state: str) -> bool:
    """Whether the appeal against a step stands so."""
    credit = window.session.get(Credit, technician)
    found = credit.find(step) if credit is not None else None
    return found is not None and found.appeal is not None and found.appeal.state == state


def state(window: MainWindow, order: str) -> str:
    """How an invoice stands."""
    found = window.session.get(Invoice, order)
    return found.state if found is not None else ""
