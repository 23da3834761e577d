"""The actions about the calendar: which dates, by whom, and what technicians ask for."""

from __future__ import annotations

from typing import Final

from dispatcher_app.domain import role
from ui.action.scene import Action

ROTA: Final[tuple[Action, ...]] = (
    Action(id="calendar", group="go", text="Go to the calendar", icon="calendar", keys=("Ctrl+5",)),
    Action(id="calendar_requests", group="go", text="Requests from technicians", icon="leave", keys=("Ctrl+Alt+9",),
           who=role.KEEPS_TECHNICIANS),
    Action(id="calendar_today", group="go", text="Calendar: today", icon="calendar", keys=("Ctrl+Alt+Home",)),
    Action(id="calendar_previous", group="go", text="Calendar: earlier", icon="previous", keys=("Ctrl+Alt+PgUp",)),
    Action(id="calendar_next", group="go", text="Calendar: later", icon="next", keys=("Ctrl+Alt+PgDown",)),
    Action(id="calendar_month", group="go", text="Calendar: month", icon="columns", keys=("Ctrl+Alt+5",)),
    Action(id="calendar_week", group="go", text="Calendar: week", icon="columns", keys=("Ctrl+Alt+6",)),
    Action(id="calendar_day", group="go", text="Calendar: day", icon="columns", keys=("Ctrl+Alt+7",)),
    Action(id="calendar_group", group="go", text="Calendar: next grouping", icon="team", keys=("Ctrl+Alt+8",)),
    Action(id="calendar_find", group="go", text="Calendar: find technicians", icon="search", keys=("Ctrl+Alt+0",)),
)  # fmt: skip
"""In the order of the menu."""
