"""The travel times of a node: every source that is set up, asked in turn, from any thread."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import os
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol, TypeVar
from urllib.parse import urlsplit

from dispatcher_app.domain.act import Broken
from dispatcher_app.domain.day import TravelSource
from dispatcher_app.domain.place import Point
from dispatcher_app.domain.region import Policy, Region
from dispatcher_app.domain.traffic import Traffic
from dispatcher_app.integrations.amap import ADDRESS, Amap
from dispatcher_app.integrations.osrm import Osrm
from dispatcher_app.integrations.quota import Quota
from dispatcher_app.integrations.webhook import LOOPBACK, BadAddress
from dispatcher_app.planning.travel import Ground, Places, Points, Routes, Travel, TravelOf
from dispatcher_app.planning.travel.chain import Source, Unanswered, matrix_by, routes_by
from dispatcher_app.server.store import record
from dispatcher_app.server.store.database import Cursor

if TYPE_CHECKING:
    from dispatcher_app.planning.road.source import Roads

T = TypeVar("T")

ORDER: Final[tuple[TravelSource, ...]] = ("amap", "osrm", "road")
"""Who is asked first where the administrator says nothing: whoever knows most. The estimate always comes last."""
CITIES: Final = "cities"
KEY, SECRET = "DISPATCHER_AMAP_KEY", "DISPATCHER_AMAP_SECRET"
"""The environment's names for AMap's key and the secret its questions are signed with: never arguments."""
DAILY, A_SECOND, AMAP = "DISPATCHER_AMAP_DAILY", "DISPATCHER_AMAP_PER_SECOND", "DISPATCHER_AMAP_URL"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Which sources there are, in which order they are asked; what a source needs that is not there is empty."""

    order: tuple[TravelSource, ...] = ORDER
    osrm: str = ""
    amap_key: str = ""
    amap_secret: str = ""
    amap: str = ADDRESS
    amap_daily: int = 5_000
    amap_per_second: int = 3


class Provider(Source, Protocol):
    """A source that a node has opened."""

    def troubles(self) -> tuple[Broken, ...]: ...
    def close(self) -> None: ...


class Travels:
    """Who is asked how long a drive takes; without any other source the estimate serves, and says so."""

    def __init__(self, setting: Setting | None = None, data: Path | None = None) -> None:
        self._setting = setting or Setting(order=())
        self._cities = data / CITIES if data is not None else None
        self._roads: Roads | None = None
        self._others: dict[TravelSource, Provider] = {}
        # A service that hangs holds up those who ask it, not everybody who reads the database.
        self._threads = ThreadPoolExecutor(4, thread_name_prefix="travels")
        if self._setting.osrm and "osrm" in self._setting.order:
            self._others["osrm"] = Osrm(self._setting.osrm)
        if self._setting.amap_key and "amap" in self._setting.order:
            quota = Quota(self._setting.amap_daily, self._setting.amap_per_second)
            self._others["amap"] = Amap(
                self._setting.amap_key, self._setting.amap_secret, quota=quota, url=self._setting.amap
            )
        self.refresh()

    def refresh(self) -> None:
        """Open the cities that were imported since; may take a while, and is for a thread that may wait."""
        if self._cities is None or "road" not in self._setting.order:
            return
        if self._roads is not None:
            self._roads.refresh()
        elif any(self._cities.glob("*.json")):
            # What reads roads takes time to import, and most nodes have none.
            from dispatcher_app.planning.road.source import Roads

            self._roads = Roads(self._cities)

    def sources(self) -> list[Provider]:
        """Those that are open, in the order in which they are asked."""
        opened: dict[TravelSource, Provider] = dict(self._others)
        if self._roads is not None:
            opened["road"] = self._roads
        return [opened[name] for name in self._setting.order if name in opened]

    def matrix(
        self,
        origins: Points,
        targets: Points,
        at: int,
        ground: Ground | None = None,
        *,
        precise: bool = False,
    ) -> Travel:
        """Drives from every origin to every target that begin about `at` (UTC ms).

        `precise` is for the last few candidates: sources that count every drive are asked too.
        """
        return matrix_by(self.sources(), origins, targets, at, ground or Ground(), precise=precise)

    def on(self, ground: Ground) -> TravelOf:
        """The same question bound to a region's figures, as planning takes it."""
        return lambda origins, targets, at: self.matrix(origins, targets, at, ground)

    def route(
        self, origin: Point, target: Point, at: int, ground: Ground | None = None, *, wanted: int = 1
    ) -> Routes:
        """The ways from one place to another, the quickest first, with their lines."""
        return routes_by(self.sources(), origin, target, at, ground or Ground(), wanted=wanted)

    def apart(self, work: Callable[[], T]) -> asyncio.Future[T]:
        """Do something that asks sources in a thread that is there for it."""
        return asyncio.get_running_loop().run_in_executor(self._threads, work)

    def troubles(self, places: Places) -> tuple[Broken, ...]:
        """What data health says: sources that fail, cities that are broken, homes that no prepared city knows."""
        off = 0
        if self._roads is not None and len(places):
            with contextlib.suppress(Unanswered):
                off = self._roads.uncovered(places)
        missing = (Broken("health_travel_uncovered", {"count": off, "of": len(places)}),) if off else ()
        return (*(each for source in self.sources() for each in source.troubles()), *missing)

    def close(self) -> None:
        """Let go of cities and connections."""
        self._threads.shutdown(wait=True, cancel_futures=True)
        for source in self.sources():
            source.close()


