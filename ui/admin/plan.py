"""The figures of planning: how long an hour is held for a caller, how late work may last, when a plan is renewed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QSpinBox

from dispatcher_app.domain.command import SavePolicy
from dispatcher_app.domain.region import Policy
from dispatcher_app.text import t
from ui.admin import ask
from ui.admin.draft import Asked, Draft
from ui.admin.form import Form
from ui.controls.field import inset

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


def plan_form(session: Session, opened: bool) -> Form:
    """The form of these figures."""
    seconds, minutes, percent = t(" s##seconds"), t(" min##minutes"), t(" %##percent")
    asked = (
        figure("hold_s", t("An hour is held for a caller"), 30, 3600, seconds),
        ask.beside(figure("emergency_reserve_percent", t("Kept free for emergencies"), 0, 100, percent)),
        figure("overtime_minutes", t("Overtime that a plan may ask for"), 0, 600, minutes),
        figure("publish_every_s", t("A plan is renewed at most every"), 5, 24 * 3600, seconds),
        ask.beside(
            figure("publish_gain_s", t("Only if it saves driving of at least"), 0, 24 * 3600, seconds)
        ),
        figure("request_lapses", t("A technician's request lapses after"), 60, 60 * 24 * 60, minutes),
    )

    def now() -> Policy:
        return session.get(Policy, "policy") or Policy()

    def told(_policy: Policy) -> str:
        return t("Visits that were dispatched, pinned or begun are never moved by themselves.")

    return Form(
        session, Draft(now(), asked, now), asked, lambda made: SavePolicy(policy=replace(made, version=now().version)),
        open=opened, title=lambda _policy: t("Planning figures"), hints=told,
    )  # fmt: skip


def figure(code: str, word: str, least: int, most: int, unit: str) -> Asked:
    """A whole number with its unit."""
    box = QSpinBox()
    box.setRange(least, most)
    box.setSuffix(unit)
    inset(box)
    return Asked(code=code, word=word, widget=box, read=box.value, write=box.setValue)
