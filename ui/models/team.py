"""The teams that technicians work in: there is one as long as somebody is in it."""

from __future__ import annotations

from collections.abc import Iterable

from dispatcher_app.domain.technician import Technician


def teams(people: Iterable[Technician]) -> list[str]:
    """Their names, in order."""
    return sorted({each.team for each in people if each.team})
