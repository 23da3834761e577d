"""Instances in the text form of Solomon, and of Gehring and Homberger: vehicle routing with time windows."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tests.bench.plan.unusable import Unusable, content

COLUMNS = ("number", "x", "y", "demand", "ready time", "due date", "service time")
LARGEST = 20_000  # customers: a matrix of 1.6 GB


@dataclass(frozen=True)
class Vrptw:
    """One instance; place 0 is the depot, places 1..n the customers.

    Times and distances are whole tenths: every distance is cut (not rounded) to one decimal, the
    convention of the DIMACS challenge of 2021, in which best-known distances are given.
    """

    name: str
    vehicles: int
    capacity: int
    travel: NDArray[np.int64]  # [n + 1, n + 1]
    demand: NDArray[np.int64]
    earliest: NDArray[np.int64]
    latest: NDArray[np.int64]
    service: NDArray[np.int64]

    @property
    def customers(self) -> int:
        """How many customers there are, without the depot."""
        return len(self.demand) - 1


def read_vrptw(path: Path) -> Vrptw:
    """Read an instance; raises `Unusable` for whatever is not one."""
    lines = [line.split() for line in _text(path).splitlines()]
    rows = [(number, words) for number, words in enumerate(lines, 1) if words]
    name = rows[0][1][0] if rows else ""
    vehicle = _after(rows, "NUMBER", path)
    vehicles, capacity = (_whole(word, path, vehicle[0]) for word in vehicle[1])
    first = next((at for at, (_, words) in enumerate(rows) if words[0].upper() == "CUST"), None)
    if first is None or len(rows) < first + 3:
        raise Unusable(f"{path} has no table of customers.")
    table = np.array([_row(words, path, number) for number, words in rows[first + 1 :]])
    _refuse_wrong(table, vehicles, path)
    tenths = np.floor(table[:, 3:] * np.array([1, 10, 10, 10]) + 1e-9).astype(np.int64)
    return Vrptw(name, vehicles, capacity, _travel(table[:, 1:3]), *tenths.T)


def _text(path: Path) -> str:
    try:
        return content(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unusable(f"{path} is not a text file.") from error


def _after(rows: list[tuple[int, list[str]]], heading: str, path: Path) -> tuple[int, list[str]]:
    for (_, words), (number, following) in pairwise(rows):
        if words[0].upper() == heading and len(following) == 2:
            return number, following
    raise Unusable(f"{path} does not say how many vehicles there are and what they carry.")


def _row(words: list[str], path: Path, line: int) -> list[float]:
    if len(words) != len(COLUMNS):
        raise Unusable(f"{path}, line {line}: {len(words)} values instead of {len(COLUMNS)}.")
    try:
        values = [float(word) for word in words]
    except ValueError as error:
        raise Unusable(f"{path}, line {line}: not a number ({error}).") from error
    if not all(math.isfinite(value) and abs(value) < 1e9 for value in values):
        raise Unusable(f"{path}, line {line}: a value is out of range.")
    return values


def _whole(word: str, path: Path, line: int) -> int:
    if not word.isdecimal():
        raise Unusable(f"{path}, line {line}: {word} is not a whole number.")
    return int(word)


def _refuse_wrong(table: NDArray[np.float64], vehicles: int, path: Path) -> None:
    if len(table) - 1 > LARGEST:
        raise Unusable(f"{path} has {len(table) - 1} customers; {LARGEST} are the most this can hold.")
    if vehicles < 1:
        raise Unusable(f"{path} has no vehicles.")
    if not np.array_equal(table[:, 0], np.arange(len(table))):
        raise Unusable(f"{path}: the customers are not numbered 0, 1, 2 … in order.")
    for column, what in enumerate(COLUMNS[3:], 3):
        if (table[:, column] < 0).any():
            row = int(np.flatnonzero(table[:, column] < 0)[0])
            raise Unusable(f"{path}: customer {row} has a negative {what}.")


def _travel(places: NDArray[np.float64]) -> NDArray[np.int64]:
    apart = places[:, None, :] - places[None, :, :]
    # A hair is added because the root of an exact square may come out just below it.
    tenths: NDArray[np.int64] = np.floor(np.sqrt((apart**2).sum(axis=2)) * 10 + 1e-7).astype(np.int64)
    return tenths
