"""One act that wants a decision, as a card that stays until somebody has decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from dispatcher_app.client.state import ParkedAct
from dispatcher_app.domain.act import Rejected
from dispatcher_app.text import t
from ui import format, name, theme
from ui.controls.section import label
from ui.deed import deed, order_of
from ui.order_title import order_title

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


class ConflictCard(QFrame):
    """Who did what and when, what was done here; keep theirs, take over, or discard.

    Emits `order_wanted` with the order it is about, `decided` when nothing is left to decide.
    """

    order_wanted = Signal(str)
    decided = Signal(str)

    def __init__(self, session: Session, act: ParkedAct, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self.act = session, act
        look = theme.current()
        self.setObjectName("conflict_card")
        self.setProperty("panel", "surface")
        self._error = label("", "error", wrap=True)
        self._error.hide()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(*(look.space(3),) * 4)
        self._column.setSpacing(look.space(2))
        conflict = act.state == "refused" and act.refusal is not None
        self._say_conflict() if conflict else self._say_parked()
        self._column.addWidget(self._error)
        buttons = QHBoxLayout()
        buttons.setSpacing(look.space(2))
        for button in self._conflict_buttons() if conflict else self._parked_buttons():
            buttons.addWidget(button)
        buttons.addStretch()
        self._column.addLayout(buttons)

    @property
    def order(self) -> str | None:
        """The order it is about."""
        return order_of(self.act.command)

    def _say_conflict(self) -> None:
        refusal = self.act.refusal
        assert refusal is not None
        self._say(t("Conflict: {what}", what=self._where()), "strong")
        who, when = refusal.params.get("who"), refusal.params.get("when")
        if isinstance(who, str) and isinstance(when, int):
            self._say(
                t("{who}, {when}:", who=name.actor(self._session, who), when=self._moment(when)), "muted"
            )
            self._say(self._theirs(refusal.params))
        else:
            self._say(name.refusal(self._session, refusal))
        self._say(t("You, {when}:", when=self._moment(self.act.at)), "muted")
        self._say(self._yours())

    def _say_parked(self) -> None:
        self._say(t("Could not be sent: {what}", what=self._where()), "strong")
        self._say(t("You, {when}: {what}", when=self._moment(self.act.at), what=self._yours()))
        refusal = self.act.refusal
        self._say(name.refusal(self._session, refusal) if refusal else name.reason(self.act.reason), "muted")

    def _where(self) -> str:
        return order_title(self._session, self.order) if self.order else self._yours()

    def _yours(self) -> str:
        return deed(self._session, self.act.command) if self.act.command is not None else self.act.name

    def _theirs(self, params: dict[str, object]) -> str:
        order, action = self.order, str(params.get("action", ""))
        told = name.step_word(action)
        if isinstance(technician := params.get("technician"), str):
            told = f"{told} → {name.technician(self._session, technician)}"
        return told if order else told or name.refusal(self._session, self.act.refusal)

    def _moment(self, at: int) -> str:
        return format.moment(at, self._session.now(), name.timezone(self._session))

    def _say(self, text: str, role: str = "") -> None:
        self._column.addWidget(label(text, role, wrap=True))
        self.setAccessibleName(f"{self.accessibleName()} {text}".strip())

    def _conflict_buttons(self) -> list[QPushButton]:
        return [
            self._button("keep_theirs", t("Keep theirs"), self._keep, "primary"),
            self._button("take_over", t("Take over"), self._take_over),
            self._button("discard", t("Discard mine"), self._discard, "quiet"),
        ]

    def _parked_buttons(self) -> list[QPushButton]:
        return [
            self._button("retry", t("Try again"), self._retry, "primary"),
            self._button("discard", t("Discard"), self._discard, "quiet"),
        ]

    def _button(self, code: str, words: str, run: object, kind: str = "") -> QPushButton:
        button = QPushButton(words)
        button.setObjectName(f"conflict_{code}")
        if kind:
            button.setProperty("kind", kind)
        button.clicked.connect(run)
        return button

    def _keep(self) -> None:
        self._discard()
        if self.order:
            self.order_wanted.emit(self.order)

    def _discard(self) -> None:
        self._session.discard(self.act.act)
        self.decided.emit(self.act.act)

    def _retry(self) -> None:
        self._session.retry(self.act.act)
        self.decided.emit(self.act.act)

    def _take_over(self) -> None:
        try:
            self._session.take_over(self.act.act)
        except Rejected as rejected:
            self._error.setText(name.refusal(self._session, rejected))
            self._error.show()
            return
        self.decided.emit(self.act.act)
        if self.order:
            self.order_wanted.emit(self.order)
