"""A table that is typed into: what is wrong stays, rows come and go, and an input method keeps its Enter."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from ui.controls.field import Field
from ui.controls.sheet import Sheet
from ui.models.sheet import Column, NotThat, SheetModel


@dataclass(frozen=True)
class Fee:
    name: str = ""
    sum: int = 0


def figure(row: Fee, text: str) -> Fee:
    if not text.isdigit():
        raise NotThat("a figure is wanted")
    return replace(row, sum=int(text))


def model() -> SheetModel:
    columns = (
        Column(
            code="name",
            title="Name",
            show=lambda row: row.name,
            write=lambda row, text: replace(row, name=text),
        ),
        Column(code="twice", title="Twice", show=lambda row: str(row.sum * 2)),
        Column(code="sum", title="Sum", show=lambda row: str(row.sum), write=figure),
    )
    made = SheetModel(columns, Fee)
    made.show_rows((Fee("a", 1), Fee("b", 2)))
    return made


def test_the_model_keeps_the_rules_of_its_kind(qtmodeltester: Any) -> None:
    made = model()
    qtmodeltester.check(made)
    made.add(1)
    made.shift(0, 1)
    made.take(0)
    made.show_rows((Fee("c", 3),))
    made.show_rows((Fee("c", 3), Fee("d", 4), Fee("e", 5)))
    assert [row.name for row in made.rows] == ["c", "d", "e"]


def test_what_cannot_be_read_stays_at_its_row_until_it_is_mended(qtbot: Any) -> None:
    made = model()
    made.setData(made.index(1, 2), "many")
    assert made.wrong == (1, 2, "a figure is wanted")
    made.add(0)
    assert made.wrong == (2, 2, "a figure is wanted")
    made.take(0)
    assert made.index(1, 2).data() == "many"
    assert made.rows[1].sum == 2
    made.setData(made.index(1, 2), "7")
    assert made.rows[1].sum == 7
    assert Sheet(made, "Fees").read() == made.rows


def test_pasting_begins_new_rows_and_passes_over_what_is_not_typed(qtbot: Any) -> None:
    made = model()
    taken, left = made.paste(1, 0, "x\t\t8\r\ny\t\t9\r\n")
    assert [(row.name, row.sum) for row in made.rows] == [("a", 1), ("x", 8), ("y", 9)]
    assert (taken, left) == (4, 2)
    made.set_open(False)
    assert made.paste(0, 0, "z") == (0, 1)
    assert made.rows[0].name == "a"


def test_enter_belongs_to_the_input_method_while_it_composes(qtbot: Any) -> None:
    sheet = Sheet(model(), "Fees")
    qtbot.addWidget(sheet)
    sheet.show()
    sheet.activateWindow()
    qtbot.waitUntil(sheet.isActiveWindow)
    sheet.grid.go_to(0, 0)
    QTest.keyClick(sheet.grid, Qt.Key.Key_F)
    field = QApplication.focusWidget()
    assert isinstance(field, Field)
    QApplication.sendEvent(field, QInputMethodEvent("shangmen", []))
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert QApplication.focusWidget() is field
    done = QInputMethodEvent()
    done.setCommitString("上门")
    QApplication.sendEvent(field, done)
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert sheet.model.rows[0].name == "f上门"
    qtbot.waitUntil(lambda: sheet.grid.currentIndex().column() == 2)
