"""Small road maps written as .osm.pbf: a grid of named crossings, ways, walls and forbidden turns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import osmium

from dispatcher_app.domain.place import Point
from dispatcher_app.planning.road.city import save
from dispatcher_app.planning.road.engine import City
from dispatcher_app.planning.road.graph import Figures, Graph, made
from dispatcher_app.planning.road.read import read_ways
from dispatcher_app.planning.road.shortest import order_of

STEP = 0.001
"""Degrees between two crossings: 111 m north, about 95 m east."""
WEST, SOUTH = 121.40, 31.20
STREET = {"highway": "residential"}


@dataclass
class Roadmap:
    """A map in the making; crossings are (column, row) of a grid."""

    ways: list[tuple[int, list[tuple[int, int]], dict[str, str]]] = field(default_factory=list)
    nodes: dict[tuple[int, int], dict[str, str]] = field(default_factory=dict)
    turns: list[tuple[str, int, tuple[int, int], int]] = field(default_factory=list)
    over_way: list[tuple[str, int, int, int]] = field(default_factory=list)
    nowhere: set[tuple[int, int]] = field(default_factory=set)

    def way(self, *crossings: tuple[int, int], **tags: str) -> int:
        """A way over crossings; its number."""
        said = {key.replace("__", ":"): value for key, value in tags.items()}
        self.ways.append((len(self.ways) + 1, list(crossings), {**STREET, **said}))
        return len(self.ways)

    def turn(self, kind: str, before: int, via: tuple[int, int], after: int) -> None:
        """A turn that is forbidden, or the only one allowed."""
        self.turns.append((kind, before, via, after))

    def file(self, path: Path) -> Path:
        """The map as an .osm.pbf."""
        used = sorted({each for _, crossings, _ in self.ways for each in crossings} | set(self.nodes))
        number = {each: index + 1 for index, each in enumerate(used)}
        path.unlink(missing_ok=True)
        with osmium.SimpleWriter(str(path)) as out:
            for each in used:
                if each in self.nowhere:
                    continue
                place = point(*each)
                tags = self.nodes.get(each, {})
                out.add_node(
                    osmium.osm.mutable.Node(id=number[each], location=(place.lon, place.lat), tags=tags)
                )
            for id, crossings, tags in self.ways:
                refs = [number[each] for each in crossings]
                out.add_way(osmium.osm.mutable.Way(id=id, nodes=refs, tags=tags))
            for index, (kind, before, via, after) in enumerate(self.turns):
                out.add_relation(relation(index + 1, kind, before, ("n", number[via], "via"), after))
            for index, (kind, before, over, after) in enumerate(self.over_way):
                out.add_relation(relation(1000 + index, kind, before, ("w", over, "via"), after))
        return path

    def graph(self, folder: Path) -> tuple[Graph, Figures]:
        """The map as a graph."""
        return made(read_ways(self.file(folder / "map.osm.pbf"), lambda step, percent: None))

    def city(self, folder: Path, *, quick: bool = True) -> City:
        """The map as an open city."""
        graph, figures = self.graph(folder)
        page = save(folder / "cities", "town", graph, order_of(graph), figures, "map.osm.pbf", 0)
        opened = City(folder / "cities", page, quick=quick)
        opened.wait()
        return opened


def relation(
    id: int, kind: str, before: int, via: tuple[str, int, str], after: int
) -> osmium.osm.mutable.Relation:
    members = [("w", before, "from"), via, ("w", after, "to")]
    return osmium.osm.mutable.Relation(
        id=id, members=members, tags={"type": "restriction", "restriction": kind}
    )


def point(column: float, row: float) -> Point:
    """Where a crossing is, or a place between crossings."""
    return Point(round(WEST + column * STEP, 7), round(SOUTH + row * STEP, 7))


def grid(columns: int, rows: int, tags: Mapping[str, str] = STREET) -> Roadmap:
    """Streets east-west and north-south, a way for each piece between two crossings."""
    roads = Roadmap()
    for column in range(columns):
        for row in range(rows):
            if column + 1 < columns:
                roads.way((column, row), (column + 1, row), **tags)
            if row + 1 < rows:
                roads.way((column, row), (column, row + 1), **tags)
    return roads


def passed(line: Iterable[Point]) -> list[tuple[int, int]]:
    """The crossings that a line goes through, in their order."""
    found: list[tuple[int, int]] = []
    for each in line:
        column, row = (each.lon - WEST) / STEP, (each.lat - SOUTH) / STEP
        at = (round(column), round(row))
        near = abs(column - at[0]) < 0.02 and abs(row - at[1]) < 0.02
        if near and (not found or found[-1] != at):
            found.append(at)
    return found
