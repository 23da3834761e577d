"""The map as a widget: marks in, selections out, all in WGS-84 degrees; it knows no backend."""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, Qt, QTimer, QUrl, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from dispatcher_app import clock
from dispatcher_app.domain.datum import gcj02_to_wgs84, wgs84_to_gcj02
from dispatcher_app.text import t
from ui import theme
from ui.map.bridge import Bridge
from ui.map.ground import outlines
from ui.map.look import look
from ui.map.marks import MapSettings, MarkKind, OrderMark, Position, TechnicianMark
from ui.map.picture import Picture

if TYPE_CHECKING:
    from PySide6.QtWebEngineWidgets import QWebEngineView

_BATCH_MS = 250
_CRASHES_BEFORE_GIVING_UP = 3
_CRASHES_FORGOTTEN_AFTER_MS = 60_000


class MapView(QWidget):
    """Technicians and orders on a map that works without the internet.

    Tell it marks and positions at any time and as often as they come: the page gets one message at most
    every 250 ms, and only after it has drawn the one before.
    """

    selected = Signal(str, str)
    """Kind and id of a mark that a person clicked."""
    activated = Signal(str, str)
    """Kind and id of a mark that a person double-clicked or pressed Enter on."""
    place_picked = Signal(float, float)
    """Longitude and latitude (WGS-84) of the place picked after `begin_pick`."""
    pick_cancelled = Signal()
    loaded = Signal()
    """The page shows everything it was told so far; again after a crash."""

    def __init__(
        self,
        settings: MapSettings | None = None,
        now_ms: Callable[[], int] = clock.now_ms,
        parent: QWidget | None = None,
        *,
        started: bool = True,
    ) -> None:
        super().__init__(parent)
        self._settings = settings or MapSettings()
        self._now_ms = now_ms
        self._shift = wgs84_to_gcj02 if self._settings.datum == "gcj02" else _unshifted
        self._picture = Picture(self._shift)
        self._bridge = Bridge(self)
        self._engine: QWebEngineView | None = None
        self._ready = False
        self._sent = 0
        self._shown = 0
        self._selection: tuple[str, str] = ("", "")
        self._districts: Mapping[str, Any] = self._settings.districts or {}
        self._route: list[tuple[float, float]] = []
        self._picking = False
        self._place: dict[str, Any] | None = None
        self._crashes: list[int] = []
        self._due = False
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._rest = QTimer(self, singleShot=True, interval=_BATCH_MS)
        self._soon.timeout.connect(self._flush)
        self._rest.timeout.connect(self._flush)
        self._bridge.ready.connect(self._on_ready)
        self._bridge.applied.connect(self._on_applied)
        self._bridge.selected.connect(self._on_selected)
        self._bridge.activated.connect(self.activated)
        self._bridge.picked.connect(self._on_picked)
        self._bridge.pick_cancelled.connect(self.cancel_pick)
        self._bridge.moved.connect(self._on_moved)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self.setMinimumSize(240, 160)
        self._began = False
        if started:
            self.start()

    def start(self) -> None:
        """Start the web engine, which takes a second the first time; a map that runs already goes on."""
        if not self._began:
            self._began = True
            self._start()

    @property
    def available(self) -> bool:
        """Whether there is a map at all: the web engine runs on this machine."""
        return self._engine is not None

    def shown(self, kind: MarkKind) -> frozenset[str]:
        """The ids of all marks of a kind that are on the map, in sight or not."""
        marks: Iterable[str] = self._picture.technicians if kind == "technician" else self._picture.orders
        return frozenset(marks)

    def set_technicians(self, marks: Iterable[TechnicianMark]) -> None:
        """Show exactly these technicians; who is not among them leaves the map."""
        given = {mark.id: mark for mark in marks}
        self._picture.remove("technician", self._picture.technicians.keys() - given.keys())
        self.put_technicians(given.values())

    def put_technicians(self, marks: Iterable[TechnicianMark]) -> None:
        """Add or change some technicians, leaving the others as they are."""
        self._picture.put_technicians(marks)
        self._schedule()

    def move_technicians(self, positions: Iterable[Position]) -> None:
        """Take newer positions of technicians already on the map; they glide there."""
        self._picture.move(positions)
        self._schedule()

    def set_orders(self, marks: Iterable[OrderMark]) -> None:
        """Show exactly these orders."""
        given = {mark.id: mark for mark in marks}
        self._picture.remove("order", self._picture.orders.keys() - given.keys())
        self.put_orders(given.values())

    def put_orders(self, marks: Iterable[OrderMark]) -> None:
        """Add or change some orders, leaving the others as they are."""
        self._picture.put_orders(marks)
        self._schedule()

    def remove(self, kind: MarkKind, ids: Iterable[str]) -> None:
        """Take some marks off the map."""
        self._picture.remove(kind, ids)
        self._schedule()

    def set_districts(self, districts: Mapping[str, Any]) -> None:
        """Show these districts of a GeoJSON: outlines with their names, or only names at points."""
        if districts != self._districts:
            self._districts = districts
            self._tell(districts=outlines(districts, self._shift))

    def set_route(self, places: Iterable[tuple[float, float]]) -> None:
        """Show one way from place to place, the places numbered from 1; none takes it away."""
        route = [self._shift(lon, lat) for lon, lat in places]
        if route != self._route:
            self._route = route
            self._tell(route=route)

    def select(self, kind: MarkKind, id: str) -> None:
        """Ring a mark; the view goes there only if it is out of sight and no person holds the view."""
        self._selection = (kind, id)
        self._tell(select=self._selection)

    def clear_selection(self) -> None:
        """Ring nothing."""
        self._selection = ("", "")
        self._tell(select=self._selection)

    def begin_pick(self) -> None:
        """Let a person pick a place: by click, or by Enter for the centre; `place_picked` or `pick_cancelled`."""
        self._picking = True
        self._tell(pick=True)
        if self._engine is not None:
            self._engine.setFocus(Qt.FocusReason.OtherFocusReason)

    def cancel_pick(self) -> None:
        """End picking without a place."""
        if self._picking:
            self._picking = False
            self._tell(pick=False)
            self.pick_cancelled.emit()

    def fit(self) -> None:
        """Show all marks, and follow them again if a person had moved the view."""
        self._place = None
        self._tell(fit=True)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.LanguageChange):
            self._dress()
        super().changeEvent(event)

    # The web engine

    def _start(self) -> None:
        try:
            from ui.map import engine

            view = engine.open_view(self, self._bridge)
        except (ImportError, OSError) as error:
            self._say(
                t("The map cannot be shown on this machine. Everything else goes on as usual."), str(error)
            )
            return
        view.renderProcessTerminated.connect(self._on_crashed)
        self._engine = view
        self._box.addWidget(view)
        self.setFocusProxy(view)
        self._dress()
        self._load()

    def _load(self) -> None:
        if self._engine is not None:
            # folium is 20 MB, and a fifth of a second of the start, that a desk without a map can do without.
            from ui.map.page import address, build

            self._ready = False
            self._engine.setHtml(build(self._settings), QUrl(address(self._settings)))

    def _on_ready(self) -> None:
        self._ready = True
        self._sent = self._shown = 0
        self._tell(
            look=look(theme.current(), self._settings.stale_after_ms),
            districts=outlines(self._districts, self._shift),
            route=self._route,
            select=self._selection,
            pick=self._picking,
            **self._picture.whole(),
            **({"view": self._place} if self._place else {}),
        )

    def _on_crashed(self) -> None:
        now = self._now_ms()
        self._crashes = [at for at in self._crashes if now - at < _CRASHES_FORGOTTEN_AFTER_MS] + [now]
        self._ready = False
        if len(self._crashes) >= _CRASHES_BEFORE_GIVING_UP:
            self._drop_engine()
            self._say(t("The map stopped several times. Everything else goes on as usual."), "")
        else:
            # Out of the engine's own signal: loading inside it is refused.
            QTimer.singleShot(0, self._load)

    def _drop_engine(self) -> None:
        if self._engine is not None:
            self._box.removeWidget(self._engine)
            self._engine.deleteLater()
            self._engine = None

    def _say(self, sentence: str, reason: str) -> None:
        text = sentence if not reason else f"{sentence}\n{t('Reason: {reason}', reason=reason)}"
        label = QLabel(text, self, alignment=Qt.AlignmentFlag.AlignCenter, wordWrap=True)
        self._box.addWidget(label, 1)
        again = QPushButton(t("Try again"), self)
        again.clicked.connect(lambda: self._try_again(label, again))
        self._box.addWidget(again, 0, Qt.AlignmentFlag.AlignHCenter)
        self._box.addSpacing(theme.current().space(6))

    def _try_again(self, *said: QWidget) -> None:
        for widget in said:
            self._box.removeWidget(widget)
            widget.deleteLater()
        self._crashes.clear()
        self._start()

    # The conversation with the page

    def _schedule(self) -> None:
        # At the next turn of the loop, with whatever else this turn brings; then a rest.
        self._due = True
        if not self._rest.isActive():
            self._soon.start()

    def _flush(self) -> None:
        if not self._due or not self._ready or self._rest.isActive() or self._shown != self._sent:
            return
        self._due = False
        if difference := self._picture.difference():
            self._tell(**difference)
            self._rest.start()

    def _tell(self, **message: Any) -> None:
        if not self._ready:
            return
        self._sent += 1
        message |= {"no": self._sent, "now": self._now_ms()}
        self._bridge.told.emit(json.dumps(message, ensure_ascii=False, separators=(",", ":")))

    def _on_applied(self, number: int) -> None:
        self._shown = number
        if number == 1:
            self.loaded.emit()
        self._flush()

    def _dress(self) -> None:
        if self._engine is not None:
            self._engine.page().setBackgroundColor(theme.current().colour("canvas"))
        self._tell(look=look(theme.current(), self._settings.stale_after_ms))

    def _on_selected(self, kind: str, id: str) -> None:
        self._selection = (kind, id)
        self.selected.emit(kind, id)

    def _on_moved(self, lon: float, lat: float, zoom: float, held: bool) -> None:
        self._place = {"lon": lon, "lat": lat, "zoom": zoom, "held": True} if held else None

    def _on_picked(self, lon: float, lat: float) -> None:
        self._picking = False
        place = gcj02_to_wgs84(lon, lat) if self._settings.datum == "gcj02" else (lon, lat)
        self.place_picked.emit(*place)


def _unshifted(lon: float, lat: float) -> tuple[float, float]:
    return lon, lat
