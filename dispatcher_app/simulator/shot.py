"""Photos that nobody took: schematic pictures of appliances, type plates, old and new parts."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

Scene = Literal["before", "after", "parts", "door", "device", "plate"]

SIZE = (960, 720)
"""Width and height in pixels."""
WALL, FLOOR, CASE, LINE = (228, 224, 214), (176, 160, 140), (248, 248, 246), (70, 78, 88)
GOOD, BAD, OLD, NEW = (46, 148, 92), (200, 62, 52), (140, 110, 84), (96, 150, 196)


@dataclass(frozen=True, slots=True)
class Shot:
    """What is on a photo: the scene, the item by its English name, the order's number."""

    scene: Scene
    item: str
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What the store says of a photo that it has taken in; sizes in bytes, hashes as SHA-256."""

    media: str = "image/jpeg"
    size: int
    sha256: str
    original_size: int
    original_sha256: str
    width: int = SIZE[0]
    height: int = SIZE[1]


Take = Callable[[str, Shot, str], Taken]
"""Keeps the photo of this attachment (id, what is on it, the order's id) and says what was kept."""


def imagined(id: str, shot: Shot, order: str) -> Taken:
    """A photo without a store: as if it had been kept."""
    print_ = hashlib.sha256(f"{id} {shot}".encode()).hexdigest()
    return Taken(size=40_000, sha256=print_, original_size=48_000, original_sha256=print_)


def drawn(shot: Shot) -> bytes:
    """The photo as a JPEG file."""
    from PIL import Image, ImageDraw

    picture = Image.new("RGB", SIZE, WALL)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 560, *SIZE), fill=FLOOR)
    match shot.scene:
        case "parts":
            parts(pen)
        case "door":
            door(pen)
        case "plate":
            plate(pen, shot)
        case _:
            appliance(pen, shot)
    write(pen, (24, 676), f"{shot.item}  #{shot.number}", 26)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=82)
    return out.getvalue()


def appliance(pen: ImageDraw, shot: Shot) -> None:
    """Its case with a display; opened and leaking before, closed and running after."""
    broken = shot.scene == "before"
    pen.rounded_rectangle((250, 110, 710, 600), 26, fill=CASE, outline=LINE, width=6)
    pen.rounded_rectangle((300, 150, 660, 230), 12, fill=(36, 42, 50))
    write(pen, (330, 166), "E4" if broken else "26.0 C", 44, BAD if broken else (120, 230, 160))
    pen.ellipse((360, 290, 600, 530), fill=(214, 222, 228), outline=LINE, width=6)
    if broken:
        pen.line((380, 320, 585, 505), fill=BAD, width=10)
        pen.line((585, 320, 380, 505), fill=BAD, width=10)
        pen.polygon([(250, 600), (420, 600), (470, 650), (210, 650)], fill=(120, 170, 210))
    elif shot.scene == "after":
        pen.line((410, 410, 470, 475), fill=GOOD, width=18)
        pen.line((470, 475, 570, 350), fill=GOOD, width=18)
    write(pen, (770, 40), shot.scene.upper(), 30, BAD if broken else LINE)


def parts(pen: ImageDraw) -> None:
    """The old part beside the new one."""
    for left, colour, name in ((120, OLD, "OLD"), (540, NEW, "NEW")):
        pen.rounded_rectangle((left, 220, left + 300, 480), 18, fill=colour, outline=LINE, width=5)
        for row in range(3):
            for column in range(4):
                x, y = left + 40 + column * 62, 260 + row * 66
                pen.rectangle((x, y, x + 36, y + 32), fill=(40, 48, 54))
        write(pen, (left + 110, 500), name, 34)


def door(pen: ImageDraw) -> None:
    """A closed front door."""
    pen.rectangle((330, 60, 630, 620), fill=(122, 84, 58), outline=LINE, width=8)
    pen.ellipse((585, 330, 612, 357), fill=(214, 180, 90))
    write(pen, (430, 110), "1802", 40, (240, 226, 190))


def plate(pen: ImageDraw, shot: Shot) -> None:
    """The type plate."""
    pen.rounded_rectangle((140, 120, 820, 600), 14, fill=(206, 210, 212), outline=LINE, width=5)
    rows = (
        shot.item.upper(),
        "MODEL  KX-26GW/B1",
        "220 V ~ 50 Hz   980 W",
        f"SN  {shot.number}",
        "MADE IN CHINA",
    )
    for row, words in enumerate(rows):
        write(pen, (190, 160 + row * 82), words, 40)


def write(
    pen: ImageDraw, at: tuple[int, int], words: str, size: int, colour: tuple[int, int, int] = LINE
) -> None:
    """Latin words on the picture."""
    from PIL import ImageFont

    pen.text(at, words, fill=colour, font=ImageFont.load_default(size))
