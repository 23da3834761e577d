"""Standards: published in versions, ticked on site, asked for when the work is called finished."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dispatcher_app.domain.act import SYSTEM, Actor, Rejected
from dispatcher_app.domain.calendar import DAY_MS
from dispatcher_app.domain.catalogue import Item
from dispatcher_app.domain.command import (
    AddVisit,
    Arrive,
    ConfirmQuote,
    Depart,
    DiscardStandard,
    FinishOrder,
    HoldOrder,
    MarkCheck,
    MarkLine,
    PublishStandard,
    QuotedLine,
    RemoveAttachment,
    SaveItem,
    SaveStandard,
)  # fmt: skip
from dispatcher_app.domain.edition import Series
from dispatcher_app.domain.rule.standard import standards_of, unchecked
from dispatcher_app.domain.standard import Check, Standard
from dispatcher_app.simulator.rehearsal import Rehearsal
from tests.domain import trade
from tests.domain.site import (
    AT,
    CHECKS,
    LI,
    LINK,
    STANDARD,
    WANG,
    WARM,
    code,
    on_site,
    photo,
    published,
    revised,
    shop,
)  # fmt: skip
from tests.domain.trade import ADMINISTRATOR, DISPATCHER, NOW, SUPERVISOR, order_of

LATER = NOW + 10 * DAY_MS


@pytest.fixture
def world() -> Rehearsal:
    """An order for a fridge in Li's hands, and the standard for what cools."""
    made = shop()
    on_site(made)
    return made


def left(world: Rehearsal) -> list[str]:
    return [each.check.id for each in unchecked(world, order_of(world))]


def tick(world: Rehearsal, check: str, actor: Actor = LI, **changes: Any) -> None:
    made = MarkCheck(order="o1", line=0, check=check, state="done")
    world.do(actor, replace(made, **changes), AT)


def standard_of(world: Rehearsal, id: str) -> Standard:
    found = world.get(Standard, id)
    assert found is not None
    return found


def test_an_order_keeps_the_version_of_when_its_work_began(world: Rehearsal) -> None:
    published(world, replace(STANDARD, id="cold-2", checks=CHECKS[:1]), NOW + 1)
    assert order_of(world).standards == ("cold-1",)
    assert left(world) == ["power", "inside", "clean"]


def test_another_visit_goes_on_by_the_version_that_the_work_began_by(world: Rehearsal) -> None:
    tick(world, "power")
    world.do(LI, HoldOrder(order="o1", reason="parts_missing", next_contact=trade.DATE), AT)
    published(world, replace(STANDARD, id="cold-2", checks=CHECKS[:1]), AT)
    again = AddVisit(order="o1", window=trade.window(17, 19), technician="li", start=trade.hour(17))
    world.do(DISPATCHER, again, AT)
    world.do(LI, Depart(order="o1", technician="li"), trade.hour(16.5))
    world.do(LI, Arrive(order="o1", technician="li", point=trade.CENTRE, accuracy_m=10), trade.hour(17))
    assert order_of(world).standards == ("cold-1",)
    assert left(world) == ["inside", "clean"]


def test_work_that_came_with_a_quote_is_held_to_its_standard_too(world: Rehearsal) -> None:
    wet = Standard(id="wet-1", series="standard:wet", name="水电标准", items=("tap",),
                   checks=(Check(id="valve", text="关总阀", stage="before", safety=True),))  # fmt: skip
    published(world, wet, AT)
    published(world, replace(STANDARD, id="cold-2", checks=CHECKS[:1]), AT)
    world.do(LI, revised(lines=(WARM, QuotedLine(item="tap", fault="drip"))), AT)
    world.do(SUPERVISOR, ConfirmQuote(order="o1", number=1, confirmation="phone"), AT)
    assert order_of(world).standards == ("cold-1", "wet-1")
    assert "valve" in left(world)


def test_a_version_is_in_force_from_its_moment_on_for_its_items() -> None:
    world = shop()
    published(world, replace(STANDARD, id="cold-2", items=("fridge",)), LATER)
    assert standards_of(world, ("fridge", "air", "fridge", "tap"), NOW) == ("cold-1",)
    assert standards_of(world, ("fridge",), LATER - 1) == ("cold-1",)
    assert standards_of(world, ("fridge",), LATER) == ("cold-2",)
    assert standards_of(world, ("air", "nothing"), LATER) == ()


