"""The actions about money between us and technicians."""

from __future__ import annotations

from typing import Final

from dispatcher_app.domain import role
from ui.action.scene import Action, open_to

SEES: Final = role.SEES_ACCOUNTS

SETTLING: Final[tuple[Action, ...]] = (
    Action(id="accounts", group="go", text="Technicians' accounts", icon="payment", keys=("Ctrl+7",), **open_to(SEES)),
    Action(id="settlement", group="go", text="Settle a period…", icon="payment", keys=("Ctrl+Alt+F7",), **open_to(SEES)),
    Action(id="withdrawals", group="go", text="Withdrawals", icon="payment", keys=("Ctrl+Alt+F8",), **open_to(SEES)),
    Action(id="deductions", group="go", text="Deductions and appeals", icon="appeal", keys=("Ctrl+Alt+F9",),
           **open_to(SEES)),
)  # fmt: skip
"""In the order of the menu."""
