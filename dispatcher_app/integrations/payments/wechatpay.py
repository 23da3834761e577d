"""WeChat Pay (微信支付) API v3, native payments: a code on our screen, the customer's telephone scans it.

https://pay.weixin.qq.com/doc/v3/merchant/4012791877 (native), 4012556402 (refunds), 4012557041 (bills). Every answer
is believed only with his signature; the status decides, not the words. One key (`out_trade_no`, `out_refund_no`) is
one payment or refund however often it is sent.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote, urlsplit

from dispatcher_app import clock
from dispatcher_app.integrations.payments.moment import china, moment_of
from dispatcher_app.integrations.payments.port import (
    Asked,
    Distrusted,
    Found,
    NoBill,
    Paid,
    Refunded,
    RefundStanding,
    Refused,
    Standing,
    Told,
    Unanswered,
)
from dispatcher_app.integrations.payments.wechat_seal import (
    Merchant,
    Untrusted,
    authorization,
    notification,
    object_of,
    unsealed,
    verify,
)
from dispatcher_app.integrations.transport import Exchange, Unreachable, Whole

ADDRESS = "https://api.mch.weixin.qq.com"
TIMEOUT_S = 8.0
BILL_LIMIT = 64 * 1024 * 1024
SUBJECT_LIMIT = 127
NOTHING_THERE = frozenset({"ORDER_NOT_EXIST", "ORDERNOTEXIST", "RESOURCE_NOT_EXISTS", "RESOURCENOTEXIST"})
LATER = frozenset({"SYSTEM_ERROR", "SYSTEMERROR", "FREQUENCY_LIMITED", "RATELIMIT_EXCEEDED", "BANK_ERROR", "BANKERROR",
                   "USERPAYING"})  # fmt: skip
"""Codes that say nothing of what became of the request."""

STANDINGS: Final[Mapping[str, Standing]] = {
    # What was refunded was paid before.
    "SUCCESS": "captured", "REFUND": "captured", "NOTPAY": "waiting", "USERPAYING": "waiting", "ACCEPT": "waiting",
    "CLOSED": "closed", "REVOKED": "closed", "PAYERROR": "failed",
}  # fmt: skip
REFUNDS: Final[Mapping[str, RefundStanding]] = {
    "SUCCESS": "done", "PROCESSING": "sent", "ABNORMAL": "failed", "CLOSED": "failed",
}  # fmt: skip


class WechatPay:
    """A merchant's account; `notify` is the address that WeChat Pay tells of payments and refunds."""

    name = "wechat"

    def __init__(
        self, merchant: Merchant, notify: str, url: str = ADDRESS, timeout_s: float = TIMEOUT_S
    ) -> None:
        self._merchant = merchant
        self._notify = notify
        self._url = url.rstrip("/")
        self._exchange = Exchange(timeout_s)

    @property
    def account(self) -> str:
        """The merchant's number (商户号)."""
        return self._merchant.id

    async def offer(self, asked: Asked) -> str:
        """POST /v3/pay/transactions/native: the code's address, good for two hours at most."""
        body = await self._ask("POST", "/v3/pay/transactions/native", {
            "appid": self._merchant.app, "mchid": self._merchant.id, "description": asked.subject[:SUBJECT_LIMIT],
            "out_trade_no": asked.key, "time_expire": china(asked.expires_at).isoformat(timespec="seconds"),
            "notify_url": self._notify, "amount": {"total": asked.amount, "currency": asked.currency},
        })  # fmt: skip
        code = body.get("code_url")
        if not isinstance(code, str) or not code:
            raise Unanswered("answer_unfit")
        return code

    async def query(self, key: str) -> Found:
        """GET /v3/pay/transactions/out-trade-no/{key}."""
        path = f"/v3/pay/transactions/out-trade-no/{quote(key, safe='')}?mchid={quote(self._merchant.id, safe='')}"
        try:
            body = await self._ask("GET", path)
        except Refused as refused:
            if refused.code in NOTHING_THERE:
                return Found(key=key, standing="absent")
            raise
        if body.get("mchid") != self._merchant.id or body.get("out_trade_no") != key:
            raise Unanswered("answer_of_another")
        return found_in(key, body)

    async def close(self, key: str) -> Found:
        """POST …/close; where it was paid meanwhile the payment is said instead."""
        path = f"/v3/pay/transactions/out-trade-no/{quote(key, safe='')}/close"
        try:
            await self._ask("POST", path, {"mchid": self._merchant.id})
        except Refused as refused:
            found = await self.query(key)
            if found.standing in ("captured", "closed", "absent"):
                return found
            raise refused from None
        return Found(key=key, standing="closed")

    async def refund(self, key: str, paid: Paid, amount: int, reason: str = "") -> Refunded:
        """POST /v3/refund/domestic/refunds: taken over at once, done in minutes or days."""
        body = await self._ask("POST", "/v3/refund/domestic/refunds", {
            "out_trade_no": paid.key, "out_refund_no": key, **({"reason": reason[:80]} if reason else {}),
            **({"notify_url": self._notify} if self._notify else {}),
            "amount": {"refund": amount, "total": paid.amount, "currency": paid.currency},
        })  # fmt: skip
        return refund_in(key, body)

    async def query_refund(self, key: str, paid: Paid) -> Refunded:
        """GET /v3/refund/domestic/refunds/{key}."""
        try:
            body = await self._ask("GET", f"/v3/refund/domestic/refunds/{quote(key, safe='')}")
        except Refused as refused:
            if refused.code in NOTHING_THERE:
                return Refunded(key=key, state="absent")
            raise
        return refund_in(key, body)

    async def bill(self, date: str) -> bytes:
        """GET /v3/bill/tradebill, then the file it names; its SHA-1 is checked, for a file carries no signature."""
        try:
            body = await self._ask("GET", f"/v3/bill/tradebill?bill_date={quote(date)}&bill_type=ALL")
        except Refused as refused:
            if refused.code in ("NO_STATEMENT_EXIST", "STATEMENT_CREATING"):
                raise NoBill(refused.code) from None
            raise
        where = urlsplit(str(body.get("download_url", "")))
        if not where.path:
            raise Unanswered("answer_unfit")
        path = where.path + (f"?{where.query}" if where.query else "")
        # Asked of the server that we know: a signed request goes nowhere else.
        whole = await self._send("GET", path, b"", BILL_LIMIT)
        if whole.status != 200:
            raise Unanswered(f"status_{whole.status}")
        digest = hashlib.sha1(whole.body, usedforsecurity=False).hexdigest()
        if body.get("hash_type") != "SHA1" or str(body.get("hash_value", "")).lower() != digest:
            raise Unanswered("bill_damaged")
        return whole.body

    def told(self, headers: Mapping[str, str], body: bytes, now: int) -> Told:
        """What a notification says; raises Distrusted. Header names in small letters."""
        return told(self._merchant, headers, body, now)

    async def _ask(self, method: str, path: str, asked: dict[str, Any] | None = None) -> dict[str, Any]:
        body = (
            json.dumps(asked, ensure_ascii=False, separators=(",", ":")).encode()
            if asked is not None
            else b""
        )
        whole = await self._send(method, path, body)
        try:
            verify(self._merchant.keys, whole.headers, whole.body, clock.now_ms())
        except Untrusted as untrusted:
            if whole.status == 401:
                # He who does not know us signs nothing: our own keys are wrong, which asking again does not mend.
                raise Refused("SIGN_ERROR", "status_401") from None
            raise Unanswered(untrusted.reason) from None
        return outcome(whole)

    async def _send(self, method: str, path: str, body: bytes, limit: int = 64 * 1024) -> Whole:
        headers = {
            "authorization": authorization(self._merchant, method, path, body, clock.now_ms()),
            "accept": "application/json", "user-agent": "dispatcher",
            **({"content-type": "application/json"} if method == "POST" else {}),
            **({"wechatpay-serial": self._merchant.asks_with} if self._merchant.asks_with else {}),
        }  # fmt: skip
        try:
            return await self._exchange.send(method, self._url + path, body, headers, limit)
        except Unreachable as error:
            raise Unanswered(str(error)) from None

    async def end(self) -> None:
        """Let go of the connections."""
        await self._exchange.close()


