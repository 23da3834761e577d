"""The words of the customer's page, in the reader's language."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping

from dispatcher_app import resource, text
from dispatcher_app.text import Language


@functools.cache
def words(language: Language) -> Mapping[str, str]:
    """All words of the page in a language."""
    read: dict[str, str] = json.loads(resource.path("pages", f"{language}.json").read_text(encoding="utf-8"))
    return read


def say(name: str, language: Language, **params: object) -> str:
    """One of them, its slots filled."""
    return text.fill(words(language)[name], params)


def refusal(code: str, params: Mapping[str, object], language: Language) -> str:
    """What a rule's no is in the reader's language, never more than that."""
    said = text.rejections(language).get(code)
    return text.fill(said, params) if said is not None else words(language)["refused"]


def preferred(chosen: str | None, header: str) -> Language:
    """The language asked for, else the first one of the browser's that we speak, else the default."""
    if chosen in text.LANGUAGES:
        return next(each for each in text.LANGUAGES if each == chosen)
    for part in header.split(",")[:20]:
        tag = part.partition(";")[0].strip().lower()
        if tag.startswith("zh"):
            return "zh_CN"
        if tag.startswith("en"):
            return "en"
    return text.DEFAULT
