"""What proves to WeChat Pay that a request is ours, and to us that an answer or a notification is his (API v3).

https://pay.weixin.qq.com/doc/v3/merchant/4012365342 (signatures), 4012071382 (notifications). Merchants of before
October 2024 have platform certificates, later ones a public key whose id begins with PUB_KEY_ID_; while a merchant
changes over, both kinds come in, so the header `Wechatpay-Serial` says which one it is.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from dispatcher_app.integrations.payments.seal import Signer, opened, verifies

SCHEMA = "WECHATPAY2-SHA256-RSA2048"
PUBLIC_KEY = "PUB_KEY_ID_"
PROBE = "WECHATPAY/SIGNTEST/"
"""WeChat Pay sends wrong signatures now and then, to see that we look at them."""
FIVE_MINUTES_MS = 300_000
ALGORITHM = "AEAD_AES_256_GCM"


class Untrusted(Exception):
    """What came in is not believed, for this reason."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Merchant:
    """Who we are to WeChat Pay: numbers, and keys that stand in no log.

    `keys` are his public keys by their id or by the serial number of their certificate; `asks_with` is the one that
    he is to sign his answers with, "" where he chooses his certificate.
    """

    id: str
    app: str
    serial: str
    signer: Signer = field(repr=False)
    secret: bytes = field(repr=False)
    keys: Mapping[str, RSAPublicKey] = field(repr=False)
    asks_with: str = ""


def authorization(merchant: Merchant, method: str, path: str, body: bytes, at: int) -> str:
    """The header of a request: a signature over method, path with query, time, a word of chance and body."""
    nonce, seconds = secrets.token_hex(16).upper(), str(at // 1000)
    text = b"".join(
        each + b"\n" for each in (method.encode(), path.encode(), seconds.encode(), nonce.encode(), body)
    )
    return (
        f'{SCHEMA} mchid="{merchant.id}",nonce_str="{nonce}",signature="{merchant.signer.sign(text)}",'
        f'timestamp="{seconds}",serial_no="{merchant.serial}"'
    )


def key_for(keys: Mapping[str, RSAPublicKey], serial: str) -> RSAPublicKey | None:
    """The public key that a `Wechatpay-Serial` names: a key's id as it is, a certificate's number whatever its zeros."""
    if serial.startswith(PUBLIC_KEY):
        return keys.get(serial)
    return keys.get(plain_serial(serial))


def plain_serial(serial: str) -> str:
    """A certificate's serial number without what is written in one way or the other."""
    return serial.strip().upper().lstrip("0")


def verify(keys: Mapping[str, RSAPublicKey], headers: Mapping[str, str], body: bytes, now: int) -> None:
    """Raises Untrusted unless the body was signed by WeChat Pay within five minutes; header names in small letters."""
    given = {
        name: headers.get(f"wechatpay-{name}", "") for name in ("timestamp", "nonce", "serial", "signature")
    }
    if not all(given.values()):
        raise Untrusted("header_missing")
    seconds = given["timestamp"]
    if not (seconds.isascii() and seconds.isdecimal() and len(seconds) <= 12):
        raise Untrusted("timestamp_invalid")
    if abs(int(seconds) * 1000 - now) > FIVE_MINUTES_MS:
        raise Untrusted("timestamp_off")
    if given["signature"].startswith(PROBE):
        raise Untrusted("signature_probe")
    if (key := key_for(keys, given["serial"])) is None:
        raise Untrusted("serial_unknown")
    text = seconds.encode() + b"\n" + given["nonce"].encode() + b"\n" + body + b"\n"
    if not verifies(key, text, given["signature"]):
        raise Untrusted("signature_wrong")


def notification(body: bytes) -> dict[str, Any]:
    """The envelope of a notification; raises Untrusted where it is none."""
    envelope = object_of(body)
    if envelope is None:
        raise Untrusted("not_json")
    resource = envelope.get("resource")
    if not isinstance(resource, dict) or not all(
        isinstance(envelope.get(name), str) for name in ("id", "event_type")
    ):
        raise Untrusted("not_a_notification")
    return envelope


def unsealed(secret: bytes, resource: Mapping[str, Any]) -> dict[str, Any]:
    """What a notification holds; raises Untrusted where it is sealed otherwise or with another key."""
    if resource.get("algorithm") != ALGORITHM:
        raise Untrusted("algorithm_unknown")
    parts = [resource.get("nonce"), resource.get("associated_data") or "", resource.get("ciphertext")]
    if not all(isinstance(each, str) for each in parts):
        raise Untrusted("not_a_notification")
    nonce, associated, ciphertext = map(str, parts)
    text = opened(secret, nonce, associated, ciphertext)
    if text is None:
        raise Untrusted("not_to_be_opened")
    found = object_of(text)
    if found is None:
        raise Untrusted("not_json")
    return found


def object_of(text: bytes) -> dict[str, Any] | None:
    """A JSON object; None for anything else, XML and numbers that are none included."""
    try:
        found = json.loads(text.decode("utf-8"), parse_constant=no_number)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def no_number(said: str) -> float:
    """NaN and infinities are no JSON."""
    raise ValueError(said)
