"""What proves to Alipay that a request is ours, and to us that an answer or a notification is his (RSA2).

https://opendocs.alipay.com/common/02kf5q (signing), 02mse7 (verifying), 02kkv7 (certificates). A request's parameters
are signed in the order of their names, without empty ones; an answer is signed as the very text that came; of a
notification every parameter but `sign` (and `sign_type`) is signed, as it reads after decoding.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from dispatcher_app.integrations.payments.seal import Signer, verifies

RSA_SIGNED = "1.2.840.113549.1.1."
"""The signature algorithms of certificates that count; Alipay's root file holds others too."""
FIELDS = 100
CHARSETS = {"utf-8": "utf-8", "utf8": "utf-8", "gbk": "gb18030", "gb2312": "gb18030", "gb18030": "gb18030"}
ANY = ""
"""The name of the key of whoever has no certificates."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """Who we are to Alipay: numbers, and a key that stands in no log.

    `keys` are his public keys by their certificate's fingerprint, by "" where there are no certificates; then
    `certificate` and `root` are empty too.
    """

    app: str
    seller: str = ""
    signer: Signer = field(repr=False)
    keys: Mapping[str, RSAPublicKey] = field(repr=False)
    certificate: str = ""
    root: str = ""


def fingerprint(certificate: x509.Certificate) -> str:
    """What Alipay calls a certificate (SN): MD5 over its issuer's name, most special part first, and its number."""
    named = certificate.issuer.rfc4514_string() + str(certificate.serial_number)
    return hashlib.md5(named.encode(), usedforsecurity=False).hexdigest()


def fingerprint_of_roots(certificates: list[x509.Certificate]) -> str:
    """What he calls his root file: the fingerprints of those that RSA signed."""
    counted = (
        each for each in certificates if each.signature_algorithm_oid.dotted_string.startswith(RSA_SIGNED)
    )
    return "_".join(fingerprint(each) for each in counted)


def to_sign(params: Mapping[str, str]) -> bytes:
    """The text of a request that is signed."""
    return "&".join(f"{name}={params[name]}" for name in sorted(params) if params[name]).encode()


def part(text: str, name: str) -> tuple[dict[str, Any], str] | None:
    """A top-level object of an answer with the very text of it; None where the answer is no JSON or has none."""
    decoder = json.JSONDecoder(parse_constant=lambda said: None)
    try:
        if not isinstance(json.loads(text), dict):
            return None
        at = text.index("{") + 1
        while True:
            key, at = decoder.raw_decode(text, skipped(text, at))
            at = skipped(text, skipped(text, at) + 1)
            value, end = decoder.raw_decode(text, at)
            if key == name:
                return (value, text[at:end]) if isinstance(value, dict) else None
            at = skipped(text, end)
            if text[at] != ",":
                return None
            at += 1
    except (ValueError, IndexError, RecursionError):
        return None


def skipped(text: str, at: int) -> int:
    """Where the next thing begins behind blanks."""
    while text[at] in " \t\r\n":
        at += 1
    return at


def trusted(shop: Shop, signed: bytes, signature: str, certificate: str) -> bool:
    """Whether Alipay signed this; `certificate` is the one that he names, "" where he names none."""
    keys = (
        [shop.keys[certificate]]
        if certificate in shop.keys
        else []
        if certificate
        else list(shop.keys.values())
    )
    return bool(signature) and any(verifies(key, signed, signature) for key in keys)


def fields_of(body: bytes) -> tuple[dict[str, str], str] | None:
    """The parameters of a notification and their charset; None where it is no form, or names something twice."""
    try:
        ascii_ = body.decode("ascii")
        plain = dict(parse_qsl(ascii_, keep_blank_values=True, max_num_fields=FIELDS, encoding="latin-1"))
        charset = CHARSETS[plain.get("charset", "utf-8").lower()]
        pairs = parse_qsl(
            ascii_,
            keep_blank_values=True,
            strict_parsing=True,
            max_num_fields=FIELDS,
            encoding=charset,
            errors="strict",
        )
    except (ValueError, KeyError):
        return None
    found = dict(pairs)
    return (found, charset) if pairs and len(found) == len(pairs) else None


def notification_is_his(shop: Shop, fields: Mapping[str, str], charset: str) -> bool:
    """Whether Alipay signed a notification."""
    if fields.get("sign_type", "RSA2") != "RSA2":
        return False
    # Notices of payments are signed without their sign_type, those of some other services with it.
    counted = {name: value for name, value in fields.items() if name not in ("sign", "sign_type")}
    whole = {name: value for name, value in fields.items() if name != "sign"}
    texts = tuple(
        "&".join(f"{name}={each[name]}" for name in sorted(each) if each[name] or blanks)
        for each in (counted, whole)
        for blanks in (True, False)
    )
    # The sign's own plus signs become blanks where a sender has not escaped them.
    signature = fields.get("sign", "").replace(" ", "+")
    certificate = fields.get("alipay_cert_sn", "")
    return any(trusted(shop, text.encode(charset), signature, certificate) for text in dict.fromkeys(texts))
