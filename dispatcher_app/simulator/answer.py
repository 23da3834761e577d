"""What practice technicians say to an offer or to the pool: some take it, some pass it on, some let it run out.

The same technician says the same to the same question, whenever he is asked: nothing is drawn by lot.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from dispatcher_app.domain.act import Actor
from dispatcher_app.domain.command import AcceptOrder, DeclineOrder, GrabOrder
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.region import Policy

TAKES, PASSES = 0.6, 0.8
"""Below the first he takes an offer, below the second he passes it on, else he does not look at his phone."""
WANTS = 0.5
SOONEST_S, LONGEST_S = 25, 120
GRABS_SOONEST_S, GRABS_LONGEST_S = 6, 40


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to one technician: `since` when (UTC ms); the start (UTC ms) is known where he was told of a pool."""

    order: Order
    technician: str
    since: int
    start: int | None = None


def asked(order: Order, policy: Policy) -> Iterator[Asked]:
    """Whom an order asks now."""
    if order.status != "offered":
        return
    if order.pool is not None:
        spoken = {each.technician for each in order.pool.grabs}
        for told in order.pool.told:
            if told.technician not in spoken:
                later = (told.ring * policy.grab_ring_s) * 1000 if order.pool.ring else 0
                yield Asked(order, told.technician, order.pool.since + later, told.start)
    elif order.offer is not None:
        yield Asked(order, order.offer.technician, order.offer.expires_at - policy.offer_countdown_s * 1000)


def said(question: Asked, start: int | None, now: int) -> Any | None:
    """What he says by now, None where he has not looked yet or never does; `start` is when he could (UTC ms)."""
    order, technician = question.order, question.technician
    mood = share(order.id, technician, str(question.since))
    pooled = order.pool is not None
    least, most = (GRABS_SOONEST_S, GRABS_LONGEST_S) if pooled else (SOONEST_S, LONGEST_S)
    wait_s = least + share("wait", order.id, technician, str(question.since)) * (most - least)
    if now < question.since + wait_s * 1000:
        return None
    if pooled:
        wants = mood < WANTS and start is not None
        return GrabOrder(order=order.id, technician=technician, start=start) if wants and start else None
    if mood < TAKES and start is not None:
        return AcceptOrder(order=order.id, technician=technician, start=start)
    if mood < PASSES:
        return DeclineOrder(order=order.id, technician=technician, reason="busy")
    return None


def speaker(technician: str, region: str) -> Actor:
    """The technician speaking for himself."""
    return Actor(kind="technician", id=technician, regions=frozenset({region}))


def share(*words: str) -> float:
    """A number from 0 to 1 that hangs on these words only."""
    digest = hashlib.sha256("\x1f".join(words).encode()).digest()
    return int.from_bytes(digest[:6], "big") / (1 << 48)
