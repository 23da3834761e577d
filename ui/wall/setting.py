"""What a wall remembers: how large its screen is, how fast pages turn, when it is dark."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from PySide6.QtCore import QSettings

from ui.settings import choice

_GROUP = "wall"


@dataclass(frozen=True, slots=True)
class WallSettings:
    """Inches (0: as the screen says), seconds a page, minutes until a moved map is let go, hours of daylight."""

    diagonal_in: float = 0.0
    page_s: int = 20
    release_min: int = 5
    light_from: int = 7
    light_until: int = 19
    look: str = "time"
    one_screen: bool = False

    def mode(self, hour: int) -> Literal["light", "dark"]:
        """Light or dark at that hour, unless one is wanted all day."""
        if self.look in ("light", "dark"):
            return "light" if self.look == "light" else "dark"
        if self.light_from <= self.light_until:
            return "light" if self.light_from <= hour < self.light_until else "dark"
        return "dark" if self.light_until <= hour < self.light_from else "light"


def read(settings: QSettings) -> WallSettings:
    """As they were set up; whatever can't be meant is as it is by default."""
    said = choice.read_group(settings, _GROUP)
    usual = WallSettings()
    return WallSettings(
        diagonal_in=_number(said, "diagonal_in", usual.diagonal_in, 0, 200),
        page_s=int(_number(said, "page_s", usual.page_s, 5, 3600)),
        release_min=int(_number(said, "release_min", usual.release_min, 1, 240)),
        light_from=int(_number(said, "light_from", usual.light_from, 0, 24)),
        light_until=int(_number(said, "light_until", usual.light_until, 0, 24)),
        look=str(said.get("look", usual.look)),
        one_screen=said.get("one_screen") is True,
    )


def write(settings: QSettings, wanted: WallSettings) -> None:
    """Keep them for the next wall that is opened here."""
    choice.write_group(settings, _GROUP, asdict(wanted))


def _number(said: dict[str, Any], key: str, usual: float, least: float, most: float) -> float:
    try:
        found = float(said.get(key, usual))
    except (TypeError, ValueError):
        return usual
    return found if least <= found <= most else usual
