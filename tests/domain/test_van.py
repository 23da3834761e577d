"""What is in a van, and what a visit takes along."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dispatcher_app.domain.act import SYSTEM, Rejected
from dispatcher_app.domain.catalogue import Fault, Packing
from dispatcher_app.domain.command import (
    BookedLine,
    ConfirmQuote,
    FinishOrder,
    HoldOrder,
    IssueParts,
    MarkLine,
    ReturnParts,
    SaveItem,
    SavePart,
)  # fmt: skip
from dispatcher_app.domain.packing import Packed, packing_list
from dispatcher_app.domain.van import Stocked, Van
from dispatcher_app.simulator.rehearsal import Rehearsal
from tests.domain import trade
from tests.domain.site import AT, BOARD, LI, LINK, NEW_BOARD, VALVE, WARM, on_site, revised, shop
from tests.domain.trade import COUNTER, DISPATCHER, FRIDGE, NOW, order_of


def van(world: Rehearsal, technician: str = "li") -> Van:
    return world.get(Van, technician) or Van(id=technician, region="sh")


def issued(world: Rehearsal, **parts: int) -> None:
    stocked = tuple(Stocked(part, quantity) for part, quantity in parts.items())
    world.do(COUNTER, IssueParts(technician="li", parts=stocked), NOW)


def test_parts_go_into_the_van_and_come_back() -> None:
    world = shop()
    issued(world, board=2, valve=1)
    issued(world, board=1)
    assert van(world).stock == (Stocked("board", 3), Stocked("valve", 1))
    world.do(DISPATCHER, ReturnParts(technician="li", parts=(Stocked("board", 3),)), NOW)
    assert van(world).stock == (Stocked("valve", 1),)


@pytest.mark.parametrize("first", [IssueParts, ReturnParts])
def test_undoing_a_move_of_parts_restores_the_van(first: Any) -> None:
    world = shop()
    issued(world, board=2)
    then = van(world).stock
    change = world.do(COUNTER, first(technician="li", parts=(Stocked("board", 1),)), NOW)
    assert van(world).stock != then
    world.do(COUNTER, change.undo, NOW, undoes="x")
    assert van(world).stock == then


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (IssueParts(technician="li", parts=()), "required"),
        (IssueParts(technician="nobody", parts=(Stocked("board", 1),)), "not_found"),
        (IssueParts(technician="li", parts=(Stocked("x", 1),)), "not_found"),
        (IssueParts(technician="li", parts=(Stocked("board", 0),)), "part_quantity_invalid"),
        (IssueParts(technician="li", parts=(Stocked("board", 1000),)), "part_quantity_invalid"),
        (IssueParts(technician="li", parts=(Stocked("board", 1),) * 2), "part_doubled"),
        (ReturnParts(technician="li", parts=(Stocked("board", 3),)), "van_has_fewer"),
        (ReturnParts(technician="li", parts=(Stocked("valve", 1),)), "van_has_fewer"),
    ],
)
def test_moves_that_make_no_sense_are_refused(command: Any, code: str) -> None:
    world = shop()
    issued(world, board=2)
    with pytest.raises(Rejected, match=code):
        world.do(COUNTER, command, NOW)
    assert van(world).stock == (Stocked("board", 2),)


def test_parts_out_of_use_are_not_issued_but_come_back() -> None:
    world = shop()
    issued(world, board=2)
    world.do(SYSTEM, SavePart(part=replace(BOARD, version=1, retired=True)), NOW)
    with pytest.raises(Rejected, match="part_retired"):
        issued(world, board=1)
    world.do(COUNTER, ReturnParts(technician="li", parts=(Stocked("board", 2),)), NOW)
    assert van(world).stock == ()


@pytest.mark.parametrize("actor", [LI, trade.staff("complaints"), trade.staff("counter", regions=("bj",))])
def test_others_than_store_and_desk_move_no_parts(actor: Any) -> None:
    with pytest.raises(Rejected, match=r"not_allowed|other_region"):
        shop().do(actor, IssueParts(technician="li", parts=(Stocked("board", 1),)), NOW)


def finished(world: Rehearsal, state: Any = "done") -> list[str]:
    """The order finished with two boards and a used valve; the codes of what was said about it."""
    parts = (replace(NEW_BOARD, quantity=2), replace(NEW_BOARD, part="valve", used=True, price=3000))
    world.do(LI, revised(lines=(WARM, replace(WARM, fault="ice")), parts=parts), AT)
    world.do(LINK, ConfirmQuote(order="o1", number=1, confirmation="page"), AT)
    world.do(LI, MarkLine(order="o1", line=0, from_state="open", state=state, reason="no_part"), AT)
    world.do(LI, MarkLine(order="o1", line=1, from_state="open", state="done"), AT)
    change = world.do(LI, FinishOrder(order="o1", technician="li"), AT)
    return [each.code for each in change.warnings]


def test_what_is_fitted_goes_from_the_van_and_used_parts_were_never_in_it() -> None:
    world = shop(None)
    on_site(world)
    issued(world, board=3, valve=1)
    assert finished(world) == []
    assert van(world).stock == (Stocked("board", 1), Stocked("valve", 1))


def test_parts_of_a_line_that_was_excused_stay_in_the_van() -> None:
    world = shop(None)
    on_site(world)
    issued(world, board=3)
    finished(world, "excused")
    assert van(world).quantity("board") == 3


def test_more_fitted_than_the_van_had_is_said_and_never_stops_the_work() -> None:
    world = shop(None)
    on_site(world)
    issued(world, board=1)
    assert finished(world) == ["van_short"]
    assert van(world).quantity("board") == -1
    with pytest.raises(Rejected, match="van_has_fewer"):
        world.do(COUNTER, ReturnParts(technician="li", parts=(Stocked("board", 1),)), NOW)


STOCKED_FRIDGE = replace(
    FRIDGE,
    version=2,
    tools=("万用表",),
    faults=(
        Fault(
            id="warm", name="不制冷", name_en="Warm", minutes=60, tools=("真空泵", "万用表"), parts=("valve",)
        ),
        Fault(id="ice", name="结冰", name_en="Ice", minutes=90, tools=("热风枪",), parts=("gasket",)),
    ),
    packing=(
        Packing(brand="海尔", tools=("海尔解码器",), parts=("board",)),
        Packing(brand="美的", tools=("美的解码器",)),
        Packing(fault="ice", tools=("毛巾",)),
    ),
)


@pytest.fixture
def packed() -> Rehearsal:
    """A company whose fridge has a packing list."""
    world = shop(None)
    world.do(SYSTEM, SaveItem(item=replace(STOCKED_FRIDGE, version=1)), NOW)
    return world


def test_the_list_has_what_item_fault_and_brand_take_and_what_the_van_lacks(packed: Rehearsal) -> None:
    issued(packed, valve=1)
    trade.assigned(packed)
    found = packing_list(packed, order_of(packed))
    assert found.tools == ("万用表", "真空泵", "海尔解码器")
    assert found.parts == (Packed("valve", 1, 0, False), Packed("board", 1, 1, False))
    assert [each.part for each in found.lacking] == ["board"]


def test_without_a_known_fault_the_list_has_what_any_of_them_takes(packed: Rehearsal) -> None:
    trade.booked(packed, lines=(BookedLine(item="fridge", quantity=2),))
    found = packing_list(packed, order_of(packed))
    assert found.tools == ("万用表", "真空泵", "热风枪", "毛巾")
    assert found.parts == (Packed("valve", 2, 2, False), Packed("gasket", 2, 2, False))


def test_quoted_parts_come_first_and_those_waited_for_are_among_them(packed: Rehearsal) -> None:
    on_site(packed)
    packed.do(LI, revised(parts=(replace(NEW_BOARD, quantity=2),)), AT)
    packed.do(LINK, ConfirmQuote(order="o1", number=1, confirmation="page"), AT)
    packed.do(
        LI, HoldOrder(order="o1", reason="parts", next_contact="2026-11-25", parts=("board", "gasket")), AT
    )
    found = packing_list(packed, order_of(packed))
    assert found.parts == (
        Packed("board", 2, 2, True), Packed("gasket", 1, 1, True), Packed("valve", 1, 1, False),
    )  # fmt: skip


@pytest.mark.parametrize(
    "part", [replace(VALVE, retired=True), replace(VALVE, items=("air",)), replace(VALVE, brands=("美的",))]
)
def test_a_part_that_does_not_fit_is_not_packed(packed: Rehearsal, part: Any) -> None:
    packed.do(SYSTEM, SavePart(part=replace(part, version=1)), NOW)
    trade.booked(packed)
    assert [each.part for each in packing_list(packed, order_of(packed)).parts] == ["board"]


def test_nothing_is_packed_for_what_is_done(packed: Rehearsal) -> None:
    on_site(packed)
    packed.do(LI, MarkLine(order="o1", line=0, from_state="open", state="done"), AT)
    assert packing_list(packed, order_of(packed)).parts == ()
