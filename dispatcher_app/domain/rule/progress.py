"""Progress on site: from departing to the customer's word and the money."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from dispatcher_app.domain import life
from dispatcher_app.domain.act import Act, Broken, Change, FreshCode, Rejected, World
from dispatcher_app.domain.calendar import MINUTE_MS, local_date, next_date
from dispatcher_app.domain.command import (
    Arrive,
    ConfirmOrder,
    Depart,
    FinishOrder,
    MarkLine,
    Recall,
    RecordPayment,
    ReportAbsence,
)  # fmt: skip
from dispatcher_app.domain.customer import Address
from dispatcher_app.domain.day import Day, StopState
from dispatcher_app.domain.entity import changed
from dispatcher_app.domain.money import entries
from dispatcher_app.domain.order import Arrival, Cancellation, Order
from dispatcher_app.domain.place import distance_m
from dispatcher_app.domain.pricing import owed
from dispatcher_app.domain.rule.cash import cash_warnings, received
from dispatcher_app.domain.rule.dispatching import ASSIGNING, own, written
from dispatcher_app.domain.rule.facts import (
    changed_meanwhile,
    coded,
    day_of,
    in_region,
    may,
    own_store,
    policy_of,
    region_of,
    stepped,
    text,
)  # fmt: skip
from dispatcher_app.domain.rule.standard import standards_kept
from dispatcher_app.domain.rule.standing import stop_of
from dispatcher_app.domain.rule.talking import attached
from dispatcher_app.domain.rule.van import fitted
from dispatcher_app.domain.rule.visiting import ended, held
from dispatcher_app.domain.rule.word import asked, checked_word
from dispatcher_app.domain.rule.work import flagged, warranties, wound_up
from dispatcher_app.domain.timer import confirmed_by_silence

VAGUE = 10
"""A position so many times less accurate than the radius is none."""
GOING = ASSIGNING | {"depart", "recall", "arrive", "absent", "hold", "finish"}


def his(order: Order, technician: str, act: Act) -> None:
    """Raises Rejected where another technician has the order by now, or speaks."""
    if order.technician != technician:
        raise changed_meanwhile(order, "technician", GOING, technician=order.technician, status=order.status)
    own(act, technician)


def marked(world: World, order: Order, state: StopState, now: int) -> tuple[Day, ...]:
    """The technician's plan with the order's stop in another state; those of his helpers follow."""
    stop = stop_of(world, order)
    if stop is None or order.technician is None or order.planned_on is None:
        return ()
    day = day_of(world, order.technician, order.region, order.planned_on)
    return (written(world, day.with_stop(replace(stop, state=state)), now),)


def depart(command: Depart, act: Act, world: World, now: int) -> Change:
    """He is on his way: from now on nobody moves this visit; one technician is on one visit at a time."""
    order = in_region(world, Order, command.order, "order", act.region)
    may(order, "depart", act)
    his(order, command.technician, act)
    assert order.planned_on is not None
    near = [next_date(order.planned_on, days) for days in (-1, 0, 1)]
    if local_date(act.at, region_of(world, act.region).timezone) not in near:
        raise Rejected("other_day", None, date=order.planned_on)
    for who, date in ((who, date) for who in (command.technician, *order.helpers) for date in near):
        day = day_of(world, who, act.region, date)
        if busy := next((stop for stop in day.stops if stop.state == "locked"), None):
            raise Rejected("on_another_visit", "technician", technician=who, order=busy.order)
    after = order.with_visit(technician=command.technician, helpers=order.helpers, departed_at=act.at)
    after = stepped(replace(after, transfer=None), act, "depart", "en_route", technician=command.technician)
    undo = Recall(order=order.id, technician=command.technician)
    return Change(after=(after, *marked(world, order, "locked", now)), undo=undo)


def recall(command: Recall, act: Act, world: World, now: int) -> Change:
    """A departure said by mistake; whoever said it may undo it, else a supervisor."""
    order = in_region(world, Order, command.order, "order", act.region)
    said = next((step for step in reversed(order.steps) if step.action == "depart"), None)
    if act.undoes is not None and order.status == "en_route" and said and said.actor == act.actor.name:
        life.require("accepted", "depart", act.actor, act.region)
    else:
        may(order, "recall", act)
    if order.technician != command.technician:
        raise changed_meanwhile(order, "technician", GOING, technician=order.technician, status=order.status)
    after = order.with_visit(technician=None, helpers=(), departed_at=None)
    after = stepped(after, act, "recall", "accepted", technician=command.technician)
    undo = Depart(order=order.id, technician=command.technician)
    return Change(after=(after, *marked(world, order, "confirmed", now)), undo=undo)


def arrive(command: Arrive, act: Act, world: World, now: int) -> Change:
    """He is at the door: near enough to it, or with a photo and a reason; work begins by the standards of this moment."""
    order = in_region(world, Order, command.order, "order", act.region)
    may(order, "arrive", act)
    his(order, command.technician, act)
    if command.accuracy_m is not None and command.accuracy_m < 0:
        raise Rejected("accuracy_invalid", "accuracy_m")
    address = in_region(world, Address, order.address, "address", act.region)
    radius = policy_of(world).arrival_radius_m
    distance = None
    if command.point is not None and (command.accuracy_m or 0) <= radius * VAGUE:
        distance = round(distance_m(command.point, address.point))
    away = distance is None or distance > radius + (command.accuracy_m or 0)
    reason = coded(command.reason, "reason") if command.reason else ""
    photo = command.photo
    if away and not address.approximate and not (reason and photo):
        if distance is None:
            raise Rejected("arrival_unplaced", "point")
        raise Rejected("arrival_away", "point", distance_m=distance, radius_m=radius)
    if photo is not None:
        attached(world, order, (photo,), "photo")
    arrival = Arrival(
        at=act.at, distance_m=distance, accuracy_m=command.accuracy_m, exception=reason, photo=photo
    )
    warnings: tuple[Broken, ...] = ()
    after = order.with_visit(arrival=arrival)
    # He is there: late or not, nobody is stood up any more.
    after = replace(after, standards=standards_kept(world, order, act.at), unkept=None)
    if away and address.approximate:
        warnings = (Broken("place_approximate", {"distance_m": distance}),)
    elif away:
        after, warnings = flagged(after, "arrived_away"), (Broken("arrived_away", {"distance_m": distance}),)
    after = stepped(
        after, act, "arrive", "in_progress", technician=command.technician, distance_m=distance,
        accuracy_m=command.accuracy_m, **({"reason": reason} if reason else {}),
    )  # fmt: skip
    return Change(after=(after,), warnings=warnings)


def report_absence(command: ReportAbsence, act: Act, world: World, now: int) -> Change:
    """Nobody is there: waited long enough, called often enough, with a photo; it rests, or ends at the door fee."""
    order = in_region(world, Order, command.order, "order", act.region)
    may(order, "absent", act)
    his(order, command.technician, act)
    if order.proposed is not None:
        raise Rejected("quote_open", None)
    if command.outcome == "cancel" and any(line.state == "done" for line in order.lines):
        raise Rejected("work_done", "outcome")
    policy, departed = policy_of(world), order.visit.departed_at
    if departed is None or not departed <= command.waited_from <= act.at:
        raise Rejected("time_invalid", "waited_from")
    if act.at - command.waited_from < policy.absent_wait * MINUTE_MS:
        raise Rejected("wait_too_short", "waited_from", minutes=policy.absent_wait)
    calls = {call for call in command.calls if command.waited_from <= call <= act.at}
    if len(calls) < policy.absent_calls:
        raise Rejected("calls_missing", "calls", calls=policy.absent_calls)
    attached(world, order, (command.photo,), "photo")
    waited = (act.at - command.waited_from) // MINUTE_MS
    said = {
        "technician": command.technician,
        "outcome": command.outcome,
        "minutes": waited,
        "calls": len(calls),
    }
    left, days = ended(world, order, act, now, "absent")
    if command.outcome == "hold":
        hold = held(world, act, "customer_absent", command.next_contact or "")
        after = replace(stepped(left, act, "absent", "on_hold", **said), hold=hold)
        return Change(after=(after, *days))
    fee = order.quote.door_fee
    ending = Cancellation(reason="customer_absent", side="customer", fee=fee, from_status=order.status)
    after = stepped(left, act, "absent", "cancelled", **said, fee=fee)
    after = replace(after, technician=None, closed_at=act.at, cancellation=ending)
    return Change(after=(after, *days))


def mark_line(command: MarkLine, act: Act, world: World, now: int) -> Change:
    """A line done, excused, or open again; while a quote waits for the customer's word nothing is done."""
    order = in_region(world, Order, command.order, "order", act.region)
    may(order, "progress", act)
    own_store(world, order, act)
    if not 0 <= command.line < len(order.lines):
        raise Rejected("not_found", "line", kind="line", id=str(command.line))
    line = order.lines[command.line]
    if line.state != command.from_state or line.state == command.state:
        raise changed_meanwhile(order, "line", frozenset({"progress"}), state=line.state)
    if command.state == "done" and order.proposed is not None:
        raise Rejected("quote_open", None)
    excuse = coded(command.reason, "reason") if command.state == "excused" else ""
    made = replace(line, state=command.state, excuse=excuse)
    lines = (*order.lines[: command.line], made, *order.lines[command.line + 1 :])
    after = stepped(
        replace(order, lines=lines), act, "progress", None, line=command.line, item=line.item, state=command.state,
        **({"reason": excuse} if excuse else {}),
    )  # fmt: skip
    undo = MarkLine(
        order=order.id, line=command.line, from_state=command.state, state=line.state, reason=line.excuse
    )
    return Change(after=(after,), undo=undo)


