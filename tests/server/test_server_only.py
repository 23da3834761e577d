"""What only the server says, nobody else may send: not one by one, not in bulk, whatever his role."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dispatcher_app import clock
from dispatcher_app.domain import command as c
from dispatcher_app.domain.traffic import Traffic
from tests.server.city import STAFF, copy_of
from tests.server.desk import desk, wire
from tests.server.process import Server, start

SENT: tuple[Any, ...] = (
    c.ExpireOffer(order="o", technician="sh-t1", expires_at=1),
    c.ExpireTransfer(order="o", to="sh-t1", expires_at=1),
    c.LapseQuote(order="o", number=1, lapses_at=1),
    c.WidenPool(order="o", from_ring=0, told=()),
    c.AwardGrab(order="o", decides_at=1),
    c.LeaveToDesk(order="o", mode="auto", reason="nobody_fit"),
    c.SetPortrait(technician="sh-t1", portrait="p"),
    c.MarkPromises(marks=(c.PromiseMark(order="o", reason="late"),)),
    c.RouteDay(day="sh-t1:2026-11-23", from_version=1, legs=(c.Leg(order="o", travel_s=60, source="road"),)),
    c.SaveTraffic(traffic=Traffic(id="sh", region="sh")),
    c.AddAttachment(
        order="o", attachment="a", purpose="after", media="image/jpeg", size=1, sha256="0" * 64,
        original_sha256="0" * 64, original_size=1,
    ),
    c.AgeCredit(technician="sh-t1"),
    c.CapturePayment(payment="p", amount=100, currency="CNY", reference="r"),
    c.FailPayment(payment="p", problem="refused"),
    c.PaymentOffered(payment="p", code="weixin://x"),
    c.RecordBill(
        provider="wechat", date="2026-11-22", digest="d", payments=0, paid=0, refunds=0, refunded=0,
    ),
    c.ReleaseShare(order="o"),
    c.SendInvoice(order="o", tries=0),
    c.SendRefund(order="o", refund="r", tries=0),
    c.StartSettlement(cadence="weekly", first="2026-11-16"),
    c.SettleTechnician(settlement="s", technician="sh-t1", after=0, totals=()),
    c.FinishSettlement(settlement="s", technicians=0, done=0, earned=0, tax=0, netted=0, payable=0),
)  # fmt: skip


@pytest.fixture(scope="module")
def server(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = start(copy_of(seeded, tmp_path_factory.mktemp("only") / "data"))
    yield running
    running.stop()


def test_the_test_speaks_of_every_such_command() -> None:
    assert {type(each) for each in SENT} == c.SERVER_ONLY


@pytest.mark.parametrize("sent", SENT, ids=lambda each: type(each).__name__)
def test_a_command_of_the_server_is_refused_from_everybody(server: Server, sent: Any) -> None:
    name = c.name_of(sent)
    for person in (each for each in STAFF if each.active):
        with desk(server.url, person.id) as at:
            one = at.http.post(f"/commands/{name}", json=wire(sent))
            assert (one.status_code, one.json()["rejected"]) == (403, "not_allowed"), person.id
            many = {"name": name, "acts": [{**wire(sent), "id": clock.new_id()}]}
            results = at.http.post("/commands", json=many).json()["results"]
            assert [each["rejected"] for each in results] == ["not_allowed"], person.id
