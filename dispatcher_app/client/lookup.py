"""Point reads in the window's thread: one entity at a time, with what was submitted a moment ago on top."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, cast

from dispatcher_app.client.replica.reader import Reader
from dispatcher_app.client.replica.schema import DATABASE_ERROR
from dispatcher_app.client.replica.store import Key
from dispatcher_app.domain.entity import E, Entity
from dispatcher_app.rows import OrderRow

KEPT = 4096


class Lookup:
    """The replica as the window's thread sees it."""

    def __init__(self, path: Path, reader: Reader | None = None) -> None:
        self._reader = reader or Reader(path, "points")
        self._known: OrderedDict[Key, Entity | None] = OrderedDict()
        self._lists: dict[str, list[Any]] = {}
        self._fresh: dict[str, dict[Key, Entity]] = {}
        self._complete = False
        self.on_fault: Callable[[Exception], object] = lambda error: None

    def put_fresh(self, act: str, after: Iterable[Entity]) -> None:
        """Results that the replica does not hold yet."""
        self._fresh[act] = {(each.kind, each.id): each for each in after}
        self._forget_lists(self._fresh[act])

    def drop_fresh(self, act: str) -> None:
        """The replica holds them now (or they were refused)."""
        self._forget_lists(self._fresh.pop(act, {}))

    def is_fresh(self, key: Key) -> bool:
        """Whether an act that is being saved touches it."""
        return any(key in each for each in self._fresh.values())

    def forget(self, keys: Iterable[Key], *, everything: bool = False) -> None:
        """These have changed in the replica."""
        if everything:
            self._known.clear()
            self._lists.clear()
            return
        keys = list(keys)
        for key in keys:
            self._known.pop(key, None)
        self._forget_lists(keys)

    def reopen(self) -> None:
        """The replica's file is another one."""
        self.forget((), everything=True)
        self._complete = False
        self._reader.reopen()

    def close(self) -> None:
        """Let go of the file: from now on there is nothing to be read, and nothing to be mended."""
        self.on_fault = lambda error: None
        self._reader.close()

    def _forget_lists(self, keys: Iterable[Key]) -> None:
        for kind, _ in keys:
            self._lists.pop(kind, None)

    def entity(self, kind: str, id: str) -> Entity | None:
        """The entity as it stands, None where the replica has none."""
        key = (kind, id)
        for each in reversed(self._fresh.values()):
            if key in each:
                return each[key]
        if key in self._known:
            self._known.move_to_end(key)
            return self._known[key]
        try:
            found = self._reader.entity(kind, id)
        except DATABASE_ERROR as error:
            self.on_fault(error)
            return None
        self._known[key] = found
        if len(self._known) > KEPT:
            self._known.popitem(last=False)
        return found

    def get(self, type_: type[E], id: str) -> E | None:
        """The same, typed."""
        return cast("E | None", self.entity(type_.kind, id))

    def all(self, type_: type[E]) -> list[E]:
        """All of a small kind, in the order of their ids."""
        if type_.kind not in self._lists:
            try:
                found = {each.id: each for each in self._reader.entities(type_)}
            except DATABASE_ERROR as error:
                self.on_fault(error)
                return []
            for fresh in self._fresh.values():
                found.update({id: cast(E, each) for (kind, id), each in fresh.items() if kind == type_.kind})
            self._lists[type_.kind] = [found[id] for id in sorted(found)]
        return list(self._lists[type_.kind])

    def children(self, type_: type[E], parent: str) -> list[E]:
        """What belongs to an order, a customer or a date."""
        try:
            return self._reader.children(type_, [parent])
        except DATABASE_ERROR as error:
            self.on_fault(error)
            return []

    def order_row(self, id: str) -> OrderRow | None:
        """An order's narrow row."""
        try:
            return self._reader.order_rows([id]).get(id)
        except DATABASE_ERROR as error:
            self.on_fault(error)
            return None

    @property
    def complete(self) -> bool:
        """Whether the replica has been filled once."""
        if not self._complete:
            try:
                self._complete = self._reader.filled()
            except DATABASE_ERROR:
                return False
        return self._complete
