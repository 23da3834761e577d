"""The customer's word (客户确认): which way it may come, and that a code is the one he was sent."""

from __future__ import annotations

from hmac import compare_digest

from dispatcher_app.domain.act import Act, Rejected, World
from dispatcher_app.domain.order import Confirmation, Order

WAYS: dict[str, frozenset[Confirmation]] = {
    "customer": frozenset({"page"}),
    "link": frozenset({"page"}),
    "technician": frozenset({"code"}),
    "staff": frozenset({"phone", "code"}),
    "system": frozenset({"time"}),
}
"""Nobody says yes to his own proposal: a technician needs the customer's code, staff have called him back."""


def checked_word(
    world: World, order: Order, act: Act, confirmation: Confirmation, code: str, secret: str
) -> None:
    """Raises Rejected for a way that the actor has not, or for another code than the one sent (`secret` names it)."""
    if confirmation not in WAYS.get(act.actor.kind, ()):
        raise Rejected("confirmation_unfit", "confirmation", confirmation=confirmation)
    if "number_changed" in order.flags and not heard(order, act, confirmation):
        raise Rejected("number_changed", "confirmation")
    if confirmation == "code":
        checked_code(world, order, code, secret)


def heard(order: Order, act: Act, confirmation: Confirmation) -> bool:
    """Whether the word is surely the customer's though staff have just changed his number.

    Links and codes went to the new one; who did not change it has called back and heard him.
    """
    last = next((each for each in reversed(order.steps) if each.action == "change_number"), None)
    return confirmation == "phone" and last is not None and last.actor != act.actor.name


def checked_code(world: World, order: Order, code: str, secret: str) -> None:
    """Raises Rejected for another code than the one that the customer was sent."""
    sent = world.code(Order.kind, order.id, secret)
    if sent is None or not compare_digest(sent.encode(), code.strip().encode()):
        raise Rejected("code_wrong", "code")
