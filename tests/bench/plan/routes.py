"""A plan as a file: `{"routes": [[order, …] for each technician]}`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import SupportsInt

from tests.bench.plan.unusable import Unusable, content

Routes = list[list[int]]


def write_routes(routes: Iterable[Iterable[SupportsInt]], path: Path) -> None:
    """Write a plan; whoever reads the file meanwhile sees the old one or the new one, never half of one."""
    text = json.dumps({"routes": [[int(stop) for stop in route] for route in routes]})
    half = path.with_name(f"{path.name}.part")
    try:
        half.write_text(text, "utf-8")
        half.replace(path)
    except OSError as error:
        raise Unusable(f"{path} cannot be written ({error.strerror}).") from error


def read_routes(path: Path, *, count: int, stops: range) -> Routes:
    """Read a plan of `count` routes over these stops; raises `Unusable` for whatever is not one."""
    try:
        read = json.loads(content(path))
    except (ValueError, RecursionError) as error:
        raise Unusable(f"{path} is not JSON, or only a part of it ({error}).") from error
    routes = read.get("routes") if isinstance(read, dict) else None
    if not isinstance(routes, list):
        raise Unusable(f'{path} is not a plan: it has no list "routes".')
    if len(routes) != count:
        raise Unusable(f"{path} has {len(routes)} routes, the day has {count} technicians.")
    for number, route in enumerate(routes):
        if not isinstance(route, list) or any(type(stop) is not int for stop in route):
            raise Unusable(f"{path}: route {number} is not a list of whole numbers.")
        if strange := [stop for stop in route if stop not in stops]:
            raise Unusable(f"{path}: route {number} has a stop {strange[0]} that does not exist.")
    if twice := repeated(routes):
        raise Unusable(f"{path}: stop {twice[0]} is planned twice.")
    return routes


def repeated(routes: Sequence[Sequence[int]]) -> list[int]:
    """The stops that a plan has more than once."""
    seen: set[int] = set()
    twice: list[int] = []
    for stop in (stop for route in routes for stop in route):
        if stop in seen:
            twice.append(stop)
        seen.add(stop)
    return twice
