"""The table of all shortcuts, made from the actions themselves: what is new there is here too."""

from __future__ import annotations

from html import escape
from typing import Final

from PySide6.QtGui import QKeySequence

from dispatcher_app import pinyin
from dispatcher_app.text import t
from ui.action.deck import ACTIONS, Action, Group

_GROUPS: Final[dict[Group, str]] = {
    "order": "The order in hand",
    "technician": "The technician in hand",
    "go": "Finding and going",
    "desk": "This desk",
}
_EVERYWHERE: Final = (
    ("↑ ↓  Enter", "Move in a list, open"),
    ("Esc", "One step back; what was typed stays"),
    ("Ctrl+Enter", "Do what the form says"),
)


def table(query: str = "") -> str:
    """All actions with their keys, as HTML; with a query those that have it in words, pinyin initials or keys."""
    groups = [(t("Everywhere"), [(keys, t(word)) for keys, word in _EVERYWHERE])]
    for group, word in _GROUPS.items():
        groups.append((t(word), [(written(each), t(each.text)) for each in ACTIONS if each.group == group]))
    blocks = [
        _block(title, found)
        for title, rows in groups
        if (found := [(keys, word) for keys, word in rows if fits(query, keys, word)])
    ]
    said = "".join(blocks) or f"<p>{escape(t('No shortcut has that in its words or keys.'))}</p>"
    return f"<h1>{escape(t('Shortcuts'))}</h1>" + said


def fits(query: str, keys: str, word: str) -> bool:
    """Whether what is typed stands in an action's words, in the initials of their pinyin, or in its keys."""
    letters = query.casefold().replace(" ", "")
    said = (word, keys, *pinyin.initials(word).split())
    return any(letters in each.casefold().replace(" ", "") for each in said)


def written(action: Action) -> str:
    """An action's keys as this system writes them."""
    style = QKeySequence.SequenceFormat.NativeText
    return " · ".join(QKeySequence(keys).toString(style) for keys in action.keys)


def _block(title: str, rows: list[tuple[str, str]]) -> str:
    cells = "".join(
        f"<tr><td width='120'><b>{escape(keys)}</b></td><td>{escape(word)}</td></tr>" for keys, word in rows
    )
    return f"<h3>{escape(title)}</h3><table cellspacing='0' cellpadding='3'>{cells}</table>"
