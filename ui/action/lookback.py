"""The actions about days that are over."""

from __future__ import annotations

from typing import Final

from dispatcher_app.domain import role
from dispatcher_app.domain.act import Rejected
from ui.action.scene import Action, Scene, by_order, by_role, open_to


def _refused(scene: Scene) -> Rejected | None:
    return by_role(role.REPLAYS)(scene) or by_order(scene)


LOOKBACK: Final[tuple[Action, ...]] = (
    Action(id="replay", group="go", text="Replay a day", icon="history", keys=("Ctrl+Alt+Shift+R",),
           **open_to(role.REPLAYS)),
    Action(id="replay_order", group="order", text="Replay this order's last step", icon="history",
           keys=("Ctrl+Alt+Shift+Y",), who=role.REPLAYS, refused=_refused),
)  # fmt: skip
"""In the order of the menu."""
