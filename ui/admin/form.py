"""A form about one thing of the administration: fields one below the other, saved on top of what was read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from dispatcher_app.text import t
from ui import theme
from ui.admin.draft import Asked, Draft, Unreadable
from ui.controls.questions import Questions
from ui.controls.section import label
from ui.controls.sheet import Grid, Sheet
from ui.submit import submit

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_LOOK_MS: Final = 400
_WIDEST_PX: Final = 1080
"""Fields are no wider than this: on a wide screen the eye would have to run from a word to its value; tables are."""


class Form(QFrame):
    """`saved` carries the id of what was saved, `left` that the form was stepped back from.

    `shown` follows its state, `wanted` asks the page for a draft like it.
    """

    saved = Signal(str)
    left = Signal()
    shown = Signal()
    wanted = Signal(str)

    def __init__(
        self, session: Session, draft: Draft, asked: Sequence[Asked], command: Callable[[Any], Any], *,
        title: Callable[[Any], str], open: bool, hints: Callable[[Any], str] = lambda _made: "", shut: str = "",
    ) -> None:  # fmt: skip
        super().__init__()
        self._session, self.draft, self._asked, self._command = session, draft, tuple(asked), command
        self._title, self._hints, self._open = title, hints, open
        self._why_shut = shut or t("Only administrators may change this.")
        self.setObjectName("admin_form")
        self._head = label("", "title", wrap=True)
        self._questions = Questions()
        self._state, self._hint = label("", "small"), label("", "small", wrap=True)
        self._error = label("", "error", wrap=True)
        self._error.setObjectName("admin_error")
        self.go = QPushButton(t("Save"))
        self.go.setObjectName("admin_save")
        self.buttons = QHBoxLayout()
        self._lay_out()
        self._look = QTimer(self, interval=_LOOK_MS)
        self._look.timeout.connect(self._on_look)
        self._look.start()
        self._say_state()

    @property
    def unsaved(self) -> bool:
        """Whether something typed is not saved yet."""
        return self._open and self.draft.unsaved

    def begin(self) -> None:
        """The caret into the first field."""
        self.draft.catch_up()
        self._asked[0].widget.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def catch_up(self) -> None:
        """Show what others have changed."""
        self.draft.catch_up()
        self._say_state()

    def field(self, code: str) -> QWidget:
        """Where something is typed."""
        return next(each.widget for each in self._asked if each.code == code)

    def save(self, **also: Any) -> bool:
        """Save it, or say beside the field what is wrong; `also` are fields that no one types."""
        self._questions.hush()
        self._refuse("", None)
        try:
            own = self.draft.own()
        except Unreadable as wrong:
            self._refuse(str(wrong), wrong.field)
            widget = self.field(wrong.field)
            if isinstance(widget, Sheet):
                widget.go_to_wrong()
            return False
        clash = self.draft.clash(own)
        self.draft.follow(own)
        if clash:
            said = t("A colleague has just changed this too. Save again to have it as it stands here.")
            self._refuse(said, clash[0])
            return False
        wanted = replace(self.draft.read, **{**own, **also})
        made = submit(
            self._session, self._command(wanted), lambda said, rejected: self._refuse(said, rejected.field)
        )
        if made is None:
            return False
        self.draft.new = False
        self.draft.catch_up()
        self._say_state()
        self.saved.emit(wanted.id)
        return True

    def add_below(self, word: str, widget: QWidget) -> None:
        """Something to read, below the fields."""
        self._questions.add("", word, widget)

    def shut(self) -> None:
        """From now on it is only read: it has been published."""
        self._open = False
        for each in self._asked:
            shut(each.widget, False)
        self.go.hide()
        self._foot_hint.setText(self._why_shut)

    def say(self, sentence: str) -> None:
        """Say at the foot why something can't be."""
        self._refuse(sentence, None)

    def _refuse(self, sentence: str, field: str | None) -> None:
        code = (field or "").partition(".")[0]
        beside = bool(sentence and code) and self._questions.refuse(code, sentence)
        self._error.setText("" if beside else sentence)
        self._error.setVisible(bool(sentence) and not beside)

    def _on_look(self) -> None:
        if self.isVisible():
            self._say_state()

    def _say_state(self) -> None:
        unsaved = self.unsaved
        self._head.setText(self._title(self.draft.read))
        self._state.setText(t("● not saved yet") if unsaved else "")
        try:
            said = self._hints(self.draft.made())
        except Unreadable:
            said = ""
        self._hint.setText(said)
        self._hint.setVisible(bool(said))
        self.shown.emit()

    # ------------------------------------------------------------ keys
    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in _ENTER
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif enter and (control or self.go.hasFocus()) and self._open:
            self.save()
        elif enter:
            self.focusNextChild()
        else:
            super().keyPressEvent(event)

    def _on_focus(self, _before: QWidget | None, now: QWidget | None) -> None:
        if now is not None and self._scroll.isAncestorOf(now):
            if isinstance(now, Grid):
                self._follow(now)
            else:
                self._scroll.ensureWidgetVisible(now)

    def _follow(self, grid: Grid) -> None:
        """Keep the cell with the caret in view: a table may be higher than the window."""
        cell = grid.visualRect(grid.currentIndex())
        at = grid.viewport().mapTo(self._body, cell.center())
        self._scroll.ensureVisible(at.x(), at.y(), 0, theme.current().px(42))

    # ------------------------------------------------------------ construction
    def _lay_out(self) -> None:
        look = theme.current()
        for each in self._asked:
            self._questions.add(each.code, each.word, each.widget, each.hint, beside=each.beside)
            each.widget.setObjectName(f"admin_{each.code}")
            shut(each.widget, self._open)
            if isinstance(each.widget, Sheet):
                grid = each.widget.grid
                grid.selectionModel().currentChanged.connect(
                    lambda _now, _before, grid=grid: self._follow(grid)
                )
        body = QFrame()
        column = QVBoxLayout(body)
        column.setContentsMargins(look.space(3), look.space(2), look.space(3), look.space(3))
        row = QHBoxLayout()
        row.addWidget(self._questions, 1000)
        if not any(isinstance(each.widget, Sheet) for each in self._asked):
            self._questions.setMaximumWidth(look.px(_WIDEST_PX))
            row.addStretch(1)
        column.addLayout(row)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidget(body)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._head.setContentsMargins(look.space(3), look.space(3), look.space(3), look.space(1))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._head)
        whole.addWidget(scroll, 1)
        whole.addLayout(self._foot())
        self._scroll, self._body = scroll, body
        self.go.clicked.connect(lambda: self.save())
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._on_focus)

    def _foot(self) -> QVBoxLayout:
        look = theme.current()
        self._error.hide()
        self.go.setProperty("kind", "primary")
        if not self._open:
            self.go.hide()
        self.buttons.setSpacing(look.space(2))
        self.buttons.addWidget(self.go)
        self.buttons.addWidget(self._state)
        self.buttons.addStretch(1)
        said = t("Enter next · Ctrl+Enter saves") if self._open else self._why_shut
        self._foot_hint = label(said, "small")
        self.buttons.addWidget(self._foot_hint)
        line = QFrame()
        line.setFrameShape(QFrame.Shape.HLine)
        foot = QVBoxLayout()
        foot.setContentsMargins(look.space(3), 0, look.space(3), look.space(3))
        foot.setSpacing(look.space(2))
        for part in (line, self._hint, self._error):
            foot.addWidget(part)
        foot.addLayout(self.buttons)
        return foot


def shut(widget: QWidget, opened: bool) -> None:
    """Let a field be typed into, or only read."""
    if isinstance(widget, Sheet):
        widget.set_open(opened)
    elif isinstance(widget, QLineEdit | QPlainTextEdit | QAbstractSpinBox):
        widget.setReadOnly(not opened)
    elif isinstance(widget, QComboBox) or not opened:
        widget.setEnabled(opened)
