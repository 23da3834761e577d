"""Alipay (支付宝), payment face to face: a code on our screen (precreate), the customer's telephone scans it.

https://opendocs.alipay.com/open/02ekfg. A trade begins to exist when the code is scanned: before that a query finds
nothing, and closing it closes nothing, so that a code ends only with its time. A trade that was closed may have been
paid and given back; only whether a moment of payment is named tells the two apart.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from dispatcher_app import clock
from dispatcher_app.integrations.payments.alipay_seal import (
    Shop,
    fields_of,
    notification_is_his,
    part,
    to_sign,
    trusted,
)
from dispatcher_app.integrations.payments.moment import minor, moment_of, written, yuan
from dispatcher_app.integrations.payments.port import (
    Asked,
    Distrusted,
    Found,
    NoBill,
    Paid,
    Refunded,
    Refused,
    Standing,
    Told,
    Unanswered,
)
from dispatcher_app.integrations.transport import ANSWER_LIMIT, Exchange, Unreachable, Whole

ADDRESS = "https://openapi.alipay.com/gateway.do"
TIMEOUT_S = 8.0
BILL_LIMIT = 64 * 1024 * 1024
SUBJECT_LIMIT = 128
FIVE_MINUTES_MS = 300_000
NOT_THERE = "ACQ.TRADE_NOT_EXIST"
UNKNOWN = frozenset({"ACQ.SYSTEM_ERROR", "aop.ACQ.SYSTEM_ERROR", "isp.unknow-error", "aop.unknow-error"})
"""Business codes that say nothing of what became of the request."""

STANDINGS: Final[Mapping[str, Standing]] = {
    "WAIT_BUYER_PAY": "waiting", "TRADE_SUCCESS": "captured", "TRADE_FINISHED": "captured", "TRADE_CLOSED": "closed",
}  # fmt: skip


class Alipay:
    """A shop's account; `notify` is the address that Alipay tells of payments."""

    name = "alipay"

    def __init__(self, shop: Shop, notify: str, url: str = ADDRESS, timeout_s: float = TIMEOUT_S) -> None:
        self._shop = shop
        self._notify = notify
        self._url = url
        self._exchange = Exchange(timeout_s)

    @property
    def account(self) -> str:
        """The shop's number (PID), "" where it is not set."""
        return self._shop.seller

    async def offer(self, asked: Asked) -> str:
        """alipay.trade.precreate: the code's address, good until the payment's time is over."""
        if asked.currency != "CNY":
            raise Refused("currency", asked.currency)
        body = await self._ask("alipay.trade.precreate", {
            "out_trade_no": asked.key, "total_amount": yuan(asked.amount), "subject": asked.subject[:SUBJECT_LIMIT],
            "time_expire": written(asked.expires_at),
        }, notify=self._notify)  # fmt: skip
        code = body.get("qr_code")
        if not isinstance(code, str) or not code or body.get("out_trade_no") != asked.key:
            raise Unanswered("answer_unfit")
        return code

    async def query(self, key: str) -> Found:
        """alipay.trade.query."""
        try:
            body = await self._ask("alipay.trade.query", {"out_trade_no": key})
        except Refused as refused:
            if refused.code == NOT_THERE:
                return Found(key=key, standing="absent")
            raise
        if body.get("out_trade_no") != key:
            raise Unanswered("answer_of_another")
        return found_in(key, body, "send_pay_date")

    async def close(self, key: str) -> Found:
        """alipay.trade.close; where it was paid meanwhile the payment is said instead."""
        try:
            await self._ask("alipay.trade.close", {"out_trade_no": key})
        except Refused as refused:
            if refused.code == NOT_THERE:
                return Found(key=key, standing="absent")
            found = await self.query(key)
            if found.standing in ("captured", "closed", "absent"):
                return found
            raise refused from None
        return Found(key=key, standing="closed")

    async def refund(self, key: str, paid: Paid, amount: int, reason: str = "") -> Refunded:
        """alipay.trade.refund: done at once where money has moved, else the query says more."""
        body = await self._ask("alipay.trade.refund", {
            "out_trade_no": paid.key, "out_request_no": key, "refund_amount": yuan(amount),
            **({"refund_reason": reason[:100]} if reason else {}),
        })  # fmt: skip
        if body.get("out_trade_no") != paid.key:
            raise Unanswered("answer_of_another")
        moved = body.get("fund_change") == "Y"
        # Its `refund_fee` counts every refund of the trade; what this one came to only the query says.
        return Refunded(key=key, state="done" if moved else "sent", amount=amount if moved else 0,
                        reference=str(body.get("trade_no", ""))[:64])  # fmt: skip

    async def query_refund(self, key: str, paid: Paid) -> Refunded:
        """alipay.trade.fastpay.refund.query: an answer without a status means that nothing was given back."""
        try:
            body = await self._ask(
                "alipay.trade.fastpay.refund.query", {"out_trade_no": paid.key, "out_request_no": key}
            )
        except Refused as refused:
            if refused.code == NOT_THERE:
                return Refunded(key=key, state="absent")
            raise
        if body.get("refund_status") != "REFUND_SUCCESS" or body.get("out_request_no") != key:
            return Refunded(key=key, state="absent")
        amount = minor(body.get("refund_amount"))
        if amount is None:
            raise Unanswered("answer_unfit")
        return Refunded(key=key, state="done", amount=amount, reference=str(body.get("trade_no", ""))[:64])

    async def bill(self, date: str) -> bytes:
        """alipay.data.dataservice.bill.downloadurl.query, then the archive it names: its list of single trades."""
        try:
            body = await self._ask(
                "alipay.data.dataservice.bill.downloadurl.query", {"bill_type": "trade", "bill_date": date}
            )
        except Refused as refused:
            if "bill_not_exist" in refused.code or "isp.bill" in refused.code:
                raise NoBill(refused.code) from None
            raise
        address = str(body.get("bill_download_url", ""))
        if not self._ours(address):
            raise Unanswered("answer_unfit")
        whole = await self._send("GET", address, b"", BILL_LIMIT)
        if whole.status != 200:
            raise Unanswered(f"status_{whole.status}")
        return unpacked(whole.body)

    def _ours(self, address: str) -> bool:
        """Whether a bill's address is Alipay's: somewhere else we fetch nothing."""
        asked, here = urlsplit(address), urlsplit(self._url)
        his = (asked.hostname or "").endswith(".alipay.com") and asked.scheme == "https"
        return his or (asked.scheme, asked.netloc) == (here.scheme, here.netloc)

    def told(self, headers: Mapping[str, str], body: bytes, now: int) -> Told:
        """What a notification says; raises Distrusted."""
        return told(self._shop, body, now)

    async def _ask(self, method: str, asked: dict[str, Any], notify: str = "") -> dict[str, Any]:
        shop = self._shop
        params = {
            "app_id": shop.app, "method": method, "format": "JSON", "charset": "utf-8", "sign_type": "RSA2",
            "timestamp": written(clock.now_ms()), "version": "1.0", "notify_url": notify,
            "app_cert_sn": shop.certificate, "alipay_root_cert_sn": shop.root,
            "biz_content": json.dumps(asked, ensure_ascii=False, separators=(",", ":")),
        }  # fmt: skip
        sent = {name: value for name, value in params.items() if value}
        sent["sign"] = shop.signer.sign(to_sign(sent))
        whole = await self._send("POST", self._url, urlencode(sent).encode(), ANSWER_LIMIT)
        return outcome(shop, whole, method.replace(".", "_") + "_response")

    async def _send(self, method: str, url: str, body: bytes, limit: int) -> Whole:
        headers = {"content-type": "application/x-www-form-urlencoded;charset=utf-8"} if body else {}
        try:
            return await self._exchange.send(method, url, body, headers, limit)
        except Unreachable as error:
            raise Unanswered(str(error)) from None

    async def end(self) -> None:
        """Let go of the connections."""
        await self._exchange.close()


