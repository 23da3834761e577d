"""A short list: a row is chosen by its key, by the arrows and Enter, or by a click."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from ui import theme
from ui.models.choice import CHOICE, Choice, ChoiceModel, Index

_WITHOUT_TEXT = (
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
)


class Choices(QListView):
    """The list; `typed` tells of a letter that is no row's key, for a field that may want it.

    It is as high as its rows, `rows` at most; with None it takes the room there is.
    """

    chosen = Signal(object)
    typed = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None, *, rows: int | None = 8) -> None:
        super().__init__(parent)
        self._rows = rows
        self._model = ChoiceModel(self)
        self.setModel(self._model)
        self.setItemDelegate(_Row(self))
        self.setAccessibleName(name)
        self.setProperty("panel", "surface")
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setTabKeyNavigation(False)
        self.clicked.connect(self._on_clicked)

    @property
    def shown(self) -> tuple[Choice, ...]:
        """The rows shown now."""
        return self._model.choices

    @property
    def current(self) -> Choice | None:
        """The highlighted row."""
        at = self.currentIndex()
        return self._model.choices[at.row()] if at.isValid() else None

    def show_choices(self, choices: Sequence[Choice], highlight: int | None = 0) -> None:
        """Show these rows with one highlighted; rows shown already keep the highlight where it is."""
        if self._model.show_choices(choices):
            if self._rows is not None:
                self.setFixedHeight(self._height())
            self.highlight(highlight)

    def highlight(self, row: int | None) -> None:
        """Highlight a row, or none."""
        if row is None or not 0 <= row < len(self.shown):
            self.setCurrentIndex(QModelIndex())
        else:
            self.setCurrentIndex(self._model.index(row))

    def walk(self, step: int) -> None:
        """Highlight the next or former row that can be chosen; from none to the first or last."""
        count, at = len(self.shown), self.currentIndex().row()
        for tried in range(1, count + 1):
            row = (at + step * tried) % count if at >= 0 else (tried - 1 if step > 0 else count - tried)
            if self.shown[row].enabled:
                self.highlight(row)
                return

    def choose(self, choice: Choice | None) -> bool:
        """Choose a row; False where there is none to choose."""
        if choice is None or not choice.enabled:
            return False
        self.highlight(self.shown.index(choice))
        self.chosen.emit(choice.value)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, text = event.key(), event.text()
        plain = not event.modifiers() & _WITHOUT_TEXT
        by_key = next((each for each in self.shown if each.key and each.key == text.upper()), None)
        if plain and by_key is not None:
            self.choose(by_key)
        elif plain and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.walk(1 if key == Qt.Key.Key_Down else -1)
        elif plain and text.isprintable() and text.strip():
            self.typed.emit(text)
        else:
            event.ignore()  # Enter, Escape and the rest belong to the form around it

    def _on_clicked(self, index: QModelIndex) -> None:
        self.choose(index.data(CHOICE))

    def _height(self) -> int:
        heights = [_row_height(choice) for choice in self.shown]
        return sum(heights[: self._rows]) + 2 * self.frameWidth()


class _Row(QStyledItemDelegate):
    """Key, title and detail on one line, the reason in small type below."""

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, _row_height(index.data(CHOICE)))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        given: Any = option  # the stubs of PySide6 leave out what a style option inherits
        choice, look = index.data(CHOICE), theme.current()
        rect = QRect(given.rect)
        painter.save()
        if given.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, look.colour("selection"))
            painter.fillRect(
                QRect(rect.left(), rect.top(), look.space(0.75), rect.height()), look.colour("accent")
            )
        elif given.state & QStyle.StateFlag.State_MouseOver and choice.enabled:
            painter.fillRect(rect, look.colour("hover"))
        inside = rect.adjusted(look.space(2), 0, -look.space(2), 0)
        if any(each.key for each in _siblings(index)):
            _paint_key(painter, inside, choice)
            inside.setLeft(inside.left() + look.px(26))
        _paint_words(painter, inside, choice)
        painter.restore()


def _siblings(index: Index) -> tuple[Choice, ...]:
    model = index.model()
    return model.choices if isinstance(model, ChoiceModel) else ()


def _row_height(choice: Choice) -> int:
    look = theme.current()
    return look.px(42) if choice.note else look.px(28)


def _paint_key(painter: QPainter, inside: QRect, choice: Choice) -> None:
    """The key as a key cap at the left."""
    if not choice.key:
        return
    look = theme.current()
    edge = look.px(18)
    cap = QRect(inside.left(), inside.top() + (inside.height() - edge) // 2, edge, edge)
    painter.setRenderHint(painter.RenderHint.Antialiasing)
    painter.setPen(look.colour("border"))
    painter.setBrush(look.colour("hover"))
    painter.drawRoundedRect(cap, look.space(1), look.space(1))
    painter.setFont(look.font(11, bold=True))
    painter.setPen(look.colour("text" if choice.enabled else "disabled"))
    painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, choice.key)


def _paint_words(painter: QPainter, inside: QRect, choice: Choice) -> None:
    look = theme.current()
    line = QRect(inside)
    if choice.note:
        line.setTop(inside.top() + look.px(4))
        line.setHeight(look.px(18))
        below = line.translated(0, look.px(18))
        painter.setFont(look.font(12))
        painter.setPen(look.colour("muted" if choice.enabled else "disabled"))
        _elided(painter, below, choice.note, Qt.AlignmentFlag.AlignLeft)
    if choice.detail:
        painter.setFont(look.font(12))
        painter.setPen(look.ink(choice.hue) if choice.hue and choice.enabled else look.colour("muted"))
        width = min(QFontMetrics(look.font(12)).horizontalAdvance(choice.detail), line.width() * 6 // 10)
        right = QRect(line)
        right.setLeft(line.right() - width)
        _elided(painter, right, choice.detail, Qt.AlignmentFlag.AlignRight)
        line.setRight(right.left() - look.space(2))
    painter.setFont(look.font())
    painter.setPen(look.colour("text" if choice.enabled else "disabled"))
    _elided(painter, line, choice.title, Qt.AlignmentFlag.AlignLeft)


def _elided(painter: QPainter, rect: QRect, text: str, side: Qt.AlignmentFlag) -> None:
    said = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
    painter.drawText(rect, int(side | Qt.AlignmentFlag.AlignVCenter), said)
