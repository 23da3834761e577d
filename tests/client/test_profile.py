"""Which servers a desk knows, and where its data lies."""

from __future__ import annotations

from pathlib import Path

import pytest

from dispatcher_app.client import profile
from dispatcher_app.client.profile import Profile, Settings
from dispatcher_app.domain.act import Rejected


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DISPATCHER_HOME", str(tmp_path))
    return tmp_path


def test_settings_are_kept_and_a_broken_file_is_a_fresh_start(home: Path) -> None:
    assert profile.load() == Settings()
    changed = Settings(theme="dark").with_profile(Profile(id="hq", name="总部", url="https://hq.example"))
    profile.save(changed)
    assert profile.load() == changed
    assert profile.load().profile.url == "https://hq.example"
    (home / "settings.json").write_text("{")
    assert profile.load() == Settings()


def test_this_computer_is_always_there() -> None:
    settings = Settings().with_profile(Profile(id="hq", name="总部", url="https://hq.example"))
    assert settings.without_profile("hq").profile.embedded
    assert settings.without_profile(profile.HERE).profiles == settings.profiles


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("hq.example", "https://hq.example"),
        (" https://hq.example/app/ ", "https://hq.example/app"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
    ],
)
def test_an_address_is_kept_in_one_form(typed: str, kept: str) -> None:
    assert profile.checked_url(typed) == kept


@pytest.mark.parametrize(("typed", "code"), [("http://hq.example", "address_not_secure"), ("ftp://a", "address_invalid"),
                                             ("", "address_invalid")])  # fmt: skip
def test_an_address_that_would_send_passwords_in_the_open_is_refused(typed: str, code: str) -> None:
    with pytest.raises(Rejected, match=code):
        profile.checked_url(typed)


def test_each_desk_of_a_computer_has_its_own_folder_and_seat() -> None:
    settings = Settings(seat="B")
    one = profile.take_desk(settings.profile, settings)
    other = profile.take_desk(settings.profile, settings)
    assert one.folder != other.folder
    assert (one.seat, other.seat) == ("B", "B2")
    one.release()
    again = profile.take_desk(settings.profile, settings)
    assert again.folder == one.folder
    again.release()
    other.release()
