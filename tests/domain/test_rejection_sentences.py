"""Every refusal that the code can give has a sentence in both languages, and every sentence gets what it names."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from dispatcher_app import resource, text

ROOT = Path(__file__).resolve().parents[2]
# Params of the helpers whose call the scan can't follow, and of what the desk says by itself.
KNOWN: dict[str, set[str]] = {
    "no_connection": set(),
    "protocol_newer": set(),
    "log_in_again": set(),
    "unknown_command": set(),
    "body_too_large": set(),
    "too_many_tries": {"retry_after_s"},
    "no_quote_open": set(),
    "nothing_owed": set(),
}


def calls() -> Iterator[tuple[str, set[str] | None, str]]:
    """Each refusal in the code: its code, the params it is given (None: not to be seen), where it stands."""
    for folder in ("dispatcher_app", "ui"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if (
                    not isinstance(node, ast.Call)
                    or name_of(node.func) not in ("Rejected", "Broken")
                    or not node.args
                ):
                    continue
                first = node.args[0]
                for code in codes_in(first):
                    yield code, params_of(node), f"{path.relative_to(ROOT)}:{node.lineno}"


def name_of(func: ast.expr) -> str:
    return func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")


def codes_in(first: ast.expr) -> list[str]:
    """The literal codes of an argument, the two of a conditional included."""
    if isinstance(first, ast.Constant) and isinstance(first.value, str):
        return [first.value]
    if isinstance(first, ast.IfExp):
        return codes_in(first.body) + codes_in(first.orelse)
    return []


def params_of(call: ast.Call) -> set[str] | None:
    if name_of(call.func) == "Rejected":
        names = {keyword.arg for keyword in call.keywords}
        return None if None in names else {"field", *(name for name in names if name)}
    if len(call.args) < 2:
        return set()
    given = call.args[1]
    if isinstance(given, ast.Dict):
        return {
            key.value for key in given.keys if isinstance(key, ast.Constant) and isinstance(key.value, str)
        }
    return None


@pytest.mark.parametrize("language", text.LANGUAGES)
def test_every_refusal_has_a_sentence(language: text.Language) -> None:
    said = text.rejections(language)
    assert sorted({f"{code} ({where})" for code, _, where in calls() if code not in said}) == []


def test_every_sentence_names_only_what_every_refusal_gives_it() -> None:
    wrong = []
    for code, params, where in calls():
        wanted = text.slots(text.rejections("en").get(code, ""))
        if params is not None and not wanted <= params:
            wrong.append(f"{code} wants {sorted(wanted - params)} at {where}")
    assert wrong == []


def test_both_languages_have_the_same_sentences_with_the_same_slots() -> None:
    chinese, english = text.rejections("zh_CN"), text.rejections("en")
    assert set(chinese) == set(english)
    for code in chinese:
        assert text.slots(chinese[code]) == text.slots(english[code]), code


def test_chinese_is_chinese_and_english_is_english() -> None:
    assert [code for code, said in text.rejections("zh_CN").items() if not text.has_cjk(said)] == []
    assert [code for code, said in text.rejections("en").items() if text.has_cjk(said)] == []


def test_no_sentence_is_there_for_a_refusal_that_nobody_gives() -> None:
    given = {code for code, _, _ in calls()} | set(KNOWN)
    assert sorted(set(text.rejections("en")) - given) == []


def test_files_are_sorted_so_that_two_people_can_add_to_them() -> None:
    for language in text.LANGUAGES:
        file = resource.path("translations", language, "rejections.json")
        codes = list(json.loads(file.read_text("utf-8")))
        assert codes == sorted(codes)
