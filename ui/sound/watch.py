"""Which exceptions are new, and which have stood too long without anybody acting: the rule alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

Seen = Mapping[str, Mapping[str, int]]
"""When (UTC ms) each order first stood in a kind; `TOLD` where nothing more is to be said of it."""

TOLD: Final = 0


def begin(found: Mapping[str, Iterable[str]]) -> Seen:
    """What stood there already when somebody sat down is no news."""
    return {kind: dict.fromkeys(ids, TOLD) for kind, ids in found.items()}


def go_on(before: Seen, found: Mapping[str, Iterable[str]], now: int) -> tuple[Seen, tuple[str, ...]]:
    """What is seen now, and the kinds in which something is new; whoever has gone comes back as new."""
    seen: dict[str, dict[str, int]] = {}
    new: list[str] = []
    for kind, ids in found.items():
        known = before.get(kind, {})
        seen[kind] = {id: known.get(id, now) for id in ids}
        if seen[kind].keys() - known.keys():
            new.append(kind)
    return seen, tuple(new)


def remind(before: Seen, now: int, after_ms: int) -> tuple[Seen, Mapping[str, int]]:
    """How many orders of each kind nobody has acted on for so long; each is told of once."""
    late = {
        kind: {id for id, since in ids.items() if since != TOLD and now - since >= after_ms}
        for kind, ids in before.items()
    }
    seen = {
        kind: {id: TOLD if id in late[kind] else since for id, since in ids.items()}
        for kind, ids in before.items()
    }
    return seen, {kind: len(ids) for kind, ids in late.items() if ids}
