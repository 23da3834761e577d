"""Whether routes keep every rule of vehicle routing with time windows; knows nothing of the improver."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from tests.bench.plan.routes import repeated
from tests.bench.plan.vrptw import Vrptw


@dataclass(frozen=True)
class VrptwVerdict:
    """The whole distance, and the sentences about the rules that are broken."""

    distance: float
    vehicles: int
    broken: tuple[str, ...]


def check_vrptw(instance: Vrptw, routes: Sequence[Sequence[int]]) -> VrptwVerdict:
    """Judge routes of customer numbers; the depot is not written."""
    used = [route for route in routes if route]
    broken = [f"customer {customer} is visited twice" for customer in repeated(used)]
    if len(used) > instance.vehicles:
        broken.append(f"{len(used)} vehicles, there are {instance.vehicles}")
    visited = {customer for route in used for customer in route}
    if strange := visited.difference(range(1, instance.customers + 1)):
        broken.append(f"there is no customer {min(strange)}")
        return VrptwVerdict(0.0, len(used), tuple(broken))
    if lacking := set(range(1, instance.customers + 1)) - visited:
        broken.append(f"{len(lacking)} customers are not visited, {min(lacking)} is the first")
    broken += [
        f"route {number} {reason}" for number, route in enumerate(used) if (reason := _why(instance, route))
    ]
    tenths = sum(_tenths(instance, route) for route in used)
    return VrptwVerdict(tenths / 10, len(used), tuple(broken))


def _tenths(instance: Vrptw, route: Sequence[int]) -> int:
    path = [0, *route, 0]
    return sum(int(instance.travel[one, next_]) for one, next_ in pairwise(path))


def _why(instance: Vrptw, route: Sequence[int]) -> str:
    """Why the route is impossible, empty where it is not."""
    if sum(int(instance.demand[customer]) for customer in route) > instance.capacity:
        return f"carries more than {instance.capacity}"
    now, here = int(instance.earliest[0]), 0
    for place in [*route, 0]:
        now = max(now + int(instance.travel[here, place]), int(instance.earliest[place]))
        if now > int(instance.latest[place]):
            return f"is late at customer {place}" if place else "is late at the depot"
        now += int(instance.service[place])
        here = place
    return ""