def outcome(whole: Whole) -> dict[str, Any]:
    """The body of an answer that says yes; raises Refused where it says no, Unanswered where it says neither."""
    if whole.status == 204:
        return {}
    body = object_of(whole.body)
    if body is None:
        raise Unanswered("answer_unfit")
    if whole.status == 200:
        return body
    code = str(body.get("code", ""))[:60]
    if whole.status >= 500 or whole.status == 429 or code in LATER or not code:
        raise Unanswered(code or f"status_{whole.status}")
    raise Refused(code, str(body.get("message", ""))[:120])


def found_in(key: str, body: Mapping[str, Any]) -> Found:
    """How a payment stands by a transaction, as an answer or a notification holds it."""
    standing = STANDINGS.get(str(body.get("trade_state")))
    if standing is None:
        raise Unanswered("answer_unfit")
    amount = body.get("amount")
    if standing != "captured":
        return Found(key=key, standing=standing, detail=str(body.get("trade_state"))[:40])
    reference = body.get("transaction_id")
    if (
        not isinstance(amount, dict)
        or not whole_number(amount.get("total"))
        or not isinstance(reference, str)
    ):
        raise Unanswered("answer_unfit")
    return Found(
        key=key, standing=standing, amount=amount["total"], currency=str(amount.get("currency") or "CNY"),
        reference=reference[:64], at=moment_of(body.get("success_time")),
    )  # fmt: skip


