"""The actions about the till, and about fees that are let off."""

from __future__ import annotations

from typing import Final

from dispatcher_app.domain import role
from ui.scene import Action, open_to

CASHIER: Final[tuple[Action, ...]] = (
    Action(id="till", group="go", text="Go to the till", icon="cashier", keys=("Ctrl+8",),
           **open_to(role.TENDS_TILL)),
)  # fmt: skip
"""In the order of the menu."""
