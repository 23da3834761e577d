"""Who is asking: passwords by argon2, opaque tokens that can be revoked at once."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from dispatcher_app import clock
from dispatcher_app.domain.act import Actor, Rejected
from dispatcher_app.domain.entity import PLATFORM
from dispatcher_app.domain.region import Staff
from dispatcher_app.domain.technician import Technician
from dispatcher_app.server.executor import Executor
from dispatcher_app.server.store import record
from dispatcher_app.server.store.database import Cursor, Database

TOKEN_MS = 30 * 86_400_000
REMEMBER_MS = 2_000
"""How long a node goes on believing a token: revoking takes effect everywhere within this time."""

TRIES = parse("10 per 5 minutes")
PASSWORD_LENGTH = 8

HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


TECHNICIAN = "technician:"
"""A token is a person's at a desk (the id), or a technician's (the id after this word): it opens one kind of door."""


class WrongLogin(Exception):
    """No such user, or another password."""


class TooManyTries(Exception):
    """Somebody is guessing; `retry_after_s` says when to try again."""

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(retry_after_s)
        self.retry_after_s = retry_after_s


@dataclass(frozen=True, slots=True)
class Seat:
    """A person at a desk, as the token says."""

    staff: Staff
    actor: Actor
    expires_at: int
    token_hash: str

    @property
    def logs(self) -> list[str]:
        """The logs that this person's desk follows."""
        return [PLATFORM, *self.staff.regions]


def actor_of(staff: Staff) -> Actor:
    """The actor of a person at a desk."""
    return Actor(kind="staff", id=staff.id, roles=frozenset(staff.roles), regions=frozenset(staff.regions))


def hash_of(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def set_password(cursor: Cursor, user: str, staff: str, password: str) -> None:
    """Give a person a log-in name and password; every earlier token of theirs ends."""
    if len(password) < PASSWORD_LENGTH:
        raise Rejected("password_short", "password", length=PASSWORD_LENGTH)
    cursor.run(
        "INSERT INTO login (name, staff, password) VALUES (?, ?, ?) "
        "ON CONFLICT (name) DO UPDATE SET staff = excluded.staff, password = excluded.password",
        (user, staff, HASHER.hash(password)),
    )
    cursor.run("DELETE FROM token WHERE staff = ?", (staff,))


def keep_token(cursor: Cursor, values: tuple[str, str, str, int, int]) -> None:
    """Store a token: its hash, whose it is, on which device, since and until when (UTC ms)."""
    cursor.run(
        "INSERT INTO token (hash, staff, device, created_at, expires_at) VALUES (?, ?, ?, ?, ?)", values
    )


def let_in(cursor: Cursor, technician: str, device: str) -> str:
    """A token for a technician's phone; who he is was made sure of before."""
    token, now = secrets.token_urlsafe(32), clock.now_ms()
    keep_token(cursor, (hash_of(token), TECHNICIAN + technician, device[:120], now, now + TOKEN_MS))
    return token


def end_tokens(cursor: Cursor, technician: str) -> None:
    """A technician's phones are let in no more."""
    cursor.run("DELETE FROM token WHERE staff = ?", (TECHNICIAN + technician,))


class Auth:
    """Log-in, log-out and the question whose token this is."""

    def __init__(self, database: Database, executor: Executor) -> None:
        self.database = database
        self.executor = executor
        self._seats: dict[str, tuple[int, Seat]] = {}
        self._storage = MemoryStorage()
        self._limiter = MovingWindowRateLimiter(self._storage)
        self._verifying = ThreadPoolExecutor(2, "log-in")
        self._nobody = HASHER.hash(secrets.token_hex(16))

    async def log_in_apart(self, user: str, password: str, device: str, address: str) -> tuple[str, Seat]:
        """Log in on threads of their own, so that guessing passwords keeps nobody else waiting."""
        self._check_tries(user, address)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._verifying, self.log_in, user, password, device, address)

    def _check_tries(self, user: str, address: str) -> None:
        for who in (f"user:{user}", f"address:{address}"):
            if not self._limiter.test(TRIES, who):
                reset, _ = self._limiter.get_window_stats(TRIES, who)
                raise TooManyTries(max(1, round(reset - clock.now_ms() / 1000)))

    def log_in(self, user: str, password: str, device: str, address: str) -> tuple[str, Seat]:
        """A new token; raises WrongLogin or TooManyTries. Blocks for some 50 ms: call it in a thread."""
        self._check_tries(user, address)
        with self.database.reading() as cursor:
            row = cursor.one("SELECT staff, password FROM login WHERE name = ?", (user,))
            staff = record.load(cursor, "staff", row[0]) if row else None
        try:
            HASHER.verify(row[1] if row else self._nobody, password)
        except (VerificationError, InvalidHashError):
            staff = None
        if not isinstance(staff, Staff) or not staff.active:
            for who in (f"user:{user}", f"address:{address}"):
                self._limiter.hit(TRIES, who)
            raise WrongLogin
        token, now = secrets.token_urlsafe(32), clock.now_ms()
        values = (hash_of(token), staff.id, device[:120], now, now + TOKEN_MS)
        self.executor.run(lambda cursor: keep_token(cursor, values)).result(10)
        return token, Seat(staff, actor_of(staff), now + TOKEN_MS, values[0])

    def remembered(self, token: str) -> Seat | None:
        """Whose token this is, if that was looked up a moment ago."""
        now = clock.now_ms()
        found = self._seats.get(hash_of(token))
        if found is not None and 0 <= now - found[0] < REMEMBER_MS and now < found[1].expires_at:
            return found[1]
        return None

    def seat(self, token: str) -> Seat | None:
        """Whose token this is, None where it is unknown, expired or revoked. Reads the database."""
        now, hashed = clock.now_ms(), hash_of(token)
        seat = self.seats([hashed]).get(hashed)
        if seat is None:
            self._seats.pop(hashed, None)
            return None
        if len(self._seats) > 10_000:
            self._seats.clear()
        self._seats[hashed] = (now, seat)
        return seat

    def seats(self, hashes: Iterable[str]) -> dict[str, Seat]:
        """The tokens of these that still count, by hash. Reads the database."""
        now, found = clock.now_ms(), dict[str, Seat]()
        with self.database.reading() as cursor:
            for hashed in set(hashes):
                row = cursor.one("SELECT staff, expires_at FROM token WHERE hash = ?", (hashed,))
                staff = record.load(cursor, "staff", row[0]) if row else None
                if row is not None and row[1] > now and isinstance(staff, Staff) and staff.active:
                    found[hashed] = Seat(staff, actor_of(staff), row[1], hashed)
        return found

    def technician(self, token: str) -> Technician | None:
        """The technician whose token this is, None where it is none or is over. Reads the database."""
        with self.database.reading() as cursor:
            row = cursor.one("SELECT staff, expires_at FROM token WHERE hash = ?", (hash_of(token),))
            if row is None or row[1] <= clock.now_ms() or not row[0].startswith(TECHNICIAN):
                return None
            # Whoever gave somebody at a desk such an id gave him no technician's rights.
            if record.load(cursor, "staff", row[0]) is not None:
                return None
            found = record.load(cursor, "technician", row[0].removeprefix(TECHNICIAN))
        return found if isinstance(found, Technician) else None

    def log_out(self, seat: Seat) -> None:
        """The token is worth nothing any more."""
        self._seats.pop(seat.token_hash, None)
        self.executor.run(
            lambda cursor: cursor.run("DELETE FROM token WHERE hash = ?", (seat.token_hash,))
        ).result(10)
