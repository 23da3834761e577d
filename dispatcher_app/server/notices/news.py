"""What is news to whom, from an order before and after an act. Ids and figures only, never anybody's data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from dispatcher_app.domain.order import Order, Revision

CODES = {
    "quote_proposed": "quote_code", "finished": "confirm_code", "device_received": "pickup_code",
    "device_ready": "pickup_code", "reminder": "pickup_code",
}  # fmt: skip
"""Which code of the order goes with which news; it is read from the vault when the notice is sent."""

DONE = frozenset({"en_route", "in_progress", "finished", "completed"})


SILENT = ("add-note", "urge-order", "mark-read", "mark-promises", "hold-window", "release-hold", "route-day")
"""Commands that are news to nobody, whatever the order: they are most of a day's log."""


@dataclass(frozen=True, slots=True)
class News:
    """One thing one party must be told; the recipient is a customer's or technician's id."""

    party: str
    recipient: str
    what: str
    params: dict[str, Any] = field(default_factory=dict)


def news(actor: str, before: Order | None, after: Order, now: int) -> list[News]:
    """Everything that an act by that actor makes known; nobody is told what he has done himself, but customers are."""
    found = [*customer_news(before, after, now), *technician_news(before, after)]
    return [each for each in found if f"{each.party}:{each.recipient}" != actor or each.party == "customer"]


def customer_news(before: Order | None, after: Order, now: int) -> Iterator[News]:
    """What the customer must be told."""
    told = (*made(before, after, now), *moved(before, after), *quoted(before, after), *repaid(before, after))
    for what, params in told:
        yield News("customer", after.customer, what, params)


