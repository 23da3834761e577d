"""Tokens and the outbox's key in the operating system's keyring; without a keyring the desk runs all the same."""

from __future__ import annotations

import base64
import contextlib
import os
from dataclasses import dataclass
from pathlib import Path

import keyring
import keyring.errors
import msgspec
from keyring.backend import KeyringBackend

from dispatcher_app.client.outbox.seal import new_key
from dispatcher_app.domain.region import Staff

SERVICE = "dispatcher-app"
PLAIN = ("plaintext", "keyrings.alt", "null")


class Credential(msgspec.Struct, frozen=True):
    """A log-in that lasts: whose it is and the token for it ("" once it is worth nothing)."""

    staff: Staff
    token: str
    expires_at: int


def trusted(backend: KeyringBackend) -> bool:
    """Whether a keyring keeps a secret: never one that writes plain text."""
    name = f"{type(backend).__module__}.{type(backend).__name__}".lower()
    return backend.priority >= 1 and not any(each in name for each in PLAIN)


@dataclass(frozen=True, slots=True)
class Keychain:
    """Where secrets are kept; `backend` is None where the system has no keyring to be trusted."""

    backend: KeyringBackend | None

    @property
    def notice(self) -> str:
        """A code for what the person should know about it, "" where all is well."""
        return "" if self.backend is not None else "no_keyring"

    def read(self, name: str) -> str | None:
        """The secret of that name; None where there is none or the keyring stays locked."""
        if self.backend is None:
            return None
        with contextlib.suppress(keyring.errors.KeyringError):
            return self.backend.get_password(SERVICE, name)
        return None

    def write(self, name: str, secret: str) -> bool:
        """Keep a secret; whether it is kept."""
        if self.backend is None:
            return False
        with contextlib.suppress(keyring.errors.KeyringError):
            self.backend.set_password(SERVICE, name, secret)
            return True
        return False

    def remove(self, name: str) -> None:
        """Forget a secret."""
        if self.backend is not None:
            with contextlib.suppress(keyring.errors.KeyringError):
                self.backend.delete_password(SERVICE, name)


def keychain() -> Keychain:
    """The system's keyring. Asking may take long (a locked one prompts): call it beside the loop."""
    found = keyring.get_keyring()
    return Keychain(found if trusted(found) else None)


def remembered(chain: Keychain, profile: str) -> Credential | None:
    """Who was logged in last."""
    kept = chain.read(f"{profile} login")
    if kept is None:
        return None
    try:
        return msgspec.json.decode(kept, type=Credential)
    except msgspec.DecodeError:
        return None


def remember(chain: Keychain, profile: str, credential: Credential) -> bool:
    """Keep a log-in; whether it outlasts this run."""
    return chain.write(f"{profile} login", msgspec.json.encode(credential).decode())


def forget(chain: Keychain, profile: str) -> None:
    """Nobody is logged in any more."""
    chain.remove(f"{profile} login")


def sealing_key(chain: Keychain, profile: str, folder: Path) -> bytes:
    """The key of the outbox: from the keyring, else from a file beside it that only its owner may read."""
    file = folder / "outbox.key"
    kept = chain.read(f"{profile} outbox")
    if kept is not None:
        return base64.b64decode(kept)
    if file.exists():
        key = base64.b64decode(file.read_bytes())
        if chain.write(f"{profile} outbox", base64.b64encode(key).decode()):
            file.unlink()
        return key
    key = new_key()
    if not chain.write(f"{profile} outbox", base64.b64encode(key).decode()):
        folder.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as made:
            made.write(base64.b64encode(key))
            made.flush()
            os.fsync(made.fileno())
    return key