def finish(command: FinishOrder, act: Act, world: World, now: int) -> Change:
    """All is done that can be: the warranty begins, the parts leave the van, the customer is sent a code."""
    order = in_region(world, Order, command.order, "order", act.region)
    may(order, "finish", act)
    if command.technician is not None:
        his(order, command.technician, act)
    done, warnings = wound_up(world, order)
    after, days = ended(world, asked(world, done, act), act, now, done.result or "")
    after = stepped(after, act, "finish", "finished", result=after.result)
    after = replace(after, warranty=warranties(world, after, act.at))
    gone = fitted(world, after)
    return Change(
        after=(after, *days, *gone.vans),
        warnings=(*warnings, *gone.warnings),
        codes=(FreshCode(Order.kind, order.id, "confirm_code"),),
    )


def confirm(command: ConfirmOrder, act: Act, world: World, now: int) -> Change:
    """The customer's word, or his silence after so long; paid, the order is completed, else it waits for the money."""
    order = in_region(world, Order, command.order, "order", act.region)
    may(order, "confirm", act)
    if order.confirmed_at is not None:
        raise Rejected("confirmed_already", None)
    checked_word(world, order, act, command.confirmation, command.code, "confirm_code")
    if command.confirmation == "time":
        until = confirmed_by_silence(order, policy_of(world))
        if until is None or until > now:
            raise Rejected("confirm_too_early", None)
    after = replace(order, confirmed_at=act.at, confirmation=command.confirmation)
    return Change(after=(settled(after, act, "confirm", confirmation=command.confirmation),))


