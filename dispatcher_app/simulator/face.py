"""Portraits of nobody: drawn heads in working clothes, each of a number told from the others at a glance."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

Colour = tuple[int, int, int]
Hair = Literal["crop", "parted", "quiff", "curly", "fringe", "bald"]
Hat = Literal["", "cap", "helmet"]

Hang = Callable[[str, bytes], str]
"""Keeps a portrait (id, JPEG) and says under which name."""

EDGE: Final = 360
"""Width and height in pixels."""
FINE: Final = 3
"""So many times larger it is drawn, so that edges are smooth once it is made small."""

GROUNDS: Final[tuple[Colour, ...]] = (
    (205, 224, 242), (214, 232, 214), (245, 226, 200), (228, 218, 240), (200, 230, 230),
    (244, 214, 210), (232, 230, 206), (214, 218, 232),
)  # fmt: skip
COATS: Final[tuple[Colour, ...]] = (
    (44, 84, 138), (36, 104, 96), (196, 98, 42), (74, 80, 92), (128, 58, 62), (52, 116, 168), (88, 96, 52),
)  # fmt: skip
SKINS: Final[tuple[Colour, ...]] = ((246, 216, 188), (236, 198, 164), (222, 180, 144), (204, 160, 124))
HAIRS: Final[tuple[Colour, ...]] = ((34, 30, 30), (58, 46, 40), (92, 88, 86), (150, 148, 146))
STYLES: Final[tuple[Hair, ...]] = ("crop", "parted", "quiff", "curly", "fringe", "bald")
HATS: Final[tuple[Hat, ...]] = ("", "cap", "", "", "helmet", "")
WHITE: Final[Colour] = (250, 250, 248)


@dataclass(frozen=True, slots=True)
class Face:
    """What somebody looks like; `wide` in parts of a thousand of the picture's edge."""

    ground: Colour
    coat: Colour
    skin: Colour
    hair: Colour
    style: Hair
    hat: Hat
    glasses: bool
    moustache: bool
    wide: int


