"""A prepared city on disk: the graph as arrays, and a page that says what it is and that it is whole.

`<name>.json` names the file of arrays and its checksum and is put in place last, so that a city is there whole or not
at all; the arrays of the former one are removed after it.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dispatcher_app.domain.act import Broken
from dispatcher_app.planning.road.graph import Figures, Graph

VERSION = 1
"""Raised when the arrays, or what they mean, change: an older city is to be imported again."""
DAY_S = 24 * 3600
NAME = re.compile(r"[a-z0-9][a-z0-9_.-]{0,59}")


class BrokenCity(Exception):
    """A prepared city can't be used; the reason as a rule with its sentence."""

    def __init__(self, reason: Broken) -> None:
        super().__init__(reason.code)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What is known of a prepared city without opening it; `box` is west, south, east, north."""

    name: str
    version: int
    arrays: str
    checksum: str
    file: str
    imported_at: int
    box: tuple[float, float, float, float]
    figures: Figures


def name_fits(name: str) -> bool:
    """Whether a city may be called so: its files are."""
    return NAME.fullmatch(name) is not None


def save(
    folder: Path, name: str, graph: Graph, order: NDArray[np.int32], figures: Figures, file: str, at: int
) -> Page:
    """Keep a city, in place of one of that name; raises OSError and leaves the former one where that fails."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for left in folder.glob(f".{name}.*.part"):
        # Of an import that was killed, not of one that runs beside this.
        if at / 1000 - left.stat().st_mtime > DAY_S:
            left.unlink(missing_ok=True)
    unfinished = folder / f".{name}.{os.getpid()}.part"
    try:
        with unfinished.open("wb") as out:
            np.savez(out, order=order, **{each.name: getattr(graph, each.name) for each in fields(Graph)})
            out.flush()
            os.fsync(out.fileno())
        checksum = digest(unfinished)
        west, south = graph.line.min(axis=0)
        east, north = graph.line.max(axis=0)
        page = Page(
            name=name, version=VERSION, arrays=f"{name}.{checksum[:12]}.npz", checksum=checksum, file=file,
            imported_at=at, box=(float(west), float(south), float(east), float(north)), figures=figures,
        )  # fmt: skip
        unfinished.replace(folder / page.arrays)
        unfinished.write_text(json.dumps(asdict(page), indent=1), "utf-8")
        unfinished.replace(folder / f"{name}.json")
    finally:
        unfinished.unlink(missing_ok=True)
    for former in arrays_of(folder, name):
        if former.name != page.arrays:
            former.unlink(missing_ok=True)
    return page


def arrays_of(folder: Path, name: str) -> Iterator[Path]:
    """The files of arrays that a city of that name has or had."""
    yield from (each for each in folder.glob(f"{name}.*.npz") if each.name.count(".") == name.count(".") + 2)


def digest(file: Path) -> str:
    """The checksum of a file."""
    with file.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def names(folder: Path) -> list[str]:
    """The prepared cities of a folder."""
    return sorted(each.stem for each in folder.glob("*.json")) if folder.is_dir() else []


def page_of(folder: Path, name: str) -> Page:
    """What a city says of itself; raises BrokenCity."""
    try:
        said = json.loads((folder / f"{name}.json").read_text("utf-8"))
        version = said["version"]
        page = Page(**{**said, "box": tuple(said["box"]), "figures": Figures(**said["figures"])})
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BrokenCity(Broken("city_page_broken", {"city": name})) from error
    if version != VERSION:
        raise BrokenCity(Broken("city_other_version", {"city": name}))
    return page


def load(folder: Path, page: Page) -> tuple[Graph, NDArray[np.int32]]:
    """A city's graph and the order of its nodes; raises BrokenCity where the file is not what was written."""
    file = folder / page.arrays
    try:
        if digest(file) != page.checksum:
            raise BrokenCity(Broken("city_file_broken", {"city": page.name}))
        with np.load(file, allow_pickle=False) as arrays:
            return Graph(**{each.name: arrays[each.name] for each in fields(Graph)}), arrays["order"]
    except (OSError, ValueError, KeyError) as error:
        raise BrokenCity(Broken("city_file_broken", {"city": page.name})) from error


def remove(folder: Path, name: str) -> bool:
    """Forget a city; False where there is none of that name."""
    page = folder / f"{name}.json"
    if not page.exists():
        return False
    page.unlink()
    for each in arrays_of(folder, name):
        each.unlink(missing_ok=True)
    return True
