"""A price book to and from a workbook: into the draft that is open, with every row that could not be taken named."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from dispatcher_app.client.worker import Worker
from dispatcher_app.domain.catalogue import Category, Item, Part
from dispatcher_app.intake.row import TableError
from dispatcher_app.text import Language, language, t
from ui import name, notify
from ui.admin.book import BookEditor
from ui.submit import submit
from ui.task import Errands

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session
    from dispatcher_app.pricelist.take import Taken


# What reads and writes workbooks weighs 20 MB: it is imported by whoever wants one, in his own thread.
def taken_from(path: Path, contents: dict[str, Any], book: str, called: str) -> Taken:
    """What a workbook changes of these contents."""
    from dispatcher_app.pricelist.take import take
    from dispatcher_app.pricelist.write import Contents

    return take(path, Contents(**contents), book, called)


def workbook_of(contents: dict[str, Any], in_language: Language) -> bytes:
    """These contents as a workbook."""
    from dispatcher_app.pricelist.write import Contents, workbook

    return workbook(Contents(**contents), in_language)


class BookFiles(QObject):
    """Imports and exports of one editor; reading and writing never hold up the window."""

    def __init__(self, session: Session, editor: BookEditor) -> None:
        super().__init__(editor)
        self._session, self._editor = session, editor
        self._errands = Errands(self)
        self._worker = worker = Worker("pricelist")
        self.destroyed.connect(worker.close)
        editor.files_wanted.connect(self._on_wanted)
        editor.catalogue_wanted.connect(self._save_catalogue)
        self._taken: Taken | None = None

    def bring_in(self, path: Path) -> asyncio.Task[Taken | str]:
        """Read a workbook over the draft."""
        return self._errands.run(self._read(path), self._on_read)

    def write_out(self, path: Path) -> asyncio.Task[str]:
        """Write the version as it is typed."""
        return self._errands.run(self._write(path), self._on_written)

    async def _read(self, path: Path) -> Taken | str:
        book = self._editor.draft.read
        try:
            return await self._worker.run(taken_from, path, self._contents(), book.id, book.name)
        except TableError as error:
            return t("{file} can't be read: {why}", file=path.name, why=error.code)
        except OSError as error:
            return t("{file} can't be read: {why}", file=path.name, why=error.strerror or "")

    async def _write(self, path: Path) -> str:
        try:
            made = await self._worker.run(workbook_of, self._contents(), language())
            await self._worker.run(path.write_bytes, made)
        except OSError as error:
            return t("{file} can't be written: {why}", file=path.name, why=error.strerror or "")
        return ""

    def _contents(self) -> dict[str, Any]:
        session = self._session
        return {
            "categories": tuple(session.all(Category)), "items": tuple(session.all(Item)),
            "parts": tuple(session.all(Part)), "book": self._editor.typed() or self._editor.draft.read,
        }  # fmt: skip

    def _on_read(self, taken: Taken | str) -> None:
        if isinstance(taken, str):
            notify.warning(taken)
            return
        self._taken = taken
        self._editor.take(taken.draft)
        told = [
            (row.sheet, str(row.row), row.column, name.broken(self._session, row.rule), row.value)
            for row in taken.bad
        ]
        changed = len(taken.categories) + len(taken.items) + len(taken.parts)
        self._editor.show_import(told, changed)

    def _on_written(self, wrong: str) -> None:
        if wrong:
            notify.warning(wrong)
        else:
            notify.success(t("The price book is written."))

    def _save_catalogue(self) -> None:
        """What the workbook changes in the catalogue itself, which has no drafts."""
        for command in self._taken.commands()[:-1] if self._taken is not None else ():
            if submit(self._session, command, lambda said, _no: notify.warning(said)) is None:
                return
        self._taken = None

    def _on_wanted(self, what: str) -> None:
        parent = self._editor.window()
        kinds = t("Workbook") + " (*.xlsx)"
        if what == "import":
            dialog = _dialog(parent, t("Import a price book"), kinds)
            dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
            dialog.fileSelected.connect(lambda path: self.bring_in(Path(path)))
        else:
            dialog = _dialog(parent, t("Export a price book"), kinds)
            dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
            dialog.setDefaultSuffix("xlsx")
            dialog.fileSelected.connect(lambda path: self.write_out(Path(path)))
        dialog.open()


def _dialog(parent: QWidget, title: str, kinds: str) -> QFileDialog:
    dialog = QFileDialog(parent, title)
    dialog.setNameFilter(kinds)
    dialog.finished.connect(dialog.deleteLater)
    return dialog
