"""Which tone belongs to which kind of exception; they are data in `resources/sounds`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal, get_args

from dispatcher_app import resource

Tone = Literal["promise", "waiting", "place", "money", "data", "notice"]
TONES: Final[tuple[Tone, ...]] = get_args(Tone)

OF_KIND: Final[Mapping[str, Tone]] = {
    "no_show": "promise",
    "late": "promise",
    "overlap": "promise",
    "overdue": "waiting",
    "urged": "waiting",
    "callback": "waiting",
    "complaint": "waiting",
    "no_position": "place",
    "over_price": "money",
    "owing": "money",
    "approximate": "data",
    "attention": "data",
}
"""Promises that break, people who wait, somebody lost, money, data that is not sure."""


def tone_of(kind: str) -> Tone:
    """The tone of a kind; one of a newer version sounds like data that wants a look."""
    return OF_KIND.get(kind, "data")


def file(tone: Tone) -> Path:
    """Where the tone lies."""
    return resource.path("sounds", f"{tone}.wav")