def record_payment(command: RecordPayment, act: Act, world: World, now: int) -> Change:
    """Money received, never more than is still owed."""
    order = in_region(world, Order, command.order, "order", act.region)
    may(order, "pay", act)
    own_store(world, order, act)
    left = owed(order) - order.paid
    if command.amount <= 0:
        raise Rejected("amount_invalid", "amount")
    if command.amount > left:
        raise Rejected("paid_too_much", "amount", amount=max(left, 0))
    receipt = text(command.receipt, "receipt", 40)
    if receipt and not receipt.replace("-", "").isalnum():
        raise Rejected("receipt_invalid", "receipt")
    payment = received(world, order, command, act, receipt)
    after = changed(order, paid=order.paid + command.amount)
    said = {"receipt": payment.receipt} if payment.receipt else {}
    warnings = cash_warnings(world, payment)
    if payment.receipt != receipt:
        warnings = (*warnings, Broken("receipt_renumbered", {"printed": receipt, "receipt": payment.receipt}))
    after = settled(after, act, "pay", amount=command.amount, means=command.means, payment=payment.id, **said)
    return Change(
        after=(after, payment),
        warnings=warnings,
        postings=(entries.captured(payment, order.customer),),
    )


def settled(order: Order, act: Act, action: str, **params: Any) -> Order:
    """The order after a step, completed once it is confirmed and paid."""
    over = order.status == "finished" and order.confirmed_at is not None and order.paid >= owed(order)
    after = stepped(order, act, action, "completed" if over else None, **params)
    return changed(after, closed_at=act.at) if over else after
