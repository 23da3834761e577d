"""A layout: which panels stand in windows of their own and where, and what the main window shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from dispatcher_app.text import t
from ui.layout.frame import Frame, fitted
from ui.layout.screen import Screen

BOARD: Final = "board_panel"
MAP: Final = "map_panel"


@dataclass(frozen=True, slots=True)
class Layout:
    """Panels by their object names. No `main` leaves the main window where it is, no `split` its parts as they are."""

    main: Frame | None = None
    torn: Mapping[str, Frame] = field(default_factory=dict)
    split: bytes = b""
    tab: str = ""
    wide: tuple[str, ...] | None = None


def brought(layout: Layout, screens: Sequence[Screen], here: str) -> Layout:
    """The layout on the monitors that are there; `here` is the one that the main window stands on."""
    main = fitted(layout.main, screens, "") if layout.main else None
    where = main.screen if main else here
    return replace(
        layout, main=main, torn={id: fitted(each, screens, where) for id, each in layout.torn.items()}
    )


def _one(screens: Sequence[Screen], here: str) -> Layout:
    return Layout()


def _beside(*panels: str) -> Callable[[Sequence[Screen], str], Layout]:
    def made(screens: Sequence[Screen], here: str) -> Layout:
        own = next(each for each in screens if each.name == here)
        others = [each for each in screens if each.name != here]
        if len(others) >= len(panels):
            torn = {id: Frame(each.name, 0, 0, each.width, each.height, "maximized")
                    for id, each in zip(panels, others, strict=False)}  # fmt: skip
        else:
            torn = _shared(panels, others[0] if others else own, whole=bool(others))
        return Layout(Frame(here, 0, 0, own.width, own.height, "maximized"), torn)

    return made


def _shared(panels: Sequence[str], screen: Screen, *, whole: bool) -> dict[str, Frame]:
    """Side by side on one monitor, or on its right half where the main window is on it as well."""
    left, room = (0, screen.width) if whole else (screen.width // 2, screen.width - screen.width // 2)
    each = room // len(panels)
    return {id: Frame(screen.name, left + at * each, 0, each, screen.height) for at, id in enumerate(panels)}


BUILT_IN: Final[Mapping[str, Callable[[Sequence[Screen], str], Layout]]] = {
    "#one": _one,
    "#board": _beside(BOARD),
    "#map": _beside(MAP),
    "#board_map": _beside(BOARD, MAP),
}
"""The layouts that are always there, made for the monitors at hand; no name that a person types begins with #."""


def title(name: str) -> str:
    """A layout's name as it is shown."""
    return {
        "#one": t("Everything in one window"),
        "#board": t("Board on a second screen"),
        "#map": t("Map on a second screen"),
        "#board_map": t("Board and map on other screens"),
    }.get(name, name)
