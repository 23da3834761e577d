"""Which rows the board shows and in which order: groups, sorting, filters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QToolButton, QWidget

from dispatcher_app.client.state import Changed
from dispatcher_app.domain.technician import Technician
from dispatcher_app.text import t
from ui import icons, name, theme
from ui.board.row import BoardFilter, Grouping, Sort
from ui.controls.field import SearchField
from ui.controls.filter import Choice
from ui.controls.flow import Flow
from ui.mark import TECHNICIAN

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_GROUPINGS: Final[dict[Grouping, str]] = {
    "team": "by team##board", "district": "by district##board", "skill": "by skill##board",
}  # fmt: skip
_SORTS: Final[dict[Sort, str]] = {"free": "first free##board", "load": "most loaded##board"}


class ChoosingBar(QWidget):
    """Emits `filtered` with a `BoardFilter` and `ordered` with grouping and sort.

    `filters` is a line of its own, which whoever shows the bar puts below it; it is there while it is asked for.
    """

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
        self.filters = QWidget()
        self._clear = QPushButton(t("Clear filters"))
        self.alerts, self.more = QToolButton(), QToolButton()
        for button, code, words in (
            (self.alerts, "board_only_alerts", t("Only rows with alerts")),
            (self.more, "board_filters", t("Filter by team, district, skill, status")),
        ):
            button.setObjectName(code)
            button.setCheckable(True)
            button.setToolTip(words)
            button.setAccessibleName(words)
        self.alerts.clicked.connect(self._tell)
        self.more.toggled.connect(self.filters.setVisible)
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
        filtered = any(choice.code for choice in self._by.values())
        for button, icon, token in (
            (self.alerts, "attention", "red"),
            (self.more, "filter", "accent" if filtered else "text"),
        ):
            button.setIcon(icons.icon(icon, token))
            button.setIconSize(QSize(edge, edge))
        self._clear.setVisible(filtered)

    def add_tool(self, tool: QWidget) -> None:
        """Put a button at the right end."""
        self._row.addWidget(tool)

    def _tell(self) -> None:
        chosen = {code: choice.code or "" for code, choice in self._by.items()}
        wanted = BoardFilter(
            text=self.search.text().strip(), alerts=self.alerts.isChecked(), region=self._region, **chosen
        )
        self.dress()
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
        look = theme.current()
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look.space(0.5))
        self.search.setMinimumWidth(look.px(96))
        self.search.setMaximumWidth(look.px(220))
        row.addWidget(self.search, 1)
        for choice in (self.group, self.sort):
            row.addWidget(choice)
        row.addWidget(self.more)
        row.addWidget(self.alerts)
        row.addStretch()
        inside, line = QWidget(), QHBoxLayout(self.filters)
        line.setContentsMargins(look.space(2), 0, look.space(2), look.space(1))
        line.addWidget(inside)
        flow = Flow(inside, look.space(1))
        for code, choice in {"group": self.group, "sort": self.sort, **self._by}.items():
            choice.setObjectName(f"board_{code}")
        for choice in self._by.values():
            flow.addWidget(choice)
            choice.chosen.connect(lambda _code: self._tell())
        flow.addWidget(self._clear)
        self._clear.setProperty("kind", "link")
        self._clear.setProperty("compact", True)
        self._clear.clicked.connect(self.clear)
        self.filters.hide()
        for choice in (self.group, self.sort):
            choice.chosen.connect(lambda _code: self.ordered.emit(self.grouping, self.sorting))
        self.dress()
