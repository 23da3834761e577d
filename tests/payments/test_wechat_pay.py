"""WeChat Pay by its published protocol: every request is signed, no answer is believed that is not."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dispatcher_app import clock
from dispatcher_app.integrations.payments import seal, wechat_seal, wechatpay
from dispatcher_app.integrations.payments.port import (
    Asked,
    Distrusted,
    NoBill,
    Paid,
    Refused,
    Unanswered,
    key_of,
)
from dispatcher_app.integrations.payments.wechatpay import WechatPay
from tests.payments.keys import pair
from tests.payments.wechat import SECRET, WechatHouse

Wait = Callable[[Any], Any]
KEY = key_of("0193a5a4-7a10-7c3e-8f21-0d4b5c6e7f80")


def asked(amount: int = 8800, key: str = KEY) -> Asked:
    """A payment of 88 yuan for a repair."""
    return Asked(
        key=key, amount=amount, currency="CNY", subject="空调维修", expires_at=clock.now_ms() + 600_000
    )


def small(headers: dict[str, str]) -> dict[str, str]:
    """Header names as a server gives them."""
    return {name.lower(): value for name, value in headers.items()}


def test_a_code_is_made_paid_and_found_paid(wechat_pay: WechatPay, tenpay: WechatHouse, wait: Wait) -> None:
    assert wait(wechat_pay.offer(asked())).startswith("weixin://wxpay/bizpayurl?pr=")
    assert wait(wechat_pay.query(KEY)).standing == "waiting"
    tenpay.pay(KEY)
    found = wait(wechat_pay.query(KEY))
    assert (found.standing, found.amount, found.currency) == ("captured", 8800, "CNY")
    assert found.reference == tenpay.trades[KEY]["transaction_id"]
    assert found.at is not None
    assert tenpay.trades[KEY]["notify_url"] == "https://repair.example.com/notify/wechatpay"
    assert tenpay.forged == 0


def test_the_same_key_again_is_the_same_payment(
    wechat_pay: WechatPay, tenpay: WechatHouse, wait: Wait
) -> None:
    assert wait(wechat_pay.offer(asked())) == wait(wechat_pay.offer(asked()))
    assert len(tenpay.trades) == 1
    with pytest.raises(Refused) as refused:
        wait(wechat_pay.offer(asked(9900)))
    assert refused.value.code == "OUT_TRADE_NO_USED"


def test_what_nobody_has_heard_of_is_absent(wechat_pay: WechatPay, wait: Wait) -> None:
    assert wait(wechat_pay.query(KEY)).standing == "absent"


def test_closing_says_what_was_paid_meanwhile(wechat_pay: WechatPay, tenpay: WechatHouse, wait: Wait) -> None:
    wait(wechat_pay.offer(asked()))
    wait(wechat_pay.offer(asked(key="another0")))
    assert wait(wechat_pay.close("another0")).standing == "closed"
    tenpay.pay(KEY)
    assert wait(wechat_pay.close(KEY)).standing == "captured"


@pytest.mark.parametrize("fault", ["down", "busy", "no_sign", "lost", "forged", "old"])
def test_an_answer_that_says_nothing_or_is_not_signed_leaves_it_open(
    wechat_pay: WechatPay, tenpay: WechatHouse, wait: Wait, fault: str
) -> None:
    tenpay.faults.append(fault)
    with pytest.raises(Unanswered):
        wait(wechat_pay.offer(asked()))
    assert wait(wechat_pay.offer(asked())).startswith("weixin://")


def test_a_refund_is_made_once_and_followed(wechat_pay: WechatPay, tenpay: WechatHouse, wait: Wait) -> None:
    wait(wechat_pay.offer(asked()))
    tenpay.pay(KEY)
    paid = Paid(key=KEY, reference="", amount=8800, currency="CNY")
    assert wait(wechat_pay.query_refund("refund01", paid)).state == "absent"
    tenpay.faults.append("lost")
    with pytest.raises(Unanswered):
        wait(wechat_pay.refund("refund01", paid, 5000, "少修一项"))
    assert wait(wechat_pay.query_refund("refund01", paid)).state == "sent"
    assert wait(wechat_pay.refund("refund01", paid, 5000)).state == "sent"
    assert len(tenpay.refunds) == 1
    tenpay.refunds["refund01"]["status"] = "SUCCESS"
    done = wait(wechat_pay.query_refund("refund01", paid))
    assert (done.state, done.amount) == ("done", 5000)
    with pytest.raises(Refused):
        wait(wechat_pay.refund("refund02", paid, 5000))
    assert wait(wechat_pay.query(KEY)).standing == "captured"


def test_a_bill_is_fetched_whole_or_not_at_all(
    wechat_pay: WechatPay, tenpay: WechatHouse, wait: Wait
) -> None:
    with pytest.raises(NoBill):
        wait(wechat_pay.bill("2026-11-22"))
    tenpay.bills["2026-11-22"] = "交易时间,…".encode()
    assert wait(wechat_pay.bill("2026-11-22")) == "交易时间,…".encode()


def test_a_notification_is_read(wechat_pay: WechatPay, tenpay: WechatHouse, wait: Wait) -> None:
    wait(wechat_pay.offer(asked()))
    tenpay.pay(KEY)
    headers, body = tenpay.notification(KEY)
    told = wechat_pay.told(small(headers), body, clock.now_ms())
    assert (told.kind, told.key, told.amount, told.currency) == ("payment", KEY, 8800, "CNY")


def reason_of(
    pay: WechatPay, headers: dict[str, str], body: bytes, now: int | None = None
) -> tuple[str, bool]:
    """Why a notification is not believed, and whether its signature was right."""
    with pytest.raises(Distrusted) as distrusted:
        pay.told(small(headers), body, clock.now_ms() if now is None else now)
    return distrusted.value.reason, distrusted.value.genuine


def test_no_tampered_notification_is_believed(wechat_pay: WechatPay, tenpay: WechatHouse, wait: Wait) -> None:
    wait(wechat_pay.offer(asked()))
    tenpay.pay(KEY)
    headers, body = tenpay.notification(KEY)
    hour = 3_600_000
    assert reason_of(wechat_pay, headers, body.replace(b"TRANSACTION", b"TRANSACTIOM")) == (
        "signature_wrong",
        False,
    )
    assert reason_of(wechat_pay, headers, body[:-1]) == ("signature_wrong", False)
    assert reason_of(wechat_pay, headers, body, clock.now_ms() + hour) == ("timestamp_off", False)
    assert reason_of(wechat_pay, headers, body, clock.now_ms() - hour) == ("timestamp_off", False)
    assert reason_of(wechat_pay, tenpay.signed(body, signer=pair("somebody")), body) == (
        "signature_wrong",
        False,
    )
    for name in headers:
        assert reason_of(wechat_pay, {**headers, name: ""}, body)[0] == "header_missing"
    assert reason_of(wechat_pay, {**headers, "Wechatpay-Serial": "1F"}, body)[0] == "serial_unknown"
    assert reason_of(wechat_pay, {**headers, "Wechatpay-Serial": "PUB_KEY_ID_1"}, body)[0] == "serial_unknown"
    assert reason_of(wechat_pay, {**headers, "Wechatpay-Timestamp": "-1"}, body)[0] == "timestamp_invalid"
    probe = "WECHATPAY/SIGNTEST/" + headers["Wechatpay-Signature"]
    assert reason_of(wechat_pay, {**headers, "Wechatpay-Signature": probe}, body)[0] == "signature_probe"


def test_a_signed_notification_for_others_or_of_another_form_is_refused(
    wechat_pay: WechatPay, tenpay: WechatHouse, wait: Wait
) -> None:
    wait(wechat_pay.offer(asked()))
    tenpay.pay(KEY)
    for changed, reason in (
        ({"mchid": "1900000110"}, "other_merchant"), ({"appid": "wx0"}, "other_app"),
        ({"amount": {"total": "8800"}}, "not_a_notification"), ({"amount": {"total": True}}, "not_a_notification"),
        ({"amount": {"total": -1}}, "not_a_notification"), ({"amount": {"total": 88.0}}, "not_a_notification"),
        ({"out_trade_no": ""}, "not_a_notification"), ({"trade_state": "WHAT"}, "not_a_notification"),
    ):  # fmt: skip
        assert reason_of(wechat_pay, *tenpay.notification(KEY, **changed)) == (reason, True)
    other_key = tenpay.sealed("TRANSACTION.SUCCESS", "transaction", tenpay.trades[KEY], secret="x" * 32)
    assert reason_of(wechat_pay, *other_key) == ("not_to_be_opened", True)
    xml = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><xml><a>&b;</a></xml>'
    for body in (
        xml,
        b"[]",
        b"",
        b"\xff\xfe",
        b'{"id": "1", "event_type": "TRANSACTION.SUCCESS"}',
        b"[" * 60_000,
    ):
        reason, genuine = reason_of(wechat_pay, tenpay.signed(body), body)
        assert genuine
        assert reason in ("not_json", "not_a_notification")


def test_a_serial_number_is_the_same_however_its_zeros_are_written() -> None:
    key = pair("wechat-platform").key.public_key()
    keys = {wechat_seal.plain_serial("0D7CE5"): key}
    assert wechat_seal.key_for(keys, "d7ce5") is key
    assert wechat_seal.key_for(keys, "00D7CE5") is key
    assert wechat_seal.key_for(keys, "PUB_KEY_ID_D7CE5") is None


@pytest.mark.real_data
def test_the_published_notification_verifies_and_decrypts(real_data: Path) -> None:
    file = real_data / "protocols" / "wechatpay_v3_notify.json"
    published = json.loads(file.read_text())["wechatpay_v3_notify"]
    (certificate,) = seal.certificates(published["certificate_pem"].encode(), "published")
    plain = json.loads(published["plaintext"])
    serial = wechat_seal.plain_serial(seal.serial_of(certificate))
    merchant = wechat_seal.Merchant(
        id=plain["mchid"], app=plain["appid"], serial="-",
        signer=seal.private_key(pair("wechat-merchant").private, "-"), secret=published["apiv3_key"].encode(),
        keys={serial: seal.key_in(certificate, "published")},
    )  # fmt: skip
    headers, body = small(published["headers"]), published["body"].encode()
    then = int(published["headers"]["Wechatpay-Timestamp"]) * 1000
    told = wechatpay.told(merchant, headers, body, then)
    assert json.loads(told.content) == plain
    assert told.id == "3119dfba-e649-5eec-ab1e-3412bc4d2e17"
    for broken, now in ((body.replace(b"payscore", b"payscorf"), then), (body, clock.now_ms())):
        with pytest.raises(Distrusted):
            wechatpay.told(merchant, headers, broken, now)


def test_keys_are_shown_nowhere(wechat_pay: WechatPay) -> None:
    merchant = wechat_pay._merchant
    assert SECRET not in repr(merchant)
    assert "PrivateKey" not in repr(merchant)
