"""The roads of an .osm.pbf: ways that cars may use, lights and walls on them, turns that are forbidden."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import osmium
from numpy.typing import NDArray

from dispatcher_app.domain.act import Broken
from dispatcher_app.planning.road.speed import speeds, walled

Progress = Callable[[str, int], None]
"""Told the step and how many per cent of it are done."""

KEYS = ("highway", "barrier", "restriction", "restriction:motorcar", "restriction:conditional")
EVERY = 5_000


class Unreadable(Exception):
    """No roads can be made of the file; the reason as a rule with its sentence."""

    def __init__(self, reason: Broken) -> None:
        super().__init__(reason.code)
        self.reason = reason


class Turn(NamedTuple):
    """A forbidden turn, or the only one allowed: by way `before`, over node `via` (or the ways `over`), into `after`."""

    before: int
    via: int
    after: int
    only: bool
    over: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Ways:
    """All drivable ways end to end: `starts` says where each begins among the node numbers and their places.

    `unheeded` counts turns that are forbidden at certain hours only, which are left out; `torn` nodes without a place.
    """

    refs: NDArray[np.int64]
    degrees: NDArray[np.float64]
    starts: NDArray[np.int64]
    ids: NDArray[np.int64]
    forward: NDArray[np.uint8]
    backward: NDArray[np.uint8]
    group: NDArray[np.uint8]
    lights: NDArray[np.int64]
    turns: tuple[Turn, ...]
    unheeded: int
    torn: int


def read_ways(file: Path, progress: Progress) -> Ways:
    """Every drivable way of the file; raises Unreadable for a file that is broken, cut off or without roads."""
    try:
        if file.stat().st_size == 0:
            raise Unreadable(Broken("city_empty"))
        progress("count", 0)
        total = sum(1 for _ in osmium.FileProcessor(str(file), osmium.osm.WAY).with_filter(_keys("highway")))
        progress("count", 100)
        return gathered(_objects(file), total, progress)
    except OSError as error:
        raise Unreadable(Broken("city_no_file", {"detail": error.strerror or str(error)})) from None
    # The reader names neither its errors nor their kinds: what is broken is a RuntimeError with words.
    except (RuntimeError, ValueError) as error:
        raise Unreadable(Broken("city_broken", {"detail": str(error)})) from None


def _keys(*keys: str) -> Any:
    return osmium.filter.KeyFilter(*keys)


def _objects(file: Path) -> Iterable[Any]:
    found: Iterable[Any] = osmium.FileProcessor(str(file)).with_locations().with_filter(_keys(*KEYS))
    return found


def gathered(objects: Iterable[Any], total: int, progress: Progress) -> Ways:
    """The ways of all objects of a file, nodes before ways before relations as files have them."""
    refs, flat, starts = array("q"), array("d"), array("q", [0])
    ids, kinds, lights = array("q"), array("B"), array("q")
    walls: set[int] = set()
    turns: list[Turn] = []
    seen = unheeded = torn = made_up = 0
    for each in objects:
        if each.is_node():
            if each.tags.get("highway") == "traffic_signals":
                lights.append(each.id)
            elif walled(each.tags):
                walls.add(each.id)
        elif each.is_way():
            seen += 1
            if seen % EVERY == 0:
                progress("read", min(99, 100 * seen // max(total, 1)))
            found = speeds(dict(each.tags))
            if found is None:
                continue
            for piece in pieces(each.nodes, walls):
                if piece is None:
                    torn += 1
                    continue
                for ref, lon, lat in piece:
                    if ref in walls:
                        made_up -= 1
                    refs.append(made_up if ref in walls else ref)
                    flat.extend((lon, lat))
                starts.append(len(refs))
                ids.append(each.id)
                kinds.extend(found)
        else:
            made = turns_of(each)
            turns.extend(made or ())
            unheeded += made is None
    progress("read", 100)
    if not ids:
        raise Unreadable(Broken("city_no_roads"))
    if torn > len(ids):
        raise Unreadable(Broken("city_torn", {"count": torn}))
    kind = np.frombuffer(kinds, np.uint8).reshape(-1, 3)
    return Ways(
        refs=np.frombuffer(refs, np.int64),
        degrees=np.frombuffer(flat, np.float64).reshape(-1, 2),
        starts=np.frombuffer(starts, np.int64),
        ids=np.frombuffer(ids, np.int64),
        forward=kind[:, 0],
        backward=kind[:, 1],
        group=kind[:, 2],
        lights=np.frombuffer(lights, np.int64) if lights else np.zeros(0, np.int64),
        turns=tuple(turns),
        unheeded=unheeded,
        torn=torn,
    )


def pieces(nodes: Iterable[Any], walls: Container[int]) -> Iterator[list[tuple[int, float, float]] | None]:
    """The parts of a way between walls, and between nodes that the file has no place for (None for each of those).

    A car can come up to a wall from both sides: the wall ends one part and begins the next.
    """
    piece: list[tuple[int, float, float]] = []
    for node in nodes:
        place = node.location
        if not place.valid():
            yield None
            if len(piece) > 1:
                yield piece
            piece = []
            continue
        if not piece or piece[-1][0] != node.ref:
            piece.append((node.ref, place.lon, place.lat))
        if node.ref in walls:
            if len(piece) > 1:
                yield piece
            piece = [(node.ref, place.lon, place.lat)]
    if len(piece) > 1:
        yield piece


def turns_of(relation: Any) -> list[Turn] | None:
    """The turns that a relation forbids a car; None where it forbids them at certain hours only."""
    tags = relation.tags
    kind = tags.get("restriction:motorcar") or tags.get("restriction", "")
    if tags.get("type") != "restriction" or "motorcar" in tags.get("except", ""):
        return []
    if not kind.startswith(("no_", "only_")):
        return None if "restriction:conditional" in tags else []
    members: dict[str, list[int]] = {"from": [], "to": [], "n": [], "w": []}
    for member in relation.members:
        if member.role == "via":
            members[member.type].append(member.ref) if member.type in members else None
        elif member.role in ("from", "to") and member.type == "w":
            members[member.role].append(member.ref)
    only = kind.startswith("only_")
    over = tuple(members["w"])
    return [
        Turn(before, via, after, only, over)
        for before in members["from"]
        for via in ([0] if over else members["n"])
        for after in members["to"]
    ]