def face(number: int) -> Face:
    """Somebody's face, the same for the same number."""
    dice = random.Random(7 * number + 3)
    return Face(
        ground=GROUNDS[number % len(GROUNDS)],
        coat=COATS[number % len(COATS)],
        skin=dice.choice(SKINS),
        hair=dice.choices(HAIRS, (8, 5, 2, 1))[0],
        style=STYLES[(number + number // len(STYLES)) % len(STYLES)],
        hat=HATS[(number // 2) % len(HATS)],
        glasses=number % 3 == 1,
        moustache=number % 7 == 4,
        wide=dice.randint(212, 244),
    )


def drawn(number: int) -> bytes:
    """The portrait as a JPEG file."""
    from PIL import Image, ImageDraw

    one = face(number)
    picture = Image.new("RGB", (EDGE * FINE, EDGE * FINE), one.ground)
    pen = Pen(ImageDraw.Draw(picture))
    body(pen, one)
    head(pen, one)
    if one.hat:
        hat(pen, one)
    else:
        hair(pen, one)
    out = io.BytesIO()
    picture.resize((EDGE, EDGE), Image.Resampling.BOX).save(out, "JPEG", quality=88)
    return out.getvalue()


@dataclass(frozen=True, slots=True)
class Pen:
    """Draws in parts of a thousand of the edge, from the upper left corner."""

    on: ImageDraw

    def at(self, *places: int) -> tuple[int, ...]:
        """The same places in pixels."""
        return tuple(each * EDGE * FINE // 1000 for each in places)

    def round(self, left: int, top: int, right: int, bottom: int, colour: Colour) -> None:
        """A filled ellipse."""
        self.on.ellipse(self.at(left, top, right, bottom), fill=colour)

    def block(self, left: int, top: int, right: int, bottom: int, radius: int, colour: Colour) -> None:
        """A filled block with round corners."""
        self.on.rounded_rectangle(self.at(left, top, right, bottom), self.at(radius)[0], fill=colour)

    def shape(self, *places: int, colour: Colour) -> None:
        """A filled polygon: x, y, x, y …"""
        self.on.polygon(self.at(*places), fill=colour)

    def half(self, left: int, top: int, right: int, bottom: int, colour: Colour) -> None:
        """The upper half of an ellipse, filled."""
        self.on.pieslice(self.at(left, top, right, bottom), 180, 360, fill=colour)

    def arc(self, *places: int, begin: int, end: int, width: int, colour: Colour) -> None:
        """A piece of an ellipse's edge between two angles, clockwise from three o'clock."""
        self.on.arc(self.at(*places), begin, end, fill=colour, width=self.at(width)[0])


def body(pen: Pen, one: Face) -> None:
    """Shoulders in a working jacket with a collar, and the neck."""
    pen.block(150, 760, 850, 1300, 190, one.coat)
    pen.shape(400, 770, 600, 770, 500, 930, colour=WHITE)
    pen.block(425, 640, 575, 830, 70, shade(one.skin, 0.88))
    pen.shape(385, 765, 430, 745, 500, 905, 455, 965, colour=shade(one.coat, 0.78))
    pen.shape(615, 765, 570, 745, 500, 905, 545, 965, colour=shade(one.coat, 0.78))
    pen.block(620, 900, 730, 925, 8, shade(one.coat, 1.35))


def head(pen: Pen, one: Face) -> None:
    """Ears, face, eyes, nose and a friendly mouth."""
    left, right = 500 - one.wide, 500 + one.wide
    dark = shade(one.skin, 0.84)
    for side in (left, right):
        pen.round(side - 45, 450, side + 45, 570, dark)
    pen.block(left, 270, right, 730, one.wide, one.skin)
    ink = shade(one.hair, 0.8)
    for x in (410, 590):
        pen.round(x - 22, 472, x + 22, 520, (40, 36, 36))
        pen.round(x + 2, 478, x + 16, 494, WHITE)
        pen.arc(x - 52, 412, x + 52, 470, begin=200, end=340, width=17, colour=ink)
    pen.arc(462, 500, 538, 580, begin=25, end=155, width=13, colour=dark)
    pen.arc(412, 540, 588, 660, begin=25, end=155, width=16, colour=(158, 74, 64))
    if one.moustache:
        pen.half(420, 586, 580, 646, ink)
    if one.glasses:
        for x in (410, 590):
            pen.arc(x - 74, 424, x + 74, 568, begin=0, end=360, width=13, colour=(52, 56, 66))
        pen.arc(478, 468, 522, 512, begin=200, end=340, width=13, colour=(52, 56, 66))


def hair(pen: Pen, one: Face) -> None:
    """As he combs it, or what is left of it."""
    left, right, ink = 500 - one.wide, 500 + one.wide, one.hair
    match one.style:
        case "crop":
            pen.half(left - 12, 210, right + 12, 560, ink)
        case "parted":
            pen.half(left - 16, 190, right + 16, 600, ink)
            pen.shape(560, 395, left + 30, 395, left + 60, 440, 520, 410, colour=ink)
            pen.shape(540, 396, right - 20, 396, right - 10, 450, colour=one.skin)
        case "quiff":
            pen.half(left - 8, 230, right + 8, 530, ink)
            pen.round(left + 40, 170, right + 30, 380, ink)
        case "curly":
            for at in range(7):
                x = left + at * (right - left) // 6
                y = 330 - (60, 115, 140, 150, 140, 115, 60)[at]
                pen.round(x - 78, y, x + 78, y + 150, ink)
        case "fringe":
            pen.half(left - 14, 200, right + 14, 590, ink)
            pen.block(left + 6, 330, right - 6, 430, 45, ink)
        case "bald":
            for side in (left, right):
                pen.round(side - 26, 390, side + 26, 500, ink)
            pen.round(400, 300, 480, 340, shade(one.skin, 1.06))


def hat(pen: Pen, one: Face) -> None:
    """A cap in the jacket's colour, or a helmet; the hair shows below it."""
    left, right = 500 - one.wide, 500 + one.wide
    for side in (left, right):
        pen.block(side - 16, 370, side + 16, 470, 14, one.hair)
    if one.hat == "cap":
        pen.half(left - 20, 170, right + 20, 610, one.coat)
        pen.block(left - 34, 366, right + 34, 424, 28, shade(one.coat, 0.72))
        pen.round(455, 250, 545, 330, WHITE)
    else:
        yellow = (240, 188, 48)
        pen.half(left - 34, 150, right + 34, 620, yellow)
        pen.block(460, 148, 540, 390, 34, shade(yellow, 0.86))
        pen.block(left - 66, 372, right + 66, 420, 24, shade(yellow, 0.92))


def shade(colour: Colour, part: float) -> Colour:
    """The colour darker (below 1) or lighter."""
    red, green, blue = (min(255, round(each * part)) for each in colour)
    return red, green, blue
