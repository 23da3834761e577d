"""Scrolling the queue paints only what comes into sight, and paints it right."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtGui import QPaintEvent

from tests.ui.window_desk import City, until


class Watch(QObject):
    """How high a strip was painted last."""

    painted_px = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QPaintEvent):
            self.painted_px = event.rect().height()
        return False


async def test_scrolling_by_a_row_paints_that_row_and_leaves_the_picture_right(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.window() as window:
        window.queue.look_at("all")
        await until(lambda: window.queue.model.rowCount() >= 150)
        table, bar = window.queue.table, window.queue.table.verticalScrollBar()
        bar.setValue(0)
        await until(lambda: window.queue.model.row_at(60) is not None)
        watch = Watch()
        table.viewport().installEventFilter(watch)
        table.viewport().repaint()
        assert watch.painted_px == table.viewport().height()
        bar.setValue(bar.value() + table.rowHeight(0))
        QCoreApplication.sendPostedEvents(window, QEvent.Type.UpdateRequest.value)
        assert table.rowHeight(0) <= watch.painted_px <= 2 * table.rowHeight(0)
        scrolled = window.screen().grabWindow(window.winId()).toImage()
        window.repaint()
        assert window.screen().grabWindow(window.winId()).toImage() == scrolled
