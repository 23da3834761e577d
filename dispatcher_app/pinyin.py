"""Pinyin initials of names, so that 张女士 is found by zns and 单田芳 by stf as well as dtf."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import product

from pypinyin import Style, pinyin

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


@lru_cache(maxsize=50_000)
def initials(name: str) -> str:
    """All likely initials of a name in lower case, blank between alternatives; empty where nothing is Chinese."""
    if not any("\u4e00" <= char <= "\u9fff" for char in name):
        return ""
    # Chinese stays together, so that 空调 is kt and not kd; every other character stands for itself.
    runs = re.findall(r"[\u4e00-\u9fff]+|.", name.lower(), re.DOTALL)
    found = [each for run in runs for each in pinyin(run, style=Style.FIRST_LETTER)]
    first = pinyin(name[0].lower(), style=Style.FIRST_LETTER, heteronym=True)[0]
    heads = dict.fromkeys([SURNAMES[name[0]]] if name[0] in SURNAMES else [])
    heads.update(dict.fromkeys([found[0][0], *first]))
    rest = "".join(each[0] for each in found[1:])
    return " ".join(head + tail for head, tail in product(heads, [rest]))
