"""The boxes of an MP4 or MOV file: is it whole, how large is the picture, what does it tell of its maker?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from dispatcher_app.domain.act import Rejected

TOP: Final = frozenset({
    b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"moof", b"mfra", b"sidx", b"styp", b"pdin", b"ssix",
})  # fmt: skip
MOVIE: Final = frozenset({b"mvhd", b"trak", b"mvex", b"iods", b"free", b"skip", b"wide"})
TRACK: Final = frozenset({b"tkhd", b"edts", b"mdia", b"tref", b"tapt", b"load", b"free", b"skip", b"wide"})
"""What a film needs to be played; everything else may tell of place, device and owner, and is blanked."""
PLAYED: Final = frozenset({b"vide", b"soun", b"sbtl", b"text", b"subt"})
EPOCH_S: Final = 2_082_844_800
"""From 1904, where these files begin to count, to 1970."""
PLACE = re.compile(rb"([+-]\d{1,2}\.\d{2,8})([+-]\d{1,3}\.\d{2,8})(?:[+-][\d.]+)?/")
"""ISO 6709, as telephones write it."""
MAKER = re.compile(
    rb"(Apple|iPhone[ \w,]*|HUAWEI[ \w-]*|HONOR[ \w-]*|Xiaomi[ \w-]*|samsung[ \w-]*|OPPO[ \w-]*|vivo[ \w-]*)"
)
BOXES_LIMIT: Final = 10_000
READ_LIMIT: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Span:
    """Bytes from `start` up to before `end`, to be overwritten by `head` and zeros."""

    start: int
    end: int
    head: bytes


@dataclass(frozen=True, slots=True)
class Box:
    """One box: its type, where it begins, where its content begins, where it ends."""

    type: bytes
    start: int
    inside: int
    end: int


@dataclass(frozen=True, slots=True)
class Film:
    """What a video says of itself, and what has to be blanked before others see it."""

    blank: tuple[Span, ...] = ()
    width: int | None = None
    height: int | None = None
    taken_at: int | None = None
    device: str | None = None
    lon: float | None = None
    lat: float | None = None


def read(file: Path) -> Film:
    """What is in a whole MP4 or MOV file; raises Rejected for one that is damaged or cut off."""
    with file.open("rb") as opened:
        top = list(boxes(opened, 0, file.stat().st_size))
        types = [each.type for each in top]
        if types[:1] != [b"ftyp"] or b"moov" not in types or b"mdat" not in types:
            raise Rejected("video_unreadable", None)
        movie = top[types.index(b"moov")]
        inside = list(boxes(opened, movie.inside, movie.end))
        tracks = [
            (each, list(boxes(opened, each.inside, each.end))) for each in inside if each.type == b"trak"
        ]
        extra = [each for each in top if each.type not in TOP]
        extra += [each for each in inside if each.type not in MOVIE]
        measured: list[Span] = []
        for track, parts in tracks:
            if played(opened, parts):
                extra += [each for each in parts if each.type not in TRACK]
            else:
                extra.append(track)
                measured += [each for each in samples(opened, track) if within(each, top)]
        told = b"".join(content(opened, each) for each in extra)
        place, maker = PLACE.search(told), MAKER.search(told)
        width, height = picture_size(opened, tracks)
        return Film(
            blank=(*measured, *map(blanked, extra)),
            width=width,
            height=height,
            taken_at=made_at(opened, inside),
            device=maker.group(1).decode("ascii", "replace").strip()[:120] if maker else None,
            lon=float(place.group(2)) if place and abs(float(place.group(2))) <= 180 else None,
            lat=float(place.group(1)) if place and abs(float(place.group(1))) <= 90 else None,
        )


def boxes(opened: BinaryIO, start: int, end: int) -> Iterator[Box]:
    """The boxes of a stretch, which they fill to the last byte; raises Rejected where they don't."""
    for _ in range(BOXES_LIMIT):
        if start == end:
            return
        opened.seek(start)
        head = opened.read(16)
        size, type_, inside = int.from_bytes(head[:4], "big"), head[4:8], start + 8
        if size == 1:
            size, inside = int.from_bytes(head[8:16], "big"), start + 16
        elif size == 0:
            size = end - start
        if len(type_) < 4 or size < inside - start or start + size > end:
            # Some cameras close a list of user data with four zero bytes.
            if end - start <= 8 and not any(head[: end - start]):
                return
            raise Rejected("video_unreadable", None)
        yield Box(type_, start, inside, start + size)
        start += size
    raise Rejected("video_unreadable", None)


