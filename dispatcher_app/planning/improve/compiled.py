"""Compiling the improver's inner loops, once a machine: the result is kept in the user's cache folder.

The folder is `NUMBA_CACHE_DIR`, else the user's cache folder. Below it, one folder a state of this package's sources:
numba itself looks only at the file of the outermost function, and would go on using what has changed further in.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar, cast

from platformdirs import user_cache_path

F = TypeVar("F", bound=Callable[..., Any])


def _kept() -> bool:
    """Choose where compiled code is kept; False where nothing can be written (it is compiled at each start then)."""
    digest = hashlib.sha256()
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(source.read_bytes())
    root = Path(os.environ.get("NUMBA_CACHE_DIR") or user_cache_path("dispatcher") / "numba")
    name = digest.hexdigest()[:16]
    folder = root if root.name == name else root / name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".probe-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError:
        return False
    os.environ["NUMBA_CACHE_DIR"] = str(folder)
    return True


KEPT: Final = _kept()

# After the folder is chosen: numba reads it when it is imported.
from numba import njit  # noqa: E402

# No kernel makes an array, so none has to count who holds one (_nrt): that alone is a factor of three.
_OPTIONS: Final[dict[str, Any]] = {"cache": KEPT, "nogil": True, "error_model": "numpy", "_nrt": False}


def compiled(function: F) -> F:
    """A function as machine code that lets other threads run beside it."""
    return cast(F, njit(**_OPTIONS)(function))


def woven(function: F) -> F:
    """The same, woven into its callers: handing over two dozen arrays costs more than a small function's work."""
    return cast(F, njit(forceinline=True, **_OPTIONS)(function))
