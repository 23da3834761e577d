"""A stand-in for WeChat Pay by its published protocol (API v3): believes only what is signed, signs what it says."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from dispatcher_app import clock
from tests.payments.keys import Pair, pair
from tests.payments.standing import House, Said, standing

MERCHANT, APP, SECRET = "1900000109", "wx2421b1c4370ec43b", "0123456789abcdef0123456789abcdef"
KEY_ID = "PUB_KEY_ID_0119000001092024"
CHINA = timezone(timedelta(hours=8))


@dataclass
class WechatHouse(House):
    """Trades and refunds by our keys; `signs_as` is "key" or "certificate"."""

    trades: dict[str, dict[str, Any]] = field(default_factory=dict)
    refunds: dict[str, dict[str, Any]] = field(default_factory=dict)
    bills: dict[str, bytes] = field(default_factory=dict)
    signs_as: str = "key"
    refunds_at_once: bool = False

    def pay(self, key: str, total: int | None = None) -> None:
        """The customer pays on his telephone."""
        trade = self.trades[key]
        trade.update(
            trade_state="SUCCESS", transaction_id=f"4200{len(self.trades):08d}{secrets.randbelow(10**12):012d}",
            success_time=datetime.now(CHINA).isoformat(timespec="seconds"), bank_type="OTHERS",
            payer={"openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"},
        )  # fmt: skip
        if total is not None:
            trade["amount"] = {**trade["amount"], "total": total}

    def notification(self, key: str, **changed: Any) -> tuple[dict[str, str], bytes]:
        """Headers and body of what the merchant is told about a trade, with some of it as given."""
        found = {**self.trades[key], **changed}
        return self.sealed("TRANSACTION.SUCCESS", "transaction", found)

    def refund_notification(self, key: str) -> tuple[dict[str, str], bytes]:
        """The same about a refund."""
        refund = self.refunds[key]
        found = {
            "mchid": MERCHANT, "out_trade_no": refund["out_trade_no"], "out_refund_no": key,
            "refund_id": refund["refund_id"], "refund_status": refund["status"], "amount": refund["amount"],
        }  # fmt: skip
        return self.sealed("REFUND.SUCCESS", "refund", found)

    def sealed(
        self, event: str, original: str, content: dict[str, Any], secret: str = SECRET
    ) -> tuple[dict[str, str], bytes]:
        """A notification of that event."""
        nonce = secrets.token_hex(6)
        text = json.dumps(content, ensure_ascii=False).encode()
        sealed = AESGCM(secret.encode()).encrypt(nonce.encode(), text, original.encode())
        body = json.dumps({
            "id": str(secrets.token_hex(16)), "create_time": datetime.now(CHINA).isoformat(timespec="seconds"),
            "resource_type": "encrypt-resource", "event_type": event, "summary": "支付成功",
            "resource": {
                "original_type": original, "algorithm": "AEAD_AES_256_GCM", "associated_data": original,
                "nonce": nonce, "ciphertext": base64.b64encode(sealed).decode(),
            },
        }, ensure_ascii=False).encode()  # fmt: skip
        return self.signed(body), body

    def signed(self, body: bytes, at: int | None = None, signer: Pair | None = None) -> dict[str, str]:
        """The headers that prove a body to be WeChat Pay's."""
        platform = pair("wechat-platform")
        seconds = str((clock.now_ms() if at is None else at) // 1000)
        nonce = secrets.token_hex(16)
        text = f"{seconds}\n{nonce}\n".encode() + body + b"\n"
        made = (signer or platform).key.sign(text, PKCS1v15(), hashes.SHA256())
        number = f"{platform.x509.serial_number:X}"
        return {
            "Wechatpay-Timestamp": seconds, "Wechatpay-Nonce": nonce,
            "Wechatpay-Serial": KEY_ID if self.signs_as == "key" else number,
            "Wechatpay-Signature": base64.b64encode(made).decode(),
        }  # fmt: skip


@contextmanager
def wechat_house() -> Iterator[WechatHouse]:
    """A WeChat Pay that listens."""
    house = WechatHouse()

    def service(method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Said:
        house.asked.append(f"{method} {path}")
        fault = house.fault(f"{method} {path}")
        if not genuine(method, path, body, headers):
            house.forged += 1
            return say(house, 401, {"code": "SIGN_ERROR", "message": "签名错误"})
        if fault == "down":
            return say(house, 500, {"code": "SYSTEM_ERROR", "message": "系统异常"})
        if fault == "busy":
            return say(house, 429, {"code": "FREQUENCY_LIMITED", "message": "频率超限"})
        if fault == "no_sign":
            return Said(500, b"<html>bad gateway</html>")
        if fault == "lost":
            # He does it, and his answer gets lost.
            answered(house, method, path, body)
            return Said(502, b"")
        if fault == "late":
            said = answered(house, method, path, body)
            house.released.wait(30)
            return said
        if fault.startswith("refuses:"):
            return say(house, 403, {"code": fault.partition(":")[2], "message": "拒绝"})
        said = answered(house, method, path, body)
        if fault == "forged":
            return Said(said.status, said.body, {**said.headers, "Wechatpay-Signature": "AAAA"})
        if fault == "old":
            return Said(said.status, said.body, house.signed(said.body, clock.now_ms() - 3_600_000))
        return said

    with standing(house, service):
        yield house


def genuine(method: str, path: str, body: bytes, headers: Mapping[str, str]) -> bool:
    """Whether a request is signed by our merchant, as WeChat Pay checks it."""
    schema, _, rest = headers.get("authorization", "").partition(" ")
    given = dict(re.findall(r'(\w+)="([^"]*)"', rest))
    if (
        schema != "WECHATPAY2-SHA256-RSA2048"
        or given.get("mchid") != MERCHANT
        or not headers.get("user-agent")
    ):
        return False
    text = f"{method}\n{path}\n{given['timestamp']}\n{given['nonce_str']}\n".encode() + body + b"\n"
    try:
        key = pair("wechat-merchant").key.public_key()
        key.verify(base64.b64decode(given["signature"]), text, PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        return False
    return abs(int(given["timestamp"]) * 1000 - clock.now_ms()) < 300_000


def say(house: WechatHouse, status: int, body: dict[str, Any] | None) -> Said:
    """A signed answer."""
    data = json.dumps(body, ensure_ascii=False).encode() if body is not None else b""
    return Said(status, data, {"content-type": "application/json", **house.signed(data)})


def answered(house: WechatHouse, method: str, path: str, body: bytes) -> Said:
    """What WeChat Pay does and says."""
    asked = json.loads(body) if body else {}
    parts = urlsplit(path).path.split("/")
    query = parse_qs(urlsplit(path).query)
    if path == "/v3/pay/transactions/native":
        return native(house, asked)
    if "/out-trade-no/" in path:
        key = parts[5]
        if key not in house.trades:
            return say(house, 404, {"code": "ORDER_NOT_EXIST", "message": "订单不存在"})
        if parts[-1] != "close":
            return say(house, 200, house.trades[key])
        if house.trades[key]["trade_state"] == "SUCCESS":
            return say(house, 400, {"code": "ORDERPAID", "message": "订单已支付"})
        house.trades[key]["trade_state"] = "CLOSED"
        return say(house, 204, None)
    if path == "/v3/refund/domestic/refunds":
        return refund(house, asked)
    if path.startswith("/v3/refund/"):
        found = house.refunds.get(parts[-1])
        if found is None:
            return say(house, 404, {"code": "RESOURCE_NOT_EXISTS", "message": "退款单不存在"})
        return say(house, 200, found)
    if path.startswith("/v3/bill/tradebill"):
        bill = house.bills.get(query["bill_date"][0])
        if bill is None:
            return say(house, 400, {"code": "NO_STATEMENT_EXIST", "message": "账单不存在"})
        return say(house, 200, {
            "hash_type": "SHA1", "hash_value": hashlib.sha1(bill).hexdigest(),
            "download_url": f"https://api.mch.weixin.qq.com/v3/billdownload/file?token={query['bill_date'][0]}",
        })  # fmt: skip
    if path.startswith("/v3/billdownload/file"):
        return Said(200, house.bills[query["token"][0]])
    return say(house, 404, {"code": "NOT_FOUND", "message": path})


def native(house: WechatHouse, asked: dict[str, Any]) -> Said:
    """A trade is made once; the same key with the same figures gives a code again."""
    key = asked["out_trade_no"]
    if (
        re.fullmatch(r"[0-9a-zA-Z_\-|*]{6,32}", key) is None
        or asked["mchid"] != MERCHANT
        or asked["appid"] != APP
    ):
        return say(house, 400, {"code": "PARAM_ERROR", "message": "参数错误"})
    known = house.trades.get(key)
    if known is not None and known["amount"]["total"] != asked["amount"]["total"]:
        return say(house, 403, {"code": "OUT_TRADE_NO_USED", "message": "商户订单号重复"})
    if known is not None and known["trade_state"] != "NOTPAY":
        code = "ORDERPAID" if known["trade_state"] == "SUCCESS" else "ORDER_CLOSED"
        return say(house, 400, {"code": code, "message": "订单已支付或已关闭"})
    house.trades[key] = {
        "appid": APP, "mchid": MERCHANT, "out_trade_no": key, "trade_type": "NATIVE", "trade_state": "NOTPAY",
        "trade_state_desc": "订单未支付", "amount": dict(asked["amount"]), "time_expire": asked["time_expire"],
        "description": asked["description"], "notify_url": asked["notify_url"],
    }  # fmt: skip
    return say(house, 200, {"code_url": f"weixin://wxpay/bizpayurl?pr={key[:12]}zz"})


def refund(house: WechatHouse, asked: dict[str, Any]) -> Said:
    """A refund is made once; more than was paid is refused."""
    key, trade = asked["out_refund_no"], house.trades.get(asked["out_trade_no"])
    if trade is None or trade["trade_state"] not in ("SUCCESS", "REFUND"):
        return say(house, 404, {"code": "RESOURCE_NOT_EXISTS", "message": "订单不存在"})
    if key not in house.refunds:
        given = sum(
            each["amount"]["refund"]
            for each in house.refunds.values()
            if each["out_trade_no"] == asked["out_trade_no"]
        )
        if given + asked["amount"]["refund"] > trade["amount"]["total"]:
            return say(house, 400, {"code": "INVALID_REQUEST", "message": "申请退款金额大于可退金额"})
        house.refunds[key] = {
            "refund_id": f"5030{len(house.refunds):020d}", "out_refund_no": key, "out_trade_no": asked["out_trade_no"],
            "status": "SUCCESS" if house.refunds_at_once else "PROCESSING", "amount": asked["amount"],
        }  # fmt: skip
        trade["trade_state"] = "REFUND"
    return say(house, 200, house.refunds[key])


def settings(folder: Path, url: str, mode: str = "key", notify: str = "") -> str:
    """The keys of our merchant as files, and the section of the settings that names them."""
    merchant, platform = pair("wechat-merchant"), pair("wechat-platform")
    (folder / "apiclient_key.pem").write_bytes(merchant.private)
    (folder / "apiv3.key").write_text(SECRET + "\n")
    (folder / "pub_key.pem").write_bytes(platform.public)
    (folder / "platform.pem").write_bytes(platform.certificate)
    lines = [
        "[wechatpay]", f'merchant = "{MERCHANT}"', f'app = "{APP}"', f'serial = "{merchant.x509.serial_number:X}"',
        'private_key = "apiclient_key.pem"', 'api_v3_key = "apiv3.key"', f'url = "{url}"',
    ]  # fmt: skip
    if mode in ("key", "both"):
        lines += [f'public_key_id = "{KEY_ID}"', 'public_key = "pub_key.pem"']
    if mode in ("certificate", "both"):
        lines.append('certificates = ["platform.pem"]')
    if notify:
        lines.append(f'notify = "{notify}"')
    return "\n".join(lines) + "\n"
