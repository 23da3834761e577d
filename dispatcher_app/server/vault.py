"""Secrets at rest: sealed with AES-GCM, found again by a keyed hash."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
SEAL_BYTES = 28
"""How much longer a sealed piece is: its nonce before it, its tag behind it."""


class WrongKey(Exception):
    """The key does not open what was sealed."""


class Vault:
    """Seals and opens the values of secret fields with one 256-bit key; `name` tells keys apart and betrays nothing."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(hashlib.sha256(b"seal" + key).digest())
        self._blind_key = hashlib.sha256(b"blind" + key).digest()
        self._sign_key = hashlib.sha256(b"sign" + key).digest()
        self.name = hashlib.sha256(b"name" + key).hexdigest()

    def seal(self, kind: str, id: str, field: str, value: str) -> bytes:
        """The sealed value; it opens only at the same place."""
        nonce = os.urandom(12)
        return nonce + self._cipher.encrypt(nonce, value.encode(), f"{kind}:{id}:{field}".encode())

    def open(self, kind: str, id: str, field: str, sealed: bytes) -> str:
        """The value; raises WrongKey where the key or the place is another."""
        try:
            return self._cipher.decrypt(sealed[:12], sealed[12:], f"{kind}:{id}:{field}".encode()).decode()
        except InvalidTag:
            raise WrongKey(kind) from None

    def seal_piece(self, place: str, piece: bytes) -> bytes:
        """A sealed piece of a file; it opens only at the same place."""
        nonce = os.urandom(12)
        return nonce + self._cipher.encrypt(nonce, piece, place.encode())

    def open_piece(self, place: str, sealed: bytes) -> bytes:
        """The piece; raises WrongKey where the key or the place is another, or a byte of it."""
        try:
            return self._cipher.decrypt(sealed[:12], sealed[12:], place.encode())
        except (InvalidTag, ValueError):
            raise WrongKey(place) from None

    def blind(self, kind: str, field: str, value: str) -> str:
        """The same value always gives the same index, which says nothing without the key."""
        return hmac.new(self._blind_key, f"{kind}:{field}:{value}".encode(), hashlib.sha256).hexdigest()

    def sign(self, purpose: str, data: bytes) -> bytes:
        """What only this key can put under the data, for one purpose."""
        return hmac.new(self._sign_key, purpose.encode() + b"\0" + data, hashlib.sha256).digest()


def key_from(file: Path) -> bytes:
    """The key kept in a file that only its owner may read; made on first use."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as made:
            made.write(base64.b64encode(os.urandom(KEY_BYTES)))
            made.flush()
            os.fsync(made.fileno())
    try:
        key = base64.b64decode(file.read_bytes(), validate=True)
    except binascii.Error:
        key = b""
    if len(key) != KEY_BYTES:
        raise WrongKey(str(file))
    return key
