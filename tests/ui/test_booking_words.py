"""A caller's words find items and faults, and danger."""

from __future__ import annotations

import pytest

from dispatcher_app.domain.catalogue import Item
from tests.ui.booking_desk import catalogue
from ui.booking import safety
from ui.booking.brand import matching
from ui.models import fault

ITEMS = [each for each in catalogue() if isinstance(each, Item)]


def best(said: str) -> tuple[str, str | None]:
    """Item and fault proposed first."""
    first = fault.propose(said, ITEMS)[0]
    return first.item.id, first.fault.id if first.fault else None


@pytest.mark.parametrize(
    ("said", "item", "broken"),
    [
        ("空调 不制冷", "ac", "not_cooling"),
        ("空调不制冷", "ac", "not_cooling"),
        ("kt bzl", "ac", "not_cooling"),
        ("ktbzl", "ac", "not_cooling"),
        ("KT BZL", "ac", "not_cooling"),
        ("bx bzl", "fridge", "not_cooling"),
        ("slt", "tap", None),
        ("空调", "ac", None),
        ("空调 加氟 2台", "ac", "gas"),
        ("air conditioner leak", "ac", "leak"),
        ("ac cool", "ac", "not_cooling"),
        ("the fridge is not cooling", "fridge", "not_cooling"),
        ("我家空调一直在滴水，地板都湿了", "ac", "leak"),
        ("冰箱不冷了，东西都坏了", "fridge", "not_cooling"),
        ("灶台点不着火", "hob", "ignition"),
    ],
)
def test_words_letters_and_sentences_find_item_and_fault(said: str, item: str, broken: str | None) -> None:
    assert best(said) == (item, broken)


def test_the_fault_alone_proposes_every_item_that_has_it() -> None:
    found = {each.item.id for each in fault.propose("bzl", ITEMS)}
    assert found == {"ac", "fridge"}


def test_an_item_alone_lists_its_faults_behind_it() -> None:
    found = fault.propose("kt", ITEMS)
    assert found[0].fault is None
    assert {each.fault.id for each in found[1:] if each.fault} == {"not_cooling", "leak", "noise", "gas"}


def test_words_that_fit_nothing_propose_nothing() -> None:
    assert fault.propose("xyz", ITEMS) == []


def test_nothing_typed_lists_every_item() -> None:
    assert [each.item for each in fault.propose("", ITEMS)] == ITEMS


@pytest.mark.parametrize(
    ("said", "count"), [("空调", 1), ("空调x2", 2), ("空调 加氟 3台", 3), ("tap *2", 2), ("x0", 1)]
)
def test_the_quantity_is_read_from_the_end(said: str, count: int) -> None:
    assert fault.quantity(said) == count


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("厨房有煤气味", "gas"),
        ("热水器漏气了", "gas"),
        ("I smell gas", "gas"),
        ("there is a gas leak", "gas"),
        ("插座冒烟", "smoke"),
        ("the oven is smoking", "smoke"),
        ("洗衣机漏电", "shock"),
        ("刚才触电了", "shock"),
        ("I got an electric shock", "shock"),
        ("空调不制冷", None),
        ("gas hob won't ignite", None),
    ],
)
def test_danger_is_heard_in_the_words(said: str, kind: str | None) -> None:
    assert safety.danger(said) == kind


@pytest.mark.parametrize("kind", ["gas", "smoke", "shock"])
def test_every_danger_has_a_script(kind: str) -> None:
    assert len(safety.script(kind)) == 4


@pytest.mark.parametrize(
    ("typed", "found"),
    [("gl", ["格力"]), ("格", ["格力"]), ("he", ["海尔"]), ("尔", ["海尔"]), ("zzz", []), ("格力", ["格力"])],
)
def test_brands_are_found_by_letters(typed: str, found: list[str]) -> None:
    assert matching(typed, ("格力", "美的", "海尔")) == found
