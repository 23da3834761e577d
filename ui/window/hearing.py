"""The settings beside the work, and the exceptions that are heard."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QSettings, Signal

from dispatcher_app.text import t
from ui import format, name, notify
from ui.models.counts import Counts
from ui.settings.look import LookSection
from ui.settings.panel import SettingsPanel
from ui.settings.sound import SoundSection
from ui.sound.alarm import Alarm
from ui.sound.player import Player
from ui.strip import KINDS
from ui.wall.section import WallSection
from ui.window.appearance import Appearance
from ui.window.arrangement import Arrangement

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_SILENT_MINUTES: Final = 10


class Hearing(QObject):
    """Emits `kind_wanted` with a kind of exceptions that somebody wants to see."""

    kind_wanted = Signal(str)

    def __init__(
        self, session: Session, arranged: Arrangement, settings: QSettings, appearance: Appearance,
        player: Player, counts: Counts,
    ) -> None:  # fmt: skip
        super().__init__(arranged.split)
        self._session, self._arranged, self._appearance, self._player = session, arranged, appearance, player
        self._settings = settings
        # The seat tells, not the telephone: somebody on a call sets himself so.
        player.on_call = lambda: session.presences.state == "on_call"
        self._words = words = {kind: mark.label() for kind, mark in KINDS.items()}
        self.alarm = Alarm(session, counts, player, lambda kind: words.get(kind, kind), self)
        self.alarm.wanted.connect(self.kind_wanted)

    @cached_property
    def panel(self) -> SettingsPanel:
        """The settings, made when somebody first wants them."""
        look, appearance = LookSection(self._settings), self._appearance
        sound = SoundSection(self._player, self._words, name.timezone(self._session))
        panel = SettingsPanel(look, sound, WallSection(self._settings))
        self._arranged.lodge(panel)
        panel.closed.connect(lambda: self._arranged.dismiss(panel))
        look.mode_chosen.connect(appearance.choose_mode)
        look.scale_chosen.connect(appearance.choose_scale)
        look.language_chosen.connect(appearance.choose_language)
        look.contrast_chosen.connect(appearance.choose_contrast)
        appearance.settled.connect(look.refresh)
        return panel

    def handlers(self) -> dict[str, Callable[[], object]]:
        """The actions that are answered here."""
        return {"settings": self.open, "silence": self._silence}

    def open(self) -> None:
        """The settings, beside the queue."""
        self.panel.look.refresh()
        self._arranged.go_to_guest(self.panel, t("Settings"))

    def _silence(self) -> None:
        self._player.mute(0 if self._player.muted else _SILENT_MINUTES)
        if self._player.muted:
            until = format.clock(self._player.hearing.muted_until, name.timezone(self._session))
            notify.info(t("No sounds until {time}. Exceptions are shown as always.", time=until))
        else:
            notify.info(t("Sounds are heard again."))
