"""Files that planning tools are given: read as they stand, or refused in one sentence that names the fault."""

import json
import random
from contextlib import suppress
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.bench.plan.best_known import best_known
from tests.bench.plan.day import Day, read_day, write_day
from tests.bench.plan.make_day import make_day
from tests.bench.plan.routes import read_routes, write_routes
from tests.bench.plan.unusable import Unusable
from tests.bench.plan.vrptw import read_vrptw

SMALL = """\
SMALL

VEHICLE
NUMBER     CAPACITY
  3          20

CUSTOMER
CUST NO.  XCOORD.    YCOORD.    DEMAND   READY TIME  DUE DATE   SERVICE TIME

    0      0         0          0          0       100          0
    1      3         4          7          5        60         10
    2      1         1          8          0        60         10
"""


@pytest.fixture
def arrays() -> dict[str, Any]:
    day = make_day(6, 2, 1)
    return {field.name: getattr(day, field.name) for field in fields(Day)}


def written(text: str, folder: Path) -> Path:
    path = folder / "file.txt"
    path.write_text(text, "utf-8")
    return path


def refusal(path: Path) -> str:
    with pytest.raises(Unusable) as told:
        read_day(path) if path.suffix == ".npz" else read_vrptw(path)
    sentence = str(told.value)
    assert "\n" not in sentence
    assert str(path) in sentence
    return sentence


def test_an_instance_is_read_in_tenths_with_distances_cut(tmp_path: Path) -> None:
    instance = read_vrptw(written(SMALL.replace("\n", "\r\n"), tmp_path))
    assert (instance.name, instance.vehicles, instance.capacity, instance.customers) == ("SMALL", 3, 20, 2)
    # 5 exactly; root of 2 is 1.414…, cut to 1.4; root of 13 is 3.605…, cut to 3.6.
    assert instance.travel.tolist() == [[0, 50, 14], [50, 0, 36], [14, 36, 0]]
    assert instance.earliest.tolist() == [0, 50, 0]
    assert instance.latest.tolist() == [1000, 600, 600]
    assert instance.service.tolist() == [0, 100, 100]
    assert instance.demand.tolist() == [0, 7, 8]
    assert best_known(instance) is None


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (SMALL, "", "vehicles"),
        (SMALL, "hello\nworld\n", "vehicles"),
        ("  3          20", "  3", "vehicles"),
        ("  3          20", "  x          20", "line 5: x is not a whole number"),
        ("  3          20", "  0          20", "no vehicles"),
        ("CUST NO.", "NO.", "no table"),
        (SMALL[SMALL.index("    1 ") :], "", "no table"),
        ("    60         10\n    2", "    60\n    2", "line 11: 6 values instead of 7"),
        ("3         4  ", "3         four  ", "line 11: not a number"),
        ("3         4  ", "nan       4  ", "line 11: a value is out of range"),
        ("    2      1", "    7      1", "not numbered"),
        ("          8  ", "         -8  ", "customer 2 has a negative demand"),
    ],
)
def test_a_malformed_instance_is_refused_with_its_fault(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    assert old in SMALL
    assert said in refusal(written(SMALL.replace(old, new), tmp_path))


def test_what_is_no_text_and_what_is_not_there_is_refused(tmp_path: Path) -> None:
    binary = tmp_path / "file.txt"
    binary.write_bytes(bytes(range(256)))
    assert "not a text file" in refusal(binary)
    assert "cannot be read" in refusal(tmp_path / "absent.txt")
    assert "is a folder" in refusal(tmp_path)


def test_a_day_is_read_as_it_was_written(tmp_path: Path) -> None:
    day = make_day(20, 3, 5)
    write_day(day, tmp_path / "day.npz")
    read = read_day(tmp_path / "day.npz")
    for field in fields(Day):
        assert np.array_equal(getattr(read, field.name), getattr(day, field.name))


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("travel", np.zeros((8, 7), int), "travel has the shape (8, 7) instead of (8, 8)"),
        ("service", np.zeros((2, 3), int), "has the shape"),
        ("latest", np.zeros(5, int), "latest has the shape (5,) instead of (6,)"),
        ("shift_end", np.int64(5), "shift_end has the shape () instead of (2,)"),
        ("travel", np.zeros((8, 8)), "travel holds something else than whole numbers"),
        ("penalty", np.array([1, 2, 3, 4, 5, -6]), "penalty has a value outside"),
        ("service", np.full(6, 2**62), "service has a value outside"),
        ("allowed", np.full((2, 6), 3), "allowed holds something else than yes and no"),
        ("break_length", np.array([1, 2]), "break_length has the shape (2,) instead of ()"),
        ("earliest", np.array(["a"] * 6), "earliest holds something else"),
        ("latest", np.array([None] * 6, object), "not a .npz file"),
    ],
)
def test_a_day_with_a_wrong_array_is_refused_with_its_name(
    tmp_path: Path, arrays: dict[str, Any], name: str, value: Any, said: str
) -> None:
    path = tmp_path / "day.npz"
    np.savez_compressed(path, **(arrays | {name: value}))
    assert said in refusal(path)


