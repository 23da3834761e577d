"""Complaints: whoever takes a call opens them, the complaint desk judges them, the customer's word ends them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from dispatcher_app.domain import role
from dispatcher_app.domain.act import Act, Change, Rejected, World
from dispatcher_app.domain.calendar import DAY_MS
from dispatcher_app.domain.command import (
    AddComplaintNote,
    AnswerComplaint,
    CloseComplaint,
    JudgeComplaint,
    OpenComplaint,
    ReopenComplaint,
    ResolveComplaint,
    TakeComplaint,
    WaitComplaint,
)  # fmt: skip
from dispatcher_app.domain.entity import Entity, changed
from dispatcher_app.domain.money.complaint import (
    CLAIMS,
    LIVE,
    Complaint,
    ComplaintNote,
    Said,
    at_work,
    due_times,
    meant,
    of_order,
    worked,
)  # fmt: skip
from dispatcher_app.domain.order import Order, Step
from dispatcher_app.domain.region import Policy, Staff
from dispatcher_app.domain.rule.facts import (
    in_region,
    may,
    policy_of,
    region_of,
    required_text,
    stepped,
    text,
)
from dispatcher_app.domain.rule.talking import attached
from dispatcher_app.domain.technician import Technician

PHOTOS_LIMIT = 9
CONTACT_DAYS = 30
"""So far ahead somebody may promise to ask again."""
AMOUNT_LIMIT = 100_000_000
"""Minor units; whatever is judged to be more was a slip of the finger."""


def open_complaint(command: OpenComplaint, act: Act, world: World, now: int) -> Change:
    """A complaint beside the order, timed from now on; it freezes the order's share until it is closed."""
    order = in_region(world, Order, command.order, "order", act.region)
    may(order, "complain", act)
    if order.complaint is not None:
        raise Rejected("complaint_open", "order", complaint=order.complaint)
    if world.get(Complaint, command.complaint) is not None:
        raise Rejected("exists", "complaint")
    if not command.categories or len(set(command.categories)) < len(command.categories):
        raise Rejected("required", "categories")
    staff = act.actor.kind == "staff"
    if not staff and (command.severity != "normal" or command.technicians is not None):
        raise Rejected("not_allowed", "severity", action="complain", needs=sorted(role.TAKES_COMPLAINTS))
    words = required_text(command.text, "text")
    photos = pictures(world, order, command.attachments)
    policy, timezone = policy_of(world), region_of(world, act.region).timezone
    answer, solve = due_times(command.severity, act.at, policy, timezone)
    made = Complaint(
        id=command.complaint, region=order.region, order=order.id, customer=order.customer,
        technicians=about(world, order, command.technicians), source=command.source if staff else "page",
        categories=command.categories, severity=command.severity, at=act.at, by=act.actor.name, answer_due=answer,
        solve_due=solve, currency=order.quote.currency, attachments=photos,
    )  # fmt: skip
    made = told(made, act, "open", categories=list(made.categories), severity=made.severity)
    step = stepped(order, act, "complain", complaint=made.id, categories=list(made.categories))
    return kept(order, made, (note(made, act, "told", words, photos),), step)


def take(command: TakeComplaint, act: Act, world: World, now: int) -> Change:
    """Whose it is; a dispatcher takes or leaves only what is his own to take."""
    found, order = at_hand(world, command.complaint, act, role.TAKES_COMPLAINTS)
    unless_over(found)
    if found.owner != command.from_owner:
        raise changed_meanwhile(found, "owner", "take")
    if command.owner == found.owner:
        raise Rejected("is_so_already", "owner")
    own = {None, act.actor.id}
    if not role.holds(act.actor, role.HANDLES_COMPLAINTS) and not {command.owner, found.owner} <= own:
        raise Rejected("not_allowed", "owner", needs=sorted(role.HANDLES_COMPLAINTS))
    if command.owner is not None:
        person = world.get(Staff, command.owner)
        able = person is not None and person.active and not role.TAKES_COMPLAINTS.isdisjoint(person.roles)
        if person is None or not able or act.region not in person.regions:
            raise Rejected("not_found", "owner", kind="staff", id=command.owner)
    after = at_it(told(changed(found, owner=command.owner), act, "take", owner=command.owner))
    undo = TakeComplaint(complaint=found.id, owner=found.owner, from_owner=command.owner)
    return replace(kept(order, after), undo=undo)


