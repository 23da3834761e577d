"""Make `resources/pinyin.json` from pypinyin's dictionaries: run it after a new version of that library.

Initials need one letter a character; the library's own dictionaries would cost a desk 55 MB and a quarter of a second.
"""

import json
import string
import sys
from pathlib import Path

from pypinyin import Style, pinyin
from pypinyin.phrases_dict import phrases_dict

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from dispatcher_app.pinyin import FIRST, LONGEST, Readings  # noqa: E402

CHARACTERS = [chr(at) for at in range(FIRST, ord("鿿") + 1)]
"""The block of common characters; rarer ones stand for themselves."""


def table() -> Readings:
    """The usual letter of every character, the other letters some have, and the words that need saying."""
    usual, more = "", {}
    for char in CHARACTERS:
        found = pinyin(char, style=Style.FIRST_LETTER, heteronym=True)[0]
        letters = "".join(dict.fromkeys(each for each in found if each in string.ascii_lowercase))
        usual += letters[:1] or " "
        if letters[1:]:
            more[char] = letters[1:]
    known = Readings(usual, more, {})
    # Short ones first: a word is kept where the shorter ones within it would make it wrong.
    for word in sorted(filter(set(CHARACTERS).issuperset, phrases_dict), key=lambda word: (len(word), word)):
        read = "".join(each[0] for each in pinyin(word, style=Style.FIRST_LETTER))
        if len(word) <= LONGEST and known.together(word) != read:
            known.words[word] = read
    return known


def written(readings: Readings) -> str:
    """The table as the file holds it."""
    parts = {"usual": readings.usual, "more": readings.more, "words": readings.words}
    return json.dumps(parts, ensure_ascii=False, separators=(",", ":")) + "\n"


if __name__ == "__main__":
    (ROOT / "resources" / "pinyin.json").write_text(written(table()), encoding="utf-8")
