"""Special-operation certificates: which, and until when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QDate, Qt, Signal
from PySide6.QtWidgets import QComboBox, QDateEdit, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from dispatcher_app.domain.calendar import local_date, midnight, next_date
from dispatcher_app.domain.technician import Certificate
from dispatcher_app.text import t
from ui import icons, theme


class Certificates(QWidget):
    """A row for each; `edited` follows every change. The last day is still a valid one."""

    edited = Signal()

    def __init__(
        self, known: Sequence[str], timezone: str, today: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._known, self._timezone, self._today = known, timezone, today
        self._rows: list[_Row] = []
        # Rows come and go; this keeps their place in the way of Tab, before the button.
        self._place = QWidget(self)
        self._place.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._place.setFixedSize(0, 0)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(theme.current().space(1))
        self.more = QPushButton(t("One more certificate"))
        self.more.setObjectName("entry_certificate_more")
        self.more.setProperty("kind", "link")
        self.more.setProperty("compact", True)
        self.more.clicked.connect(self._on_more)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.current().space(1))
        column.addLayout(self._lines)
        column.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        self.setFocusProxy(self.more)

    def write(self, certificates: Sequence[Certificate]) -> None:
        """Show these."""
        for row in tuple(self._rows):
            self._drop(row)
        for each in certificates:
            self._add(each)

    def read(self) -> tuple[Certificate, ...]:
        """As they stand; a row without a name is none."""
        return tuple(found for row in self._rows if (found := row.read()) is not None)

    def _on_more(self) -> None:
        self._add(None).name.setFocus(Qt.FocusReason.TabFocusReason)

    def _add(self, held: Certificate | None) -> _Row:
        row = _Row(self._known, self._timezone, next_date(self._today, 365), held)
        row.name.editTextChanged.connect(lambda _text: self.edited.emit())
        row.until.dateChanged.connect(lambda _date: self.edited.emit())
        row.remove.clicked.connect(lambda: self._on_remove(row))
        self._lines.addWidget(row)
        before: QWidget = self._rows[-1].remove if self._rows else self._place
        for part in (row.name, row.until, row.remove):
            QWidget.setTabOrder(before, part)
            before = part
        self._rows.append(row)
        return row

    def _on_remove(self, row: _Row) -> None:
        self.more.setFocus(Qt.FocusReason.TabFocusReason)
        self._drop(row)
        self.edited.emit()

    def _drop(self, row: _Row) -> None:
        self._rows.remove(row)
        row.hide()
        self._lines.removeWidget(row)
        row.deleteLater()


class _Row(QWidget):
    def __init__(self, known: Sequence[str], timezone: str, last: str, held: Certificate | None) -> None:
        super().__init__()
        self._timezone, self._held = timezone, held
        self.name, self.until, self.remove = QComboBox(), QDateEdit(), QPushButton()
        self.name.setEditable(True)
        self.name.addItems(list(known))
        self.name.setCurrentText(held.name if held else "")
        self.name.setAccessibleName(t("Certificate"))
        self.name.setMinimumContentsLength(8)
        self.name.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        shown = date.fromisoformat(local_date(held.expires_at - 1, timezone) if held else last)
        self.until.setCalendarPopup(True)
        self.until.setDisplayFormat("yyyy-MM-dd")
        self.until.setDate(QDate(shown.year, shown.month, shown.day))
        self.until.setAccessibleName(t("Valid until"))
        self._shown = self.until.date()
        self.remove.setIcon(icons.icon("remove", "muted"))
        self.remove.setProperty("kind", "quiet")
        self.remove.setFixedWidth(theme.current().px(30))
        self.remove.setAccessibleName(t("Remove certificate"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.current().space(2))
        row.addWidget(self.name, 1)
        row.addWidget(self.until)
        row.addWidget(self.remove)

    def read(self) -> Certificate | None:
        name = self.name.currentText().strip()
        if not name:
            return None
        if self._held is not None and self.until.date() == self._shown:
            return Certificate(name, self._held.expires_at)  # to the minute, where it was written so
        last = self.until.date().toString(Qt.DateFormat.ISODate)
        return Certificate(name, midnight(next_date(last), self._timezone))
