"""Until when the maker's own warranty runs: asked before a return is booked, since the maker mends it for nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from dispatcher_app.domain.order import Order
from dispatcher_app.text import t
from ui import format, name
from ui.controls.field import Field
from ui.controls.section import label
from ui.order.form import row_of

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


class MakerField(QWidget):
    """A date that the customer names, what is known of it already; `date` is "" where nothing was said."""

    def __init__(self, session: Session, order: Order) -> None:
        super().__init__()
        known = max((line.maker_until for line in order.lines), default="")
        today = f"{format.local(session.now(), name.timezone(session)):%Y-%m-%d}"
        self.field = Field(known)
        self.field.setMaxLength(len(today))
        self.field.setObjectName("return_maker")
        self.field.setPlaceholderText(t("e.g. {date}", date=today))
        self.field.setAccessibleName(t("Maker's warranty until"))
        self.hint = label("", "error", wrap=True)
        self.hint.setObjectName("return_maker_hint")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row_of(t("Maker's warranty until"), self.field))
        column.addWidget(self.hint)
        self._today = today
        self.field.textChanged.connect(lambda _text: self._tell())
        self._tell()

    @property
    def date(self) -> str:
        """The date as it was typed."""
        return self.field.text().strip()

    def _tell(self) -> None:
        runs = len(self.date) == len(self._today) and self.date >= self._today
        self.hint.setText(
            t("Point the customer to the maker first: he mends it for nothing.") if runs else ""
        )
        self.hint.setVisible(runs)
