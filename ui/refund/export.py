"""The listed refunds as a workbook: written in a thread of its own, nothing of it ever calculated."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from dispatcher_app.client.worker import Worker
from dispatcher_app.domain.money.refund import Refund
from dispatcher_app.payout.sheet import Cell, amount, write
from dispatcher_app.text import t
from ui import format, notify
from ui.refund.row import head, line
from ui.task import Errands

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


class Export(QObject):
    """`wanted` asks where to; `rows` is what is listed."""

    wanted = Signal()

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session, self._parent = session, parent
        self.rows: Sequence[Refund] = ()
        self._errands = Errands(self)
        self._worker = worker = Worker("refunds")
        self.destroyed.connect(worker.close)
        self.wanted.connect(self._ask)

    def write_out(self, path: Path) -> asyncio.Task[str]:
        """Write what is listed."""
        return self._errands.run(self._write(path), self._on_written)

    def _ask(self) -> None:
        dialog = QFileDialog(self._parent.window(), t("Export refunds"))
        dialog.setNameFilter(t("Workbook") + " (*.xlsx)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("xlsx")
        dialog.fileSelected.connect(lambda path: self.write_out(Path(path)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    async def _write(self, path: Path) -> str:
        rows = [self._row(each) for each in self.rows]
        try:
            await self._worker.run(write, path, t("Refunds##tab"), head(), rows)
        except OSError as error:
            return t("{file} can't be written: {why}", file=path.name, why=error.strerror or "")
        return ""

    def _row(self, refund: Refund) -> list[Cell]:
        made: list[Cell] = list(line(self._session, refund))
        made[2] = amount(refund.amount, format.digits(refund.currency))
        return made

    def _on_written(self, wrong: str) -> None:
        if wrong:
            notify.warning(wrong)
        else:
            notify.success(t("The table of refunds is written."))
