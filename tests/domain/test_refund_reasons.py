"""Why money went back, counted and added up."""

from __future__ import annotations

from dataclasses import replace

from dispatcher_app.domain.calendar import midnight
from dispatcher_app.domain.money.reasons import given, summed
from dispatcher_app.domain.money.refund import Refund
from dispatcher_app.domain.order import Order
from dispatcher_app.simulator.rehearsal import Rehearsal
from tests.domain import onsite, trade
from tests.domain.paying import LATER, captured, compensation, proposal, sent, told
from tests.domain.trade import SUPERVISOR

ZONES = {"sh": trade.TIMEZONE}


def done(world: Rehearsal) -> list[Refund]:
    return world.all(Refund)


def test_only_what_was_paid_counts_under_its_reason_item_side_and_technician() -> None:
    world = trade.company()
    onsite.finished(world)
    captured(world)
    world.do(SUPERVISOR, proposal(5000, side="technician", reason="quality"), LATER)
    world.do(SUPERVISOR, proposal(1000, id="r2", reason="late"), LATER)
    world.do(SUPERVISOR, compensation(700, id="r3"), LATER)
    for id in ("r1", "r2"):
        sent(world, id)
        told(world, "done", id)
    orders = {each.id: each for each in world.all(Order)}
    found = given(done(world), orders, ZONES)
    assert [(each.reason, each.side, each.count, each.amount) for each in found] == [
        ("quality", "technician", 1, 5000), ("late", "platform", 1, 1000)
    ]  # fmt: skip
    assert {(each.item, each.technician, each.month) for each in found} == {("fridge", "li", "2026-11")}
    assert summed(found, "technician") == [("li", 2, 6000)]
    assert summed(found, "side") == [("technician", 1, 5000), ("platform", 1, 1000)]


def test_a_month_is_the_region_s_own_and_an_order_that_is_gone_still_counts() -> None:
    refund = Refund(
        id="r", region="sh", order="gone", amount=300, currency="CNY", reason="late", side="platform", state="done",
        proposed_by="staff:a", proposed_at=0, closed_at=midnight("2026-12-01", trade.TIMEZONE),
    )  # fmt: skip
    before = replace(refund, id="q", closed_at=(refund.closed_at or 0) - 1)
    found = given((refund, before), {}, ZONES)
    assert summed(found, "month") == [("2026-11", 1, 300), ("2026-12", 1, 300)]
    assert {each.item for each in found} == {""}
