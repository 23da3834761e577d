"""What holds while an order is worked on, talked about and judged, whatever people do in whatever order."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dispatcher_app import codec
from dispatcher_app.domain.act import SYSTEM, Actor, Change, Rejected
from dispatcher_app.domain.calendar import MINUTE_MS
from dispatcher_app.domain.command import (
    Arrive,
    ConfirmOrder,
    ConfirmQuote,
    DeclineQuote,
    Depart,
    FinishOrder,
    IssueParts,
    LapseQuote,
    MarkCheck,
    MarkLine,
    MarkRead,
    QuotedPart,
    RecordPayment,
    RemoveAttachment,
    ReturnParts,
    ReviewOrder,
    ReviseQuote,
    SendMessage,
    WithdrawQuote,
)  # fmt: skip
from dispatcher_app.domain.customer import Customer
from dispatcher_app.domain.order import Order, Quote
from dispatcher_app.domain.pricing import owed
from dispatcher_app.domain.rating import counted
from dispatcher_app.domain.region import Policy
from dispatcher_app.domain.rule.quoting import over_percent
from dispatcher_app.domain.talk import PARTIES, Attachment, Figures, Message, Review, seen_by, shown_to
from dispatcher_app.domain.technician import Technician
from dispatcher_app.domain.van import Stocked, Van
from dispatcher_app.simulator.rehearsal import Rehearsal
from tests.domain.site import AT, CHECKS, ICE, LI, STANDARD, WANG, WARM, code, on_site, photo, revised, shop
from tests.domain.trade import CENTRE, COUNTER, DISPATCHER, SUPERVISOR, assign, booked, hour

ORDERS = ("o1", "o2")
PARTS = ("board", "valve")
SECRET = "只给你看的话"
EASY = replace(STANDARD, checks=(CHECKS[1], replace(CHECKS[3], id="power")))
EASY = replace(EASY, checks=tuple(replace(each, left_out="mark") for each in EASY.checks))

orders = st.sampled_from(ORDERS)
numbers = st.integers(1, 3)
indexes = st.integers(0, 1)
stars = st.integers(1, 5)
parties = st.sampled_from(PARTIES)
actors = st.sampled_from(
    (*("fit",) * 12, LI, WANG, DISPATCHER, SUPERVISOR, COUNTER, SYSTEM, "customer", "link")
)
quoted_lines = st.lists(
    st.sampled_from((WARM, ICE, replace(WARM, labour=15000), replace(ICE, labour=1))), min_size=1, max_size=2
).map(tuple)
quoted_parts = st.lists(
    st.builds(
        QuotedPart,
        part=st.sampled_from((*PARTS, "gasket")),
        quantity=st.integers(1, 3),
        price=st.none() | st.integers(0, 60000),
        line=st.just(0),
        used=st.booleans(),
    ),
    max_size=2,
).map(tuple)
stocked = st.builds(Stocked, part=st.sampled_from(PARTS), quantity=st.integers(1, 4)).map(
    lambda each: (each,)
)

quotes = st.builds(
    ReviseQuote,
    order=orders, number=numbers, lines=quoted_lines, parts=quoted_parts, discount=st.sampled_from((0, 0, 1000, 9000)),
    reason=st.sampled_from(("part_needed", "extra_fault")), note=st.sampled_from(("", SECRET)),
)  # fmt: skip
wishes = st.one_of(
    quotes,
    quotes,
    quotes,
    st.builds(ConfirmQuote, order=orders, number=numbers, confirmation=st.sampled_from(("page", "code", "phone"))),
    st.builds(ConfirmQuote, order=orders, number=numbers, confirmation=st.sampled_from(("page", "code", "phone"))),
    st.builds(DeclineQuote, order=orders, number=numbers, result=st.sampled_from(("declined",) * 4 + ("no_fault",))),
    st.builds(WithdrawQuote, order=orders, number=numbers),
    st.builds(LapseQuote, order=orders, number=numbers, lapses_at=st.just(0)),
    st.builds(MarkLine, order=orders, line=st.just(0), from_state=st.just("open"), state=st.just("done")),
    st.builds(MarkLine, order=orders, line=indexes, from_state=st.just("open"), state=st.just("done")),
    st.builds(MarkLine, order=orders, line=indexes, from_state=st.just("open"), state=st.just("excused"),
              reason=st.just("no_part")),
    st.builds(MarkCheck, order=orders, line=indexes, check=st.sampled_from(("power", "inside", "old")),
              state=st.just("done"), photo=orders),
    st.builds(RemoveAttachment, attachment=orders, reason=st.just("private")),
    st.builds(FinishOrder, order=orders),
    st.builds(FinishOrder, order=orders),
    st.builds(FinishOrder, order=orders),
    st.builds(ConfirmOrder, order=orders, confirmation=st.just("page")),
    st.builds(RecordPayment, order=orders, amount=st.just(0), means=st.just("cash")),
    st.builds(ReviewOrder, order=orders, stars=stars, skill=stars, attitude=stars, efficiency=stars,
              solved=st.booleans(), text=st.just(SECRET)),
    st.builds(SendMessage, order=orders, to=st.lists(parties, min_size=1, max_size=2).map(tuple), text=st.just(SECRET)),
    st.builds(SendMessage, order=orders, to=st.lists(parties, min_size=1, max_size=2).map(tuple), text=st.just(SECRET)),
    st.builds(MarkRead, order=orders, party=parties, upto=st.integers(0, 5).map(str)),
    st.builds(IssueParts, technician=st.just("li"), parts=stocked),
    st.builds(ReturnParts, technician=st.just("li"), parts=stocked),
)  # fmt: skip


@dataclass
class Seen:
    """What has been agreed, moved and fitted, as a bystander would have written it down."""

    agreed: dict[str, Quote] = field(default_factory=dict)
    stock: dict[str, Counter[str]] = field(default_factory=lambda: {"li": Counter(), "wang": Counter()})


def fitting(world: Rehearsal, command: Any) -> Any:
    """The command as somebody would give it who sees the order as it stands."""
    order = world.get(Order, getattr(command, "order", ""))
    if order is None:
        return command
    waiting = order.proposed
    if isinstance(command, ReviseQuote):
        return replace(command, number=len(order.revisions) + 1)
    if isinstance(command, LapseQuote) and waiting:
        return replace(command, number=waiting.number, lapses_at=waiting.lapses_at)
    if isinstance(command, ConfirmQuote):
        said = code(world, order=order.id) if command.confirmation == "code" else ""
        return replace(command, number=len(order.revisions), code=said)
    if isinstance(command, DeclineQuote):
        return replace(command, number=waiting.number if waiting else 0)
    if isinstance(command, WithdrawQuote) and waiting:
        return replace(command, number=waiting.number)
    if isinstance(command, RecordPayment):
        return replace(command, amount=owed(order) - order.paid)
    if isinstance(command, MarkRead):
        known = [each.id for each in world.all(Message) if each.order == order.id]
        return replace(command, upto=known[int(command.upto) % len(known)] if known else "none")
    return command


def wrote_down(seen: Seen, command: Any, then: dict[tuple[str, str], Any], change: Change) -> None:
    """The bystander's note of what has just happened."""
    if isinstance(command, IssueParts | ReturnParts):
        sign = 1 if isinstance(command, IssueParts) else -1
        for each in command.parts:
            seen.stock[command.technician][each.part] += sign * each.quantity
    if isinstance(command, ConfirmQuote):
        former: Order = then["order", command.order]
        assert former.proposed is not None
        seen.agreed[command.order] = former.proposed.quote
    if isinstance(command, FinishOrder):
        order = next(each for each in change.after if isinstance(each, Order))
        for part in order.parts:
            if not part.used and order.lines[part.line].state == "done":
                seen.stock[order.technician or ""][part.part] -= part.quantity


