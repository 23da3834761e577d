"""What a camera wrote into a photo: when, where and with what."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from PIL import Image

ORIENTATION, MAKE, MODEL, CHANGED = 0x0112, 0x010F, 0x0110, 0x0132
EXIF, GPS = 0x8769, 0x8825
TAKEN, ZONE_TAKEN = 0x9003, 0x9011
UNREADABLE = (
    OSError, ValueError, TypeError, KeyError, IndexError, ZeroDivisionError, OverflowError, SyntaxError, AttributeError,
    struct.error,
)  # fmt: skip
"""What reading a damaged EXIF block may end in; the picture may be good all the same."""


@dataclass(frozen=True, slots=True)
class Said:
    """What the original says of itself; `orientation` is EXIF's number from 1 to 8."""

    orientation: int = 1
    taken_at: int | None = None
    device: str | None = None
    lon: float | None = None
    lat: float | None = None


def said(picture: Image.Image, timezone: str) -> Said:
    """The facts of a photo; times without a zone are those of the region."""
    try:
        block = picture.getexif()
        main, more, place = dict(block), block.get_ifd(EXIF), block.get_ifd(GPS)
    except UNREADABLE:
        return Said()
    turned = main.get(ORIENTATION, 1)
    lon, lat = degrees(place, 4, b"W", 180), degrees(place, 2, b"S", 90)
    return Said(
        orientation=turned if turned in range(1, 9) else 1,
        taken_at=moment(more.get(TAKEN) or main.get(CHANGED), more.get(ZONE_TAKEN), timezone),
        device=" ".join(filter(None, (plain(main.get(MAKE)), plain(main.get(MODEL)))))[:120] or None,
        lon=lon if lat is not None else None,
        lat=lat if lon is not None else None,
    )


def plain(value: Any) -> str:
    """A text that can be stored."""
    text = (
        value.decode("utf-8", "replace")
        if isinstance(value, bytes)
        else value
        if isinstance(value, str)
        else ""
    )
    return "".join(char for char in text if char.isprintable()).strip()


def moment(value: Any, offset: Any, timezone: str) -> int | None:
    """UTC ms of `2026:11:22 14:05:00` with an offset like `+08:00`, None where it is no time."""
    day, _, time = plain(value)[:19].partition(" ")
    try:
        at = datetime.fromisoformat(f"{day.replace(':', '-')}T{time}{plain(offset)}")
        found = round((at if at.tzinfo else at.replace(tzinfo=ZoneInfo(timezone))).timestamp() * 1000)
    except UNREADABLE:
        return None
    return found if found > 0 else None


def degrees(place: Any, key: int, negative: bytes, limit: int) -> float | None:
    """A coordinate out of degrees, minutes and seconds, None where there is none that can be."""
    try:
        whole, minutes, seconds = (float(each) for each in place[key])
        found = whole + minutes / 60 + seconds / 3600
        sign = place.get(key - 1, "")
        if (sign if isinstance(sign, bytes) else str(sign).encode())[:1].upper() == negative:
            found = -found
    except UNREADABLE:
        return None
    return round(found, 7) if abs(found) <= limit else None
