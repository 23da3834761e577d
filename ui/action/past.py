"""The actions about what was done: taking it back, doing it again, the list of it."""

from __future__ import annotations

from typing import Final

from dispatcher_app.domain import role
from dispatcher_app.domain.act import Rejected
from ui.action.scene import Action, Scene


def _undoable(scene: Scene) -> Rejected | None:
    return None if scene.session.undoable() else Rejected("nothing_to_undo")


def _redoable(scene: Scene) -> Rejected | None:
    return None if scene.session.undoable(redo=True) else Rejected("nothing_to_redo")


PAST: Final[tuple[Action, ...]] = (
    Action(id="undo", group="desk", text="Undo last", brief="Undo", icon="undo", keys=("Ctrl+Alt+Z",),
           who=role.SEES_PEOPLE, refused=_undoable),
    Action(id="redo", group="desk", text="Redo last", brief="Redo", icon="redo", keys=("Ctrl+Alt+Shift+Z",),
           who=role.SEES_PEOPLE, refused=_redoable),
    Action(id="done", group="go", text="What was done", icon="history", keys=("Ctrl+U",), who=role.SEES_PEOPLE),
)  # fmt: skip
"""In the order of the menu."""
