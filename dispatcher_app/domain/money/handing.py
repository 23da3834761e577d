"""What was judged right in a complaint, as what it asks of those who look after money: compensation, fine."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from dispatcher_app.domain.command.refunding import ProposeRefund, RefundPart
from dispatcher_app.domain.command.settling import Deduct
from dispatcher_app.domain.money.complaint import Category, Complaint
from dispatcher_app.domain.money.refund import RefundReason, Way
from dispatcher_app.domain.order import Side

REASONS: Final[Mapping[Category, RefundReason]] = MappingProxyType({
    "injury": "injury", "damage": "damage", "no_show": "no_show", "quality": "quality", "parts": "quality",
    "price": "price_error", "late": "late",
})  # fmt: skip
"""For what something is given, the gravest first; goodwill where none of these was complained about."""


def proposal(complaint: Complaint, refund: str, way: Way = "transfer") -> ProposeRefund:
    """The compensation judged right, under the id `refund` that the desk chooses; borne by whoever was at fault."""
    reason: RefundReason = next(
        (why for what, why in REASONS.items() if what in complaint.categories), "goodwill"
    )
    side: Side = "technician" if complaint.responsibility == "technician" else "platform"
    part = RefundPart(refund=refund, amount=complaint.compensation, way=way)
    return ProposeRefund(
        order=complaint.order, what="compensation", reason=reason, side=side, parts=(part,), complaint=complaint.id
    )  # fmt: skip


def fine(complaint: Complaint, deduction: str, text: str) -> Deduct | None:
    """The fine judged right, taken off whoever it was about first; None where nobody is to be fined."""
    if complaint.responsibility != "technician" or not complaint.penalty or not complaint.technicians:
        return None
    return Deduct(
        deduction=deduction, technician=complaint.technicians[0], amount=complaint.penalty, reason="complaint", text=text,
        order=complaint.order, complaint=complaint.id,
    )  # fmt: skip
