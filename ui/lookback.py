"""The actions about days that are over."""

from __future__ import annotations

from typing import Final

from dispatcher_app.domain import role
from ui.scene import Action, by_order, open_to

LOOKBACK: Final[tuple[Action, ...]] = (
    Action(id="replay", group="go", text="Replay a day", icon="history", keys=("Ctrl+Alt+Shift+R",),
           **open_to(role.REPLAYS)),
    Action(id="replay_order", group="order", text="Replay this order's last step", icon="history",
           keys=("Ctrl+Alt+Shift+Y",), who=role.REPLAYS, refused=by_order),
)  # fmt: skip
"""In the order of the menu."""
