"""Photos of an order that are still on their way to the server, and those that did not get there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from dispatcher_app.client.state import Upload
from dispatcher_app.text import t
from ui import format, name, theme
from ui.controls.section import label

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


class Uploads(QWidget):
    """A row for each file with how far it is; hidden while nothing is on its way."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._order = ""
        self._rows: dict[str, _Row] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.current().space(1))
        self.hide()
        stop = session.subscribe(uploads=lambda _upload: self.refresh())
        self.destroyed.connect(lambda: stop())

    def show_order(self, order: str) -> None:
        """Show what is on its way for an order."""
        self._order = order
        self.refresh()

    def refresh(self) -> None:
        """Show how far each file is now."""
        going = {each.id: each for each in self._session.uploads if each.order == self._order}
        for id in [id for id in self._rows if id not in going]:
            row = self._rows.pop(id)
            row.hide()
            row.deleteLater()
        for id, upload in going.items():
            if id not in self._rows:
                self._rows[id] = _Row(self._session, id)
                self._column.addWidget(self._rows[id])
            self._rows[id].show_upload(upload)
        self.setVisible(bool(going))


class _Row(QWidget):
    def __init__(self, session: Session, id: str) -> None:
        super().__init__()
        self._session = session
        self._words = label("", "small", wrap=True)
        self._error = label("", "error", wrap=True)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._again = _small(t("Try again##upload"))
        self._again.clicked.connect(lambda: session.retry(id))
        drop = _small(t("Give up##upload"))
        drop.clicked.connect(lambda: session.cancel_upload(id))
        head = QHBoxLayout()
        head.setSpacing(theme.current().space(2))
        head.addWidget(self._words, 1)
        head.addWidget(self._again)
        head.addWidget(drop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.current().space(0.5))
        column.addLayout(head)
        column.addWidget(self._bar)
        column.addWidget(self._error)

    def show_upload(self, upload: Upload) -> None:
        """How far it is, and why it waits."""
        self._words.setText(
            t("{name}: {sent} of {size}", name=upload.name, sent=format.size(upload.sent),
              size=format.size(upload.size))
        )  # fmt: skip
        self._bar.setRange(0, 1000)
        self._bar.setValue(upload.sent * 1000 // max(upload.size, 1))
        refused = name.refusal(self._session, upload.refusal) if upload.refusal else ""
        why = refused or (name.reason(upload.reason) if upload.reason else "")
        failed = upload.state in ("failed", "refused")
        self._error.setText(why)
        self._error.setVisible(bool(why))
        self._again.setVisible(failed)
        self._bar.setVisible(not failed)


def _small(words: str) -> QPushButton:
    button = QPushButton(words)
    button.setProperty("kind", "link")
    button.setProperty("compact", True)
    return button
