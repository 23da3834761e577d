"""The photos tab: what was photographed by purpose; pictures arrive when they arrive."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QMimeData, QStandardPaths, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QComboBox, QPushButton, QVBoxLayout, QWidget

from dispatcher_app.domain import life
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.talk import TAKEN_BY, Attachment, Purpose
from dispatcher_app.text import t
from ui import format, theme
from ui.controls.section import Section, label
from ui.order.form import row_of
from ui.order.purpose import PURPOSES, purpose_word
from ui.order.thumb import Flow, Thumb
from ui.order.uploading import carries_files, choose_files, files_in, send_files
from ui.order.uploads import Uploads
from ui.task import Errands, Latest

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_USUAL: Final[dict[str, Purpose]] = {
    "en_route": "arrival", "in_progress": "during", "on_hold": "during", "finished": "after", "completed": "after",
    "received": "custody", "diagnosing": "during", "repairing": "during", "ready": "after", "handed_back": "hand_back",
}  # fmt: skip
"""What a photo is probably of while an order is there."""


class PhotoPage(QWidget):
    """Emits `opened` with the photos of the order and which of them is to be seen large."""

    opened = Signal(object, str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._order: Order | None = None
        self._photos: tuple[Attachment, ...] = ()
        self._shown: object = None
        self._asking = Latest(self)
        self._fetching = Errands(self)
        self.purpose = QComboBox()
        self.purpose.setObjectName("photo_purpose")
        self.purpose.setAccessibleName(t("Photo of"))
        for code in PURPOSES:
            if code in TAKEN_BY["staff"]:
                self.purpose.addItem(purpose_word(code), code)
        self.add = QPushButton(t("Add photos…"))
        self.add.setObjectName("photo_add")
        self.add.clicked.connect(self.choose)
        self._hint = label(t("Or drop them here, or paste with Ctrl+V."), "small", wrap=True)
        self.uploads = Uploads(session)
        self._none = label(t("There are no photos yet."), "muted", wrap=True)
        self._groups = QVBoxLayout()
        self._groups.setSpacing(theme.current().space(3))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.current().space(2))
        column.addLayout(row_of(self.purpose, self.add))
        column.addWidget(self._hint)
        column.addWidget(self.uploads)
        column.addWidget(self._none)
        column.addLayout(self._groups)
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_order(self, order: Order) -> None:
        """Show an order's photos."""
        if self._order is None or self._order.id != order.id:
            self._photos, self._shown = (), None
            usual = _USUAL.get(order.status, "fault")
            self.purpose.setCurrentIndex(max(self.purpose.findData(usual), 0))
        self._order = order
        may = life.refusal(order.status, "attach", self._session.actor, order.region) is None
        for part in (self.purpose, self.add, self._hint):
            part.setVisible(may)
        self.setAcceptDrops(may)
        self.uploads.show_order(order.id)
        self._draw()
        self._asking.ask(self._session.attachments_of(order.id), self._on_photos)

    @property
    def photos(self) -> tuple[Attachment, ...]:
        """What is shown."""
        return self._photos

    def choose(self) -> None:
        """Add photos that are chosen in a dialog."""
        self._send(choose_files(self))

    def paste(self) -> None:
        """Add what is in the clipboard."""
        self._take(QGuiApplication.clipboard().mimeData())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste):
            self.paste()
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if carries_files(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self._take(event.mimeData())
        event.acceptProposedAction()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.PaletteChange:
            self._shown = None
        super().changeEvent(event)

    # ------------------------------------------------------------ adding
    def _take(self, mime: QMimeData) -> None:
        folder = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.TempLocation))
        self._send(files_in(mime, folder))

    def _send(self, files: Sequence[Path]) -> None:
        if self._order is not None:
            purpose: Purpose = self.purpose.currentData()
            send_files(self._session, self._order.id, files, purpose)

    # ------------------------------------------------------------ showing
    def _on_photos(self, found: Sequence[Attachment]) -> None:
        self._photos = tuple(sorted(found, key=lambda each: (PURPOSES.index(each.purpose), each.at, each.id)))
        self._draw()

    def _draw(self) -> None:
        order = self._order
        if order is None:
            return
        self._none.setVisible(not order.attachments and not self._photos)
        shown = (order.id, tuple(each.id for each in self._photos))
        if shown == self._shown:
            return
        self._shown = shown
        self._fetching.forget()
        while (item := self._groups.takeAt(0)) is not None:
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        for purpose, group in groupby(self._photos, key=lambda each: each.purpose):
            found = list(group)
            section = Section(purpose_word(purpose))
            section.set_count(format.count(len(found)))
            flow = Flow()
            for photo in found:
                thumb = Thumb(self._session, photo)
                thumb.opened.connect(lambda id: self.opened.emit(self._photos, id))
                flow.add(thumb)
                self._fetching.run(thumb.fetch())
            section.body.addWidget(flow)
            self._groups.addWidget(section)
