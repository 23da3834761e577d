"""On which device, how loud, which kinds, and silence for a while."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QWidget,
)

from dispatcher_app.text import t
from ui import format, theme
from ui.controls.form import figure, rows
from ui.controls.section import Section, label
from ui.sound import hearing
from ui.sound.player import Player
from ui.sound.speaker import DEFAULT, Device

_SILENCES: Final = (10, 30, 60)
_LOUDER: Final = 10
_NAME_LETTERS: Final = 20
"""Systems give devices names of any length."""


class SoundSection(Section):
    """`kinds` are the exceptions with what they are called; devices are looked for when this is first seen."""

    def __init__(
        self, player: Player, kinds: Mapping[str, str], timezone: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(t("Sound"), parent)
        self._player, self._timezone, self._looked = player, timezone, False
        self.state = label(t("Looking for sound devices…"), "muted", wrap=True)
        self.state.setObjectName("sound_state")
        self.device = _devices("sound_device", t("Alerts are heard on"))
        self.headset = _devices("sound_headset", t("Callers are heard on"))
        self.volume = figure("sound_volume", t("Volume"), 0, 100, _LOUDER, " %")
        self.again = figure(
            "sound_again", t("Once more after"), hearing.AGAIN_LEAST, hearing.AGAIN_MOST, 1, t(" min##suffix")
        )
        self.kinds: dict[str, QCheckBox] = {}
        self.body.addWidget(self.state)
        self.body.addLayout(rows(self.device, self.headset, self.volume, self.again))
        said = t("While you are on a call nothing is heard on the device on which callers are heard.")
        self.body.addWidget(label(said, "muted", wrap=True))
        self.body.addLayout(self._silence())
        self.body.addSpacing(theme.current().space(2))
        self.body.addWidget(label(t("Which exceptions are heard"), "strong"))
        self.body.addLayout(self._kinds(kinds))
        self.refresh()
        self.device.activated.connect(lambda _at: player.choose(device=self.device.currentData()))
        self.headset.activated.connect(lambda _at: player.choose(headset=self.headset.currentData()))
        self.volume.valueChanged.connect(lambda value: player.choose(volume=value))
        self.again.valueChanged.connect(lambda value: player.choose(again_minutes=value))
        player.changed.connect(self.refresh)

    def refresh(self) -> None:
        """Show what holds now."""
        wished = self._player.hearing
        for box, id in ((self.device, wished.device), (self.headset, wished.headset)):
            box.setCurrentIndex(max(box.findData(id), 0))
        for field, value in ((self.volume, wished.volume), (self.again, wished.again_minutes)):
            if field.value() != value:
                field.setValue(value)
        for kind, tick in self.kinds.items():
            tick.setChecked(kind not in wished.off)
        until = format.clock(wished.muted_until, self._timezone)
        self._muted.setText(t("Silent until {time}", time=until) if self._player.muted else "")
        self._loud.setVisible(self._player.muted)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()
        if not self._looked:
            self._looked = True
            self._player.speaker.look(self.show_devices)

    def show_devices(self, devices: tuple[Device, ...]) -> None:
        """These are the devices there are."""
        for box in (self.device, self.headset):
            box.clear()
            box.addItem(t("The system's own"), DEFAULT)
            for each in devices:
                box.addItem(each.name, each.id)
        found = t("No sound device was found: exceptions are shown, but not heard.")
        self.state.setText("" if devices else found)
        self.state.setVisible(not devices)
        self.refresh()

    def _silence(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(theme.current().space(2))
        row.addWidget(label(t("Silent for"), "muted"))
        for minutes in _SILENCES:
            button = QPushButton(t("{n} min##silence", n=minutes))
            button.setObjectName(f"mute_{minutes}")
            button.setAccessibleName(t("Silent for {n} minutes", n=minutes))
            button.setProperty("compact", True)
            button.clicked.connect(partial(self._on_mute, minutes))
            row.addWidget(button)
        self._muted = label("", "strong")
        self._muted.setObjectName("muted_until")
        self._loud = QPushButton(t("Hear again"))
        self._loud.setObjectName("mute_0")
        self._loud.setProperty("kind", "link")
        self._loud.clicked.connect(partial(self._on_mute, 0))
        row.addWidget(self._muted)
        row.addWidget(self._loud)
        row.addStretch()
        return row

    def _kinds(self, kinds: Mapping[str, str]) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.current().space(3))
        grid.setVerticalSpacing(0)
        for at, (kind, word) in enumerate(kinds.items()):
            tick = QCheckBox(word)
            tick.setObjectName(f"hear_{kind}")
            tick.clicked.connect(lambda heard, kind=kind: self._on_tick(kind, heard=heard))
            sample = QPushButton(t("Listen"))
            sample.setObjectName(f"listen_{kind}")
            sample.setAccessibleName(t("Listen: {kind}", kind=word))
            sample.setProperty("kind", "link")
            sample.setProperty("compact", True)
            sample.clicked.connect(partial(self._on_sample, kind))
            self.kinds[kind] = tick
            row, side = divmod(at, 2)
            grid.addWidget(tick, row, 2 * side)
            grid.addWidget(sample, row, 2 * side + 1, Qt.AlignmentFlag.AlignLeft)
        grid.setColumnStretch(4, 1)
        return grid

    def _on_mute(self, minutes: int, _checked: bool = False) -> None:
        self._player.mute(minutes)

    def _on_tick(self, kind: str, *, heard: bool) -> None:
        off = self._player.hearing.off
        self._player.choose(off=off - {kind} if heard else off | {kind})

    def _on_sample(self, kind: str, _checked: bool = False) -> None:
        self._player.sample(kind)


def _devices(name: str, word: str) -> QComboBox:
    box = QComboBox()
    box.setObjectName(name)
    box.setAccessibleName(word)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(_NAME_LETTERS)
    box.addItem(t("The system's own"), DEFAULT)
    return box