def check_quotes(world: Rehearsal, seen: Seen) -> None:
    """One quote waits at most, the last; an agreed one stays as it was; the figures are right."""
    policy = world.get(Policy, "policy") or Policy()
    for order in world.all(Order):
        assert [each.number for each in order.revisions] == list(range(1, len(order.revisions) + 1))
        assert [each for each in order.revisions if each.state == "proposed"] in ([], [order.proposed])
        if order.id in seen.agreed:
            assert order.quote == seen.agreed[order.id]
        for made in order.revisions:
            assert made.quote.total == sum(line.amount for line in made.quote.lines)
            assert made.quote.currency == "CNY"
            assert (made.decided_at is None) == (made.state == "proposed")
            if made.book_total:
                over = max(Fraction(0), Fraction(made.quote.total - made.book_total, made.book_total) * 100)
                assert over <= made.over_percent < over + 1
        told = order.revisions[0].quote if order.revisions else order.quote
        assert (order.quote.if_declined, order.quote.door_fee) == (told.if_declined, told.door_fee)
        last = order.proposed or next(
            (each for each in reversed(order.revisions) if each.state == "accepted"), None
        )
        assert ("quote_over" in order.flags) == (
            last is not None and last.over_percent > policy.quote_over_percent
        )
        for line in order.lines if order.status == "finished" else ():
            assert line.state != "open"


