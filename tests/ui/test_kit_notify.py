"""Notices say what happened and take nothing: no focus, no click, no attention beyond their time."""

import asyncio
import logging
import sys
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMainWindow, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from ui import notify
from ui.notify import Notice, Offer
from ui.toast import Toast, Toasts


@pytest.fixture
def notifier(qapp: QApplication) -> Iterator[notify.Notifier]:
    made = notify.notifier()
    yield made
    made.setParent(None)


@pytest.fixture
def window(qtbot: QtBot) -> QMainWindow:
    made = QMainWindow()
    qtbot.addWidget(made)
    made.setCentralWidget(QLineEdit())
    made.statusBar()
    made.resize(900, 600)
    made.show()
    QTest.mouseMove(made, QPoint(5, 5))
    return made


@pytest.fixture
def toasts(window: QMainWindow, notifier: notify.Notifier) -> Toasts:
    return Toasts(window, notifier)


def words(toasts: Toasts) -> list[str]:
    return [toast.notice.text for toast in toasts.toasts()]


def test_what_was_said_before_any_window_is_shown_by_the_first(
    window: QMainWindow, notifier: notify.Notifier
) -> None:
    notify.info("早", Offer("撤销", lambda: None))
    shown = Toasts(window, notifier).toasts()[-1].notice
    assert (shown.text, shown.offer) == ("早", None)  # what could be undone there was another window's


def test_a_notice_stands_at_the_lower_right_above_the_status_bar(window: QMainWindow, toasts: Toasts) -> None:
    notify.success("已派单")
    QApplication.processEvents()
    place = toasts.geometry()
    assert place.right() > window.width() - 40
    assert window.statusBar().y() - 40 < place.bottom() < window.statusBar().y()
    window.resize(700, 500)
    QApplication.processEvents()
    assert toasts.geometry().bottom() < window.statusBar().y() < 500


def test_a_notice_never_takes_the_focus(qtbot: QtBot, window: QMainWindow, toasts: Toasts) -> None:
    field = window.findChildren(QLineEdit)[0]
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    notify.error("服务器拒绝", Offer("重试", lambda: None), "report")
    QApplication.processEvents()
    assert field.hasFocus()


def test_the_offer_is_taken_once_and_the_notice_goes(qtbot: QtBot, toasts: Toasts) -> None:
    taken: list[str] = []
    notify.success("已派单给李工", Offer("撤销", lambda: taken.append("undo")))
    QTest.mouseClick(toasts.toasts()[0].findChildren(QPushButton)[0], Qt.MouseButton.LeftButton)
    assert taken == ["undo"]
    assert toasts.toasts() == []
    assert toasts.isHidden()


def test_the_same_words_are_counted_instead_of_stacked(toasts: Toasts) -> None:
    for _ in range(3):
        notify.warning("连接中断")
    notify.info("连接中断")
    assert words(toasts) == ["连接中断", "连接中断"]


def test_at_most_five_notices_are_shown_and_the_oldest_goes_first(toasts: Toasts) -> None:
    for number in range(7):
        notify.error(str(number))
    assert words(toasts) == ["2", "3", "4", "5", "6"]


def test_a_notice_goes_when_its_time_is_up_and_an_error_stays(
    qtbot: QtBot, notifier: notify.Notifier, toasts: Toasts
) -> None:
    notifier.post(Notice("info", "短", lasts_ms=1))
    notify.error("留着")
    qtbot.waitUntil(lambda: words(toasts) == ["留着"])


def test_time_stands_still_under_the_mouse(qtbot: QtBot, notifier: notify.Notifier, toasts: Toasts) -> None:
    notifier.post(Notice("info", "看着", lasts_ms=1))
    toasts.setAttribute(Qt.WidgetAttribute.WA_UnderMouse)
    notifier.post(Notice("success", "另一条", lasts_ms=1))
    for _ in range(5):
        QApplication.processEvents()
    assert words(toasts) == ["看着", "另一条"]
    toasts.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, on=False)
    qtbot.waitUntil(lambda: words(toasts) == [])


def test_a_notice_is_closed_by_its_cross(qtbot: QtBot, toasts: Toasts) -> None:
    notify.error("关我")
    QTest.mouseClick(toasts.toasts()[0].findChildren(QToolButton)[0], Qt.MouseButton.LeftButton)
    assert words(toasts) == []


def test_a_notice_has_a_name_for_screen_readers(toasts: Toasts) -> None:
    notify.warning("电量低")
    shown: Toast = toasts.toasts()[0]
    assert shown.accessibleName() == "注意: 电量低"


def test_each_notice_asks_for_its_sound(notifier: notify.Notifier, toasts: Toasts) -> None:
    heard: list[str] = []
    notifier.shown.connect(heard.append)
    notify.info("a")
    notify.error("b")
    assert heard == ["info", "error"]


def broken(phone: str) -> None:
    raise ValueError(f"no such customer {phone}")


def caught(phone: str = "13800138000") -> ValueError:
    try:
        broken(phone)
    except ValueError as error:
        return error
    raise AssertionError


def test_an_unexpected_error_is_told_with_an_id_and_a_report_without_phone_numbers(
    toasts: Toasts, caplog: pytest.LogCaptureFixture, qtbot: QtBot
) -> None:
    number = notify.unexpected(caught())
    assert words(toasts) == [f"出现意外错误（编号 {number}），请复制报告发给管理员。"]
    QTest.mouseClick(toasts.toasts()[0].findChildren(QPushButton)[0], Qt.MouseButton.LeftButton)
    report = QGuiApplication.clipboard().text()
    assert number in report
    assert "broken" in report
    for told in (report, caplog.text):
        assert "ValueError: no such customer #" in told
        assert "13800138000" not in told
    assert caplog.records[-1].levelno == logging.ERROR


def test_the_same_error_keeps_its_id(toasts: Toasts) -> None:
    first, again, other = (notify.unexpected(error) for error in (caught(), caught(), KeyError("other")))
    assert first == again != other
    assert len(toasts.toasts()) == 2


def test_nobody_elses_error_is_lost(
    qapp: QApplication, loop: asyncio.AbstractEventLoop, toasts: Toasts, qtbot: QtBot
) -> None:
    uninstall = notify.install(qapp, loop)
    try:
        sys.excepthook(ValueError, ValueError("slot"), None)
        loop.call_exception_handler({"message": "task", "exception": ValueError("task")})
        loop.call_exception_handler({"message": "a message only"})
        thread = threading.Thread(target=broken, args=("x",))
        thread.start()
        thread.join()
        qtbot.waitUntil(lambda: len(toasts.toasts()) == 4)
    finally:
        uninstall()
    reports = "".join(toast.notice.report for toast in toasts.toasts())
    for said in ("ValueError: slot", "ValueError: task", "a message only", "no such customer x"):
        assert said in reports