def content(opened: BinaryIO, box: Box) -> bytes:
    """What a box holds, of a large one the beginning."""
    opened.seek(box.inside)
    return opened.read(min(box.end - box.inside, READ_LIMIT))


def blanked(box: Box) -> Span:
    """The same room, marked as free."""
    opened = (box.end - box.start).to_bytes(4, "big") if box.end - box.start < 1 << 32 else b"\0\0\0\1"
    head = opened + b"free"
    if opened == b"\0\0\0\1":
        head += (box.end - box.start).to_bytes(8, "big")
    return Span(box.start, box.end, head)


def played(opened: BinaryIO, parts: list[Box]) -> bool:
    """Whether a track is seen or heard; others carry telemetry."""
    media = next((each for each in parts if each.type == b"mdia"), None)
    if media is None:
        return False
    for each in boxes(opened, media.inside, media.end):
        if each.type == b"hdlr":
            return content(opened, each)[8:12] in PLAYED
    return False


def samples(opened: BinaryIO, track: Box) -> Iterator[Span]:
    """Where the measurements of a track lie that is neither seen nor heard."""
    table = track
    for step in (b"mdia", b"minf", b"stbl"):
        inside = next((each for each in boxes(opened, table.inside, table.end) if each.type == step), None)
        if inside is None:
            return
        table = inside
    found = {each.type: content(opened, each)[4:] for each in boxes(opened, table.inside, table.end)}
    sizes, runs = found.get(b"stsz", b""), list(numbers(found.get(b"stsc", b"")[4:], 4))
    places = list(numbers(found.get(b"stco", b"")[4:], 4)) or list(numbers(found.get(b"co64", b"")[4:], 8))
    same, many = int.from_bytes(sizes[:4], "big"), iter(numbers(sizes[8:], 4))
    left = int.from_bytes(sizes[4:8], "big")
    run, each_holds = 0, 0
    for number, start in enumerate(places, 1):
        while run + 2 < len(runs) and runs[run] <= number:
            each_holds, run = runs[run + 1], run + 3
        taken = min(each_holds, left)
        length = same * taken if same else sum(size for _, size in zip(range(taken), many, strict=False))
        left -= taken
        yield Span(start, start + length, b"")


def numbers(table: bytes, width: int) -> Iterator[int]:
    """The numbers of a table, one after the other."""
    for at in range(0, len(table) - width + 1, width):
        yield int.from_bytes(table[at : at + width], "big")


def within(span: Span, top: list[Box]) -> bool:
    """Whether a stretch lies where frames and measurements lie, so that blanking it harms nothing else."""
    return any(each.type == b"mdat" and each.inside <= span.start < span.end <= each.end for each in top)


def picture_size(opened: BinaryIO, tracks: list[tuple[Box, list[Box]]]) -> tuple[int | None, int | None]:
    """Width and height of the first track that is seen, in pixels."""
    for _, parts in tracks:
        for each in parts:
            if each.type == b"tkhd":
                found = content(opened, each)
                width, height = (int.from_bytes(found[at : at + 2], "big") for at in (-8, -4))
                if len(found) >= 84 and width and height:
                    return width, height
    return None, None


def made_at(opened: BinaryIO, inside: list[Box]) -> int | None:
    """When the film was made (UTC ms), None where it doesn't say."""
    for each in inside:
        if each.type == b"mvhd":
            found = content(opened, each)
            wide = found[:1] == b"\1"
            seconds = int.from_bytes(found[4 : 12 if wide else 8], "big") - EPOCH_S
            return seconds * 1000 if 0 < seconds < 1 << 33 else None
    return None
