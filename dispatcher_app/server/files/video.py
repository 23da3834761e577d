"""Videos are kept as they are, but for what they say of where and with what they were made."""

from __future__ import annotations

from pathlib import Path

from dispatcher_app.server.files import box, ebml
from dispatcher_app.server.files.box import Film
from dispatcher_app.server.files.digest import sha256_of
from dispatcher_app.server.files.media import Looked

COPY = 1 << 20


def look(part: Path, media: str, view: Path) -> Looked:
    """A copy with the tell-tale places blanked, where there are any, and what they said; raises Rejected."""
    film: Film = ebml.read(part) if media == "video/webm" else box.read(part)
    original = sha256_of(part)
    size = part.stat().st_size
    sha256 = original
    if film.blank:
        copy_blanked(part, view, film)
        sha256 = sha256_of(view)
    return Looked(
        media=media, original_media=media, size=size, sha256=sha256, original_size=size, original_sha256=original,
        sealed=bool(film.blank), width=film.width, height=film.height, taken_at=film.taken_at, device=film.device,
        lon=film.lon, lat=film.lat,
    )  # fmt: skip


def copy_blanked(part: Path, view: Path, film: Film) -> None:
    """The same file, byte for byte in its place, with the blanked spans overwritten."""
    with part.open("rb") as source, view.open("wb") as copy:
        while chunk := source.read(COPY):
            copy.write(chunk)
        for span in film.blank:
            copy.seek(span.start)
            copy.write(span.head)
            left = span.end - span.start - len(span.head)
            while left > 0:
                left -= copy.write(bytes(min(left, COPY)))