def refund_in(key: str, body: Mapping[str, Any]) -> Refunded:
    """How a refund stands by an answer; another refund's answer is none."""
    state = REFUNDS.get(str(body.get("status")))
    amount = body.get("amount")
    if state is None or body.get("out_refund_no") != key or not isinstance(amount, dict):
        raise Unanswered("answer_unfit")
    if not whole_number(amount.get("refund")):
        raise Unanswered("answer_unfit")
    return Refunded(key=key, state=state, amount=amount["refund"], reference=str(body.get("refund_id", ""))[:64],
                    detail=str(body.get("status")))  # fmt: skip


def whole_number(value: Any) -> bool:
    """Whether it is an amount in minor units: no text, no fraction, no truth value, nothing below zero."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 53


def told(merchant: Merchant, headers: Mapping[str, str], body: bytes, now: int) -> Told:
    """What a notification says; raises Distrusted where it is not WeChat Pay's, not for us, or not to be read."""
    try:
        verify(merchant.keys, headers, body, now)
    except Untrusted as untrusted:
        raise Distrusted(untrusted.reason) from None
    try:
        envelope = notification(body)
        found = unsealed(merchant.secret, envelope["resource"])
    except Untrusted as untrusted:
        raise Distrusted(untrusted.reason, genuine=True) from None
    id, event = envelope["id"][:64], envelope["event_type"]
    if found.get("mchid", found.get("sp_mchid")) != merchant.id:
        raise Distrusted("other_merchant", genuine=True)
    if event.startswith("REFUND."):
        return Told(
            id=id, kind="refund", key=named(found, "out_trade_no"), refund=named(found, "out_refund_no")
        )
    if not event.startswith("TRANSACTION."):
        return Told(id=id, kind="other", content=json.dumps(found, ensure_ascii=False))
    if found.get("appid", found.get("sp_appid")) != merchant.app:
        raise Distrusted("other_app", genuine=True)
    key = named(found, "out_trade_no")
    try:
        payment = found_in(key, found)
    except Unanswered:
        raise Distrusted("not_a_notification", genuine=True) from None
    return Told(
        id=id, kind="payment", key=key, standing=payment.standing, amount=payment.amount,
        currency=payment.currency, reference=payment.reference,
    )  # fmt: skip


def named(found: Mapping[str, Any], name: str) -> str:
    """A key of ours in a notification; raises Distrusted where it is missing."""
    value = found.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= 64:
        raise Distrusted("not_a_notification", genuine=True)
    return value
