"""What cancelling costs, what a customer gets when we fail him, and how much one person may give back alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from dispatcher_app.domain.command import SavePolicy
from dispatcher_app.domain.region import Policy
from dispatcher_app.text import t
from ui.admin.ask import beside
from ui.admin.credit import money
from ui.admin.draft import Draft
from ui.admin.form import Form
from ui.admin.plan import figure

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


def redress_form(session: Session, opened: bool) -> Form:
    """The form of these figures."""
    minutes, seconds = t(" min##minutes"), t(" s##seconds")
    asked = (
        figure("cancel_free_after_booking", t("Cancelling is free after booking for"), 0, 24 * 60, minutes),
        beside(
            figure("cancel_free_before_window", t("And until before the window"), 0, 7 * 24 * 60, minutes)
        ),
        money(session, "cancel_fee", t("Later it costs")),
        beside(money(session, "cancel_fee_departed", t("Once the technician has set out"))),
        money(session, "no_show_compensation", t("Technician never came: besides all that was paid")),
        beside(money(session, "drop_compensation", t("Technician gave it back after accepting"))),
        money(session, "refund_limit_order", t("One person alone: an order in all")),
        beside(money(session, "refund_limit_day", t("One person alone: a day"))),
        money(session, "refund_remainder", t("After a part of it there must be left")),
        beside(money(session, "claim_most", t("A claim is at most"))),
        figure("refund_ask_again_s", t("A provider is asked again after"), 5, 3600, seconds),
        beside(figure("refund_attention_after", t("A person has to look after"), 1, 24 * 60, minutes)),
    )

    def now() -> Policy:
        return session.get(Policy, "policy") or Policy()

    def told(_policy: Policy) -> str:
        return t("Beyond one person's limit finance decides; nobody decides what he has proposed himself.")

    return Form(
        session, Draft(now(), asked, now), asked, lambda made: SavePolicy(policy=replace(made, version=now().version)),
        open=opened, title=lambda _policy: t("Cancelling and refunds"), hints=told,
    )  # fmt: skip
