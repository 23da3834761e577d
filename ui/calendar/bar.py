"""Above the calendar: which month, week or day; by whom; who of them; and what is asked by technicians."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QDate, QEvent, QPoint, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QCalendarWidget,
    QHBoxLayout,
    QMenu,
    QToolButton,
    QWidget,
    QWidgetAction,
)

from dispatcher_app.client.state import Changed
from dispatcher_app.domain.calendar import local_date
from dispatcher_app.domain.technician import Technician
from dispatcher_app.text import t
from ui import icons, name, theme
from ui.calendar.period import VIEWS, Period, View
from ui.calendar.row import GROUPS, Group, Wanted
from ui.controls.field import SearchField
from ui.controls.filter import Choice
from ui.controls.flow import Flow
from ui.models.team import teams

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


class CalendarBar(QWidget):
    """Emits `shown` with the period, `grouped`, `filtered`, `asked` for the requests, and `wide_wanted`."""

    shown = Signal(object)
    grouped = Signal(str)
    filtered = Signal(object)
    asked = Signal()
    wide_wanted = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.period = Period("week", self._today())
        self.group: Group = "technician"
        self._narrow = False
        self.previous, self.next, self.wide = QToolButton(), QToolButton(), QToolButton()
        self.today, self.title = QToolButton(), QToolButton()
        self.views = {view: QToolButton() for view in VIEWS}
        self.grouping = Choice(t("By technician##calendar"))
        self.team, self.district, self.skill = Choice(t("Team")), Choice(t("District")), Choice(t("Skill"))
        self.search = SearchField(t("Technician or team: name, initials"))
        self.requests = QToolButton()
        self._lay_out()
        self._offer()
        self._say()
        stop = session.subscribe(changed=self._on_changed)
        self.destroyed.connect(lambda: stop())

    @property
    def wanted(self) -> Wanted:
        """Who is looked at."""
        return Wanted(
            self.search.text().strip(), self.team.code or "", self.district.code or "", self.skill.code or ""
        )

    def step(self, by: int) -> None:
        """So many months, weeks or days on."""
        self.go(self.period.step(by))

    def go_today(self) -> None:
        """The period of today."""
        self.go(replace(self.period, date=self._today()))

    def show_view(self, view: View, date: str | None = None) -> None:
        """A month, a week or a day, around the same date or another one."""
        self.go(replace(self.period, view=view, date=date or self.period.date))

    def go(self, period: Period) -> None:
        """Another period."""
        if period != self.period:
            self.period = period
            self.shown.emit(period)
        self._say()

    def hold(self, date: str) -> None:
        """This date of the period is in hand: another view is to show it too."""
        if date in self.period.dates:
            self.period = replace(self.period, date=date)

    def show_group(self, group: Group) -> None:
        """By whom."""
        if group != self.group:
            self.group = group
            self.grouped.emit(group)
        self._say()

    def next_group(self) -> None:
        """The next way of grouping."""
        groups = list(GROUPS)
        self.show_group(groups[(groups.index(self.group) + 1) % len(groups)])

    def set_narrow(self, narrow: bool) -> None:
        """Where there is little room, only filters that are in use are shown."""
        self._narrow = narrow
        self._show_filters()

    def clear(self) -> None:
        """Everybody again."""
        for each in (self.team, self.district, self.skill):
            each.choose(None)
        self.search.clear()
        self._tell()

    def say_requests(self, count: int) -> None:
        """How many requests wait."""
        words = t("Requests {n}", n=count) if count else t("Requests")
        self.requests.setText(words)
        self.requests.setAccessibleName(t("{n} requests wait##calendar", n=count))
        self.requests.setProperty("active", bool(count))
        self.requests.setIcon(icons.icon("leave", "orange" if count else "muted"))

    # ------------------------------------------------------------ inside
    def _today(self) -> str:
        return local_date(self._session.now(), name.timezone(self._session))

    def _say(self) -> None:
        now, zone = self._session.now(), name.timezone(self._session)
        self.title.setText(self.period.title(now, zone))
        self.title.setAccessibleName(t("Shown: {period}; choose another date", period=self.title.text()))
        self.today.setEnabled(self._today() not in self.period.dates)
        self.views[self.period.view].setChecked(True)
        self.grouping.choose(self.group if self.group != "technician" else None)

    def _tell(self) -> None:
        self._show_filters()
        self.filtered.emit(self.wanted)

    def _show_filters(self) -> None:
        for choice in (self.team, self.district, self.skill):
            choice.setVisible(choice.offers and (not self._narrow or choice.code is not None))

    def _on_grouping(self, code: object) -> None:
        self.show_group(cast(Group, code or "technician"))

    def _on_changed(self, changed: Changed) -> None:
        if changed.everything or not {"technician", "region"}.isdisjoint(changed.ids):
            before = self.wanted
            self._offer()
            if self.wanted != before:  # the team that was looked at is there no more
                self._tell()

    def _offer(self) -> None:
        people = [each for each in self._session.all(Technician) if each.region == self._session.region_id]
        region = name.region(self._session)
        known, skills = teams(people), sorted({skill for each in people for skill in each.skills})
        self.team.offer((each, each) for each in known)
        self.skill.offer((each, name.capital(name.skill(each))) for each in skills)
        parts = region.districts if region else ()
        self.district.offer((each.id, name.district(self._session, each.id)) for each in parts)
        self.grouping.offer((code, t(GROUPS[code])) for code in GROUPS if code != "technician")
        self._show_filters()

    def _pick(self) -> None:
        menu = QMenu(self)
        picker = QCalendarWidget()
        picker.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        picker.setSelectedDate(QDate.fromString(self.period.date, Qt.DateFormat.ISODate))

        def picked(date: QDate) -> None:
            menu.close()
            self.go(replace(self.period, date=date.toString(Qt.DateFormat.ISODate)))

        picker.activated.connect(picked)
        picker.clicked.connect(picked)
        held = QWidgetAction(menu)
        held.setDefaultWidget(picker)
        menu.addAction(held)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.title.mapToGlobal(QPoint(0, self.title.height() + 2)))
        picker.setFocus(Qt.FocusReason.PopupFocusReason)

    def _lay_out(self) -> None:
        look = theme.current()
        for button, code, words, done in (
            (self.previous, "calendar_previous", t("Earlier##calendar"), lambda: self.step(-1)),
            (self.next, "calendar_next", t("Later##calendar"), lambda: self.step(1)),
            (self.today, "calendar_today", t("Today"), self.go_today),
            (self.title, "calendar_title", "", self._pick),
            (self.requests, "calendar_asked", t("Requests"), self.asked.emit),
            (self.wide, "calendar_wide", t("Only this panel"), self.wide_wanted.emit),
        ):
            button.setObjectName(code)
            button.setProperty("kind", "quiet")
            button.setAccessibleName(words)
            button.setToolTip(words)
            button.clicked.connect(lambda _checked, done=done: done())
        self.today.setText(t("Today"))
        self.wide.setCheckable(True)
        together = QButtonGroup(self)
        for view, button in self.views.items():
            button.setObjectName(f"calendar_{view}")
            button.setText(t(VIEWS[view]))
            button.setCheckable(True)
            together.addButton(button)
            button.clicked.connect(lambda _checked, view=view: self.show_view(view))
        self.grouping.chosen.connect(self._on_grouping)
        self.grouping.setObjectName("calendar_group")
        for choice, code in ((self.team, "team"), (self.district, "district"), (self.skill, "skill")):
            choice.setObjectName(f"calendar_filter_{code}")
            choice.chosen.connect(lambda _code: self._tell())
        self.search.setObjectName("calendar_search")
        self.search.setFixedWidth(look.px(190))
        self.search.searched.connect(lambda _text: self._tell())
        self.requests.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        inner = QWidget()
        flow = Flow(inner, look.space(1))
        for part in (
            self.previous, self.today, self.next, self.title, *self.views.values(), self.grouping, self.team,
            self.district, self.skill, self.search, self.requests, self.wide,
        ):  # fmt: skip
            flow.addWidget(part)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(look.space(2), look.space(1), look.space(2), look.space(1))
        whole.addWidget(inner)
        self._draw()

    def _draw(self) -> None:
        edge = theme.current().icon_size
        for button, icon in ((self.previous, "previous"), (self.next, "next"), (self.wide, "fit")):
            button.setIcon(icons.icon(icon))
            button.setIconSize(QSize(edge, edge))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.PaletteChange:
            self._draw()
        super().changeEvent(event)
