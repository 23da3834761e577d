"""Words with what is nobody else's business made black: numbers, codes, and the names of other customers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

BLACK: Final = "████"
"""Always as long, so that nobody counts the letters."""

_NUMBER: Final = re.compile(
    r"(?<![0-9A-Za-z¥￥.])(?!\d{4}-\d\d-\d\d(?!\d))[+＋]?\d(?:[ \-‐-―－().（）]{0,2}\d){6,}[ \-]?[Xx]?(?![0-9A-Za-z])"
)
"""A telephone, card or identity number, however it is parted; dates, amounts and times are none."""
_SPELT: Final = re.compile(r"[零〇○一二三四五六七八九幺]{7,}")
"""A number written out, as people do to get it past a filter."""
_CODE: Final = re.compile(r"\d{3,}\s*[#＃]|[#＃]\s*\d{3,}")
"""What opens a door."""
_MAIL: Final = re.compile(r"[\w.+-]+[@＠][\w-]+\.[\w.-]+")
_LEAST: Final = 2
"""A single letter is no name: it would blacken half of every sentence."""


def blacked(text: str, hidden: Iterable[str] = ()) -> str:
    """The text with numbers, door codes and mail addresses black, and every one of these words."""
    made = "".join(map(plain, text))
    for pattern in (_MAIL, _CODE, _NUMBER, _SPELT):
        made = pattern.sub(BLACK, made)
    for word in sorted({each.strip() for each in hidden}, key=len, reverse=True):
        if len(word) >= _LEAST:
            exact = re.escape("".join(map(plain, word)))
            # The last digits of a number are hidden where they stand alone, not within an amount or a time.
            whole = rf"(?<![\d¥￥.:,]){exact}(?![\d.:,])" if word.isdigit() else exact
            made = re.sub(whole, BLACK, made, flags=re.IGNORECASE)
    return made


def plain(sign: str) -> str:
    """A digit or letter as it is typed on a keyboard, whatever width or shape it has; other signs as they stand."""
    if (digit := unicodedata.decimal(sign, None)) is not None:
        return str(digit)
    return unicodedata.normalize("NFKC", sign) if sign.isalnum() else sign
