"""Several of a few: boxes to tick in as many columns as fit, one stop for Tab, arrows walk, Space ticks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QCheckBox, QGridLayout, QSizePolicy, QWidget

from ui import theme


class Ticks(QWidget):
    """`changed` tells that something was ticked or not any more, `walked_on` that somebody goes on below the last."""

    changed = Signal()
    walked_on = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._boxes: dict[str, QCheckBox] = {}
        self._columns = 1
        # Boxes come and go; this keeps their place in the way of Tab.
        self._place = QWidget(self)
        self._place.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._place.setFixedSize(0, 0)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.current().space(2))
        self._grid.setVerticalSpacing(0)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    @property
    def ticked(self) -> tuple[str, ...]:
        """The codes that are ticked, in the order shown."""
        return tuple(code for code, box in self._boxes.items() if box.isChecked())

    def offer(self, words: Mapping[str, str]) -> None:
        """Offer these codes with their words; what is ticked of them stays ticked."""
        if list(words.items()) == [(code, box.text()) for code, box in self._boxes.items()]:
            return
        ticked = self.ticked
        for box in self._boxes.values():
            box.hide()
            self._grid.removeWidget(box)
            box.deleteLater()
        self._boxes = {code: self._box(word) for code, word in words.items()}
        before = self._place
        for box in self._boxes.values():
            QWidget.setTabOrder(before, box)
            before = box
        self.tick(ticked)
        self._lay_out()

    def tick(self, codes: Sequence[str]) -> None:
        """Tick exactly these, as far as they are offered."""
        for code, box in self._boxes.items():
            box.blockSignals(True)
            box.setChecked(code in codes)
            box.blockSignals(False)
        self._stop_at(next((box for box in self._boxes.values() if box.isChecked()), None))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._fitting() != self._columns:
            self._lay_out()

    def minimumSizeHint(self) -> QSize:
        return QSize(self._widest(), super().minimumSizeHint().height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            return self._walk(watched, Qt.Key(event.key()))
        if event.type() is QEvent.Type.FocusIn and isinstance(watched, QCheckBox):
            self._stop_at(watched)
        return super().eventFilter(watched, event)

    def _walk(self, watched: QObject, key: Qt.Key) -> bool:
        boxes = list(self._boxes.values())
        at = next((at for at, box in enumerate(boxes) if box is watched), 0)
        to = {
            Qt.Key.Key_Left: at - 1, Qt.Key.Key_Right: at + 1, Qt.Key.Key_Up: at - self._columns,
            Qt.Key.Key_Down: at + self._columns, Qt.Key.Key_Home: 0, Qt.Key.Key_End: len(boxes) - 1,
        }.get(key)  # fmt: skip
        if to is None:
            return False
        if to >= len(boxes) and key == Qt.Key.Key_Down:
            self.walked_on.emit()
        elif 0 <= to < len(boxes):
            boxes[to].setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def _box(self, word: str) -> QCheckBox:
        box = QCheckBox(word, self)
        box.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        box.toggled.connect(lambda _on: self.changed.emit())
        box.installEventFilter(self)
        return box

    def _stop_at(self, stop: QCheckBox | None) -> None:
        """Only one box is reached by Tab, the one where the caret was last."""
        boxes = list(self._boxes.values())
        stop = stop or (boxes[0] if boxes else None)
        for box in boxes:
            box.setFocusPolicy(Qt.FocusPolicy.StrongFocus if box is stop else Qt.FocusPolicy.ClickFocus)
        if stop is not None:
            self.setFocusProxy(stop)

    def _widest(self) -> int:
        return max((box.sizeHint().width() for box in self._boxes.values()), default=0)

    def _fitting(self) -> int:
        widest = self._widest()
        gap = self._grid.horizontalSpacing()
        return max(1, (self.width() + gap) // (widest + gap)) if widest else 1

    def _lay_out(self) -> None:
        former, self._columns = self._columns, self._fitting()
        for column in range(max(former, self._columns)):
            self._grid.setColumnStretch(column, 1 if column < self._columns else 0)
        for at, box in enumerate(self._boxes.values()):
            self._grid.addWidget(box, at // self._columns, at % self._columns)
            box.show()
        self.updateGeometry()
