"""What a counter asks of the server for its papers: the customer's link, and the pick-up code with a reason."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

import httpx

from dispatcher_app import clock
from dispatcher_app.domain import command as c
from dispatcher_app.domain.place import Point
from dispatcher_app.domain.region import Region, Store
from tests.server.city import Place, book
from tests.server.desk import Desk, desk
from tests.server.process import Server

SHOP = Store(id="shop", name="徐汇店", district="xh", point=Point(121.44, 31.19), shelves=("A1",))


def taken_in(administrator: Desk, at: Desk) -> str:
    """A device in the shop's custody."""
    former = Region(id="sh", version=1, name="上海", centre=Point(121.47, 31.23), stores=(SHOP,))
    administrator.do(c.SaveRegion(saved=former))
    order = clock.new_id()
    at.do(
        c.ReceiveDevice(
            order=order, store="shop", line=c.BookedLine(item="ac", fault="cool"), shelf="A1",
            new_customer=c.NewCustomer(id="c-" + order, name="周先生", phone="13811112222"),
        )
    )  # fmt: skip
    return order


def test_a_link_for_the_receipt_opens_the_customers_page(
    sqlite: Place, launch: Callable[..., Server]
) -> None:
    server = launch(sqlite, "--public", "http://127.0.0.1:8443")
    with (
        desk(server.url, "guanli") as guanli,
        desk(server.url) as wangfang,
        desk(server.url, "wall") as wall,
        desk(server.url, "beijing") as beijing,
    ):
        order = taken_in(guanli, wangfang)
        answer = wangfang.http.get(f"/orders/{order}/link")
        assert answer.status_code == 200
        link = urlsplit(answer.json()["link"])
        assert (link.scheme, link.netloc) == ("http", "127.0.0.1:8443")
        page = httpx.get(server.url + link.path)
        assert page.status_code == 200
        assert "周" in page.text or "维修" in page.text
        assert wall.http.get(f"/orders/{order}/link").status_code == 403
        assert guanli.http.get(f"/orders/{order}/link").status_code == 403
        assert beijing.http.get(f"/orders/{order}/link").status_code == 404
        assert wangfang.http.get("/orders/none/link").status_code == 404
    database, _ = sqlite.open()
    with database.reading() as cursor:
        found = cursor.all("SELECT actor, field FROM access WHERE entity = ?", (order,))
    database.close()
    assert found == [("staff:wangfang", "link")]


def test_without_a_public_address_there_is_no_link(sqlite: Place, launch: Callable[..., Server]) -> None:
    server = launch(sqlite)
    with desk(server.url) as wangfang:
        order = clock.new_id()
        wangfang.do(book(order=order))
        assert wangfang.http.get(f"/orders/{order}/link").json() == {"link": ""}


def test_the_pick_up_code_is_revealed_for_a_reason_and_no_other_code_is(
    sqlite: Place, launch: Callable[..., Server]
) -> None:
    server = launch(sqlite)
    with desk(server.url, "guanli") as guanli, desk(server.url) as wangfang, desk(server.url, "wall") as wall:
        order = taken_in(guanli, wangfang)
        asked = {"kind": "order", "id": order, "field": "pickup_code", "reason": "送修单"}
        code = wangfang.http.post("/reveal", json=asked).json()["value"]
        assert len(code) == 6
        assert code.isdigit()
        assert wangfang.http.post("/reveal", json={**asked, "reason": ""}).json()["field"] == "reason"
        assert wall.http.post("/reveal", json=asked).status_code == 403
        assert guanli.http.post("/reveal", json=asked).status_code == 403
        for field in ("quote_code", "confirm_code"):
            assert wangfang.http.post("/reveal", json={**asked, "field": field}).status_code == 404
    database, _ = sqlite.open()
    with database.reading() as cursor:
        found = cursor.all("SELECT actor, kind, field, reason FROM access WHERE entity = ?", (order,))
    database.close()
    assert found == [("staff:wangfang", "order", "pickup_code", "送修单")]
