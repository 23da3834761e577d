"""Server profiles and this desk's own settings: which servers there are, what was chosen, where data lives."""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
from filelock import FileLock, Timeout
from platformdirs import user_data_path

from dispatcher_app.domain.act import Rejected

HERE = "here"
DESKS = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A server to work with; without an address it is this computer's own."""

    id: str
    name: str
    url: str | None = None
    practice: bool = False

    @property
    def embedded(self) -> bool:
        """Whether the server is a child process of this desk."""
        return self.url is None


THIS_COMPUTER = Profile(id=HERE, name="This computer", practice=True)
OWN_COMPANY = Profile(id="own", name="My company")
"""The same computer with a company of one's own instead of the practice city; both keep their own folders."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What this computer remembers besides data; `ui` is the screens' own."""

    profiles: tuple[Profile, ...] = (THIS_COMPUTER,)
    chosen: str = HERE
    language: str = "zh_CN"
    theme: str = "system"
    seat: str = ""
    ui: dict[str, Any] = field(default_factory=dict)

    @property
    def profile(self) -> Profile:
        """The chosen server."""
        return next((each for each in self.profiles if each.id == self.chosen), self.profiles[0])

    def with_profile(self, profile: Profile) -> Settings:
        """With this server added or changed, and chosen."""
        others = tuple(each for each in self.profiles if each.id != profile.id)
        return replace(self, profiles=(*others, profile), chosen=profile.id)

    def without_profile(self, id: str) -> Settings:
        """Without that server; this computer's own always stays."""
        rest = tuple(each for each in self.profiles if each.id != id or id == HERE)
        return replace(self, profiles=rest, chosen=self.chosen if self.chosen != id else HERE)


def home() -> Path:
    """The folder for everything this desk keeps; DISPATCHER_HOME overrides the system's place for it."""
    chosen = os.environ.get("DISPATCHER_HOME")
    return Path(chosen) if chosen else user_data_path("dispatcher", appauthor=False)


def load(folder: Path | None = None) -> Settings:
    """The settings; those of a fresh desk where there are none that can be read."""
    try:
        found = msgspec.json.decode(((folder or home()) / "settings.json").read_bytes(), type=Settings)
    except (OSError, msgspec.DecodeError):
        return Settings()
    return found if found.profiles else replace(found, profiles=(THIS_COMPUTER,))


def save(settings: Settings, folder: Path | None = None) -> None:
    """Keep the settings, whole or not at all."""
    file = (folder or home()) / "settings.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_suffix(".part")
    unfinished.write_bytes(msgspec.json.format(msgspec.json.encode(settings)))
    unfinished.replace(file)


def checked_url(text: str) -> str:
    """A server's address as it is kept; raises Rejected where it is none, or would send passwords in the open."""
    text = text.strip().rstrip("/")
    parts = urlsplit(text if "://" in text else f"https://{text}")
    own = parts.hostname in ("localhost", "127.0.0.1", "::1")
    if parts.scheme not in ("https", "http") or not parts.hostname:
        raise Rejected("address_invalid", "url")
    if parts.scheme == "http" and not own:
        raise Rejected("address_not_secure", "url")
    return f"{parts.scheme}://{parts.netloc}{parts.path}"


def server_data(profile: Profile) -> Path:
    """The data folder of this computer's own server."""
    return home() / "server" / profile.id


@dataclass(frozen=True, slots=True)
class Desk:
    """A folder for one running desk, locked as long as it runs, and its seat's name for temporary numbers."""

    folder: Path
    seat: str
    lock: FileLock

    def release(self) -> None:
        """Let another desk have the folder."""
        self.lock.release()


def take_desk(profile: Profile, settings: Settings) -> Desk:
    """The first free desk of this computer for that server; raises Rejected where all are taken."""
    for number in range(1, DESKS + 1):
        folder = home() / "desk" / profile.id / str(number)
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / "desk.lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            continue
        return Desk(folder, seat_name(settings, number), lock)
    raise Rejected("desks_taken", None, count=DESKS)


def seat_name(settings: Settings, number: int) -> str:
    """The seat's name: as set, else a letter that differs between computers and the desk's number."""
    if settings.seat:
        return settings.seat if number == 1 else f"{settings.seat}{number}"
    letters = "ABCDEFGHJKLMNPQRSTUVWXYZ"
    return f"{letters[sum(socket.gethostname().encode()) % len(letters)]}{number}"
