"""Every action of a person: it has words in both languages, a key of its own, a place, and it says why not."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu

from dispatcher_app import text
from dispatcher_app.text import catalog
from tests.ui.window_desk import City, part
from ui import icons
from ui.action.deck import ACTIONS, Action
from ui.palette import DISABLED_REASON


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.id)
def test_an_action_has_words_an_icon_and_a_key(action: Action) -> None:
    known = catalog("zh_CN")
    assert action.text in known
    assert not action.brief or action.brief in known
    assert action.icon in icons.NAMES
    assert action.keys
    assert all(not QKeySequence(keys).isEmpty() for keys in action.keys)


def test_no_key_does_two_things() -> None:
    keys = Counter(QKeySequence(each).toString() for action in ACTIONS for each in action.keys)
    assert [key for key, times in keys.items() if times > 1] == []


def test_no_action_hangs_on_a_bare_letter() -> None:
    bare = [each for action in ACTIONS for each in action.keys if len(each) == 1]
    assert bare == []


async def test_every_action_is_in_the_window_the_palette_and_says_why_it_is_not_possible(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.window() as window:
        made = {action.objectName(): action for action in window.deck.all()}
        assert set(made) == {action.id for action in ACTIONS}
        for action in made.values():
            assert isinstance(action, QAction)
            assert action.isEnabled() or action.property(DISABLED_REASON), action.objectName()
            assert action.shortcutContext() is Qt.ShortcutContext.WindowShortcut
        menu = window.deck.menu(window, "order", "technician")
        refused = menu.actions()[-1].menu()
        assert isinstance(refused, QMenu)
        shown = [each for each in (*menu.actions()[:-1], *refused.actions()) if not each.isSeparator()]
        visible = [each for each in window.deck.of("order", "technician") if each.isVisible()]
        assert sorted(map(QAction.objectName, shown)) == sorted(map(QAction.objectName, visible))
        assert not any(each.isEnabled() for each in refused.actions() if not each.isSeparator())
        menu.deleteLater()


async def test_every_action_without_a_command_is_answered_by_the_window(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.window() as window:
        asked = {action.id for action in ACTIONS if action.command is None}
        assert asked <= window.answers()


async def test_light_and_dark_change_at_once_and_the_language_asks_for_a_new_window(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.window() as window:
        ground = window.palette().window().color()
        window.deck["theme"].trigger()
        assert window.palette().window().color() != ground
        window.deck["theme"].trigger()
        asked: list[bool] = []
        window.anew.connect(lambda: asked.append(True))
        window.deck["language"].trigger()
        assert asked
        assert text.language() == "en"
        assert part(window, "footbar") is window.footbar
