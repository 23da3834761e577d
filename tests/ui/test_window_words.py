"""Everything that the window says has a Chinese word, whatever way the word comes to the screen."""

from __future__ import annotations

import ast
from pathlib import Path

from dispatcher_app.text import LANGUAGES, catalog, rejections, slots
from ui import custody, deed, mark, name, strip
from ui.action.deck import ACTIONS
from ui.models.bench import STAGES
from ui.models.column import COLUMNS
from ui.models.counts import VIEWS
from ui.models.roster import TITLES
from ui.order import candidate, reason, snooze, step
from ui.paper import desk, receipt
from ui.paper.format import FORMATS

UI = Path(deed.__file__).parent
PARTS = (
    "admin",
    "queue",
    "order",
    "models",
    "payment",
    "reconcile",
    "roster",
    "conflict",
    "settings",
    "login",
)


def sources() -> list[Path]:
    return [*UI.glob("*.py"), *(file for part in PARTS for file in (UI / part).glob("*.py"))]


def written_out() -> set[str]:
    """Every sentence that stands in a call of t(...)."""
    found = set()
    for file in sources():
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or not node.args:
                continue
            if node.func.id in ("t", "_on_order", "_with_technician") and isinstance(
                node.args[0], ast.Constant
            ):
                found.add(str(node.args[0].value))
    return found


def looked_up() -> set[str]:
    """Every word that comes out of a table."""
    tables = (
        name._SIDES,
        name._ENTRIES,
        name._ROLES,
        name._QUOTE,
        name._STEPS,
        name._REASONS,
        candidate._PARTS,
        VIEWS,
        STAGES,
        custody.ACCESSORIES,
        custody.CONDITION,
        custody.CONSENT,
        desk._KINDS,
        receipt.RESULTS,
    )
    return {
        *(word for table in tables for word in table.values()),
        *(word for action in ACTIONS for word in (action.text, action.brief) if word),
        *(column.word for column in COLUMNS),
        *TITLES,
        *(paper.word for papers in FORMATS.values() for paper in papers),
        *(each.word for each in strip.KINDS.values()),
        *(each.word for kind in mark.KINDS.values() for each in kind.values()),
        *(word for word, _side in (*reason.CHANGE.values(), *reason.CANCEL.values())),
        *reason.PASSED_ON.values(),
        *reason.SNOOZED.values(),
        *snooze._SPANS.values(),
        *(template for template, _icon in step._TOLD.values()),
    }


def test_everything_said_is_translated() -> None:
    known = catalog("zh_CN")
    assert sorted((written_out() | looked_up()) - known.keys()) == []


def test_a_translation_has_the_slots_of_its_sentence() -> None:
    known = catalog("zh_CN")
    said = (written_out() | looked_up()) & known.keys()
    assert [each for each in sorted(said) if slots(each.partition("##")[0]) != slots(known[each])] == []


def test_the_windows_own_refusals_have_sentences_in_both_languages() -> None:
    own = {
        "no_order_chosen",
        "no_technician_chosen",
        "is_so_already",
        "nothing_to_undo",
        "not_allowed",
        "wrong_status",
    }
    for language in LANGUAGES:
        assert own <= rejections(language).keys()
