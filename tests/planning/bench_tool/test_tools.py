"""The planning tools as somebody calls them: files in, a plan and figures out, faults in one sentence."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.bench.__main__ import use_tool
from tests.bench.plan.check_day import check_day
from tests.bench.plan.check_vrptw import check_vrptw
from tests.bench.plan.day import Day, write_day
from tests.bench.plan.make_day import make_day
from tests.bench.plan.reference import NOT_INSTALLED, Asked, is_installed, solve_apart
from tests.bench.plan.routes import read_routes, write_routes
from tests.bench.plan.vrptw import read_vrptw

ROOT = Path(__file__).resolve().parents[3]

LINE = """\
LINE
VEHICLE
NUMBER CAPACITY
3 20
CUSTOMER
CUST NO. X Y DEMAND READY DUE SERVICE
0 0 0 0 0 1000 0
1 10 0 5 0 500 10
2 20 0 5 0 500 10
3 -10 0 5 0 500 10
4 -20 0 5 0 500 10
5 0 30 15 0 500 10
"""

# Compiling the improver for the first time on a machine takes its time.
pytestmark = [pytest.mark.xdist_group("plan_tools"), pytest.mark.timeout(400)]


@dataclass(frozen=True)
class Done:
    """How a call ended and what it said."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Tools:
    """The command line of the tools, in this process: the improver is loaded once for all tests."""

    folder: Path
    capture: pytest.CaptureFixture[str]

    def call(self, name: str, *words: str) -> Done:
        self.capture.readouterr()
        try:
            code = use_tool(name, list(words))
        except SystemExit as end:
            code = int(end.code or 0)
        said = self.capture.readouterr()
        return Done(code, said.out, said.err)

    def figures(self, *words: str) -> dict[str, Any]:
        """Call a tool that must succeed; what it keeps as JSON."""
        done = self.call(*words, "--json", "figures.json")
        assert done.code == 0, done.out + done.err
        told: dict[str, Any] = json.loads((self.folder / "figures.json").read_text())
        return told

    def refused(self, *words: str) -> str:
        """Call a tool that must refuse; its one sentence."""
        done = self.call(*words)
        assert done.code == 2, done.out + done.err
        assert len(done.err.strip().splitlines()) == 1
        return done.err


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Tools:
    monkeypatch.chdir(tmp_path)
    return Tools(tmp_path, capsys)


def command(*words: str) -> list[str]:
    return [sys.executable, "-P", "-m", "tests.bench", *words]


def surroundings() -> dict[str, str]:
    return dict(os.environ) | {"PYTHONPATH": str(ROOT)}


@pytest.fixture
def day(tmp_path: Path) -> Day:
    day = make_day(24, 5, 2)
    write_day(day, tmp_path / "day.npz")
    return day


def planned(day: Day, path: Path) -> list[list[int]]:
    return read_routes(path, count=day.technicians, stops=range(day.orders))


def test_a_field_day_is_planned_by_all_rules_and_its_figures_are_the_checkers(
    tools: Tools, day: Day, tmp_path: Path
) -> None:
    told = tools.figures("fieldday", "day.npz", "--seconds", "1", "--plan", "plan.json", "--cores", "1")
    verdict = check_day(day, planned(day, tmp_path / "plan.json"))
    assert verdict.broken == ()
    assert told["objective_h"] == pytest.approx(verdict.objective_h, abs=0.01)
    assert told["unserved"] == verdict.unserved
    assert verdict.unserved < day.orders / 2
    curve = [value for _, value in told["curve"]]
    assert curve == sorted(curve, reverse=True)
    assert curve[-1] == pytest.approx(verdict.objective_h, abs=0.01)


def test_what_is_printed_names_every_figure(tools: Tools, day: Day, tmp_path: Path) -> None:
    done = tools.call("fieldday", "day.npz", "--seconds", "0.2", "--plan", "plan.json")
    assert done.out.startswith("day.npz: 24 orders, 5 technicians\n")
    names = [line.split("  ")[1] for line in done.out.splitlines()[1:]]
    assert names[:2] == ["plan written"] * 2
    assert names[2:] == [
        "objective",
        "travel",
        "unserved",
        "first plan",
        "time",
        "before",
        "curve (h)",
        "rules",
        "plan",
    ]


