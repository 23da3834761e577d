"""Notices put into words at the moment of sending: only then names, numbers and codes are read."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from dispatcher_app import resource, text
from dispatcher_app.domain.catalogue import Item
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.region import Policy, Region
from dispatcher_app.domain.technician import Technician
from dispatcher_app.integrations.notice import Notice
from dispatcher_app.server import link, phrase
from dispatcher_app.server.notices.news import CODES
from dispatcher_app.server.notices.stale import stale
from dispatcher_app.server.store import query, record
from dispatcher_app.server.store.database import Cursor
from dispatcher_app.server.store.notice import Kept
from dispatcher_app.server.vault import Vault
from dispatcher_app.text import Language, fill


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """What putting notices into words takes; `public` is the address of the customers' pages, "" where there is none."""

    vault: Vault
    public: str = ""
    language: Language = text.DEFAULT


@functools.cache
def texts(language: Language) -> Mapping[str, str]:
    """The texts of notices in a language, by party and what is said."""
    read: dict[str, str] = json.loads(
        resource.path("notices", f"{language}.json").read_text(encoding="utf-8")
    )
    return read


def composed(cursor: Cursor, writer: Writer, notice: Kept, now: int) -> Notice | str:
    """The notice as it is sent now, or a code for why it is not sent any more."""
    order = record.load(cursor, "order", notice.order)
    if not isinstance(order, Order):
        return "order_gone"
    if notice.corrects is None and stale(notice, order):
        return "outdated"
    number = query.secret(cursor, notice.party, notice.recipient, "phone")
    if number is None:
        return "no_number"
    code = code_of(cursor, writer, notice)
    token = (
        link.made(writer.vault, order.id, now, policy_of(cursor).link_days)
        if has_link(writer, notice)
        else ""
    )
    address = f"{writer.public}/t/{token}" if token else ""
    return Notice(
        id=notice.id,
        to=writer.vault.open(notice.party, notice.recipient, "phone", number[1]),
        text=said(cursor, writer.language, notice, order, code, address),
        what=f"{notice.party}.{notice.what}",
        language=writer.language,
        hidden=tuple(each for each in (address, code) if each),
    )


def masked(cursor: Cursor, language: Language, notice: Kept) -> str:
    """What a notice says as those may read it who must not know its code and link."""
    order = record.load(cursor, "order", notice.order)
    if not isinstance(order, Order):
        return ""
    return said(cursor, language, notice, order, "****" if notice.what in CODES else "", "")


def has_link(writer: Writer, notice: Kept) -> bool:
    """Whether a notice carries the link to the customer's page."""
    return bool(writer.public) and notice.party == "customer"


def code_of(cursor: Cursor, writer: Writer, notice: Kept) -> str:
    """The code that goes with what is said, "" where none does."""
    if notice.party != "customer" or notice.what not in CODES:
        return ""
    field = CODES[notice.what]
    found = query.secret(cursor, "order", notice.order, field)
    return writer.vault.open("order", notice.order, field, found[1]) if found else ""


def said(cursor: Cursor, language: Language, notice: Kept, order: Order, code: str, address: str) -> str:
    """The whole text of a notice."""
    words, known = texts(language), f"{notice.party}.{notice.what}"
    params = said_of(cursor, language, notice, order)
    opened = {"window": ".open", "eta": ".open", "next_contact": ".open"}
    for name, tail in opened.items():
        if name in text.slots(words[known]) and name not in params:
            known += tail
            break
    if notice.what == "cancelled" and notice.params.get("fee"):
        known += ".fee"
    parts = [words["correction"]] if notice.corrects else []
    parts.append(fill(words[known], params))
    if code:
        parts.append(fill(words[f"code.{notice.what}"], {"code": code}))
    if address:
        parts.append(fill(words.get(f"link.{notice.what}", words["link"]), {"link": address}))
    return ("" if language == "zh_CN" else " ").join(parts)


def said_of(cursor: Cursor, language: Language, notice: Kept, order: Order) -> dict[str, Any]:
    """What the slots of a text are filled with."""
    region = record.load(cursor, "region", order.region)
    zone = region.timezone if isinstance(region, Region) else "Asia/Shanghai"
    given, params = notice.params, dict[str, Any]()
    params["number"] = order.number
    params["items"] = items_of(cursor, language, order)
    params["status"] = status_of(order, language)
    params |= {name: given[name] for name in ("revision", "done", "count") if name in given}
    params["district"] = district_of(region, language, order)
    if "from" in given:
        params["window"] = phrase.span(given["from"], given["to"], zone, language)
    if "technician" in given:
        technician = record.load(cursor, "technician", given["technician"])
        params["technician"] = phrase.shifu(
            technician.name if isinstance(technician, Technician) else "", language
        )
    if "eta" in given:
        params["eta"] = phrase.clock(given["eta"], zone)
    if "at" in given:
        params["at"] = phrase.moment(given["at"], zone, language)
    if "until" in given:
        params["until"] = phrase.moment(given["until"], zone, language)
    if given.get("next_contact"):
        params["next_contact"] = phrase.day(date.fromisoformat(given["next_contact"]), language)
    for name in ("fee", "total"):
        if name in given:
            params[name] = phrase.money(given[name], given["currency"])
    return params


def status_of(order: Order, language: Language) -> str:
    """How the order stands, in the customer's words."""
    ended = order.status == "finished" and order.result not in (None, "repaired")
    return texts(language)["status.ended" if ended else f"status.{order.status}"]


def items_of(cursor: Cursor, language: Language, order: Order) -> str:
    """What is being repaired: the first thing, and how many more."""
    names = [
        name_of(item, language) for line in order.lines if (item := item_of(cursor, line.item)) is not None
    ]
    if len(names) < 2:
        return names[0] if names else ""
    count = len(names) if language == "zh_CN" else len(names) - 1
    return fill(texts(language)["items.more"], {"item": names[0], "count": count})


def item_of(cursor: Cursor, id: str) -> Item | None:
    """An item of the catalogue."""
    found = record.load(cursor, "item", id)
    return found if isinstance(found, Item) else None


def name_of(item: Item, language: Language) -> str:
    """What an item is called."""
    return item.name if language == "zh_CN" or not item.name_en else item.name_en


def district_of(region: object, language: Language, order: Order) -> str:
    """The part of the city, which is all that a notice says of a home."""
    districts = region.districts if isinstance(region, Region) else ()
    found = next((each for each in districts if each.id == order.district), None)
    if found is None:
        return ""
    return found.name if language == "zh_CN" or not found.name_en else found.name_en


def policy_of(cursor: Cursor) -> Policy:
    """The figures in force."""
    found = record.load(cursor, "policy", "policy")
    return found if isinstance(found, Policy) else Policy()