def test_publishing_says_who_and_counts_the_version_and_names_the_items() -> None:
    world = shop()
    world.do(ADMINISTRATOR, SaveStandard(standard=replace(STANDARD, id="cold-2")), NOW)
    world.do(ADMINISTRATOR, PublishStandard(standard="cold-2", from_version=1, starts_at=LATER), NOW)
    made = standard_of(world, "cold-2")
    assert (made.state, made.number, made.starts_at, made.published_by) == (
        "published", 2, LATER, "staff:administrator",
    )  # fmt: skip
    series = world.get(Series, "standard:cold")
    assert series is not None
    assert [each.id for each in series.editions] == ["cold-1", "cold-2"]
    item = world.get(Item, "fridge")
    assert item is not None
    assert item.standard == "standard:cold"


def test_an_item_that_is_saved_keeps_its_standard() -> None:
    world = shop()
    item = world.get(Item, "fridge")
    assert item is not None
    world.do(ADMINISTRATOR, SaveItem(item=replace(item, standard=None, name="冰柜")), NOW)
    item = world.get(Item, "fridge")
    assert item is not None
    assert (item.name, item.standard) == ("冰柜", "standard:cold")


@pytest.mark.parametrize(
    ("changes", "rows"),
    [
        ({"items": ()}, [("standard_no_items", {})]),
        ({"checks": ()}, [("standard_no_checks", {})]),
        ({"checks": (CHECKS[0], CHECKS[0])}, [("check_doubled", {"row": 2})]),
        ({"checks": (replace(CHECKS[0], id=" "),)}, [("check_doubled", {"row": 1})]),
        ({"checks": (CHECKS[0], replace(CHECKS[1], text="  "))}, [("check_empty", {"row": 2})]),
        ({"checks": (replace(CHECKS[0], left_out="mark"),)}, [("check_safety", {"row": 1})]),
        ({"items": ("tap", "boat")}, [("standard_item_unknown", {"row": 2, "name": "boat"})]),
        ({"items": ("tap", "tap")}, [("standard_item_unknown", {"row": 2, "name": "tap"})]),
        ({"items": ("fridge",)}, [("standard_item_taken", {"item": "fridge", "series": "standard:cold"})]),
        (
            {"items": (), "checks": (replace(CHECKS[0], text="", left_out="mark"),)},
            [("standard_no_items", {}), ("check_empty", {"row": 1}), ("check_safety", {"row": 1})],
        ),
    ],
)
def test_nonsense_is_refused_at_publishing_with_every_row_named(
    changes: dict[str, Any], rows: list[tuple[str, dict[str, Any]]]
) -> None:
    world = shop()
    draft = replace(STANDARD, id="water-1", series="standard:water", items=("tap",))
    world.do(ADMINISTRATOR, SaveStandard(standard=replace(draft, **changes)), NOW)
    then = dict(world.entities)
    with pytest.raises(Rejected, match="standard_invalid") as refusal:
        world.do(ADMINISTRATOR, PublishStandard(standard="water-1", from_version=1, starts_at=NOW), NOW)
    assert [(each["code"], each["params"]) for each in refusal.value.params["rows"]] == rows
    assert world.entities == then


def test_an_item_goes_to_another_standard_once_its_own_lets_it_go() -> None:
    world = shop()
    other = replace(STANDARD, id="air-1", series="standard:air", items=("air",))
    published(world, replace(STANDARD, id="cold-2", items=("fridge",)), LATER)
    with pytest.raises(Rejected, match="standard_invalid"):
        published(world, other, LATER)
    world.do(SYSTEM, PublishStandard(standard="air-1", from_version=1, starts_at=LATER + 1), LATER)
    assert standards_of(world, ("air",), LATER + 1) == ("air-1",)


@pytest.mark.parametrize(
    ("starts_at", "code"),
    [(NOW - DAY_MS, "starts_in_the_past"), (NOW, "starts_too_early"), (NOW + 1, None)],
)
def test_a_version_begins_after_the_one_before_and_never_in_the_past(
    starts_at: int, code: str | None
) -> None:
    world = shop()
    draft = replace(STANDARD, id="cold-2")
    if code is None:
        published(world, draft, starts_at)
        return
    with pytest.raises(Rejected, match=code):
        published(world, draft, starts_at)


