"""Alipay by its published protocol: every request is signed, no answer is believed that is not."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest

from dispatcher_app import clock
from dispatcher_app.integrations.payments import alipay_seal, seal
from dispatcher_app.integrations.payments.alipay import Alipay
from dispatcher_app.integrations.payments.moment import minor, moment_of, yuan
from dispatcher_app.integrations.payments.port import (
    Asked,
    Distrusted,
    NoBill,
    Paid,
    Refused,
    Unanswered,
    key_of,
)
from tests.payments.alipay import AlipayHouse, fingerprint, now_text, packed, signature
from tests.payments.keys import pair

Wait = Callable[[Any], Any]
KEY = key_of("0193a5a4-7a10-7c3e-8f21-0d4b5c6e7f80")


def asked(amount: int = 1) -> Asked:
    """A payment of one fen, in words that need escaping."""
    return Asked(
        key=KEY,
        amount=amount,
        currency="CNY",
        subject="空调/洗衣机 & 更多",
        expires_at=clock.now_ms() + 600_000,
    )


def test_a_code_is_made_scanned_paid_and_found_paid(ali_pay: Alipay, antpay: AlipayHouse, wait: Wait) -> None:
    assert wait(ali_pay.offer(asked())).startswith("https://qr.alipay.com/")
    assert wait(ali_pay.query(KEY)).standing == "absent"
    antpay.scan(KEY)
    assert wait(ali_pay.query(KEY)).standing == "waiting"
    antpay.pay(KEY)
    found = wait(ali_pay.query(KEY))
    assert (found.standing, found.amount, found.currency) == ("captured", 1, "CNY")
    assert found.reference == antpay.trades[KEY]["trade_no"]
    assert antpay.forged == 0


def test_closing_tells_a_code_that_nobody_scanned_from_a_trade_and_from_money(
    ali_pay: Alipay, antpay: AlipayHouse, wait: Wait
) -> None:
    wait(ali_pay.offer(asked()))
    assert wait(ali_pay.close(KEY)).standing == "absent"
    antpay.scan(KEY)
    assert wait(ali_pay.close(KEY)).standing == "closed"
    antpay.pay(KEY)
    assert wait(ali_pay.close(KEY)).standing == "captured"
    antpay.trades[KEY]["trade_status"] = "TRADE_CLOSED"
    assert wait(ali_pay.query(KEY)).standing == "captured"


@pytest.mark.parametrize("fault", ["down", "unknown", "lost", "forged"])
def test_an_answer_that_says_nothing_or_is_not_signed_leaves_it_open(
    ali_pay: Alipay, antpay: AlipayHouse, wait: Wait, fault: str
) -> None:
    antpay.faults.append(fault)
    with pytest.raises(Unanswered):
        wait(ali_pay.offer(asked()))
    assert wait(ali_pay.offer(asked())).startswith("https://")


def test_an_answer_that_was_changed_on_its_way_is_not_believed(
    ali_pay: Alipay, antpay: AlipayHouse, wait: Wait
) -> None:
    wait(ali_pay.offer(asked()))
    antpay.scan(KEY)
    antpay.faults.append("changed")
    with pytest.raises(Unanswered):
        wait(ali_pay.query(KEY))


def test_a_refund_is_made_once_and_followed(ali_pay: Alipay, antpay: AlipayHouse, wait: Wait) -> None:
    wait(ali_pay.offer(asked(8800)))
    antpay.pay(KEY)
    paid = Paid(key=KEY, reference="", amount=8800, currency="CNY")
    assert wait(ali_pay.query_refund("refund01", paid)).state == "absent"
    antpay.faults.append("lost")
    with pytest.raises(Unanswered):
        wait(ali_pay.refund("refund01", paid, 5005))
    done = wait(ali_pay.query_refund("refund01", paid))
    assert (done.state, done.amount) == ("done", 5005)
    assert wait(ali_pay.refund("refund01", paid, 5005)).state == "sent"
    assert wait(ali_pay.refund("refund02", paid, 100)).state == "done"
    antpay.faults.append("refuses:ACQ.SELLER_BALANCE_NOT_ENOUGH")
    with pytest.raises(Refused) as refused:
        wait(ali_pay.refund("refund03", paid, 100))
    assert refused.value.code == "ACQ.SELLER_BALANCE_NOT_ENOUGH"


def test_a_bill_is_taken_out_of_its_archive(ali_pay: Alipay, antpay: AlipayHouse, wait: Wait) -> None:
    with pytest.raises(NoBill):
        wait(ali_pay.bill("2026-11-22"))
    antpay.bills["2026-11-22"] = packed("支付宝交易号,商户订单号\n", "门店,合计\n")
    assert wait(ali_pay.bill("2026-11-22")).decode("gb18030").startswith("支付宝交易号")
    antpay.bills["2026-11-22"] = b"PK no archive"
    with pytest.raises(Unanswered):
        wait(ali_pay.bill("2026-11-22"))


def test_a_notification_is_read(ali_pay: Alipay, antpay: AlipayHouse, wait: Wait) -> None:
    wait(ali_pay.offer(asked()))
    antpay.pay(KEY)
    told = ali_pay.told({}, antpay.notification(KEY), clock.now_ms())
    assert (told.kind, told.key, told.standing, told.amount, told.currency) == (
        "payment",
        KEY,
        "captured",
        1,
        "CNY",
    )
    refund = antpay.notification(KEY, out_biz_no="refund01", refund_fee="0.01", gmt_refund=now_text())
    assert (ali_pay.told({}, refund, clock.now_ms()).kind, ali_pay.told({}, refund, clock.now_ms()).refund) == (
        "refund", "refund01",
    )  # fmt: skip


def reason_of(pay: Alipay, body: bytes, now: int | None = None) -> tuple[str, bool]:
    """Why a notification is not believed, and whether its signature was right."""
    with pytest.raises(Distrusted) as distrusted:
        pay.told({}, body, clock.now_ms() if now is None else now)
    return distrusted.value.reason, distrusted.value.genuine


def test_no_tampered_notification_is_believed(ali_pay: Alipay, antpay: AlipayHouse, wait: Wait) -> None:
    wait(ali_pay.offer(asked()))
    antpay.pay(KEY)
    body = antpay.notification(KEY)
    fields = dict(parse_qsl(body.decode()))
    for name, value in (("total_amount", "0.02"), ("out_trade_no", "another0"), ("sign", "AAAA"), ("sign_type", "RSA"),
                        ("more", "1")):  # fmt: skip
        assert reason_of(ali_pay, urlencode({**fields, name: value}).encode()) == ("signature_wrong", False)
    assert reason_of(ali_pay, antpay.notification(KEY, signer=pair("somebody"))) == ("signature_wrong", False)
    assert reason_of(ali_pay, body[:-40])[0] in ("signature_wrong", "not_a_form")
    assert reason_of(ali_pay, body + b"&total_amount=0.02") == ("not_a_form", False)
    assert reason_of(ali_pay, b"<xml/>") == ("not_a_form", False)
    assert reason_of(ali_pay, b"") == ("not_a_form", False)
    assert reason_of(ali_pay, "&".join(f"a{n}=1" for n in range(500)).encode()) == ("not_a_form", False)
    assert reason_of(ali_pay, urlencode({**fields, "charset": "utf-7"}).encode()) == ("not_a_form", False)


def test_a_signed_notification_for_others_or_of_another_time_is_refused(
    ali_pay: Alipay, antpay: AlipayHouse, wait: Wait
) -> None:
    wait(ali_pay.offer(asked()))
    antpay.pay(KEY)
    wrong: tuple[tuple[dict[str, Any], str], ...] = (
        ({"app_id": "2021"}, "other_app"), ({"seller_id": "2088"}, "other_merchant"),
        ({"notify_time": now_text(3600)}, "timestamp_off"), ({"notify_time": now_text(-3600)}, "timestamp_off"),
        ({"notify_time": "now"}, "timestamp_invalid"), ({"total_amount": "1e2"}, "not_a_notification"),
        ({"total_amount": "-1.00"}, "not_a_notification"), ({"total_amount": "1.001"}, "not_a_notification"),
        ({"trade_status": "PAID"}, "not_a_notification"), ({"out_trade_no": ""}, "not_a_notification"),
    )  # fmt: skip
    for changed, reason in wrong:
        assert reason_of(ali_pay, antpay.notification(KEY, **changed)) == (reason, True)


def test_a_notification_in_gbk_is_verified_as_it_was_written(
    ali_pay: Alipay, antpay: AlipayHouse, wait: Wait
) -> None:
    wait(ali_pay.offer(asked()))
    antpay.pay(KEY)
    fields = dict(parse_qsl(antpay.notification(KEY, charset="GBK").decode()))
    counted = {name: value for name, value in fields.items() if name not in ("sign", "sign_type")}
    text = "&".join(f"{name}={counted[name]}" for name in sorted(counted)).encode("gbk")
    signer = seal.Signer(pair("alipay").key)
    body = urlencode({**counted, "sign_type": "RSA2", "sign": signer.sign(text)}, encoding="gbk").encode()
    assert ali_pay.told({}, body, clock.now_ms()).amount == 1


def test_amounts_and_moments_are_read_to_the_letter() -> None:
    assert [minor(each) for each in ("88.80", "0.01", "100", "88.8")] == [8880, 1, 10000, 8880]
    for each in ("", ".5", "1.", "1.001", "-1", "+1", "1e3", "１２", "nan", "1,000.00", 88.8, None, "9" * 30):
        assert minor(each) is None
    assert yuan(8805) == "88.05"
    assert yuan(1) == "0.01"
    assert moment_of("2018-06-08T10:34:56+08:00") == moment_of("2018-06-08 10:34:56") == 1528425296000
    assert moment_of("yesterday") is None


def test_a_root_file_is_read_though_one_of_its_certificates_can_not_be() -> None:
    readable = pair("alipay-root").certificate
    broken = readable.replace(b"MII", b"MIA", 1)
    found = seal.certificates(broken + b"\n" + readable, "roots")
    assert alipay_seal.fingerprint_of_roots(found) == fingerprint("alipay-root")
    with pytest.raises(seal.BadKey):
        seal.certificates(broken, "roots")


def test_a_notice_that_is_signed_with_its_sign_type_or_comes_without_is_his_all_the_same(
    ali_pay: Alipay, antpay: AlipayHouse, wait: Wait
) -> None:
    wait(ali_pay.offer(asked()))
    antpay.pay(KEY)
    fields = dict(parse_qsl(antpay.notification(KEY).decode()))
    without = {name: value for name, value in fields.items() if name != "sign_type"}
    assert ali_pay.told({}, urlencode(without).encode(), clock.now_ms()).key == KEY
    whole = {name: value for name, value in fields.items() if name != "sign"}
    text = "&".join(f"{name}={whole[name]}" for name in sorted(whole))
    signed = {**whole, "sign": signature(text)}
    assert ali_pay.told({}, urlencode(signed).encode(), clock.now_ms()).key == KEY


def test_an_answer_is_cut_out_as_it_was_signed() -> None:
    text = '{"a_response":{"x":"}\\"","y":[{"z":1}]} , "sign":"s"}'
    assert alipay_seal.part(text, "a_response") == (
        {"x": '}"', "y": [{"z": 1}]},
        '{"x":"}\\"","y":[{"z":1}]}',
    )
    for wrong in ("", "[]", "{", '{"a_response":1}', '{"a_response":', "{}"):
        assert alipay_seal.part(wrong, "a_response") is None
