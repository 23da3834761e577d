"""What an action acts on, and when it is possible: by the life of an order, by role, by who is chosen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from dispatcher_app.domain import life, role
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.alert import ALERTS, Alert, alerts_of, resting
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.region import Policy
from dispatcher_app.domain.technician import Technician

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

Group = Literal["order", "technician", "go", "desk"]


@dataclass(frozen=True, slots=True)
class Scene:
    """What an action would act on: the order and the technician in hand, and when he would come (UTC ms).

    `several` are orders that are chosen together, none where only the order in hand is meant; `complaint` is the one
    that is looked at, if one is.
    """

    session: Session
    order: Order | None = None
    candidate: str | None = None
    start: int | None = None
    technician: Technician | None = None
    several: tuple[str, ...] = ()
    complaint: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One thing to do. `keys` are its shortcuts; `brief` is its name where there is little room.

    `refused` says why it can't be done in a scene (None: it can), `who` which roles ever may: the others
    don't see it. `command` is what it submits where nothing has to be asked first; `bar` puts it into the
    key bar.
    """

    id: str
    group: Group
    text: str
    icon: str
    keys: tuple[str, ...] = ()
    brief: str = ""
    refused: Callable[[Scene], Rejected | None] = lambda _scene: None
    who: frozenset[str] = role.READS
    command: Callable[[Scene], Any | None] | None = None
    bar: bool = False


def step(*steps: str) -> dict[str, Any]:
    """Possible where the life of the order in hand has one of these steps, for this person."""
    return {"refused": by_life(*steps), "who": who_may(*steps)}


def who_may(*steps: str) -> frozenset[str]:
    """The staff's roles that the life of an order ever lets do one of these steps."""
    return frozenset().union(*(row.who for row in life.LIFE if row.action in steps)) & role.READS


def by_life(*steps: str) -> Callable[[Scene], Rejected | None]:
    """Why the life of the order in hand has none of these steps now, for this person."""

    def refused(scene: Scene) -> Rejected | None:
        if scene.order is None:
            return Rejected("no_order_chosen")
        order, actor = scene.order, scene.session.actor
        reasons = [life.refusal(order.status, each, actor, order.region) for each in steps]
        return None if None in reasons else reasons[0]

    return refused


def open_to(roles: frozenset[str]) -> dict[str, Any]:
    """Possible for these roles."""
    return {"refused": by_role(roles), "who": roles}


def by_role(roles: frozenset[str]) -> Callable[[Scene], Rejected | None]:
    """Why a person without these roles can't."""

    def refused(scene: Scene) -> Rejected | None:
        if role.holds(scene.session.actor, roles):
            return None
        return Rejected("not_allowed", None, needs=sorted(roles))

    return refused


def by_order(scene: Scene) -> Rejected | None:
    """An order must be in hand."""
    return Rejected("no_order_chosen") if scene.order is None else None


def wanting(session: Session, order: Order) -> list[Alert]:
    """The exceptions that an order is listed under now: those that it has and nobody lets rest."""
    now = session.now()
    policy = session.get(Policy, "policy") or Policy()
    has = {*alerts_of(order, policy, session.timezone, now)}
    has |= {kind for kind, ids in session.told.items() if order.id in ids}
    rest = {each.kind for each in resting(order) if each.until > now}
    return [kind for kind in ALERTS if kind in has and kind not in rest]


def absent(scene: Scene) -> str | None:
    """Who would not come: the technician in hand, else the one who has the order in hand."""
    if scene.technician is not None:
        return scene.technician.id
    return scene.order.technician if scene.order is not None else None


def for_candidate(*steps: str) -> dict[str, Any]:
    """Possible where the life of the order has a step and a technician is chosen for it."""
    possible = by_life(*steps)

    def refused(scene: Scene) -> Rejected | None:
        if (reason := possible(scene)) is not None:
            return reason
        return None if scene.candidate else Rejected("no_technician_chosen")

    return {"refused": refused, "who": who_may(*steps)}
