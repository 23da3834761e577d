"""What holds of orders, plans, money and words after every step, from booking to the last coin, whoever does what."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from random import Random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dispatcher_app.domain import command as c
from dispatcher_app.domain import life
from dispatcher_app.domain.act import Actor, Change, Rejected
from dispatcher_app.domain.command import BookedLine
from dispatcher_app.domain.order import STATUSES, Order, Status
from dispatcher_app.domain.pricing import owed
from dispatcher_app.domain.rule.refunding import REFUNDING
from dispatcher_app.domain.rule.word import WAYS
from dispatcher_app.simulator.rehearsal import Rehearsal
from tests.domain import onsite, trade, walk
from tests.domain.test_invariants import check, check_change
from tests.domain.trade import DISPATCHER, NOW, minutes, order_of

LATER = (*(0, 0, minutes(1), minutes(5), minutes(25)) * 12, minutes(70), minutes(50 * 60))
"""How much later somebody does the next thing: mostly soon, now and then after days."""
SYSTEM_S_OWN = {
    "release_share",
    "expire",
    "expire_transfer",
    "lapse_quote",
    "widen",
    "award",
    "leave",
    "unkept",
}
SAID_AGAIN = (
    c.AddNote, c.UrgeOrder, c.SendMessage, c.RecordPayment, c.RemindPickUp, c.ReviewOrder, c.ReplyToReview,
    c.AnswerComplaint, c.AssignTechnician, c.ChangeAppointment, c.HoldWindow,
)  # fmt: skip
"""Words and money may come twice; an hour may be given to whoever has it, a promise made as it stands."""
BESIDES = {
    "book",
    "receive",
    "check",
    "unkept",
    "complaint_closed",
    "complaint_reopened",
    *(REFUNDING - {"refund"}),
}
"""Steps that are no rows of the table: where a life begins, ticking a check, which is progress, a broken promise, and
what becomes of a refund, which has a life of its own and leaves the order's as it is."""


def company() -> Rehearsal:
    """Two orders, one of two lines, a device at the counter, spare parts."""
    world = trade.company()
    onsite.shop(world)
    onsite.parts(world)
    trade.booked(world, "o1")
    trade.booked(world, "o2", lines=(BookedLine(item="fridge", fault="ice"), BookedLine(item="tap")))
    world.do(DISPATCHER, onsite.handed_in("w1"), NOW)
    return world


def reached(former: Order | None, after: Order) -> bool:
    """Whether the life table leads from one to the other by the steps told."""
    now: set[Status] = {former.status} if former else set()
    for step in after.steps[len(former.steps) if former else 0 :]:
        if step.action in ("book", "receive"):
            now = {"pending" if step.action == "book" else "received"}
        elif step.action == "resume":
            now = {"in_progress"} if "on_hold" in now else set()
        elif step.action not in BESIDES:
            rows = [life.step_for(status, step.action) for status in now]
            targets = {row.target for row in rows if row is not None}
            now = set(STATUSES) if None in targets else {each for each in targets if each is not None}
    return after.status in now


def check_step(
    actor: Actor, command: Any, change: Change, former: dict[tuple[str, str], Any], world: Rehearsal
) -> None:
    """What one step may do: along the table, in one's own name, never more money than owed."""
    for entity in change.after:
        if isinstance(entity, Order):
            was, after = former.get(("order", entity.id)), order_of(world, entity.id)
            assert reached(was, after), (was and was.status, after.status, after.steps[-1].action)
            assert after.steps[: len(was.steps) if was else 0] == (was.steps if was else ())
            assert all(step.actor == actor.name for step in after.steps[len(was.steps) if was else 0 :])
            assert was is None or was.status not in ("completed", "handed_back") or was.status == after.status
            if was is not None and after.paid != was.paid:
                assert isinstance(command, c.RecordPayment)
                assert was.paid < after.paid <= owed(after)
            new = [step.action for step in after.steps[len(was.steps) if was else 0 :]]
            assert not SYSTEM_S_OWN & set(new) or actor.kind == "system"
    if isinstance(command, c.ConfirmOrder | c.ConfirmQuote):
        assert command.confirmation in WAYS[actor.kind]
        if command.confirmation == "code":
            field = "confirm_code" if isinstance(command, c.ConfirmOrder) else "quote_code"
            assert command.code == world.code("order", command.order, field)
    if isinstance(command, c.AnswerTransfer) and command.agreed and actor.kind == "technician":
        was = former["order", command.order]
        assert actor.id == order_of(world, command.order).technician != was.technician


def check_again(actor: Actor, command: Any, now: int, world: Rehearsal) -> None:
    """Given once more as another act it is refused, unless saying it again means something."""
    other = replace(
        world, entities=dict(world.entities), secrets=list(world.secrets), numbers=dict(world.numbers)
    )
    try:
        other.do(actor, command, now)
    except Rejected:
        return
    assert isinstance(command, SAID_AGAIN), command


def longer(world: Rehearsal) -> set[str]:
    """The orders whose customers agreed to more work: those may run into what comes after."""
    return {each.id for each in world.all(Order) if any(one.state == "accepted" for one in each.revisions)}


def walked(dice: Random, steps: int, seen: Counter[str]) -> None:
    """One walk; counts the statuses reached and the commands taken."""
    world, now, undo = company(), NOW, None
    who = DISPATCHER
    for _ in range(steps):
        now += dice.choice(LATER)
        undoing = undo is not None and dice.random() < 0.1
        actor, command = (who, undo) if undoing else walk.next_wish(world, now, dice)
        then, sent = dict(world.entities), len(world.secrets)
        try:
            change = world.do(actor, command, now, undoes="x" if undoing else None)
        except Rejected as refused:
            assert world.entities == then
            assert len(world.secrets) == sent
            seen[f"refused {refused.code}"] += 1
            continue
        who, undo = actor, change.undo
        check_change(change, then, world.region)
        check(
            world,
            {
                order.id
                for order in world.all(Order)
                if any(step.action == "confirm_quote" or step.params.get("override") for step in order.steps)
            },
        )
        check_step(actor, command, change, then, world)
        if dice.random() < 0.2:
            check_again(actor, command, now, world)
        seen[type(command).__name__] += 1
        seen.update(order.status for order in world.all(Order))


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 2**32), st.integers(40, 120))
def test_everything_holds_after_every_step_of_a_whole_life(seed: int, steps: int) -> None:
    walked(Random(seed), steps, Counter())


def test_the_walks_reach_every_status_and_take_every_command_of_an_order() -> None:
    seen: Counter[str] = Counter()
    for seed in range(200):
        walked(Random(seed), 200, seen)
    assert [status for status in STATUSES if not seen[status]] == []
    made = {type(walk.WISHES[action](scene)).__name__ for action, scene in scenes()}
    assert sorted(made - set(seen)) == []


def scenes() -> list[tuple[str, walk.Scene]]:
    world = company()
    return [(action, walk.Scene(world, order_of(world), NOW, Random(1))) for action in walk.WISHES]
