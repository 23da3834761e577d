"""Who may do what; enforced where acts are decided, on the server."""

from __future__ import annotations

from dispatcher_app.domain.act import Actor, Rejected
from dispatcher_app.domain.entity import PLATFORM

STAFF_ROLES = (
    "dispatcher",
    "counter",
    "supervisor",
    "complaints",
    "finance",
    "vetting",
    "administrator",
    "wall",
)

BOOKS = frozenset({"dispatcher", "counter", "supervisor"})
DISPATCHES = frozenset({"dispatcher", "supervisor"})
ISSUES = frozenset({"dispatcher", "counter", "supervisor"})
"""Who hands out parts for vans and takes them back."""
OVERRIDES = frozenset({"supervisor"})
KEEPS_TECHNICIANS = frozenset({"dispatcher", "supervisor", "vetting", "administrator"})
ENTERS_TECHNICIANS = KEEPS_TECHNICIANS - {"dispatcher"}
ADMINISTERS = frozenset({"administrator"})
REVEALS = frozenset({"dispatcher", "counter", "supervisor", "complaints"})
TENDS_TILL = frozenset({"counter", "supervisor", "finance"})
"""Who counts a till and puts cash into it."""
READS_LEDGER = frozenset({"finance", "supervisor"})
"""Who reads what was posted."""
REPLAYS = frozenset({"supervisor", "complaints"})
"""Who looks at a day as it was, minute by minute."""
TAKES_COMPLAINTS = frozenset({"dispatcher", "supervisor", "complaints"})
"""Who answers somebody who complains, and sees to it."""
HANDLES_COMPLAINTS = frozenset({"supervisor", "complaints"})
"""Who judges complaints, calls back and closes them, and is told who complains often."""
NOTES_COMPLAINTS = TAKES_COMPLAINTS | {"counter", "finance"}
SEES_COMPLAINTS = NOTES_COMPLAINTS | {"vetting"}
"""Who is sent complaints and what was said about them."""
READS = frozenset(STAFF_ROLES)
SEES_PEOPLE = READS - {"wall"}
"""Who is told customers' names, homes and notes at all; a wall hangs where anybody passes."""

TAKES_PAYMENTS = frozenset({"dispatcher", "counter", "supervisor", "finance"})
"""Who lets customers pay by a code."""
RECONCILES = frozenset({"finance"})
"""Who compares providers' bills with our books and settles what differs."""
SETTLES = frozenset({"finance"})
"""Who settles with technicians, sends their money and keeps where it goes."""
APPROVES_WITHDRAWALS = frozenset({"finance", "supervisor"})
DEDUCTS = frozenset({"finance", "supervisor", "complaints"})
"""Who takes money off a technician, with evidence."""
TAKES_DEPOSITS = frozenset({"counter"})
"""Who takes a technician's deposit in cash, beside those who settle."""
DECIDES_APPEALS = frozenset({"finance", "supervisor"})
"""Who decides when a technician appeals against a deduction; never who made it."""
SEES_ACCOUNTS = SETTLES | APPROVES_WITHDRAWALS | DECIDES_APPEALS
"""Who is told what technicians have, get and owe."""

SEES_CREDIT = READS - {"wall", "counter"}
"""Who sees what a technician's credit is made of, step by step."""
APPEALS_CREDIT = frozenset({"dispatcher", "supervisor", "vetting", "complaints"})
"""Who writes down that a technician appeals against a step of his credit."""
DECIDES_CREDIT = frozenset({"vetting"})
"""Who decides such an appeal, and whether somebody is suspended; never on his own word."""
TAKES_MEASURES = frozenset({"supervisor", "vetting"})
"""Who warns and trains technicians."""
PROPOSES_SUSPENSION = frozenset({"supervisor", "complaints", "vetting"})
GRANTS_BONUS = frozenset({"finance", "supervisor"})
"""Who grants the bonus that the system proposes for honour."""
ASKS_INVOICE = frozenset({"dispatcher", "counter", "supervisor", "complaints", "finance"})
ISSUES_INVOICES = frozenset({"finance"})


def holds(actor: Actor, roles: frozenset[str]) -> bool:
    """Whether the actor has one of these roles; the system and the planner hold every one."""
    return actor.kind == "system" or not roles.isdisjoint(actor.roles)


def require(actor: Actor, roles: frozenset[str], region: str) -> None:
    """Raises Rejected where the actor lacks the role or the region."""
    if actor.kind == "system":
        return
    if roles.isdisjoint(actor.roles):
        raise Rejected("not_allowed", None, needs=sorted(roles))
    if region != PLATFORM and region not in actor.regions:
        raise Rejected("other_region", None, region=region)

PROPOSES_REFUNDS = frozenset({"dispatcher", "counter", "supervisor", "complaints", "finance"})
"""Who asks for a refund or a compensation."""
APPROVES_ANY_REFUND = frozenset({"finance"})
"""Who agrees to what goes beyond one person's limit."""
APPROVES_REFUNDS = frozenset({"supervisor", "finance"})
APPROVES_COMPENSATION = APPROVES_REFUNDS | {"complaints"}
REFUNDS_ALONE = frozenset({"supervisor"})
"""Whose own word is enough within his limit."""
COMPENSATES_ALONE = frozenset({"supervisor", "complaints"})
PAYS_REFUNDS = frozenset({"counter", "finance"})
"""Who hands cash over, or puts money back on a card at the terminal."""
TRANSFERS_REFUNDS = frozenset({"finance"})
SEES_REFUNDS = PROPOSES_REFUNDS
SEES_REASONS = APPROVES_COMPENSATION
"""Who sees the figures of why money went back."""
