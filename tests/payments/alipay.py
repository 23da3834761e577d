"""A stand-in for Alipay's gateway by its published protocol: it believes only what is signed, and signs its answers."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import secrets
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15

from tests.payments.keys import Pair, pair
from tests.payments.standing import House, Said, standing

APP, SELLER = "2021000122600001", "2088102146225135"
CHINA = timezone(timedelta(hours=8))


def now_text(moved_s: int = 0) -> str:
    """The time as Alipay writes it."""
    return (datetime.now(CHINA) + timedelta(seconds=moved_s)).strftime("%Y-%m-%d %H:%M:%S")


@dataclass
class AlipayHouse(House):
    """Codes that were made, trades that began when they were scanned, and refunds, by our keys."""

    codes: dict[str, dict[str, Any]] = field(default_factory=dict)
    trades: dict[str, dict[str, Any]] = field(default_factory=dict)
    refunds: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    bills: dict[str, bytes] = field(default_factory=dict)
    mode: str = "key"
    moves_money: bool = True

    def scan(self, key: str) -> None:
        """The customer scans a code: the trade begins."""
        self.trades.setdefault(key, {
            "trade_no": f"2026112322001{secrets.randbelow(10**15):015d}", "out_trade_no": key,
            "trade_status": "WAIT_BUYER_PAY", "total_amount": self.codes[key]["total_amount"],
            "buyer_logon_id": "159****5620",
        })  # fmt: skip

    def pay(self, key: str, total: str | None = None) -> None:
        """He pays."""
        self.scan(key)
        self.trades[key].update(trade_status="TRADE_SUCCESS", send_pay_date=now_text())
        if total is not None:
            self.trades[key]["total_amount"] = total

    def notification(self, key: str, *, signer: Pair | None = None, **changed: Any) -> bytes:
        """The form that the shop is sent about a trade, with some of it as given."""
        trade = self.trades[key]
        fields = {
            "notify_time": now_text(), "notify_type": "trade_status_sync", "notify_id": secrets.token_hex(17),
            "app_id": APP, "charset": "utf-8", "version": "1.0", "trade_no": trade["trade_no"], "out_trade_no": key,
            "seller_id": SELLER, "trade_status": trade["trade_status"], "total_amount": trade["total_amount"],
            "gmt_create": now_text(), "gmt_payment": now_text(), "subject": "空调维修 上门费+人工",
            "fund_bill_list": '[{"amount":"1.00","fundChannel":"ALIPAYACCOUNT"}]', **changed,
        }  # fmt: skip
        text = "&".join(f"{name}={fields[name]}" for name in sorted(fields))
        return urlencode({**fields, "sign_type": "RSA2", "sign": signature(text, signer)}).encode()


def signature(text: str, signer: Pair | None = None) -> str:
    """Alipay's proof of a text."""
    made = (signer or pair("alipay")).key.sign(text.encode(), PKCS1v15(), hashes.SHA256())
    return base64.b64encode(made).decode()


def fingerprint(name: str) -> str:
    """A certificate's SN as Alipay's documents reckon it."""
    issuer = f"CN={name},OU=Certification Authority,O=Stand-in,C=CN"
    return hashlib.md5(f"{issuer}{pair(name).x509.serial_number}".encode()).hexdigest()


