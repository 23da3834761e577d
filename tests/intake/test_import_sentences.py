"""Every code of reading tables has its sentence in Chinese, with the same slots."""

import ast
import json
from pathlib import Path

import dispatcher_app.intake
from dispatcher_app import resource, text
from dispatcher_app.intake.sentence import SENTENCES


def test_every_sentence_is_translated_with_its_slots() -> None:
    translations = json.loads(
        resource.path("translations", "zh_CN", "intake.json").read_text(encoding="utf-8")
    )
    assert set(translations) == set(SENTENCES.values())
    for english, chinese in translations.items():
        assert text.slots(english) == text.slots(chinese)
        assert text.has_cjk(chinese)


def test_every_code_that_is_raised_has_a_sentence() -> None:
    folder = Path(dispatcher_app.intake.__file__).parent
    raised = {
        call.args[0].value
        for file in folder.glob("*.py")
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id == "TableError"
        and isinstance(call.args[0], ast.Constant)
    }
    assert raised
    assert raised <= set(SENTENCES)
