"""A table of this desk as a workbook: written in a thread of its own, nothing of it ever calculated."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from dispatcher_app.client.worker import Worker
from dispatcher_app.payout.sheet import Cell, write
from dispatcher_app.text import t
from ui import notify
from ui.task import Errands

Table = tuple[Sequence[str], Sequence[Sequence[Cell]]]
"""Titles and rows."""


class Export(QObject):
    """`wanted` asks where to; `table` says what there is to write."""

    wanted = Signal()

    def __init__(self, parent: QWidget, title: str, table: Callable[[], Table]) -> None:
        super().__init__(parent)
        self._parent, self._title, self._table = parent, title, table
        self._errands = Errands(self)
        self._worker = worker = Worker("refunds")
        self.destroyed.connect(worker.close)
        self.wanted.connect(self._ask)

    def write_out(self, path: Path) -> asyncio.Task[str]:
        """Write what is shown."""
        return self._errands.run(self._write(path), self._on_written)

    def _ask(self) -> None:
        dialog = QFileDialog(self._parent.window(), self._title)
        dialog.setNameFilter(t("Workbook") + " (*.xlsx)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("xlsx")
        dialog.fileSelected.connect(lambda path: self.write_out(Path(path)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    async def _write(self, path: Path) -> str:
        head, rows = self._table()
        try:
            await self._worker.run(write, path, self._title, head, rows)
        except OSError as error:
            return t("{file} can't be written: {why}", file=path.name, why=error.strerror or "")
        return ""

    def _on_written(self, wrong: str) -> None:
        if wrong:
            notify.warning(wrong)
        else:
            notify.success(t("The table is written."))