def outcome(shop: Shop, whole: Whole, name: str) -> dict[str, Any]:
    """The body of an answer that says yes; raises Refused where it says no, Unanswered where it is not to be believed."""
    if whole.status != 200:
        raise Unanswered(f"status_{whole.status}")
    try:
        text = whole.body.decode("utf-8")
    except UnicodeDecodeError:
        raise Unanswered("answer_unfit") from None
    found = part(text, name)
    if found is None:
        # He may leave what he does not understand unsigned: it is told, and not believed.
        wrong = part(text, "error_response")
        raise Unanswered(said(wrong[0]) if wrong is not None else "answer_unfit")
    body, signed = found
    around = json.loads(text)
    if not trusted(shop, signed.encode(), str(around.get("sign", "")), str(around.get("alipay_cert_sn", ""))):
        raise Unanswered("signature_wrong")
    code, sub = str(body.get("code", "")), str(body.get("sub_code", ""))
    if code == "10000":
        return body
    if code in ("", "20000", "10003") or sub in UNKNOWN:
        raise Unanswered(said(body))
    raise Refused(sub[:60] or code[:60], str(body.get("sub_msg") or body.get("msg") or "")[:120])


def said(body: Mapping[str, Any]) -> str:
    """Alipay's codes in one word."""
    return (
        ":".join(filter(None, (str(body.get("code", ""))[:20], str(body.get("sub_code", ""))[:60])))
        or "answer_unfit"
    )


