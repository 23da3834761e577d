"""The list of what was done, by oneself, by everybody or to one order, and taking any of it back from there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, Literal

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from dispatcher_app.client.api import Offline
from dispatcher_app.client.state import Changed, DoneAct, Link, Submission
from dispatcher_app.domain.act import Rejected
from dispatcher_app.text import t
from ui import name, theme
from ui.controls.choices import Choices
from ui.controls.empty import EmptyState
from ui.controls.flow import Flow
from ui.controls.section import label
from ui.done.row import offer, row, why_not
from ui.submit import follow
from ui.task import Latest

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

Whose = Literal["mine", "all", "order"]
_SETTLE_MS: Final = 300
_MOST: Final = 100


class DonePanel(QWidget):
    """Emits `closed`, `order_chosen` with the order of the row in hand, `order_opened` on Enter, `turned` after doing."""

    closed = Signal()
    turned = Signal()
    order_chosen = Signal(str)
    order_opened = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None, *, read_only: bool = False) -> None:
        super().__init__(parent)
        self._session, self._read_only = session, read_only
        self._order: str | None = None
        self.whose: Whose = "mine"
        self.acts: tuple[DoneAct, ...] = ()
        self._asking = Latest(self)
        self._soon = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._soon.timeout.connect(self.ask)
        self.setObjectName("done_panel")
        self.setAccessibleName(t("What was done##tab"))
        self.list = Choices(t("What was done##tab"), rows=None)
        self.list.setObjectName("done_list")
        self.list.selectionModel().currentChanged.connect(lambda _now, _before: self._on_row())
        self._why = label("", "muted", wrap=True)
        self._why.setObjectName("done_why")
        self.go = QPushButton()
        self.go.setObjectName("done_go")
        self.go.setProperty("kind", "primary")
        self.go.clicked.connect(self.reverse)
        self._none = EmptyState(t("Nothing was done yet"), "", "history")
        self._pages = QStackedWidget()
        self._filters: dict[Whose, QPushButton] = {}
        self._lay_out()
        self._on_row()
        stop = session.subscribe(changed=self._on_changed, link=self._on_link)
        self.destroyed.connect(lambda: stop())

    def show_order(self, id: str | None) -> None:
        """The order that is looked at everywhere."""
        self._order = id
        self._filters["order"].setEnabled(id is not None)
        if self.whose == "order":
            self.ask()

    def show_whose(self, whose: Whose) -> None:
        """One's own acts, everybody's, or those on the order that is looked at."""
        self.whose = whose
        self._filters[whose].setChecked(True)
        self.ask()

    def ask(self) -> None:
        """Have the server say what was done."""
        if self.isVisible():
            self._asking.ask(self._ask(), self._show)

    async def _ask(self) -> Sequence[DoneAct] | None:
        order = (self._order or "") if self.whose == "order" else ""
        try:
            return await self._session.done_acts(everybody=self.whose == "all", order=order, limit=_MOST)
        except (Offline, Rejected):
            return None

    def _show(self, found: Sequence[DoneAct] | None) -> None:
        current, at = self.list.current, self.list.currentIndex().row()
        self.acts = tuple(found or ())
        hint = "" if found is not None else t("The server knows what was done; it can't be reached now.")
        self._none.say(t("Nothing was done yet") if found is not None else t("No connection"), hint)
        self._pages.setCurrentIndex(0 if self.acts else 1)
        rows = [row(self._session, each) for each in self.acts]
        kept = next((n for n, each in enumerate(rows) if current and each.value == current.value), max(at, 0))
        self.list.show_choices(rows, min(kept, len(rows) - 1))
        self._on_row()

    @property
    def chosen(self) -> list[DoneAct]:
        """The act in hand, with those that were done together with it; the last done first."""
        current = self.list.current
        act = next((each for each in self.acts if current and each.act == current.value), None)
        if act is None:
            return []
        if act.batch is None:
            return [act]
        return [each for each in self.acts if each.batch == act.batch and each.undone == act.undone]

    def _on_row(self) -> None:
        chosen = self.chosen
        able = [each for each in chosen if each.able]
        self.go.setVisible(bool(chosen) and not self._read_only)
        self.go.setEnabled(bool(able))
        self.go.setText(offer(self._session, chosen[0], len(chosen)) if chosen else "")
        self._why.setText("" if able or not chosen else why_not(self._session, chosen[0]))
        self._why.setVisible(bool(self._why.text()))
        if len(chosen) == 1 and len(chosen[0].orders) == 1 and self.list.hasFocus():
            self.order_chosen.emit(chosen[0].orders[0])

    def reverse(self) -> None:
        """Take the act in hand back, or do it again; what did not work is said row by row."""
        refused: list[str] = []
        last: Submission | None = None
        for act in self.chosen:
            made = self._session.take_back(act)
            if made.refused is not None:
                refused.append(
                    f"{row(self._session, act).title}: {name.refusal(self._session, made.refused)}"
                )
            if made.submission is not None:
                follow(self._session, made.submission)
                last = made.submission
        if last is not None:
            last.outcome.add_done_callback(lambda _answer: self._soon.start())
        self._why.setText("\n".join(refused))
        self._why.setVisible(bool(refused))
        self.turned.emit()

    def _on_changed(self, changed: Changed) -> None:
        if self.isVisible() and (changed.everything or "order" in changed.ids or "technician" in changed.ids):
            self._soon.start()

    def _on_link(self, link: Link) -> None:
        if link.state == "online" and self.isVisible():
            self._soon.start()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.ask()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        chosen = self.chosen
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and chosen and chosen[0].orders:
            self.order_opened.emit(chosen[0].orders[0])
        elif event.key() == Qt.Key.Key_Delete and self.go.isEnabled() and self.go.isVisible():
            self.reverse()
        else:
            super().keyPressEvent(event)

    def _lay_out(self) -> None:
        look = theme.current()
        head, group = QHBoxLayout(), QButtonGroup(self)
        head.addWidget(label(t("What was done##tab"), "title"), 1)
        close = QPushButton(t("Close##panel"))
        close.setObjectName("done_close")
        close.setProperty("kind", "quiet")
        close.clicked.connect(self.closed)
        head.addWidget(close)
        filters = QWidget()
        flow = Flow(filters, look.space(1))
        words: tuple[tuple[Whose, str], ...] = (
            ("mine", t("By me##done")), ("all", t("By everybody##done")), ("order", t("On this order##done")),
        )  # fmt: skip
        for whose, word in words:
            button = QPushButton(word)
            button.setObjectName(f"done_{whose}")
            button.setProperty("kind", "quiet")
            button.setCheckable(True)
            button.setChecked(whose == self.whose)
            button.setEnabled(whose != "order")
            button.clicked.connect(lambda _checked=False, whose=whose: self.show_whose(whose))
            group.addButton(button)
            flow.addWidget(button)
            self._filters[whose] = button
        foot = QVBoxLayout()
        foot.setSpacing(look.space(1))
        foot.addWidget(self._why)
        foot.addWidget(self.go, 0, Qt.AlignmentFlag.AlignLeft)
        for page in (self.list, self._none):
            self._pages.addWidget(page)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(look.space(3), look.space(2), look.space(2), look.space(2))
        whole.setSpacing(look.space(2))
        whole.addLayout(head)
        whole.addWidget(filters)
        whole.addWidget(self._pages, 1)
        whole.addLayout(foot)
        self.setFocusProxy(self.list)