def test_what_is_published_never_changes() -> None:
    world = shop()
    made = standard_of(world, "cold-1")
    with pytest.raises(Rejected, match="edition_published"):
        world.do(ADMINISTRATOR, SaveStandard(standard=replace(made, state="draft", name="x")), NOW)
    with pytest.raises(Rejected, match="edition_published"):
        world.do(ADMINISTRATOR, PublishStandard(standard="cold-1", from_version=2, starts_at=LATER), NOW)
    assert standard_of(world, "cold-1") == made


def test_a_draft_is_thrown_away_and_brought_back_by_undo() -> None:
    world = shop()
    world.do(ADMINISTRATOR, SaveStandard(standard=replace(STANDARD, id="cold-2")), NOW)
    before = standard_of(world, "cold-2")
    for actor, id, version, refused in (
        (SUPERVISOR, "cold-2", 1, "not_allowed"),
        (ADMINISTRATOR, "cold-2", 2, "edited_meanwhile"),
        (ADMINISTRATOR, "cold-1", 2, "edition_published"),
    ):
        with pytest.raises(Rejected, match=refused):
            world.do(actor, DiscardStandard(standard=id, from_version=version), NOW)
    change = world.do(ADMINISTRATOR, DiscardStandard(standard="cold-2", from_version=1), NOW)
    assert standard_of(world, "cold-2").state == "discarded"
    with pytest.raises(Rejected, match="edition_discarded"):
        world.do(ADMINISTRATOR, PublishStandard(standard="cold-2", from_version=2, starts_at=LATER), NOW)
    world.do(ADMINISTRATOR, change.undo, NOW)
    assert standard_of(world, "cold-2") == replace(before, version=3)


def test_a_draft_that_somebody_edited_is_not_published_unread() -> None:
    world = shop()
    world.do(ADMINISTRATOR, SaveStandard(standard=replace(STANDARD, id="cold-2")), NOW)
    world.do(ADMINISTRATOR, SaveStandard(standard=replace(STANDARD, id="cold-2", version=1, name="新")), NOW)
    with pytest.raises(Rejected, match="edited_meanwhile"):
        world.do(ADMINISTRATOR, PublishStandard(standard="cold-2", from_version=1, starts_at=LATER), NOW)
    with pytest.raises(Rejected, match="edited_meanwhile"):
        world.do(ADMINISTRATOR, SaveStandard(standard=replace(STANDARD, id="cold-2")), NOW)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"series": "prices"}, "series_invalid"),
        ({"series": "standard:"}, "series_invalid"),
        ({"series": "standard:a b"}, "series_invalid"),
        ({"name": " "}, "required"),
        ({"state": "published"}, "edition_published"),
        ({"checks": tuple(replace(CHECKS[0], id=str(each)) for each in range(61))}, "too_many"),
        ({"checks": (Check(id="x", text="长" * 201),)}, "too_long"),
    ],
)
def test_a_draft_that_could_never_be_kept_is_refused(changes: dict[str, Any], code: str) -> None:
    world = shop()
    with pytest.raises(Rejected, match=code):
        world.do(ADMINISTRATOR, SaveStandard(standard=replace(STANDARD, id="x", **changes)), NOW)


def test_only_administrators_write_standards() -> None:
    world = shop()
    for command in (
        SaveStandard(standard=replace(STANDARD, id="x")),
        PublishStandard(standard="cold-1", from_version=1, starts_at=LATER),
    ):
        with pytest.raises(Rejected, match="not_allowed"):
            world.do(SUPERVISOR, command, NOW)


def test_what_is_ticked_is_no_longer_asked_for(world: Rehearsal) -> None:
    tick(world, "power")
    tick(world, "inside", photo=photo(world, "p"))
    assert left(world) == ["clean"]
    made = order_of(world).checks[1]
    assert (made.standard, made.check, made.photo, made.actor, made.at) == (
        "cold-1", "inside", "p", "technician:li", AT,
    )  # fmt: skip


def test_checks_of_parts_are_asked_where_a_part_is_fitted(world: Rehearsal) -> None:
    assert "old" not in left(world)
    world.do(LI, revised(), AT)
    world.do(LINK, ConfirmQuote(order="o1", number=1, confirmation="page"), AT)
    assert "old" in left(world)


