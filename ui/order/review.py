"""What the customer thinks of the repair, and what we answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QWidget

from dispatcher_app.domain.order import Order
from dispatcher_app.domain.talk import Review
from dispatcher_app.domain.technician import Technician
from dispatcher_app.text import t
from ui import format, name
from ui.controls.facts import Facts
from ui.controls.section import Section, label
from ui.models.person import stars
from ui.order.judge import dimensions
from ui.order.stars import starred

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_OVER: Final = frozenset({"completed", "handed_back"})


class Judged(Section):
    """Stands on orders that are done, whether anybody has judged them yet or not."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(t("Review##section"), parent)
        self.setObjectName("order_review")
        self._session = session
        self._none = label(t("The customer has not reviewed it yet."), "muted", wrap=True)
        self._none.setObjectName("review_none")
        self._facts = Facts()
        for code, word in dimensions().items():
            self._facts.add(f"review_{code}", word)
        for code, word in (
            ("solved", t("Solved?")), ("text", t("Says##review")), ("suggestion", t("Suggests##review")),
            ("at", t("Given##review")), ("who", t("Technician")), ("reply", t("Our reply")),
            ("replied", t("Replied##review")),
        ):  # fmt: skip
            self._facts.add(f"review_{code}", word)
        self.body.addWidget(self._none)
        self.body.addWidget(self._facts)

    def show_order(self, order: Order) -> None:
        """Show an order's review; nothing on a wall, where everybody reads along."""
        found = self._session.review_of(order.id)
        shown = (found is not None or order.status in _OVER) and not name.masked(self._session)
        self.setVisible(shown)
        if not shown:
            return
        self._none.setVisible(found is None)
        self._facts.setVisible(found is not None)
        if found is not None:
            self._say(found)

    def _say(self, found: Review) -> None:
        session, now, zone = self._session, self._session.now(), name.timezone(self._session)
        say = self._facts.say
        for code in dimensions():
            given = getattr(found, code)
            say(f"review_{code}", f"{starred(given)}  {given}", "strong" if code == "stars" else "")
        say(
            "review_solved", t("Solved") if found.solved else t("Not solved"), "" if found.solved else "error"
        )
        say("review_text", found.text)
        say("review_suggestion", found.suggestion)
        given_at = format.moment_with_age(found.at, now, zone)
        if found.edited_at is not None:
            given_at = t(
                "{given} · changed {when}", given=given_at, when=format.moment(found.edited_at, now, zone)
            )
        say("review_at", given_at)
        say("review_who", self._technician(found))
        say("review_reply", found.reply or t("not answered yet"), "" if found.reply else "muted")
        replied = format.moment_with_age(found.replied_at, now, zone) if found.replied_at else ""
        say("review_replied", f"{name.actor(session, found.replied_by)} · {replied}" if replied else "")

    def _technician(self, found: Review) -> str:
        known = self._session.get(Technician, found.technician) if found.technician else None
        return f"{known.name} · {stars(known)}" if known else name.technician(self._session, found.technician)