def answer(command: AnswerComplaint, act: Act, world: World, now: int) -> Change:
    """The customer has heard from us; whoever answers first and finds nobody's name on it, has it."""
    found, order = at_hand(world, command.complaint, act, role.TAKES_COMPLAINTS)
    unless_over(found)
    words = required_text(command.text, "text")
    first = found.answered_at is None
    mine = act.actor.id if act.actor.kind == "staff" else None
    after = changed(found, answered_at=act.at if first else found.answered_at, owner=found.owner or mine)
    after = at_it(told(after, act, "answer", first=first))
    return kept(order, after, (note(after, act, "answer", words),))


def wait(command: WaitComplaint, act: Act, world: World, now: int) -> Change:
    """It waits for somebody until a moment, or goes on: what it waited is added to the time for the solution."""
    found, order = at_hand(world, command.complaint, act, role.TAKES_COMPLAINTS)
    unless_over(found)
    words = text(command.text, "text")
    notes = (note(found, act, "note", words),) if words else ()
    if command.waiting_for is None:
        if found.state != "waiting":
            raise Rejected("is_so_already", "waiting_for")
        after = at_it(going_on(found, act.at, policy_of(world), region_of(world, act.region).timezone))
        return kept(order, told(after, act, "go_on"), notes)
    if found.answered_at is None:
        raise Rejected("complaint_unanswered", None)
    contact = command.contact_at
    if contact is None or not now < contact <= now + CONTACT_DAYS * DAY_MS:
        raise Rejected("contact_span", "contact_at", days=CONTACT_DAYS)
    if (found.waiting_for, found.contact_at) == (command.waiting_for, contact):
        raise Rejected("is_so_already", "contact_at")
    since = found.waiting_since if found.state == "waiting" else act.at
    after = changed(
        found, state="waiting", waiting_for=command.waiting_for, waiting_since=since, contact_at=contact
    )
    after = told(after, act, "wait", waiting_for=command.waiting_for, contact_at=contact)
    return kept(order, after, notes)


def judge(command: JudgeComplaint, act: Act, world: World, now: int) -> Change:
    """Who was at fault; damage and injury are a claim, which a supervisor judges."""
    found, order = at_hand(world, command.complaint, act, role.HANDLES_COMPLAINTS)
    unless_over(found)
    if not CLAIMS.isdisjoint(found.categories) and not role.holds(act.actor, role.OVERRIDES):
        raise Rejected("complaint_claim", None, needs=sorted(role.OVERRIDES))
    if found.responsibility != command.from_responsibility:
        raise changed_meanwhile(found, "responsibility", "judge")
    if found.answered_at is None:
        raise Rejected("complaint_unanswered", None)
    for field, amount in (("compensation", command.compensation), ("penalty", command.penalty)):
        if not 0 <= amount <= AMOUNT_LIMIT:
            raise Rejected("amount_invalid", field)
    if command.responsibility == "technician" and not found.technicians:
        raise Rejected("complaint_nobody", "responsibility")
    if command.penalty and command.responsibility != "technician":
        raise Rejected("complaint_not_his", "penalty")
    if command.compensation and command.responsibility == "customer":
        raise Rejected("complaint_own_fault", "compensation")
    words = required_text(command.text, "text")
    after = changed(
        found, responsibility=command.responsibility, compensation=command.compensation, penalty=command.penalty,
        judged_by=act.actor.name, judged_at=act.at,
    )  # fmt: skip
    if command.severity not in (None, found.severity):
        policy, timezone = policy_of(world), region_of(world, act.region).timezone
        _answer, solve = due_times(command.severity, found.at, policy, timezone)
        after = changed(after, severity=command.severity, solve_due=solve)
    after = told(
        after, act, "judge", responsibility=command.responsibility, compensation=command.compensation,
        penalty=command.penalty,
    )  # fmt: skip
    return kept(order, after, (note(after, act, "judged", words),))


