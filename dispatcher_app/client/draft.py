"""Parked drafts: kept sealed beside the outbox, so that a call half taken down survives anything."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from dispatcher_app.client.part import Parts
from dispatcher_app.domain.act import Rejected


class Drafts:
    """One person's drafts; written in the outbox's thread."""

    def __init__(self, parts: Parts, user: str, on_full: Callable[[], None]) -> None:
        self._parts, self._user, self._on_full = parts, user, on_full
        self._drafts = dict(parts.drafts)
        self._saving: set[asyncio.Future[None]] = set()

    def all(self) -> dict[str, Any]:
        """The drafts by id."""
        return dict(self._drafts)

    def put(self, id: str, draft: Any) -> None:
        """Keep a draft."""
        self._drafts[id] = draft
        self._follow(self._parts.saver.run(self._parts.box.put_draft, id, self._user, draft))

    def drop(self, id: str) -> None:
        """The draft is no longer needed."""
        if self._drafts.pop(id, None) is not None:
            self._follow(self._parts.saver.run(self._parts.box.drop_draft, id))

    async def settle(self) -> None:
        """Wait until all are written."""
        await asyncio.gather(*self._saving, return_exceptions=True)

    def _follow(self, saving: asyncio.Future[None]) -> None:
        self._saving.add(saving)
        saving.add_done_callback(self._on_saved)

    def _on_saved(self, saving: asyncio.Future[None]) -> None:
        self._saving.discard(saving)
        if saving.cancelled():
            return
        if isinstance(error := saving.exception(), Rejected):
            self._on_full()
        elif error is not None:
            raise error
