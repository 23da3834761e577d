"""What the board works out of plans: times and places, alerts, bars that share a row, lanes, loads, groups."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from dispatcher_app.client.schedule import Brief, brief
from dispatcher_app.domain.calendar import HOUR_MS, MINUTE_MS, midnight
from dispatcher_app.domain.day import Day, Stop
from dispatcher_app.domain.order import Arrival, Order, Unkept, Visit, Window
from dispatcher_app.domain.technician import Leave
from tests.domain import trade
from ui.board.axis import SNAP_MS, axis
from ui.board.bar import Bar, bars_of, spread
from ui.board.lane import packed
from ui.board.load import load_of
from ui.board.row import BoardFilter, Grouping, Row, rows_of

ZONE = "Asia/Shanghai"
DATE = trade.DATE
hour = trade.hour


def planned(start: float, end: float, order: str = "o1", **changes: object) -> Stop:
    stop = Stop(order=order, visit=1, start=hour(start), end=hour(end), point=trade.CENTRE)
    return replace(stop, **changes)  # type: ignore[arg-type]


def day(*stops: Stop) -> Day:
    return Day(id=f"li:{DATE}", region="sh", technician="li", date=DATE, stops=stops)


def told(order: Order, **changes: object) -> Brief:
    return msgspec.structs.replace(brief(order, None), **changes)


def promised(start: float, end: float, **changes: object) -> Brief:
    order = trade.booked(trade.company(trade.technician("li")))
    visit = Visit(number=1, window=Window(hour(start), hour(end)))
    return told(order, visits=(visit,), status="accepted", **changes)


def shown(*stops: Stop, briefs: dict[str, Brief] | None = None, now: float = 7) -> tuple[Bar, ...]:
    return bars_of([day(*stops)], briefs or {}, lambda _order: False, lambda _order: False, hour(now))


# ------------------------------------------------------------ time


@given(st.integers(0, 3 * 24 * 60), st.floats(8, 480))
def test_a_place_on_the_axis_is_the_moment_it_came_from(minute: int, hour_px: float) -> None:
    shown = axis(DATE, 3, ZONE, hour_px)
    at = shown.begin + minute * MINUTE_MS
    assert abs(shown.moment(shown.x(at)) - at) <= 1


def test_things_snap_to_the_nearest_quarter_by_the_clocks_of_the_place() -> None:
    nepal = axis(DATE, 1, "Asia/Kathmandu", 60)
    at = nepal.begin + 9 * HOUR_MS + 8 * MINUTE_MS
    local = datetime.fromtimestamp(nepal.snapped(at) / 1000, ZoneInfo("Asia/Kathmandu"))
    assert (local.hour, local.minute) == (9, 15)
    assert nepal.snapped(nepal.begin + 7 * MINUTE_MS) == nepal.begin
    assert (nepal.snapped(at) - nepal.begin) % SNAP_MS == 0


def test_a_day_on_which_the_clocks_are_changed_is_as_long_as_it_is() -> None:
    assert axis("2026-03-29", 1, "Europe/Berlin", 60).width == 23 * 60
    assert axis("2026-10-25", 1, "Europe/Berlin", 60).width == 25 * 60


def test_there_are_as_many_hours_written_as_there_is_room_for() -> None:
    assert len(axis(DATE, 1, ZONE, 8).ticks()) < len(axis(DATE, 1, ZONE, 60).ticks()) == 24
    assert len(axis(DATE, 1, ZONE, 300).ticks()) == 24 * 4


# ------------------------------------------------------------ visits


def test_a_visit_planned_after_its_promise_is_late_before_it_happens() -> None:
    (bar,) = shown(planned(13, 14), briefs={"o1": promised(10, 12)})
    assert bar.alerts == ("late",)


def test_a_visit_is_late_once_its_promise_is_over_and_nobody_has_come() -> None:
    order = promised(10, 12)
    assert shown(planned(11, 12), briefs={"o1": order}, now=11.5)[0].alerts == ()
    assert shown(planned(11, 12), briefs={"o1": order}, now=12.5)[0].alerts == ("late",)
    came = Visit(number=1, window=Window(hour(10), hour(12)), arrival=Arrival(at=hour(11)))
    there = msgspec.structs.replace(order, visits=(came,))
    assert shown(planned(11, 12), briefs={"o1": there}, now=12.5)[0].alerts == ()


def test_a_broken_promise_is_told_before_anything_else() -> None:
    order = promised(10, 12, unkept=Unkept(reason="nobody", since=hour(8)))
    assert shown(planned(13, 14), briefs={"o1": order})[0].alerts == ("unkept", "late")


def test_two_visits_at_once_are_both_marked_unless_one_is_only_planned_or_over() -> None:
    first, second = planned(9, 11), planned(10, 12, "o2")
    order = promised(8, 18)
    assert [bar.alerts for bar in shown(first, second, briefs={"o1": order, "o2": order})] == [
        ("overlap",)
    ] * 2
    for state in ("tentative", "done"):
        told_too = replace(second, state=state)
        assert [bar.alerts for bar in shown(first, told_too, briefs={"o1": order, "o2": order})] == [(), ()]


def test_a_held_hour_that_has_run_out_is_no_longer_shown() -> None:
    held = planned(9, 10, state="held", expires_at=hour(8))
    assert len(shown(held, now=7.5)) == 1
    assert shown(held, now=8.5) == ()


bars = st.lists(st.tuples(st.integers(0, 40), st.integers(1, 10)), max_size=20).map(
    lambda spans: [
        Bar(
            order=f"o{at}",
            technician="li",
            start=hour(8) + start * SNAP_MS,
            end=hour(8) + (start + long) * SNAP_MS,
        )
        for at, (start, long) in enumerate(spans)
    ]
)


@given(bars)
def test_visits_at_the_same_time_never_lie_over_each_other(given_bars: list[Bar]) -> None:
    made = spread(given_bars)
    assert sorted(bar.order for bar in made) == sorted(bar.order for bar in given_bars)
    for one in made:
        assert 0 <= one.lane < one.lanes
        for other in made:
            if one is not other and one.start < other.end and other.start < one.end:
                assert (one.lane, one.lanes) != (other.lane, other.lanes)
                assert one.lanes == other.lanes


@given(bars)
def test_lanes_hold_every_order_once_and_never_two_at_a_time(given_bars: list[Bar]) -> None:
    lanes = packed(given_bars)
    assert sorted(bar.order for lane in lanes for bar in lane) == sorted(bar.order for bar in given_bars)
    for at, lane in enumerate(lanes):
        assert all(bar.lane == at for bar in lane)
        assert all(one.end <= other.start for one, other in pairwise(lane))


def test_promises_that_cannot_be_kept_lie_in_the_first_lane() -> None:
    usual = Bar(order="a", start=hour(8), end=hour(10))
    broken = Bar(order="b", start=hour(8), end=hour(12), alerts=("unkept",))
    assert packed([usual, broken])[0][0].order == "b"


# ------------------------------------------------------------ figures of a row

SHIFT = [(hour(8), hour(18))]


def test_the_load_counts_what_he_is_sent_to_and_apart_from_it_what_is_only_planned() -> None:
    made = shown(
        planned(9, 11), planned(12, 13, "o2", state="tentative"), planned(14, 15, "o3", state="held")
    )
    load = load_of(made, SHIFT, (), hour(7))
    assert (load.shift, load.booked, load.planned, load.percent) == (600, 120, 60, 20)


def test_he_is_free_next_when_there_is_half_an_hour_before_he_has_to_leave() -> None:
    made = shown(planned(9, 11), planned(11.5, 12, "o2", travel_s=600), planned(14, 15, "o3", travel_s=1800))
    assert load_of(made, SHIFT, (), hour(7)).free_at == hour(8)
    assert load_of(made, SHIFT, (), hour(8.75)).free_at == hour(12)
    assert load_of(made, SHIFT, (), hour(17.75)).free_at is None


def test_who_is_still_on_a_visit_whose_time_is_over_is_not_free_now() -> None:
    there = shown(planned(9, 10, state="locked"), briefs={"o1": promised(8, 12)})
    assert not load_of(there, SHIFT, (), hour(9.5)).overruns
    assert load_of(there, SHIFT, (), hour(10.5)).overruns


def test_the_way_to_a_visit_for_which_there_is_no_time_is_marked() -> None:
    order = promised(8, 18)
    briefs = {"o1": order, "o2": order}
    first, second = planned(9, 10), planned(10.25, 11, "o2", travel_s=600)
    assert [bar.tight for bar in shown(first, second, briefs=briefs)] == [False, False]
    assert [bar.tight for bar in shown(first, replace(second, travel_s=1200), briefs=briefs)] == [False, True]


def test_leave_takes_from_the_shift_and_from_what_is_free() -> None:
    away = Leave("l", hour(8), hour(12), "病假")
    load = load_of((), SHIFT, (away,), hour(7))
    assert (load.shift, load.free_at) == (360, hour(12))


# ------------------------------------------------------------ rows

PEOPLE = [
    trade.technician("a", name="李强", skills=("cold",), districts=("pudong", "xuhui"), team="一组"),
    trade.technician("b", name="王芳", skills=("water", "cold"), districts=("xuhui",), team="二组"),
    trade.technician("c", name="赵敏", skills=("water",), status="offline"),
]


def listed(
    wanted: BoardFilter | None = None, grouping: Grouping = "", folded: tuple[str, ...] = ()
) -> list[Row]:
    rows = rows_of(PEOPLE, wanted or BoardFilter(), grouping, frozenset(folded), lambda each: (each.name,))
    return list(rows)


def names(rows: list[Row]) -> list[str]:
    return [row.technician or f"[{row.group}]" for row in rows]


def test_rows_are_found_by_name_initials_and_team() -> None:
    for text, found in (("李", ["a"]), ("wf", ["b"]), ("一组", ["a"]), ("lq 一", ["a"]), ("xyz", [])):
        assert names(listed(BoardFilter(text=text))) == found


def test_who_belongs_to_two_districts_appears_once_and_under_the_one_that_is_asked_for() -> None:
    assert names(listed(grouping="district")) == ["[pudong]", "a", "[xuhui]", "b", "[]", "c"]
    only = BoardFilter(district="xuhui")
    assert names(listed(only, "district")) == [
        "[xuhui]",
        "a",
        "b",
        "[]",
        "c",
    ]  # who goes everywhere goes there too


def test_a_folded_group_keeps_its_count_and_hides_its_rows() -> None:
    rows = listed(grouping="team", folded=("一组",))
    assert names(rows) == ["[一组]", "[二组]", "b", "[]", "c"]
    assert rows[0].count == 1
    assert rows[0].folded


def test_filters_of_skill_status_and_team_hold_together() -> None:
    assert names(listed(BoardFilter(skill="water", status="online"))) == ["b"]
    assert names(listed(BoardFilter(skill="water", team="一组"))) == []


def test_midnight_of_the_place_begins_the_axis() -> None:
    assert axis(DATE, 1, ZONE, 60).begin == midnight(DATE, ZONE)


def test_thousands_of_orders_without_anybody_are_laid_out_at_once() -> None:
    many = [
        Bar(order=f"o{at}", start=hour(8) + at % 40 * SNAP_MS, end=hour(10) + at % 40 * SNAP_MS)
        for at in range(4000)
    ]
    lanes = packed(many)
    assert sum(len(lane) for lane in lanes) == 4000
    assert len(lanes) == max(
        sum(bar.start <= at < bar.end for bar in many) for at in {bar.start for bar in many}
    )
