"""Signatures and sealed texts as both providers make them: SHA-256 with RSA, and AES-GCM."""

from __future__ import annotations

import base64
import binascii
import contextlib
import re
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

PEM = re.compile(rb"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", re.DOTALL)
LARGEST = 64 * 1024
"""Bytes of a file with a key or certificates."""
SMALLEST_KEY = 2048


class BadKey(ValueError):
    """A file holds no key or certificate of the kind that is asked for."""


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key that says no word of itself."""

    _key: RSAPrivateKey

    def __repr__(self) -> str:
        return "Signer(…)"

    def sign(self, text: bytes) -> str:
        """SHA256withRSA over the text, Base64."""
        return base64.b64encode(self._key.sign(text, PKCS1v15(), hashes.SHA256())).decode()


def verifies(key: RSAPublicKey, text: bytes, signature: str) -> bool:
    """Whether the signature (Base64) over the text was made by the key's owner."""
    try:
        key.verify(base64.b64decode(signature, validate=True), text, PKCS1v15(), hashes.SHA256())
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


def opened(key: bytes, nonce: str, associated: str, ciphertext: str) -> bytes | None:
    """The text sealed with AES-GCM (ciphertext and tag in Base64); None where it was not sealed with this key.

    The protocol's name is AEAD_AES_256_GCM; keys of other lengths that AES has are taken as they are.
    """
    try:
        sealed = base64.b64decode(ciphertext, validate=True)
        return AESGCM(key).decrypt(nonce.encode(), sealed, associated.encode())
    except (InvalidTag, binascii.Error, ValueError):
        return None


def content(file: Path) -> bytes:
    """What stands in a file of keys; raises BadKey naming the file, never what is in it."""
    try:
        if file.stat().st_size > LARGEST:
            raise BadKey(f"{file}: too large")
        return file.read_bytes()
    except OSError as error:
        raise BadKey(f"{file}: {error.strerror}") from None


def private_key(data: bytes, name: str) -> Signer:
    """An RSA key in PEM, or as the providers' tools write it: PKCS#1 or PKCS#8, Base64 without a frame."""
    for tried in framings(data, "PRIVATE KEY", "RSA PRIVATE KEY"):
        try:
            found = serialization.load_pem_private_key(tried, None)
        except (ValueError, TypeError):
            continue
        if isinstance(found, RSAPrivateKey) and found.key_size >= SMALLEST_KEY:
            return Signer(found)
    raise BadKey(f"{name}: no RSA private key of {SMALLEST_KEY} bits or more without a passphrase")


def public_key(data: bytes, name: str) -> RSAPublicKey:
    """An RSA public key in PEM, or Base64 without a frame."""
    for tried in framings(data, "PUBLIC KEY", "RSA PUBLIC KEY"):
        try:
            found = serialization.load_pem_public_key(tried)
        except ValueError:
            continue
        if isinstance(found, RSAPublicKey):
            return found
    raise BadKey(f"{name}: no RSA public key")


def framings(data: bytes, *names: str) -> list[bytes]:
    """The text of a key as it is where it has a frame, else in each of these frames."""
    if b"-----BEGIN" in data:
        return [data]
    bare = b"".join(data.split())
    lines = b"\n".join(bare[start : start + 64] for start in range(0, len(bare), 64))
    return [
        b"-----BEGIN " + name.encode() + b"-----\n" + lines + b"\n-----END " + name.encode() + b"-----\n"
        for name in names
    ]


def certificates(data: bytes, name: str) -> list[x509.Certificate]:
    """The certificates of a PEM file that can be read, in its order.

    Alipay's root file holds one that no strict reader takes (a NULL behind ECDSA); it counts for nothing there either.
    """
    found = []
    for block in PEM.findall(data):
        with contextlib.suppress(ValueError):
            found.append(x509.load_pem_x509_certificate(block))
    if not found:
        raise BadKey(f"{name}: no certificate")
    return found


def key_in(certificate: x509.Certificate, name: str) -> RSAPublicKey:
    """The RSA key that a certificate vouches for."""
    found = certificate.public_key()
    if not isinstance(found, RSAPublicKey):
        raise BadKey(f"{name}: the certificate's key is not RSA")
    return found


def serial_of(certificate: x509.Certificate) -> str:
    """A certificate's serial number as the providers write it: upper-case hexadecimal."""
    return f"{certificate.serial_number:X}"
