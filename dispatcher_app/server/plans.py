"""Every region's plan as arrays, brought up to date from the log by whoever asks: no question reads all plans anew."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager

from dispatcher_app.domain.calendar import local_date, midnight, next_date
from dispatcher_app.domain.day import Day
from dispatcher_app.domain.region import Region
from dispatcher_app.domain.technician import Technician
from dispatcher_app.planning.plan import Plan
from dispatcher_app.server.position import technicians
from dispatcher_app.server.store import planned
from dispatcher_app.server.store.database import Cursor

DATES = 64
"""More dates than that are not kept: those furthest away are read again when somebody asks for them."""


class Page:
    """The plan of one region, and up to which act of its log it has been told."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.plan: Plan | None = None
        self.seq = 0

    def up_to_date(self, cursor: Cursor, region: Region, dates: Collection[str], now: int) -> Plan:
        """The plan with these dates open, as the database has it."""
        plan = self.plan
        if plan is None or plan.timezone != region.timezone:
            head = planned.head(cursor, region.id)
            plan, self.seq = Plan(region.timezone, (), technicians(cursor, region.id)), head
        else:
            head, changed = planned.since(cursor, region.id, self.seq, orders=False)
            for each in changed:
                if isinstance(each, Technician):
                    plan.put_technician(each)
                elif isinstance(each, Day):
                    plan.put_day(each)
            self.seq = max(self.seq, head)
        # What was begun and not finished is begun anew by the next question: half a plan is none.
        self.plan = None
        forget(plan, dates, next_date(local_date(now, region.timezone), -1))
        missing = sorted(set(dates).difference(plan.sheets))
        if missing:
            for date in missing:
                plan.open(date)
            first, last = (midnight(each, region.timezone) for each in (missing[0], next_date(missing[-1])))
            for day in planned.days_of(cursor, region.id, missing, first, last):
                plan.put_day(day)
            # This reader may see an older moment than the one before: what came between is taken in once more.
            self.seq = min(self.seq, head)
        self.plan = plan
        return plan


def forget(plan: Plan, dates: Collection[str], oldest: str) -> None:
    """Let go of what is over, and of dates far away that nobody asks about now."""
    plan.close(oldest)
    idle = sorted(set(plan.sheets).difference(dates), reverse=True)
    for date in idle[: max(0, len(plan.sheets) - DATES)]:
        del plan.sheets[date]


class Plans:
    """The plans of a node's regions."""

    def __init__(self) -> None:
        self._pages: dict[str, Page] = {}

    @contextmanager
    def reading(self, cursor: Cursor, region: Region, dates: Collection[str], now: int) -> Iterator[Plan]:
        """The region's plan with these dates, as the database has it; nobody else changes it meanwhile."""
        page = self._pages.setdefault(region.id, Page())
        with page.lock:
            yield page.up_to_date(cursor, region, dates, now)
