"""The actions on the map: what can be seen of it, measured, drawn, and given to whom with it."""

from __future__ import annotations

from typing import Final

from dispatcher_app.domain import role
from dispatcher_app.domain.act import Rejected
from ui.action.scene import Action, Scene, by_life, by_role, open_to, who_may

_may_assign = by_life("assign", "reassign")


def _of_technician(scene: Scene) -> Rejected | None:
    return Rejected("no_technician_chosen") if scene.technician is None else None


def _of_either(scene: Scene) -> Rejected | None:
    return Rejected("no_order_chosen") if scene.technician is None and scene.order is None else None


def _gives(scene: Scene) -> Rejected | None:
    return _may_assign(scene) or _of_technician(scene)


def _draws(scene: Scene) -> Rejected | None:
    return by_role(role.ENTERS_TECHNICIANS)(scene) or _of_technician(scene)


TERRAIN: Final[tuple[Action, ...]] = (
    Action(id="map_assign", group="order", text="Give it to the technician in hand", brief="Give##map", icon="assign",
           keys=("Shift+F5",), refused=_gives, who=who_may("assign")),
    Action(id="map_follow", group="technician", text="Follow him on the map", brief="Follow", icon="locate",
           keys=("Ctrl+F6",), refused=_of_technician),
    Action(id="draw_area", group="technician", text="Draw an area of his own…", brief="Own area", icon="area",
           keys=("Shift+F6",), who=role.ENTERS_TECHNICIANS, refused=_draws),
    Action(id="map_focus", group="go", text="Map: only what concerns the selection", brief="Focus", icon="focus",
           keys=("Ctrl+F5",), refused=_of_either),
    Action(id="map_fit", group="go", text="Map: show everything", brief="Fit", icon="fit", keys=("Shift+F2",)),
    Action(id="map_filter", group="go", text="Map: filter by skill, team, hours…", brief="Filter##map",
           icon="filter", keys=("Ctrl+F9",)),
    Action(id="map_measure", group="go", text="Map: measure a distance", brief="Measure", icon="ruler",
           keys=("Ctrl+F7",)),
    Action(id="draw_district", group="desk", text="Draw the outlines of districts…", brief="Districts", icon="area",
           keys=("Shift+F9",), **open_to(role.OVERRIDES | role.ADMINISTERS)),
)  # fmt: skip
"""In the order of the menu."""
