"""Notices as a stack in the lower right corner of a window, above its status bar."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QEnterEvent, QGuiApplication
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStatusBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from dispatcher_app.text import t
from ui import icons, theme
from ui.mark import Hue
from ui.notify import Kind, Notice, Notifier

_HUE: Final[dict[Kind, Hue]] = {"info": "blue", "success": "green", "warning": "amber", "error": "red"}
_AT_MOST: Final = 5
_WIDTH_PX: Final = 360


class Toast(QFrame):
    """One notice; never takes the focus by itself, and its time stands still under the mouse or the focus."""

    ended = Signal()

    def __init__(self, notice: Notice, parent: QWidget) -> None:
        super().__init__(parent)
        self.notice = notice
        self._stack = parent
        self._times = 1
        self._timer = QTimer(self, singleShot=True, interval=notice.lasts_ms)
        self._timer.timeout.connect(self._on_time_up)
        self.setObjectName("toast")
        self.setProperty("hue", _HUE[notice.kind])
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(f"{_word(notice.kind)}: {notice.text}")
        self._picture = QLabel(self)
        self._picture.setPixmap(icons.pixmap(notice.kind, _HUE[notice.kind], theme.current().px(18)))
        self._text = QLabel(notice.text, self, wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self._text.setMinimumWidth(1)
        self._lay_out()
        self._resume()

    def repeat(self) -> None:
        """The same was said again: count it and start its time anew."""
        self._times += 1
        self._text.setText(f"{self.notice.text} ×{self._times}")
        self._resume()

    def enterEvent(self, event: QEnterEvent) -> None:
        self._timer.stop()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._resume()
        super().leaveEvent(event)

    def sizeHint(self) -> QSize:
        width = theme.current().px(_WIDTH_PX)
        return QSize(width, max(self.heightForWidth(width), super().minimumSizeHint().height()))

    def _resume(self) -> None:
        if self.notice.lasts_ms:
            self._timer.start()

    def _on_time_up(self) -> None:
        held = any(button.hasFocus() for button in self.findChildren(QAbstractButton))
        if held or self._stack.underMouse():
            self._resume()
        else:
            self.ended.emit()

    def _lay_out(self) -> None:
        look = theme.current()
        across = QHBoxLayout(self)
        across.setContentsMargins(look.space(3), look.space(2), look.space(2), look.space(2))
        across.setSpacing(look.space(2))
        across.addWidget(self._picture)
        middle = QVBoxLayout()
        middle.setSpacing(look.space(1))
        middle.addWidget(self._text)
        if buttons := self._buttons():
            row = QHBoxLayout()
            row.setSpacing(look.space(2))
            for button in buttons:
                row.addWidget(button)
            row.addStretch()
            middle.addLayout(row)
        across.addLayout(middle, 1)
        close = QToolButton(self)
        close.setIcon(icons.icon("close", "muted"))
        close.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        close.setAccessibleName(t("Close##notice"))
        close.clicked.connect(self.ended)
        across.addWidget(close)

    def _buttons(self) -> list[QPushButton]:
        buttons = []
        if offer := self.notice.offer:
            button = _link(offer.label, self)
            button.clicked.connect(self.ended)
            button.clicked.connect(lambda: offer.run())
            buttons.append(button)
        if self.notice.report:
            button = _link(t("Copy report"), self)
            button.clicked.connect(self._copy)
            buttons.append(button)
        return buttons

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.notice.report)


class Toasts(QWidget):
    """All notices of one window, the newest below; it follows the window's size and lets clicks through.

    Where several windows are open, `wanted` says whether this is the one that somebody works in.
    """

    def __init__(
        self, window: QWidget, notifier: Notifier, wanted: Callable[[], bool] = lambda: True
    ) -> None:
        super().__init__(window)
        self._window, self._wanted = window, wanted
        self._notifier = notifier
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.current().space(2))
        window.installEventFilter(self)
        notifier.attach(self, self.show_notice)
        self.hide()

    def toasts(self) -> list[Toast]:
        """What is shown now, the oldest first."""
        held = (self._column.itemAt(at) for at in range(self._column.count()))
        return [widget for item in held if item and isinstance(widget := item.widget(), Toast)]

    def show_notice(self, notice: Notice) -> None:
        """Show a notice; one that is already there with the same words is counted instead."""
        if not self._wanted():
            return
        self._notifier.shown.emit(notice.kind)
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self._window, notice.text))
        shown = self.toasts()
        for toast in shown:
            if (toast.notice.kind, toast.notice.text) == (notice.kind, notice.text):
                toast.repeat()
                self._place()
                return
        for toast in shown[: max(len(shown) - _AT_MOST + 1, 0)]:
            self._drop(toast)
        toast = Toast(notice, self)
        toast.ended.connect(lambda: self._drop(toast))
        self._column.addWidget(toast)
        toast.show()
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.LayoutRequest):
            self._place()
        return super().eventFilter(watched, event)

    def _drop(self, toast: Toast) -> None:
        self._column.removeWidget(toast)
        toast.hide()
        toast.deleteLater()
        self._place()

    def _place(self) -> None:
        toasts = self.toasts()
        if not toasts:
            self.hide()
            return
        look = theme.current()
        heights = [toast.sizeHint().height() for toast in toasts]
        width = min(look.px(_WIDTH_PX), self._window.width() - 2 * look.space(4))
        height = sum(heights) + self._column.spacing() * (len(heights) - 1)
        corner = QPoint(self._window.width() - width - look.space(4), self._floor() - height - look.space(3))
        self.setGeometry(corner.x(), corner.y(), width, height)
        self.show()  # only now: shown elsewhere first, it might meet a mouse that isn't here
        self.raise_()

    def _floor(self) -> int:
        bars = self._window.findChildren(QStatusBar, options=Qt.FindChildOption.FindDirectChildrenOnly)
        return min((bar.y() for bar in bars if bar.isVisible()), default=self._window.height())


def _link(label: str, parent: QWidget) -> QPushButton:
    button = QPushButton(label, parent)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setProperty("kind", "link")
    button.setProperty("compact", True)
    return button


def _word(kind: Kind) -> str:
    return {
        "info": t("Note##notice"),
        "success": t("Done##notice"),
        "warning": t("Attention##notice"),
        "error": t("Error##notice"),
    }[kind]
