"""The photos tab: what was photographed by purpose; pictures arrive when they arrive."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QMimeData, QStandardPaths, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QComboBox, QPushButton, QVBoxLayout, QWidget

from dispatcher_app.domain import life
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.talk import TAKEN_BY, Attachment, Purpose
from dispatcher_app.text import t
from ui import theme
from ui.controls.section import label
from ui.order.form import row_of
from ui.order.gallery import Gallery
from ui.order.purpose import PURPOSES, purpose_word
from ui.order.uploading import carries_files, choose_files, files_in, send_files
from ui.order.uploads import Uploads
from ui.task import Latest

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
        self._gallery = Gallery(session)
        self._gallery.opened.connect(self.opened)
        self._shown: object = None
        self._asking = Latest(self)
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
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.current().space(2))
        column.addLayout(row_of(self.purpose, self.add))
        column.addWidget(self._hint)
        column.addWidget(self.uploads)
        column.addWidget(self._none)
        column.addWidget(self._gallery)
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_order(self, order: Order) -> None:
        """Show an order's photos."""
        if self._order is None or self._order.id != order.id:
            self._shown = None
            self._gallery.show_photos(())
            usual = _USUAL.get(order.status, "fault")
            self.purpose.setCurrentIndex(max(self.purpose.findData(usual), 0))
        self._order = order
        may = life.refusal(order.status, "attach", self._session.actor, order.region) is None
        for part in (self.purpose, self.add, self._hint):
            part.setVisible(may)
        self.setAcceptDrops(may)
        self.uploads.show_order(order.id)
        self._none.setVisible(not order.attachments and not self.photos)
        self._asking.ask(self._session.attachments_of(order.id), self._on_photos)

    @property
    def photos(self) -> tuple[Attachment, ...]:
        """What is shown."""
        return self._gallery.photos

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
        self._draw(found)

    def _draw(self, found: Sequence[Attachment]) -> None:
        order = self._order
        if order is None:
            return
        self._none.setVisible(not order.attachments and not found)
        shown = (order.id, frozenset(each.id for each in found))
        if shown != self._shown:
            self._shown = shown
            self._gallery.show_photos(found)
