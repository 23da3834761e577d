"""Pinyin initials of names, so that 张女士 is found by zns and 单田芳 by stf as well as dtf."""

from __future__ import annotations

from functools import cache, lru_cache

import msgspec

from dispatcher_app import resource

FIRST = ord("一")
LONGEST = 8
"""Characters of the longest word whose reading is known."""
SURNAMES = {
    "单": "s",
    "仇": "q",
    "曾": "z",
    "解": "x",
    "查": "z",
    "朴": "p",
    "区": "o",
    "尉": "y",
    "乐": "y",
    "翟": "z",
}
"""Surnames read otherwise than the character usually is."""


class Readings(msgspec.Struct, frozen=True):
    """One letter a character, made by `packaging/pinyin_table.py`."""

    usual: str
    """From the first Chinese character on, a blank where none is known."""
    more: dict[str, str]
    """The other letters of characters with several readings."""
    words: dict[str, str]
    """Words whose characters are not read as they usually are, so that 空调 is kt and not kd."""

    def alone(self, char: str) -> str:
        """A character without its neighbours; what is not Chinese stands for itself."""
        at = ord(char) - FIRST
        letter = self.usual[at] if 0 <= at < len(self.usual) else " "
        return char if letter == " " else letter

    def together(self, text: str) -> str:
        """A whole text, the longest known words first."""
        read, at = "", 0
        while at < len(text):
            word = next(
                (word for end in range(LONGEST, 1, -1) if (word := text[at : at + end]) in self.words), ""
            )
            read += self.words[word] if word else self.alone(text[at])
            at += len(word) or 1
        return read


@cache
def readings() -> Readings:
    """How characters and words are read."""
    return msgspec.json.decode(resource.path("pinyin.json").read_bytes(), type=Readings)


@lru_cache(maxsize=4_096)
def initials(name: str) -> str:
    """All likely initials of a name in lower case, blank between alternatives; empty where nothing is Chinese."""
    if not any("\u4e00" <= char <= "\u9fff" for char in name):
        return ""
    read = readings().together(name.lower())
    first = name[0].lower()
    heads = dict.fromkeys((SURNAMES.get(first, read[0]), read[0], readings().alone(first)))
    heads |= dict.fromkeys(readings().more.get(first, ""))
    return " ".join(head + read[1:] for head in heads)
