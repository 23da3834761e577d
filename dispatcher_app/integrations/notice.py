"""The port to whoever carries notices to telephones: short messages, WeChat, or only the log."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import Literal, Protocol

log = logging.getLogger(__name__)

Outcome = Literal["sent", "again", "refused"]
"""Taken over by the provider; not now, try again; never, whatever one tries."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One notice: `id` is the key under which the provider takes it only once, `to` a number in E.164.

    `hidden` are the values in the text (codes, link) that stand in no log.
    """

    id: str
    to: str = field(repr=False)
    text: str = field(repr=False)
    what: str
    language: str
    hidden: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of a notice; the provider's own reference, or a code for why not."""

    outcome: Outcome
    detail: str = ""


class Provider(Protocol):
    """Whoever carries notices."""

    @property
    def name(self) -> str:
        """What the provider is called in the list of notices."""

    async def send(self, notice: Notice) -> Delivery:
        """Hand a notice over; the same id a second time is taken for the first."""

    async def close(self) -> None:
        """Let go of every connection."""


def without(text: str, hidden: tuple[str, ...]) -> str:
    """The text with the values that nobody else may read hidden."""
    for value in hidden:
        text = text.replace(value, "****")
    return text


class Journal:
    """Carries nothing: writes a line without numbers, codes or links to the program's log."""

    name = "journal"

    async def send(self, notice: Notice) -> Delivery:
        """Say in the log what would have been sent."""
        said = without(notice.text, notice.hidden)
        log.info(
            "notice",
            extra={"notice": notice.id, "to": f"****{notice.to[-4:]}", "what": notice.what, "text": said},
        )
        return Delivery("sent")

    async def close(self) -> None:
        """Nothing is open."""