@contextmanager
def alipay_house() -> Iterator[AlipayHouse]:
    """An Alipay that listens."""
    house = AlipayHouse()

    def service(method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Said:
        if path.startswith("/bill/"):
            return Said(200, house.bills[path.removeprefix("/bill/")])
        params = dict(parse_qsl(body.decode(), keep_blank_values=True))
        house.asked.append(params.get("method", "?"))
        fault = house.fault(params.get("method", "?"))
        if not genuine(house, params):
            house.forged += 1
            return Said(200, json.dumps({
                "error_response": {"code": "40002", "msg": "Invalid Arguments", "sub_code": "isv.invalid-signature"}
            }).encode())  # fmt: skip
        asked = json.loads(params["biz_content"])
        if fault == "down":
            return Said(500, b"<html>error</html>")
        if fault == "unknown":
            return say(house, params["method"], {"code": "20000", "msg": "Service Currently Unavailable",
                                                 "sub_code": "isp.unknow-error"})  # fmt: skip
        if fault.startswith("refuses:"):
            return say(house, params["method"], no(fault.partition(":")[2]))
        said = say(house, params["method"], answered(house, params["method"], asked))
        if fault == "lost":
            return Said(502, b"")
        if fault == "late":
            house.released.wait(30)
        if fault == "forged":
            return Said(200, said.body.replace(b'"sign":"', b'"sign":"AAAA'))
        if fault == "changed":
            return Said(200, said.body.replace(b"WAIT_BUYER_PAY", b"TRADE_SUCCESS").replace(b"0.01", b"0.02"))
        return said

    with standing(house, service):
        yield house


def genuine(house: AlipayHouse, params: dict[str, str]) -> bool:
    """Whether a request is signed by our shop, as Alipay checks it."""
    sign = params.pop("sign", "")
    text = "&".join(f"{name}={params[name]}" for name in sorted(params) if params[name])
    if house.mode == "certificate" and (
        params.get("app_cert_sn") != fingerprint("alipay-shop")
        or params.get("alipay_root_cert_sn") != fingerprint("alipay-root")
    ):
        return False
    try:
        key = pair("alipay-shop").key.public_key()
        key.verify(base64.b64decode(sign), text.encode(), PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        return False
    return (
        params.get("app_id") == APP and params.get("sign_type") == "RSA2" and params.get("version") == "1.0"
    )


def say(house: AlipayHouse, method: str, body: dict[str, Any]) -> Said:
    """A signed answer; what is signed is the very text, with the slashes that Alipay escapes."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":")).replace("/", "\\/")
    named = f',"alipay_cert_sn":"{fingerprint("alipay")}"' if house.mode == "certificate" else ""
    whole = f'{{"{method.replace(".", "_")}_response":{text}{named},"sign":"{signature(text)}"}}'
    return Said(200, whole.encode())


def yes(**more: Any) -> dict[str, Any]:
    return {"code": "10000", "msg": "Success", **more}


def no(code: str) -> dict[str, Any]:
    return {"code": "40004", "msg": "Business Failed", "sub_code": code, "sub_msg": "拒绝"}


def answered(house: AlipayHouse, method: str, asked: dict[str, Any]) -> dict[str, Any]:
    """What Alipay does and says."""
    if method == "alipay.data.dataservice.bill.downloadurl.query":
        if asked["bill_date"] not in house.bills:
            return no("isp.bill_not_exist")
        return yes(bill_download_url=f"{house.url}/bill/{asked['bill_date']}")
    key = asked["out_trade_no"]
    if method == "alipay.trade.precreate":
        if house.trades.get(key, {}).get("trade_status") == "TRADE_SUCCESS":
            return no("ACQ.TRADE_HAS_SUCCESS")
        house.codes[key] = asked
        return yes(out_trade_no=key, qr_code=f"https://qr.alipay.com/bax{key[:10]}")
    trade = house.trades.get(key)
    if trade is None:
        return no("ACQ.TRADE_NOT_EXIST")
    if method == "alipay.trade.query":
        return yes(**trade)
    if method == "alipay.trade.close":
        if trade["trade_status"] != "WAIT_BUYER_PAY":
            return no("ACQ.TRADE_STATUS_ERROR")
        trade["trade_status"] = "TRADE_CLOSED"
        return yes(trade_no=trade["trade_no"], out_trade_no=key)
    request = (key, asked["out_request_no"])
    if method == "alipay.trade.refund":
        known = request in house.refunds
        house.refunds.setdefault(request, {"refund_amount": asked["refund_amount"]})
        return yes(trade_no=trade["trade_no"], out_trade_no=key, refund_fee=asked["refund_amount"],
                   fund_change="Y" if house.moves_money and not known else "N")  # fmt: skip
    if request not in house.refunds:
        return yes()
    return yes(trade_no=trade["trade_no"], out_trade_no=key, out_request_no=request[1],
               refund_status="REFUND_SUCCESS", **house.refunds[request])  # fmt: skip


def packed(trades: str, sums: str, charset: str = "gb18030") -> bytes:
    """A bill as Alipay packs it: two files with names in GBK."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("20881021462251350156_20261122_业务明细.csv", trades.encode(charset))
        archive.writestr("20881021462251350156_20261122_业务明细(汇总).csv", sums.encode(charset))
    return made.getvalue()


def settings(folder: Path, url: str, mode: str = "key") -> str:
    """The keys of our shop as files, and the section of the settings that names them."""
    shop, his = pair("alipay-shop"), pair("alipay")
    (folder / "app_private_key.pem").write_bytes(shop.private)
    (folder / "alipay_public_key.txt").write_bytes(
        b"".join(line for line in his.public.splitlines() if not line.startswith(b"-"))
    )
    (folder / "app.crt").write_bytes(shop.certificate)
    (folder / "alipay.crt").write_bytes(his.certificate)
    (folder / "root.crt").write_bytes(pair("alipay-root").certificate)
    lines = ["[alipay]", f'app = "{APP}"', f'seller = "{SELLER}"', 'private_key = "app_private_key.pem"',
             f'url = "{url}/gateway.do"']  # fmt: skip
    if mode == "key":
        lines.append('public_key = "alipay_public_key.txt"')
    else:
        lines += [
            'app_certificate = "app.crt"',
            'alipay_certificate = "alipay.crt"',
            'root_certificate = "root.crt"',
        ]
    return "\n".join(lines) + "\n"