def found_in(key: str, body: Mapping[str, Any], paid_at: str) -> Found:
    """How a trade stands by an answer or a notification, which name the moment of payment differently."""
    standing = STANDINGS.get(str(body.get("trade_status")))
    if standing is None:
        raise Unanswered("answer_unfit")
    at = moment_of(body.get(paid_at))
    if standing == "closed" and at is not None:
        standing = "captured"
    if standing != "captured":
        return Found(key=key, standing=standing, detail=str(body.get("trade_status"))[:40])
    amount, reference = minor(body.get("total_amount")), body.get("trade_no")
    if amount is None or not isinstance(reference, str):
        raise Unanswered("answer_unfit")
    currency = str(body.get("trans_currency") or "CNY")[:8]
    return Found(
        key=key, standing=standing, amount=amount, currency=currency, reference=reference[:64], at=at
    )


def told(shop: Shop, body: bytes, now: int) -> Told:
    """What a notification says; raises Distrusted where it is not Alipay's, not for us, or not to be read."""
    read = fields_of(body)
    if read is None:
        raise Distrusted("not_a_form")
    fields, charset = read
    if not notification_is_his(shop, fields, charset):
        raise Distrusted("signature_wrong")
    at = moment_of(fields.get("notify_time"))
    if at is None:
        raise Distrusted("timestamp_invalid", genuine=True)
    if abs(at - now) > FIVE_MINUTES_MS:
        raise Distrusted("timestamp_off", genuine=True)
    if fields.get("app_id") != shop.app:
        raise Distrusted("other_app", genuine=True)
    if shop.seller and fields.get("seller_id") != shop.seller:
        raise Distrusted("other_merchant", genuine=True)
    id, key = fields.get("notify_id", "")[:128], fields.get("out_trade_no", "")
    if not id or fields.get("notify_type") != "trade_status_sync":
        return Told(id=id or "?", kind="other")
    if not 0 < len(key) <= 64:
        raise Distrusted("not_a_notification", genuine=True)
    if fields.get("out_biz_no") and fields.get("refund_fee"):
        return Told(id=id, kind="refund", key=key, refund=fields["out_biz_no"][:64])
    try:
        trade = found_in(key, fields, "gmt_payment")
    except Unanswered:
        raise Distrusted("not_a_notification", genuine=True) from None
    return Told(id=id, kind="payment", key=key, standing=trade.standing, amount=trade.amount,
                currency=trade.currency, reference=trade.reference)  # fmt: skip


def unpacked(archive: bytes) -> bytes:
    """The list of single trades in a bill's archive: the larger file, not the one of sums; raises Unanswered."""
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as opened:
            files = [
                each
                for each in opened.infolist()
                if each.filename.lower().endswith(".csv") and not summed(each)
            ]
            if len(files) != 1 or files[0].file_size > BILL_LIMIT:
                raise Unanswered("bill_damaged")
            return opened.read(files[0])
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError):
        raise Unanswered("bill_damaged") from None


def summed(file: zipfile.ZipInfo) -> bool:
    """Whether a file of the archive holds sums only; its name is in GBK, which archives can't say."""
    name = file.filename
    if not file.flag_bits & 0x800:
        name = name.encode("cp437").decode("gb18030", errors="replace")
    return "汇总" in name
