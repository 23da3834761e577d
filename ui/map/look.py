"""How the page looks and which words it says, from the theme, the published marks and the language."""

from typing import Any

from dispatcher_app.text import t
from ui import theme
from ui.mark import ORDER, TECHNICIAN, URGENCY, Mark

_TOKENS = (
    "canvas", "surface", "line", "border", "text", "muted", "disabled", "accent", "hover", "tooltip", "on_tooltip",
)  # fmt: skip
# The shape says the state where there is no room for a glyph: the same as the published glyphs ● ◆ ○.
_SHAPES = {"●": "disc", "◆": "diamond", "○": "ring"}


def look(style: theme.Theme, stale_after_ms: int) -> dict[str, Any]:
    """Colours, shapes and words of one theme in the spoken language, as the page takes them."""
    palette = {token: style.colour(token).name() for token in _TOKENS}
    return palette | {
        "mode": style.mode,
        "px": style.px(13),
        "font": ", ".join(f'"{family}"' for family in theme.families()) + ", sans-serif",
        "halo": palette["surface"],
        "on_mark": palette["surface"],
        "land": palette["surface"],
        "graticule": palette["line"],
        "place": palette["disabled"],
        "wrong": style.colour("red").name(),
        "unknown": _state(Mark("", "", "□", "unknown", "dim"), style),
        "technician": {code: _state(mark, style) for code, mark in TECHNICIAN.items()},
        "order": {code: _state(mark, style) for code, mark in ORDER.items()},
        "urgency": {
            code: _state(mark, style) | {"shout": code == "emergency"} for code, mark in URGENCY.items()
        },
        "stale_ms": stale_after_ms,
        "words": _words(),
    }


def _state(mark: Mark, style: theme.Theme) -> dict[str, str]:
    return {
        "ink": style.ink(mark).name(),
        "glyph": mark.glyph,
        "shape": _SHAPES.get(mark.glyph, "disc"),
        "word": mark.label(),
    }


def _words() -> dict[str, str]:
    return {
        "technicians": t("Technicians"),
        "orders": t("Orders"),
        "fit": t("Fit"),
        "held": t("Show all marks and follow them again"),
        "following": t("The view follows the marks"),
        "zoom_in": t("Zoom in"),
        "zoom_out": t("Zoom out"),
        "stale": t("Position too old"),
        "unseen": t("No position yet"),
        "accuracy": t("within {n} m"),
        "seen_at": t("Position at##map"),
        "stale_at": t("Last position##map"),
        "now": t("just now"),
        # The page fills these in itself, as the minutes pass.
        "minutes": t("{n} min ago"),
        "hours": t("{n} h ago"),
        "days": t("{n} days ago"),
        "approximate": t("Address approximate"),
        "group": t("{n} technicians close together"),
        "batch": t("{n} orders close together"),
        "comma": t(", ##list"),
    }