def test_a_day_that_lacks_an_array_is_refused(tmp_path: Path, arrays: dict[str, Any]) -> None:
    del arrays["allowed"], arrays["travel"]
    np.savez_compressed(tmp_path / "day.npz", **arrays)
    assert "lacks travel, allowed" in refusal(tmp_path / "day.npz")


def test_a_day_cut_short_or_scrambled_is_refused_or_read_never_a_crash(
    tmp_path: Path, arrays: dict[str, Any]
) -> None:
    path = tmp_path / "day.npz"
    np.savez_compressed(path, **arrays)
    whole = path.read_bytes()
    for length in range(0, len(whole), 97):
        path.write_bytes(whole[:length])
        refusal(path)
    dice = random.Random(4)
    for _ in range(300):
        scrambled = bytearray(whole)
        for _ in range(3):
            scrambled[dice.randrange(len(whole))] = dice.randrange(256)
        path.write_bytes(scrambled)
        with suppress(Unusable):
            read_day(path)


def test_a_single_array_is_not_a_day(tmp_path: Path) -> None:
    path = tmp_path / "day.npz"
    with path.open("wb") as file:
        np.save(file, np.zeros(3))
    assert "single array" in refusal(path)


def test_a_plan_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    write_routes([[np.int64(2), 0], []], path)
    assert json.loads(path.read_text()) == {"routes": [[2, 0], []]}
    assert read_routes(path, count=2, stops=range(3)) == [[2, 0], []]
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "not JSON"),
        ('{"routes": [[1, 2], [', "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[[1], [2]]", 'no list "routes"'),
        ('{"routes": 5}', 'no list "routes"'),
        ('{"routes": [[1]]}', "has 1 routes, the day has 2"),
        ('{"routes": [[1], 2]}', "route 1 is not a list"),
        ('{"routes": [[1], [true]]}', "route 1 is not a list"),
        ('{"routes": [[1], [2.0]]}', "route 1 is not a list"),
        ('{"routes": [[1], [3]]}', "a stop 3 that does not exist"),
        ('{"routes": [[-1], []]}', "a stop -1 that does not exist"),
        ('{"routes": [[1, 2], [1]]}', "stop 1 is planned twice"),
    ],
)
def test_a_wrong_plan_is_refused_with_its_fault(tmp_path: Path, text: str, said: str) -> None:
    path = written(text, tmp_path)
    with pytest.raises(Unusable) as told:
        read_routes(path, count=2, stops=range(3))
    assert said in str(told.value)


def test_a_plan_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="cannot be written"):
        write_routes([], tmp_path / "absent" / "plan.json")


@pytest.mark.real_data
def test_every_published_instance_is_read_and_the_stored_distances_are_those_handed_over(
    real_data: Path,
) -> None:
    paths = [*(real_data / "vrp" / "solomon").glob("*.txt"), *(real_data / "vrp" / "homberger").glob("*.txt")]
    assert len(paths) == 61
    handed_over = json.loads((real_data / "vrp" / "best_known_distance.json").read_text())
    for path in paths:
        instance = read_vrptw(path)
        assert instance.customers in (100, 200, 400, 1000)
        assert best_known(instance) is not None
        assert handed_over.get(path.stem.upper(), best_known(instance)) == best_known(instance)
