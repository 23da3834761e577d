"""An order handed over to another technician (转单): asked, answered, decided; or given back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtWidgets import QComboBox

from dispatcher_app.domain import life
from dispatcher_app.domain.command import AnswerTransfer, AskTransfer, DropOrder, ForceTransfer
from dispatcher_app.domain.order import Order
from dispatcher_app.planning.rank import Ranking
from dispatcher_app.text import t
from ui import format, name
from ui.controls.section import label
from ui.order.countdown import Countdown
from ui.order.form import Form, row_of
from ui.order.reason import HANDED_OVER, PASSED_ON, reason_word
from ui.task import Latest

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

WAYS: Final[dict[str, tuple[str, str]]] = {
    "agrees": ("The other one takes it", "answer_transfer"),
    "refuses": ("The other one does not take it", "answer_transfer"),
    "ask": ("Ask another technician", "ask_transfer"),
    "force": ("Decide it without his word", "force_transfer"),
}


class TransferForm(Form):
    """What is possible now: a request is asked, answered while it runs, or decided by a supervisor."""

    def __init__(self, session: Session, order: Order) -> None:
        super().__init__(session, order, t("Hand {number} over", number=order.number), t("Do it##transfer"))
        self._ranking: Ranking | None = None
        self._asking = Latest(self)
        self._running = Countdown(session)
        self.way, self.to, self.reason = QComboBox(), QComboBox(), QComboBox()
        self.way.setObjectName("transfer_way")
        self.way.setAccessibleName(t("What##transfer"))
        self.to.setObjectName("transfer_to")
        self.to.setAccessibleName(t("To whom"))
        self.reason.setObjectName("transfer_reason")
        self.reason.setAccessibleName(t("Reason"))
        for code, word in HANDED_OVER.items():
            self.reason.addItem(t(word), code)
        self._words = label(t("To whom"), "muted"), label(t("Reason"), "muted")
        self.body.addWidget(self._running)
        self.body.addLayout(row_of(t("What##transfer"), self.way))
        self.body.addLayout(row_of(self._words[0], self.to))
        self.body.addLayout(row_of(self._words[1], self.reason))
        self.way.currentIndexChanged.connect(self._on_way)
        self.ask = self._command
        self.setFocusProxy(self.way)
        self.show_order(order)
        self._asking.ask(session.rank(order.id), self._on_ranking)

    def show_order(self, order: Order) -> None:
        super().show_order(order)
        asked = order.transfer
        words = ""
        if asked is not None:
            who = name.technician(self.session, asked.to)
            words = t("{name} is asked to take it: {reason}", name=who, reason=reason_word(asked.reason))
        self._running.show_until(words, asked.expires_at if asked else None)
        actor = self.session.actor
        fitting = ("agrees", "refuses", "force") if asked else ("ask", "force")
        ways = [
            code for code in fitting if life.refusal(order.status, WAYS[code][1], actor, order.region) is None
        ]
        if ways != [self.way.itemData(at) for at in range(self.way.count())]:
            before = self.way.currentData()
            self.way.clear()
            for code in ways:
                self.way.addItem(t(WAYS[code][0]), code)
            self.way.setCurrentIndex(max(self.way.findData(before), 0))
        self._on_way()

    def _on_ranking(self, ranking: Ranking) -> None:
        self._ranking = ranking
        now, timezone = self.session.now(), name.timezone(self.session)
        for each in ranking.eligible:
            if each.technician != self.order.technician:
                who = name.technician(self.session, each.technician)
                when = format.moment(each.start, now, timezone)
                self.to.addItem(t("{name}, from {when}", name=who, when=when), each.technician)
        if not self.to.count():
            self.to.addItem(t("Nobody else can go"), None)

    def _on_way(self) -> None:
        wide = self.way.currentData() in ("ask", "force")
        for part in (*self._words, self.to, self.reason):
            part.setVisible(wide)

    def _start(self, technician: str) -> int | None:
        found = self._ranking.eligible if self._ranking else ()
        return next((each.start for each in found if each.technician == technician), None)

    def _command(self) -> Any | None:
        order, way = self.order, self.way.currentData()
        if way in ("agrees", "refuses"):
            to = order.transfer.to if order.transfer else ""
            start = self._start(to) if way == "agrees" else None
            return AnswerTransfer(order=order.id, to=to, agreed=way == "agrees", start=start)
        to, reason = self.to.currentData(), self.reason.currentData()
        if not to:
            self.refuse(t("Nobody else can go"))
            return None
        former = order.technician or ""
        if way == "force":
            start = self._start(to) or self.session.now()
            return ForceTransfer(order=order.id, from_technician=former, to=to, start=start, reason=reason)
        return AskTransfer(order=order.id, from_technician=former, to=to, reason=reason)


class DropForm(Form):
    """He can't take it after all; the order goes back to the queue."""

    def __init__(self, session: Session, order: Order) -> None:
        who = name.technician(session, order.technician)
        super().__init__(
            session, order, t("{name} gives {number} back", name=who, number=order.number), t("Give back##go"),
            "danger",
        )  # fmt: skip
        self.reason = QComboBox()
        self.reason.setObjectName("drop_reason")
        self.reason.setAccessibleName(t("Reason"))
        for code, word in PASSED_ON.items():
            self.reason.addItem(t(word), code)
        self.body.addLayout(row_of(t("Reason"), self.reason))
        self.body.addWidget(
            label(t("The order goes back to the queue and is assigned anew."), "muted", wrap=True)
        )
        self.ask = lambda: DropOrder(
            order=self.order.id, technician=self.order.technician or "", reason=self.reason.currentData()
        )
        self.setFocusProxy(self.reason)
