"""A drop-off as it is typed: the command that receives it, and what is still missing."""

from __future__ import annotations

import re
from typing import Final

from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.command import ReceiveDevice
from dispatcher_app.domain.customer import normal_phone
from dispatcher_app.domain.rule.workshop import WORDS_LIMIT
from dispatcher_app.text import sentence, t
from ui import custody
from ui.booking.draft import Draft
from ui.booking.form import Form
from ui.booking.order import booked_lines, new_customer

STEP_OF_FIELD: Final = {
    "new_customer.phone": "phone", "phone": "phone", "customer": "phone", "new_customer.name": "name",
    "new_customer": "name", "line": "what", "lines": "what", "serial": "serial", "accessories": "accessories",
    "condition": "condition", "data_consent": "data_consent", "shelf": "shelf", "promised_on": "promised_on",
    "note": "note",
}  # fmt: skip
"""Beside which field a refusal is said."""
_BREAKS: Final = re.compile(r"[,，、;；\n]+")
_WORD: Final = 30


def missing(form: Form) -> tuple[str | None, str] | None:
    """The first step that lacks something, and the sentence beside it; None when it can be received."""
    draft = form.draft
    if form.store is None:
        return None, t("No store is set up yet. An administrator adds one.")
    if draft.customer is None:
        try:
            normal_phone(draft.phone)
        except Rejected as rejected:
            typed = draft.phone.strip()
            said = sentence(rejected.code, rejected.params) if typed else t("The owner's number is missing.")
            return "phone", said
        if not draft.name.strip():
            return "name", t("What is the owner called?")
    if draft.line.item is None:
        return "what", t("Which device is it? Type a few words or letters and press Enter.")
    if custody.has_data(form.item) and not draft.data_consent:
        return "data_consent", t("Ask the owner, then press 1, 2 or 3.")
    return None


def command(form: Form) -> ReceiveDevice:
    """The command that receives a complete drop-off."""
    draft, store = form.draft, form.store
    assert store is not None
    consent = draft.data_consent if custody.has_data(form.item) else ""
    return ReceiveDevice(
        order=draft.order, store=store.id, customer=draft.customer,
        new_customer=None if draft.customer else new_customer(draft), line=booked_lines(draft)[0],
        serial=draft.serial.strip(), accessories=noted(draft, "accessories"), condition=noted(draft, "condition"),
        data_consent=consent or "none", shelf=draft.shelf, promised_on=draft.promised_on or None, note=draft.note.strip(),
    )  # fmt: skip


def noted(draft: Draft, field: str) -> tuple[str, ...]:
    """What was ticked, and the own words, each as one entry as long as a receipt has room for."""
    own = _BREAKS.split(str(getattr(draft, f"{field}_said")))
    words = [part.strip()[at : at + _WORD] for part in own for at in range(0, len(part.strip()), _WORD)]
    return tuple(dict.fromkeys((*getattr(draft, field), *filter(None, map(str.strip, words)))))[:WORDS_LIMIT]
