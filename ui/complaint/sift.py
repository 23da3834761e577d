"""Which complaints are listed: the views with their counts, how grave, whose, and words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QButtonGroup, QComboBox, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from dispatcher_app.domain import role
from dispatcher_app.domain.region import Staff
from dispatcher_app.text import t
from ui import format, theme
from ui.complaint.model import Wanted
from ui.controls.field import SearchField
from ui.controls.flow import Flow
from ui.order.complained import SEVERITIES

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

VIEWS: Final[dict[str, str]] = {
    "open": "Open##complaints",
    "unanswered": "To answer##complaints",
    "overdue": "Overdue##complaints",
    "mine": "Mine##complaints",
    "free": "Nobody's##complaints",
    "waiting": "Waiting##complaints",
    "call_back": "To call back##complaints",
    "closed": "Closed##complaints",
}
_HUES: Final = {"unanswered": "orange", "overdue": "red"}


class Sift(QWidget):
    """Emits `wanted` with what is to be listed."""

    wanted = Signal(object)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._view = "open"
        self._group = QButtonGroup(self)
        self.buttons: dict[str, QToolButton] = {}
        look = theme.current()
        views = QWidget()
        flow = Flow(views, look.space(1))
        for code in VIEWS:
            self.buttons[code] = button = QToolButton()
            button.setObjectName(f"complaints_{code}")
            button.setCheckable(True)
            button.clicked.connect(lambda _checked, code=code: self.look_at(code))
            self._group.addButton(button)
            flow.addWidget(button)
        self.severity, self.owner = QComboBox(), QComboBox()
        self.severity.setObjectName("complaints_severity")
        self.severity.setAccessibleName(t("Severity"))
        self.severity.addItem(t("Any severity"), "")
        for code, word in SEVERITIES.items():
            self.severity.addItem(t(word), code)
        self.owner.setObjectName("complaints_owner")
        self.owner.setAccessibleName(t("Owner##complaint"))
        self.search = SearchField(t("No., customer, technician"))
        self.search.setObjectName("complaints_search")
        row = QHBoxLayout()
        row.setSpacing(look.space(2))
        for part, stretch in ((self.severity, 0), (self.owner, 0), (self.search, 1)):
            row.addWidget(part, stretch)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.space(2))
        column.addWidget(views)
        column.addLayout(row)
        self.severity.currentIndexChanged.connect(lambda _at: self._tell())
        self.owner.currentIndexChanged.connect(lambda _at: self._tell())
        self.search.searched.connect(lambda _text: self._tell())
        self.say({})
        self.buttons[self._view].setChecked(True)
        self.offer_owners()

    def look_at(self, view: str) -> None:
        """Another view."""
        self._view = view
        self.buttons[view].setChecked(True)
        self._tell()

    def say(self, counts: Mapping[str, int]) -> None:
        """Write the counts beside the names; what presses has its colour."""
        for code, button in self.buttons.items():
            count = counts.get(code, 0)
            button.setText(f"{t(VIEWS[code])} {format.count(count)}" if count else t(VIEWS[code]))
            button.setAccessibleName(button.text())
            hue = theme.current().colour(_HUES.get(code, "text")).name()
            button.setStyleSheet(f"QToolButton {{ color: {hue}; }}" if count and code in _HUES else "")

    def offer_owners(self) -> None:
        """Offer everybody who may have one."""
        chosen = self.owner.currentData()
        with QSignalBlocker(self.owner):
            self.owner.clear()
            self.owner.addItem(t("Anybody's"), "")
            for person in sorted(self._session.all(Staff), key=lambda each: each.name):
                if person.active and not role.TAKES_COMPLAINTS.isdisjoint(person.roles):
                    self.owner.addItem(person.name, person.id)
            self.owner.setCurrentIndex(max(0, self.owner.findData(chosen)))

    def _tell(self) -> None:
        self.wanted.emit(
            Wanted(
                view=self._view, severity=self.severity.currentData() or "", owner=self.owner.currentData() or "",
                text=self.search.text(),
            )
        )  # fmt: skip
