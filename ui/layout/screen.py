"""The monitors that are there, as names and rectangles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtGui import QGuiApplication


@dataclass(frozen=True, slots=True)
class Screen:
    """A monitor: what it calls itself, and the room that it has for windows (pixels of the whole desktop)."""

    name: str
    x: int
    y: int
    width: int
    height: int


def present() -> tuple[Screen, ...]:
    """The monitors of this computer, from left to right."""
    told: Counter[str] = Counter()
    found = []
    for each in sorted(QGuiApplication.screens(), key=lambda each: each.geometry().topLeft().toTuple()):
        name = f"{each.name()} {each.serialNumber()}".strip()
        told[name] += 1
        if told[name] > 1:  # two of one make, which tell no number of their own
            name = f"{name} #{told[name]}"
        room = each.availableGeometry()
        found.append(Screen(name, room.x(), room.y(), room.width(), room.height()))
    return tuple(found)


def setup(screens: Sequence[Screen]) -> str:
    """One word for which monitors stand where; a task bar that grows is no other set-up."""
    return "; ".join(f"{each.name} {each.x // 100},{each.y // 100}" for each in screens)
