"""The questions about a complaint, asked beside its story: what was said, who is waited for, who was at fault."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QDateTime, QTimeZone
from PySide6.QtWidgets import QComboBox, QDateTimeEdit

from dispatcher_app.domain.calendar import HOUR_MS
from dispatcher_app.domain.command import (
    AddComplaintNote,
    AnswerComplaint,
    CloseComplaint,
    JudgeComplaint,
    ReopenComplaint,
    ResolveComplaint,
    WaitComplaint,
)  # fmt: skip
from dispatcher_app.domain.money.complaint import CLAIMS, Complaint, at_work
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.region import Policy
from dispatcher_app.domain.rule.complaining import PHOTOS_LIMIT
from dispatcher_app.text import t
from ui import name, theme
from ui.complaint.word import AWAITED, CALL_BACKS, RESPONSIBLE
from ui.controls.money import MoneyField
from ui.controls.paragraph import Paragraph
from ui.controls.section import label
from ui.order.complained import SEVERITIES
from ui.order.form import Form, row_of
from ui.order.photoset import PhotoSet

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_WORDS_PX: Final = 96
_LATER_MS: Final = 4 * HOUR_MS


class Question(Form):
    """A question about one complaint, with room for words."""

    def __init__(
        self, session: Session, order: Order, complaint: Complaint, title: str, go: str, hint: str
    ) -> None:
        super().__init__(session, order, title, go)
        self.complaint = complaint
        self.words = Paragraph()
        self.words.setObjectName("complaint_words")
        self.words.setAccessibleName(hint)
        self.words.setPlaceholderText(hint)
        self.words.setMaximumHeight(theme.current().px(_WORDS_PX))

    def combo(self, id: str, word: str, words: dict[Any, str]) -> QComboBox:
        """A choice among codes."""
        made = QComboBox()
        made.setObjectName(id)
        made.setAccessibleName(word)
        for code, said in words.items():
            made.addItem(t(said), code)
        return made

    @property
    def typed_words(self) -> str:
        """What was typed."""
        return self.words.toPlainText()


class AnswerForm(Question):
    """What we told the customer."""

    def __init__(self, session: Session, order: Order, complaint: Complaint) -> None:
        title, hint = t("Customer was answered"), t("What we told him, and what he may expect")
        super().__init__(session, order, complaint, title, t("Answered##go"), hint)
        self.body.addWidget(self.words)
        self.ask = lambda: AnswerComplaint(complaint=self.complaint.id, text=self.typed_words)
        self.setFocusProxy(self.words)


class WaitForm(Question):
    """Who is waited for, and when we ask again; what waits can go on from here too."""

    def __init__(self, session: Session, order: Order, complaint: Complaint) -> None:
        title, hint = t("Wait for somebody"), t("What he is to bring or say")
        super().__init__(session, order, complaint, title, t("Wait##go"), hint)
        self.whom = self.combo("complaint_awaited", t("Waits for##complaint"), {**AWAITED})
        if complaint.state == "waiting":
            self.whom.insertItem(0, t("Nobody: it goes on now"), None)
            self.whom.setCurrentIndex(0)
        self.contact = QDateTimeEdit()
        self.contact.setObjectName("complaint_contact")
        self.contact.setAccessibleName(t("Ask again at"))
        self.contact.setCalendarPopup(True)
        self.contact.setDisplayFormat("yyyy-MM-dd HH:mm")
        self._zone = QTimeZone(name.timezone(session).encode())
        self.contact.setTimeZone(self._zone)
        policy = session.get(Policy, "policy") or Policy()
        later = at_work(session.now() + _LATER_MS, policy, name.timezone(session))
        self.contact.setDateTime(QDateTime.fromMSecsSinceEpoch(later, self._zone))
        self.body.addLayout(row_of(t("Waits for##complaint"), self.whom))
        self.body.addLayout(row_of(t("Ask again at"), self.contact))
        self.body.addWidget(self.words)
        self.whom.currentIndexChanged.connect(lambda _at: self._on_whom())
        self._on_whom()
        self.ask = self._command
        self.setFocusProxy(self.whom)

    def _on_whom(self) -> None:
        self.contact.setEnabled(self.whom.currentData() is not None)
        self.go.setText(t("Wait##go") if self.whom.currentData() else t("Goes on##go"))

    def _command(self) -> WaitComplaint:
        whom = self.whom.currentData()
        contact = self.contact.dateTime().toMSecsSinceEpoch() if whom else None
        return WaitComplaint(
            complaint=self.complaint.id, waiting_for=whom, contact_at=contact, text=self.typed_words
        )


class JudgeForm(Question):
    """Who was at fault, and what follows; nothing is paid by it, it is proposed to who may pay."""

    def __init__(self, session: Session, order: Order, complaint: Complaint) -> None:
        title, hint = t("Who was at fault"), t("Why: what was found, and what it rests on")
        super().__init__(session, order, complaint, title, t("Judge##go"), hint)
        self.whose = self.combo("complaint_fault", t("At fault##complaint"), {**RESPONSIBLE})
        self.severity = self.combo("complaint_severity", t("Severity"), {**SEVERITIES})
        self.severity.setCurrentIndex(self.severity.findData(complaint.severity))
        self.compensation = MoneyField(complaint.currency, complaint.compensation)
        self.penalty = MoneyField(complaint.currency, complaint.penalty)
        for field, id, word in (
            (self.compensation, "complaint_compensation", t("Compensation##complaint")),
            (self.penalty, "complaint_penalty", t("Fine##complaint")),
        ):
            field.setObjectName(id)
            field.setAccessibleName(word)
        self.hint = label("", "muted", wrap=True)
        self.body.addLayout(row_of(t("At fault##complaint"), self.whose, t("Severity"), self.severity))
        self.body.addLayout(
            row_of(t("Compensation##complaint"), self.compensation, t("Fine##complaint"), self.penalty)
        )
        self.body.addWidget(self.words)
        self.body.addWidget(self.hint)
        if complaint.responsibility is not None:
            self.whose.setCurrentIndex(self.whose.findData(complaint.responsibility))
        self.whose.currentIndexChanged.connect(lambda _at: self._on_whose())
        self._on_whose()
        self.ask = self._command
        self.setFocusProxy(self.whose)

    def _on_whose(self) -> None:
        whose = self.whose.currentData()
        self.compensation.setEnabled(whose != "customer")
        self.penalty.setEnabled(whose == "technician")
        said = t("Both are proposed from here; others than you decide on them where a limit is passed.")
        if not CLAIMS.isdisjoint(self.complaint.categories):
            said = t("Damage or injury is a claim: a supervisor judges it, with the insurer.")
        self.hint.setText(said)

    def _command(self) -> JudgeComplaint | None:
        amounts = []
        for field in (self.compensation, self.penalty):
            amount = 0 if field.empty or not field.isEnabled() else field.value
            if amount is None:
                self.refuse(t("This is no amount."))
                field.setFocus()
                return None
            amounts.append(amount)
        graver = self.severity.currentData()
        return JudgeComplaint(
            complaint=self.complaint.id, responsibility=self.whose.currentData(),
            from_responsibility=self.complaint.responsibility, compensation=amounts[0], penalty=amounts[1],
            severity=graver if graver != self.complaint.severity else None, text=self.typed_words,
        )  # fmt: skip


class SettleForm(Question):
    """What was agreed with the customer."""

    def __init__(self, session: Session, order: Order, complaint: Complaint) -> None:
        title, hint = t("Settled##complaint_form"), t("What was agreed with the customer")
        super().__init__(session, order, complaint, title, t("Settled##go"), hint)
        self.body.addWidget(self.words)
        self.ask = lambda: ResolveComplaint(complaint=self.complaint.id, text=self.typed_words)
        self.setFocusProxy(self.words)


class CallBackForm(Question):
    """What the call-back gave: content or not, or nobody there, which is tried again before it is closed."""

    def __init__(self, session: Session, order: Order, complaint: Complaint) -> None:
        title, hint = t("Call back and close"), t("What he said")
        super().__init__(session, order, complaint, title, t("Call-back done"), hint)
        policy = session.get(Policy, "policy") or Policy()
        self.result = self.combo("complaint_result", t("Result##call_back"), {**CALL_BACKS})
        left = policy.complaint_calls - complaint.calls - 1
        again = t("Not reached: called again, {n} more times before it is closed.", n=max(left, 0))
        self._again = label(again, "muted", wrap=True)
        self.body.addLayout(row_of(t("Result##call_back"), self.result))
        self.body.addWidget(self.words)
        self.body.addWidget(self._again)
        self.result.currentIndexChanged.connect(lambda _at: self._say())
        self._say()
        self.ask = lambda: CloseComplaint(
            complaint=self.complaint.id, call_back=self.result.currentData(), text=self.typed_words
        )
        self.setFocusProxy(self.result)

    def _say(self) -> None:
        self._again.setVisible(self.result.currentData() == "unreached")


class ReopenForm(Question):
    """Why it is not settled after all."""

    def __init__(self, session: Session, order: Order, complaint: Complaint) -> None:
        title, hint = t("Open it again"), t("What he complains about now")
        super().__init__(session, order, complaint, title, t("Open again##go"), hint)
        self.body.addWidget(self.words)
        self.ask = lambda: ReopenComplaint(complaint=self.complaint.id, text=self.typed_words)
        self.setFocusProxy(self.words)


class NoteForm(Question):
    """Something worth knowing, with photos of the order."""

    def __init__(self, session: Session, order: Order, complaint: Complaint) -> None:
        title, hint = t("Note or photos"), t("What somebody should know who looks at it")
        super().__init__(session, order, complaint, title, t("Add##complaint"), hint)
        self.photos = PhotoSet(session, "complaint", PHOTOS_LIMIT)
        self.photos.show_order(order.id)
        self.body.addWidget(self.words)
        self.body.addWidget(self.photos)
        self.ask = self._command
        self.setFocusProxy(self.words)

    def _command(self) -> AddComplaintNote | None:
        if self.photos.waiting:
            self.refuse(t("Photos are still on their way."))
            return None
        return AddComplaintNote(
            complaint=self.complaint.id, text=self.typed_words, attachments=self.photos.photos
        )


FORMS: Final[dict[str, Callable[[Session, Order, Complaint], Question]]] = {
    "complaint_answer": AnswerForm,
    "complaint_wait": WaitForm,
    "complaint_judge": JudgeForm,
    "complaint_resolve": SettleForm,
    "complaint_close": CallBackForm,
    "complaint_reopen": ReopenForm,
    "complaint_note": NoteForm,
}
"""The questions that actions ask here."""
