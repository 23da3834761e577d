"""Sums as bars, the largest on top; drawn by what is loaded only when somebody looks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dispatcher_app.text import t
from ui import format, theme

_MOST: Final = 12
_BAR_PX: Final = 30
_FRAME_PX: Final = 56

Bar = tuple[str, int, int]
"""What it is called, how many, how much (minor units)."""


class Chart(QWidget):
    """Horizontal bars with their words at the left and the sum at their end."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._plot: Any = None
        self._bars: Sequence[Bar] = ()
        self._currency = "CNY"
        self.setObjectName("refund_chart")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    def show_bars(self, bars: Sequence[Bar], currency: str) -> None:
        """Show these, the first on top; what comes after the twelfth is one bar."""
        rest = bars[_MOST - 1 :]
        if len(bars) > _MOST:
            bars = [
                *bars[: _MOST - 1],
                (t("Others##chart"), sum(b[1] for b in rest), sum(b[2] for b in rest)),
            ]
        self._bars, self._currency = bars, currency
        said = (f"{word}: {format.money(amount, currency)}" for word, _count, amount in bars)
        self.setAccessibleName(t("; ").join(said))
        self.setFixedHeight(theme.current().px(len(bars) * _BAR_PX + _FRAME_PX) if bars else 0)
        if bars:
            self._draw()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.PaletteChange and self._plot is not None:
            self._draw()
        super().changeEvent(event)

    def _draw(self) -> None:
        # Loaded with the first chart: a desk that never asks starts without it.
        import pyqtgraph

        if self._plot is None:
            self._plot = pyqtgraph.PlotWidget(self)
            self._plot.setMenuEnabled(False)
            self._plot.setMouseEnabled(False, False)
            self._plot.hideButtons()
            self._plot.setFocusPolicy(self.focusPolicy())
            self._column.addWidget(self._plot)
        look, plot = theme.current(), self._plot
        plot.clear()
        plot.setBackground(look.colour("surface"))
        factor = 10 ** format.digits(self._currency)
        heights = list(range(len(self._bars) - 1, -1, -1))
        widths = [amount / factor for _word, _count, amount in self._bars]
        bars = pyqtgraph.BarGraphItem(
            x0=0, y=heights, height=0.6, width=widths, brush=look.colour("accent"), pen=look.colour("accent")
        )
        plot.addItem(bars)
        for at, (_word, count, amount) in zip(heights, self._bars, strict=True):
            said = t("{amount} · {n}", amount=format.money(amount, self._currency), n=format.count(count))
            text = pyqtgraph.TextItem(said, color=look.colour("text"), anchor=(0, 0.5))
            text.setFont(look.font(11))
            text.setPos(amount / factor, at)
            plot.addItem(text)
        for side in ("left", "bottom"):
            axis = plot.getAxis(side)
            axis.setPen(look.colour("line"))
            axis.setTextPen(look.colour("text" if side == "left" else "muted"))
            axis.setStyle(tickFont=look.font(11), tickLength=0)
            axis.enableAutoSIPrefix(False)
        plot.getAxis("left").setTicks([[(at, bar[0]) for at, bar in zip(heights, self._bars, strict=True)]])
        # Room for the words at the end of the longest bar.
        plot.setXRange(0, max([*widths, 1.0]) * 1.3, padding=0)
        plot.setYRange(-0.6, len(self._bars) - 0.4, padding=0)
