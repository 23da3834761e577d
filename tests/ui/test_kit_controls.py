"""The small controls that several screens share."""

import time

import pytest
from PySide6.QtCore import QObject, QRect, Qt
from PySide6.QtGui import QAction, QInputMethodEvent, QPainter, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from ui import mark, theme
from ui.controls import chip
from ui.controls.banner import Banner
from ui.controls.chip import Chip
from ui.controls.empty import EmptyState
from ui.controls.field import Field, SearchField
from ui.controls.keyhint import KeyHint
from ui.controls.section import Section, label
from ui.watchdog import Watchdog


def test_a_chip_says_its_state_and_paints_its_wash(qtbot: QtBot) -> None:
    shown = Chip(mark.ORDER["pending"])
    qtbot.addWidget(shown)
    shown.resize(shown.sizeHint())
    assert shown.accessibleName() == "待派单"
    assert shown.grab().toImage().pixelColor(4, 10) == theme.current().wash(mark.ORDER["pending"])
    wide = shown.sizeHint().width()
    shown.show_mark(mark.ORDER["on_hold"])
    assert shown.accessibleName() == "挂起"
    assert shown.sizeHint().width() < wide


def test_a_chip_in_a_narrow_cell_stays_inside_it(qapp: QApplication) -> None:
    picture = QPixmap(100, 30)
    painter = QPainter(picture)
    assert chip.paint(painter, QRect(0, 0, 40, 30), mark.ORDER["pending"]) == 40
    painter.end()


def test_keys_belong_to_the_input_method_while_it_composes(qtbot: QtBot) -> None:
    field = Field()
    qtbot.addWidget(field)
    QApplication.sendEvent(field, QInputMethodEvent("kong", []))
    with qtbot.assertNotEmitted(field.returnPressed):
        QTest.keyClick(field, Qt.Key.Key_Return)
        QTest.keyClicks(field, "1")
    assert field.text() == ""
    done = QInputMethodEvent("", [])
    done.setCommitString("空调")
    QApplication.sendEvent(field, done)
    with qtbot.waitSignal(field.returnPressed):
        QTest.keyClick(field, Qt.Key.Key_Return)
    assert field.text() == "空调"


def test_a_refused_field_says_why(qtbot: QtBot) -> None:
    field = Field("abc")
    qtbot.addWidget(field)
    field.set_invalid("号码不完整")
    assert (field.property("invalid"), field.accessibleDescription()) == ("true", "号码不完整")
    field.set_invalid(None)
    assert (field.property("invalid"), field.toolTip()) == ("false", "")


def test_a_search_follows_the_typing_once(qtbot: QtBot) -> None:
    field = SearchField("搜索")
    qtbot.addWidget(field)
    heard: list[str] = []
    field.searched.connect(heard.append)
    with qtbot.waitSignal(field.searched):
        QTest.keyClicks(field, "8000")
    assert heard == ["8000"]
    with qtbot.waitSignal(field.searched):
        QTest.keyClick(field, Qt.Key.Key_Escape)
    assert heard == ["8000", ""]


def test_a_banner_shows_what_it_says_until_it_is_dismissed(qtbot: QtBot) -> None:
    banner = Banner()
    qtbot.addWidget(banner)
    assert banner.isHidden()
    banner.say("warning", "离线：自 14:05 起")
    assert banner.isVisible()
    assert banner.accessibleName() == "离线：自 14:05 起"
    with qtbot.waitSignal(banner.dismissed):
        banner._close.click()
    assert banner.isHidden()


def test_an_empty_list_says_what_to_do(qtbot: QtBot) -> None:
    empty = EmptyState("没有待派单", "按 F2 新建预约", "queue")
    qtbot.addWidget(empty)
    empty.set_button(QPushButton("新预约"))
    assert empty.accessibleName() == "没有待派单 按 F2 新建预约"
    empty.say("没有匹配的订单")
    assert empty.accessibleName() == "没有匹配的订单"


def test_a_key_hint_follows_its_action(qtbot: QtBot) -> None:
    action = QAction("新预约")
    action.setShortcut("F2")
    hint = KeyHint(action)
    qtbot.addWidget(hint)
    assert [each.text() for each in hint.findChildren(QLabel)] == ["F2", "新预约"]
    action.setEnabled(False)
    assert not hint.isEnabled()


def test_a_section_names_and_counts_what_is_below(qtbot: QtBot) -> None:
    section = Section("推荐师傅")
    qtbot.addWidget(section)
    section.body.addWidget(label("李工", "strong"))
    section.set_count("3")
    assert [each.text() for each in section.findChildren(QLabel)] == ["推荐师傅", "3", "李工"]


def test_names_are_shown_as_they_are_even_when_they_look_like_markup() -> None:
    assert label("<b>王</b>").textFormat() is Qt.TextFormat.PlainText


def test_a_stalled_window_is_logged_with_where_it_stood(
    qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    owner = QObject()
    watchdog = Watchdog(owner, limit_ms=20)
    watchdog.start()

    def hold_up_the_window() -> None:
        until = time.monotonic() + 10
        while not caplog.records and time.monotonic() < until:
            sum(range(1000))

    hold_up_the_window()
    watchdog.stop()
    assert "hold_up_the_window" in caplog.text