def check_talk(world: Rehearsal) -> None:
    """Unread is never less than nothing or more than was said; what one party reads never reaches another."""
    messages = world.all(Message)
    for order in world.all(Order):
        own = [each for each in messages if each.order == order.id]
        talk = order.talk
        assert (talk.total if talk else 0) == len(own)
        for party in PARTIES:
            assert 0 <= (getattr(talk, party) if talk else 0) <= sum(party in each.to for each in own)
        assert SECRET not in codec.encode(order).decode()
        shown = [each for each in world.all(Attachment) if each.order == order.id and each.removed is None]
        assert order.attachments == len(shown)
    for each in messages:
        assert [party for party in PARTIES if seen_by(each, party)] == [
            party for party in PARTIES if party == each.party or party in each.to
        ]


def check_figures(world: Rehearsal, seen: Seen) -> None:
    """What is counted step by step is what counting all over gives."""
    reviews = world.all(Review)
    for technician in world.all(Technician):
        figures = Figures()
        for each in reviews:
            if each.technician == technician.id:
                figures = counted(figures, each)
        assert technician.figures == figures
    for technician_id, stock in seen.stock.items():
        van = world.get(Van, technician_id) or Van(id=technician_id, region="sh")
        assert {each.part: each.quantity for each in van.stock} == {
            part: count for part, count in stock.items() if count
        }


def world_of_two() -> Rehearsal:
    """Two orders of two customers, the first in Li's hands, the second in Wang's."""
    world = shop(EASY)
    on_site(world, "o1")
    on_site_of_wang(world)
    photo(world, "o1", "before", "o1")
    photo(world, "o2", "before", "o2", WANG)
    return world


def on_site_of_wang(world: Rehearsal) -> None:
    """The second order, begun by Wang."""
    booked(world, "o2")
    world.do(DISPATCHER, assign("o2", "wang"), AT - 60 * MINUTE_MS)
    world.do(WANG, Depart(order="o2", technician="wang"), hour(13.7))
    world.do(WANG, Arrive(order="o2", technician="wang", point=CENTRE, accuracy_m=10), AT)


