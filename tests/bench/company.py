"""A company of any size for benchmarks, and a real server process that serves it."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from dispatcher_app import clock, codec
from dispatcher_app.catalogue_file import first_prices
from dispatcher_app.domain.act import SYSTEM, Act
from dispatcher_app.domain.book import LabourPrice, PriceBook
from dispatcher_app.domain.catalogue import Category, Fault, Item
from dispatcher_app.domain.command import (
    BookedLine,
    BookOrder,
    NewAddress,
    NewCustomer,
    SaveCategory,
    SaveItem,
    SavePolicy,
    SaveRegion,
    SaveStaff,
    SaveTechnician,
)
from dispatcher_app.domain.order import Window
from dispatcher_app.domain.place import Point
from dispatcher_app.domain.region import District, Policy, Region, Staff
from dispatcher_app.domain.technician import Shift, Technician
from dispatcher_app.server.auth import set_password
from dispatcher_app.server.executor import Executor
from dispatcher_app.server.node import prepared
from dispatcher_app.server.serve import sqlite_url

REGION = "sh"
CENTRE = Point(121.47, 31.23)
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张"
COMPOUNDS = ("汤臣中心", "瑞安广场", "静安新城", "徐汇花园", "虹桥公寓", "浦江名邸", "长宁小区", "翠湖天地")
USER, PASSWORD = "wangfang", "benchmark"


@dataclass(frozen=True, slots=True)
class Served:
    """A running server and a token for it."""

    url: str
    token: str
    pid: int

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


def somewhere(dice: random.Random) -> Point:
    """A place in the city."""
    return Point(CENTRE.lon + dice.uniform(-0.15, 0.15), CENTRE.lat + dice.uniform(-0.12, 0.12))


def booking(dice: random.Random) -> BookOrder:
    """A call from somebody new."""
    now = clock.now_ms()
    start = now + dice.randrange(1, 10 * 24) * 3_600_000
    return BookOrder(
        order=clock.new_id(),
        new_customer=NewCustomer(
            id=clock.new_id(), name=dice.choice(SURNAMES) + "女士", phone=f"139{dice.randrange(10**8):08d}"
        ),
        new_address=NewAddress(
            id=clock.new_id(),
            district=f"d{dice.randrange(8)}",
            compound=dice.choice(COMPOUNDS),
            building=f"{dice.randrange(1, 40)}号楼",
            point=somewhere(dice),
        ),
        lines=(BookedLine(item=f"i{dice.randrange(20)}", fault="f"),),
        window=Window(start, start + 7_200_000),
    )


def found(data: Path, *, technicians: int = 40, orders: int = 0, seed: int = 7) -> None:
    """Make the company's database in a folder, by ordinary commands."""
    dice = random.Random(seed)
    data.mkdir(parents=True, exist_ok=True)
    database, vault = prepared(sqlite_url(data), data / "secret.key")
    executor = Executor(database, vault, lambda messages: None)

    def submit(command: object, region: str = "platform") -> None:
        act = Act(id=clock.new_id(), actor=SYSTEM, at=clock.now_ms(), command=command, region=region)
        executor.submit(act).result(60)

    districts = tuple(District(id=f"d{each}", name=f"区{each}", centre=somewhere(dice)) for each in range(8))
    submit(SaveRegion(saved=Region(id=REGION, name="上海", centre=CENTRE, districts=districts)))
    submit(SavePolicy(policy=Policy()))
    submit(SaveCategory(category=Category(id="c", name="家电", name_en="Appliances")))
    fault = Fault(id="f", name="不制冷", name_en="no cooling", minutes=60)
    for each in range(20):
        item = Item(
            id=f"i{each}", category="c", name=f"空调{each}", name_en=f"AC {each}", skill="ac", faults=(fault,)
        )
        submit(SaveItem(item=item))
    labour = tuple(LabourPrice(item=f"i{each}", fault="f", price=12_000) for each in range(20))
    for command in first_prices(PriceBook(id="prices-1", labour=labour)):
        submit(command)
    submit(
        SaveStaff(staff=Staff(id=USER, name="王芳", roles=("dispatcher", "supervisor"), regions=(REGION,)))
    )
    shifts = tuple(Shift(day, 480, 1200) for day in range(7))
    people = [
        Technician(
            id=f"t{each}", region=REGION, name=f"{dice.choice(SURNAMES)}师傅{each}", status="online", skills=("ac",),
            home=somewhere(dice), shifts=shifts,
        )
        for each in range(technicians)
    ]  # fmt: skip
    many(executor, [SaveTechnician(technician=each) for each in people])
    many(executor, [booking(dice) for _ in range(orders)])
    executor.run(lambda cursor: set_password(cursor, USER, USER, PASSWORD)).result(60)
    executor.close()
    database.close()


def many(executor: Executor, commands: list[SaveTechnician] | list[BookOrder]) -> None:
    """Save a lot at once."""
    for begin in range(0, len(commands), 2000):
        acts = [
            Act(id=clock.new_id(), actor=SYSTEM, at=clock.now_ms(), command=command, region=REGION)
            for command in commands[begin : begin + 2000]
        ]
        executor.submit_all(acts).result(300)


@contextmanager
def serving(data: Path) -> Iterator[Served]:
    """A server process of its own on the company's folder."""
    with (data / "server.err").open("w") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "dispatcher_app", "server", "--data", str(data)],
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
        assert process.stdout is not None
        try:
            url = json.loads(process.stdout.readline())["url"]
            answer = httpx.post(f"{url}/login", json={"user": USER, "password": PASSWORD}, timeout=30)
            yield Served(url, answer.json()["token"], process.pid)
        finally:
            process.terminate()
            process.wait(30)
            process.stdout.close()


def request(served: Served, name: str, command: object) -> bytes:
    """One command as bytes on the wire, for clients that must cost next to nothing."""
    body = codec.encode(
        codec.Submitted(
            id=clock.new_id(), at=clock.now_ms(), region=REGION, command=codec.Raw(codec.encode(command))
        )
    )
    return (
        f"POST /commands/{name} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {served.token}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    ).encode() + body
