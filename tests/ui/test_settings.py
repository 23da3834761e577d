"""What somebody chooses for his desk holds at once, and tomorrow."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Literal

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.ui.test_kit_theme import GROUNDS, HUES, contrast
from tests.ui.test_legible import still
from tests.ui.test_sound import DESK, EAR, Clock, Heard
from tests.ui.window_desk import City, part, press, until
from ui import theme
from ui.settings import choice
from ui.settings.sound import SoundSection
from ui.sound.player import Player
from ui.wall import setting
from ui.wall.section import WallSection


@pytest.fixture
def settings(tmp_path: Path) -> QSettings:
    return QSettings(str(tmp_path / "windows.ini"), QSettings.Format.IniFormat)


def sounds(settings: QSettings, qtbot: QtBot, *devices: object) -> tuple[SoundSection, Player, Heard]:
    speaker = Heard(*devices)  # type: ignore[arg-type]
    player = Player(settings, speaker, Clock())
    section = SoundSection(player, {"late": "超时", "owing": "未付"}, "Asia/Shanghai")
    qtbot.addWidget(section)
    section.show()
    return section, player, speaker


def test_a_device_a_kind_and_a_silence_are_chosen(settings: QSettings, qtbot: QtBot) -> None:
    section, player, speaker = sounds(settings, qtbot, DESK, EAR)
    section.device.setFocus()
    assert [section.device.itemText(at) for at in range(3)] == ["系统默认", "Monitor", "Headset"]
    QTest.keyClick(section.device, Qt.Key.Key_End)
    QTest.keyClick(section.kinds["owing"], Qt.Key.Key_Space)
    assert (player.hearing.device, player.hearing.off) == ("usb", frozenset({"owing"}))
    QTest.mouseClick(part(section, "listen_late"), Qt.MouseButton.LeftButton)
    assert speaker.heard == [("promise", "usb", 0.6)]
    QTest.mouseClick(part(section, "mute_30"), Qt.MouseButton.LeftButton)
    assert player.muted
    assert "静音到" in part(section, "muted_until").text()
    QTest.mouseClick(part(section, "mute_0"), Qt.MouseButton.LeftButton)
    assert not player.muted


def test_without_a_device_the_settings_say_so(settings: QSettings, qtbot: QtBot) -> None:
    section, _player, _speaker = sounds(settings, qtbot)
    assert "没有找到声音设备" in section.state.text()
    assert section.state.isVisible()


async def test_the_settings_open_with_a_key_change_the_look_and_close_with_escape(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.window() as window:
        await until(lambda: window.hearing.alarm._seen is not None)  # nothing of the start is on its way
        press(Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
        panel = part(window, "settings_panel")
        assert panel.isVisible()
        look = panel.look
        assert look.mode.hasFocus()
        QTest.keyClick(look.mode, Qt.Key.Key_End)
        assert theme.current().mode == "dark"
        QTest.keyClick(look.contrast, Qt.Key.Key_Space)
        assert theme.current() == theme.make("dark", contrast=True)
        press(Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
        assert theme.current() == theme.make("light", contrast=True)
        assert look.mode.currentData() == "light"
        anew: list[bool] = []
        window.anew.connect(lambda: anew.append(True))
        look.scale.setFocus()
        QTest.keyClick(look.scale, Qt.Key.Key_End)
        assert anew == [True]
        assert theme.current().scale == theme.SCALES[-1]
        QTest.keyClick(look.scale, Qt.Key.Key_Escape)
        await until(lambda: not panel.isVisible())
        assert window.queue.table.hasFocus()
        await still(window)


async def test_a_key_silences_the_sounds_and_lets_them_be_heard_again(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.window() as window:
        player = window.hearing._player
        assert not player.on_call()
        press(Qt.Key.Key_F12, Qt.KeyboardModifier.ControlModifier)
        await until(lambda: player.muted)
        press(Qt.Key.Key_F12, Qt.KeyboardModifier.ControlModifier)
        await until(lambda: not player.muted)
        window.session.presences.be("on_call")
        await until(player.on_call)


@pytest.mark.parametrize("shade", ["light", "dark"])
def test_high_contrast_makes_words_and_edges_stronger_and_leaves_states_readable(
    shade: Literal["light", "dark"],
) -> None:
    quiet, strong = theme.make(shade), theme.make(shade, contrast=True)
    for ground in GROUNDS:
        assert contrast(strong.colour("text"), strong.colour(ground)) >= 7, ground
        assert contrast(strong.colour("muted"), strong.colour(ground)) >= 7, ground
        for hue in HUES:
            assert contrast(strong.ink(hue), strong.colour(ground)) >= 4.5, (hue, ground)
    for token in ("muted", "border", "disabled"):
        on = "surface"
        assert contrast(strong.colour(token), strong.colour(on)) > contrast(
            quiet.colour(token), quiet.colour(on)
        )
    assert contrast(strong.colour("border"), strong.colour("surface")) >= 3


def test_what_was_chosen_is_worn_tomorrow(settings: QSettings, qapp: object) -> None:
    settings.setValue("contrast", True)
    settings.setValue("theme", "dark")
    assert choice.contrast(settings)
    settings.sync()
    again = QSettings(settings.fileName(), QSettings.Format.IniFormat)
    assert choice.contrast(again)
    assert choice.mode(again) == "dark"


def test_the_wall_is_set_up_in_the_settings_and_says_whether_it_can_be_read(
    settings: QSettings, qtbot: QtBot
) -> None:
    section = WallSection(settings)
    qtbot.addWidget(section)
    section.show()
    assert section.diagonal.text() == "由屏幕报告"
    section.diagonal.setValue(65)
    section.page.setValue(45)
    QTest.keyClick(section.look, Qt.Key.Key_End)
    assert not section.light_from.isEnabled()
    QTest.keyClick(section.one, Qt.Key.Key_Space)
    held = setting.read(settings)
    assert (held.diagonal_in, held.page_s, held.look, held.one_screen) == (65, 45, "dark", True)
    assert "五米外看得清" in section.said.text()
    section.diagonal.setValue(14)
    assert "不到五米外看清" in section.said.text()
    again = WallSection(settings)
    qtbot.addWidget(again)
    assert (again.page.value(), again.look.currentData(), again.one.isChecked()) == (45, "dark", True)
