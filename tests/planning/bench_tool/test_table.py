"""The yardstick's table: gaps, who is better, and the figures that the bars speak of."""

from pathlib import Path

from tests.bench.plan import bars, curve
from tests.bench.plan.insert import WINDOW_S, cheapest, insert, offered
from tests.bench.plan.make_day import make_day
from tests.bench.plan.row import Result, Row, table
from tests.bench.plan.yardstick import FULL, SHORT, Course, Suite, instances

LONG = Row("vrptw", "R1_10_5", 1000, 30, Result(103.0), 100.0, Result(120.0, 2), Result(word="not installed"))
DAY = Row("day", "day-300-40-1", 300, 10, Result(80.0, first_plan_s=0.5), vroom=Result(100.0, 3))
REPAIR = Row(
    "repair", "day-300-40-1 without 3", 300, 1, Result(90.0), more={"unmoved %": 91.0, "seconds": 0.9}
)


def test_each_result_stands_beside_the_best_known_and_the_other_solvers() -> None:
    lines = table([LONG, DAY, REPAIR]).splitlines()
    assert lines[1].split("  ")[0] == "R1_10_5"
    assert "120.0 (2!) +20.00 %" in lines[1]
    assert "not installed" in lines[1]
    assert "+3.00 %" in lines[1]
    assert "20.0 % below VROOM" in lines[2]
    assert "unmoved % 91, seconds 0.9" in lines[3]


def test_bars_are_met_or_short_and_what_was_not_run_is_left_out() -> None:
    found = bars.figures([LONG, DAY, REPAIR])
    assert found["gap_1000_r1_percent"] == 3
    assert found["below_vroom_300_least_percent"] == 20
    assert found["unmoved_least_percent"] == 91
    assert found["rules_broken"] == found["without_result"] == 0
    assert not {"gap_100_worst_percent", "first_plan_10000_s", "live_worse_mean_percent"} & set(found)
    worse = Row("vrptw", "R101", 100, 5, Result(1640.0, 1), 1637.7)
    told = bars.told(bars.figures([worse, LONG]))
    assert "SHORT gap_100_worst_percent" in told
    assert "ok    gap_1000_r1_percent" in told
    assert "SHORT rules_broken" in told


def test_a_curve_is_told_at_round_moments_with_its_first_plan_and_its_end() -> None:
    points = [(0.03, 300.0), (0.15, 250.0), (0.8, 200.0), (4.0, 150.0)]
    assert curve.sampled(points) == [
        (0.03, 300.0), (0.1, 300.0), (0.2, 250.0), (0.5, 250.0), (1, 200.0), (2, 200.0), (3, 200.0), (4.0, 150.0),
    ]  # fmt: skip
    assert curve.told(points[-1:]) == "4 s 150.0"
    assert curve.sampled([]) == []


def test_an_order_goes_into_a_gap_that_keeps_the_rules_and_is_offered_windows_it_fits_into() -> None:
    day = make_day(30, 6, 9)
    routes: list[list[int]] = [[] for _ in range(6)]
    for order in range(30):
        windows = offered(day, routes, order)
        assert all(place.latest - place.earliest == WINDOW_S for place in windows)
        assert len(windows) <= 3
        place = cheapest(day, routes, order)
        assert place is None or day.allowed[place.technician, order]
        if windows:
            assert place is not None
        if place:
            insert(routes, order, place)
    assert sum(map(len, routes)) > 10


def test_the_short_form_takes_some_instances_and_the_full_one_all(tmp_path: Path) -> None:
    names = ("solomon/R101", "solomon/R102", "solomon/RC208", "homberger/r1_10_5", "homberger/r1_2_5")
    for name in names:
        path = tmp_path / "vrp" / f"{name}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()

    def chosen(suite: Suite) -> list[str]:
        course = Course(suite, ("vrptw",), tmp_path, tmp_path, 1, compares=False)
        return [path.stem for path in instances(course)]

    assert chosen(FULL) == ["R101", "R102", "RC208", "r1_2_5", "r1_10_5"]
    assert chosen(SHORT) == ["R101", "RC208", "r1_2_5"]
