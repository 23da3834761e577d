"""Codes that people choose from have a word in each language."""

from __future__ import annotations

from typing import get_args

import pytest

from dispatcher_app import text
from dispatcher_app.domain.command.quoting import QUOTE_REASONS
from dispatcher_app.domain.standard import Stage
from dispatcher_app.domain.talk import PARTIES, REMOVALS, Purpose

CODES = [
    *(f"{code}##quote_reason" for code in QUOTE_REASONS),
    *(f"{code}##removal" for code in REMOVALS),
    *(f"{code}##purpose" for code in get_args(Purpose)),
    *(f"{code}##stage" for code in get_args(Stage)),
    *(f"{code}##party" for code in PARTIES),
]


@pytest.mark.parametrize("code", CODES)
def test_a_code_has_a_word_in_each_language(code: str) -> None:
    chinese, english = text.catalog("zh_CN")[code], text.catalog("en")[code]
    assert text.has_cjk(chinese)
    assert english
    assert not text.has_cjk(english)
