"""The drafts that are open, each on its key Alt+1 … 5."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from dispatcher_app.domain.customer import Customer
from dispatcher_app.text import t
from ui import theme
from ui.booking.draft import Draft

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

KEYS: Final = 5
_LETTERS: Final = 5


class Tray(QWidget):
    """A row of small buttons, hidden while there is only the one in hand."""

    switched = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._row = QHBoxLayout(self)
        side = theme.current().space(3)
        self._row.setContentsMargins(side, 0, side, 0)
        self._row.setSpacing(theme.current().space(1))
        self._row.addStretch()
        self._shown: list[tuple[str, str, bool]] = []

    def show_drafts(self, drafts: Sequence[tuple[str, str]], current: str) -> None:
        """Show these drafts (id and a few letters), the one in hand pressed."""
        shown = [
            (id, f"{at} {_cut(said)}" if at <= KEYS else _cut(said), id == current)
            for at, (id, said) in enumerate(drafts, 1)
            if at <= KEYS or id == current
        ]
        if shown == self._shown:
            return
        self._shown = shown
        while self._row.count() > 1:
            item = self._row.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for at, (id, said, here) in enumerate(shown):
            self._row.insertWidget(at, self._button(at + 1, id, said, here))
        self.setVisible(len(shown) > 1)

    def _button(self, key: int, id: str, said: str, here: bool) -> QPushButton:
        button = QPushButton(said)
        button.setProperty("kind", "quiet")
        button.setProperty("compact", "true")
        button.setCheckable(True)
        button.setChecked(here)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setToolTip(t("Alt+{key}", key=key) if key <= KEYS else "")
        button.setAccessibleName(t("Draft {what}", what=said))
        button.clicked.connect(lambda: self.switched.emit(id))
        return button


def _cut(said: str) -> str:
    return said if len(said) <= _LETTERS else f"{said[:_LETTERS]}…"


def short(session: Session, draft: Draft) -> str:
    """A draft in a few letters: the caller's name, else the end of the number."""
    known = session.get(Customer, draft.customer) if draft.customer else None
    said = known.name if known else draft.name.strip()
    return said or draft.phone[-4:] or draft.lines[0].said or t("new##draft")
