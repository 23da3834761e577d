"""The devices that sound comes from: found in the background, opened when the first tone is wanted.

Asking a system for its devices, and opening one, may take long or never end; a desk must not wait for it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import shiboken6
from PySide6.QtCore import QByteArray, QObject, QUrl, Signal

from ui.sound.tone import Tone, file

if TYPE_CHECKING:
    from PySide6.QtMultimedia import QSoundEffect

DEFAULT = ""
"""Stands for whatever device the system uses by itself."""


@dataclass(frozen=True, slots=True)
class Device:
    """A device by its lasting id and the name that the system has for it."""

    id: str
    name: str
    default: bool = False


class Speaker(Protocol):
    """Whatever makes tones heard."""

    def play(self, tone: Tone, device: str, volume: float, spared: str | None) -> None:
        """Let a tone be heard (volume 0 to 1) on a device, unless that is the `spared` one."""

    def look(self, found: Callable[[tuple[Device, ...]], object]) -> None:
        """Find the devices and tell them (none, perhaps) to `found`, a method of whoever asks."""


class Silence:
    """No sound at all, for windows that are only looked at."""

    def play(self, tone: Tone, device: str, volume: float, spared: str | None) -> None:
        """Nothing is heard."""

    def look(self, found: Callable[[tuple[Device, ...]], object]) -> None:
        """There is nothing to find."""
        found(())


class Loudspeaker(QObject):
    """The real devices of this computer."""

    found = Signal(object)
    _listed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._devices: tuple[Device, ...] | None = None
        self._looking = False
        self._wanted: tuple[Tone, str, float, str | None] | None = None
        self._effects: dict[tuple[Tone, str], QSoundEffect] = {}
        self._listed.connect(self._on_listed)

    def look(self, found: Callable[[tuple[Device, ...]], object]) -> None:
        """Tell the devices as soon as they are known, and whenever they are looked for again."""
        self.found.connect(found)
        self._look()

    def play(self, tone: Tone, device: str, volume: float, spared: str | None) -> None:
        """Let it be heard once the devices are known; of several that wait for that only the last one."""
        if self._devices is None:
            self._wanted = (tone, device, volume, spared)
            self._look()
            return
        target = actual(self._devices, device)
        if target is not None and (spared is None or target != actual(self._devices, spared)):
            self._sound(tone, target, volume)

    def _look(self) -> None:
        if not self._looking:
            self._looking = True
            # Not asyncio's threads: the program would wait at its end for one that never comes back.
            threading.Thread(target=self._list, name="sound devices", daemon=True).start()

    def _list(self) -> None:
        from PySide6.QtMultimedia import QMediaDevices

        usual = QMediaDevices.defaultAudioOutput().id()
        devices = tuple(
            Device(_text(each.id()), each.description(), each.id() == usual)
            for each in QMediaDevices.audioOutputs()
        )
        if shiboken6.isValid(self):
            self._listed.emit(devices)

    def _on_listed(self, devices: tuple[Device, ...]) -> None:
        self._looking = False
        self._devices = devices
        self.found.emit(devices)
        if (wanted := self._wanted) is not None:
            self._wanted = None
            self.play(*wanted)

    def _sound(self, tone: Tone, device: str, volume: float) -> None:
        effect = self._effects.get((tone, device))
        if effect is None:
            from PySide6.QtMultimedia import QMediaDevices, QSoundEffect

            outputs = (each for each in QMediaDevices.audioOutputs() if _text(each.id()) == device)
            output = next(outputs, None)
            if output is None:  # pulled out since
                self._devices = None
                return
            effect = self._effects[tone, device] = QSoundEffect(output, self)
            effect.setSource(QUrl.fromLocalFile(str(file(tone))))
        effect.setVolume(volume)
        effect.play()


def actual(devices: tuple[Device, ...], device: str) -> str | None:
    """The device that is meant by an id: one that is gone, and `DEFAULT`, mean the system's own; None without any."""
    if any(each.id == device for each in devices):
        return device
    usual = next((each.id for each in devices if each.default), None)
    return usual or next((each.id for each in devices), None)


def _text(id: QByteArray) -> str:
    return id.toStdString()
