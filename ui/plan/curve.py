"""What the best plan so far saves, over the seconds of a search, as a small curve."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QSize
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from dispatcher_app.text import t
from ui import theme

_MINUTE_S = 60


class Curve(QWidget):
    """Rises while the plan gets better, in minutes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._points: list[tuple[float, int]] = []
        self._plot: Any = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(t("What the best plan so far saves"))
        self.setMaximumWidth(theme.current().px(720))
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    def sizeHint(self) -> QSize:
        return QSize(theme.current().px(420), theme.current().px(140))

    def begin(self, seconds: float) -> None:
        """Nothing found yet; the axis is as long as the search may take."""
        self._points = []
        self._make()
        self._plot.setXRange(0, max(seconds, 1.0), padding=0.02)
        self._draw()

    def add(self, gone_s: float, saved_s: int) -> None:
        """The best plan saves so much now."""
        if not self._points or self._points[-1] != (gone_s, saved_s):
            self._points.append((gone_s, saved_s))
            self._draw()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.PaletteChange and self._plot is not None:
            self._dress()
            self._draw()
        super().changeEvent(event)

    def _make(self) -> None:
        if self._plot is not None:
            return
        # Loaded when the first curve is drawn: a desk that never searches starts without it.
        import pyqtgraph

        self._plot = pyqtgraph.PlotWidget(self)
        self._plot.setMenuEnabled(False)
        self._plot.setMouseEnabled(False, False)
        self._plot.hideButtons()
        self._plot.setFocusPolicy(self.focusPolicy())
        self._column.addWidget(self._plot)
        self._line = self._plot.plot([], [])
        self._dress()

    def _dress(self) -> None:
        import pyqtgraph

        look = theme.current()
        self._plot.setBackground(look.colour("surface"))
        self._line.setPen(pyqtgraph.mkPen(look.colour("accent"), width=2))
        for side in ("left", "bottom"):
            axis = self._plot.getAxis(side)
            axis.setPen(look.colour("line"))
            axis.setTextPen(look.colour("muted"))
            axis.setStyle(tickFont=look.font(11))
            axis.enableAutoSIPrefix(False)
        words = {"color": look.palette.muted, "font-size": f"{look.px(11)}px"}
        self._plot.setLabel("left", t("Minutes saved##curve"), **words)
        self._plot.setLabel("bottom", t("Seconds##curve"), **words)
        self._plot.showGrid(x=False, y=True, alpha=0.15)

    def _draw(self) -> None:
        # As steps: between two better plans there is none.
        times, saved = [], []
        for at, (gone, minutes) in enumerate(self._points):
            if at:
                times.append(gone)
                saved.append(self._points[at - 1][1] / _MINUTE_S)
            times.append(gone)
            saved.append(minutes / _MINUTE_S)
        self._plot.setYRange(0, max([1.0, *saved]), padding=0.05)
        self._line.setData(times, saved)
