"""What the figures were measured on."""

from __future__ import annotations

import os
import platform
from typing import Any


def machine() -> dict[str, Any]:
    """System, cores and memory, and how busy it was before."""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 0
    return {
        "system": platform.platform(),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "usable_cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "memory_gb": round(pages / 2**30, 1),
        "load_before": os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
    }


def words(about: dict[str, Any]) -> str:
    """The machine on one line."""
    load = "" if about["load_before"] is None else f", load {about['load_before']:.1f}"
    return (
        f"{about['system']}, {about['usable_cores']} of {about['cores']} cores, "
        f"{about['memory_gb']} GB, python {about['python']}{load}"
    )
