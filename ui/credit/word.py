"""What somebody decides about credit, in a few words: a field, its buttons, and why it was refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.rule.crediting import REASON_LIMIT
from ui import theme
from ui.controls.field import Field
from ui.controls.section import label
from ui.submit import submit

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

Make = Callable[[str], Any]
"""The command for what was typed."""


class Word(QWidget):
    """`said` stands above the field; each button submits what its command makes of the typed words."""

    def __init__(self, session: Session, code: str, hint: str) -> None:
        super().__init__()
        self._session = session
        self.setObjectName(f"credit_{code}")
        look = theme.current()
        self.said = label("", "", wrap=True)
        self.said.setObjectName(f"credit_{code}_said")
        self.field = Field()
        self.field.setMaxLength(REASON_LIMIT)
        self.field.setObjectName(f"credit_{code}_words")
        self.field.setPlaceholderText(hint)
        self.field.setAccessibleName(hint)
        self.error = label("", "error", wrap=True)
        self.error.hide()
        self.buttons: dict[str, QPushButton] = {}
        self._made: dict[str, Make] = {}
        self._about: object = None
        self._row = QHBoxLayout()
        self._row.setSpacing(look.space(2))
        self._row.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.space(1))
        for part in (self.said, self.field):
            column.addWidget(part)
        column.addLayout(self._row)
        column.addWidget(self.error)
        self.setFocusProxy(self.field)

    def add(self, code: str, word: str, make: Make, *, primary: bool = False) -> QPushButton:
        """One more button."""
        button = QPushButton(word)
        button.setObjectName(f"credit_{code}")
        if primary:
            button.setProperty("kind", "primary")
        button.clicked.connect(lambda: self._submit(code))
        self.buttons[code], self._made[code] = button, make
        self._row.insertWidget(self._row.count() - 1, button)
        return button

    def about(self, subject: object, said: str) -> None:
        """What it is about; the words that were typed about something else are gone."""
        if subject != self._about:
            self._about = subject
            self.field.clear()
            self._refuse("")
        self.said.setText(said)
        self.said.setVisible(bool(said))

    @property
    def typed(self) -> bool:
        """Whether something stands there that nobody has sent."""
        return bool(self.field.text().strip()) and self.isVisible()

    def _submit(self, code: str) -> None:
        self._refuse("")
        made = self._made[code](self.field.text().strip())
        if made is not None and submit(self._session, made, self._refuse) is not None:
            self.field.clear()
        elif made is not None:
            self.field.setFocus()

    def _refuse(self, sentence: str, _rejected: Rejected | None = None) -> None:
        self.error.setText(sentence)
        self.error.setVisible(bool(sentence))
        self.field.set_invalid(sentence or None)
