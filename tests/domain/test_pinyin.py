"""Initials, as people type them."""

import runpy
from pathlib import Path

import pytest

from dispatcher_app import resource
from dispatcher_app.pinyin import initials

TABLE = Path(__file__).parents[2] / "packaging" / "pinyin_table.py"


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("张女士", "zns"),
        ("空调", "kt"),  # 调 alone is d
        ("冰箱", "bx"),
        ("重庆", "cq"),
        ("长宁新村", "cnxc"),
        ("长寿路", "csl"),
        ("音乐学院", "yyxy"),
        ("朝阳", "zy"),
        ("北京朝阳区", "bjcyq"),  # a longer word corrects a shorter one
        ("阳光100小区A栋", "yg100xqad"),
        ("Tom张", "tomz"),
    ],
)
def test_a_name_is_found_by_its_initials(name: str, typed: str) -> None:
    assert typed in initials(name).split()


@pytest.mark.parametrize(
    ("name", "surname_first", "letter_first"),
    [("单田芳", "stf", "dtf"), ("仇先生", "qxs", "cxs"), ("解先生", "xxs", "jxs"), ("朴女士", "pns", "pns")],
)
def test_a_surname_is_found_by_both_of_its_readings(name: str, surname_first: str, letter_first: str) -> None:
    found = initials(name).split()
    assert found[0] == surname_first
    assert letter_first in found


def test_only_the_first_character_has_alternatives() -> None:
    assert sorted(initials("重行长单").split()) == ["cxzd", "txzd", "zxzd"]


@pytest.mark.parametrize("name", ["", "Smith", "100-200", "㐀㐁"])
def test_what_is_not_chinese_has_no_initials(name: str) -> None:
    assert initials(name) == ""


def test_the_table_of_readings_is_what_the_library_says() -> None:
    made = runpy.run_path(str(TABLE))
    assert made["written"](made["table"]()) == resource.path("pinyin.json").read_text(encoding="utf-8")
