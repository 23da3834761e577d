"""The command palette (Ctrl+K): every action by a few letters, words or pinyin initials alike."""

import re
from collections.abc import Callable, Iterable
from typing import Any, Final

import shiboken6
from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QAction, QFocusEvent, QFontMetrics, QIcon, QKeyEvent, QKeySequence, QPainter
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from dispatcher_app import pinyin
from dispatcher_app.text import t
from ui import theme
from ui.controls.field import Field

DISABLED_REASON: Final = "disabled_reason"
"""The dynamic property of an action that says why it is disabled."""

_ROWS: Final = 10
_WIDTH_PX: Final = 560
_ACTION: Final = Qt.ItemDataRole.UserRole
_STEPS: Final = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: _ROWS, Qt.Key.Key_PageUp: -_ROWS}
_MNEMONIC: Final = re.compile(r"\s*\(&\w\)|&(.)")
_OWN_KEYS: Final = {*_STEPS, Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter}

Index = QModelIndex | QPersistentModelIndex


def rank(query: str, *names: str) -> int | None:
    """How well the letters typed fit the best of `names`: 0 is best, None not at all.

    Letters must come in order. A name that begins with them comes first, then one where a word does,
    then one that contains them in one piece, then by the gaps between them.
    """
    letters = query.casefold().replace(" ", "")
    fits = [fit for name in names if (fit := _fit(letters, name.casefold())) is not None]
    return min(fits, default=None)


def _fit(letters: str, name: str) -> int | None:
    solid = name.replace(" ", "")
    if solid.startswith(letters):
        return 0
    if any(word.startswith(letters) for word in name.split()):
        return 1
    if letters in solid:
        return 2
    at, first = -1, -1
    for letter in letters:
        at = solid.find(letter, at + 1)
        if at < 0:
            return None
        first = at if first < 0 else first
    return 3 + (at - first + 1 - len(letters))


def title(action: QAction) -> str:
    """An action's name without mnemonic and dots: "Save" of "&Save…", "派单" of "派单(&A)"."""
    return _MNEMONIC.sub(r"\1", action.text()).rstrip("….")


def matching(actions: Iterable[QAction], query: str) -> list[QAction]:
    """The visible actions that fit `query`, best first, those that can be done now before the others."""
    found = []
    for place, action in enumerate(actions):
        name = title(action)
        if not name or not action.isVisible() or action.isSeparator():
            continue
        # objectName is the action's English id: whoever knows it types it in any language.
        fit = rank(query, name, *pinyin.initials(name).split(), action.objectName().replace("_", " "))
        if fit is not None:
            found.append((not action.isEnabled(), fit, place, action))
    return [action for *_, action in sorted(found, key=lambda each: each[:3])]


