"""What the writer used last, so that the next act about the same order need not read and decode it again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping

from dispatcher_app.domain.entity import Entity

KEPT = 8192
"""Entities: an order of a few kilobytes with its customer and address, for a city's open orders."""

Key = tuple[str, str]


class Recent:
    """Entities as their logs have them: whatever another node or a terminal writes moves the head of its log."""

    def __init__(self, most: int = KEPT) -> None:
        self._most = most
        self._heads: dict[str, int] = {}
        self._held: OrderedDict[Key, Entity] = OrderedDict()

    def begin(self, heads: Mapping[str, int]) -> None:
        """A batch on these logs, whose heads nobody else moves until its end; forgets what others have written."""
        foreign = {log for log, seq in heads.items() if self._heads.get(log, seq) != seq}
        if foreign:
            self._held = OrderedDict(
                (key, each) for key, each in self._held.items() if each.region not in foreign
            )
        for log in foreign:
            del self._heads[log]

    def get(self, key: Key, heads: Mapping[str, int]) -> Entity | None:
        """The entity as it stood before the batch, None where it has to be read."""
        found = self._held.get(key)
        if found is None or found.region not in heads:
            return None  # another log may have moved on, and nobody has looked
        self._held.move_to_end(key)
        return found

    def committed(self, seen: Mapping[Key, Entity | None], heads: Mapping[str, int]) -> None:
        """The batch is saved: what it read and wrote is how things stand now, with its logs at these heads."""
        for key, each in seen.items():
            if each is not None and each.region in heads:
                self._held[key] = each
                self._held.move_to_end(key)
        self._heads.update(heads)
        while len(self._held) > self._most:
            self._held.popitem(last=False)
