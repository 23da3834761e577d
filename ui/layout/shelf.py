"""Layouts as this desk keeps them: how it stood last with each set of monitors, and those that have a name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeVar

import msgspec
from PySide6.QtCore import QSettings

from ui.layout.layout import BUILT_IN, Layout, brought
from ui.layout.screen import Screen, setup

_KEPT_SETUPS: Final = 12
_NOW: Final = "layouts/now"
_NAMED: Final = "layouts/named"
_CHOSEN: Final = "layouts/chosen"

_Kept = TypeVar("_Kept")

Variants = dict[str, Layout]
"""The same layout for each set of monitors, the one used last at the end."""


class Shelf:
    """Reads and writes at once, so that a crash loses nothing."""

    def __init__(self, settings: QSettings) -> None:
        self._settings = settings

    def stood(self, screens: Sequence[Screen]) -> Layout | None:
        """How the desk stood when these monitors were there last; else as with any others."""
        return _suited(self._read_now(), screens)

    def stands(self, screens: Sequence[Screen], layout: Layout) -> None:
        """This is how it stands now."""
        self._write(_NOW, _with(self._read_now(), screens, layout))

    @property
    def chosen(self) -> str:
        """The name of the layout that was chosen last."""
        return str(self._settings.value(_CHOSEN, "") or "")

    def choose(self, name: str) -> None:
        """Remember what was chosen."""
        self._settings.setValue(_CHOSEN, name)

    def names(self) -> list[str]:
        """The built-in ones, then one's own in the order in which they were made."""
        return [*BUILT_IN, *(name for name in self._read_named() if name not in BUILT_IN)]

    def altered(self, name: str) -> bool:
        """Whether a built-in layout is no longer what it was."""
        return name in BUILT_IN and name in self._read_named()

    def get(self, name: str, screens: Sequence[Screen], here: str) -> Layout | None:
        """A layout for the monitors that are there; `here` is the one of the main window."""
        found = _suited(self._read_named().get(name, {}), screens)
        if found is None and name in BUILT_IN:
            found = BUILT_IN[name](screens, here)
        return brought(found, screens, here) if found is not None else None

    def save(self, name: str, screens: Sequence[Screen], layout: Layout) -> None:
        """Keep a layout under a name, for these monitors; what it is with others stays."""
        named = self._read_named()
        named[name] = _with(named.get(name, {}), screens, layout)
        self._write(_NAMED, named)

    def rename(self, name: str, to: str) -> None:
        """Another name for one's own layout, at the same place in the list."""
        self._write(_NAMED, {to if each == name else each: kept for each, kept in self._read_named().items()})
        if self.chosen == name:
            self.choose(to)

    def delete(self, name: str) -> None:
        """Forget one's own layout, or what was changed in a built-in one."""
        self._write(_NAMED, {each: kept for each, kept in self._read_named().items() if each != name})
        if self.chosen == name and name not in BUILT_IN:
            self.choose("")

    def _read_now(self) -> Variants:
        return self._read(_NOW, Variants)

    def _read_named(self) -> dict[str, Variants]:
        return self._read(_NAMED, dict[str, Variants])

    def _read(self, key: str, kind: type[_Kept]) -> _Kept:
        try:
            return msgspec.json.decode(str(self._settings.value(key, "") or "{}"), type=kind)
        except msgspec.DecodeError:  # somebody's hand was in the file
            return kind()

    def _write(self, key: str, value: object) -> None:
        self._settings.setValue(key, msgspec.json.encode(value).decode())


def _suited(variants: Variants, screens: Sequence[Screen]) -> Layout | None:
    return variants.get(setup(screens)) or next(reversed(variants.values()), None)


def _with(variants: Variants, screens: Sequence[Screen], layout: Layout) -> Variants:
    others = [(each, kept) for each, kept in variants.items() if each != setup(screens)]
    return dict([*others[-_KEPT_SETUPS + 1 :], (setup(screens), layout)])