def test_a_broken_file_on_the_real_command_line_is_one_sentence_and_exit_code_two(tmp_path: Path) -> None:
    (tmp_path / "day.npz").write_bytes(b"PK")
    words = command("fieldday", "day.npz", "--plan", "plan.json")
    done = subprocess.run(
        words, cwd=tmp_path, env=surroundings(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.deep
def test_a_plan_is_written_also_when_somebody_stops_the_tool(day: Day, tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    words = command("fieldday", "day.npz", "--seconds", "600", "--plan", "plan.json", "--cores", "1")
    with subprocess.Popen(
        words, cwd=tmp_path, env=surroundings(), stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert any(line.startswith("  plan written") for line in process.stdout)
        # As from a terminal and from whoever started it: twice.
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate()
    assert process.returncode == 0, said
    assert "s, stopped" in said
    assert check_day(day, planned(day, plan)).broken == ()


def test_whoever_stops_while_the_improver_is_compiled_gets_a_plan_at_once(day: Day, tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    words = command("fieldday", "day.npz", "--seconds", "600", "--plan", "plan.json")
    uncompiled = surroundings() | {"NUMBA_CACHE_DIR": str(tmp_path / "numba")}
    with subprocess.Popen(words, cwd=tmp_path, env=uncompiled, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "day.npz: 24 orders, 5 technicians\n"
        process.send_signal(signal.SIGTERM)
        said, _ = process.communicate()
    assert process.returncode == 0, said
    assert planned(day, plan) == [[] for _ in range(day.technicians)]


def test_a_published_form_is_planned_to_the_shortest_distance(tools: Tools, tmp_path: Path) -> None:
    (tmp_path / "line.txt").write_text(LINE, "utf-8")
    told = tools.figures("vrptw", "line.txt", "--seconds", "1", "--plan", "plan.json")
    routes = json.loads((tmp_path / "plan.json").read_text())["routes"]
    verdict = check_vrptw(read_vrptw(tmp_path / "line.txt"), routes)
    assert verdict.broken == ()
    assert told["distance"] == verdict.distance == 140.0
    assert told["best_known"] is None


def test_customers_that_nobody_can_reach_make_the_plan_a_broken_one(tools: Tools, tmp_path: Path) -> None:
    (tmp_path / "line.txt").write_text(LINE.replace("2 20 0 5 0 500", "2 20 0 5 0 10"), "utf-8")
    done = tools.call("vrptw", "line.txt", "--seconds", "0.3", "--plan", "plan.json")
    assert done.code == 1
    assert "1 customers are not visited, 2 is the first" in done.out
    assert (tmp_path / "plan.json").exists()


def test_a_drop_out_is_mended_with_every_lock_kept_and_the_given_plan_left_alone(
    tools: Tools, day: Day, tmp_path: Path
) -> None:
    tools.figures("fieldday", "day.npz", "--seconds", "1", "--plan", "plan.json", "--cores", "1")
    before = planned(day, tmp_path / "plan.json")
    dropped = max(range(day.technicians), key=lambda number: len(before[number]))
    words = ("--drop", str(dropped), "--lock", "2", "--seconds", "0.5", "--cores", "1")
    told = tools.figures("repair", "day.npz", "--plan", "plan.json", *words)
    after = planned(day, tmp_path / "plan.repaired.json")
    assert planned(day, tmp_path / "plan.json") == before
    assert check_day(day, after).broken == ()
    assert after[dropped] == []
    there = [number for number in range(day.technicians) if number != dropped]
    assert all(after[number][:2] == before[number][:2] for number in there)
    unmoved = sum(len(set(before[number]) & set(after[number])) for number in there)
    assert told["unmoved_percent"] == round(100 * unmoved / sum(len(before[number]) for number in there), 1)
    assert told["locks"] == told["locks_kept"] == sum(len(before[number][:2]) for number in there)


def test_a_live_day_is_played_by_all_rules_with_and_without_offers(
    tools: Tools, day: Day, tmp_path: Path
) -> None:
    words = ("live", "day.npz", "--every", "8", "--between", "0.1", "--seconds", "0.5", "--cores", "1")
    told = tools.figures(*words, "--plan", "plan.json")
    assert check_day(day, planned(day, tmp_path / "plan.json")).objective_h == pytest.approx(
        told["live_h"], abs=0.01
    )
    assert told["live_h"] <= told["insertion_h"]
    assert tools.figures(*words, "--offers")["broken"] == []


@pytest.mark.parametrize("orders", [0, 1])
@pytest.mark.parametrize("technicians", [0, 1])
def test_hardly_anything_to_plan_is_planned(
    tools: Tools, tmp_path: Path, orders: int, technicians: int
) -> None:
    write_day(make_day(orders, technicians, 1), tmp_path / "day.npz")
    told = tools.figures("fieldday", "day.npz", "--seconds", "0.2", "--plan", "plan.json", "--cores", "1")
    assert told["broken"] == []


def test_files_that_cannot_be_used_are_one_sentence(tools: Tools, day: Day, tmp_path: Path) -> None:
    (tmp_path / "line.txt").write_text(LINE[:-30], "utf-8")
    (tmp_path / "half.npz").write_bytes((tmp_path / "day.npz").read_bytes()[:1000])
    (tmp_path / "half.json").write_text('{"routes": [[1, 2', "utf-8")
    plan = ("--plan", "plan.json")
    assert "half.npz is not a .npz file" in tools.refused("fieldday", "half.npz", *plan)
    assert "absent.npz cannot be read" in tools.refused("fieldday", "absent.npz", *plan)
    assert "line.txt, line 11" in tools.refused("vrptw", "line.txt", *plan)
    assert "line.txt is not a .npz" in tools.refused("fieldday", "line.txt", *plan)
    assert "day.npz is not a text" in tools.refused("vrptw", "day.npz", *plan)
    assert "its folder is not there" in tools.refused("fieldday", "day.npz", "--plan", "no/plan.json")
    half = ("repair", "day.npz", "--plan", "half.json", "--drop", "0")
    assert "half.json is not JSON" in tools.refused(*half)
    assert not (tmp_path / "plan.json").exists()


def test_a_plan_that_does_not_fit_the_day_is_not_mended(tools: Tools, day: Day, tmp_path: Path) -> None:
    path, words = tmp_path / "plan.json", ("repair", "day.npz", "--plan", "plan.json", "--drop")
    write_routes([[] for _ in range(day.technicians)], path)
    assert "There is no technician 5" in tools.refused(*words, "5")
    write_routes([[]], path)
    assert "has 1 routes, the day has 5 technicians" in tools.refused(*words, "0")
    write_routes([list(range(day.orders)), *([] for _ in range(day.technicians - 1))], path)
    assert "breaks a hard rule of this day" in tools.refused(*words, "0")


@pytest.mark.parametrize(
    "words",
    [
        ("fieldday", "day.npz"),
        ("fieldday", "day.npz", "--plan", "plan.json", "--seconds", "0"),
        ("fieldday", "day.npz", "--plan", "plan.json", "--seconds", "nan"),
        ("fieldday", "day.npz", "--plan", "plan.json", "--cores", "0"),
        ("fieldday", "day.npz", "--plan", "plan.json", "--seed", "-1"),
        ("repair", "day.npz", "--plan", "plan.json"),
    ],
)
def test_words_that_make_no_sense_are_refused(
    tools: Tools, day: Day, tmp_path: Path, words: tuple[str, ...]
) -> None:
    done = tools.call(*words)
    assert done.code == 2
    assert "Traceback" not in done.err
    assert f"bench {words[0]}: error:" in done.err


@pytest.mark.parametrize("solver", ["vroom", "pyvrp"])
def test_other_solvers_plan_the_same_files_or_are_said_to_be_absent(
    day: Day, tmp_path: Path, solver: Any
) -> None:
    (tmp_path / "line.txt").write_text(LINE, "utf-8")
    plan = tmp_path / "plan.json"
    if not is_installed(solver):
        assert solve_apart(Asked(solver, tmp_path / "day.npz", 1), plan) == NOT_INSTALLED
        return
    assert isinstance(solve_apart(Asked(solver, tmp_path / "line.txt", 1), plan), float)
    routes = json.loads(plan.read_text())["routes"]
    assert check_vrptw(read_vrptw(tmp_path / "line.txt"), routes).distance == 140.0
    assert isinstance(solve_apart(Asked(solver, tmp_path / "day.npz", 1), plan), float)
    assert check_day(day, planned(day, plan)).unserved < day.orders / 2


def test_a_solver_that_fails_gives_no_result(tmp_path: Path) -> None:
    if not is_installed("vroom"):
        pytest.skip("pyvroom is not installed")
    assert solve_apart(Asked("vroom", tmp_path / "absent.npz", 1), tmp_path / "plan.json") == "no result"


def test_the_yardstick_puts_days_and_repairs_into_one_table(tools: Tools, day: Day, tmp_path: Path) -> None:
    words = (
        "--days",
        "day.npz",
        "--day-seconds",
        "0.5",
        "--only",
        "day",
        "repair",
        "--alone",
        "--cores",
        "1",
    )
    done = tools.call("yardstick", *words, "--json", "table.json", "--keep", "kept")
    assert done.code == 0, done.out + done.err
    kept = json.loads((tmp_path / "table.json").read_text())
    assert [(row["kind"], row["name"]) for row in kept["rows"]] == [
        ("day", "day"),
        ("repair", "day without 3"),
    ]
    assert kept["figures"]["rules_broken"] == 0
    assert "not run" in done.out
    objective = check_day(day, planned(day, tmp_path / "kept" / "day.plan.json")).objective_h
    assert kept["rows"][0]["ours"]["value"] == pytest.approx(objective, abs=0.01)


@pytest.mark.real_data
def test_a_published_instance_is_planned_near_its_best_known(
    tools: Tools, tmp_path: Path, real_data: Path
) -> None:
    instance = real_data.resolve() / "vrp" / "solomon" / "C101.txt"
    told = tools.figures("vrptw", str(instance), "--seconds", "3", "--plan", "plan.json")
    assert told["gap_percent"] < 1
