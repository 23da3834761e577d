"""The same instances solved by VROOM, to compare with; needs the package `pyvroom`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import numpy as np
import vroom

from tests.bench.plan.day import Day
from tests.bench.plan.routes import Routes
from tests.bench.plan.vrptw import Vrptw

LEAST_SEARCH, MOST_SEARCH = 0, 5


def day_by_vroom(day: Day, seconds: float, cores: int, level: int) -> Routes:
    """Plan a field day; VROOM serves by priority first and looks at travel only then.

    Who may do what is handed over as one skill for each group of orders that the same technicians may do.
    """
    task = vroom.Input()
    task.set_durations_matrix("car", day.travel)
    groups, group = np.unique(day.allowed, axis=1, return_inverse=True)
    group = group.reshape(-1)
    dearest = max(int(day.penalty.max(initial=1)), 1)
    for technician in range(day.technicians):
        home = day.orders + technician
        rest = vroom.Break(
            technician + 1,
            time_windows=[vroom.TimeWindow(day.break_earliest, day.break_latest)],
            service=day.break_length,
        )
        shift = vroom.TimeWindow(int(day.shift_start[technician]), int(day.shift_end[technician]))
        skills = {int(each) for each in np.flatnonzero(groups[technician])}
        task.add_vehicle(
            vroom.Vehicle(technician, start=home, end=home, skills=skills, time_window=shift, breaks=[rest])
        )
    for order in range(day.orders):
        window = vroom.TimeWindow(int(day.earliest[order]), int(day.latest[order]))
        task.add_job(
            vroom.Job(
                order,
                location=order,
                default_service=int(day.service[order]),
                skills={int(group[order])},
                priority=round(100 * int(day.penalty[order]) / dearest),
                time_windows=[window],
            )
        )
    return _solved(task, range(day.technicians), seconds, cores, level)


def vrptw_by_vroom(instance: Vrptw, seconds: float, cores: int, level: int) -> Routes:
    """Plan an instance of vehicle routing with time windows."""
    task = vroom.Input()
    task.set_durations_matrix("car", instance.travel)
    hours = vroom.TimeWindow(int(instance.earliest[0]), int(instance.latest[0]))
    for vehicle in range(instance.vehicles):
        task.add_vehicle(
            vroom.Vehicle(vehicle, start=0, end=0, capacity=[instance.capacity], time_window=hours)
        )
    for customer in range(1, instance.customers + 1):
        window = vroom.TimeWindow(int(instance.earliest[customer]), int(instance.latest[customer]))
        task.add_job(
            vroom.Job(
                customer,
                location=customer,
                default_service=int(instance.service[customer]),
                delivery=[int(instance.demand[customer])],
                time_windows=[window],
            )
        )
    return _solved(task, range(instance.vehicles), seconds, cores, level)


def _solved(task: Any, vehicles: Iterable[int], seconds: float, cores: int, level: int) -> Routes:
    answer = task.solve(exploration_level=level, nb_threads=cores, timeout=timedelta(seconds=seconds))
    routes: dict[int, list[int]] = {vehicle: [] for vehicle in vehicles}
    steps = answer.routes
    visits = steps[steps["type"] == "job"]
    for vehicle, visit in zip(visits["vehicle_id"], visits["id"], strict=True):
        routes[int(vehicle)].append(int(visit))
    return list(routes.values())
