"""On what terms technicians are settled with: shares by item and level, tax tables, deposits, least sums."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from dispatcher_app.domain.calendar import DAY_MS, local_date, midnight
from dispatcher_app.domain.catalogue import Item
from dispatcher_app.domain.command import SavePolicy
from dispatcher_app.domain.money.credit import LEVELS
from dispatcher_app.domain.money.terms import ShareRule, TaxBand
from dispatcher_app.domain.region import Policy
from dispatcher_app.domain.technician import Employment
from dispatcher_app.text import t
from ui import name
from ui.admin import ask, cell
from ui.admin.credit import money
from ui.admin.draft import Asked, Draft
from ui.admin.form import Form
from ui.admin.plan import figure
from ui.controls.sheet import Sheet
from ui.models.sheet import Column, SheetModel

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_ROWS: Final = 6
_LEVELS: Final = {
    "honour": "Honour##level", "normal": "Normal##level", "warning": "Warning##level", "training": "Training##level",
    "suspension": "Suspension##level",
}  # fmt: skip
_EMPLOYMENTS: Final[dict[Employment, str]] = {
    "contractor": "Contractor##employment", "partner": "Partner firm##employment", "employee": "Employee##employment",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRow:
    """A share rule as it is typed: `since` is a local date, "" has always been so."""

    since: str
    item: str = ""
    level: str = ""
    labour_percent: int
    surcharge_percent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BandRow:
    """A tax band as it is typed."""

    since: str
    employment: Employment = "contractor"
    above: int
    percent: int


def terms_form(session: Session, opened: bool) -> Form:
    """The form of these figures and tables."""
    percent, days = t(" %##percent"), t(" d##days")
    cadences = {"weekly": t("By the week##settlement"), "monthly": t("By the month##settlement")}
    asked = (
        figure("share_labour_percent", t("Of labour a technician earns"), 0, 100, percent),
        ask.beside(figure("share_surcharge_percent", t("Of surcharges"), 0, 100, percent)),
        ask.beside(figure("share_fee_percent", t("Of fees"), 0, 100, percent)),
        ask.one_of("settles", t("Settled##terms"), cadences),
        ask.beside(money(session, "withdrawal_least", t("Withdrawals begin at"))),
        money(session, "deposit_wanted", t("Deposit of a contractor")),
        ask.beside(money(session, "cash_limit", t("Cash that he may carry"))),
        ask.beside(figure("appeal_days", t("An appeal must come within"), 1, 366, days)),
        table("share_rules", t("Other shares by item and level"), rule_sheet(session), RuleRows(session)),
        table(
            "tax_bands",
            t("Tax withheld on what is earned in a month"),
            band_sheet(session),
            BandRows(session),
        ),
    )

    def now() -> Policy:
        return session.get(Policy, "policy") or Policy()

    def told(_policy: Policy) -> str:
        return t(
            "The most exact rule counts; one that is in force stays, another one follows it from a day to come."
        )

    return Form(
        session, Draft(now(), asked, now), asked, lambda made: SavePolicy(policy=replace(made, version=now().version)),
        open=opened, title=lambda _policy: t("Shares, taxes and deposits"), hints=told,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class RuleRows:
    """Share rules to rows and back."""

    session: Session

    def typed(self, rule: ShareRule) -> RuleRow:
        """How a rule is typed."""
        return RuleRow(
            since=day_of(self.session, rule.since), item=rule.item, level=rule.level,
            labour_percent=rule.labour_percent, surcharge_percent=rule.surcharge_percent,
        )  # fmt: skip

    def read(self, row: RuleRow) -> ShareRule:
        """The rule of a row."""
        return ShareRule(
            since=moment_of(self.session, row.since), item=row.item, level=row.level,
            labour_percent=row.labour_percent, surcharge_percent=row.surcharge_percent,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class BandRows:
    """Tax bands to rows and back."""

    session: Session

    def typed(self, band: TaxBand) -> BandRow:
        """How a band is typed."""
        return BandRow(
            since=day_of(self.session, band.since),
            employment=band.employment,
            above=band.above,
            percent=band.percent,
        )

    def read(self, row: BandRow) -> TaxBand:
        """The band of a row."""
        return TaxBand(
            since=moment_of(self.session, row.since),
            employment=row.employment,
            above=row.above,
            percent=row.percent,
        )


def table(code: str, word: str, sheet: Sheet, rows: RuleRows | BandRows) -> Asked:
    """A table of these; rows in which nothing is typed are none."""

    def read() -> tuple[Any, ...]:
        typed: Callable[[Any], Any] = rows.read
        return tuple(typed(row) for row in sheet.read() if not sheet.model.untouched(row))

    def write(kept: Sequence[Any]) -> None:
        typed: Callable[[Any], Any] = rows.typed
        sheet.write(tuple(typed(each) for each in kept))

    return Asked(code=code, word=word, widget=sheet, read=read, write=write)


def rule_sheet(session: Session) -> Sheet:
    """The table of share rules; a new one begins tomorrow."""
    policy = session.get(Policy, "policy") or Policy()
    items = {"": t("All items"), **_items(session)}
    levels: dict[str, str] = {"": t("All levels##level")}
    levels |= {str(each): t(_LEVELS[each]) for each in LEVELS}
    columns = (
        since_column(),
        cell.choice_column("item", t("Item"), items, 170),
        cell.choice_column("level", t("Level##level"), levels, 110),
        percent_column("labour_percent", t("Labour %")),
        percent_column("surcharge_percent", t("Surcharges %")),
    )
    blank = RuleRow(
        since=_tomorrow(session), labour_percent=policy.share_labour_percent,
        surcharge_percent=policy.share_surcharge_percent,
    )  # fmt: skip
    return Sheet(SheetModel(columns, lambda: blank), t("Other shares by item and level"), rows=_ROWS)


def band_sheet(session: Session) -> Sheet:
    """The table of tax bands."""
    employments: dict[str, str] = {str(each): t(word) for each, word in _EMPLOYMENTS.items()}
    columns = (
        since_column(),
        cell.choice_column("employment", t("Kind##employment"), employments, 110),
        cell.money_column("above", t("Above##tax"), name.currency(session), width=110),
        percent_column("percent", t("Tax %")),
    )
    blank = BandRow(since=_tomorrow(session), above=0, percent=0)
    return Sheet(
        SheetModel(columns, lambda: blank), t("Tax withheld on what is earned in a month"), rows=_ROWS
    )


def since_column() -> Column:
    """From which day a row counts."""
    return cell.read_column("since", t("From##terms"), _always, _since, width=110)


def percent_column(code: str, title: str) -> Column:
    """A column of percents."""
    return cell.read_column(code, title, str, lambda text: cell.whole(text, 0, 100), right=True, width=96)


def day_of(session: Session, at: int) -> str:
    """The local date of a moment, "" for the beginning of time."""
    return local_date(at, name.timezone(session)) if at else ""


def moment_of(session: Session, day: str) -> int:
    """When a local date begins (UTC ms)."""
    return midnight(day, name.timezone(session)) if day else 0


def _always(day: str) -> str:
    return day or t("always##terms")


def _since(text: str) -> str:
    if not text.strip() or text.strip() == t("always##terms"):
        return ""
    return cell.date(text)


def _tomorrow(session: Session) -> str:
    return local_date(session.now() + DAY_MS, name.timezone(session))


def _items(session: Session) -> dict[str, str]:
    found = sorted(session.all(Item), key=lambda each: each.name)
    return {each.id: ask.spoken(each.name, each.name_en) for each in found if not each.retired}
