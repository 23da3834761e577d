"""What a check of the whole installation names."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that does not agree: which check, and what about."""

    check: str
    about: str
