"""The command palette finds every action by a few letters and gives the focus back."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QInputMethodEvent
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QListView, QMainWindow
from pytestqt.qtbot import QtBot

from ui.controls.field import Field
from ui.palette import DISABLED_REASON, CommandPalette, matching, rank, title


@pytest.fixture
def window(qtbot: QtBot) -> QMainWindow:
    made = QMainWindow()
    qtbot.addWidget(made)
    field = QLineEdit()
    field.setObjectName("behind")
    made.setCentralWidget(field)
    made.resize(900, 600)
    made.show()
    made.activateWindow()
    behind(made).setFocus()
    qtbot.waitUntil(behind(made).hasFocus)
    return made


@pytest.fixture
def actions(window: QMainWindow) -> list[QAction]:
    made = []
    for name, words, keys in (
        ("book", "新预约…", "F2"),
        ("assign_technician", "派单(&A)", "F3"),
        ("reassign", "改派", ""),
        ("call_back", "回拨", "F6"),
        ("change_window", "改约", "F4"),
    ):
        action = QAction(words, window)
        action.setObjectName(name)
        action.setShortcut(keys)
        made.append(action)
    made[2].setEnabled(False)
    made[2].setProperty(DISABLED_REASON, "订单还没有师傅")
    return made


@pytest.fixture
def palette(window: QMainWindow, actions: list[QAction]) -> CommandPalette:
    made = CommandPalette(window, lambda: actions)
    QAbstractItemModelTester(
        made.findChildren(QListView)[0].model(), QAbstractItemModelTester.FailureReportingMode.Fatal, made
    )
    return made


def behind(window: QMainWindow) -> QLineEdit:
    return window.findChildren(QLineEdit, "behind")[0]


def field(palette: CommandPalette) -> Field:
    return palette.findChildren(Field)[0]


def shown(palette: CommandPalette) -> list[str]:
    model = palette.findChildren(QListView)[0].model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def test_letters_fit_best_at_the_beginning_then_at_a_word_then_anywhere() -> None:
    assert rank("as", "assign technician") == 0
    assert rank("tech", "assign technician") == 1
    assert rank("ign", "assign technician") == 2
    assert (rank("stn", "assign technician") or 0) > 2
    assert rank("zz", "assign technician") is None


def test_close_letters_fit_better_than_scattered_ones() -> None:
    near, far = rank("xyz", "axbyz"), rank("xyz", "axbbbbybbbbz")
    assert near is not None
    assert far is not None
    assert near < far


def test_an_action_is_found_by_words_pinyin_initials_and_its_english_id(actions: list[QAction]) -> None:
    for query in ("派单", "pd", "assign t"):
        assert title(matching(actions, query)[0]) == "派单", query
    assert [title(action) for action in matching(actions, "hb")] == ["回拨"]


def test_what_cannot_be_done_now_comes_last_and_hidden_actions_not_at_all(actions: list[QAction]) -> None:
    assert [title(action) for action in matching(actions, "g")] == ["改约", "派单", "改派"]
    actions[4].setVisible(False)
    assert [title(action) for action in matching(actions, "g")] == ["派单", "改派"]


def test_enter_runs_the_chosen_action_and_gives_the_focus_back(
    qtbot: QtBot, window: QMainWindow, palette: CommandPalette, actions: list[QAction]
) -> None:
    palette.open()
    qtbot.waitUntil(field(palette).hasFocus)
    QTest.keyClicks(field(palette), "hb")
    with qtbot.waitSignal(actions[3].triggered):
        QTest.keyClick(field(palette), Qt.Key.Key_Return)
    assert palette.isHidden()
    assert behind(window).hasFocus()


def test_arrow_keys_choose(qtbot: QtBot, palette: CommandPalette, actions: list[QAction]) -> None:
    palette.open()
    QTest.keyClick(field(palette), Qt.Key.Key_Up)
    QTest.keyClick(field(palette), Qt.Key.Key_Down)
    with qtbot.waitSignal(actions[1].triggered):
        QTest.keyClick(field(palette), Qt.Key.Key_Return)


def test_escape_closes_and_gives_the_focus_back(
    qtbot: QtBot, window: QMainWindow, palette: CommandPalette
) -> None:
    palette.open()
    qtbot.waitUntil(field(palette).hasFocus)
    QTest.keyClick(field(palette), Qt.Key.Key_Escape)
    assert palette.isHidden()
    assert behind(window).hasFocus()


def test_a_disabled_action_says_why_and_does_not_run(
    qtbot: QtBot, palette: CommandPalette, actions: list[QAction]
) -> None:
    palette.open()
    QTest.keyClicks(field(palette), "gp")
    index = palette.findChildren(QListView)[0].currentIndex()
    assert index.data() == "改派"
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "改派, 订单还没有师傅"
    with qtbot.assertNotEmitted(actions[2].triggered):
        QTest.keyClick(field(palette), Qt.Key.Key_Return)
    assert palette.isVisible()


def test_enter_belongs_to_the_input_method_while_it_composes(
    qtbot: QtBot, palette: CommandPalette, actions: list[QAction]
) -> None:
    palette.open()
    QApplication.sendEvent(field(palette), QInputMethodEvent("pai'dan", []))
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Down, Qt.Key.Key_1):
        QTest.keyClick(field(palette), key)
    assert palette.isVisible()
    committed = QInputMethodEvent("", [])
    committed.setCommitString("派单")
    QApplication.sendEvent(field(palette), committed)
    assert shown(palette) == ["派单"]
    with qtbot.waitSignal(actions[1].triggered):
        QTest.keyClick(field(palette), Qt.Key.Key_Return)


def test_a_click_elsewhere_closes_the_palette_and_keeps_the_focus_there(
    qtbot: QtBot, window: QMainWindow, palette: CommandPalette
) -> None:
    palette.open()
    qtbot.waitUntil(field(palette).hasFocus)
    behind(window).setFocus(Qt.FocusReason.MouseFocusReason)
    assert palette.isHidden()
    assert behind(window).hasFocus()


def test_opening_again_closes(palette: CommandPalette) -> None:
    palette.open()
    palette.open()
    assert palette.isHidden()
