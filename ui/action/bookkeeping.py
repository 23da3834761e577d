"""The actions of those who compare our books with what others say."""

from __future__ import annotations

from typing import Final

from dispatcher_app.domain import role
from ui.action.scene import Action, open_to

BOOKKEEPING: Final[tuple[Action, ...]] = (
    Action(id="reconcile", group="go", text="Go to reconciliation", icon="checks", keys=("Ctrl+Alt+4",),
           **open_to(role.RECONCILES)),
    Action(id="read_bill", group="go", text="Reconciliation: read a bill…", icon="import", keys=("Alt+Shift+B",),
           **open_to(role.RECONCILES)),
)  # fmt: skip
"""In the order of the menu."""
