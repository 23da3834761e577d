"""The names people use for what the data holds as ids, and refusals as sentences with those names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from dispatcher_app.client.reason import explained
from dispatcher_app.domain.act import Broken, Rejected
from dispatcher_app.domain.calendar import local_date, midnight
from dispatcher_app.domain.catalogue import Item, Part
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.region import District, Region, Staff, Store
from dispatcher_app.domain.standard import Check
from dispatcher_app.domain.talk import Template
from dispatcher_app.domain.technician import Technician
from dispatcher_app.text import fill, language, sentence, t
from ui import format, mark

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session
    from dispatcher_app.rows import OrderRow

_SIDES = {
    "customer": "Customer##side",
    "technician": "Technician##side",
    "platform": "Us##side",
    "parts": "Parts##side",
}
_ENTRIES = {
    "unknown": "Entry not known",
    "free": "Free entry",
    "intercom": "Intercom",
    "door_code": "Door code",
    "card": "Card",
    "guard": "Guard lets in",
}
_ROLES = {
    "dispatcher": "Dispatcher",
    "counter": "Counter",
    "supervisor": "Supervisor",
    "complaints": "Complaints",
    "finance": "Finance",
    "vetting": "Vetting",
    "administrator": "Administrator",
    "wall": "Wall",
}
_QUOTE = {
    "labour": "Labour",
    "parts": "Parts",
    "door_fee": "Door fee",
    "inspection_fee": "Inspection fee",
    "urgency": "Urgency surcharge",
    "night": "Night surcharge",
    "holiday": "Holiday surcharge",
    "discount": "Discount",
    "period": "Period surcharge",
    "package": "Package##price",
    "coupon": "Coupon",
    "warranty": "Under warranty",
}

_STEPS = {
    "assign": "assigned",
    "reassign": "reassigned",
    "unassign": "taken off",
    "accept": "accepted##step",
    "decline": "declined##step",
    "drop": "given back",
    "offer": "offered##step",
    "withdraw": "offer taken back",
    "expire": "offer expired",
    "cancel": "cancelled##step",
    "reopen": "reopened",
    "change_appointment": "appointment changed",
    "change_order": "lines changed",
    "book": "booked##step",
    "pin": "pinned##step",
    "unkept": "promise broken##step",
    "depart": "set out##step",
    "recall": "departure taken back##step",
    "arrive": "arrived##step",
    "absent": "nobody at home##step",
    "progress": "lines marked##step",
    "check": "checks marked##step",
    "quote": "quoted##step",
    "confirm_quote": "quote agreed##step",
    "decline_quote": "quote declined##step",
    "withdraw_quote": "quote taken back##step",
    "lapse_quote": "quote lapsed##step",
    "pool": "put into the grab pool##step",
    "widen": "grab pool widened##step",
    "grab": "wanted from the pool##step",
    "award": "given from the pool##step",
    "close_pool": "grab pool closed##step",
    "leave": "left to the desk##step",
    "hold": "put on hold##step",
    "new_visit": "another visit##step",
    "finish": "finished##step",
    "confirm": "confirmed##step",
    "pay": "payment##step",
    "pay_started": "code to pay by##step",
    "pay_closed": "code closed##step",
    "pay_failed": "payment did not work##step",
    "release_share": "shares released##step",
    "split_share": "shares parted##step",
    "waive_fee": "fee let off##step",
    "invoice": "invoice asked for##step",
    "invoice_issued": "invoice issued##step",
    "voucher": "repair voucher##step",
    "ask_transfer": "handover asked##step",
    "answer_transfer": "handover answered##step",
    "force_transfer": "handed over##step",
    "expire_transfer": "handover expired##step",
    "return_visit": "return booked##step",
    "return_device": "device brought in again##step",
    "change_number": "number changed##step",
    "clear_flag": "exception looked at##step",
    "snooze": "laid to rest##step",
    "complain": "complaint opened##step",
    "take": "complaint taken##step",
    "judge": "complaint judged##step",
    "message": "message##step",
    "attach": "photo added##step",
    "remove_attachment": "photo removed##step",
    "note": "note##step",
    "urge": "urged##step",
    "diagnose": "diagnosis begun##step",
    "finish_device": "device ready##step",
    "hand_back": "handed back##step",
    "move_device": "device moved##step",
    "remind": "reminded##step",
    "review": "reviewed##step",
    "reply_review": "review answered##step",
}
_SHEETS = {
    "labour": "Labour##sheet",
    "parts": "Parts##sheet",
    "bands": "Distance bands##sheet",
    "times": "Times##sheet",
    "packages": "Packages##sheet",
    "coupons": "Coupons##sheet",
    "fees": "Fees##sheet",
}
_REASONS = {
    "unexpected": "The server failed on it several times.",
    "too_large": "It is too large for the server.",
    "unknown_command": "The server does not know this act; it is older than this program.",
    "unreadable": "It can't be read any more.",
    "disk_full": "The disk of this computer is full.",
    "replica_damaged": "The local copy was damaged and is fetched anew.",
    "outbox_damaged": "The outbox was damaged; what could be saved is kept.",
    "not_logged_in": "The log-in has expired.",
    "replica": "The local copy can't be written.",
}


def technician(session: Session, id: str | None) -> str:
    """A technician's name, the id where he is not known here, empty for nobody."""
    if not id:
        return ""
    found = session.get(Technician, id)
    return found.name if found else id


