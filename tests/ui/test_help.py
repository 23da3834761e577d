"""The help knows every key, and every topic in both languages."""

from __future__ import annotations

import asyncio

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from dispatcher_app import resource, text
from dispatcher_app.client import profile
from dispatcher_app.text import LANGUAGES, has_cjk, t
from tests.ui.window_desk import City, part, press, until
from ui.action.deck import ACTIONS
from ui.help import key
from ui.help.panel import HelpPanel
from ui.help.topic import TOPICS, topics


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_topic_stands_in_the_language(language: str) -> None:
    found = topics(language)
    assert [each.code for each in found] == list(TOPICS)
    for each in found:
        assert each.title
        assert each.text.startswith(f"# {each.title}")
        assert len(each.text) > 200, each.code
        assert has_cjk(each.text) == (language == "zh_CN"), each.code
    assert len({each.title for each in found}) == len(TOPICS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_topic_lies_unread(language: str) -> None:
    assert {each.stem for each in resource.path("help", language).glob("*.md")} == set(TOPICS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_action_and_its_keys_stand_among_the_shortcuts(language: str, qtbot: object) -> None:
    text.use(language)
    panel = HelpPanel()
    said = panel.page.toPlainText()
    for action in ACTIONS:
        assert t(action.text) in said, action.id
        assert key.written(action) in said.replace("\xa0", " "), action.id
    panel.deleteLater()


def test_the_data_folder_is_named_as_it_is_on_this_computer() -> None:
    assert any(str(profile.home()) in each.text for each in topics())


async def test_f1_opens_the_help_beside_the_work_and_escape_goes_back(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.window() as window:
        press(Qt.Key.Key_F1)
        panel = part(window, "help_panel")
        assert panel.isVisible()
        page = part(window, "help_page")
        assert "F2" in page.toPlainText()
        press(Qt.Key.Key_Right)
        await until(lambda: "电话" in page.toPlainText())
        press(Qt.Key.Key_Escape)
        assert not panel.isVisible()
        assert window.queue.table.hasFocus()


@pytest.mark.parametrize(
    ("typed", "found", "left_out"),
    [("派单", "F3", "Ctrl+,"), ("xjbx", "F2", "F3"), ("f8", "Shift+F8", "F3"), ("qqqq", "没有对应", "F3")],
)
def test_typing_leaves_the_shortcuts_and_topics_that_have_it(
    typed: str, found: str, left_out: str, qtbot: QtBot
) -> None:
    panel = HelpPanel()
    qtbot.addWidget(panel)
    panel.show()
    panel.list.setFocus()
    QTest.keyClick(panel.list, Qt.Key.Key_Right)
    panel.search.setText(typed)
    qtbot.waitUntil(lambda: panel.list.currentRow() == 0)
    said = panel.page.toPlainText()
    assert found in said
    assert left_out not in said
    for row in range(1, panel.list.count()):
        item = panel.list.item(row)
        assert item.isHidden() == (typed not in item.data(Qt.ItemDataRole.UserRole).text.casefold())
    panel.search.clear()
    qtbot.waitUntil(lambda: not any(panel.list.item(row).isHidden() for row in range(panel.list.count())))


def test_a_letter_typed_in_the_list_begins_the_search(qtbot: QtBot) -> None:
    panel = HelpPanel()
    qtbot.addWidget(panel)
    panel.show()
    QTest.keyClick(panel.list, Qt.Key.Key_F, Qt.KeyboardModifier.NoModifier)
    assert panel.search.text() == "f"
