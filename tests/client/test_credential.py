"""Tokens and keys: in a keyring that keeps secrets, nowhere else."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail, null

from dispatcher_app.client import credential
from dispatcher_app.client.credential import Credential, Keychain
from dispatcher_app.client.outbox.seal import Unreadable, new_key, seal, unseal
from tests.client.town import WANG


class Memory(KeyringBackend):
    """A keyring for one test."""

    priority = 5.0

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self.kept.pop((service, username), None)


class PlaintextKeyring(Memory):
    """What must never be trusted, however highly it thinks of itself."""


@pytest.mark.parametrize("backend", [fail.Keyring, null.Keyring, PlaintextKeyring])
def test_a_keyring_that_keeps_no_secret_is_refused(backend: type[KeyringBackend]) -> None:
    assert not credential.trusted(backend())


def test_a_log_in_outlasts_the_run_and_is_forgotten_on_log_out() -> None:
    chain = Keychain(Memory())
    kept = Credential(WANG, "token", 5)
    assert credential.remember(chain, "here", kept)
    assert credential.remembered(chain, "here") == kept
    assert credential.remembered(chain, "elsewhere") is None
    credential.forget(chain, "here")
    assert credential.remembered(chain, "here") is None


def test_without_a_keyring_the_key_lies_in_a_file_of_its_owner_and_the_token_nowhere(tmp_path: Path) -> None:
    chain = Keychain(None)
    key = credential.sealing_key(chain, "here", tmp_path)
    assert credential.sealing_key(chain, "here", tmp_path) == key
    if sys.platform != "win32":
        assert stat.S_IMODE((tmp_path / "outbox.key").stat().st_mode) == 0o600
    assert not credential.remember(chain, "here", Credential(WANG, "token", 5))
    assert chain.notice == "no_keyring"


def test_a_key_from_a_file_moves_into_the_keyring_once_there_is_one(tmp_path: Path) -> None:
    key = credential.sealing_key(Keychain(None), "here", tmp_path)
    chain = Keychain(Memory())
    assert credential.sealing_key(chain, "here", tmp_path) == key
    assert not (tmp_path / "outbox.key").exists()
    assert credential.sealing_key(chain, "here", tmp_path) == key


def test_sealed_bytes_open_only_with_their_key_and_for_what_they_are_about() -> None:
    key = new_key()
    sealed = seal(key, "张丽华".encode(), "act-1")
    assert unseal(key, sealed, "act-1").decode() == "张丽华"
    for other, about in ((new_key(), "act-1"), (key, "act-2")):
        with pytest.raises(Unreadable):
            unseal(other, sealed, about)
    with pytest.raises(Unreadable):
        unseal(key, b"", "act-1")
