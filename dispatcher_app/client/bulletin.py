"""Telling the screens: one notice for everything that changed since the last one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from dispatcher_app.client.presence import Attendance
from dispatcher_app.client.replica.store import Key
from dispatcher_app.client.state import Changed, Conflict, Link, Position, Upload


@dataclass(frozen=True, slots=True)
class Listener:
    """What one screen wants to hear."""

    changed: Callable[[Changed], Any] | None
    link: Callable[[Link], Any] | None
    conflict: Callable[[Conflict], Any] | None
    positions: Callable[[Mapping[str, Position]], Any] | None
    uploads: Callable[[Upload], Any] | None = None
    presence: Callable[[Attendance], Any] | None = None


class Bulletin:
    """Who listens, and what has not been told yet."""

    def __init__(self, link: Link) -> None:
        self.link = link
        self._listeners: list[Listener] = []
        self._changed: dict[str, set[str]] = {}
        self._everything = False
        self._due = False
        self._told: Link | None = link

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Listen from now on; the answer is how to stop."""
        self._listeners.append(listener)

        def stop() -> None:
            # By identity: two screens may want the very same.
            self._listeners = [each for each in self._listeners if each is not listener]

        return stop

    def tell_changed(self, keys: frozenset[Key], *, everything: bool = False) -> None:
        """These have changed."""
        for kind, id in keys:
            self._changed.setdefault(kind, set()).add(id)
        self._everything |= everything
        if keys or everything:
            self._soon()

    def tell_link(self, **changes: Any) -> None:
        """The connection or the outbox stands otherwise."""
        self.link = replace(self.link, **changes)
        if self.link != self._told:
            self._soon()

    def tell_link_again(self) -> None:
        """Nothing about it is new, but what can be taken back is."""
        self._told = None
        self._soon()

    def tell_conflict(self, conflict: Conflict) -> None:
        """An act was refused."""
        for each in list(self._listeners):
            if each.conflict is not None:
                each.conflict(conflict)

    def tell_positions(self, positions: Mapping[str, Position]) -> None:
        """These technicians have moved."""
        for each in list(self._listeners):
            if each.positions is not None:
                each.positions(positions)

    def tell_presence(self, news: Attendance) -> None:
        """Somebody has come, gone, or opened another order."""
        for each in list(self._listeners):
            if each.presence is not None:
                each.presence(news)

    def tell_upload(self, upload: Upload) -> None:
        """A file on its way has come further."""
        for each in list(self._listeners):
            if each.uploads is not None:
                each.uploads(upload)

    def _soon(self) -> None:
        if not self._due:
            self._due = True
            asyncio.get_running_loop().call_soon(self._tell)

    def _tell(self) -> None:
        self._due = False
        ids, self._changed = self._changed, {}
        everything, self._everything = self._everything, False
        if ids or everything:
            notice = Changed({kind: frozenset(found) for kind, found in ids.items()}, everything)
            for each in list(self._listeners):
                if each.changed is not None:
                    each.changed(notice)
        if self.link != self._told:
            self._told = self.link
            for each in list(self._listeners):
                if each.link is not None:
                    each.link(self.link)
