"""Logging in, and going on where one stopped: with no server at all where somebody was logged in before."""

from __future__ import annotations

import asyncio
import contextlib
import platform
from dataclasses import dataclass, field

import msgspec

from dispatcher_app.client import credential, profile
from dispatcher_app.client.api import Api, LoggedIn, Offline, Place, WrongLogin, trust_of
from dispatcher_app.client.credential import Credential, Keychain
from dispatcher_app.client.embedded import Broken, Embedded
from dispatcher_app.client.profile import Desk, Profile, Settings
from dispatcher_app.client.session import Session, Unsent, open_session
from dispatcher_app.client.sync import Locate, Outdated
from dispatcher_app.codec import PROTOCOL
from dispatcher_app.domain.place import Point

__all__ = ["Account", "Broken", "Entrance", "Founding", "Offline", "Outdated", "Unsent", "WrongLogin", "enter"]


class Account(msgspec.Struct, frozen=True):
    """Somebody of the practice city, to log in with one click."""

    user: str
    password: str
    name: str
    roles: tuple[str, ...]


class Accounts(msgspec.Struct, frozen=True):
    """The practice city's people."""

    accounts: list[Account]


class Founding(msgspec.Struct, frozen=True, kw_only=True):
    """What the first person of a company says about it; `centre` is WGS-84, the zone an IANA name."""

    city: str
    user: str
    name: str
    password: str
    centre: Point
    timezone: str = "Asia/Shanghai"
    currency: str = "CNY"


class Setup(msgspec.Struct, frozen=True):
    """Whether a company has still to be founded."""

    needed: bool


@dataclass(slots=True)
class Entrance:
    """The way into one server from this desk: before, between and after sessions."""

    profile: Profile
    desk: Desk
    chain: Keychain
    key: bytes
    embedded: Embedded | None
    session: Session | None = field(default=None)

    @property
    def notice(self) -> str:
        """A code for what the person should know: "no_keyring" where log-ins last for this run only."""
        return self.chain.notice

    @property
    def locate(self) -> Locate:
        """Where the server is."""
        if self.embedded is not None:
            return self.embedded.locate
        url = self.profile.url or ""

        async def there() -> Place:
            return Place(url)

        return there

    async def _api(self) -> Api:
        place = await self.locate()
        return Api(place, None, await trust_of(place.url))

    async def ready(self) -> None:
        """Start or find the server ahead of the log-in; raises Offline, Broken."""
        await self.locate()

    async def accounts(self) -> list[Account]:
        """The practice city's people; empty for a server that has none or is not there."""
        if self.embedded is None:
            return []
        with contextlib.suppress(Offline):
            api = await self._api()
            try:
                found: Accounts = await api.read("GET", "/practice", Accounts)
                return found.accounts
            finally:
                await api.close()
        return []

    async def founding_needed(self) -> bool:
        """Whether this computer's own server has no company yet; False for any other server."""
        if self.embedded is None or self.profile.practice:
            return False
        with contextlib.suppress(Offline):
            return await self._setup(None)
        return False

    async def found(self, founding: Founding) -> Session:
        """Found the company, then a session for its first person; raises Rejected, Offline."""
        await self._setup(founding)
        return await self.log_in(founding.user, founding.password)

    async def _setup(self, founding: Founding | None) -> bool:
        api = await self._api()
        try:
            answer: Setup = await api.read("POST" if founding else "GET", "/setup", Setup, founding)
            return answer.needed
        finally:
            await api.close()

    async def log_in(self, user: str, password: str) -> Session:
        """A session for name and password; raises WrongLogin, Offline, Outdated."""
        found = await self._token(user, password)
        await self._keep(found)
        return await self._start(found)

    async def log_in_again(self, password: str, user: str | None = None) -> Session:
        """The same person again after the token has expired: the session goes on; another person gets his own."""
        assert self.session is not None
        staff = self.session.staff
        found = await self._token(user or staff.id, password)
        await self._keep(found)
        if found.staff.id == staff.id:
            self.session.renew(found.token)
            return self.session
        await self.session.close()
        return await self._start(found)

    async def resume(self) -> Session | None:
        """The session of whoever was logged in last, at once and with no server; None where nobody was."""
        kept = await asyncio.to_thread(credential.remembered, self.chain, self.profile.id)
        if kept is None or not kept.token:
            return None
        return await self._start(kept)

    async def log_out(self, *, discard_unsent: bool = False) -> None:
        """Log out and leave nothing of the replica; raises Unsent where acts would be lost."""
        assert self.session is not None
        await self.session.log_out(discard_unsent=discard_unsent)
        self.session = None
        await asyncio.to_thread(credential.forget, self.chain, self.profile.id)

    async def close(self) -> None:
        """Leave: the session stays resumable."""
        if self.session is not None:
            await self.session.close()
            self.session = None
        if self.embedded is not None:
            await self.embedded.close()
        self.desk.release()

    async def _token(self, user: str, password: str) -> LoggedIn:
        api = await self._api()
        try:
            found = await api.log_in(user, password, platform.node())
        finally:
            await api.close()
        if found.protocol > PROTOCOL:
            raise Outdated
        return found

    async def _keep(self, found: LoggedIn) -> None:
        kept = Credential(found.staff, found.token, found.expires_at)
        await asyncio.to_thread(credential.remember, self.chain, self.profile.id, kept)

    async def _start(self, kept: Credential | LoggedIn) -> Session:
        self.session = await open_session(
            self.desk.folder, kept.staff, self.key, self.locate, kept.token, seat=self.desk.seat
        )
        return self.session


async def enter(chosen: Profile | None = None, settings: Settings | None = None,
                chain: Keychain | None = None) -> Entrance:  # fmt: skip
    """Take a desk at that server (the chosen one); nothing is connected yet. Raises Rejected("desks_taken")."""
    settings = settings or profile.load()
    chosen = chosen or settings.profile
    desk = profile.take_desk(chosen, settings)
    chain = await asyncio.to_thread(credential.keychain) if chain is None else chain
    key = await asyncio.to_thread(credential.sealing_key, chain, chosen.id, desk.folder)
    embedded = Embedded(profile.server_data(chosen), practice=chosen.practice) if chosen.embedded else None
    return Entrance(chosen, desk, chain, key, embedded)
