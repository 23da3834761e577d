"""Exceptions are heard: which, when, on what, and never as a flood."""

from __future__ import annotations

import array
import asyncio
import sys
import wave
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject, QSettings
from pytestqt.qtbot import QtBot

from dispatcher_app.client.session import Accepted
from dispatcher_app.domain.command import UrgeOrder
from tests.ui.window_desk import City, booking_like, orders_of, part, shown, until
from ui import notify
from ui.models.counts import EXCEPTIONS
from ui.sound import hearing, watch
from ui.sound.hearing import Hearing
from ui.sound.player import REST_MS, Player
from ui.sound.speaker import DEFAULT, Device, Loudspeaker, actual
from ui.sound.tone import OF_KIND, TONES, Tone, file
from ui.strip import KINDS

MINUTE_MS = 60_000
AT = 1_800_000_000_000
DESK, EAR = Device("hdmi", "Monitor", True), Device("usb", "Headset")


class Heard:
    """A loudspeaker that writes down what is heard, on which of its devices."""

    def __init__(self, *devices: Device) -> None:
        self.devices, self.heard = devices, list[tuple[Tone, str | None, float]]()

    def play(self, tone: Tone, device: str, volume: float, spared: str | None) -> None:
        target = actual(self.devices, device)
        if target is not None and (spared is None or target != actual(self.devices, spared)):
            self.heard.append((tone, target, volume))

    def look(self, found: Any) -> None:
        found(self.devices)

    @property
    def tones(self) -> list[Tone]:
        return [tone for tone, _device, _volume in self.heard]


class Clock:
    """A time that stands until it is moved."""

    def __init__(self) -> None:
        self.at = AT

    def __call__(self) -> int:
        return self.at


@pytest.fixture
def settings(tmp_path: Path) -> QSettings:
    return QSettings(str(tmp_path / "windows.ini"), QSettings.Format.IniFormat)


@pytest.fixture
def clock() -> Clock:
    return Clock()


def player_on(settings: QSettings, clock: Clock, *devices: Device) -> tuple[Player, Heard]:
    speaker = Heard(*(devices or (DESK, EAR)))
    return Player(settings, speaker, clock), speaker


# ---------------------------------------------------------------- the tones
@pytest.mark.parametrize("tone", TONES)
def test_a_tone_is_short_gentle_and_ends_in_silence(tone: Tone) -> None:
    with wave.open(str(file(tone)), "rb") as written:
        assert (written.getnchannels(), written.getsampwidth()) == (1, 2)
        assert 0.3 <= written.getnframes() / written.getframerate() <= 1.5
        heard = array.array("h", written.readframes(written.getnframes()))
    if sys.byteorder == "big":
        heard.byteswap()
    assert 5_000 < max(map(abs, heard)) < 12_000
    assert heard[0] == heard[-1] == 0


def test_no_two_tones_are_the_same() -> None:
    assert len({file(tone).read_bytes() for tone in TONES}) == len(TONES)


def test_every_kind_of_the_strip_has_a_tone_and_promises_sound_unlike_money() -> None:
    assert set(KINDS) <= set(OF_KIND)
    assert set(EXCEPTIONS) <= set(OF_KIND)
    assert len({OF_KIND[kind] for kind in ("no_show", "urged", "owing", "approximate")}) == 4


# ---------------------------------------------------------------- what is new, what stands too long
def test_what_stood_there_at_the_start_is_neither_new_nor_told_again() -> None:
    seen = watch.begin({"urged": ["a"]})
    seen, new = watch.go_on(seen, {"urged": ["a"]}, AT)
    assert new == ()
    assert watch.remind(seen, AT + 60 * MINUTE_MS, MINUTE_MS)[1] == {}


def test_a_new_order_in_a_kind_is_told_though_the_number_stays_the_same() -> None:
    seen = watch.begin({"urged": ["a"], "owing": ["b"]})
    _seen, new = watch.go_on(seen, {"urged": ["c"], "owing": ["b"]}, AT)
    assert new == ("urged",)


def test_whoever_went_and_comes_back_is_new_again() -> None:
    seen = watch.begin({"urged": ["a"]})
    seen, _new = watch.go_on(seen, {"urged": []}, AT)
    assert watch.go_on(seen, {"urged": ["a"]}, AT)[1] == ("urged",)


def test_what_nobody_acts_on_is_told_once_more_and_what_was_done_is_not() -> None:
    seen, _new = watch.go_on(watch.begin({"urged": []}), {"urged": ["a", "b", "c"]}, AT)
    seen, early = watch.remind(seen, AT + 5 * MINUTE_MS - 1, 5 * MINUTE_MS)
    assert early == {}
    seen, _new = watch.go_on(seen, {"urged": ["a", "b"]}, AT + 5 * MINUTE_MS)
    seen, late = watch.remind(seen, AT + 5 * MINUTE_MS, 5 * MINUTE_MS)
    assert late == {"urged": 2}
    assert watch.remind(seen, AT + 50 * MINUTE_MS, 5 * MINUTE_MS)[1] == {}


# ---------------------------------------------------------------- when it is really heard
def test_a_kind_is_heard_once_in_ten_seconds_however_many_come(settings: QSettings, clock: Clock) -> None:
    player, speaker = player_on(settings, clock)
    for _ in range(50):
        player.hear("urged")
    assert speaker.tones == ["waiting"]
    clock.at += REST_MS
    player.choose(volume=30)
    player._next.stop()
    player.hear("urged")
    assert speaker.heard == [("waiting", "hdmi", 0.6), ("waiting", "hdmi", 0.3)]


