"""What providers tell a running server: believed only when signed, new, for us and confirmed; kept with its reason."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from dispatcher_app import clock
from dispatcher_app.domain import command as c
from tests.payments.alipay import AlipayHouse, alipay_house, now_text
from tests.payments.keys import pair
from tests.payments.till import key, settings
from tests.payments.wechat import WechatHouse, wechat_house
from tests.server.city import Place
from tests.server.desk import Desk, desk
from tests.server.onsite import finished, state
from tests.server.process import Server
from tests.server.waiting import until

WECHAT, ALIPAY = "/notify/wechatpay", "/notify/alipay"


@dataclass
class Shop:
    """A server with both providers, an order to be paid, and the people about it."""

    server: Server
    counter: Desk
    finance: Desk
    tenpay: WechatHouse
    antpay: AlipayHouse
    total: int

    def payment(self, id: str) -> dict[str, Any]:
        """The payment as a desk is told of it."""
        body: dict[str, Any] = self.counter.state()["payment", id][1]
        return body

    def offered(self, means: Any = "wechat") -> str:
        """A payment that the customer can make now, which nobody asks about for a while."""
        id = clock.new_id()
        self.counter.do(c.StartPayment(payment=id, order="o-1", amount=self.total, means=means))
        until(lambda: self.payment(id)["state"] == "pending", "no code came")
        return id

    def tell(self, path: str, headers: dict[str, str], body: bytes) -> httpx.Response:
        """What a provider sends."""
        return httpx.post(self.server.url + path, content=body, headers=headers, timeout=30)

    def heard(self) -> list[tuple[str, str]]:
        """What came of what was told, newest first."""
        found = self.finance.http.get("/payments/notices").json()["notices"]
        return [(each["outcome"], each["reason"]) for each in found]

    def booked(self) -> int:
        """What the order has been paid."""
        paid: int = state(self.counter, "o-1")["paid"]
        return paid


@pytest.fixture
def shop(sqlite: Place, launch: Callable[..., Server], tmp_path: Path) -> Iterator[Shop]:
    with wechat_house() as tenpay, alipay_house() as antpay:
        file = settings(tmp_path, tenpay.url, antpay.url)
        server = launch(sqlite, "--payments", str(file), "--public", "https://repair.example.com")
        with (
            desk(server.url, "lina") as lina,
            desk(server.url, "chen") as counter,
            desk(server.url, "zhao") as finance,
        ):
            finished(lina)
            lina.do(c.ConfirmOrder(order="o-1", confirmation="phone"))
            with desk(server.url, "guanli") as administrator:
                # What the job finds by asking is another test's.
                policy = administrator.state("platform")["policy", "policy"][1]
                policy["payment_ask_s"] = 3600
                sent = {
                    "id": clock.new_id(),
                    "at": clock.now_ms(),
                    "region": "platform",
                    "command": {"policy": policy},
                }
                assert administrator.http.post("/commands/save-policy", json=sent).status_code == 200
            total = state(lina, "o-1")["quote"]["total"]
            yield Shop(server, counter, finance, tenpay, antpay, total)


def test_a_payment_is_booked_once_however_often_it_is_told(shop: Shop) -> None:
    id = shop.offered()
    code = shop.counter.http.get(f"/payments/{id}/code").json()["code"]
    assert code.startswith("weixin://wxpay/bizpayurl")
    headers, early = shop.tenpay.notification(key(id))
    assert shop.tell(WECHAT, headers, early).status_code == 204
    assert shop.booked() == 0
    shop.tenpay.pay(key(id))
    headers, body = shop.tenpay.notification(key(id))
    first = shop.tell(WECHAT, headers, body)
    assert (first.status_code, first.content) == (204, b"")
    assert shop.booked() == shop.total
    assert shop.tell(WECHAT, headers, body).status_code == 204
    again, later = shop.tenpay.notification(key(id))
    assert shop.tell(WECHAT, again, later).status_code == 204
    assert shop.tell(WECHAT, headers, early).status_code == 400
    assert shop.booked() == shop.total
    assert state(shop.counter, "o-1")["status"] == "completed"
    assert {("done", "replayed"), ("known", "booked_already"), ("refused", "signature_wrong")} <= set(
        shop.heard()
    )
    assert shop.counter.http.get(f"/payments/{id}/code").status_code == 422
    assert shop.counter.http.get("/payments/notices").status_code == 403


def test_nothing_is_booked_that_the_provider_does_not_confirm(shop: Shop) -> None:
    id = shop.offered()
    paid = {
        "trade_state": "SUCCESS",
        "transaction_id": "4200009",
        "success_time": "2026-11-23T10:00:00+08:00",
    }
    headers, body = shop.tenpay.notification(key(id), **paid)
    answer = shop.tell(WECHAT, headers, body)
    assert (answer.status_code, answer.json()["code"]) == (400, "FAIL")
    shop.tenpay.faults = ["down"]
    shop.tenpay.pay(key(id))
    headers, body = shop.tenpay.notification(key(id))
    assert shop.tell(WECHAT, headers, body).status_code == 503
    # The job was told to hurry, and finds it by itself.
    until(lambda: shop.booked() == shop.total, "never booked")
    assert ("refused", "not_paid_says_provider") in shop.heard()
    assert ("later", "provider_unanswered") in shop.heard()


def test_what_is_forged_old_for_others_or_no_notification_is_refused_with_its_reason(shop: Shop) -> None:
    id = shop.offered()
    shop.tenpay.pay(key(id))
    headers, body = shop.tenpay.notification(key(id))
    hour, xml = 3_600_000, b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><xml><a>&b;</a></xml>'
    signed = shop.tenpay.signed
    for sent, said, reason in (
        (headers, body[:-1], "signature_wrong"),
        (signed(body, signer=pair("somebody")), body, "signature_wrong"),
        (signed(body, clock.now_ms() - hour), body, "timestamp_off"),
        (signed(body, clock.now_ms() + hour), body, "timestamp_off"),
        ({}, body, "header_missing"),
        (signed(xml), xml, "not_json"),
        (signed(b"x" * 70_000), b"x" * 70_000, "too_large"),
        (*shop.tenpay.notification(key(id), mchid="1900000000"), "other_merchant"),
        (*shop.tenpay.notification(key(id), appid="wx0"), "other_app"),
        (*shop.tenpay.notification(key(id), out_trade_no="nobody0s0payment"), "payment_unknown"),
        (*shop.tenpay.notification(key(id), amount={"total": 1, "currency": "CNY"}), "amount_differs"),
        (*shop.tenpay.notification(key(id), amount={"total": shop.total, "currency": "USD"}), "currency_differs"),
    ):  # fmt: skip
        answer = shop.tell(WECHAT, sent, said)
        assert answer.status_code >= 400
        assert answer.json()["code"] == "FAIL"
        assert shop.heard()[0] == ("refused", reason)
    assert shop.counter.http.get("/changes", params={"log": "sh"}).status_code == 200


def test_a_payment_about_which_nobody_answers_is_listed(shop: Shop, sqlite: Place) -> None:
    id = shop.offered()
    shop.tenpay.broken = {"transactions": "down"}
    asked = shop.finance.http.get("/payments/stuck")
    assert asked.json() == {"payments": []}
    database, _ = sqlite.open()
    body = json.dumps({**shop.payment(id), "payable_until": 1})
    with database.writing() as cursor:
        cursor.run("UPDATE entity SET body = ? WHERE kind = 'payment' AND id = ?", (body, id))
    database.close()
    assert [each["id"] for each in shop.finance.http.get("/payments/stuck").json()["payments"]] == [id]
    assert shop.counter.http.get("/payments/stuck").status_code == 403
    shop.tenpay.broken = {}
    until(lambda: shop.payment(id)["state"] == "closed", "never closed")
    assert shop.finance.http.get("/payments/stuck").json() == {"payments": []}


def test_alipay_is_answered_in_its_own_words(shop: Shop) -> None:
    id = shop.offered("alipay")
    shop.antpay.scan(key(id))
    form = {"content-type": "application/x-www-form-urlencoded"}
    waiting = shop.antpay.notification(key(id), gmt_payment="")
    assert shop.tell(ALIPAY, form, waiting).text == "success"
    shop.antpay.pay(key(id))
    body = shop.antpay.notification(key(id))
    for wrong, reason in (
        (body.replace(b"total_amount=1", b"total_amount=2"), "signature_wrong"),
        (shop.antpay.notification(key(id), signer=pair("somebody")), "signature_wrong"),
        (shop.antpay.notification(key(id), notify_time=now_text(-3600)), "timestamp_off"),
        (shop.antpay.notification(key(id), app_id="2021"), "other_app"),
        (shop.antpay.notification(key(id), seller_id="2088"), "other_merchant"),
        (shop.antpay.notification(key(id), total_amount="0.01"), "amount_differs"),
        (b"<xml/>", "not_a_form"),
        (b"a" * 70_000, "too_large"),
    ):
        answer = shop.tell(ALIPAY, form, wrong)
        assert (answer.status_code, answer.text) == (200, "fail")
        assert shop.heard()[0] == ("refused", reason)
    assert shop.tell(ALIPAY, form, body).text == "success"
    assert shop.tell(ALIPAY, form, body).text == "success"
    until(lambda: shop.booked() == shop.total, "never booked")


def test_a_server_without_providers_knows_no_notification(server: Server) -> None:
    assert httpx.post(server.url + WECHAT, content=b"{}").status_code == 404
    assert httpx.post(server.url + ALIPAY, content=b"a=b").text == "fail"
    with desk(server.url, "chen") as counter:
        assert counter.http.get("/payments/means").json() == {"means": []}


def test_settings_that_can_not_be_used_are_named_and_nothing_starts(sqlite: Place, tmp_path: Path) -> None:
    from tests.server.process import spawn

    file = tmp_path / "payments.toml"
    file.write_text("[wechatpay]\n")
    process, said, _ = spawn(sqlite, "--payments", str(file))
    assert process.wait(30) == 11
    assert said["error"] == "bad_payments"
    assert "missing" in said["detail"]
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()


BILL_HEAD = (
    "交易时间,公众账号ID,商户号,微信订单号,商户订单号,交易状态,货币种类,应结订单金额,微信退款单号,商户退款单号,退款金额,"
    "退款状态,商品名称,手续费,订单金额,申请退款金额"
)


def bill_of(date: str, *rows: tuple[str, int]) -> bytes:
    """A bill with payments by key and amount."""
    lines = [
        f"`{date} 10:00:00,`wx2421,`1900000109,`4200{key[:6]},`{key},`SUCCESS,`CNY,`{amount / 100:.2f},`0,`0,`0.00,`,"
        f"`空调,清洗,`0.10000,`{amount / 100:.2f},`0.00"
        for key, amount in rows
    ]
    total = f"{sum(amount for _, amount in rows) / 100:.2f}"
    tail = ["总交易单数,应结订单总金额,退款总金额,手续费总金额,订单总金额,申请退款总金额",
            f"`{len(rows)},`{total},`0.00,`0.10000,`{total},`0.00"]  # fmt: skip
    return ("\ufeff" + "\r\n".join((BILL_HEAD, *lines, *tail))).encode()


def test_a_bill_is_compared_and_what_the_provider_confirms_is_booked_first(shop: Shop) -> None:
    id = shop.offered()
    shop.tenpay.pay(key(id))
    today = now_text()[:10]
    data = bill_of(today, (key(id), shop.total), ("f" * 32, 999))
    send = shop.finance.http.post
    assert shop.counter.http.post("/bills", params={"region": "sh"}, content=data).status_code == 403
    cut = send("/bills", params={"region": "sh"}, content=data[:-60])
    assert (cut.status_code, cut.json()["rejected"]) == (422, "bill_cut")
    answer = send("/bills", params={"region": "sh", "date": today}, content=data)
    assert answer.status_code == 200, answer.text
    assert (answer.json()["payments"], answer.json()["differences"]) == (2, 1)
    assert shop.booked() == shop.total
    found = [body for (kind, _), (_, body) in shop.finance.state().items() if kind == "discrepancy"]
    assert [(each["what"], each["theirs"], each["key"]) for each in found] == [("theirs_only", 999, "f" * 32)]
    assert not [kind for kind, _ in shop.counter.state() if kind in ("discrepancy", "bill")]
    again = send("/bills", params={"region": "sh"}, content=bill_of(today, ("f" * 32, 999)))
    assert again.json()["differences"] == 2
    found = [body for (kind, _), (_, body) in shop.finance.state().items() if kind == "discrepancy"]
    assert sorted((each["what"], each["ours"], each["payment"]) for each in found) == [
        ("ours_only", shop.total, id), ("theirs_only", 0, None),
    ]  # fmt: skip
    shop.finance.do(c.SettleDifference(discrepancy=found[0]["id"], how="difference", reason="other_system"))
    assert json.dumps(found).find("周先生") == -1


@pytest.mark.parametrize("step", ["asking", "offering", "closing"])
def test_a_server_that_dies_while_it_asks_goes_on_where_it_was(
    shop: Shop, sqlite: Place, launch: Callable[..., Server], tmp_path: Path, step: str
) -> None:
    path = {"asking": "mchid=", "offering": "transactions/native", "closing": "/close"}[step]
    id = shop.offered() if step == "closing" else clock.new_id()
    shop.tenpay.broken = {path: "late"}
    if step == "closing":
        shop.counter.do(c.ClosePayment(payment=id))
    else:
        shop.counter.do(c.StartPayment(payment=id, order="o-1", amount=shop.total, means="wechat"))
    until(lambda: any(path in each for each in shop.tenpay.asked), "nobody asked")
    shop.server.kill()
    shop.tenpay.broken = {}
    file = settings(tmp_path, shop.tenpay.url, shop.antpay.url)
    server = launch(sqlite, "--payments", str(file), "--public", "https://repair.example.com")
    with desk(server.url, "chen") as counter:
        ends = "closed" if step == "closing" else "pending"
        until(lambda: counter.state()["payment", id][1]["state"] == ends, f"never {ends}")
        assert list(shop.tenpay.trades) == [key(id)]
        if step != "closing":
            shop.tenpay.pay(key(id))
            headers, body = shop.tenpay.notification(key(id))
            told = httpx.post(server.url + WECHAT, content=body, headers=headers, timeout=30)
            assert told.status_code == 204
            assert state(counter, "o-1")["paid"] == shop.total
