"""The elements of a WebM file: is it one, how large is the picture, which of them tell of its maker?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from dispatcher_app.domain.act import Rejected
from dispatcher_app.server.files.box import BOXES_LIMIT, Film, Span

HEADER, SEGMENT, DOC_TYPE = 0x1A45DFA3, 0x18538067, 0x4282
TRACKS, TRACK, VIDEO, WIDTH, HEIGHT = 0x1654AE6B, 0xAE, 0xE0, 0xB0, 0xBA
INFO, MADE_AT, CLUSTER = 0x1549A966, 0x4461, 0x1F43B675
TELLING: Final = frozenset({0x1254C367, 0x1941A469})
"""Tags and attachments."""
VOID: Final = b"\xec"
EPOCH_NS: Final = 978_307_200_000_000_000
"""From 1970 to 2001, where these files begin to count."""
VALUE_LIMIT: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class Element:
    """One element: its id, where it begins, where its content begins, where it ends; -1 where it doesn't say."""

    id: int
    start: int
    inside: int
    end: int


def read(file: Path) -> Film:
    """What is in a WebM file; raises Rejected for one that is damaged or another kind of Matroska."""
    size = file.stat().st_size
    with file.open("rb") as opened:
        head, segment = element(opened, 0, size), None
        kinds = {each.id: value(opened, each) for each in elements(opened, head.inside, head.end)}
        if head.id == HEADER and kinds.get(DOC_TYPE, b"").rstrip(b"\0") == b"webm":
            segment = element(opened, head.end, size)
        if segment is None or segment.id != SEGMENT:
            raise Rejected("video_unreadable", None)
        blank, width, height, made_at, frames = [], None, None, None, False
        for each in elements(opened, segment.inside, size if segment.end < 0 else segment.end):
            if each.id in TELLING:
                blank.append(blanked(each))
            elif each.id == TRACKS:
                width, height = picture_size(opened, each)
            elif each.id == INFO:
                made_at = moment(opened, each)
            frames |= each.id == CLUSTER
        if not frames or width is None:
            raise Rejected("video_unreadable", None)
        return Film(blank=tuple(blank), width=width, height=height, taken_at=made_at)


def element(opened: BinaryIO, start: int, limit: int) -> Element:
    """The element at a place; raises Rejected where there is none that fits."""
    opened.seek(start)
    head = opened.read(12)
    id_width = 9 - head[0].bit_length() if head and head[0] else 9
    if id_width > 4 or len(head) <= id_width:
        raise Rejected("video_unreadable", None)
    width = 9 - head[id_width].bit_length() if head[id_width] else 9
    if width > 8 or len(head) < id_width + width:
        raise Rejected("video_unreadable", None)
    number = int.from_bytes(head[id_width : id_width + width], "big") & ((1 << 7 * width) - 1)
    unknown = number == (1 << 7 * width) - 1
    inside = start + id_width + width
    end = -1 if unknown else inside + number
    if end > limit:
        raise Rejected("video_unreadable", None)
    return Element(int.from_bytes(head[:id_width], "big"), start, inside, end)


def elements(opened: BinaryIO, start: int, end: int) -> Iterator[Element]:
    """The elements of a stretch; one of unknown length is the last that can be told apart."""
    for _ in range(BOXES_LIMIT * 10):
        if start >= end:
            return
        found = element(opened, start, end)
        yield found
        if found.end < 0:
            return
        start = found.end
    raise Rejected("video_unreadable", None)


def value(opened: BinaryIO, found: Element) -> bytes:
    """What an element holds; nothing of one that is too long for a value."""
    if not 0 <= found.end - found.inside <= VALUE_LIMIT:
        return b""
    opened.seek(found.inside)
    return opened.read(found.end - found.inside)


def blanked(found: Element) -> Span:
    """The same room as a void element: one byte of id, the length in as many bytes as are left of the old head."""
    if found.end < 0:
        raise Rejected("video_unreadable", None)
    width = min(8, found.inside - found.start - 1)
    length = found.end - found.start - 1 - width
    return Span(found.start, found.end, VOID + (length | 1 << 7 * width).to_bytes(width, "big"))


def picture_size(opened: BinaryIO, tracks: Element) -> tuple[int | None, int | None]:
    """Width and height of the first track that is seen, in pixels."""
    for track in elements(opened, tracks.inside, tracks.end):
        if track.id != TRACK:
            continue
        for part in elements(opened, track.inside, track.end):
            if part.id == VIDEO:
                found = {each.id: value(opened, each) for each in elements(opened, part.inside, part.end)}
                sides = (int.from_bytes(found.get(side, b""), "big") or None for side in (WIDTH, HEIGHT))
                return next(sides), next(sides)
    return None, None


def moment(opened: BinaryIO, info: Element) -> int | None:
    """When the film was made (UTC ms), None where it doesn't say."""
    for each in elements(opened, info.inside, info.end):
        if each.id == MADE_AT and (found := value(opened, each)):
            at = (int.from_bytes(found, "big", signed=True) + EPOCH_NS) // 1_000_000
            return at if 0 < at < 1 << 43 else None
    return None
