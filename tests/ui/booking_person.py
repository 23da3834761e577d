"""Somebody at the keyboard of the booking panel."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from dispatcher_app.client.session import Session
from tests.ui.booking_desk import until
from ui.booking.panel import BookingPanel

ENTER, ESCAPE, BACKSPACE = Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Backspace
CTRL, ALT, SHIFT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ShiftModifier,
)


def opened(session: Session, qtbot: QtBot, height: int = 700) -> BookingPanel:
    """The panel in front, with a new call begun."""
    made = BookingPanel(session)
    qtbot.addWidget(made)
    made.resize(380, height)
    made.start()
    with qtbot.waitActive(made):
        made.activateWindow()
    made.column.go(made.column.steps[0])
    return made


class Person:
    """Somebody at the keyboard: free text is typed, every other key is counted."""

    def __init__(self, panel: BookingPanel) -> None:
        self.panel, self.presses = panel, 0

    @property
    def focus(self) -> QWidget:
        found = QApplication.focusWidget()
        assert found is not None
        return found

    def type(self, text: str) -> None:
        QTest.keyClicks(self.focus, text)

    def press(self, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.presses += 1
        QTest.keyClick(self.focus, key, held)

    def compose(self, letters: str) -> None:
        """What an input method shows underlined."""
        QApplication.sendEvent(self.focus, QInputMethodEvent(letters, []))

    def commit(self, text: str) -> None:
        """What an input method hands over."""
        event = QInputMethodEvent()
        event.setCommitString(text)
        QApplication.sendEvent(self.focus, event)

    def at(self, step: str) -> bool:
        owner = self.panel.column.owner(QApplication.focusWidget())
        return owner is not None and owner.name == step


async def known(person: Person, step: str = "urgency") -> None:
    """The call of a known customer up to a step."""
    person.type("13812348000")
    await until(lambda: person.panel.form.customer)
    person.press(ENTER)
    person.type("kt bzl")
    person.press(ENTER)
    person.type("gl")
    person.press(ENTER)
    assert person.at("urgency")
    if step == "urgency":
        return
    person.press(ENTER)
    assert person.at("where")
    if step == "where":
        return
    person.press(Qt.Key.Key_1)
    assert person.at("when")
    await until(lambda: person.panel.form.offered)