def speaking(world: Rehearsal, who: Actor | str, command: Any) -> Actor:
    """Who gives the command: a customer and a link speak for the order, whoever fits is mostly allowed to."""
    if isinstance(who, Actor):
        return who
    id = getattr(command, "order", "")
    link, owner = Actor(kind="link", id=id), LI if id == "o1" else WANG
    order = world.get(Order, id)
    if who == "link":
        return link
    if who == "customer":
        return Actor(kind="customer", id=order.customer if order else "nobody")
    by_party = {"customer": link, "technician": owner, "staff": DISPATCHER}
    match command:
        case SendMessage():
            return next((by_party[each] for each in PARTIES if each not in command.to), owner)
        case MarkRead():
            return by_party[command.party]
        case ConfirmQuote():
            return {"page": link, "code": owner}.get(command.confirmation, SUPERVISOR)
        case ConfirmOrder() | ReviewOrder():
            return link
        case DeclineQuote():
            return link if command.result == "declined" else DISPATCHER
        case RemoveAttachment():
            return SUPERVISOR
        case IssueParts() | ReturnParts():
            return COUNTER
    return owner


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(wishes, actors, st.integers(0, 40)), min_size=30, max_size=80))
def test_quotes_talk_vans_and_figures_agree_whatever_people_do(steps: list[tuple[Any, Any, int]]) -> None:
    world, seen, now = world_of_two(), Seen(), AT
    for wish, who, later in steps:
        now += later * MINUTE_MS // 4
        command = fitting(world, wish)
        if isinstance(command, LapseQuote):
            who, now = SYSTEM, max(now, command.lapses_at)
        actor = speaking(world, who, command)
        then = dict(world.entities)
        try:
            change = world.do(actor, command, now)
        except Rejected:
            assert world.entities == then
            continue
        wrote_down(seen, command, then, change)
        check_quotes(world, seen)
        check_talk(world)
        check_figures(world, seen)
        check_others(command, then, change, actor)


def check_others(command: Any, then: dict[tuple[str, str], Any], change: Change, actor: Actor) -> None:
    """An act about one order changes nothing of another customer, and tells a customer nothing of others."""
    about = getattr(command, "order", None)
    if about is None:
        return
    for entity in change.after:
        assert not isinstance(entity, Customer)
        if isinstance(entity, Order):
            assert entity.id == about
        if isinstance(entity, Message | Attachment):
            assert entity.order == about
    if actor.kind in ("customer", "link"):
        told = {str(value) for each in change.warnings for value in each.params.values()}
        assert not told & {order for order in ORDERS if order != about}


@given(total=st.integers(0, 10**7), book=st.integers(0, 10**7))
def test_a_quote_is_over_the_book_by_whole_percents_never_too_few(total: int, book: int) -> None:
    over: int = over_percent(total, book)
    assert (over == 0) == (total <= book)
    if 0 < book < total:
        assert (over - 1) * book < (total - book) * 100 <= over * book


@given(labour=st.integers(0, 100_000), board=st.integers(0, 100_000), quantity=st.integers(1, 9))
@settings(max_examples=60, deadline=None)
def test_the_book_says_the_same_for_the_same_work_whatever_is_asked_for_it(
    labour: int, board: int, quantity: int
) -> None:
    world = shop()
    on_site(world)
    parts = (QuotedPart(part="board", quantity=quantity, price=board),)
    world.do(LI, revised(lines=(replace(WARM, labour=labour),), parts=parts), AT)
    order = world.get(Order, "o1")
    assert order is not None
    made = order.revisions[0]
    assert made.book_total == 12000 + 30000 * quantity
    assert made.quote.total == labour + board * quantity
    assert made.over_percent == over_percent(made.quote.total, made.book_total)


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_what_a_customer_sees_was_made_by_him_or_for_him(data: st.DataObject) -> None:
    attachment = data.draw(st.builds(
        Attachment, id=st.just("a"), region=st.just("sh"), order=st.just("o1"), at=st.just(0), media=st.just("video/mp4"),
        actor=st.sampled_from(("link:o1", "customer:c", "technician:li", "staff:x")), size=st.just(1),
        purpose=st.sampled_from(("before", "after", "message", "absent", "arrival", "review", "fault", "quote")),
        sha256=st.just(""), original_sha256=st.just(""), original_size=st.just(1), line=st.none(), width=st.none(),
        height=st.none(), taken_at=st.none(), removed=st.none() | st.just("private"),
    ))  # fmt: skip
    own = attachment.actor.startswith(("link:", "customer:"))
    seen = shown_to(attachment, "customer")
    assert seen == (attachment.removed is None and (own or attachment.purpose in ("after", "quote")))
