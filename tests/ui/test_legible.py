"""Everybody can use the desk: every control says what it is, every word has room, no state is colour alone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from itertools import combinations

import pytest
from PySide6.QtCore import QObject, QSize
from PySide6.QtGui import QImage, QKeySequence
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from dispatcher_app import text
from dispatcher_app.client.profile import Settings
from dispatcher_app.text import LANGUAGES
from tests.ui.legible import cut, nameless
from tests.ui.test_kit_theme import BLINDNESS, MODES, seen
from tests.ui.test_login import Way, left, way
from tests.ui.window_desk import City, until
from ui import icons, theme
from ui.action.deck import BY_ID
from ui.login.window import LoginWindow
from ui.mark import KINDS, Mark
from ui.strip import KINDS as STRIP
from ui.window.main import MainWindow

__all__ = ["way"]

SMALL = (1366, 768)
PLACES = (
    "board", "map", "calendar", "roster", "catalogue", "help", "settings", "layouts", "plan_day", "done", "import",
    "admin", "complaints", "queue", "attention", "credit", "accounts", "settlement", "withdrawals", "deductions",
    "new_technician", "counter", "drop_off", "queue", "book", "queue",
)  # fmt: skip
FORMS = (
    "assign", "change_appointment", "change_order", "note", "cancel", "correct_customer", "add_address", "reveal",
    "complain",
)  # fmt: skip
OFTEN = (
    "book", "assign", "change_appointment", "urge", "next_exception", "search", "palette", "queue", "map", "roster",
    "board", "calendar", "inspector", "help", "only_panel", "counter", "drop_off", "catalogue", "change_order",
    "settings", "done", "print",
)  # fmt: skip
"""What a dispatcher does many times a day; the rest of the order's actions are two keys away in Ctrl+K."""


async def still(window: QWidget) -> None:
    """Wait until nothing in the window moves any more."""
    before: object = None
    while (now := [each.geometry() for each in window.findChildren(QWidget) if each.isVisible()]) != before:
        before = now
        await asyncio.sleep(0.05)


async def places(window: MainWindow) -> AsyncIterator[str]:
    """Go through what the window can show: its tabs and guests, then the forms of two orders."""
    for id in PLACES:
        if window.deck[id].isVisible() and window.deck[id].isEnabled():
            window.deck[id].trigger()
            await still(window)
            yield id
    for row, id in ((row, id) for row in (0, 3) for id in FORMS):
        window.queue.table.setCurrentIndex(window.queue.model.index(row, 0))
        await still(window)
        if window.deck[id].isVisible() and window.deck[id].isEnabled():
            window.deck[id].trigger()
            await still(window)
            yield f"{id} of row {row}"


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_control_has_a_name_and_every_word_has_room_on_a_small_screen(
    city: City, loop: asyncio.AbstractEventLoop, language: str
) -> None:
    text.use(language)
    visited, wrong = [], list[tuple[str, str]]()
    async with city.window("chenjing", size=SMALL) as window:
        async for place in places(window):
            visited.append(place)
            wrong += [(place, f"no name: {each}") for each in nameless(window)]
            wrong += [(place, f"cut: {each}") for each in cut(window)]
    assert wrong == []
    assert {"board", "calendar", "roster", "help", "settings", "book"} <= set(visited)
    assert sum(" of row " in each for each in visited) >= 6


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_same_holds_for_torn_off_panels_and_for_a_day_that_is_replayed(
    city: City, loop: asyncio.AbstractEventLoop, language: str
) -> None:
    text.use(language)
    wrong = list[str]()
    async with city.window("chenjing", size=SMALL) as window:
        for panel in (window.queue, window.scheduling.board, window.inspector):
            shell = window.layouts.panels.tear(panel)
            shell.showNormal()
            shell.resize(700, 600)
            await still(shell)
            wrong += [*nameless(shell), *cut(shell)]
        replay = window.replaying.open()
        replay.resize(*SMALL)
        await until(lambda: replay.room is not None and replay.room.queue.model.rowCount() > 0)
        await still(replay)
        wrong += [*nameless(replay), *cut(replay)]
        replay.close()
        await until(lambda: window.replaying.shown is None)
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_same_holds_for_the_log_in(
    way: Way, loop: asyncio.AbstractEventLoop, language: str
) -> None:
    text.use(language)
    login = LoginWindow(Settings(), way)
    login.resize(760, 720)
    login.show()
    await until(lambda: login.findChild(QObject, "account_wangfang"))
    await still(login)
    wrong = [*nameless(login), *cut(login)]
    await left(login)
    assert wrong == []


def test_a_control_without_a_name_and_a_word_without_room_are_found(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    field, button, said = QLineEdit(), QPushButton("派单给最近的师傅"), QLabel("师傅在路上，还有十分钟")
    for each in (field, button, said):
        column.addWidget(each)
    window.show()
    assert nameless(window) == ["QLineEdit"]
    assert cut(window) == []
    field.setAccessibleName("号码")
    button.setFixedWidth(40)
    said.setFixedWidth(60)
    QApplication.sendPostedEvents()
    assert nameless(window) == []
    assert [each.partition(":")[0] for each in cut(window)] == ["QLabel", "QPushButton"]


def apart(one: Mark, other: Mark, look: theme.Theme, blindness: str) -> float:
    """How far two marks' colours lie apart for a person with that blindness."""
    first, second = (seen(look.ink(each), blindness) for each in (one, other))
    return float(sum((a - b) ** 2 for a, b in zip(first, second, strict=True)) ** 0.5)


def drawn(mark: Mark) -> QImage:
    """The icon's shape alone."""
    return icons.icon(mark.icon).pixmap(QSize(32, 32)).toImage().convertToFormat(QImage.Format.Format_Alpha8)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("blindness", BLINDNESS)
@pytest.mark.parametrize("kind", [*KINDS, "strip"])
def test_what_looks_alike_to_a_colour_blind_person_has_another_glyph_and_another_picture(
    mode: str, blindness: str, kind: str
) -> None:
    look = theme.make("dark" if mode == "dark" else "light")
    groups: Mapping[str, Mapping[str, Mark]] = {
        **{str(each): marks for each, marks in KINDS.items()},
        "strip": STRIP,
    }
    alike = [
        (one, other)
        for one, other in combinations(groups[kind].values(), 2)
        if apart(one, other, look, blindness) < 8
    ]
    for one, other in alike:
        assert one.glyph != other.glyph, (one.code, other.code)
        assert drawn(one) != drawn(other), (one.code, other.code)


@pytest.mark.parametrize("id", OFTEN)
def test_what_is_done_often_is_one_or_two_keys_away(id: str) -> None:
    keys = [QKeySequence(each) for each in BY_ID[id].keys]
    assert any(each.count() == 1 and held(each) <= 1 for each in keys), BY_ID[id].keys


def held(keys: QKeySequence) -> int:
    """How many keys are held down while the last one is pressed."""
    said = keys.toString(QKeySequence.SequenceFormat.PortableText)
    return sum(each in said for each in ("Ctrl+", "Alt+", "Shift+", "Meta+"))