def setting_of(order: str, osrm: str, environ: Mapping[str, str] = os.environ) -> Setting:
    """What the administrator has set; raises BadAddress for what can't be or would show places to others."""
    names = tuple(name for each in order.split(",") if (name := each.strip()) and name != "estimate")
    known: dict[str, TravelSource] = {name: name for name in ORDER}
    if unknown := [name for name in names if name not in known]:
        raise BadAddress(f"travel times come from {', '.join(ORDER)}; not from {', '.join(unknown)}")
    return Setting(
        order=tuple(known[name] for name in names) or ORDER,
        osrm=checked(osrm, private=True),
        amap_key=environ.get(KEY, ""),
        amap_secret=environ.get(SECRET, ""),
        amap=checked(environ.get(AMAP, ADDRESS)),
        amap_daily=figure(environ, DAILY, 5_000),
        amap_per_second=figure(environ, A_SECOND, 3),
    )


def checked(url: str, *, private: bool = False) -> str:
    """The address, if it is encrypted, on this computer, or (`private`) in the company's own network."""
    parts = urlsplit(url)
    own = parts.hostname in LOOPBACK or (private and in_own_network(parts.hostname or ""))
    if url and (not parts.hostname or parts.scheme not in ("http", "https") or parts.query or parts.fragment):
        raise BadAddress("an address is like https://roads.example.com")
    if url and parts.scheme != "https" and not own:
        raise BadAddress("places of customers go to https:// addresses only, or to one in your own network")
    return url


def in_own_network(host: str) -> bool:
    """Whether a host is in a private network, or named without a domain."""
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return "." not in host or host.endswith((".local", ".internal", ".lan"))


def figure(environ: Mapping[str, str], name: str, default: int) -> int:
    """A whole number of the environment; raises BadAddress naming it."""
    said = environ.get(name, "")
    if not said:
        return default
    if not (said.isdecimal() and said.isascii() and 0 < int(said) < 10**9):
        raise BadAddress(f"{name} takes a whole number above nothing")
    return int(said)


def ground_of(cursor: Cursor, region: Region) -> Ground:
    """What travel times of a region stand on, as the database has it."""
    policy, traffic = record.load(cursor, "policy", "policy"), record.load(cursor, "traffic", region.id)
    return Ground(
        policy=policy if isinstance(policy, Policy) else Policy(),
        timezone=region.timezone,
        traffic=traffic if isinstance(traffic, Traffic) else None,
    )
