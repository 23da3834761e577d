"""The first catalogue: nothing endless, free or without a word for it."""

from __future__ import annotations

from collections import Counter

from dispatcher_app.catalogue_file import commands, first_catalogue
from dispatcher_app.domain.act import SYSTEM
from dispatcher_app.domain.book import PriceBook
from dispatcher_app.domain.catalogue import Item
from dispatcher_app.simulator.rehearsal import Rehearsal
from dispatcher_app.text import has_cjk
from tests.domain.trade import NOW

CATALOGUE = first_catalogue()


def test_catalogue_is_saved_by_ordinary_commands() -> None:
    world = Rehearsal("sh")
    for command in commands(CATALOGUE, "CNY", NOW):
        world.do(SYSTEM, command, NOW)
    assert {item.id for item in world.all(Item)} == {item.id for item in CATALOGUE.items}
    assert [book.state for book in world.all(PriceBook)] == ["published"]


def test_every_category_has_items_and_every_item_its_category() -> None:
    found = Counter(item.category for item in CATALOGUE.items)
    assert set(found) == {category.id for category in CATALOGUE.categories}
    assert len({item.id for item in CATALOGUE.items}) == len(CATALOGUE.items) >= 25


def test_every_fault_has_a_time_a_price_and_words() -> None:
    book = CATALOGUE.book
    assert book is not None
    for item in CATALOGUE.items:
        assert item.id == "other" or 3 <= len(item.faults) <= 6, item.id
        assert len({fault.id for fault in item.faults}) == len(item.faults)
        for fault in item.faults:
            assert 15 <= fault.minutes <= 240, (item.id, fault.id)
            assert 3_000 <= book.labour_by_fault[item.id, fault.id].price <= 100_000, (item.id, fault.id)
            assert fault.words, (item.id, fault.id)


def test_everything_is_named_in_both_languages() -> None:
    faults = [(fault.name, fault.name_en) for item in CATALOGUE.items for fault in item.faults]
    above = [(each.name, each.name_en) for group in (CATALOGUE.categories, CATALOGUE.items) for each in group]
    for name, english in (*above, *faults):
        assert has_cjk(name), name
        assert english, name
        assert not has_cjk(english), english


def test_work_at_height_on_the_mains_and_on_gas_asks_for_its_certificate() -> None:
    by_skill = {item.skill: set(item.certificates) for item in CATALOGUE.items}
    assert by_skill["air-conditioning"] == {"制冷与空调作业", "高处作业"}
    assert by_skill["electrical"] == {"低压电工作业"}
    assert by_skill["gas"] == {"燃气具安装维修"}


def test_every_fault_says_how_it_is_repaired_and_takes_known_parts_that_have_a_price() -> None:
    book, known = CATALOGUE.book, {part.id for part in CATALOGUE.parts}
    assert book is not None
    assert set(book.part_by_id) == known
    for item in CATALOGUE.items:
        for fault in item.faults:
            assert has_cjk(fault.method), (item.id, fault.id)
            assert fault.method_en, (item.id, fault.id)
            assert known.issuperset(fault.parts), (item.id, fault.id)
    items = {item.id for item in CATALOGUE.items}
    for part in CATALOGUE.parts:
        assert part.items, part.id
        assert items.issuperset(part.items), part.id


def test_every_price_leaves_something_above_its_cost() -> None:
    book = CATALOGUE.book
    assert book is not None
    both = [(each.cost, each.price) for each in book.labour] + [
        (each.cost, each.price) for each in book.parts
    ]
    for cost, price in both:
        assert cost is not None
        assert cost < price


def test_every_item_is_held_to_one_standard_with_photos_before_and_after() -> None:
    held = Counter(item for standard in CATALOGUE.standards for item in standard.items)
    assert held == Counter({item.id: 1 for item in CATALOGUE.items})
    for standard in CATALOGUE.standards:
        photos = {check.stage for check in standard.checks if check.photo and check.left_out == "refuse"}
        assert {"before", "after"} <= photos, standard.name
        assert any(check.safety for check in standard.checks) or standard.name == "家居维修"
    named = {item.standard for item in CATALOGUE.items}
    assert named == {standard.series for standard in CATALOGUE.standards}


def test_about_sixty_items_are_known_in_three_categories() -> None:
    assert len(CATALOGUE.categories) == 3
    assert 55 <= len(CATALOGUE.items) <= 70