def people(names: Iterable[str]) -> str:
    """Names as they are said together."""
    return t(" and ").join(names)


def whoever(session: Session, row: OrderRow) -> str:
    """Who has an order, or is asked about it; what is offered to nobody by name is in the grab pool."""
    pooled = row.technician is None and row.status == "offered"
    return t("Grab pool##row") if pooled else technician(session, row.technician)


def actor(session: Session, name: str) -> str:
    """Who `staff:wangfang` or `technician:t-7` is."""
    kind, _, id = name.partition(":")
    if kind == "staff":
        found = session.get(Staff, id)
        return found.name if found else id
    if kind == "technician":
        return t("Technician {name}", name=technician(session, id))
    return {
        "customer": t("Customer##actor"),
        "link": t("Customer##actor"),
        "provider": t("Provider"),
        "system": t("System"),
    }.get(kind, name)


def masked(session: Session) -> bool:
    """Whether customers stay unnamed here: a wall is read by whoever walks past."""
    return frozenset(session.staff.roles) <= {"wall"}


def item(session: Session, id: str) -> str:
    """What is repaired."""
    found = session.get(Item, id)
    return _spoken(found.name, found.name_en) if found else id


def fault(session: Session, item_id: str, id: str | None) -> str:
    """What is wrong with it, empty where nobody said."""
    found = session.get(Item, item_id)
    known = found.fault(id) if found else None
    return _spoken(known.name, known.name_en) if known else (id or "")


def part(session: Session, id: str) -> str:
    """A spare part."""
    found = session.get(Part, id)
    return _spoken(found.name, found.name_en) if found else id


def check(found: Check) -> str:
    """A check of a standard."""
    return _spoken(found.text, found.text_en)


def template(found: Template) -> str:
    """What a ready text is called."""
    return _spoken(found.name, found.name_en)


def capital(word: str) -> str:
    """A word that begins a line."""
    return word[:1].upper() + word[1:]


def party(code: str) -> str:
    """One of the three sides of an order."""
    return capital(t(f"{code}##party"))


def skill(code: str) -> str:
    """Something a technician can do."""
    return t(f"{code}##skill")


def district(session: Session, id: str) -> str:
    """A part of the region."""
    found = region(session)
    known = next((each for each in found.districts if each.id == id), None) if found else None
    return district_of(known) if known else id


def district_of(found: District) -> str:
    """A district in the spoken language."""
    return _spoken(found.name, found.name_en)


def region(session: Session, id: str | None = None) -> Region | None:
    """The region this desk works in, or another one of its regions."""
    return session.get(Region, id or session.region_id)


def region_name(found: Region) -> str:
    """A region in the spoken language."""
    return _spoken(found.name, found.name_en)


def store(found: Store) -> str:
    """A store in the spoken language."""
    return _spoken(found.name, found.name_en)


def timezone(session: Session) -> str:
    """The time zone in which the region of this desk lives."""
    found = region(session)
    return found.timezone if found else "Asia/Shanghai"


def order(session: Session, id: str) -> str:
    """An order's number."""
    found = session.get(Order, id)
    return found.number if found else t("another order")


def short_order(session: Session, id: str) -> str:
    """The part of an order's number that people say."""
    return split_number(order(session, id))[1]


def status(code: str) -> str:
    """The word for an order's status."""
    return mark.mark("order", code).label()


def side(code: str) -> str:
    """From whose side something comes."""
    return t(_SIDES.get(code, code))


def entry(code: str) -> str:
    """How one gets into a building."""
    return t(_ENTRIES.get(code, code))


def role(code: str) -> str:
    """A role of the staff."""
    return t(_ROLES.get(code, code))


