"""Who else is there, with which order open, and who works on it; and what this desk says of itself."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from dispatcher_app import codec
from dispatcher_app.client.api import Api, NotLoggedIn, Offline
from dispatcher_app.client.question import asked
from dispatcher_app.clock import new_id
from dispatcher_app.domain.act import Rejected

BEAT_S = 15.0
STALE_MS = 45_000
SETTLE_S = 0.2
"""Whoever leafs through orders tells only where he comes to rest."""
TYPED_MS = 5_000
"""So often it is told that somebody is still typing."""

Doing = Literal["looking", "editing", "calling"]
SeatState = Literal["ready", "on_call", "wrap_up", "break"]
SEAT_STATES: tuple[SeatState, ...] = ("ready", "on_call", "wrap_up", "break")


@dataclass(frozen=True, slots=True)
class Presence:
    """Somebody at a desk: which order is open and what he does with it; `at` is the last sign of life (UTC ms)."""

    desk: str
    staff: str
    seat: str
    order: str
    doing: Doing
    state: SeatState
    at: int


@dataclass(frozen=True, slots=True)
class Claim:
    """Somebody works on an order: since when, and when he typed last (UTC ms); `reason` why it was taken over."""

    order: str
    desk: str
    staff: str
    since: int
    typed_at: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Attendance:
    """What has changed: the orders that somebody opened or left, and claims on them; `taken` from this desk."""

    orders: frozenset[str]
    taken: tuple[Claim, ...] = ()


class Told(msgspec.Struct):
    """What the server tells of desks and claims, each as a row."""

    desks: list[tuple[str, str, str, str, Doing, SeatState, int]] = []
    left: list[str] = []
    claims: list[tuple[str, str, str, int, int, str]] = []
    free: list[str] = []


class Answer(msgspec.Struct):
    """Who has an order in hand."""

    claim: tuple[str, str, str, int, int, str] | None


class Presences:
    """The people of my regions at their desks; this desk is one of them and not among `others`."""

    def __init__(self, seat: str, now: Callable[[], int], tell: Callable[[Attendance], None]) -> None:
        self.desk = new_id()
        self._seat, self._now, self._tell = seat, now, tell
        self._api: Api | None = None
        self._order, self._doing, self.state = "", "looking", SEAT_STATES[0]
        self._changed = asyncio.Event()
        self._heard = 0
        self._said: tuple[str, str, str] | None = None
        self.others: dict[str, Presence] = {}
        self.claims: dict[str, Claim] = {}

    def connect(self, api: Api | None) -> None:
        """There is a connection to tell through, or none: then nobody is known to be there."""
        if api is self._api:
            return
        self._api, self._said = api, None
        if api is None:
            orders = {each.order for each in self.others.values()} | set(self.claims)
            self.others.clear()
            self.claims.clear()
            self._tell(Attendance(frozenset(orders)))
        self._changed.set()

    def be_at(self, order: str, doing: Doing) -> None:
        """This desk has that order open ("" for none)."""
        self._order, self._doing = order, doing
        if (order, doing, self.state) != self._said:
            self._changed.set()

    def be(self, state: SeatState) -> None:
        """This desk is ready, on a call, or not there for a while."""
        self.state = state
        self.be_at(self._order, self._doing)  # type: ignore[arg-type]

    def at(self, order: str) -> list[Presence]:
        """Who else has an order open now; whoever has not been heard of for long is not there."""
        alive = self._now() - STALE_MS
        return [each for each in self.others.values() if each.order == order and each.at >= alive]

    def claim_of(self, order: str) -> Claim | None:
        """Who else works on an order."""
        held = self.claims.get(order)
        return None if held is None or held.desk == self.desk else held

    async def claim(self, order: str, *, take: bool = False, reason: str = "") -> Claim | None:
        """Take an order in hand; whoever has it else. None where nobody can be asked: then nothing hinders."""
        body = {"said": self._word("editing", order), "order": order, "take": take, "reason": reason}
        try:
            found: Answer = await asked(self._api, "POST", "/claims", Answer, body)
        except (Offline, Rejected):
            return None
        if found.claim is None:
            return None
        held = self.claims[order] = Claim(*found.claim)
        return held

    async def release(self, order: str) -> None:
        """Lay an order down."""
        held = self.claims.get(order)
        if held is None or held.desk != self.desk:
            return
        del self.claims[order]
        body = {"said": self._word("looking", order), "order": order, "release": True}
        with contextlib.suppress(Offline, Rejected):
            await asked(self._api, "POST", "/claims", Answer, body)

    def heard(self, data: bytes) -> None:
        """What the stream tells."""
        self._heard += 1
        self._take(codec.decode(data, Told))

    async def run(self) -> None:
        """Tell the server where this desk is, when it changes and with every beat."""
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(BEAT_S):
                    await self._changed.wait()
            await asyncio.sleep(SETTLE_S)
            self._changed.clear()
            if (api := self._api) is None:
                continue
            first, said = self._said is None, (self._order, self._doing, self.state)
            with contextlib.suppress(Offline, NotLoggedIn, Rejected):
                await api.ask("POST", "/presence", self._word(self._doing, self._order))
                if first:
                    await self._look(api)
                self._said = said

    async def _look(self, api: Api) -> None:
        """Who is there already; asked again where the stream has told of something meanwhile."""
        before = None
        while before != self._heard:
            before = self._heard
            told: Told = await api.read("GET", "/presence", Told)
        self._take(told)

    async def leave(self) -> None:
        """This desk is left."""
        if self._api is not None:
            with contextlib.suppress(Offline, NotLoggedIn):
                await self._api.ask("POST", "/presence", {"desk": self.desk, "left": True}, timeout_s=2.0)

    def _word(self, doing: str, order: str) -> Mapping[str, Any]:
        return {"desk": self.desk, "seat": self._seat, "order": order, "doing": doing, "state": self.state}

    def _take(self, told: Told) -> None:
        orders = set[str]()
        for row in told.desks:
            here = Presence(*row)
            if here.desk != self.desk:
                former = self.others.get(here.desk)
                orders |= {here.order, former.order if former else ""}
                self.others[here.desk] = here
        for desk in told.left:
            if (gone := self.others.pop(desk, None)) is not None:
                orders.add(gone.order)
        taken = list[Claim]()
        for claim in (Claim(*row) for row in told.claims):
            mine = self.claims.get(claim.order)
            if mine is not None and mine.since > claim.since and mine.desk == self.desk:
                continue  # told before we took it over
            if mine is not None and mine.desk == self.desk and claim.desk != self.desk:
                taken.append(claim)
            self.claims[claim.order] = claim
            orders.add(claim.order)
        for order in told.free:
            held = self.claims.get(order)
            if held is not None and held.desk != self.desk:
                del self.claims[order]
                orders.add(order)
        if orders or taken:
            self._tell(Attendance(frozenset(orders), tuple(taken)))
