"""What a customer sends from the page: checked to come from a form that we made, and turned into a command."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from dispatcher_app import clock
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.command import ConfirmOrder, ConfirmQuote, DeclineQuote, ReviewOrder, SendMessage
from dispatcher_app.server.vault import Vault

FIELDS = 40
FORM_LIMIT = 32 * 1024


class FormForged(Exception):
    """The form is none of ours, or was made for another link."""


@dataclass(frozen=True, slots=True)
class Seal:
    """What a rendered form carries: an id that makes sending it twice harmless, and the proof that we made it."""

    id: str
    proof: str


def sealed(vault: Vault, token: str) -> Seal:
    """The seal of a form for that link."""
    id = clock.new_id()
    return Seal(id, proof(vault, token, id))


def proof(vault: Vault, token: str, id: str) -> str:
    """What only we can put into a form."""
    return vault.sign("form", f"{token}|{id}".encode()).hex()[:32]


def fields_of(body: bytes) -> dict[str, str]:
    """The fields of a form; raises FormForged for what is none."""
    try:
        pairs = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, max_num_fields=FIELDS, errors="strict"
        )
    except ValueError:
        raise FormForged from None
    # Browsers end the lines of a text as telegrams did.
    return {name: value.replace("\r\n", "\n") for name, value in pairs}


def checked(vault: Vault, token: str, fields: Mapping[str, str]) -> str:
    """The id of the act; raises FormForged for a form that we did not make for this link."""
    id = fields.get("id", "")
    if not hmac.compare_digest(fields.get("proof", "").encode(), proof(vault, token, id).encode()):
        raise FormForged
    return id


def command_of(what: str, order: str, fields: Mapping[str, str]) -> Any:
    """The command that a form means; raises FormForged for another form, Rejected for a field that does not fit."""
    if what not in COMMANDS:
        raise FormForged
    return COMMANDS[what](order, fields)


def number(fields: Mapping[str, str], name: str) -> int:
    """A small whole number of a form; raises Rejected naming it."""
    said = fields.get(name, "")
    if not (said.isascii() and said.isdecimal() and len(said) <= 4):
        raise Rejected("required", name)
    return int(said)


def review(order: str, fields: Mapping[str, str]) -> ReviewOrder:
    """The customer's judgement."""
    return ReviewOrder(
        order=order,
        stars=number(fields, "stars"),
        skill=number(fields, "skill"),
        attitude=number(fields, "attitude"),
        efficiency=number(fields, "efficiency"),
        solved=fields.get("solved") == "yes",
        text=fields.get("text", ""),
        suggestion=fields.get("suggestion", ""),
    )


COMMANDS: dict[str, Callable[[str, Mapping[str, str]], Any]] = {
    "confirm-quote": lambda order, fields: ConfirmQuote(
        order=order, number=number(fields, "number"), confirmation="page"
    ),
    "decline-quote": lambda order, fields: DeclineQuote(order=order, number=number(fields, "number")),
    "confirm": lambda order, fields: ConfirmOrder(order=order, confirmation="page"),
    "message": lambda order, fields: SendMessage(order=order, to=("staff",), text=fields.get("text", "")),
    "review": review,
}
LINK = "link"
"""The form by which the link that answers is sent to the customer's telephone; it means no command."""