class CommandPalette(QFrame):
    """The palette of one window; `actions` is asked anew whenever it opens."""

    def __init__(self, window: QWidget, actions: Callable[[], Iterable[QAction]]) -> None:
        super().__init__(window)
        self._window, self._actions = window, actions
        self._before: QWidget | None = None
        self._model = _Actions(self)
        self._field = Field()
        self._list = QListView()
        self._list.setModel(self._model)
        self._list.setItemDelegate(_Row(self._list))
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setUniformItemSizes(True)
        self._list.setAccessibleName(t("Commands"))
        self._list.clicked.connect(self._run)
        self._field.setPlaceholderText(t("Type a command; pinyin initials will do…"))
        self._field.setAccessibleName(t("Commands"))
        self._field.textChanged.connect(self._on_typed)
        self._field.installEventFilter(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 6, 6, 6)
        column.addWidget(self._field)
        column.addWidget(self._list)
        self.setObjectName("palette")
        self.hide()
        window.installEventFilter(self)

    def open(self) -> None:
        """Show the palette and take the focus; opening an open one closes it."""
        if self.isVisible():
            self.close()
            return
        self._before = QApplication.focusWidget()
        self._field.clear()
        self._on_typed("")
        self._place()
        self.show()
        self.raise_()
        self._field.setFocus(Qt.FocusReason.PopupFocusReason)

    def close(self) -> bool:
        """Hide the palette and give the focus back to where it was."""
        before, self._before = self._before, None
        held = self._field.hasFocus()
        closed = super().close()
        if held and before is not None and shiboken6.isValid(before):
            before.setFocus(Qt.FocusReason.PopupFocusReason)
        return closed

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._field:
            if isinstance(event, QKeyEvent) and not self._field.composing:
                return self._on_key_event(event)
            if isinstance(event, QFocusEvent) and event.lostFocus() and self.isVisible() and _stays(event):
                self.close()
        elif event.type() is QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def _on_key_event(self, event: QKeyEvent) -> bool:
        if event.type() is QEvent.Type.KeyPress:
            return self._on_key(event.key())
        if event.type() is QEvent.Type.ShortcutOverride and event.key() in _OWN_KEYS:
            event.accept()  # or a shortcut of the window would take it
            return True
        return False

    def _on_key(self, key: int) -> bool:
        if key == Qt.Key.Key_Escape:
            self.close()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._run(self._list.currentIndex())
        elif step := _STEPS.get(Qt.Key(key)):
            last = self._model.rowCount() - 1
            at = min(max(self._list.currentIndex().row() + step, 0), last)
            self._list.setCurrentIndex(self._model.index(at))
        else:
            return False
        return True

    def _on_typed(self, query: str) -> None:
        self._model.show_actions(matching(self._actions(), query))
        self._list.setCurrentIndex(self._model.index(0))
        self._place()

    def _run(self, index: QModelIndex) -> None:
        action = index.data(_ACTION)
        if isinstance(action, QAction) and action.isEnabled():
            self.close()
            action.trigger()

    def _place(self) -> None:
        look = theme.current()
        width = min(look.px(_WIDTH_PX), self._window.width() - 2 * look.space(4))
        height = look.px(36) + look.row_height * min(max(self._model.rowCount(), 1), _ROWS) + look.space(7)
        left, top = (self._window.width() - width) // 2, look.space(12)
        self.setGeometry(left, top, width, min(height, self._window.height() - top))


class _Actions(QAbstractListModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._found: list[QAction] = []

    def show_actions(self, actions: list[QAction]) -> None:
        self.beginResetModel()
        self._found = actions
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._found)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        action = self._found[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return title(action)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(part for part in (title(action), _keys(action), _reason(action)) if part)
        return action if role == _ACTION else None


class _Row(QStyledItemDelegate):
    """Icon, name, why not, and the shortcut at the right."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(0, theme.current().row_height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        action, look = index.data(_ACTION), theme.current()
        rect, state = _parts(option)
        painter.save()
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, look.colour("selection"))
        inside = rect.adjusted(look.space(2), 0, -look.space(2), 0)
        edge = look.icon_size
        place = QRect(inside.left(), inside.top() + (inside.height() - edge) // 2, edge, edge)
        mode = QIcon.Mode.Normal if action.isEnabled() else QIcon.Mode.Disabled
        action.icon().paint(painter, place, mode=mode)
        inside.setLeft(place.right() + look.space(2))
        painter.setFont(look.font(12))
        painter.setPen(look.colour("muted"))
        inside.setRight(_write_right(painter, inside, _keys(action)) - look.space(2))
        painter.setFont(look.font())
        painter.setPen(look.colour("text" if action.isEnabled() else "muted"))
        inside.setLeft(_write(painter, inside, title(action)) + look.space(2))
        painter.setFont(look.font(12))
        painter.setPen(look.colour("muted"))
        _write(painter, inside, _reason(action))
        painter.restore()


def _stays(event: QFocusEvent) -> bool:
    # Another program coming to the front is no reason to lose what was typed.
    return event.reason() is not Qt.FocusReason.ActiveWindowFocusReason


def _parts(option: QStyleOptionViewItem) -> tuple[QRect, QStyle.StateFlag]:
    # The stubs of PySide6 leave out what a style option inherits.
    given: Any = option
    return QRect(given.rect), given.state


def _write(painter: QPainter, rect: QRect, text: str) -> int:
    """Write as much as fits and return where it ends."""
    said = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
    painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, said)
    return rect.left() + QFontMetrics(painter.font()).horizontalAdvance(said)


def _write_right(painter: QPainter, rect: QRect, text: str) -> int:
    """Write at the right edge and return where it begins."""
    painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, text)
    return rect.right() - QFontMetrics(painter.font()).horizontalAdvance(text)


def _keys(action: QAction) -> str:
    return action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)


def _reason(action: QAction) -> str:
    if action.isEnabled():
        return ""
    return str(action.property(DISABLED_REASON) or t("Not possible now"))
