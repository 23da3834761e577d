"""What came of a repair: when it may be called finished, what is flagged, how long it is warranted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from dispatcher_app.domain.act import Broken, Rejected, World
from dispatcher_app.domain.calendar import DAY_MS
from dispatcher_app.domain.catalogue import Item, Part
from dispatcher_app.domain.order import Line, Order, PartLine, Warranty
from dispatcher_app.domain.rule.facts import policy_of
from dispatcher_app.domain.rule.standard import unchecked


def flagged(order: Order, flag: str) -> Order:
    """The order with something that somebody has to look at."""
    return order if flag in order.flags else replace(order, flags=(*order.flags, flag))


def wound_up(world: World, order: Order) -> tuple[Order, tuple[Broken, ...]]:
    """The order with its result; raises Rejected for open lines, an open quote, or checks that may not be left out."""
    if order.proposed is not None:
        raise Rejected("quote_open", None)
    if left := [index + 1 for index, line in enumerate(order.lines) if line.state == "open"]:
        raise Rejected("lines_open", "lines", lines=left)
    missing = unchecked(world, order)
    if refused := [each.check.text for each in missing if each.check.left_out == "refuse"]:
        raise Rejected("checks_missing", "checks", checks=refused)
    repaired = any(line.state == "done" for line in order.lines)
    after = replace(order, result="repaired" if repaired else "not_repairable")
    if not missing:
        return after, ()
    left_out = [each.check.text for each in missing]
    return flagged(after, "standard_marked"), (Broken("standard_marked", {"checks": left_out}),)


def warranties(world: World, order: Order, at: int) -> tuple[Warranty, ...]:
    """Until when what was done is warranted from `at` on, by the days that the order was quoted with.

    After a return never shorter than what still ran.
    """
    former = world.get(Order, order.return_of) if order.return_of is not None else None
    made = []
    for index, line in enumerate(order.lines):
        if line.state != "done":
            continue
        until = max(at + work_days(world, line) * DAY_MS, running(former, line, None))
        made.append(Warranty(line=index, until=until))
        for fitted in order.parts:
            if fitted.line != index or fitted.used:
                continue
            until = max(at + new_days(world, fitted) * DAY_MS, running(former, line, fitted.part))
            made.append(Warranty(line=index, part=fitted.part, until=until))
        kept = {each.part for each in made if each.line == index}
        made += [Warranty(line=index, part=part, until=until) for part, until in parts_running(former, line)
                 if part not in kept and until > at]  # fmt: skip
    return tuple(made)


def by_maker(lines: Iterable[Line], today: str) -> tuple[Broken, ...]:
    """What the maker still has to mend for nothing: said before anybody is sent or pays."""
    runs = max((line.maker_until for line in lines if line.maker_until >= today), default="")
    return (Broken("maker_warranty", {"date": runs}),) if runs else ()


def work_days(world: World, line: Line) -> int:
    """The days of warranty on the work of a line; those of today where it was quoted before they were kept."""
    if line.warranty_days is not None:
        return line.warranty_days
    item = world.get(Item, line.item)
    days = item.warranty_days if item is not None else None
    return policy_of(world).warranty_labour_days if days is None else days


def new_days(world: World, fitted: PartLine) -> int:
    """The days of warranty on a new part; those of today where it was quoted before they were kept."""
    if fitted.warranty_days is not None:
        return fitted.warranty_days
    part = world.get(Part, fitted.part)
    days = part.warranty_days if part is not None else None
    return policy_of(world).warranty_parts_days if days is None else days


def running(former: Order | None, line: Line, part: str | None) -> int:
    """Until when the first order's warranty for the same work or part runs, 0 where it has none."""
    if former is None:
        return 0
    same = {
        index for index, each in enumerate(former.lines) if (each.item, each.fault) == (line.item, line.fault)
    }
    return max((each.until for each in former.warranty if each.line in same and each.part == part), default=0)


def parts_running(former: Order | None, line: Line) -> list[tuple[str, int]]:
    """The parts fitted for the same work the first time, and until when they are warranted."""
    if former is None:
        return []
    parts = sorted({each.part for each in former.warranty if each.part is not None})
    return [(part, until) for part in parts if (until := running(former, line, part))]
