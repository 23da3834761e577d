"""Pieces of the board's picture, painted once and kept; a frame paints only as many as it has time for."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Final

from PySide6.QtGui import QPainter, QPixmap

CHUNK: Final = 1024
"""The width of a tile: a piece of a row."""
HEAD: Final = -1
"""The chunk that stands for what is beside the row."""
_BYTES: Final = 48_000_000
_BUDGET_S: Final = 0.008

Paint = Callable[[QPainter], object]


class Tiles:
    """Pixmaps by key and chunk; `left_out` says that the frame ended before all of them were painted."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, int], QPixmap] = OrderedDict()
        self._chunks: dict[str, set[int]] = {}
        self._bytes = 0
        self._until = 0.0
        self.left_out = False

    def begin(self, *, patient: bool = False) -> None:
        """A frame begins; a `patient` one is painted whole however long that takes."""
        self._until = float("inf") if patient else time.perf_counter() + _BUDGET_S
        self.left_out = False

    def get(self, key: str, chunk: int, size: tuple[int, int], ratio: float, paint: Paint) -> QPixmap | None:
        """A tile, painted now where it is not kept; None where this frame has no time left for it."""
        found = self._kept.get((key, chunk))
        if found is not None:
            self._kept.move_to_end((key, chunk))
            return found
        if time.perf_counter() > self._until:
            self.left_out = True
            return None
        return self.made(key, chunk, size, ratio, paint)

    def made(self, key: str, chunk: int, size: tuple[int, int], ratio: float, paint: Paint) -> QPixmap:
        """A tile, whatever time it takes."""
        found = self._kept.get((key, chunk))
        if found is None:
            found = QPixmap(round(size[0] * ratio), round(size[1] * ratio))
            found.setDevicePixelRatio(ratio)
            painter = QPainter(found)
            if chunk > 0:
                painter.translate(-chunk * CHUNK, 0)
            paint(painter)
            painter.end()
            self._keep((key, chunk), found, ratio)
        return found

    def forget(self, keys: Iterable[str], *, but_heads: bool = False) -> None:
        """These look otherwise; with `but_heads` what stands beside them does not."""
        for key in list(keys):
            for chunk in list(self._chunks.get(key, ())):
                if not (but_heads and chunk == HEAD):
                    self._drop((key, chunk))

    def forget_heads(self, keys: Iterable[str] | None = None) -> None:
        """What stands beside these rows, or all, looks otherwise."""
        for key in list(self._chunks if keys is None else keys):
            if HEAD in self._chunks.get(key, ()):
                self._drop((key, HEAD))

    @property
    def keys(self) -> list[str]:
        """Everything of which a tile is kept."""
        return list(self._chunks)

    def clear(self) -> None:
        """Everything looks otherwise."""
        self._kept.clear()
        self._chunks.clear()
        self._bytes = 0

    def _keep(self, at: tuple[str, int], tile: QPixmap, ratio: float) -> None:
        self._kept[at] = tile
        self._chunks.setdefault(at[0], set()).add(at[1])
        self._bytes += _weight(tile)
        while self._bytes > _BYTES * ratio and len(self._kept) > 1:
            self._drop(next(iter(self._kept)))

    def _drop(self, at: tuple[str, int]) -> None:
        self._bytes -= _weight(self._kept.pop(at))
        chunks = self._chunks[at[0]]
        chunks.discard(at[1])
        if not chunks:
            del self._chunks[at[0]]


def _weight(tile: QPixmap) -> int:
    return tile.width() * tile.height() * 4
