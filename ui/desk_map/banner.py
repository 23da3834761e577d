"""The one line over the map: of all that goes on, what matters most is said."""

from __future__ import annotations

from typing import Final, Literal

from ui.map.view import MapView

Layer = Literal["hand", "sketch", "focus", "follow"]

_LAYERS: Final[tuple[Layer, ...]] = ("hand", "sketch", "focus", "follow")
"""The most pressing first."""


class Banner:
    """What each goes on about; the first that says anything is shown."""

    def __init__(self, view: MapView) -> None:
        self._view = view
        self._said: dict[Layer, tuple[str, str]] = {}

    def put(self, layer: Layer, words: str, tone: str = "") -> None:
        """Say this for a layer, or nothing any more."""
        self._said[layer] = (words, tone)
        self._view.say(
            *next((said for each in _LAYERS if (said := self._said.get(each, ("", "")))[0]), ("", ""))
        )
