"""The actions about the ease of working here: settings, silence."""

from __future__ import annotations

from typing import Final

from ui.action.scene import Action

EASE: Final[tuple[Action, ...]] = (
    Action(id="settings", group="desk", text="Settings…", brief="Settings", icon="settings", keys=("Ctrl+,",)),
    Action(id="silence", group="desk", text="Sounds: silent for 10 minutes, or again", brief="Silent", icon="silent",
           keys=("Ctrl+F12",)),
)  # fmt: skip
"""In the order of the menu."""
