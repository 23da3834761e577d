"""Where rows, lanes and the column of names stand on the board, in pixels of its viewport."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from PySide6.QtCore import QRect

from ui.board.bar import Bar
from ui.board.row import Row
from ui.theme import Theme

ROW_PX, GROUP_PX, LANE_PX, HEADER_PX, TITLE_PX = 44, 24, 26, 40, 24
"""At 100 %: a technician's row, the heading of a group, a lane, the hours, the title of the lanes."""
COLUMN_PX, NARROW_PX, ROOMY_PX = 236, 172, 900
"""The column of names, the same where the board is narrower than `ROOMY_PX`."""

_ABOVE, _BELOW = 10, 4
"""Above a visit is room for what really was."""


@dataclass(frozen=True, slots=True)
class Layout:
    """`tops` are where the rows begin, and end, from the top of the first one; the lanes lie above them."""

    column: int
    row: int
    header: int
    title: int
    lane: int
    lanes: int
    tops: tuple[int, ...]

    @property
    def top(self) -> int:
        """Where the rows begin in the viewport."""
        return self.header + self.title + self.lanes

    @property
    def lanes_top(self) -> int:
        """Where the first lane begins in the viewport."""
        return self.header + self.title

    @property
    def height(self) -> int:
        """The height of all rows."""
        return self.tops[-1]

    def inside_row(self, bar: Bar, left: int, right: int, top: int) -> QRect:
        """The rectangle of a visit in a technician's row that begins at `top`; those at the same time share it."""
        each = (self.row - _ABOVE - _BELOW) // bar.lanes
        return QRect(left, top + _ABOVE + bar.lane * each, right - left, each - (bar.lanes > 1))

    def row_at(self, y: int) -> int:
        """The row at a distance from the top of the first one, -1 below the last."""
        return bisect_right(self.tops, y) - 1 if 0 <= y < self.height else -1

    def rows_between(self, first: int, last: int) -> range:
        """The rows of which anything lies between two such distances."""
        if last < 0 or first >= self.height:
            return range(0)
        begin = max(bisect_right(self.tops, max(first, 0)) - 1, 0)
        return range(begin, min(bisect_right(self.tops, last), len(self.tops) - 1))


def layout(rows: Sequence[Row], look: Theme, width: int, lanes_px: int) -> Layout:
    """The layout for a viewport of that width; `lanes_px` is 0 where the lanes are folded."""
    heights = (look.px(ROW_PX) if row.technician else look.px(GROUP_PX) for row in rows)
    return Layout(
        column=look.px(COLUMN_PX if width >= look.px(ROOMY_PX) else NARROW_PX),
        row=look.px(ROW_PX),
        header=look.px(HEADER_PX),
        title=look.px(TITLE_PX),
        lane=look.px(LANE_PX),
        lanes=lanes_px,
        tops=tuple(accumulate(heights, initial=0)),
    )
