"""A prepared city is there whole or not at all, and says why where it can't be used."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from dispatcher_app.planning.road import city as kept
from dispatcher_app.planning.road.engine import City
from dispatcher_app.planning.road.graph import Graph, made
from dispatcher_app.planning.road.read import Unreadable, read_ways
from dispatcher_app.planning.road.shortest import order_of
from dispatcher_app.planning.road.source import Roads
from dispatcher_app.planning.travel import Ground, Places
from dispatcher_app.planning.travel.chain import Unanswered, matrix_by
from tests.planning.road.roadmap import Roadmap, grid, point


def silent(step: str, percent: int) -> None:
    """Nobody looks."""


def saved(folder: Path, name: str = "town", roads: Roadmap | None = None) -> kept.Page:
    graph, figures = made(read_ways((roads or grid(4, 4)).file(folder / "map.osm.pbf"), silent))
    return kept.save(folder / "cities", name, graph, order_of(graph), figures, "map.osm.pbf", 0)


def test_what_is_saved_is_read_back(tmp_path: Path) -> None:
    graph, figures = made(read_ways(grid(4, 4).file(tmp_path / "map.osm.pbf"), silent))
    page = kept.save(tmp_path / "cities", "town", graph, order_of(graph), figures, "map.osm.pbf", 7)
    assert kept.names(tmp_path / "cities") == ["town"]
    assert kept.page_of(tmp_path / "cities", "town") == page
    back, order = kept.load(tmp_path / "cities", page)
    assert np.array_equal(order, order_of(graph))
    for each in fields(Graph):
        assert np.array_equal(getattr(back, each.name), getattr(graph, each.name)), each.name


def test_importing_again_replaces_a_city_and_leaves_nothing_behind(tmp_path: Path) -> None:
    saved(tmp_path)
    page = saved(tmp_path, roads=grid(5, 5))
    assert sorted(each.name for each in (tmp_path / "cities").iterdir()) == sorted([page.arrays, "town.json"])


def test_a_city_that_fails_to_be_saved_leaves_the_former_one(tmp_path: Path) -> None:
    page = saved(tmp_path)
    (tmp_path / "cities" / "other.json").mkdir()
    with pytest.raises(OSError, match="other"):
        saved(tmp_path, "other")
    assert kept.load(tmp_path / "cities", page)
    assert not list((tmp_path / "cities").glob(".*.part"))


def test_removing_a_city_removes_its_files(tmp_path: Path) -> None:
    saved(tmp_path)
    saved(tmp_path, "town.two")
    assert kept.remove(tmp_path / "cities", "town")
    assert not kept.remove(tmp_path / "cities", "town")
    assert kept.names(tmp_path / "cities") == ["town.two"]
    assert len(list((tmp_path / "cities").iterdir())) == 2


@pytest.mark.parametrize("harm", ["cut", "flip", "gone", "junk", "other"])
def test_a_broken_city_is_named_and_the_estimate_serves(tmp_path: Path, harm: str) -> None:
    page = saved(tmp_path)
    arrays = tmp_path / "cities" / page.arrays
    data = bytearray(arrays.read_bytes())
    if harm == "cut":
        arrays.write_bytes(data[: len(data) // 2])
    elif harm == "flip":
        data[len(data) // 2] ^= 1
        arrays.write_bytes(data)
    elif harm == "gone":
        arrays.unlink()
    elif harm == "junk":
        (tmp_path / "cities" / "town.json").write_text("{")
    else:
        said = json.loads((tmp_path / "cities" / "town.json").read_text())
        (tmp_path / "cities" / "town.json").write_text(json.dumps({**said, "version": 999}))
    roads = Roads(tmp_path / "cities")
    for each in roads.cities:
        with pytest.raises(kept.BrokenCity):
            each.wait()
    found = matrix_by([roads], [point(0, 0)], [point(3, 3)], 0, Ground(), precise=False)
    assert found.source == "estimate"
    troubles = {each.code for each in roads.troubles()}
    assert troubles <= {"city_file_broken", "city_page_broken", "city_other_version"}
    assert len(troubles) == 1
    roads.close()


def test_a_city_imported_meanwhile_is_taken_up_and_a_removed_one_let_go(tmp_path: Path) -> None:
    roads = Roads(tmp_path / "cities")
    with pytest.raises(Unanswered):
        roads.city_of(Places([point(1, 1)]))
    saved(tmp_path)
    roads.refresh()
    first = roads.city_of(Places([point(1, 1)]))
    first.wait()
    roads.refresh()
    assert roads.city_of(Places([point(1, 1)])) is first
    saved(tmp_path, roads=grid(6, 6))
    roads.refresh()
    second = roads.city_of(Places([point(1, 1)]))
    assert second is not first
    kept.remove(tmp_path / "cities", "town")
    roads.refresh()
    assert roads.cities == ()
    roads.close()


def test_the_city_that_knows_most_of_the_places_answers(tmp_path: Path) -> None:
    near = grid(4, 4)
    far = Roadmap()
    for _, crossings, _tags in grid(4, 4).ways:
        far.way(*((column + 1000, row) for column, row in crossings))
    saved(tmp_path, "near", near)
    saved(tmp_path, "far", far)
    roads = Roads(tmp_path / "cities")
    assert roads.city_of(Places([point(1, 1)])).page.name == "near"
    assert roads.city_of(Places([point(1, 1), point(1001, 1), point(1002, 2)])).page.name == "far"
    with pytest.raises(Unanswered) as nobody:
        roads.city_of(Places([point(500, 1)]))
    assert nobody.value.note.code == "travel_not_covered"
    roads.close()


def test_many_threads_ask_one_city(tmp_path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    city = City(tmp_path / "cities", saved(tmp_path))
    city.wait()

    def ask(column: int) -> float:
        found = city.drives(Places([point(column % 4, 0)]), Places([point(3, 3)]), "day")
        return float(found.seconds[0, 0])

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(ask, range(200)))
    assert len(set(found)) == 4
    city.close()


def code_of(file: Path) -> str:
    with pytest.raises(Unreadable) as refused:
        made(read_ways(file, silent))
    return refused.value.reason.code


def test_a_file_without_roads_is_refused_with_its_reason(tmp_path: Path) -> None:
    file = tmp_path / "x.osm.pbf"
    assert code_of(file) == "city_no_file"
    file.write_bytes(b"")
    assert code_of(file) == "city_empty"
    file.write_bytes(b"<html>not found</html>")
    assert code_of(file) == "city_broken"
    assert code_of(tmp_path) == "city_broken"
    paths = Roadmap()
    paths.way((0, 0), (1, 0), highway="footway")
    assert code_of(paths.file(tmp_path / "paths.osm.pbf")) == "city_no_roads"
    closed = Roadmap()
    closed.way((0, 0), (1, 0), access="no")
    assert code_of(closed.file(tmp_path / "closed.osm.pbf")) == "city_no_roads"
    nowhere = Roadmap(nowhere={(0, 0), (1, 0)})
    nowhere.way((0, 0), (1, 0))
    assert code_of(nowhere.file(tmp_path / "nowhere.osm.pbf")) in ("city_no_roads", "city_torn")


def test_a_file_cut_off_anywhere_never_becomes_half_a_city(tmp_path: Path) -> None:
    whole = grid(40, 40).file(tmp_path / "whole.osm.pbf").read_bytes()
    file = tmp_path / "cut.osm.pbf"
    for part in range(1, 20):
        file.write_bytes(whole[: len(whole) * part // 20])
        assert code_of(file) in ("city_broken", "city_no_roads", "city_torn")


def test_roads_that_leave_the_file_are_cut_at_its_edge(tmp_path: Path) -> None:
    roads = grid(4, 4)
    roads.way((3, 3), (4, 3), (5, 3), (5, 4))
    roads.nowhere = {(4, 3)}
    _, figures = roads.graph(tmp_path)
    assert figures.torn == 1
