"""What keeps a technician out of planning although nothing about him is wrong: said before he is saved."""

from __future__ import annotations

from collections.abc import Iterable

from dispatcher_app.domain.catalogue import Item
from dispatcher_app.domain.technician import Technician
from dispatcher_app.text import t
from ui import name


def unseen(technician: Technician) -> list[str]:
    """Why nobody would ever see him when an order is assigned."""
    said = []
    if not technician.skills:
        said.append(t("Without a skill nobody sees him when an order is assigned."))
    if not technician.shifts:
        said.append(t("Without working times nobody sees him when an order is assigned."))
    return said


def lacks(technician: Technician, items: Iterable[Item], now: int) -> list[str]:
    """A sentence for each certificate without which some of his jobs pass him by (`now` is UTC ms)."""
    said = []
    valid = {each.name for each in technician.certificates if each.expires_at > now}
    wanting: dict[str, set[str]] = {}
    for item in items:
        if item.skill in technician.skills and not item.retired:
            for each in set(item.certificates) - valid:
                wanting.setdefault(each, set()).add(item.skill)
    for certificate, skills in sorted(wanting.items()):
        words = t(", ").join(name.skill(each) for each in sorted(skills))
        said.append(
            t(
                "No valid “{certificate}”: some jobs pass him by ({skills}).",
                certificate=certificate,
                skills=words,
            )
        )
    return said
