"""The amounts of a price in words: what each is for and why, and why a rule of the price book adds nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from dispatcher_app.domain.explain import NotApplied
from dispatcher_app.domain.order import QuoteLine
from dispatcher_app.text import language, sentence, t
from ui import format, name

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

SURCHARGES: Final = frozenset({"urgency", "night", "holiday", "period"})
_URGENCIES: Final = {"same_day": "Same-day surcharge", "emergency": "Emergency surcharge"}
_DAYS: Final = {"workday": "working day", "weekend": "weekend", "holiday": "public holiday"}
_WARNINGS: Final = {
    "holidays_unknown": "The holidays of that year are not published yet: weekdays decide this price",
    "no_price": "A fault has no price yet and counts as 0",
}


def said(session: Session, line: QuoteLine, *, place: bool = True) -> str:
    """What an amount is for; `place` is False while nobody knows where to go, so that no distance is said."""
    params = line.params
    match line.what:
        case "labour" | "warranty" if "item" in params:
            what = f"{name.item(session, params['item'])} {name.fault(session, params['item'], params.get('fault'))}"
            words = t("Labour: {what}") if line.what == "labour" else t("Under warranty: {what}")
            return times(words.format(what=what.strip()), params)
        case "parts" if "part" in params:
            words = t("Part, used: {what}") if params.get("used") else t("Part: {what}")
            return times(words.format(what=name.part(session, params["part"])), params)
        case "door_fee" if line.reason == "door_fee_waived":
            if not place:
                return t("Door fee, waived with the repair")
            distance = format.distance(float(params.get("distance_m", 0)))
            return t("Door fee ({distance}), waived with the repair", distance=distance)
        case "urgency":
            return t(_URGENCIES.get(line.reason, "Urgency surcharge"))
        case "night" | "holiday" | "period" | "package" | "coupon":
            return called(params) or name.quote_line(line.what)
    return name.quote_line(line.what)


def amount(line: QuoteLine, currency: str) -> str:
    """An amount; a surcharge carries its sign."""
    words = format.money(line.amount, currency)
    return f"+{words}" if line.amount > 0 and line.what in SURCHARGES else words


def why_not(session: Session, rule: NotApplied, currency: str) -> str:
    """Why a rule of the price book adds nothing to this price, in one sentence."""
    params = rule.params
    match rule.reason:
        case "only_when_declined":
            due = format.money(int(params["due"]), currency)
            return t("Inspection fee: only when the customer declines, {due} in all", due=due)
        case "other_urgency":
            what = t(_URGENCIES[rule.id])
            return t(
                "{what} of {fee}: not that urgent",
                what=what,
                fee=format.money(int(params["amount"]), currency),
            )
        case "no_window":
            return t("{what}: no window chosen yet", what=of_rule(rule))
        case "other_date":
            first, last = params.get("first") or "…", params.get("last") or "…"
            return t("{what}: only from {first} to {last}", what=of_rule(rule), first=first, last=last)
        case "other_day":
            day = t(_DAYS.get(str(params["day"]), str(params["day"])))
            return t("{what}: this is a {day}", what=of_rule(rule), day=day)
        case "other_hour":
            begin, end = clock(int(params["from"])), clock(int(params["to"]))
            return t("{what}: only from {begin} to {end}", what=of_rule(rule), begin=begin, end=end)
        case "not_asked":
            return t("{what}: not asked for", what=of_rule(rule))
    return sentence(rule.reason, name.said(session, params))


def warning(code: str) -> str:
    """What a price rests on that is not sure."""
    return t(_WARNINGS[code]) if code in _WARNINGS else code


def of_rule(rule: NotApplied) -> str:
    """What a rule is called."""
    return called({"name": rule.name, "name_en": rule.name_en}) or name.quote_line(rule.what)


def called(params: Mapping[str, Any]) -> str:
    """The name that an administrator gave it, in the spoken language where there is one."""
    english = str(params.get("name_en") or "")
    return english if english and language() == "en" else str(params.get("name") or "")


def times(words: str, params: Mapping[str, Any]) -> str:
    """With how many of it, where it is more than one."""
    quantity = params.get("quantity", 1)
    return words if quantity == 1 else f"{words} ×{quantity}"


def clock(minute: int) -> str:
    """Minutes of the local day as clocks show them."""
    return f"{minute // 60:02}:{minute % 60:02}"
