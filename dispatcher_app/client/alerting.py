"""Exceptions that plans and positions tell of: read from the plans of today and tomorrow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from dispatcher_app.client.replica.reader import Reader
from dispatcher_app.domain.alert import Alert, of_plans
from dispatcher_app.domain.calendar import local_date, next_date
from dispatcher_app.domain.day import Day

FRESH_MS: Final = 2_000
"""So long what was read holds: a hundred changes a second must not make it be read a hundred times."""

Told = Mapping[Alert, frozenset[str]]


def told(reader: Reader, seen: Mapping[str, int] | None, now: int, timezone: str) -> Told:
    """The orders of each kind; `seen` as in `of_plans`."""
    today = local_date(now, timezone)
    days = reader.children(Day, [today, next_date(today)])
    orders = reader.standing({stop.order for day in days for stop in day.stops})
    return of_plans(days, orders, seen, now)
