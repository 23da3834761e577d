"""The ways to the customer and the surest drives: asked of whoever knows the traffic, said with their source."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from dispatcher_app.client.embedded import Embedded
from dispatcher_app.planning.rank import Ranking
from tests.integrations.roadside import KEY, SECRET, Roadside, amap, standing
from tests.ui.window_desk import City, orders_of, part, press, until
from ui.order.candidate import CANDIDATE
from ui.order.sure import Drive, SureDrives, drive
from ui.window.main import MainWindow

ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture(scope="module")
def roadside() -> Iterator[Roadside]:
    with standing(amap) as made:
        yield made


@pytest.fixture(scope="module")
def streets(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """A practice city that is begun by the first window."""
    folder = tmp_path_factory.mktemp("driven")
    made = City(Embedded(folder / "server", practice=True), folder / "desks")
    yield made
    asyncio.run(made.server.close())


@pytest.fixture
def driven_city(streets: City, roadside: Roadside, monkeypatch: pytest.MonkeyPatch) -> City:
    """The practice city whose server may ask AMap; what is begun elsewhere may not."""
    monkeypatch.setenv("DISPATCHER_AMAP_KEY", KEY)
    monkeypatch.setenv("DISPATCHER_AMAP_SECRET", SECRET)
    monkeypatch.setenv("DISPATCHER_AMAP_URL", roadside.url)
    return streets


async def ranked(window: MainWindow) -> Ranking:
    """A pending order in hand, with somebody who can go."""
    for id in await orders_of(window.session):
        found = await window.session.rank(id)
        if found.eligible:
            window.look_at(id)
            await until(lambda: window.inspector.ranked.answered)
            return found
    raise AssertionError("nobody can go anywhere")


async def test_the_ways_to_the_customer_are_asked_for_only_when_somebody_wants_to_see_them(
    driven_city: City, roadside: Roadside, loop: asyncio.AbstractEventLoop
) -> None:
    async with driven_city.window() as window:
        await ranked(window)
        ways = window.inspector.ranked.ways
        assert not ways.isVisible()
        assert not any(path == "/v3/direction/driving" for path, _ in roadside.asked)
        press(Qt.Key.Key_F3, ALT)
        await until(lambda: len(ways.said) == 5)
        assert ways.isVisible()
        head, *rows, notes = ways.said
        assert head.endswith("到客户家")
        assert all("分钟" in row for row in rows)
        assert "高德" in notes
        assert "±20%" in notes
        assert "拥堵" in rows[0]
        assert "红绿灯 7 个" in rows[0]
        minutes = [int(row.split(" ")[0]) for row in rows]
        assert minutes == sorted(minutes)
        press(Qt.Key.Key_F3, ALT)
        assert not ways.isVisible()


async def test_who_would_set_out_now_is_asked_about_with_the_traffic_of_this_moment(
    driven_city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with driven_city.window() as window:
        found, panel = await ranked(window), window.inspector.ranked
        now = window.session.now()
        soon = replace(found.eligible[0], arrival=now + 60_000, drive_s=60, start=now + 60_000)
        sure, heard = SureDrives(window.session, panel), list[dict[str, Drive]]()
        sure.known.connect(heard.append)
        order = window.inspector.order
        assert order is not None
        sure.ask(order, replace(found, eligible=(soon,)))
        await until(lambda: heard)
        said = heard[0][soon.technician]
        assert said == drive(soon, said.seconds)
        panel._on_sure(heard[0])
        rows = [
            panel.list.model().index(row, 0).data(CANDIDATE) for row in range(panel.list.model().rowCount())
        ]
        (row,) = [each for each in rows if each.technician == soon.technician]
        assert "高德" in row.detail
        later = replace(soon, arrival=now + 7_200_000, start=now + 7_200_000)
        heard.clear()
        sure.ask(order, replace(found, eligible=(later,)))
        assert not sure._asking.busy, "today's traffic says nothing about then"


async def test_without_a_map_of_the_roads_the_straight_line_is_said_to_be_one(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.window() as window:
        await ranked(window)
        press(Qt.Key.Key_F3, ALT)
        ways = window.inspector.ranked.ways
        await until(lambda: len(ways.said) == 3)
        assert ways.said[2].startswith("没有配置路网")
        assert part(window, "show_ways").isVisible()
