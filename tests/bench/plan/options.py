"""The words that the planning tools understand on the command line."""

from __future__ import annotations

import argparse
import json
import math
from pathlib import Path
from typing import Any

from tests.bench.plan.engine import cores_here
from tests.bench.plan.unusable import Unusable

LONGEST_S = 24 * 3600


def parser(name: str, what: str, *, seconds: float, cores: int | None = None) -> argparse.ArgumentParser:
    """A parser with what all tools have; `cores` is the default, without it all there are."""
    words = argparse.ArgumentParser(prog=f"bench {name}", description=what, allow_abbrev=False)
    words.add_argument(
        "--seconds", type=duration, default=seconds, help=f"time to plan, {seconds:g} by itself"
    )
    words.add_argument("--seed", type=whole, default=1, help="the same seed on one core begins the same way")
    words.add_argument(
        "--cores",
        "--threads",
        type=positive,
        default=cores or cores_here(),
        help="how many cores may work, " + (f"{cores} by itself" if cores else "all by itself"),
    )
    words.add_argument("--json", type=Path, help="keep the figures here as JSON")
    return words


def duration(word: str) -> float:
    """Seconds, more than none and less than a day."""
    seconds = float(word)
    if not math.isfinite(seconds) or not 0 < seconds <= LONGEST_S:
        raise argparse.ArgumentTypeError(f"{word} is not between 0 and {LONGEST_S} seconds")
    return seconds


def whole(word: str) -> int:
    """A whole number from 0 on."""
    if not word.isdecimal() or int(word) >= 2**31:
        raise argparse.ArgumentTypeError(f"{word} is not a whole number from 0 on")
    return int(word)


def positive(word: str) -> int:
    """A whole number from 1 to what any computer has cores."""
    if not 1 <= whole(word) <= 1024:
        raise argparse.ArgumentTypeError(f"{word} is not a whole number from 1 to 1024")
    return int(word)


def refuse_unwritable(*paths: Path | None) -> None:
    """Say that a result could not be kept before the time for it is spent."""
    for path in paths:
        if path is not None and (path.is_dir() or not path.parent.is_dir()):
            raise Unusable(f"{path} cannot be written: its folder is not there, or it is a folder itself.")


def keep_json(figures: dict[str, Any], path: Path | None) -> None:
    """Keep the figures where the caller wants them."""
    if path is None:
        return
    try:
        path.write_text(json.dumps(figures, indent=1), "utf-8")
    except OSError as error:
        raise Unusable(f"{path} cannot be written ({error.strerror}).") from error


def say(rows: list[tuple[str, str]]) -> None:
    """Print figures in two columns."""
    for name, value in rows:
        print(f"  {name:14} {value}", flush=True)
