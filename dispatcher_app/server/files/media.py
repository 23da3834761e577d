"""What kinds of files there are, what they really are by their content, and which are a trap."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import puremagic

from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.media import PHOTOS, VIDEOS, signed

SAME: Final = {
    "image/jpg": "image/jpeg",
    "image/pjpeg": "image/jpeg",
    "image/heif": "image/heic",
    "image/heic-sequence": "image/heic",
    "image/heif-sequence": "image/heic",
    "video/quicktime": "video/mp4",
    "video/x-m4v": "video/mp4",
    "video/3gpp": "video/mp4",
    "application/x-matroska": "video/webm",
    "video/x-matroska": "video/webm",
}
"""Names for one and the same: a telephone calls an MP4 file .mov as it likes."""
SNIFF: Final = 4096
ACTIVE: Final = re.compile(rb"<(script|html|body|iframe|svg|!doctype|\?php)\b|%PDF-\d", re.IGNORECASE)
"""What a browser or a reader would take for a page of its own, wherever in a file it stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What was found in a file. `sealed` says whether the original holds more than what everybody may see.

    Sizes in bytes, moments in UTC ms, position in WGS-84 degrees.
    """

    media: str
    original_media: str
    size: int
    sha256: str
    original_size: int
    original_sha256: str
    sealed: bool
    thumb_sha256: str | None = None
    width: int | None = None
    height: int | None = None
    taken_at: int | None = None
    device: str | None = None
    lon: float | None = None
    lat: float | None = None


def named(claimed: str) -> str:
    """The one name of a type; raises Rejected for one that is not taken."""
    media = claimed.partition(";")[0].strip().lower()
    media = SAME.get(media, media)
    if media not in PHOTOS | VIDEOS:
        raise Rejected("upload_type", "type", type=media[:60] or "?")
    return media


def real_type(head: bytes) -> str:
    """The type by content, "" for what nobody knows."""
    if head[4:8] == b"ftyp":
        # All of this family look alike to the list of signatures; the brand tells them apart.
        return signed(head) or "application/octet-stream"
    try:
        found = [SAME.get(each.mime_type, each.mime_type) for each in puremagic.magic_string(head)]
    except (puremagic.PureError, ValueError):
        return ""
    known = [each for each in found if each in PHOTOS | VIDEOS]
    return next(iter(known), next(filter(None, found), ""))


def check(file: Path, claimed: str) -> str:
    """The type of a whole file; raises Rejected where it is not what it claims, or is two things at once."""
    with file.open("rb") as opened:
        head = opened.read(SNIFF)
        opened.seek(max(0, file.stat().st_size - SNIFF))
        tail = opened.read(SNIFF)
    if not head:
        raise Rejected("upload_empty", None)
    found = real_type(head)
    if found not in PHOTOS | VIDEOS:
        raise Rejected("upload_type", "type", type=found or "?")
    if found != claimed:
        raise Rejected("upload_lies", "type", claimed=claimed, found=found)
    if ACTIVE.search(head) or ACTIVE.search(tail) or zipfile.is_zipfile(file):
        raise Rejected("upload_dangerous", None)
    return found