def made(before: Order | None, after: Order, now: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """An order that is new to the customer: what is taken over from elsewhere only where somebody still comes."""
    if before is not None:
        return
    imported = bool(after.steps) and after.steps[-1].action == "import"
    if imported and (after.closed_at is not None or after.window is None or after.window.end <= now):
        return
    if after.service == "workshop":
        yield "device_received", {}
    else:
        yield "booked", window(after)
        if after.technician is not None:
            yield "accepted", {**window(after), "technician": after.technician}


def moved(before: Order | None, after: Order) -> Iterator[tuple[str, dict[str, Any]]]:
    """Another status, technician or window, as the customer sees it."""
    if before is None:
        return
    came, goes = before.status, after.status
    if came == "cancelled" and goes != "cancelled":
        yield "reopened", window(after)
    elif len(after.visits) > len(before.visits):
        yield "visit_added", window(after)
    elif before.window != after.window and goes not in DONE:
        yield "appointment_changed", window(after)
    if after.technician is not None and goes in ("accepted", "en_route") and after.service == "home":
        if came in ("pending", "offered", "on_hold", "cancelled"):
            yield "accepted", {**window(after), "technician": after.technician}
        elif before.technician != after.technician:
            yield "technician_changed", {**window(after), "technician": after.technician}
    if came == goes:
        if part_done(after) > part_done(before):
            yield "progress", {"done": part_done(after), "count": len(after.lines)}
        return
    if goes == "en_route":
        yield (
            "departed",
            {**window(after), "technician": after.technician, "day": after.planned_on, "order": after.id},
        )
    elif goes == "accepted" and came == "en_route":
        yield "recalled", window(after)
    elif goes == "in_progress" and came == "en_route":
        yield "arrived", {"technician": after.technician}
    elif goes == "on_hold":
        yield (
            "on_hold",
            {"reason": after.hold.reason, "next_contact": after.hold.next_contact} if after.hold else {},
        )
    elif goes == "finished":
        if after.result in (None, "repaired"):
            yield "finished", {}
        elif latest(before) == latest(after):
            yield "ended", {}
    elif goes == "completed":
        yield "completed", {}
    elif goes == "cancelled":
        yield (
            "cancelled",
            {"fee": after.cancellation.fee if after.cancellation else 0, "currency": currency(after)},
        )
    elif goes == "ready":
        yield "device_ready", {}
    elif goes == "handed_back":
        yield "handed_back", {}


def quoted(before: Order | None, after: Order) -> Iterator[tuple[str, dict[str, Any]]]:
    """A quote that waits for the customer's word, or what became of one; messages and reminders to him."""
    if before is None:
        return
    former, last = latest(before), latest(after)
    if last is not None and last != former:
        params = {"revision": last.number, "total": last.quote.total, "currency": last.quote.currency}
        if last.state == "proposed":
            yield "quote_proposed", {**params, "until": last.lapses_at}
        elif former is not None and former.state == "proposed":
            yield f"quote_{last.state}", params
    if (after.device.reminded if after.device else 0) > (before.device.reminded if before.device else 0):
        yield "reminder", {}
    if (after.talk.customer if after.talk else 0) > (before.talk.customer if before.talk else 0):
        yield "message", {}


def repaid(before: Order | None, after: Order) -> Iterator[tuple[str, dict[str, Any]]]:
    """Money that the customer is to get, has got, or is not to get after all; nothing of what nobody has agreed to."""
    for step in after.steps[len(before.steps) if before is not None else 0 :]:
        said = step.params
        params = {"total": said.get("amount", 0), "currency": currency(after)}
        if step.action == "refund_approved" or (step.action == "refund" and said.get("alone")):
            yield f"{said['what']}_agreed", params
        elif step.action == "refund_withdrawn" and said.get("agreed"):
            yield f"{said['what']}_withdrawn", params
        elif step.action == "refund_done":
            yield f"{said['what']}_paid" + ("" if said["way"] == "original" else f"_{said['way']}"), params


def technician_news(before: Order | None, after: Order) -> Iterator[News]:
    """What technicians must be told."""
    former = before.technician if before else None
    comes = after.technician
    if comes != former:
        if comes is not None:
            yield News("technician", comes, "assigned", window(after))
        if former is not None and before is not None and before.status != "cancelled":
            what = "cancelled" if after.status == "cancelled" else "taken_off"
            yield News("technician", former, what, window(before))
    elif comes is not None and before is not None:
        for what, params in kept_on(before, after):
            yield News("technician", comes, what, params)
    yield from helping(before, after)
    yield from asked(before, after)
    yield from pooled(before, after)


def helping(before: Order | None, after: Order) -> Iterator[News]:
    """Those who come along: who is to come now, who is not any more, and for whom it has changed."""
    former, now = before.helpers if before else (), after.helpers
    for id in now:
        if id not in former:
            yield News("technician", id, "helping", window(after))
        elif before is not None and before.window != after.window:
            yield News("technician", id, "appointment_changed", window(after))
        elif before is not None and (start := told_anew(before, after)) is not None:
            yield News("technician", id, "rescheduled", {"at": start})
    over = after.visit.ended_at is not None and before is not None and before.visit.ended_at is None
    gone = [id for id in former if id not in now and id != after.technician]
    if before is not None and gone and not (over and after.status != "cancelled"):
        what = "cancelled" if after.status == "cancelled" else "taken_off"
        yield from (News("technician", id, what, window(before)) for id in gone)


def kept_on(before: Order, after: Order) -> Iterator[tuple[str, dict[str, Any]]]:
    """What happens to the order of a technician who stays with it."""
    if after.status == "cancelled" != before.status:
        yield "cancelled", window(before)
    elif before.status == "cancelled" != after.status:
        yield "assigned", window(after)
    elif before.window != after.window or len(before.visits) != len(after.visits):
        yield "appointment_changed", window(after)
    elif (start := told_anew(before, after)) is not None:
        yield "rescheduled", {"at": start}
    former, last = latest(before), latest(after)
    decided = ("accepted", "declined", "lapsed")
    if last is not None and former is not None and former.state == "proposed" and last.state in decided:
        yield f"quote_{last.state}", {"revision": last.number}


def told_anew(before: Order, after: Order) -> int | None:
    """When the same technician is to come now (UTC ms), None where it is the hour that he knows."""
    start = told_start(after)
    fresh = any(step.action == "reassign" for step in after.steps[len(before.steps) :])
    return start if fresh and after.technician == before.technician and start != told_start(before) else None


def told_start(order: Order) -> int | None:
    """When whoever goes was last told to come (UTC ms)."""
    return next((step.params["start"] for step in reversed(order.steps) if "start" in step.params), None)


def asked(before: Order | None, after: Order) -> Iterator[News]:
    """Offers and transfers: those who are asked, and who is not asked any more."""
    offer, former = after.offer, before.offer if before else None
    running = offer if after.status == "offered" and offer and offer.technician else None
    was = former if before and before.status == "offered" and former and former.technician else None
    if running is not None and (was is None or was.expires_at != running.expires_at):
        yield News("technician", running.technician, "offer", {**window(after), "until": running.expires_at})
    if (
        was is not None
        and running is None
        and after.technician is None
        and after.steps[-1].action == "withdraw"
    ):
        yield News("technician", was.technician, "offer_withdrawn", {})
    request, request_before = after.transfer, before.transfer if before else None
    if request is not None and request != request_before:
        yield News("technician", request.to, "transfer_asked", {**window(after), "until": request.expires_at})
    stays = before is not None and after.technician == before.technician and after.status == "accepted"
    if request is None and request_before is not None and stays and after.technician is not None:
        yield News("technician", after.technician, "transfer_not_taken", {})


def pooled(before: Order | None, after: Order) -> Iterator[News]:
    """The grab pool: who is told now, and who wanted it and has not got it."""
    former, pool = before.pool if before else None, after.pool
    known = (
        {each.technician for each in former.told} if former and pool and former.since == pool.since else set()
    )
    for each in pool.told if pool else ():
        if each.technician not in known:
            until = pool.closes_at if pool else 0
            yield News("technician", each.technician, "pool", {**window(after), "until": until})
    if former is not None and pool is None and after.steps[-1].action == "award":
        for lost in after.steps[-1].params.get("lost", ()):
            yield News("technician", lost["technician"], f"pool_lost_{lost['why']}", {})


def part_done(order: Order) -> int:
    """How many lines are done while others are not; with the last one the whole is news of its own."""
    done = sum(line.state == "done" for line in order.lines)
    return done if done < len(order.lines) else 0


def latest(order: Order) -> Revision | None:
    """The newest quote made on site or at the bench."""
    return order.revisions[-1] if order.revisions else None


def window(order: Order) -> dict[str, Any]:
    """The promised window (UTC ms), nothing where none is promised."""
    return {"from": order.window.start, "to": order.window.end} if order.window else {}


def currency(order: Order) -> str:
    """The order's currency."""
    return order.quote.currency
