"""The map in the window: its actions, and the menus of its marks."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtWidgets import QMenu

from ui.action.deck import Deck
from ui.desk_map.assign import Offers
from ui.desk_map.panel import MapPanel
from ui.window.arrangement import Arrangement

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_TOOLS = ("map_focus", "map_measure", "draw_district")
"""Shown as icons over the map."""


class Mapping(QObject):
    """What is done on the map shows it first, with the keys in it."""

    def __init__(self, session: Session, arranged: Arrangement, deck: Deck, panel: MapPanel) -> None:
        super().__init__(panel)
        self._session, self._arranged, self._deck, self._panel = session, arranged, deck, panel
        panel.bar.add_tools(deck[id] for id in _TOOLS)
        panel.menu_wanted.connect(self._on_menu)

    def handlers(self) -> dict[str, Callable[[], object]]:
        """The actions that are answered here."""
        panel = self._panel
        return {
            "map_assign": self._give,
            "map_follow": lambda: self._on_technician(panel.follow),
            "draw_area": lambda: self._on_technician(panel.draw_area),
            "map_focus": lambda: self._shown(panel.focus),
            "map_fit": lambda: self._shown(panel.view.fit),
            "map_filter": lambda: self._shown(lambda: panel.bar.sheet.open_below(panel.bar.more)),
            "map_measure": lambda: self._shown(panel.measure),
            "draw_district": lambda: self._shown(panel.draw_district),
        }

    def _shown(self, act: Callable[[], object]) -> None:
        self._arranged.go(self._panel)
        act()

    def _on_technician(self, act: Callable[[str], object]) -> None:
        technician = self._deck.scene.technician
        if technician is not None:
            self._panel.show_technician(technician.id)
            self._shown(lambda: act(technician.id))

    def _give(self) -> None:
        scene = self._deck.scene
        if scene.order is not None and scene.technician is not None and self._panel.assigning is not None:
            self._panel.assigning.give(scene.order.id, scene.technician.id)

    def _on_menu(self, kind: str, id: str, at: QPoint) -> None:
        """A mark's menu: whom an order suits best, then everything that the lists offer."""
        menu = QMenu(self._panel)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setToolTipsVisible(True)
        if kind == "technician":
            self._deck.fill(menu, "technician")
        else:
            self._deck.fill(menu, "order")
            if self._panel.assigning is not None and self._deck["assign"].isEnabled():
                offers = Offers(self._session, id, self._panel.assigning, menu)
                menu.insertMenu(menu.actions()[0] if menu.actions() else self._deck["assign"], offers)
        menu.popup(at)
