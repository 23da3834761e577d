"""The rules of credit: what each step gives or takes, how long it counts, where each level begins, what honour brings."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from dispatcher_app.domain.command import SavePolicy
from dispatcher_app.domain.region import Policy
from dispatcher_app.text import t
from ui import format, name
from ui.admin import ask, cell
from ui.admin.draft import Asked, Draft
from ui.admin.form import Form
from ui.admin.plan import figure
from ui.controls.field import Field
from ui.controls.money import MoneyField
from ui.models.sheet import NotThat

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


def credit_form(session: Session, opened: bool) -> Form:
    """The form of these figures."""
    points, days, minutes = t(" points##points"), t(" d##days"), t(" min##minutes")
    asked = (
        figure("credit_start", t("Everybody begins with"), 0, 100, points),
        ask.beside(figure("credit_days", t("A step counts for"), 1, 3660, days)),
        ask.beside(figure("credit_orders", t("And in the last orders"), 1, 1000, "")),
        whole("credit_stars", t("One to five stars"), 5, t("Five figures: -3, -2, -1, 0, 1")),
        figure("credit_on_time", t("There in time gives"), 0, 100, points),
        ask.beside(figure("credit_late", t("Late by his own fault takes"), 0, 100, points)),
        figure("credit_dropped", t("Giving an order back takes"), 0, 100, points),
        ask.beside(figure("credit_drop_grace", t("Nothing within, where it was given to him"), 0, 1440, minutes)),
        figure("credit_no_show", t("Not coming takes"), 0, 100, points),
        ask.beside(figure("credit_not_completed", t("Not completing takes"), 0, 100, points)),
        ask.beside(figure("credit_complaint", t("An upheld complaint takes"), 0, 100, points)),
        whole(
            "credit_levels", t("Honour, normal, warning, training begin at"), 4,
            t("Each below the one before: 90, 70, 60, 50"),
        ),
        figure("credit_appeal_days", t("An appeal must come within"), 1, 366, days),
        ask.beside(money(session, "credit_bonus", t("Bonus of a month in honour"))),
    )  # fmt: skip

    def now() -> Policy:
        return session.get(Policy, "policy") or Policy()

    def told(_policy: Policy) -> str:
        return t("What was counted already stays as it was counted; the score is worked out anew.")

    return Form(
        session, Draft(now(), asked, now), asked, lambda made: SavePolicy(policy=replace(made, version=now().version)),
        open=opened, title=lambda _policy: t("Credit of technicians"), hints=told,
    )  # fmt: skip


def whole(code: str, word: str, count: int, hint: str) -> Asked:
    """So many whole numbers, parted by commas."""
    field = Field()

    def read() -> tuple[int, ...]:
        try:
            found = tuple(int(each.replace("−", "-")) for each in cell.words(field.text().replace(" ", ",")))
        except ValueError:
            raise NotThat(hint) from None
        if len(found) != count:
            raise NotThat(hint)
        return found

    return Asked(
        code=code, word=word, widget=field, hint=hint, read=read,
        write=lambda numbers: field.setText(", ".join(map(str, numbers))),
    )  # fmt: skip


def money(session: Session, code: str, word: str) -> Asked:
    """An amount in the currency of this desk."""
    currency = name.currency(session)
    field = MoneyField(currency)

    def read() -> int:
        if (value := field.value) is None:
            raise NotThat(t("Write the amount like {example}.", example=format.amount(12850, currency)))
        return value

    return Asked(code=code, word=word, widget=field, read=read, write=field.show_value)