def test_a_line_that_is_excused_needs_no_checks(world: Rehearsal) -> None:
    world.do(LI, MarkLine(order="o1", line=0, from_state="open", state="excused", reason="no_part"), AT)
    assert left(world) == []


def test_finishing_without_a_check_is_refused_or_marked_as_the_standard_says(world: Rehearsal) -> None:
    world.do(LI, MarkLine(order="o1", line=0, from_state="open", state="done"), AT)
    tick(world, "power")
    with pytest.raises(Rejected, match="checks_missing"):
        world.do(LI, FinishOrder(order="o1", technician="li"), AT)
    tick(world, "inside", photo=photo(world, "p"))
    change = world.do(LI, FinishOrder(order="o1", technician="li"), AT)
    assert (order_of(world).status, order_of(world).flags) == ("finished", ("standard_marked",))
    assert "standard_marked" in [each.code for each in change.warnings]


def test_a_photo_is_asked_for_and_must_be_the_orders_own(world: Rehearsal) -> None:
    trade.booked(world, "o2")
    photo(world, "theirs", "fault", "o2", DISPATCHER)
    with pytest.raises(Rejected, match="photo_missing"):
        tick(world, "inside")
    with pytest.raises(Rejected, match="not_found"):
        tick(world, "inside", photo="theirs")


def test_a_check_whose_photo_is_taken_away_is_open_again(world: Rehearsal) -> None:
    tick(world, "inside", photo=photo(world, "p"))
    world.do(SUPERVISOR, RemoveAttachment(attachment="p", reason="wrong_order"), AT)
    assert "inside" in left(world)


def test_undoing_a_tick_opens_the_check_again(world: Rehearsal) -> None:
    change = world.do(LI, MarkCheck(order="o1", line=0, check="power", state="done"), AT)
    world.do(LI, change.undo, AT, undoes="x")
    assert "power" in left(world)
    assert order_of(world).checks == ()


@pytest.mark.parametrize(
    ("actor", "check", "reason", "code"),
    [
        (LI, "clean", "customer_wish", None),
        (LI, "clean", "", "required"),
        (LI, "clean", "客户不让", "reason_unknown"),
        (LI, "inside", "camera_broken", "not_allowed"),
        (SUPERVISOR, "inside", "camera_broken", None),
        (SUPERVISOR, "power", "customer_wish", "check_safety_waived"),
    ],
)
def test_checks_are_waived_by_who_may_with_a_reason_and_safety_never(
    world: Rehearsal, actor: Actor, check: str, reason: str, code: str | None
) -> None:
    if code is None:
        tick(world, check, actor, state="waived", reason=reason)
        assert order_of(world).checks[0].state == "waived"
        return
    with pytest.raises(Rejected, match=code):
        tick(world, check, actor, state="waived", reason=reason)


def test_a_waiver_gives_a_mark_its_reason_and_takes_a_refusal_away(world: Rehearsal) -> None:
    tick(world, "clean", state="waived", reason="customer_wish")
    tick(world, "inside", SUPERVISOR, state="waived", reason="camera_broken")
    assert left(world) == ["power", "clean"]


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (MarkCheck(order="o1", line=0, check="tyres", state="done"), "check_unknown"),
        (MarkCheck(order="o1", line=4, check="power", state="done"), "check_unknown"),
        (MarkCheck(order="o1", line=0, check="power", state="open"), "changed_meanwhile"),
    ],
)
def test_a_check_that_is_not_asked_or_is_so_already_is_refused(
    world: Rehearsal, command: MarkCheck, code: str
) -> None:
    with pytest.raises(Rejected, match=code):
        world.do(LI, command, AT)


def test_another_technician_ticks_nothing(world: Rehearsal) -> None:
    with pytest.raises(Rejected, match="not_allowed"):
        tick(world, "power", WANG)


def test_the_code_of_a_finished_order_is_another_than_that_of_its_quote(world: Rehearsal) -> None:
    world.do(LI, revised(), AT)
    former = code(world)
    world.do(LINK, ConfirmQuote(order="o1", number=1, confirmation="page"), AT)
    world.do(LI, MarkLine(order="o1", line=0, from_state="open", state="done"), AT)
    tick(world, "power")
    tick(world, "old")
    tick(world, "inside", photo=photo(world, "p"))
    world.do(LI, FinishOrder(order="o1", technician="li"), AT)
    assert code(world, "confirm_code") != former
