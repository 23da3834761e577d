"""A booking on its way: submitted, its number awaited a moment, and what becomes of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal

from dispatcher_app.client.state import Outcome, Refused, Submission
from dispatcher_app.domain.order import Order
from ui.booking import order
from ui.booking.done import Done
from ui.booking.draft import Draft, to_data
from ui.booking.form import Form
from ui.booking.sentence import sentence

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

PATIENCE_MS: Final = 1500
"""So long the server may take before the temporary number is said instead."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A draft that was booked, and who called."""

    draft: Draft
    submission: Submission
    caller: str


class Sending(QObject):
    """Says the number as soon as it is sure; emits `refused` with a draft and the refusal, also long after."""

    refused = Signal(object, object)

    def __init__(self, session: Session, form: Form, done: Done) -> None:
        super().__init__(done)
        self._session, self._form, self._done = session, form, done
        self.sent: Sent | None = None
        self._patience = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        self._patience.timeout.connect(self._say)

    def submit(self) -> str:
        """Book what is in the form; the answer is the order's id. Raises Rejected."""
        draft, customer = self._form.draft, self._form.customer
        submission = self._session.submit(order.command(draft, self._form.offline))
        self._form.forget()
        self.sent = Sent(draft, submission, customer.name if customer else draft.name.strip())
        if self._form.offline:
            self._say()
        else:
            self._patience.start()
        self._form.errands.run(_answer(submission), lambda outcome: self._on_answer(draft, outcome))
        return draft.order

    def forget(self) -> None:
        """It is looked at no more; a refusal is told all the same."""
        self.sent = None
        self._patience.stop()

    def _on_answer(self, draft: Draft, outcome: Outcome) -> None:
        if isinstance(outcome, Refused):
            self._session.put_draft(draft.id, to_data(draft))
            self.refused.emit(draft, outcome.refusal)
        elif self.sent is not None and self.sent.draft.id == draft.id:
            self._say()

    def _say(self) -> None:
        self._patience.stop()
        made = self._session.get(Order, self.sent.draft.order) if self.sent else None
        if self.sent is None or made is None:
            return
        waiting = not self.sent.submission.outcome.done()
        self._done.show_booking(
            made.number, sentence(self._form, made, self.sent.caller, made.number),
            temporary=waiting, waiting=waiting, offline=waiting and self._form.offline,
        )  # fmt: skip


async def _answer(submission: Submission) -> Outcome:
    return await submission.outcome
