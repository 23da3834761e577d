"""The life of an order as one literal table; screens enable their buttons from it, rules enforce it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from dispatcher_app.domain.act import Actor, Rejected
from dispatcher_app.domain.order import Status


@dataclass(frozen=True, slots=True)
class Row:
    """From these statuses, these may do this, and the order is then so (None: as the rule decides)."""

    sources: tuple[Status, ...]
    action: str
    who: frozenset[str]
    target: Status | None


def row(sources: str, action: str, who: str, target: Status | None) -> Row:
    """A row as it is written in the table: words separated by blanks."""
    return Row(tuple(sources.split()), action, frozenset(who.split()), target)  # type: ignore[arg-type]


DESK = "dispatcher supervisor"
OPEN = "pending offered accepted en_route in_progress on_hold"
BENCH = "received diagnosing quoted repairing ready"

LIFE: tuple[Row, ...] = (
    row("pending", "assign", DESK, "accepted"),
    row("pending", "offer", DESK, "offered"),
    row("offered", "accept", f"{DESK} technician", "accepted"),
    row("offered", "decline", f"{DESK} technician", "pending"),
    row("offered", "expire", "", "pending"),
    row("offered", "withdraw", DESK, "pending"),
    row("pending", "pool", DESK, "offered"),
    row("offered", "widen", "", "offered"),
    row("offered", "grab", f"{DESK} technician", "offered"),
    row("offered", "award", "", None),
    row("offered", "close_pool", DESK, "pending"),
    row("pending", "leave", "", "pending"),
    row("accepted", "drop", f"{DESK} technician", "pending"),
    row("accepted", "ask_transfer", f"{DESK} technician", "accepted"),
    row("accepted", "answer_transfer", f"{DESK} technician", "accepted"),
    row("accepted", "force_transfer", "supervisor", "accepted"),
    row("accepted", "expire_transfer", "", "accepted"),
    row("accepted", "unassign", DESK, "pending"),
    row("accepted", "reassign", DESK, "accepted"),
    row("pending offered accepted", "pin", DESK, None),
    row("pending offered accepted", "arrange", DESK, None),
    row("accepted", "depart", f"{DESK} technician", "en_route"),
    row("en_route", "recall", "supervisor", "accepted"),
    row("en_route", "arrive", f"{DESK} technician", "in_progress"),
    row("en_route in_progress", "absent", f"{DESK} technician", None),
    row("in_progress", "progress", f"{DESK} technician", None),
    row("repairing", "progress", f"{DESK} counter technician", None),
    row("in_progress", "quote", f"{DESK} technician", None),
    row("diagnosing quoted repairing", "quote", f"{DESK} counter technician", None),
    row("in_progress", "confirm_quote", f"{DESK} technician customer link", None),
    row("quoted repairing", "confirm_quote", f"{DESK} counter technician customer link", None),
    row("in_progress", "decline_quote", f"{DESK} customer link", None),
    row("quoted repairing", "decline_quote", f"{DESK} counter customer link", None),
    row("in_progress", "withdraw_quote", f"{DESK} technician", None),
    row("quoted repairing", "withdraw_quote", f"{DESK} counter technician", None),
    row("in_progress quoted repairing", "lapse_quote", "", None),
    row("in_progress", "hold", f"{DESK} technician", "on_hold"),
    row("on_hold", "new_visit", f"{DESK} customer", None),
    row("in_progress", "finish", f"{DESK} technician", "finished"),
    row("finished", "confirm", f"{DESK} technician customer link", None),
    row("finished completed ready handed_back cancelled", "pay", f"{DESK} counter technician finance", None),
    row("completed handed_back cancelled", "invoice", f"{DESK} counter complaints finance customer link", None),
    row("pending offered accepted", "change_appointment", f"{DESK} counter customer", None),
    row("pending offered accepted", "change_order", f"{DESK} counter", None),
    row("pending offered accepted en_route", "cancel", f"{DESK} customer", "cancelled"),
    row("received diagnosing quoted", "cancel_device", f"{DESK} counter", "ready"),
    row("cancelled", "reopen", DESK, "pending"),
    row("completed", "return_visit", f"{DESK} customer", None),
    row("handed_back", "return_device", f"{DESK} counter", None),
    row("received", "diagnose", f"{DESK} counter technician", "diagnosing"),
    row("repairing", "finish_device", f"{DESK} counter technician", "ready"),
    row("received diagnosing quoted repairing ready", "move_device", f"{DESK} counter technician", None),
    row("ready", "remind", f"{DESK} counter", None),
    row("ready", "hand_back", f"{DESK} counter", "handed_back"),
    row("completed handed_back", "review", f"{DESK} customer link", None),
    row("completed handed_back", "reply_review", f"{DESK} complaints", None),
    row(f"{OPEN} {BENCH}", "urge", f"{DESK} counter customer link", None),
    row(f"{OPEN} {BENCH} finished completed cancelled handed_back",
        "note", f"{DESK} counter complaints technician", None),
    row(f"{OPEN} {BENCH} finished completed cancelled handed_back",
        "message", f"{DESK} counter complaints technician customer link", None),
    row(f"{OPEN} {BENCH} finished completed cancelled handed_back",
        "attach", f"{DESK} counter complaints technician customer link", None),
    row(f"{OPEN} {BENCH} finished completed cancelled handed_back",
        "remove_attachment", "supervisor complaints", None),
    row(f"{OPEN} {BENCH} finished completed cancelled handed_back", "clear_flag", "supervisor", None),
    row(f"{OPEN} {BENCH} finished completed cancelled handed_back",
        "complain", f"{DESK} counter complaints customer link", None),
    row(f"{OPEN} {BENCH} finished completed cancelled handed_back",
        "refund", f"{DESK} counter complaints finance", None),
    row("completed cancelled handed_back", "release_share", "", None),
    row("in_progress on_hold finished repairing ready", "split_share", DESK, None),
    row("cancelled ready", "waive_fee", "supervisor", None),
    row(f"{OPEN} {BENCH} finished", "snooze", f"{DESK} counter", None),
)  # fmt: skip


@cache
def step_for(status: Status, action: str) -> Row | None:
    """The row for an action from a status, None where the life of an order has none."""
    return next((row for row in LIFE if row.action == action and status in row.sources), None)


def refusal(status: Status, action: str, actor: Actor, region: str) -> Rejected | None:
    """Why the actor can't do this to an order in that status, None where the table lets it happen."""
    found = step_for(status, action)
    if found is None:
        return Rejected("wrong_status", None, status=status, action=action)
    if actor.kind == "system":
        return None
    roles = actor.roles if actor.kind == "staff" else frozenset({actor.kind})
    if found.who.isdisjoint(roles):
        return Rejected("not_allowed", None, action=action, needs=sorted(found.who))
    if actor.kind == "staff" and region not in actor.regions:
        return Rejected("other_region", None, region=region)
    return None


def require(status: Status, action: str, actor: Actor, region: str) -> Row:
    """The row for an action, raises Rejected where `refusal` gives a reason."""
    if (reason := refusal(status, action, actor, region)) is not None:
        raise reason
    found = step_for(status, action)
    assert found is not None
    return found
