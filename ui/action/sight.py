"""The actions about what is shown: the board's days, how wide, which rows; the wall."""

from __future__ import annotations

from typing import Final

from ui.action.scene import Action

SIGHT: Final[tuple[Action, ...]] = (
    Action(id="board", group="go", text="Go to the board", icon="board", keys=("Ctrl+4",)),
    Action(id="only_panel", group="go", text="Only this panel", icon="fit", keys=("F11",)),
    Action(id="tear_off", group="go", text="Panel into a window of its own, or back", brief="Own window", icon="detach",
           keys=("Shift+F11",)),
    Action(id="all_back", group="go", text="All panels back into one window", icon="attach", keys=("Ctrl+Shift+F11",)),
    Action(id="layouts", group="go", text="Windows and layouts", icon="layout", keys=("Alt+F11",)),
    Action(id="save_layout", group="go", text="Save the windows as a layout…", icon="save", keys=("Ctrl+Alt+F11",)),
    Action(id="wall", group="go", text="Wall: the day on large screens", icon="wall", keys=("Ctrl+F11",)),
    Action(id="board_today", group="go", text="Board: today", icon="calendar", keys=("Alt+Home",)),
    Action(id="board_previous", group="go", text="Board: a day earlier", icon="previous", keys=("Alt+PgUp",)),
    Action(id="board_next", group="go", text="Board: a day later", icon="next", keys=("Alt+PgDown",)),
    Action(id="board_days", group="go", text="Board: one day or three", icon="columns", keys=("Alt+D",)),
    Action(id="board_now", group="go", text="Board: to the present moment", icon="locate", keys=("Alt+End",)),
    Action(id="board_fit", group="go", text="Board: the whole working day", icon="widen", keys=("Alt+0",)),
    Action(id="board_closer", group="go", text="Board: closer", icon="zoom_in", keys=("Alt+=", "Alt++")),
    Action(id="board_farther", group="go", text="Board: farther", icon="zoom_out", keys=("Alt+-",)),
    Action(id="board_find", group="go", text="Board: find technicians", icon="search", keys=("Alt+F",)),
    Action(id="board_alerts", group="go", text="Board: only rows with alerts", icon="attention", keys=("Alt+A",)),
    Action(id="board_lanes", group="go", text="Board: orders that nobody goes to", icon="state.pending", keys=("Alt+L",)),
)  # fmt: skip
"""In the order of the menu."""