def sheet(code: str) -> str:
    """A sheet of the price book."""
    return t(_SHEETS.get(code, code))


def flag(code: str) -> str:
    """What an order is flagged for."""
    return mark.mark("flag", code).label()


def quote_line(code: str) -> str:
    """What an amount of a quote is for."""
    return t(_QUOTE.get(code, code))


def step_word(action: str) -> str:
    """What was done to an order, in a word or two."""
    return t(_STEPS.get(action, action))


def reason(code: str) -> str:
    """Why an act rests or the connection is as it is; codes of a newer version stay as they are."""
    return t(_REASONS[code]) if code in _REASONS else explained(code)


def split_number(number: str) -> tuple[str, str]:
    """The part of an order's number that nobody says, and the spoken daily part: "1122-", "031".

    A temporary number ("M1-001") is said whole: its end alone is that of another order.
    """
    head, dash, spoken = number.rpartition("-")
    return (head + dash, spoken) if head.isdigit() else ("", number)


def refusal(session: Session, rejected: Rejected | Any) -> str:
    """Why something was refused, in one sentence with names instead of ids.

    Takes a `Rejected` raised here and the `Refusal` a server sends alike.
    """
    code = rejected.code if isinstance(rejected, Rejected) else rejected.rejected
    return sentence(code, {**said(session, rejected.params), "field": field(rejected.field)})


def field(path: str | None) -> str:
    """What people call a field of a form: `new_customer.phone` is the phone."""
    return t(f"{path.rpartition('.')[2]}##field") if path else ""


def broken(session: Session, rule: Broken) -> str:
    """A rule that is not kept, as a sentence with names."""
    return sentence(rule.code, said(session, rule.params))


def sentences(session: Session, rules: Iterable[Broken]) -> str:
    """Several of them in a row."""
    return t("; ").join(broken(session, rule) for rule in rules)


def said(session: Session, params: Mapping[str, Any]) -> dict[str, str]:
    """The parameters of a sentence as people say them."""
    told = {key: _value(session, key, value) for key, value in params.items()}
    start, end, zone = params.get("start"), params.get("end"), timezone(session)
    if isinstance(start, int) and isinstance(end, int) and local_date(start, zone) == local_date(end, zone):
        told["end"] = format.clock(end, zone)
    return told


def filled(session: Session, template: str, params: Mapping[str, Any]) -> str:
    """A translated template with its parameters as people say them."""
    return fill(template, said(session, params))


def _value(session: Session, key: str, value: Any) -> str:
    if key == "broken":
        return t("; ").join(sentence(each["code"], said(session, each.get("params", {}))) for each in value)
    if key == "needs":
        return t(", ").join(role(each) for each in value)
    if isinstance(value, list | tuple | set | frozenset):
        return t(", ").join(_value(session, key.removesuffix("s"), each) for each in value)
    if key in _MONEY and isinstance(value, int):
        return format.money(value, currency(session))
    if isinstance(value, int) and key in ("when", "until", "start", "end", "since", "at"):
        return format.moment(value, session.now(), timezone(session))
    if key == "date" and isinstance(value, str):
        return format.day(midnight(value, timezone(session)), session.now(), timezone(session))
    if not isinstance(value, str):
        return "" if value is None else str(value)
    return _NAMED[key](session, value) if key in _NAMED else value


def currency(session: Session) -> str:
    """What people here pay with."""
    found = session.get(Region, session.region_id)
    return found.currency if found is not None else "CNY"


def _spoken(chinese: str, english: str) -> str:
    return english if english and language() == "en" else chinese


def provider(code: str) -> str:
    """Who says how long drives take, as people call him."""
    return {"osrm": "OSRM", "amap": t("AMap##travel"), "road": t("Road map##travel")}.get(code, code)


_MONEY = frozenset({"amount", "cash_limit", "given", "whole"})
_NAMED: Mapping[str, Any] = {
    "provider": lambda _session, code: provider(code),
    "who": actor,
    "by": actor,
    "technician": technician,
    "item": item,
    "part": part,
    "party": lambda _session, code: party(code),
    "district": district,
    "order": order,
    "status": lambda _session, code: (
        mark.mark("technician", code).label() if code in mark.TECHNICIAN else status(code)
    ),
    "skill": lambda _session, code: skill(code),
    "side": lambda _session, code: side(code),
    "sheet": lambda _session, code: sheet(code),
    "flag": lambda _session, code: flag(code),
    "action": lambda _session, code: step_word(code),
}
