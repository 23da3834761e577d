"""The customer's word (客户确认): which way it may come, and that a code is the one he was sent."""

from __future__ import annotations

from hmac import compare_digest

from dispatcher_app.domain.act import Act, Rejected, World
from dispatcher_app.domain.customer import Customer
from dispatcher_app.domain.order import Confirmation, Order
from dispatcher_app.domain.rule.work import flagged

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
    if "number_changed" in order.flags and not heard(world, order, act, confirmation):
        raise Rejected("number_changed", "confirmation")
    if confirmation == "code":
        checked_code(world, order, code, secret)


def asked(world: World, order: Order, act: Act) -> Order:
    """The order whose customer is to answer what is proposed here.

    Whoever proposes has not chosen the telephone that answers: a number that he changed, be it long before, flags
    the order until somebody else has looked. The number that a booking began with is the caller's own.
    """
    if act.actor.kind != "staff":
        return order
    customer = world.get(Customer, order.customer)
    if customer is None or customer.number_by != act.actor.name or seen(order, customer.number_at):
        return order
    return flagged(order, "number_changed")


def seen(order: Order, since: int) -> bool:
    """Whether somebody has looked at the customer's number after that moment (UTC ms)."""
    return any(
        each.action == "clear_flag" and each.params.get("flag") == "number_changed" and each.at > since
        for each in order.steps
    )


def heard(world: World, order: Order, act: Act, confirmation: Confirmation) -> bool:
    """Whether the word is surely the customer's though staff have changed his number.

    Links and codes go to the new one; who did not change it has called back and heard him.
    """
    changers = renumberers(world, order)
    return confirmation == "phone" and bool(changers) and act.actor.name not in changers


def renumberers(world: World, order: Order) -> frozenset[str]:
    """Who has last changed the customer's number, and who did while his word was asked on this order."""
    customer = world.get(Customer, order.customer)
    last = next((each.actor for each in reversed(order.steps) if each.action == "change_number"), "")
    return frozenset({last, customer.number_by if customer else ""}) - {""}


def checked_code(world: World, order: Order, code: str, secret: str) -> None:
    """Raises Rejected for another code than the one that the customer was sent."""
    sent = world.code(Order.kind, order.id, secret)
    if sent is None or not compare_digest(sent.encode(), code.strip().encode()):
        raise Rejected("code_wrong", "code")
