"""Breaks at noon: no window takes the last time for one, whoever loses his is ranked behind, and told."""

from __future__ import annotations

from contextlib import suppress

from hypothesis import example, given, settings
from hypothesis import strategies as st

from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.catalogue import Item
from dispatcher_app.domain.command import SetShifts
from dispatcher_app.domain.day import Day
from dispatcher_app.domain.matching import Need, need_of, tight_travel, unfree
from dispatcher_app.domain.order import Order, Window
from dispatcher_app.domain.place import Point
from dispatcher_app.domain.region import Policy, Region
from dispatcher_app.domain.remark import break_lost
from dispatcher_app.domain.technician import Shift, Technician
from dispatcher_app.planning.choose import sent
from dispatcher_app.planning.rank import Ranking, dates_concerned, rank
from dispatcher_app.planning.windows import Offered, windows
from dispatcher_app.simulator.rehearsal import Rehearsal
from tests.domain import trade
from tests.domain.trade import DISPATCHER, assign, booking, hour, order_of, window

MORNING = hour(7)
BUSY = (("a", 8.5), ("b", 10.25), ("c", 13.0))
"""Three visits of an hour that leave a quarter past eleven to one: a break fits, or a visit, not both."""


def company(policy: Policy | None = None, *more: Technician) -> Rehearsal:
    world = trade.company(trade.technician("li"), *more, policy=policy or Policy(emergency_reserve_percent=0))
    for order, start in BUSY:
        world.do(DISPATCHER, booking(order, window=None), MORNING)
        world.do(DISPATCHER, assign(order, "li", start), MORNING)
    return world


def asked(world: Rehearsal, minutes: int = 60) -> tuple[Order, Need]:
    items = [item for item in world.all(Item) if item.id == "fridge"]
    found = order_of(world)
    need = need_of(found, items)
    assert need.minutes == minutes
    return found, need


def offered(world: Rehearsal) -> Offered:
    region, policy = world.get(Region, "sh"), world.get(Policy, "policy")
    assert region is not None
    assert policy is not None
    days = {day.id: day for day in world.all(Day)}
    _, need = asked(world)
    return windows(need, "normal", world.all(Technician), days, (), policy, region, MORNING)


def ranked(world: Rehearsal) -> Ranking:
    region, policy = world.get(Region, "sh"), world.get(Policy, "policy")
    assert region is not None
    assert policy is not None
    order, _ = asked(world)
    days = {day.id: day for day in world.all(Day) if day.date in dates_concerned(order, region, MORNING)}
    return rank(order, world.all(Item)[:1], (), world.all(Technician), days, {}, policy, region, MORNING)


def people_at(found: Offered, hours: float) -> int:
    return next(each.people for each in found.windows if each.start == hour(hours))


def test_the_last_time_for_a_break_is_not_promised_to_a_caller() -> None:
    world = company(Policy(emergency_reserve_percent=0, window_first_hour=11, window_minutes=60))
    world.do(DISPATCHER, booking(window=None), MORNING)
    assert people_at(offered(world), 11) == 0
    assert people_at(offered(world), 15) == 1


def test_without_breaks_that_time_can_be_promised() -> None:
    world = company(
        Policy(emergency_reserve_percent=0, window_first_hour=11, window_minutes=60, break_minutes=0)
    )
    world.do(DISPATCHER, booking(window=None), MORNING)
    assert people_at(offered(world), 11) == 1


def test_whoever_would_lose_his_break_stands_behind_and_is_not_sent_without_asking() -> None:
    world = company(None, trade.technician("far", home=Point(121.55, 31.25)))
    world.do(DISPATCHER, booking(window=window(11.4, 11.8)), MORNING)
    found = ranked(world)
    assert [each.technician for each in found.eligible] == ["far", "li"]
    assert [each.code for each in found.eligible[1].warnings] == ["break_lost"]
    best = sent(found, order_of(world))
    assert best is not None
    assert best.technician == "far"


def test_a_start_moves_behind_the_break_where_that_keeps_it() -> None:
    world = trade.company(trade.technician("li"))
    for order, start in (("a", 10.0), ("b", 13 + 40 / 60)):
        world.do(DISPATCHER, booking(order, window=None), MORNING)
        world.do(DISPATCHER, assign(order, "li", start), MORNING)
    world.do(DISPATCHER, booking(window=window(11 + 55 / 60, 13)), MORNING)
    (only,) = ranked(world).eligible
    assert (only.start, only.warnings) == (hour(12 + 20 / 60), ())


def test_a_short_shift_has_no_break_to_lose() -> None:
    world = company()
    short = tuple(Shift(weekday, 8 * 60, 13 * 60 + 50) for weekday in range(7))
    version = trade.technician_of(world, "li").version
    world.do(DISPATCHER, SetShifts(technician="li", from_version=version, shifts=short), MORNING)
    world.do(DISPATCHER, booking(window=window(11, 12)), MORNING)
    assert not ranked(world).eligible[0].warnings


@settings(max_examples=60, deadline=None)
@given(
    taken=st.lists(st.tuples(st.integers(32, 64), st.sampled_from((121.47, 121.50, 121.56))), max_size=6),
    lon=st.sampled_from((121.47, 121.52)),
)
@example(taken=[(34, 121.47), (41, 121.47), (52, 121.47)], lon=121.47)
def test_windows_promise_exactly_the_starts_that_make_nobody_late_and_leave_the_break(
    taken: list[tuple[int, float]], lon: float
) -> None:
    world = trade.company(trade.technician("li"), policy=Policy(emergency_reserve_percent=0, daily_limit=20))
    for number, (quarter, place) in enumerate(taken):
        home = trade.address(f"a-{number}", point=Point(place, 31.23))
        world.do(DISPATCHER, booking(f"x{number}", window=None, new_address=home), MORNING)
        with suppress(Rejected):
            world.do(DISPATCHER, assign(f"x{number}", "li", quarter / 4), MORNING)
    world.do(
        DISPATCHER, booking(window=None, new_address=trade.address("a", point=Point(lon, 31.23))), MORNING
    )
    _, need = asked(world)
    day, li, policy = trade.day_of(world, "li"), trade.technician_of(world, "li"), world.get(Policy, "policy")
    assert policy is not None

    def lawful(start: int) -> bool:
        others = [each for each in day.stops if each.state != "done"]
        return not (
            unfree(li, day, need, start, MORNING, policy, trade.TIMEZONE)
            or tight_travel(day, need, start, MORNING, policy)
            or break_lost(others, li, day.date, need, start, policy, trade.TIMEZONE)
        )

    for each in offered(world).windows:
        if each.date != trade.DATE:
            continue
        assert (each.technician is None) == (each.people == 0)
        if each.at is not None:
            assert lawful(each.at), (each.at - trade.MIDNIGHT) / 3_600_000
        else:
            assert not any(lawful(at) for at in starts(Window(each.start, each.end)))


def starts(wanted: Window) -> range:
    """Every five minutes of a window."""
    return range(wanted.start, wanted.end, 300_000)
