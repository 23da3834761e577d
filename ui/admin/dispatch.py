"""How new orders are dispatched by themselves: a rule an item and district, and the times of offers and pool."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtWidgets import QSpinBox

from dispatcher_app.domain import role
from dispatcher_app.domain.catalogue import Item
from dispatcher_app.domain.command import SavePolicy
from dispatcher_app.domain.mode import exactness
from dispatcher_app.domain.order import Mode
from dispatcher_app.domain.region import DispatchMode, Policy, Region
from dispatcher_app.text import t
from ui import name
from ui.admin import ask, cell
from ui.admin.credit import credit_form
from ui.admin.draft import Asked, Draft
from ui.admin.form import Form
from ui.admin.listing import Row
from ui.admin.page import Page
from ui.admin.plan import plan_form
from ui.admin.redress import redress_form
from ui.admin.terms import terms_form
from ui.controls.field import Field, inset
from ui.models.sheet import NotThat
from ui.submit import submit

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

MODES: Final[dict[Mode, tuple[str, str]]] = {
    "direct": ("By hand##mode", "A dispatcher decides about each order."),
    "offer": ("Offered to one##mode", "The best is asked, then the next in rank, until one accepts."),
    "grab": ("Grab pool##mode", "Those near it are told, ring by ring; the best of those who want it gets it."),
    "auto": ("Automatic##mode", "The best is sent at once; he is told, and may give it back before he sets out."),
}  # fmt: skip
_FIGURES: Final = "figures:"
_PLAN: Final = "plan:"
_REDRESS: Final = "redress:"
_CREDIT: Final = "credit:"
_TERMS: Final = "terms:"
_RULE: Final = "rule:"
_EVERYTHING: Final = "|"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule as the form edits it; `id` says what it is about."""

    item: str = ""
    district: str = ""
    mode: Mode = "direct"

    @property
    def id(self) -> str:
        """Item and district."""
        return f"{self.item}|{self.district}"


def dispatch_page(session: Session) -> Page:
    """Times first, then the rules, the most exact ones on top."""
    opened = role.holds(session.actor, role.ADMINISTERS)
    page: Page

    def make(id: str) -> Form:
        if id == _FIGURES:
            return figures_form(session, opened)
        if id == _PLAN:
            return plan_form(session, opened)
        if id == _REDRESS:
            return redress_form(session, opened)
        if id == _CREDIT:
            return credit_form(session, opened)
        if id == _TERMS:
            return terms_form(session, opened)
        return rule_form(session, id.removeprefix(_RULE), opened, lambda: page.forget(id))

    page = Page(
        session, name=t("Dispatching##admin"), hint=t("Rule: item, district, initials"),
        kinds=frozenset({Policy.kind, Item.kind, Region.kind}), rows=lambda: rule_rows(session), make=make,
        new={_RULE: t("New rule")} if opened else {}, empty=(t("No rule chosen"), t("Choose one in the list.")),
    )  # fmt: skip
    return page


def rule_rows(session: Session) -> list[Row]:
    """The times, each rule, and what holds for everything else."""
    rules = _rules(session)
    if _EVERYTHING not in rules:
        rules[_EVERYTHING] = Rule()
    ordered = sorted(rules.values(), key=lambda each: (-exactness(_stored(each)), _title(session, each)))
    return [
        Row(id=_FIGURES, title=t("Rings and times")),
        Row(id=_PLAN, title=t("Planning figures")),
        Row(id=_REDRESS, title=t("Cancelling and refunds")),
        Row(id=_CREDIT, title=t("Credit of technicians")),
        Row(id=_TERMS, title=t("Shares, taxes and deposits")),
        *(
            Row(id=_RULE + each.id, title=_title(session, each), note=t(MODES[each.mode][0]))
            for each in ordered
        ),
    ]


