"""Which providers a company has accounts with: a TOML file that names files with keys, none of which is ever logged.

    [wechatpay]
    merchant = "1900000001"                   # 商户号
    app = "wx0123456789abcdef"                # AppID
    serial = "5157F09EFDC096DE15EBE81A47057A7232F1B8E1"   # 商户API证书序列号
    private_key = "apiclient_key.pem"         # 商户API私钥
    api_v3_key = "apiv3.key"                  # APIv3密钥, 32 characters
    public_key_id = "PUB_KEY_ID_…"            # 微信支付公钥ID, with
    public_key = "pub_key.pem"                # 微信支付公钥
    certificates = ["wechatpay_5157F0.pem"]   # 平台证书, of older merchants; both while changing over

    [alipay]
    app = "2021000000000000"                  # 应用APPID
    seller = "2088000000000000"               # 商户PID
    private_key = "app_private_key.txt"       # 应用私钥
    public_key = "alipay_public_key.txt"      # 支付宝公钥, or the three certificates:
    app_certificate = "appCertPublicKey.crt"
    alipay_certificate = "alipayCertPublicKey_RSA2.crt"
    root_certificate = "alipayRootCert.crt"

Names of files count from the folder of the settings. `url` names another gateway (Alipay's sandbox), `notify` the
address that notifications come to where it is not the public one.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from dispatcher_app.integrations.payments import alipay, alipay_seal, seal, wechat_seal, wechatpay
from dispatcher_app.integrations.payments.port import Provider
from dispatcher_app.integrations.webhook import LOOPBACK

SECRET_BYTES = 32
KNOWN = {
    "wechatpay": frozenset({"merchant", "app", "serial", "private_key", "api_v3_key", "public_key_id", "public_key",
                            "certificates", "url", "notify"}),
    "alipay": frozenset({"app", "seller", "private_key", "public_key", "app_certificate", "alipay_certificate",
                         "root_certificate", "url", "notify"}),
}  # fmt: skip


class BadPayments(ValueError):
    """The settings of payments can't be used; says which one, never what is in a key."""


def opened(file: Path, public: str) -> dict[str, Provider]:
    """The providers of a settings file by the means they stand for; raises BadPayments."""
    try:
        found = tomllib.loads(seal.content(file).decode())
        unknown = found.keys() - KNOWN.keys()
        if unknown:
            raise BadPayments(f"{file}: [{min(unknown)}] is unknown")
        made: dict[str, Provider] = {}
        if "wechatpay" in found:
            made["wechat"] = wechat(Section(file.parent, "wechatpay", found["wechatpay"]), public)
        if "alipay" in found:
            made["alipay"] = alipay_of(Section(file.parent, "alipay", found["alipay"]), public)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadPayments(f"{file}: {error}") from None
    except seal.BadKey as error:
        raise BadPayments(str(error)) from None
    return made


class Section:
    """One provider's part of the settings."""

    def __init__(self, folder: Path, name: str, values: Any) -> None:
        if not isinstance(values, dict):
            raise BadPayments(f"{name} must be a section")
        if unknown := values.keys() - KNOWN[name]:
            raise BadPayments(f"[{name}] {min(unknown)} is unknown")
        self._folder, self._name, self._values = folder, name, values

    def word(self, key: str, default: str | None = None) -> str:
        """A text; without a default it must be there."""
        found = self._values.get(key, default)
        if not isinstance(found, str) or (default is None and not found.strip()):
            raise BadPayments(f"[{self._name}] {key} is missing")
        return found.strip()

    def has(self, key: str) -> bool:
        """Whether it is set."""
        return key in self._values

    def file(self, key: str) -> tuple[bytes, str]:
        """What stands in the file that a setting names, and what to call it when it is wrong."""
        path = self._folder / self.word(key)
        return seal.content(path), f"[{self._name}] {key}"

    def files(self, key: str) -> list[tuple[bytes, str]]:
        """The same for a setting that names several."""
        names = self._values.get(key, [])
        if not isinstance(names, list) or not all(isinstance(each, str) for each in names):
            raise BadPayments(f"[{self._name}] {key} must be a list of files")
        return [(seal.content(self._folder / each), f"[{self._name}] {key}") for each in names]

    def address(self, key: str, default: str) -> str:
        """An address that is encrypted, or on this computer."""
        found = self.word(key, default)
        parts = urlsplit(found)
        if found and (not parts.hostname or (parts.scheme != "https" and parts.hostname not in LOOPBACK)):
            raise BadPayments(f"[{self._name}] {key} must begin with https://")
        return found


def wechat(section: Section, public: str) -> wechatpay.WechatPay:
    """WeChat Pay, with his public key, with certificates, or with both."""
    keys: dict[str, RSAPublicKey] = {}
    named = section.word("public_key_id", "")
    if named:
        if not named.startswith(wechat_seal.PUBLIC_KEY):
            raise BadPayments(f"[wechatpay] public_key_id begins with {wechat_seal.PUBLIC_KEY}")
        keys[named] = seal.public_key(*section.file("public_key"))
    for data, name in section.files("certificates"):
        for each in seal.certificates(data, name):
            keys[wechat_seal.plain_serial(seal.serial_of(each))] = seal.key_in(each, name)
    if not keys:
        raise BadPayments("[wechatpay] public_key_id with public_key, or certificates, is missing")
    secret = section.file("api_v3_key")[0].strip()
    if len(secret) != SECRET_BYTES:
        raise BadPayments(f"[wechatpay] api_v3_key: the file must hold {SECRET_BYTES} characters")
    merchant = wechat_seal.Merchant(
        id=section.word("merchant"),
        app=section.word("app"),
        serial=section.word("serial"),
        signer=seal.private_key(*section.file("private_key")),
        secret=secret,
        keys=keys,
        asks_with=named,
    )
    notify = section.address("notify", f"{public}/notify/wechatpay" if public else "")
    if not notify:
        raise BadPayments("[wechatpay] needs the server's public address, or notify")
    return wechatpay.WechatPay(merchant, notify, section.address("url", wechatpay.ADDRESS))


def alipay_of(section: Section, public: str) -> alipay.Alipay:
    """Alipay, with his public key or with certificates."""
    keys: Mapping[str, RSAPublicKey]
    certificate = root = ""
    if section.has("public_key"):
        keys = {alipay_seal.ANY: seal.public_key(*section.file("public_key"))}
    else:
        certificate = alipay_seal.fingerprint(first(section, "app_certificate"))
        root = alipay_seal.fingerprint_of_roots(seal.certificates(*section.file("root_certificate")))
        data, name = section.file("alipay_certificate")
        keys = {
            alipay_seal.fingerprint(each): seal.key_in(each, name) for each in seal.certificates(data, name)
        }
    shop = alipay_seal.Shop(
        app=section.word("app"),
        seller=section.word("seller", ""),
        signer=seal.private_key(*section.file("private_key")),
        keys=keys,
        certificate=certificate,
        root=root,
    )
    notify = section.address("notify", f"{public}/notify/alipay" if public else "")
    return alipay.Alipay(shop, notify, section.address("url", alipay.ADDRESS))


def first(section: Section, key: str) -> x509.Certificate:
    """The first certificate of a file: our own, before those that vouch for it."""
    return seal.certificates(*section.file(key))[0]
