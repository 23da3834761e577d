"""The object that the application and the map's page share over QWebChannel."""

from PySide6.QtCore import QObject, Signal, Slot


class Bridge(QObject):
    """`told` carries one JSON message to the page; the slots are called by the page, the signals pass it on."""

    told = Signal(str)

    ready = Signal()
    applied = Signal(int)
    selected = Signal(str, str)
    activated = Signal(str, str)
    picked = Signal(float, float)
    pick_cancelled = Signal()
    moved = Signal(float, float, float, bool)
    dragged = Signal(str)
    hovered = Signal(str)
    dropped = Signal(str)
    menued = Signal(str, str, float, float)
    gathered = Signal(str, float, float)
    sketched = Signal(str)
    drawn = Signal()
    let_go = Signal()
    escaped = Signal()

    @Slot()
    def on_ready(self) -> None:
        """The page has connected and shows nothing yet."""
        self.ready.emit()

    @Slot(int)
    def on_applied(self, number: int) -> None:
        """The page shows everything up to the message with that number."""
        self.applied.emit(number)

    @Slot(str, str)
    def on_selected(self, kind: str, id: str) -> None:
        """A person clicked a mark."""
        self.selected.emit(kind, id)

    @Slot(str, str)
    def on_activated(self, kind: str, id: str) -> None:
        """A person double-clicked a mark, or pressed Enter on the selected one."""
        self.activated.emit(kind, id)

    @Slot(float, float)
    def on_picked(self, lon: float, lat: float) -> None:
        """A person picked a place, in the datum of the page."""
        self.picked.emit(lon, lat)

    @Slot()
    def on_pick_cancelled(self) -> None:
        """A person pressed Escape while picking."""
        self.pick_cancelled.emit()

    @Slot(float, float, float, bool)
    def on_moved(self, lon: float, lat: float, zoom: float, held: bool) -> None:
        """The view has another centre (in the datum of the page) or zoom; `held` if a person moved it."""
        self.moved.emit(lon, lat, zoom, held)

    @Slot(str)
    def on_dragged(self, order: str) -> None:
        """A person has taken an order's mark up."""
        self.dragged.emit(order)

    @Slot(str)
    def on_hovered(self, technician: str) -> None:
        """Over whom the hand is now, "" over nobody."""
        self.hovered.emit(technician)

    @Slot(str)
    def on_dropped(self, technician: str) -> None:
        """On whom the hand has let go, "" on nobody."""
        self.dropped.emit(technician)

    @Slot(str, str, float, float)
    def on_menued(self, kind: str, id: str, x: float, y: float) -> None:
        """A person wants the menu of a mark, at a point of the page."""
        self.menued.emit(kind, id, x, y)

    @Slot(str, float, float)
    def on_gathered(self, members: str, x: float, y: float) -> None:
        """A person wants the list of a group that no zoom parts, as JSON of [kind, id]."""
        self.gathered.emit(members, x, y)

    @Slot(str)
    def on_sketched(self, corners: str) -> None:
        """The corners laid so far, as JSON of [longitude, latitude] in the datum of the page."""
        self.sketched.emit(corners)

    @Slot()
    def on_drawn(self) -> None:
        """A person is done with the outline."""
        self.drawn.emit()

    @Slot()
    def on_let_go(self) -> None:
        """A person moved the view away from the technician it followed."""
        self.let_go.emit()

    @Slot()
    def on_escaped(self) -> None:
        """A person steps back from what is going on: measuring, drawing, following, focus."""
        self.escaped.emit()
