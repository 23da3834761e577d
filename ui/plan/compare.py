"""The comparison as a grid: a line for each figure, a column for each plan; one plan is chosen."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QWidget

from dispatcher_app.planning.proposal import Proposal
from dispatcher_app.text import t
from ui import theme
from ui.controls.section import label
from ui.plan import figure

_ENTERS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Comparison(QFrame):
    """`chosen` tells which plan is looked at, `taken` that Enter takes it; with one plan there is nothing to choose."""

    chosen = Signal(int)
    taken = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("panel", "surface")
        self.setObjectName("plan_comparison")
        self._proposals: tuple[Proposal, ...] = ()
        self._grid = QGridLayout(self)
        self._group = QButtonGroup(self)
        self._group.idClicked.connect(self.chosen)
        look = theme.current()
        self._grid.setContentsMargins(*(look.space(2),) * 4)
        self._grid.setHorizontalSpacing(look.space(3))
        self._grid.setVerticalSpacing(look.space(0.5))

    def show_proposals(self, proposals: Sequence[Proposal]) -> None:
        """Show these beside the plan in force, the first one chosen."""
        self._proposals = tuple(proposals)
        self._fill(0)

    @property
    def current(self) -> int:
        """Which one is chosen, from 0."""
        return max(self._group.checkedId(), 0)

    def choose(self, at: int) -> None:
        """Choose one and give it the keys."""
        button = self._group.button(at)
        if button is not None:
            button.setChecked(True)
            button.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.chosen.emit(at)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if event.key() in _ENTERS and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.taken.emit()
        elif step is not None and self._proposals:
            self.choose(max(0, min(self.current + step, len(self._proposals) - 1)))
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.PaletteChange and self._proposals:
            self._fill(self.current)
        super().changeEvent(event)

    # ------------------------------------------------------------ filling
    def _fill(self, chosen: int) -> None:
        for button in self._group.buttons():
            self._group.removeButton(button)
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        if not self._proposals:
            return
        look = theme.current()
        for at, width in enumerate((110, 170, *(240,) * len(self._proposals))):
            self._grid.setColumnMinimumWidth(at, look.px(width))
        self._put(0, 1, label(t("In force##plan"), "section"))
        names = figure.words([each.choice for each in self._proposals])
        for at, word in enumerate(names):
            self._put(0, at + 2, self._head(at, word, chosen) if len(names) > 1 else label(word, "section"))
        self._grid.setColumnStretch(len(names) + 2, 1)
        for row, each in enumerate(figure.FIGURES, 1):
            self._put(row, 0, label(t(each.word), "muted"))
            self._put(row, 1, label(figure.standing(each, self._proposals[0])))
            for at, proposal in enumerate(self._proposals):
                self._put(row, at + 2, _cell(f"{each.code}_{at}", figure.compared(each, proposal)))
        begin = len(figure.FIGURES) + 1
        for at, proposal in enumerate(self._proposals):
            for row, (code, word, said) in enumerate(figure.disturbed(proposal), begin):
                if at == 0:
                    self._put(row, 0, label(t(word), "muted"))
                self._put(row, at + 2, _cell(f"{code}_{at}", said))
        if self._group.buttons():
            self.setFocusProxy(self._group.button(chosen))

    def _head(self, at: int, word: str, chosen: int) -> QPushButton:
        button = QPushButton(f"{at + 1}  {word}")
        button.setCheckable(True)
        button.setChecked(at == chosen)
        button.setObjectName(f"plan_choice_{at + 1}")
        button.setToolTip(t("{word} (key {n})", word=word, n=at + 1))
        button.setAccessibleName(word)
        self._group.addButton(button, at)
        return button

    def _put(self, row: int, column: int, widget: QWidget) -> None:
        self._grid.addWidget(widget, row, column, Qt.AlignmentFlag.AlignVCenter)


def _cell(code: str, said: figure.Said) -> QWidget:
    """A figure, and behind it in its colour how it differs."""
    cell = QWidget()
    cell.setObjectName(f"plan_{code}")
    row = QHBoxLayout(cell)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(theme.current().space(2))
    value = label(said.figure, "strong")
    row.addWidget(value)
    differs = QLabel(said.differs)
    hued = said.hue or ("dim" if said.differs else None)
    if hued is not None:
        ink = theme.current().ink(hued).name()
        (differs if said.differs else value).setStyleSheet(f"color: {ink}")
    row.addWidget(differs)
    row.addStretch()
    cell.setAccessibleName(f"{said.figure} {said.differs}".strip())
    return cell
