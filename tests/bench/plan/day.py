"""A field day: orders and technicians of one day as arrays, kept in a .npz file."""

from __future__ import annotations

import struct
import zipfile
import zlib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.bench.plan.unusable import Unusable, opened

WEEK_S = 7 * 24 * 3600

Array = NDArray[Any]

# What numpy and zipfile raise for a file that is damaged somewhere: found by damaging files.
DAMAGED = (
    ArithmeticError,
    EOFError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
)


@dataclass(frozen=True)
class Day:
    """n orders, m technicians; all times in seconds of the day.

    Places 0..n-1 are the orders', n..n+m-1 the technicians' homes. `earliest` and `latest` bound the start
    of the visit, `penalty` is what leaving the order out costs. Every technician who has a route takes one
    break; it begins inside its bounds, at a place, not inside a drive.
    """

    travel: NDArray[np.int32]  # [n + m, n + m]; narrow, because 10,000 orders make 500 MB of it
    service: NDArray[np.int64]  # [n]
    earliest: NDArray[np.int64]  # [n]
    latest: NDArray[np.int64]  # [n]
    penalty: NDArray[np.int64]  # [n]
    allowed: NDArray[np.bool_]  # [m, n]
    shift_start: NDArray[np.int64]  # [m]
    shift_end: NDArray[np.int64]  # [m]
    break_earliest: int
    break_latest: int
    break_length: int

    @property
    def orders(self) -> int:
        """How many orders the day has."""
        return len(self.service)

    @property
    def technicians(self) -> int:
        """How many technicians the day has."""
        return len(self.shift_start)


def write_day(day: Day, path: Path) -> None:
    """Keep a day as a file that any reader of .npz understands; not compressed, because a big one takes long."""
    np.savez(path, **{field.name: getattr(day, field.name) for field in fields(Day)})


def read_day(path: Path) -> Day:
    """Read a day; raises `Unusable` for whatever is not one."""
    arrays = _arrays(path)
    missing = [field.name for field in fields(Day) if field.name not in arrays]
    if missing:
        raise Unusable(f"{path} lacks {', '.join(missing)}.")
    orders, technicians = arrays["service"].size, arrays["shift_start"].size

    def whole(name: str, *shape: int) -> NDArray[np.int64]:
        return _whole(name, arrays[name], shape, path).astype(np.int64, copy=False)

    travel = _whole("travel", arrays["travel"], (orders + technicians,) * 2, path)
    return Day(
        travel=travel.astype(np.int32, copy=False),
        service=whole("service", orders),
        earliest=whole("earliest", orders),
        latest=whole("latest", orders),
        penalty=whole("penalty", orders),
        allowed=_flags("allowed", arrays["allowed"], (technicians, orders), path),
        shift_start=whole("shift_start", technicians),
        shift_end=whole("shift_end", technicians),
        break_earliest=int(whole("break_earliest")),
        break_latest=int(whole("break_latest")),
        break_length=int(whole("break_length")),
    )


def _arrays(path: Path) -> dict[str, Array]:
    with opened(path) as stream:
        try:
            # Never unpickled: a file from elsewhere must not run anything.
            file = np.load(stream, allow_pickle=False)
            if isinstance(file, np.lib.npyio.NpzFile):
                with file:
                    return {name: np.asarray(file[name]) for name in file.files}
        except DAMAGED as error:
            reason = " ".join(str(error).split())
            raise Unusable(f"{path} is not a .npz file, or only a part of one ({reason}).") from error
    raise Unusable(f"{path} is a single array, not a day.")


def _whole(name: str, array: Array, shape: tuple[int, ...], path: Path) -> NDArray[Any]:
    _same_shape(name, array, shape, path)
    if array.dtype.kind not in "ui":
        raise Unusable(f"{path}: {name} holds something else than whole numbers.")
    if array.size and (int(array.min()) < 0 or int(array.max()) > WEEK_S):
        raise Unusable(f"{path}: {name} has a value outside 0 to {WEEK_S} seconds (a week).")
    return array


def _flags(name: str, array: Array, shape: tuple[int, ...], path: Path) -> NDArray[np.bool_]:
    _same_shape(name, array, shape, path)
    if array.dtype.kind not in "bui" or (array.dtype.kind != "b" and not np.isin(array, (0, 1)).all()):
        raise Unusable(f"{path}: {name} holds something else than yes and no.")
    return array.astype(np.bool_, copy=False)


def _same_shape(name: str, array: Array, shape: tuple[int, ...], path: Path) -> None:
    if array.shape != shape:
        raise Unusable(f"{path}: {name} has the shape {array.shape} instead of {shape}.")
