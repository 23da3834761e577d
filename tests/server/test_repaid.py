"""The figures of why money went back: for whom, of which regions, over which days."""

from __future__ import annotations

from collections.abc import Callable

from dispatcher_app import clock
from dispatcher_app.domain import command as c
from dispatcher_app.domain.calendar import local_date
from tests.server.city import ZONE, Place
from tests.server.desk import desk
from tests.server.onsite import completed
from tests.server.process import Server

TODAY = local_date(clock.now_ms(), ZONE)


def paid_back(server: Server) -> None:
    with desk(server.url, "lina") as lina:
        completed(lina)
        part = c.RefundPart(refund=clock.new_id(), amount=3000, way="cash")
        lina.do(
            c.ProposeRefund(order="o-1", what="compensation", reason="late", side="technician", parts=(part,))
        )
    with desk(server.url, "chen") as chen:
        chen.do(c.PayRefund(order="o-1", refund=part.refund, amount=3000))


def test_finance_sees_why_money_went_back_and_others_do_not(server: Server) -> None:
    paid_back(server)
    path = f"/refunds/reasons?first={TODAY}&last={TODAY}"
    with desk(server.url, "zhao") as zhao:
        (row,) = zhao.http.get(path).json()["given"]
    assert (row["reason"], row["side"], row["item"], row["count"], row["amount"]) == (
        "late", "technician", "ac", 1, 3000
    )  # fmt: skip
    for person in ("wangfang", "guanli", "wall"):
        with desk(server.url, person) as other:
            assert other.http.get(path).json()["rejected"] == "not_allowed"


def test_a_span_that_makes_no_sense_is_refused(sqlite: Place, launch: Callable[..., Server]) -> None:
    spans = (
        "first=2026-01-01", "first=x&last=y", "first=2026-01-02&last=2026-01-01", "first=2000-01-01&last=2026-01-01",
    )  # fmt: skip
    with desk(launch(sqlite).url, "zhao") as zhao:
        answers = [zhao.http.get(f"/refunds/reasons?{span}").json()["rejected"] for span in spans]
    assert answers == ["invalid"] * len(spans)
