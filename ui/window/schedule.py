"""Board and calendar in the window: the first tabs of the middle, each as wide as somebody wants it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSettings, Signal
from PySide6.QtWidgets import QWidget

from dispatcher_app.text import t
from ui.board.panel import ZOOM, BoardPanel
from ui.settings import choice
from ui.window.arrangement import Arrangement

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_KEPT = "board"


class Scheduling(QObject):
    """Emits what is chosen or opened in them."""

    order_chosen = Signal(str)
    order_opened = Signal(str)
    technician_chosen = Signal(str)
    technician_opened = Signal(str)

    def __init__(self, session: Session, arranged: Arrangement) -> None:
        super().__init__(arranged.split)
        self._arranged = arranged
        self.board = BoardPanel(session)
        arranged.tabs.insertTab(0, self.board, t("Board##tab"))
        self.board.order_chosen.connect(self.order_chosen)
        self.board.order_opened.connect(self.order_opened)
        self.board.technician_chosen.connect(self.technician_chosen)
        self.board.technician_opened.connect(self.technician_opened)
        self.board.wide_wanted.connect(lambda: self._widen(self.board))
        arranged.tabs.currentChanged.connect(lambda _at: self._say_wide())
        arranged.on_widened.append(self._say_wide)

    def handlers(self) -> dict[str, Callable[[], object]]:
        """The actions that are answered here."""
        board = self.board
        return {
            "board": lambda: self._arranged.go(board),
            "only_panel": lambda: self._widen(self._arranged.current),
            "board_today": self._on_board(board.dates.go_today),
            "board_previous": self._on_board(lambda: board.dates.step(-1)),
            "board_next": self._on_board(lambda: board.dates.step(1)),
            "board_days": self._on_board(board.dates.toggle_days),
            "board_now": self._on_board(board.go_to_now),
            "board_fit": self._on_board(board.view.fit),
            "board_closer": self._on_board(lambda: board.view.zoom(ZOOM)),
            "board_farther": self._on_board(lambda: board.view.zoom(1 / ZOOM)),
            "board_find": self._on_board(board.seek),
            "board_alerts": self._on_board(board.choosing.toggle_alerts),
            "board_lanes": self._on_board(board.fold_lanes),
        }

    def show_order(self, id: str | None) -> None:
        """The order that is looked at everywhere."""
        self.board.show_order(id)

    def show_technician(self, id: str | None) -> None:
        """The technician who is looked at everywhere."""
        self.board.show_technician(id)

    def show_region(self, region: str) -> None:
        """Only one region, or all for an empty one."""
        self.board.show_region(region)

    def keep(self, settings: QSettings) -> None:
        """Write down what comes back tomorrow."""
        wide = self._arranged.is_widened(self.board)
        choice.write_group(settings, _KEPT, {**self.board.state(), "wide": wide})

    def restore(self, settings: QSettings) -> None:
        """As it was yesterday."""
        kept = choice.read_group(settings, _KEPT)
        self.board.restore(kept)
        if kept.get("wide") is True:
            self._arranged.widen(self.board, True)
        self._say_wide()

    def _on_board(self, do: Callable[[], object]) -> Callable[[], object]:
        """Do it where it can be seen."""

        def done() -> None:
            if not self._arranged.shows(self.board):
                self._arranged.go(self.board)
            do()

        return done

    def _widen(self, tab: QWidget | None) -> None:
        if tab is not None:
            self._arranged.only(tab)
            self._say_wide()

    def _say_wide(self) -> None:
        self.board.wide.setChecked(self._arranged.is_widened(self.board))