def test_two_kinds_at_once_are_heard_one_after_the_other(
    settings: QSettings, clock: Clock, qtbot: QtBot
) -> None:
    player, speaker = player_on(settings, clock)
    player.hear("late")
    player.hear("owing")
    assert speaker.tones == ["promise"]
    qtbot.waitUntil(lambda: speaker.tones == ["promise", "money"])


def test_a_kind_that_somebody_switched_off_is_silent_and_stays_so_tomorrow(
    settings: QSettings, clock: Clock
) -> None:
    player, _speaker = player_on(settings, clock)
    player.choose(off=frozenset({"owing"}))
    tomorrow, speaker = player_on(settings, clock)
    tomorrow.hear("owing")
    tomorrow.hear("late")
    assert speaker.tones == ["promise"]


def test_muting_lasts_as_long_as_was_said(settings: QSettings, clock: Clock) -> None:
    player, speaker = player_on(settings, clock)
    player.mute(10)
    player.hear("late")
    player.on_notice("error")
    assert speaker.tones == []
    clock.at += 10 * MINUTE_MS
    player.hear("late")
    assert speaker.tones == ["promise"]


@pytest.mark.parametrize(
    ("device", "headset", "heard"),
    [(DEFAULT, DEFAULT, False), ("usb", "usb", False), ("hdmi", DEFAULT, False), ("hdmi", "usb", True),
     ("gone", DEFAULT, False), (DEFAULT, "usb", True)],
)  # fmt: skip
def test_on_a_call_nothing_is_heard_where_the_caller_is_heard(
    settings: QSettings, clock: Clock, device: str, headset: str, heard: bool
) -> None:
    player, speaker = player_on(settings, clock)
    player.choose(device=device, headset=headset)
    player.on_call = lambda: True
    player.hear("late")
    assert bool(speaker.heard) is heard
    player.on_call = lambda: False
    clock.at += REST_MS
    player._next.stop()
    player.hear("late")
    assert speaker.heard


def test_only_errors_among_the_notices_are_heard(settings: QSettings, clock: Clock) -> None:
    player, speaker = player_on(settings, clock)
    for kind in ("info", "success", "warning", "error", "error"):
        player.on_notice(kind)
    assert speaker.tones == ["notice"]


def test_choices_come_back_and_nonsense_is_as_if_nothing_was_chosen(settings: QSettings) -> None:
    chosen = Hearing("usb", "hdmi", 35, 12, frozenset({"owing", "late"}), 99)
    hearing.write(settings, chosen)
    assert hearing.read(settings) == chosen
    settings.setValue("sound/volume", "loud")
    settings.setValue("sound/again_minutes", 4_000)
    assert (hearing.read(settings).volume, hearing.read(settings).again_minutes) == (60, 60)


@pytest.mark.qt_log_level_fail("CRITICAL")  # what the system's sound server says of itself is not about us
def test_a_computer_without_a_sound_device_plays_nothing_and_says_so(qtbot: QtBot) -> None:
    class Told(QObject):
        devices: tuple[Device, ...] | None = None

        def tell(self, devices: tuple[Device, ...]) -> None:
            self.devices = devices

    speaker, told = Loudspeaker(), Told()
    speaker.play("notice", DEFAULT, 0.0, None)
    speaker.look(told.tell)
    qtbot.waitUntil(lambda: told.devices is not None, timeout=60_000)
    speaker.play("notice", "no such device", 0.0, None)


# ---------------------------------------------------------------- at a desk
async def test_an_urged_order_is_heard_once_and_told_once_more_when_nobody_acts(
    city: City, loop: asyncio.AbstractEventLoop, settings: QSettings
) -> None:
    async with city.sitting("wangfang") as session:
        speaker, clock = Heard(DESK), Clock()
        player = Player(settings, speaker, clock)
        async with shown(session, city.folder) as window:
            window.hearing.alarm._player = player
            await until(lambda: window.hearing.alarm._seen is not None)
            made = booking_like(session, (await orders_of(session))[0])
            assert isinstance(await session.submit(made).outcome, Accepted)
            assert isinstance(await session.submit(UrgeOrder(order=made.order)).outcome, Accepted)
            await until(lambda: "waiting" in speaker.tones)
            said: list[notify.Notice] = []
            notify.notifier().posted.connect(said.append)
            heard = len(speaker.heard)
            clock.at += REST_MS
            watched = window.hearing.alarm._seen
            assert watched is not None
            urged = watched["urged"][made.order]
            window.hearing.alarm._seen = {
                **watched, "urged": {**watched["urged"], made.order: urged - 5 * MINUTE_MS},
            }  # fmt: skip
            window.hearing.alarm.look()
            await until(lambda: any("催单" in each.text for each in said))
            await until(lambda: len(speaker.heard) > heard)
            offer = next(each.offer for each in said if "催单" in each.text)
            assert offer is not None
            offer.run()
            await until(lambda: window.queue.query.view == "urged")
            await until(lambda: part(window, "exception_urged").isChecked())
            notify.notifier().posted.disconnect(said.append)
