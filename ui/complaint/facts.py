"""How a complaint stands, in two columns; who is complained about often, and who complains often where one may know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dispatcher_app.client.state import ComplaintRecord
from dispatcher_app.domain.money.complaint import Complaint, Record
from dispatcher_app.domain.region import Policy
from dispatcher_app.text import t
from ui import format, name
from ui.complaint.word import AWAITED, CALL_BACKS, RESPONSIBLE, owner, word
from ui.controls.facts import Facts
from ui.order.complained import category_words, severity_word, source_word

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


class TicketFacts(Facts):
    """Rows of one complaint."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        for code, words in (
            ("about", t("About##complaint")), ("customer", t("Customer")), ("technicians", t("Technician")),
            ("often", t("Complained about often")), ("complains", t("Complains often")),
            ("opened", t("Opened##complaint")),
            ("owner", t("Owner##complaint")), ("answer", t("First answer")), ("solution", t("Solution##complaint")),
            ("waits", t("Waits for##complaint")), ("fault", t("At fault##complaint")),
            ("money", t("Compensation and fine")), ("call_back", t("Call-back##complaint_note")),
        ):  # fmt: skip
            self.add(f"complaint_{code}", words)
        self.say_record(None)

    def show_complaint(self, found: Complaint) -> None:
        """Say how it stands."""
        session = self._session
        row = session.order_row(found.order)
        grave = f" · {severity_word(found.severity)}" if found.severity != "normal" else ""
        self._say("about", category_words(found.categories) + grave, "strong")
        self._say("customer", f"{row.name} …{row.phone_tail}" if row is not None else "")
        who = name.people(name.technician(session, each) for each in found.technicians)
        self._say("technicians", who or t("About no technician"))
        opened = f"{self._moment(found.at)} · {source_word(found.source)} · {name.actor(session, found.by)}"
        self._say("opened", opened)
        self._say("owner", owner(session, found))
        self._say("answer", self._kept(found.answered_at, found.answer_due))
        self._say("solution", self._kept(found.resolved_at, found.solve_due))
        waits = (
            found.waiting_for and f"{word(AWAITED, found.waiting_for)}, {self._moment(found.contact_at or 0)}"
        )
        self._say("waits", waits or "")
        judge = name.actor(session, found.judged_by)
        judged = found.responsibility and f"{word(RESPONSIBLE, found.responsibility)} · {judge}"
        self._say("fault", judged or "")
        money = (
            t(
                "{compensation} to the customer, {penalty} from the technician",
                compensation=format.money(found.compensation, found.currency),
                penalty=format.money(found.penalty, found.currency),
            )
            if found.responsibility is not None and (found.compensation or found.penalty)
            else ""
        )
        self._say("money", money)
        self._say("call_back", word(CALL_BACKS, found.call_back) if found.call_back else "")

    def say_record(self, found: ComplaintRecord | None) -> None:
        """Say who is complained about often, and who complains often."""
        policy = self._session.get(Policy, "policy") or Policy()
        often = [each for each in found.technicians if each.repeats(policy)] if found else []
        self._say("often", "\n".join(self._record(each, policy) for each in often), "error")
        customer = found.customer if found else None
        said = self._record(customer, policy) if customer is not None and customer.repeats(policy) else ""
        self._say("complains", said)

    def _record(self, found: Record, policy: Policy) -> str:
        who = name.technician(self._session, found.of)
        counted = t(
            "{n} complaints in {days} days, {upheld} upheld",
            n=found.complaints, days=policy.complaint_repeat_days, upheld=found.upheld,
        )  # fmt: skip
        return counted if not who or who == found.of else f"{who}: {counted}"

    def _kept(self, done: int | None, due: int) -> str:
        """When it was done, and whether in time; else by when it has to be."""
        if done is None:
            return t("by {moment}", moment=self._moment(due))
        late = (
            t("late by {duration}", duration=format.duration((done - due) // 1000))
            if done > due
            else t("in time")
        )
        return f"{self._moment(done)} · {late}"

    def _moment(self, at: int) -> str:
        return format.moment(at, self._session.now(), name.timezone(self._session))

    def _say(self, code: str, text: str, role: str = "") -> None:
        self.say(f"complaint_{code}", text, role)
