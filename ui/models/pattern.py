"""Working times as people type them: "8-12 13:30-18" for a day, nothing for a day off."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from dispatcher_app.text import t
from ui.models.roster import span

_SPAN: Final = re.compile(
    r"(\d{1,2})(?:[:：.]?(\d{2}))?\s*(?:-|–|—|~|～|至|到)\s*(\d{1,2})(?:[:：.]?(\d{2}))?"
)
_BETWEEN: Final = re.compile(r"[\s,，、;；]*")


class NotATime(ValueError):
    """What was typed is no working time; says so in a sentence."""


def parse(text: str) -> list[tuple[int, int]]:
    """Spans in minutes from midnight; raises NotATime."""
    found, at = list[tuple[int, int]](), 0
    while at < len(text):
        at += len(match[0]) if (match := _BETWEEN.match(text, at)) else 0
        if at >= len(text):
            break
        if (said := _SPAN.match(text, at)) is None:
            raise NotATime(
                t("“{text}” is no working time; write 8:00-12:00 13:30-18:00", text=text[at:].strip())
            )
        start, end = (int(said[n]) * 60 + int(said[n + 1] or 0) for n in (1, 3))
        if 0 <= end < start < 24 * 60:
            raise NotATime(_over_midnight(said[0], start, end))
        if not 0 <= start < end <= 24 * 60:
            raise NotATime(t("“{text}” ends before it begins, or after midnight", text=said[0]))
        if clash := next((each for each in found if each[0] < end and start < each[1]), None):
            raise NotATime(t("“{text}” overlaps {other}", text=said[0], other=span(*clash)))
        found.append((start, end))
        at = said.end()
    return found


def _over_midnight(text: str, start: int, end: int) -> str:
    first = span(start, 24 * 60)
    if not end:
        return t("“{text}” ends at midnight; write {first}", text=text, first=first)
    return t(
        "“{text}” goes over midnight; write {first} here, and {rest} on the day after",
        text=text, first=first, rest=span(0, end),
    )  # fmt: skip


def written(spans: Iterable[tuple[int, int]]) -> str:
    """Spans as they are typed."""
    return " ".join(span(start, end) for start, end in spans)
