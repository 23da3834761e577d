"""Which rows the board shows and in which order: groups, sorting, filters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from dispatcher_app.client.state import Changed
from dispatcher_app.domain.technician import Technician
from dispatcher_app.text import t
from ui import icons, name, theme
from ui.board.row import BoardFilter, Grouping, Sort
from ui.controls.field import SearchField
from ui.controls.filter import Choice
from ui.mark import TECHNICIAN

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_GROUPINGS: Final[dict[Grouping, str]] = {
    "team": "by team##board", "district": "by district##board", "skill": "by skill##board",
}  # fmt: skip
_SORTS: Final[dict[Sort, str]] = {"free": "first free##board", "load": "most loaded##board"}


class ChoosingBar(QWidget):
    """Emits `filtered` with a `BoardFilter` and `ordered` with grouping and sort."""

    filtered = Signal(object)
    ordered = Signal(str, str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._region = ""
        self.search = SearchField(t("Technician: name or initials"))
        self.search.setObjectName("board_search")
        self.search.searched.connect(lambda _text: self._tell())
        self.group, self.sort = Choice(t("Groups##board")), Choice(t("By name##board"))
        self._by = {
            code: Choice(word)
            for code, word in (
                ("team", t("Team")), ("district", t("District")), ("skill", t("Skill")), ("status", t("Status"))
            )
        }  # fmt: skip
        self.alerts = QToolButton()
        self.alerts.setObjectName("board_only_alerts")
        self.alerts.setCheckable(True)
        self.alerts.setToolTip(t("Only rows with alerts (Alt+A)"))
        self.alerts.setAccessibleName(t("Only rows with alerts"))
        self.alerts.clicked.connect(self._tell)
        self._lay_out()
        self._offer()
        stop = session.subscribe(changed=self._on_changed)
        self.destroyed.connect(lambda: stop())

    @property
    def grouping(self) -> Grouping:
        """The groups chosen."""
        return cast(Grouping, self.group.code or "")

    @property
    def sorting(self) -> Sort:
        """The order chosen."""
        return cast(Sort, self.sort.code or "name")

    def show_region(self, region: str) -> None:
        """Only one region, or all for an empty one."""
        self._region = region
        self._tell()

    def clear(self) -> None:
        """Show everybody again."""
        for choice in self._by.values():
            choice.choose(None)
        self.alerts.setChecked(False)
        self.search.clear()
        self._tell()

    def toggle_alerts(self) -> None:
        """Only rows with alerts, or all again."""
        self.alerts.click()

    def restore(self, grouping: str, sort: str) -> None:
        """As it was yesterday."""
        self.group.choose(grouping if grouping in _GROUPINGS else None)
        self.sort.choose(sort if sort in _SORTS else None)
        self.ordered.emit(self.grouping, self.sorting)

    def dress(self) -> None:
        """Take the look in use."""
        edge = theme.current().icon_size
        self.alerts.setIcon(icons.icon("attention", "red"))
        self.alerts.setIconSize(QSize(edge, edge))

    def _tell(self) -> None:
        chosen = {code: choice.code or "" for code, choice in self._by.items()}
        wanted = BoardFilter(
            text=self.search.text().strip(), alerts=self.alerts.isChecked(), region=self._region, **chosen
        )
        self.filtered.emit(wanted)

    def _on_changed(self, changed: Changed) -> None:
        if changed.everything or not {"technician", "region"}.isdisjoint(changed.ids):
            self._offer()

    def _offer(self) -> None:
        people = [
            each for each in self._session.all(Technician) if each.region in self._session.staff.regions
        ]
        teams = sorted({each.team for each in people if each.team})
        skills = sorted({skill for each in people for skill in each.skills})
        region = name.region(self._session)
        districts = region.districts if region else ()
        self._by["team"].offer((team, team) for team in teams)
        self._by["team"].setVisible(bool(teams))
        self._by["skill"].offer((skill, name.skill(skill)) for skill in skills)
        self._by["district"].offer((each.id, name.district(self._session, each.id)) for each in districts)
        self._by["status"].offer((code, looks.label()) for code, looks in TECHNICIAN.items())
        groups = [code for code in _GROUPINGS if code != "team" or teams]
        self.group.offer((code, t(_GROUPINGS[code])) for code in groups)
        self.sort.offer((code, t(word)) for code, word in _SORTS.items())

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.current().space(0.5))
        self.search.setMinimumWidth(theme.current().px(90))
        self.search.setMaximumWidth(theme.current().px(220))
        row.addWidget(self.search, 1)
        for code, choice in {"group": self.group, "sort": self.sort, **self._by}.items():
            choice.setObjectName(f"board_{code}")
            row.addWidget(choice)
        self.alerts.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        row.addWidget(self.alerts)
        for choice in self._by.values():
            choice.chosen.connect(lambda _code: self._tell())
        for choice in (self.group, self.sort):
            choice.chosen.connect(lambda _code: self.ordered.emit(self.grouping, self.sorting))
        self.dress()
