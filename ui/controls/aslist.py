"""A table that is a list of things to choose one of."""

from __future__ import annotations

from typing import Final

from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from ui import theme

_ROW_PX: Final = 28
_MEASURED: Final = 60
"""So many rows say how wide a column is: measuring thousands takes longer than anybody waits."""


def as_list(table: QTableView) -> None:
    """Whole rows, one at a time, nothing typed into them; columns as wide as what stands in them."""
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setShowGrid(False)
    table.setTabKeyNavigation(False)
    table.setWordWrap(False)
    down, across = table.verticalHeader(), table.horizontalHeader()
    down.hide()
    down.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    down.setDefaultSectionSize(theme.current().px(_ROW_PX))
    across.setHighlightSections(False)
    across.setResizeContentsPrecision(_MEASURED)
    across.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    across.setStretchLastSection(True)