def resolve(command: ResolveComplaint, act: Act, world: World, now: int) -> Change:
    """Settled with the customer as far as we can tell; the call-back will say."""
    found, order = at_hand(world, command.complaint, act, role.HANDLES_COMPLAINTS)
    unless_over(found)
    if found.responsibility is None:
        raise Rejected("complaint_unjudged", None)
    words = required_text(command.text, "text")
    policy, timezone = policy_of(world), region_of(world, act.region).timezone
    after = changed(
        found, state="resolved", resolved_at=act.at, resolved_by=act.actor.name, waiting_for=None,
        waiting_since=None, contact_at=worked(act.at, policy.complaint_call_back, policy, timezone),
    )  # fmt: skip
    after = told(after, act, "resolve")
    return kept(order, after, (note(after, act, "agreed", words),))


def close(command: CloseComplaint, act: Act, world: World, now: int) -> Change:
    """The call-back: it ends the complaint, unless nobody was reached and it is not yet the last try."""
    found, order = at_hand(world, command.complaint, act, role.HANDLES_COMPLAINTS)
    if found.state != "resolved":
        raise Rejected("complaint_state", None, state=found.state)
    if command.call_back == "dissatisfied" and not role.holds(act.actor, role.OVERRIDES):
        raise Rejected("complaint_dissatisfied", "call_back", needs=sorted(role.OVERRIDES))
    words = text(command.text, "text")
    notes = (note(found, act, "call_back", words),) if words else ()
    policy, timezone = policy_of(world), region_of(world, act.region).timezone
    calls = found.calls + 1
    after = changed(found, call_back=command.call_back, calls=calls)
    if command.call_back == "unreached" and calls < policy.complaint_calls:
        after = changed(after, contact_at=worked(act.at, policy.complaint_call_back, policy, timezone))
        return kept(order, told(after, act, "call_back", result=command.call_back, n=calls), notes)
    after = changed(after, state="closed", closed_at=act.at, closed_by=act.actor.name, contact_at=None)
    after = told(after, act, "close", result=command.call_back)
    step = stepped(order, act, "complaint_closed", complaint=after.id, result=command.call_back)
    return kept(order, after, notes, step)


def reopen(command: ReopenComplaint, act: Act, world: World, now: int) -> Change:
    """Timed, answered and judged anew; the share is frozen again as far as it has not been let go."""
    found, order = at_hand(world, command.complaint, act, role.TAKES_COMPLAINTS)
    if found.state in LIVE:
        raise Rejected("is_so_already", None)
    if order.complaint not in (None, found.id):
        raise Rejected("complaint_open", "complaint", complaint=order.complaint)
    policy, timezone = policy_of(world), region_of(world, act.region).timezone
    days = policy.complaint_reopen_days
    if found.closed_at is not None and act.at - found.closed_at > days * DAY_MS:
        raise Rejected("complaint_too_late", None, days=days)
    words = required_text(command.text, "text")
    answer, solve = due_times(found.severity, act.at, policy, timezone)
    after = changed(
        found, state="reopened", reopened=found.reopened + 1, answered_at=None, answer_due=answer, solve_due=solve,
        responsibility=None, judged_by="", judged_at=None, compensation=0, penalty=0, resolved_at=None,
        resolved_by="", call_back=None, calls=0, closed_at=None, closed_by="", waiting_for=None, waiting_since=None,
        contact_at=None,
    )  # fmt: skip
    after = told(after, act, "reopen")
    step = stepped(order, act, "complaint_reopened", complaint=after.id)
    return kept(order, after, (note(after, act, "reopened", words),), step)


