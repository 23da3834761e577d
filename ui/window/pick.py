"""A place pointed at on the map, for whichever form has asked for one."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget

from dispatcher_app.domain.place import Point
from ui.booking.panel import BookingPanel
from ui.layout.panels import take_keys
from ui.order.inspector import Inspector
from ui.roster.entry import EntryForm
from ui.window.arrangement import Arrangement
from ui.window.middle import Middle


class Pick(QObject):
    """Goes to the map on somebody's behalf; only whoever asked last gets the answer."""

    def __init__(
        self, arranged: Arrangement, middle: Middle, booking: BookingPanel, inspector: Inspector
    ) -> None:
        super().__init__(middle)
        self._arranged, self._map = arranged, middle.map
        self._taken: Callable[[Point], object] | None = None
        self._back: Callable[[], object] | None = None
        self._map.place_picked.connect(self._on_picked)
        self._map.pick_ended.connect(self._on_ended)
        booking.pick_place_requested.connect(
            lambda: self.ask(lambda point: booking.set_place(point.lon, point.lat), arranged.make_room)
        )
        middle.place_wanted.connect(
            lambda form: self.ask(form.point_at, lambda: self._return_to_roster(middle, form))
        )
        inspector.pick_wanted.connect(lambda form: self.ask(form.point_at, lambda: self._return_to(form)))

    def ask(self, taken: Callable[[Point], object], back: Callable[[], object]) -> None:
        """Let a person point; then go `back`, and give the point to `taken` where there is one."""
        self._taken, self._back = taken, back
        self._arranged.go(self._map)
        self._map.pick_place()

    def _return_to(self, form: QWidget) -> None:
        self._arranged.show_drawer(True)
        take_keys(form, Qt.FocusReason.OtherFocusReason)

    def _return_to_roster(self, middle: Middle, form: EntryForm) -> None:
        middle.go_roster()
        take_keys(form.home, Qt.FocusReason.OtherFocusReason)

    def _on_picked(self, lon: float, lat: float) -> None:
        self._on_ended()
        if self._taken is not None:
            self._taken(Point(lon, lat))

    def _on_ended(self) -> None:
        back, self._back = self._back, None
        if back is not None:
            back()
