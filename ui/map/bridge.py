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
