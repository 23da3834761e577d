"""The visits that a change of working time would hit, said before it is saved."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from dispatcher_app.client.schedule import Sheet
from dispatcher_app.domain.calendar import local_date, next_date
from dispatcher_app.domain.day import Stop, serves
from dispatcher_app.text import t
from ui import format, name, theme
from ui.controls.section import label
from ui.models.roster import ID
from ui.task import Latest

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_SOON_MS: Final = 120
_ROWS: Final = 6
DATES_MOST: Final = 62
"""Further than that nobody plans visits; what is asked for a year of leave is only its first months."""


@dataclass(frozen=True, slots=True)
class Away:
    """Somebody would not work from `start` to `end` (UTC ms)."""

    technician: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Hit:
    """One visit that would have nobody, or that would lie outside the hours."""

    technician: str
    stop: Stop
    title: str


class Hits(QWidget):
    """Emits `order_wanted`, and `told` once it is known how many there are."""

    order_wanted = Signal(str)
    told = Signal(int)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._away: tuple[Away, ...] = ()
        self.hits: tuple[Hit, ...] = ()
        self._ask = Latest(self)
        self._soon = QTimer(self, singleShot=True, interval=_SOON_MS)
        self._soon.timeout.connect(self._on_soon)
        self._words = label("", "muted", wrap=True)
        self._words.setObjectName("calendar_hits")
        self._list = QListWidget()
        self._list.setAccessibleName(t("Visits that this hits"))
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.itemActivated.connect(lambda item: self.order_wanted.emit(item.data(ID)))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.current().space(1))
        column.addWidget(self._words)
        column.addWidget(self._list)
        self.clear()

    @property
    def settled(self) -> bool:
        """Whether what is said is about what was asked last."""
        return not self._soon.isActive() and not self._ask.busy

    def clear(self) -> None:
        """There is nothing to be said."""
        self._soon.stop()
        self._ask.forget()
        self._away, self.hits = (), ()
        self._words.hide()
        self._list.hide()

    def about(self, away: Iterable[Away]) -> None:
        """Say whom these would hit; what is the same as before is not asked again."""
        wanted = tuple(away)
        if not wanted:
            self.clear()
        elif wanted != self._away:
            self._away = wanted
            self._soon.start()

    def _on_soon(self) -> None:
        dates = dates_of(self._away, name.timezone(self._session), self._session.now())
        if dates:
            self._ask.ask(self._session.schedule(dates), self._on_sheet)
        else:
            self._show(())

    def _on_sheet(self, sheet: Sheet) -> None:
        self._show(hits(self._session, sheet, self._away))

    def _show(self, found: Sequence[Hit]) -> None:
        self.hits = tuple(found)
        self._list.clear()
        now, zone = self._session.now(), name.timezone(self._session)
        several = len({each.technician for each in self._away}) > 1
        for hit in self.hits:
            who = f"{name.technician(self._session, hit.technician)} · " if several else ""
            item = QListWidgetItem(
                f"{who}{format.window(hit.stop.start, hit.stop.end, now, zone)}   {hit.title}"
            )
            item.setData(ID, hit.stop.order)
            item.setToolTip(item.text())
            self._list.addItem(item)
        count = len(self.hits)
        if count:
            self._words.setText(t("Hits {n} visits, which stay planned until somebody moves them:", n=count))
        else:
            self._words.setText(t("Hits no visit."))
        self._words.setProperty("role", "error" if count else "muted")
        self._words.style().unpolish(self._words)
        self._words.style().polish(self._words)
        self._words.show()
        self._list.setVisible(count > 0)
        self._list.setFixedHeight(min(count, _ROWS) * theme.current().px(31) + 4)
        self.told.emit(count)


def dates_of(away: Iterable[Away], timezone: str, now: int) -> list[str]:
    """The local dates that are concerned, from today on, as far as visits are planned."""
    found: set[str] = set()
    for each in away:
        date, last = local_date(max(each.start, now), timezone), local_date(each.end, timezone)
        while date <= last and len(found) < DATES_MOST:
            found.add(date)
            date = next_date(date)
    return sorted(found)


def hits(session: Session, sheet: Sheet, away: Sequence[Away]) -> list[Hit]:
    """The visits to come that somebody could not serve, the whole of each counted, in order of time."""
    times: dict[str, list[Away]] = {}
    for each in away:
        times.setdefault(each.technician, []).append(each)
    now = session.now()
    found = [
        Hit(day.technician, stop, _title(session, sheet, stop))
        for day in sheet.days
        for stop in day.stops
        if serves(stop)
        and stop.end > now
        and any(stop.start < each.end and each.start < stop.end for each in times.get(day.technician, ()))
    ]
    return sorted(found, key=lambda hit: (hit.stop.start, hit.technician))


def _title(session: Session, sheet: Sheet, stop: Stop) -> str:
    brief = sheet.briefs.get(stop.order)
    if brief is None:
        return name.order(session, stop.order)
    number = name.split_number(brief.number)[1]
    parts = [number, name.item(session, brief.item), "" if name.masked(session) else brief.name]
    if stop.state == "tentative":
        parts.append(t("not dispatched yet##calendar"))
    return " · ".join(filter(None, parts))
