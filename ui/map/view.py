"""The map as a widget: marks in, selections out, all in WGS-84 degrees; it knows no backend."""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from PySide6.QtCore import QEvent, QPoint, QPointF, QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dispatcher_app import clock
from dispatcher_app.domain.datum import gcj02_to_wgs84, wgs84_to_gcj02
from dispatcher_app.text import t
from ui import theme
from ui.map.bridge import Bridge
from ui.map.ground import outlines
from ui.map.hand import Hand
from ui.map.look import look
from ui.map.marks import MapSettings, MarkKind, OrderMark, Position, TechnicianMark, Way
from ui.map.picture import Picture
from ui.map.stage import Stage

_BATCH_MS = 250

Place = tuple[float, float]
"""Longitude and latitude, WGS-84."""


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
    order_taken = Signal(str)
    """A person has begun to drag an order's mark."""
    hovered = Signal(object, str)
    """The orders that are dragged over the map, and over which technician they are ("" for none)."""
    hand_left = Signal()
    """The drag has left the map or come to nothing."""
    dropped = Signal(object, str)
    """The orders that were dropped, and on which technician."""
    menu_wanted = Signal(str, str, QPoint)
    """Kind and id of a mark, and where on the screen its menu belongs."""
    gathered = Signal(object, QPoint)
    """The marks of a group that no zoom parts, as (kind, id), and where on the screen."""
    sketched = Signal(object)
    """The places laid so far while measuring or drawing."""
    drawn = Signal()
    """A person pressed Ctrl+Enter: the outline is done."""
    holding = Signal(bool)
    """A person has moved the view, which stays as it is (True), or it follows the marks again (False)."""
    released = Signal()
    """A person moved the view away from the technician it followed."""
    escaped = Signal()
    """A person pressed Escape while measuring, drawing or following, or while all but something is dimmed."""
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
        self._stage = Stage(self._settings, self._bridge, now_ms, self)
        self._ready = False
        self._sent = 0
        self._shown = 0
        self._selection: tuple[str, str] = ("", "")
        self._districts: Mapping[str, Any] = self._settings.districts or {}
        self._way: dict[str, Any] = _told(Way(), self._shift)
        self._picking = False
        self._standing: dict[str, Any] = {}
        self._place: dict[str, Any] | None = None
        self._held_orders: tuple[str, ...] = ()
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
        self._bridge.let_go.connect(self._on_let_go)
        self._bridge.drawn.connect(self.drawn)
        self._bridge.escaped.connect(self.escaped)
        self._bridge.dragged.connect(self.order_taken)
        self._bridge.sketched.connect(self._on_sketched)
        self._bridge.menued.connect(self._on_menued)
        self._bridge.gathered.connect(self._on_gathered)
        self._stage.emptied.connect(self._on_emptied)
        self._carry()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._stage)
        self.setFocusProxy(self._stage)
        self.setMinimumSize(240, 160)
        if started:
            self.start()

    def start(self) -> None:
        """Start the web engine, which takes a second the first time; a map that runs already goes on."""
        self._stage.start()

    def enlarge(self, factor: float) -> None:
        """Show everything so many times as large, for whoever reads from afar."""
        self._stage.enlarge(factor)

    @property
    def available(self) -> bool:
        """Whether there is a map at all: the web engine runs on this machine."""
        return self._stage.available

    def shown(self, kind: MarkKind) -> frozenset[str]:
        """The ids of all marks of a kind that are on the map, in sight or not."""
        marks: Iterable[str] = self._picture.technicians if kind == "technician" else self._picture.orders
        return frozenset(marks)

    def marks(self) -> list[TechnicianMark | OrderMark]:
        """All marks, as the map was told of them."""
        return [*self._picture.technicians.values(), *self._picture.orders.values()]

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

    def set_way(self, way: Way) -> None:
        """Show one technician's day: his drives, the numbered stops, and the list of them; an empty one takes it away."""
        told = _told(way, self._shift)
        if told != self._way:
            self._way = told
            self._tell(way=told)

    def look_only_at(self, marks: Iterable[tuple[MarkKind, str]] | None) -> None:
        """Dim everything but these marks; None shows all alike again."""
        self._stand(focus=None if marks is None else sorted(f"{kind} {id}" for kind, id in marks))

    def follow(self, technician: str) -> None:
        """Keep a technician in the middle of the view until a person moves it (`released`); "" for nobody."""
        self._stand(follow=technician)

    def say(self, words: str, tone: str = "") -> None:
        """One line over the map on what is going on; `tone` is "follow", "wrong" or none."""
        self._stand(say=words, tone=tone)

    def begin_measure(self) -> None:
        """Let a person lay places one after the other; `sketched` tells them."""
        self._sketch("measure", (), ())

    def begin_area(self, corners: Iterable[Place], fixed: Iterable[Place] = ()) -> None:
        """Let a person draw an outline, or change this one; new corners are drawn to the `fixed` ones beside them."""
        self._sketch("area", corners, fixed)

    def write_sketch(self, said: Iterable[str]) -> None:
        """Words beside the places laid so far."""
        self._tell(sketched={"said": list(said)})

    def end_sketch(self) -> None:
        """Take the places laid off the map again."""
        self._sketch("", (), ())

    def allow_drop(self, allowed: bool) -> None:
        """Whether what is dragged could be dropped where it is; the pointer says so."""
        self._hand.allowed = allowed

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
        self._tell(pick=True, say=t("Click the place. Enter takes the centre, Esc cancels."), tone="")
        self._stage.take_keys()

    def cancel_pick(self) -> None:
        """End picking without a place."""
        if self._picking:
            self._end_pick()
            self.pick_cancelled.emit()

    def fit(self) -> None:
        """Show all marks, and follow them again if a person had moved the view."""
        self._place = None
        self._tell(fit=True)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.LanguageChange):
            self._dress()
        super().changeEvent(event)

    # The conversation with the page

    def _on_emptied(self) -> None:
        self._ready = False

    def _on_ready(self) -> None:
        self._ready = True
        self._sent = self._shown = 0
        self._tell(
            look=look(theme.current(), self._settings.stale_after_ms),
            districts=outlines(self._districts, self._shift),
            way=self._way,
            select=self._selection,
            pick=self._picking,
            **self._standing,
            **self._picture.whole(),
            **({"view": self._place} if self._place else {}),
        )

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

    def _stand(self, **message: Any) -> None:
        """Tell the page something that stays so, should it have to be loaded anew."""
        if any(self._standing.get(key) != value for key, value in message.items()):
            self._standing |= message
            self._tell(**message)

    def _sketch(self, mode: str, corners: Iterable[Place], fixed: Iterable[Place]) -> None:
        shifted = {
            "corners": [self._shift(lon, lat) for lon, lat in corners],
            "fixed": [self._shift(lon, lat) for lon, lat in fixed],
        }
        self._standing["sketch"] = {"mode": mode} | shifted
        self._tell(sketch=self._standing["sketch"])
        if mode:
            self._stage.take_keys()

    def _on_sketched(self, corners: str) -> None:
        places = json.loads(corners)
        if sketch := self._standing.get("sketch"):
            self._standing["sketch"] = sketch | {"corners": places}
        self.sketched.emit([self._true(lon, lat) for lon, lat in places])

    def _true(self, lon: float, lat: float) -> Place:
        return gcj02_to_wgs84(lon, lat) if self._settings.datum == "gcj02" else (lon, lat)

    def _dress(self) -> None:
        self._stage.dress()
        self._tell(look=look(theme.current(), self._settings.stale_after_ms))

    def _on_let_go(self) -> None:
        self._standing["follow"] = ""
        self.released.emit()

    def _on_menued(self, kind: str, id: str, x: float, y: float) -> None:
        self.menu_wanted.emit(kind, id, self._stage.on_screen(x, y))

    def _on_gathered(self, members: str, x: float, y: float) -> None:
        marks = [(str(kind), str(id)) for kind, id in json.loads(members)]
        self.gathered.emit(marks, self._stage.on_screen(x, y))

    # What is dragged over the map

    def _carry(self) -> None:
        self._hand = Hand(self)
        self._hand.entered.connect(self._on_entered)
        self._hand.moved.connect(lambda at: self._tell(hover=_spot(at)))
        self._hand.left.connect(self._on_hand_left)
        self._hand.let_go.connect(lambda at: self._tell(drop=_spot(at)))
        self._bridge.hovered.connect(self._on_hovered)
        self._bridge.dropped.connect(self._on_dropped)

    def _on_entered(self, orders: tuple[str, ...]) -> None:
        self._held_orders = orders
        self.hovered.emit(orders, "")

    def _on_hovered(self, technician: str) -> None:
        if self._held_orders:
            self.hovered.emit(self._held_orders, technician)

    def _on_hand_left(self) -> None:
        self._held_orders = ()
        self._tell(hover=None)
        self.hand_left.emit()

    def _on_dropped(self, technician: str) -> None:
        orders, self._held_orders = self._held_orders, ()
        if technician and orders:
            self.dropped.emit(orders, technician)
        self.hand_left.emit()

    def _on_selected(self, kind: str, id: str) -> None:
        self._selection = (kind, id)
        self.selected.emit(kind, id)

    def _on_moved(self, lon: float, lat: float, zoom: float, held: bool) -> None:
        self._place = {"lon": lon, "lat": lat, "zoom": zoom, "held": True} if held else None
        self.holding.emit(held)

    def _on_picked(self, lon: float, lat: float) -> None:
        self._end_pick()
        self.place_picked.emit(*self._true(lon, lat))

    def _end_pick(self) -> None:
        self._picking = False
        self._tell(pick=False, say=self._standing.get("say", ""), tone=self._standing.get("tone", ""))


def _told(way: Way, shift: Callable[[float, float], Place]) -> dict[str, Any]:
    return {
        "title": way.title,
        "note": way.note,
        "legs": [
            {"line": [shift(*place) for place in leg.line], "road": leg.road, "past": leg.past}
            for leg in way.legs
        ],
        "stops": [
            {
                "order": stop.order, "n": stop.number, "at": shift(stop.lon, stop.lat), "clock": stop.clock,
                "hours": stop.hours, "state": stop.state, "word": stop.word, "what": stop.what,
            }
            for stop in way.stops
        ],
    }  # fmt: skip


def _spot(at: QPointF) -> dict[str, float]:
    return {"x": at.x(), "y": at.y()}


def _unshifted(lon: float, lat: float) -> Place:
    return lon, lat
