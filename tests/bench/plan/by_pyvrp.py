"""The same instances solved by PyVRP, to compare with; needs the package `pyvrp`."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyvrp
from pyvrp.stop import MaxRuntime

from tests.bench.plan.day import Day
from tests.bench.plan.routes import Routes
from tests.bench.plan.vrptw import Vrptw

NO_WAY = 1_000_000  # seconds to an order that a technician may not do


def day_by_pyvrp(day: Day, seconds: float, seed: int) -> Routes:
    """Plan a field day; PyVRP knows no breaks, so the shift is shorter by one and some routes may have no
    room for it. Each technician has a matrix of his own, in which what he may not do is out of reach."""
    homes = range(day.orders, day.orders + day.technicians)
    clients = [
        pyvrp.Client(
            location=order,
            service_duration=int(day.service[order]),
            tw_early=int(day.earliest[order]),
            tw_late=int(day.latest[order]),
            prize=int(day.penalty[order]),
            required=False,
        )
        for order in range(day.orders)
    ]
    crew = [
        pyvrp.VehicleType(
            start_depot=technician,
            end_depot=technician,
            tw_early=int(day.shift_start[technician]),
            tw_late=max(int(day.shift_end[technician]) - day.break_length, int(day.shift_start[technician])),
            profile=technician,
        )
        for technician in range(day.technicians)
    ]
    matrices = [_reachable(day, technician) for technician in range(day.technicians)]
    data = pyvrp.ProblemData(
        [pyvrp.Location(0, 0) for _ in range(day.orders + day.technicians)],
        clients,
        [pyvrp.Depot(home) for home in homes],
        crew,
        matrices,
        matrices,
    )
    routes: Routes = [[] for _ in homes]
    for route in _solved(data, seconds, seed):
        routes[route.vehicle_type()] = _visits(route, 0)
    return routes


def vrptw_by_pyvrp(instance: Vrptw, seconds: float, seed: int) -> Routes:
    """Plan an instance of vehicle routing with time windows."""
    clients = [
        pyvrp.Client(
            location=customer,
            delivery=[int(instance.demand[customer])],
            service_duration=int(instance.service[customer]),
            tw_early=int(instance.earliest[customer]),
            tw_late=int(instance.latest[customer]),
        )
        for customer in range(1, instance.customers + 1)
    ]
    opens, closes = int(instance.earliest[0]), int(instance.latest[0])
    travel: Any = instance.travel
    data = pyvrp.ProblemData(
        [pyvrp.Location(0, 0) for _ in range(instance.customers + 1)],
        clients,
        [pyvrp.Depot(0, opens, closes)],
        [pyvrp.VehicleType(instance.vehicles, [instance.capacity], tw_early=opens, tw_late=closes)],
        [travel],
        [travel],
    )
    return [_visits(route, 1) for route in _solved(data, seconds, seed)]


def _reachable(day: Day, technician: int) -> Any:
    matrix = day.travel.astype(np.int64)
    forbidden = np.flatnonzero(~day.allowed[technician])
    matrix[:, forbidden] = NO_WAY
    matrix[forbidden, :] = NO_WAY
    np.fill_diagonal(matrix, 0)
    return matrix


def _solved(data: Any, seconds: float, seed: int) -> Any:
    return pyvrp.solve(data, stop=MaxRuntime(seconds), seed=seed, display=False).best.routes()


def _visits(route: Any, first: int) -> list[int]:
    return [activity.idx + first for activity in route if activity.is_client()]
