"""What was judged right in a complaint, as the proposal on which those decide who may give money."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from dispatcher_app.domain.command.refunding import ProposeRefund, RefundPart
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
    reason: RefundReason = next((why for what, why in REASONS.items() if what in complaint.categories), "goodwill")
    side: Side = "technician" if complaint.responsibility == "technician" else "platform"
    part = RefundPart(refund=refund, amount=complaint.compensation, way=way)
    return ProposeRefund(
        order=complaint.order, what="compensation", reason=reason, side=side, parts=(part,), complaint=complaint.id
    )  # fmt: skip
