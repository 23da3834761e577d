"""What somebody wants to hear: written down where the windows' other habits are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QSettings

from ui.sound.speaker import DEFAULT

AGAIN_MINUTES: Final = 5
"""So long an exception may stand before it is told again, unless somebody chooses otherwise."""
AGAIN_LEAST, AGAIN_MOST = 1, 60


@dataclass(frozen=True, slots=True)
class Hearing:
    """`headset` is where callers are heard; `off` are kinds without a sound; `muted_until` is UTC ms."""

    device: str = DEFAULT
    headset: str = DEFAULT
    volume: int = 60
    again_minutes: int = AGAIN_MINUTES
    off: frozenset[str] = frozenset()
    muted_until: int = 0


def read(settings: QSettings) -> Hearing:
    """As it was chosen; what makes no sense is as if it had not been."""
    return Hearing(
        device=str(settings.value("sound/device", DEFAULT)),
        headset=str(settings.value("sound/headset", DEFAULT)),
        volume=_figure(settings, "volume", 60, 0, 100),
        again_minutes=_figure(settings, "again_minutes", AGAIN_MINUTES, AGAIN_LEAST, AGAIN_MOST),
        off=frozenset(str(settings.value("sound/off", "")).split()),
        muted_until=_figure(settings, "muted_until", 0, 0, 2**53),
    )


def write(settings: QSettings, hearing: Hearing) -> None:
    """Keep it for tomorrow."""
    settings.setValue("sound/device", hearing.device)
    settings.setValue("sound/headset", hearing.headset)
    settings.setValue("sound/volume", hearing.volume)
    settings.setValue("sound/again_minutes", hearing.again_minutes)
    settings.setValue("sound/off", _line(hearing.off))
    settings.setValue("sound/muted_until", hearing.muted_until)


def _line(kinds: Iterable[str]) -> str:
    return " ".join(sorted(kinds))


def _figure(settings: QSettings, name: str, usual: int, least: int, most: int) -> int:
    try:
        return min(max(int(str(settings.value(f"sound/{name}", usual))), least), most)
    except ValueError:
        return usual
