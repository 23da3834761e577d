"""Nobody has his own proposal answered by a telephone that he chose, whenever he chose it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatcher_app.domain.act import Actor, Rejected
from dispatcher_app.domain.command import (
    ChangeCustomer,
    ClearFlag,
    ConfirmOrder,
    ConfirmQuote,
    DeclineQuote,
    FinishOrder,
    MarkLine,
)  # fmt: skip
from dispatcher_app.domain.customer import Customer
from dispatcher_app.domain.order import Confirmation
from dispatcher_app.domain.region import Policy
from dispatcher_app.domain.timer import confirmed_by_silence
from dispatcher_app.simulator.rehearsal import Rehearsal
from tests.domain import onsite, trade
from tests.domain.site import AT, LI, code, revised, shop
from tests.domain.trade import DISPATCHER, NOW, SUPERVISOR, order_of

LINK = Actor(kind="link", id="o1")
CLEAR = ClearFlag(order="o1", flag="number_changed", reason="checked_by_call")
OTHER = trade.staff("supervisor", id="other")


def renumber(world: Rehearsal, actor: Actor, at: int, phone: str = "13911112222") -> None:
    """Another number for the caller."""
    customer = world.get(Customer, "c-o1")
    assert customer is not None
    world.do(
        actor, ChangeCustomer(customer="c-o1", from_version=customer.version, name="张丽华", phone=phone), at
    )


def renumbered(*by: Actor) -> Rehearsal:
    """A number that staff changed in the morning, before anybody had set out; Li works there now."""
    world = shop(standard=None)
    trade.booked(world)
    for actor in by:
        renumber(world, actor, NOW)
    world.do(DISPATCHER, trade.assign("o1"), NOW)
    onsite.departed(world)
    onsite.arrived(world)
    assert order_of(world).flags == ()
    return world


def answered(world: Rehearsal, actor: Actor, way: Confirmation, at: int = AT) -> str:
    """What becomes of a word on the quote that waits: "ok", or the code of the refusal."""
    given = code(world) if way == "code" else ""
    try:
        world.do(
            actor,
            ConfirmQuote(order="o1", number=len(order_of(world).revisions), confirmation=way, code=given),
            at,
        )
    except Rejected as rejected:
        return rejected.code
    return "ok"


def test_who_changed_the_number_long_before_and_quotes_gets_no_word_from_it() -> None:
    world = renumbered(SUPERVISOR)
    world.do(SUPERVISOR, revised(1), AT)
    assert order_of(world).flags == ("number_changed",)
    for actor in (LI, SUPERVISOR):
        assert answered(world, actor, "code") == "number_changed"
    assert answered(world, LINK, "page") == answered(world, SUPERVISOR, "phone") == "number_changed"
    with pytest.raises(Rejected, match="own_flag"):
        world.do(SUPERVISOR, CLEAR, AT)
    world.do(OTHER, CLEAR, AT)
    assert answered(world, LINK, "page") == "ok"


def test_a_colleague_who_calls_back_needs_no_supervisor() -> None:
    world = renumbered(SUPERVISOR)
    world.do(SUPERVISOR, revised(1), AT)
    assert answered(world, DISPATCHER, "phone") == "ok"


def test_a_number_that_somebody_else_has_changed_is_no_reason_to_doubt_a_quote() -> None:
    for author in (LI, SUPERVISOR):
        world = renumbered(DISPATCHER)
        world.do(author, revised(1), AT)
        assert order_of(world).flags == ()
        assert answered(world, LINK, "page") == "ok"


def test_a_look_lasts_until_the_number_is_changed_again() -> None:
    world = renumbered(SUPERVISOR)
    world.do(SUPERVISOR, revised(1), AT)
    world.do(OTHER, CLEAR, AT)
    world.do(SUPERVISOR, revised(2), AT)
    assert order_of(world).flags == ()
    renumber(world, SUPERVISOR, AT + 1, "13911113333")
    assert order_of(world).flags == ("number_changed",)


def test_who_changed_the_number_and_calls_the_work_done_gets_no_word_from_it_either() -> None:
    world = renumbered(SUPERVISOR)
    world.do(LI, MarkLine(order="o1", line=0, from_state="open", state="done"), AT)
    world.do(SUPERVISOR, FinishOrder(order="o1"), AT)
    order = order_of(world)
    assert order.flags == ("number_changed",)
    assert confirmed_by_silence(order, Policy()) is None
    with pytest.raises(Rejected, match="number_changed"):
        world.do(LINK, ConfirmOrder(order="o1", confirmation="page"), AT)
    world.do(DISPATCHER, ConfirmOrder(order="o1", confirmation="phone"), AT)


def test_who_changed_the_number_and_says_that_the_customer_declines_gets_no_word_from_it_either() -> None:
    world = renumbered(SUPERVISOR)
    world.do(SUPERVISOR, DeclineQuote(order="o1", number=0, result="no_fault"), AT)
    assert order_of(world).flags == ("number_changed",)


PEOPLE = (DISPATCHER, SUPERVISOR, OTHER)
WORDS: tuple[tuple[Actor, Confirmation], ...] = (
    (LINK, "page"), (LI, "code"), (DISPATCHER, "code"), (SUPERVISOR, "code"), (DISPATCHER, "phone"),
    (SUPERVISOR, "phone"), (OTHER, "phone"),
)  # fmt: skip


@dataclass(frozen=True)
class Round:
    """Perhaps another number, a quote, perhaps a look, then a word."""

    renumbers: Actor | None
    quotes: Actor
    looks: Actor | None
    answers: tuple[Actor, Confirmation]


ROUNDS = st.builds(
    Round,
    renumbers=st.none() | st.sampled_from(PEOPLE),
    quotes=st.sampled_from((*PEOPLE, LI)),
    looks=st.none() | st.sampled_from(PEOPLE),
    answers=st.sampled_from(WORDS),
)


@settings(max_examples=80, deadline=None)
@given(before=st.lists(st.sampled_from(PEOPLE), max_size=2), rounds=st.lists(ROUNDS, min_size=1, max_size=4))
def test_no_quote_is_accepted_by_a_telephone_that_its_author_alone_chose(
    before: list[Actor], rounds: list[Round]
) -> None:
    world, clock = renumbered(*before), count(AT)
    holder, looked = before[-1] if before else None, set[Actor]()
    for each in rounds:
        if each.renumbers:
            renumber(world, each.renumbers, next(clock))
            holder, looked = each.renumbers, set()
        world.do(each.quotes, revised(len(order_of(world).revisions) + 1), next(clock))
        if each.looks and taken(world, each.looks, CLEAR, next(clock)):
            looked.add(each.looks)
        actor, way = each.answers
        if answered(world, actor, way, next(clock)) != "ok":
            continue
        assert way != "phone" or actor != each.quotes
        assert way == "phone" or holder != each.quotes or looked - {each.quotes}


def taken(world: Rehearsal, actor: Actor, command: Any, at: int) -> bool:
    """Whether it was done; what is refused has changed nothing."""
    try:
        world.do(actor, command, at)
    except Rejected:
        return False
    return True
