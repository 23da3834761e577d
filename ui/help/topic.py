"""The topics of the help: data in `resources/help/<language>/`, the first line being the title."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from dispatcher_app import resource
from dispatcher_app.client import profile
from dispatcher_app.text import fill, language

TOPICS: Final = (
    "call", "catalogue", "counter", "till", "assign", "course", "complaint", "credit", "payment", "refund",
    "settlement", "plan", "board", "moving", "calendar", "replay", "wall", "offline", "conflict", "done",
    "notice", "import", "map", "windows", "settings", "admin", "role", "data",
)  # fmt: skip
"""In the order in which somebody new would read them."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A title and what is said, as Markdown."""

    code: str
    title: str
    text: str


def topics(spoken: str | None = None) -> list[Topic]:
    """All topics in a language, the spoken one if none is named."""
    return [topic(code, spoken or language()) for code in TOPICS]


def topic(code: str, spoken: str) -> Topic:
    """One topic; `{home}` in it is this computer's data folder."""
    written = resource.path("help", spoken, f"{code}.md").read_text(encoding="utf-8")
    text = fill(written, {"home": str(profile.home())})
    return Topic(code, text.partition("\n")[0].removeprefix("# ").strip(), text)
