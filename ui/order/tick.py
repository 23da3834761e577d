"""One thing to tick: done (with its photo), left out with a reason, or open again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from dispatcher_app.domain.talk import Purpose
from dispatcher_app.text import t
from ui import theme
from ui.controls.section import label
from ui.order.photopick import PhotoPick

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


class Tick(QWidget):
    """Emits `wanted` with done, waived or open, the photo (or None) and the reason code ("" for none)."""

    wanted = Signal(str, object, str)

    def __init__(self, session: Session, order: str, words: str, reasons: Mapping[str, str]) -> None:
        super().__init__()
        self._session, self._order, self._words = session, order, words
        self._photo: PhotoPick | None = None
        self._photo_of: tuple[int, Purpose] | None = None
        self._state, self._said = "open", ""
        self.box = QCheckBox()
        self.box.setAccessibleName(words)
        self.box.clicked.connect(self._on_box)
        self._text = label(words, wrap=True)
        self._text.setBuddy(self.box)
        self._told = label("", "small", wrap=True)
        self._safety = label(t("Safety"), "error")
        self._safety.hide()
        self.leave_out = QPushButton(t("Leave out…"))
        self.leave_out.setProperty("kind", "link")
        self.leave_out.setProperty("compact", True)
        self.leave_out.setObjectName("leave_out")
        self.leave_out.clicked.connect(self._on_leave_out)
        self._with_reasons = bool(reasons)
        self.reason = QComboBox()
        self.reason.setObjectName("leave_out_reason")
        self.reason.setAccessibleName(t("Reason"))
        for code, word in reasons.items():
            self.reason.addItem(t(word), code)
        self._say = QPushButton(t("Leave out##go"))
        self._say.setObjectName("leave_out_go")
        self._say.clicked.connect(lambda: self.wanted.emit("waived", None, self.reason.currentData() or ""))
        self._why = _row(self.reason, self._say)
        self._why.hide()
        self._shot = QWidget()
        self._shot.hide()
        self._send = QPushButton(t("Done##go"), self._shot)
        self._send.setObjectName("tick_photo_go")
        self._send.clicked.connect(self._on_photo)
        self._error = label("", "error", wrap=True)
        self._error.hide()
        self._lay_out()

    def show_state(self, state: str, told: str, may: bool) -> None:
        """Show how it stands and whether it can be ticked now."""
        self._state, self._said = state, told
        self.box.setTristate(state == "waived")
        self.box.setCheckState(
            {"done": Qt.CheckState.Checked, "waived": Qt.CheckState.PartiallyChecked}.get(
                state, Qt.CheckState.Unchecked
            )
        )
        self.box.setEnabled(may)
        self.leave_out.setVisible(may and state == "open" and self._with_reasons)
        self._told.setText(t("Left out: {why}", why=told) if state == "waived" else told)
        self._told.setVisible(bool(told))

    def ask_photo(self, needed: bool, line: int, purpose: str) -> None:
        """It is done only with a photo of this line and purpose."""
        self._photo_of = (line, cast(Purpose, purpose)) if needed else None
        if needed:
            self._text.setText(t("{what} (photo)", what=self._words))

    def mark_safety(self, safety: bool) -> None:
        """Nobody may leave it out."""
        self._safety.setVisible(safety)

    def refuse(self, sentence: str) -> None:
        """Say why it can't be."""
        self._error.setText(sentence)
        self._error.show()

    def answered(self) -> None:
        """It is as was wanted."""
        for part in (self._why, self._shot, self._error):
            part.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and (self._why.isVisible() or self._shot.isVisible()):
            self.answered()
            self.box.setFocus()
        else:
            super().keyPressEvent(event)

    def _on_box(self) -> None:
        # The box shows what is so, not what is wished.
        wished = "done" if self._state == "open" else "open"
        self.show_state(self._state, self._said, True)
        if wished == "done" and self._photo_of is not None:
            self._ask_photo()
        else:
            self.wanted.emit(wished, None, "")

    def _ask_photo(self) -> None:
        if self._photo is None and self._photo_of is not None:
            line, purpose = self._photo_of
            self._photo = PhotoPick(self._session, self._order, purpose, line)
            row = QHBoxLayout(self._shot)
            row.setContentsMargins(0, 0, 0, 0)
            row.addWidget(self._photo, 1)
            row.addWidget(self._send)
        self._shot.show()
        if self._photo is not None:
            self._photo.setFocus()

    def _on_photo(self) -> None:
        photo = self._photo.photo if self._photo else None
        if photo is None:
            self.refuse(t("This check needs a photo."))
        else:
            self.wanted.emit("done", photo, "")

    def _on_leave_out(self) -> None:
        self._why.show()
        self.reason.setFocus()

    def _lay_out(self) -> None:
        look = theme.current()
        first = QHBoxLayout()
        first.setSpacing(look.space(2))
        first.addWidget(self.box, 0, Qt.AlignmentFlag.AlignTop)
        first.addWidget(self._text, 1)
        first.addWidget(self._safety, 0, Qt.AlignmentFlag.AlignTop)
        first.addWidget(self.leave_out, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, look.space(1))
        column.setSpacing(look.space(0.5))
        column.addLayout(first)
        for part in (self._told, self._shot, self._why, self._error):
            column.addWidget(part)


def _row(*parts: QWidget) -> QWidget:
    whole = QWidget()
    row = QHBoxLayout(whole)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(theme.current().space(2))
    for at, part in enumerate(parts):
        row.addWidget(part, 0 if at else 1)
    return whole