def rule_form(session: Session, id: str, opened: bool, forget: Any) -> Form:
    """The form of a rule: a new one says what it is about, another one only how that is dispatched."""
    read = _rules(session).get(id) or (Rule() if id else Rule(mode="offer"))
    modes = {code: t(word) for code, (word, _how) in MODES.items()}
    mode = ask.one_of("mode", t("Dispatched"), modes)
    asked: tuple[Asked, ...] = (mode,)
    if not id:
        asked = (
            ask.one_of("item", t("Item"), {"": t("All items"), **_items(session)}),
            ask.beside(
                ask.one_of("district", t("District"), {"": t("All districts"), **_districts(session)})
            ),
            mode,
        )

    def command(made: Rule) -> SavePolicy:
        others = tuple(each for key, each in _rules(session).items() if key != made.id)
        return _saved(session, (*others, made))

    form = Form(
        session, Draft(read, asked, lambda: _rules(session).get(id), new=not id), asked, command, open=opened,
        title=lambda rule: _title(session, rule) if id else t("New rule"),
        hints=lambda rule: t(MODES[rule.mode][1]),
    )  # fmt: skip
    if id and id != _EVERYTHING and opened:

        def remove() -> None:
            others = tuple(each for key, each in _rules(session).items() if key != id)
            if submit(session, _saved(session, others), lambda said, _why: form.say(said)) is not None:
                forget()

        form.buttons.insertWidget(1, ask.spare(t("Remove the rule"), remove, "admin_remove_rule"))
    return form


def figures_form(session: Session, opened: bool) -> Form:
    """The countdown of an offer, the rings of the pool and their times."""
    asked = (
        seconds("offer_countdown_s", t("An offer waits for its answer"), 10, 3600),
        rings(
            "grab_rings_m", t("Rings of the grab pool (km)"), t("Each wider than the one before: 3, 5, 10")
        ),
        seconds("grab_ring_s", t("Each ring has"), 5, 3600),
        ask.beside(seconds("grab_collect_s", t("After the first wish others have"), 0, 600)),
    )

    def now() -> Policy:
        return session.get(Policy, "policy") or Policy()

    return Form(
        session, Draft(now(), asked, now), asked, lambda made: SavePolicy(policy=replace(made, version=now().version)),
        open=opened, title=lambda _policy: t("Rings and times"), hints=_course,
    )  # fmt: skip


def seconds(code: str, word: str, least: int, most: int) -> Asked:
    """A time in seconds."""
    box = QSpinBox()
    box.setRange(least, most)
    box.setSuffix(t(" s##seconds"))
    inset(box)
    return Asked(code=code, word=word, widget=box, read=box.value, write=box.setValue)


def rings(code: str, word: str, hint: str) -> Asked:
    """Radii in kilometres, parted by commas; kept in metres."""
    field = Field()

    def read() -> tuple[int, ...]:
        try:
            found = tuple(round(float(each) * 1000) for each in cell.words(field.text().replace(" ", ",")))
        except (ValueError, OverflowError):
            raise NotThat(t("Kilometres are wanted, with commas between them: 3, 5, 10")) from None
        if not found or list(found) != sorted({each for each in found if each > 0}):
            raise NotThat(t("Kilometres are wanted, with commas between them: 3, 5, 10"))
        return found

    return Asked(
        code=code, word=word, widget=field, hint=hint, read=read,
        write=lambda metres: field.setText(", ".join(f"{each / 1000:g}" for each in metres)),
    )  # fmt: skip


def _course(policy: Policy) -> str:
    """How long a pool lasts in which nobody wants anything."""
    minutes = len(policy.grab_rings_m) * policy.grab_ring_s / 60
    return t("A pool that nobody wants is back at the desk after {n} min.", n=f"{minutes:g}")


def _rules(session: Session) -> dict[str, Rule]:
    policy = session.get(Policy, "policy") or Policy()
    made = (Rule(item=each.item, district=each.district, mode=each.mode) for each in policy.dispatch_modes)
    return {each.id: each for each in made}


def _stored(rule: Rule) -> DispatchMode:
    return DispatchMode(item=rule.item, district=rule.district, mode=rule.mode)


def _saved(session: Session, rules: tuple[Rule, ...]) -> SavePolicy:
    policy = session.get(Policy, "policy") or Policy()
    return SavePolicy(policy=replace(policy, dispatch_modes=tuple(map(_stored, rules))))


def _title(session: Session, rule: Rule) -> str:
    if not rule.item and not rule.district:
        return t("Everything else")
    parts = (
        name.item(session, rule.item) if rule.item else t("All items"),
        _districts(session).get(rule.district, rule.district) if rule.district else "",
    )
    return " · ".join(filter(None, parts))


def _items(session: Session) -> dict[str, str]:
    found = sorted(session.all(Item), key=lambda each: each.name)
    return {each.id: ask.spoken(each.name, each.name_en) for each in found if not each.retired}


def _districts(session: Session) -> dict[str, str]:
    regions = sorted(session.all(Region), key=lambda each: each.name)
    several = len(regions) > 1
    return {
        district.id: " ".join(filter(None, (name.region_name(region) if several else "",
                                            ask.spoken(district.name, district.name_en))))
        for region in regions
        for district in region.districts
    }  # fmt: skip