def add_note(command: AddComplaintNote, act: Act, world: World, now: int) -> Change:
    """What somebody should know who looks at it, photos of the order among it."""
    found, order = at_hand(world, command.complaint, act, role.NOTES_COMPLAINTS)
    photos = pictures(world, order, command.attachments)
    words = text(command.text, "text")
    if not words and not photos:
        raise Rejected("required", "text")
    if twice := set(photos) & set(found.attachments):
        raise Rejected("exists", "attachments", id=min(twice))
    after = told(changed(found, attachments=(*found.attachments, *photos)), act, "note")
    return kept(order, after, (note(after, act, "note", words, photos),))


def at_hand(world: World, id: str, act: Act, roles: frozenset[str]) -> tuple[Complaint, Order]:
    """The complaint and its order; raises Rejected for whoever has none of the roles."""
    role.require(act.actor, roles, act.region)
    found = in_region(world, Complaint, id, "complaint", act.region)
    return found, in_region(world, Order, found.order, "order", act.region)


def unless_over(complaint: Complaint) -> None:
    """Raises Rejected for what is resolved or closed: it has to be opened again first."""
    if complaint.state not in LIVE:
        raise Rejected("complaint_state", None, state=complaint.state)


def changed_meanwhile(complaint: Complaint, field: str, action: str) -> Rejected:
    """The conflict with what somebody else did since: who and when."""
    last = next((step for step in reversed(complaint.steps) if step.action == action), complaint.steps[-1])
    return Rejected("changed_meanwhile", field, who=last.actor, when=last.at, action=last.action)


def about(world: World, order: Order, named: tuple[str, ...] | None) -> tuple[str, ...]:
    """The technicians it is about: those named, else whoever came last or is to come."""
    if named is None:
        return meant(order)
    if len(set(named)) < len(named):
        raise Rejected("exists", "technicians")
    return tuple(in_region(world, Technician, each, "technicians", order.region).id for each in named)


def pictures(world: World, order: Order, ids: Iterable[str]) -> tuple[str, ...]:
    """The photos of the order that belong to it, each once."""
    ids = tuple(ids)
    if len(ids) > PHOTOS_LIMIT:
        raise Rejected("too_many", "attachments", limit=PHOTOS_LIMIT)
    return tuple(each.id for each in attached(world, order, ids, "attachments"))


def at_it(complaint: Complaint) -> Complaint:
    """In progress once it is somebody's or was answered; what waits goes on waiting."""
    if complaint.state == "waiting":
        return complaint
    if complaint.owner is not None or complaint.answered_at is not None:
        return changed(complaint, state="in_progress")
    return changed(complaint, state="reopened" if complaint.reopened else "open")


def going_on(complaint: Complaint, at: int, policy: Policy, timezone: str) -> Complaint:
    """No longer waiting: the time for the solution is as long as it was when the waiting began."""
    waited = max(0, at - (complaint.waiting_since or at))
    return changed(
        complaint, state="in_progress", waiting_for=None, waiting_since=None, contact_at=None,
        solve_due=at_work(complaint.solve_due + waited, policy, timezone),
    )  # fmt: skip


def told(complaint: Complaint, act: Act, action: str, **params: Any) -> Complaint:
    """The complaint with one more step in its story."""
    step = Step(at=act.at, actor=act.actor.name, action=action, params=params)
    return changed(complaint, steps=(*complaint.steps, step))


def note(
    complaint: Complaint, act: Act, said: Said, words: str, photos: tuple[str, ...] = ()
) -> ComplaintNote:
    """What was said, under the act's id: told twice, it is one."""
    return ComplaintNote(
        id=act.id, region=complaint.region, complaint=complaint.id, order=complaint.order, said=said, text=words,
        author=act.actor.name, at=act.at, attachments=photos,
    )  # fmt: skip


def kept(
    order: Order, complaint: Complaint, notes: tuple[ComplaintNote, ...] = (), step: Order | None = None
) -> Change:
    """The change: the complaint with its notes, and the order where it has taken a `step` or stands otherwise now."""
    after: list[Entity] = [changed(complaint, notes=complaint.notes + len(notes)), *notes]
    if (shown := of_order(step or order, complaint)) is not order:
        after.insert(0, shown)
    return Change(after=tuple(after))
