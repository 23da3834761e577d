"""Which road a place is at: the nearest one, if it is near at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from dispatcher_app.domain.place import EARTH_RADIUS_M
from dispatcher_app.planning.road.graph import Graph

NEAR_M = 1_000.0
"""Farther from every road than this, a place can't be driven to."""
SAMPLE_M = 80.0
CANDIDATES = 8


@dataclass(frozen=True, slots=True)
class Snapped:
    """For each place its edge (-1: no road near), how far along it (0 to 1), and how far away the road is (metres)."""

    edge: NDArray[np.int64]
    along: NDArray[np.float64]
    away_m: NDArray[np.float64]


def joined(parts: Sequence[tuple[Snapped, NDArray[np.intp]]]) -> Snapped:
    """Some of these places and some of those, as one."""
    return Snapped(
        np.concatenate([each.edge[numbers] for each, numbers in parts]),
        np.concatenate([each.along[numbers] for each, numbers in parts]),
        np.concatenate([each.away_m[numbers] for each, numbers in parts]),
    )


@dataclass(frozen=True, slots=True)
class Index:
    """Points along all roads in a tree, each with its segment; `flat` are the segments' ends in metres."""

    tree: Any
    segment: NDArray[np.int64]
    edge: NDArray[np.int32]
    before_m: NDArray[np.float64]
    flat: NDArray[np.float64]
    origin: tuple[float, float, float]


def index_of(graph: Graph) -> Index:
    """The roads of every part that counts, ready to be searched."""
    lat = float(np.median(graph.line[:, 1]))
    origin = (float(np.median(graph.line[:, 0])), lat, float(np.cos(np.radians(lat))))
    flat = plane(graph.line, origin)
    edge = np.repeat(np.arange(len(graph.part), dtype=np.int32), np.diff(graph.lines))
    last = np.zeros(len(edge), bool)
    last[graph.lines[1:] - 1] = True
    segment = np.flatnonzero(~last & (graph.part[edge] >= 0))
    step = np.hypot(*(flat[segment + 1] - flat[segment]).T)
    sums = np.concatenate(([0.0], np.cumsum(np.where(last[:-1], 0.0, np.hypot(*np.diff(flat, axis=0).T)))))
    before_m = sums - sums[graph.lines[edge]]
    count = np.maximum(1, np.ceil(step / SAMPLE_M)).astype(np.int64)
    of = np.repeat(np.arange(len(segment)), count)
    within = np.arange(len(of)) - np.repeat(np.cumsum(count) - count, count)
    share = (within + 0.5) / count[of]
    points = flat[segment[of]] + share[:, None] * (flat[segment[of] + 1] - flat[segment[of]])
    return Index(cKDTree(points), segment[of], edge, before_m, flat, origin)


def plane(degrees: NDArray[np.float64], origin: tuple[float, float, float]) -> NDArray[np.float64]:
    """Metres east and north of the city's middle."""
    lon, lat, squeeze = origin
    return np.radians(degrees - (lon, lat)) * (EARTH_RADIUS_M * squeeze, EARTH_RADIUS_M)


def snapped(index: Index, degrees: NDArray[np.float64]) -> Snapped:
    """The nearest road of each place, rows of (lon, lat)."""
    here = plane(degrees, index.origin)
    edge = np.full(len(here), -1, np.int64)
    along, away = np.zeros(len(here)), np.full(len(here), np.inf)
    usable = np.isfinite(here).all(axis=1)
    if not usable.any():
        return Snapped(edge, along, away)
    _, found = index.tree.query(here[usable], k=CANDIDATES, distance_upper_bound=NEAR_M + SAMPLE_M)
    missing = found == len(index.segment)
    segment = index.segment[np.where(missing, 0, found)]
    a, b = index.flat[segment], index.flat[segment + 1]
    step, to = b - a, here[usable][:, None, :] - a
    length = np.maximum((step**2).sum(axis=2), 1e-9)
    share = np.clip((step * to).sum(axis=2) / length, 0.0, 1.0)
    distance = np.hypot(*np.moveaxis(to - share[..., None] * step, 2, 0))
    distance[missing] = np.inf
    best = distance.argmin(axis=1)
    row = np.arange(len(best))
    near = distance[row, best] <= NEAR_M
    chosen = segment[row, best]
    edges = index.edge[chosen].astype(np.int64)
    edge[usable] = np.where(near, edges, -1)
    away[usable] = np.where(near, distance[row, best], np.inf)
    done = index.before_m[chosen] + share[row, best] * np.sqrt(length[row, best])
    along[usable] = done
    return Snapped(edge, along, away)
