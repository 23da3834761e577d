"""Every sentence a person reads, in the language of this process.

English is written in the code and is its own key; other languages stand in
`resources/translations/<language>/*.json`. Where one English word needs two translations, a
context follows two hashes and is never shown: `t("Open##order")`.
"""

import functools
import json
import re
from collections.abc import Mapping
from typing import Final, Literal, get_args

from dispatcher_app import resource

Language = Literal["zh_CN", "en"]

LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)
DEFAULT: Final[Language] = "zh_CN"

_REJECTIONS: Final = "rejections.json"
_CJK: Final = re.compile(
    r"[\u2e80-\u2fdf\u3005\u3007\u3021-\u3029\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
_SLOT: Final = re.compile(r"\{(\w+)\}")

# The one thing here that changes: a process speaks one language at a time, in all its threads.
_active: Language = DEFAULT


def use(language: str) -> Language:
    """Speak `language` from now on; an unknown one falls back to the default. Returns what is spoken."""
    global _active
    _active = next((known for known in LANGUAGES if known == language), DEFAULT)
    return _active


def language() -> Language:
    """The language spoken now."""
    return _active


def t(source: str, **params: object) -> str:
    """`source` in the spoken language, its `{name}` slots filled from `params`.

    A source without a translation is said as it stands; a slot without a value stays visible.
    """
    said = catalog(_active).get(source)
    return fill(source.partition("##")[0] if said is None else said, params)


def sentence(code: str, params: Mapping[str, object] | None = None) -> str:
    """What a refusal says to the person it refused, by the code of the `Rejected`."""
    said = rejections(_active).get(code) or rejections("en").get(code)
    if said is None:
        return t("This was refused, for a reason that this version cannot name ({code}).", code=code)
    return fill(said, params or {})


def fill(template: str, params: Mapping[str, object]) -> str:
    """`template` with its `{name}` slots filled; values are never read as templates themselves."""
    return _SLOT.sub(lambda slot: str(params.get(slot[1], slot[0])), template)


def slots(template: str) -> frozenset[str]:
    """The names of the `{name}` slots in `template`."""
    return frozenset(_SLOT.findall(template))


def has_cjk(text: str) -> bool:
    """Whether `text` holds a Chinese character (punctuation does not count)."""
    return _CJK.search(text) is not None


@functools.cache
def catalog(language: Language) -> Mapping[str, str]:
    """All translations of one language, read once from every file of its folder."""
    merged: dict[str, str] = {}
    for file in sorted(resource.path("translations", language).glob("*.json")):
        if file.name != _REJECTIONS:
            merged.update(json.loads(file.read_text(encoding="utf-8")))
    return merged


@functools.cache
def rejections(language: Language) -> Mapping[str, str]:
    """The sentences of refusals by their code, read once; empty where the language has none."""
    file = resource.path("translations", language, _REJECTIONS)
    if not file.is_file():
        return {}
    sentences: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
    return sentences
