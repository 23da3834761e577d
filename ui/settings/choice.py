"""The look and the words: read when a window is made, written when somebody chooses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, cast

from PySide6.QtCore import QByteArray, QLocale, QSettings
from PySide6.QtWidgets import QApplication

from dispatcher_app import text
from ui import theme

_LOCALES: Final[Mapping[text.Language, str]] = {"zh_CN": "zh_CN", "en": "en_GB"}
"""English as Qt writes it: Monday first, 24 hours, as the rest of the window does."""
_MODES: Final = ("light", "dark", "system")


def dress(app: QApplication, settings: QSettings) -> theme.Theme:
    """Speak and look as the person has chosen; the default language and the system's look before that."""
    speak(str(settings.value("language", text.DEFAULT)))
    return theme.apply(app, mode(settings), scale(settings), contrast=contrast(settings))


def speak(language: str) -> text.Language:
    """Speak this language, in what Qt says by itself (calendars, dates) too; returns what is spoken."""
    spoken = text.use(language)
    QLocale.setDefault(QLocale(_LOCALES[spoken]))
    return spoken


def mode(settings: QSettings) -> theme.Mode:
    """Light, dark, or as the system has it."""
    chosen = str(settings.value("theme", "system"))
    return cast(theme.Mode, chosen if chosen in _MODES else "system")


def scale(settings: QSettings) -> float:
    """How large the type is, 1.0 being 100 %."""
    try:
        chosen = float(str(settings.value("scale", 1.0)))
    except ValueError:
        return 1.0
    return min(theme.SCALES, key=lambda each: abs(each - chosen))


def contrast(settings: QSettings) -> bool:
    """Whether lines and second-rank words are as strong as can be."""
    return bool(_truth(settings.value("contrast", False)))


def toggle_mode(app: QApplication, settings: QSettings) -> None:
    """The other one of light and dark, at once in all windows."""
    settings.setValue("theme", "light" if theme.current().mode == "dark" else "dark")
    theme.apply(app, mode(settings), scale(settings), contrast=contrast(settings))


def toggle_language(settings: QSettings) -> None:
    """The next language; windows have to be made anew."""
    spoken = text.LANGUAGES.index(text.language())
    settings.setValue("language", speak(text.LANGUAGES[(spoken + 1) % len(text.LANGUAGES)]))


def step_scale(app: QApplication, settings: QSettings, step: int) -> bool:
    """Larger or smaller type; False at the end of the scale. Windows have to be made anew."""
    at = theme.SCALES.index(scale(settings)) + step
    if not 0 <= at < len(theme.SCALES):
        return False
    settings.setValue("scale", theme.SCALES[at])
    theme.apply(app, mode(settings), scale(settings), contrast=contrast(settings))
    return True


def read_group(settings: QSettings, group: str) -> dict[str, Any]:
    """All values of a group, truth values read as such."""
    settings.beginGroup(group)
    found = {key: _truth(settings.value(key)) for key in settings.childKeys()}
    settings.endGroup()
    return found


def write_group(settings: QSettings, group: str, values: Mapping[str, Any]) -> None:
    """Keep all values of a group."""
    settings.beginGroup(group)
    for key, value in values.items():
        settings.setValue(key, value)
    settings.endGroup()


def read_bytes(settings: QSettings, key: str) -> QByteArray | None:
    """A stored geometry or splitter."""
    value = settings.value(key)
    return value if isinstance(value, QByteArray) and not value.isEmpty() else None


def _truth(value: Any) -> Any:
    return {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value
