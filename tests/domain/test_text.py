"""Every sentence in the code has its Chinese, and says the same things."""

import ast
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from dispatcher_app import resource, text

ROOT = resource.ROOT.parent


@pytest.fixture(autouse=True)
def _default_language() -> Iterator[None]:
    text.use(text.DEFAULT)
    yield
    text.use(text.DEFAULT)


def calls() -> Iterator[tuple[str, str, set[str] | None]]:
    """Each literal `t("…")` in the tree: where, the source, and the slots given (None when `**params`)."""
    for folder in ("dispatcher_app", "ui"):
        for file in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if not (isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant)):
                    continue
                called = node.func
                name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
                source = node.args[0].value
                if name == "t" and isinstance(source, str):
                    given = {keyword.arg for keyword in node.keywords}
                    where = f"{file.relative_to(ROOT)}:{node.lineno}"
                    yield where, source, None if None in given else {each for each in given if each}


def catalog_files() -> list[Path]:
    files = sorted(resource.path("translations").rglob("*.json"))
    assert files
    return files


def test_every_sentence_in_the_code_has_a_chinese_translation() -> None:
    known = text.catalog("zh_CN")
    missing = [f"{where} {source!r}" for where, source, _ in calls() if source not in known]
    assert not missing, "\n".join(missing)


def test_a_sentence_in_the_code_is_given_all_its_slots_or_handed_on_as_a_template() -> None:
    wrong = [
        f"{where} {source!r} {sorted(given)}"
        for where, source, given in calls()
        if given and text.slots(source) != given
    ]
    assert not wrong, "\n".join(wrong)


def test_a_translation_has_exactly_the_slots_of_its_source() -> None:
    wrong = [
        source
        for language in text.LANGUAGES
        for source, said in text.catalog(language).items()
        if text.slots(said) != text.slots(source)
    ]
    assert not wrong


def test_one_source_is_translated_the_same_way_in_every_file() -> None:
    seen: dict[tuple[str, str], tuple[str, str]] = {}
    clashes = []
    for file in catalog_files():
        for source, said in json.loads(file.read_text(encoding="utf-8")).items():
            other = seen.setdefault((file.parent.name, source), (said, file.name))
            if other[0] != said:
                clashes.append(f"{source!r}: {other[1]} says {other[0]}, {file.name} says {said}")
    assert not clashes, "\n".join(clashes)


def test_a_refusal_has_the_same_slots_in_both_languages() -> None:
    chinese, english = text.rejections("zh_CN"), text.rejections("en")
    assert set(chinese) == set(english)
    assert [code for code in english if text.slots(chinese[code]) != text.slots(english[code])] == []


def test_chinese_is_spoken_unless_told_otherwise() -> None:
    assert text.t("Today") == "今天"
    assert text.use("en") == "en"
    assert text.t("Today") == "Today"


def test_an_unknown_language_falls_back_to_the_default() -> None:
    assert text.use("xx") == "zh_CN" == text.language()


def test_an_unknown_source_is_said_as_it_stands_without_its_context() -> None:
    assert text.t("No such {thing}##nowhere", thing="shelf") == "No such shelf"


def test_a_slot_without_a_value_stays_visible() -> None:
    assert text.t("{n} of {m} nowhere", n=1) == "1 of {m} nowhere"


def test_a_value_with_braces_is_not_read_as_a_template() -> None:
    assert text.t("hello {name} nowhere", name="{code}", code=1) == "hello {code} nowhere"


def test_an_unknown_refusal_says_its_code_in_both_languages() -> None:
    assert "no_such_code" in text.sentence("no_such_code", {})
    assert text.has_cjk(text.sentence("no_such_code"))
    text.use("en")
    assert "no_such_code" in text.sentence("no_such_code")
    assert not text.has_cjk(text.sentence("no_such_code"))


def test_chinese_characters_are_told_from_punctuation() -> None:
    assert text.has_cjk("No. 3 号")
    assert text.has_cjk("𠮷野家")
    assert not text.has_cjk("A，B。¥12")
