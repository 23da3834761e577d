"""The map in the window follows the desk: who is shown, which orders, and what is chosen."""

from __future__ import annotations

import asyncio
import sys

import pytest
from PySide6.QtWidgets import QApplication, QToolButton

import ui.map
from dispatcher_app.client.session import Session
from dispatcher_app.domain.command import CancelOrder
from dispatcher_app.domain.day import Day
from dispatcher_app.domain.place import Point
from dispatcher_app.domain.technician import Technician
from dispatcher_app.planning.travel import Route
from dispatcher_app.rows import OrderRow
from tests.ui.window_desk import City, booking_like, orders_of, part, remove, until
from ui.desk_map.day import drives_of, way
from ui.desk_map.filter import MapFilter
from ui.desk_map.mark import ground, order_mark, technician_mark
from ui.desk_map.panel import MapPanel
from ui.desk_map.setting import map_settings
from ui.models.counts import today

TILES = "https://tiles.example.com/{z}/{x}/{y}.png"


def row_of(session: Session, order: str) -> OrderRow:
    found = session.order_row(order)
    assert found is not None
    return found


async def all_open(session: Session, panel: MapPanel) -> None:
    open_ones = frozenset(await orders_of(session, "open"))
    await until(lambda: panel.view.shown("order") == open_ones)


async def test_orders_come_and_go_with_the_replica(city: City, loop: asyncio.AbstractEventLoop) -> None:
    async with city.sitting("wangfang") as session, city.sitting("lina") as colleague:
        panel = MapPanel(session)
        await all_open(session, panel)
        command = booking_like(colleague, (await orders_of(colleague))[0])
        colleague.submit(command)
        await until(lambda: command.order in panel.view.shown("order"))
        colleague.submit(CancelOrder(order=command.order, reason="solved_itself", side="customer"))
        await until(lambda: command.order not in panel.view.shown("order"))
        await all_open(session, panel)
        remove(panel)


async def test_technicians_are_filtered_by_how_they_stand(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.sitting("wangfang") as session:
        panel = MapPanel(session)
        everybody = {each.id: each.status for each in session.all(Technician)}
        assert panel.view.shown("technician") == everybody.keys()
        part(panel, "map_offline").click()
        assert panel.view.shown("technician") == {
            id for id, status in everybody.items() if status != "offline"
        }
        part(panel, "map_offline").click()
        assert panel.view.shown("technician") == everybody.keys()
        remove(panel)


def test_only_todays_orders_and_closed_ones_can_be_shown(city: City, loop: asyncio.AbstractEventLoop) -> None:
    async def story() -> None:
        async with city.sitting("wangfang") as session:
            panel = MapPanel(session)
            await all_open(session, panel)
            rows = await session.order_rows(await orders_of(session, "all"))

            def those(wanted: MapFilter) -> set[str]:
                date = today(session)
                return {
                    row.id
                    for row in rows.values()
                    if wanted.shows(row, session.staff.regions, date, session.timezone)
                }

            part(panel, "map_today").click()
            await until(lambda: panel.view.shown("order") == those(MapFilter(today_only=True)))
            part(panel, "map_finished").click()
            await until(lambda: panel.view.shown("order") == those(MapFilter(today_only=True, finished=True)))
            part(panel, "map_today").click()
            await until(lambda: panel.view.shown("order") == those(MapFilter(finished=True)))
            assert those(MapFilter(region="elsewhere")) == set()
            remove(panel)

    loop.run_until_complete(story())


async def test_what_is_chosen_on_the_map_is_chosen_in_the_window(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.window() as window:
        panel = window.findChild(MapPanel)
        assert panel is not None
        order = (await orders_of(window.session))[3]
        panel.view.selected.emit("order", order)
        assert window.inspector.order_id == order
        technician = window.session.all(Technician)[0].id
        panel.view.selected.emit("technician", technician)
        assert window.roster.current_id() == technician
        panel.view.activated.emit("technician", technician)
        assert window.tabs.currentWidget() is window.roster


async def test_a_place_picked_on_the_map_is_the_bookings(city: City, loop: asyncio.AbstractEventLoop) -> None:
    async with city.window() as window:
        panel = window.findChild(MapPanel)
        assert panel is not None
        window.bookings.book()
        window.booking.pick_place_requested.emit()
        panel.view.place_picked.emit(121.45, 31.2)
        draft = window.booking.form.draft
        assert (draft.lon, draft.lat) == (121.45, 31.2)
        panel.view.pick_cancelled.emit()
        assert window.booking.column.owner(QApplication.focusWidget()) is window.booking.column.where
        window.booking.form.forget()


async def test_where_no_web_engine_starts_picking_ends_at_once(
    city: City, loop: asyncio.AbstractEventLoop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ui.map.engine", None)
    monkeypatch.delattr(ui.map, "engine", raising=False)

    async with city.sitting("wangfang") as session:
        panel = MapPanel(session)
        ended: list[bool] = []
        panel.pick_ended.connect(lambda: ended.append(True))
        panel.pick_place()
        assert ended
        await all_open(session, panel)
        remove(panel)


async def test_an_order_on_the_map_says_when_what_who_and_no_phone(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.sitting("wangfang") as session:
        for id in (await orders_of(session, "open"))[:40]:
            row = row_of(session, id)
            mark = order_mark(session, row)
            assert (mark.number, mark.status, mark.lon) == (row.number, row.status, row.lon)
            assert any(row.name in line for line in mark.lines)
            assert not any(row.phone_tail in line for line in mark.lines if row.phone_tail)
        technician = session.all(Technician)[0]
        assert technician_mark(session, technician).name == technician.name


async def test_the_way_of_a_technician_is_todays_plan_in_its_order(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.sitting("wangfang") as session:
        days = {day.technician: day for day in await session.day_stops(today(session))}
        for technician in session.all(Technician):
            day = days.get(technician.id, Day(id="", region="", technician="", date=""))
            told = way(session, technician, {}).stops
            assert [(each.lon, each.lat) for each in told] == [(s.point.lon, s.point.lat) for s in day.stops]
            assert [each.number for each in told] == list(range(1, len(told) + 1))
        names = {feature["properties"]["name"] for feature in ground(session)["features"]}
        assert "浦东新区" in names


@pytest.mark.parametrize(
    "kept",
    [{}, {"map": None}, {"map": {"url": "file:///etc/{z}/{x}/{y}"}}, {"map": {"url": "https://x/{z}/{x}"}}],
)
def test_without_a_tile_address_the_ground_is_plain(kept: dict[str, object]) -> None:
    assert map_settings(kept).tiles is None


def test_a_tile_address_is_taken_with_its_datum() -> None:
    kept = {"map": {"url": TILES, "attribution": "© somebody", "datum": "gcj02", "max_zoom": 99}}
    tiles = map_settings(kept).tiles
    assert tiles is not None
    assert (tiles.url, tiles.attribution, tiles.datum, tiles.max_zoom) == (TILES, "© somebody", "gcj02", 22)


async def test_where_there_is_little_room_states_are_icons_with_tips(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.sitting("wangfang") as session:
        panel = MapPanel(session)
        panel.bar.resize(180, 40)
        panel.bar.show()
        button: QToolButton = part(panel, "map_online")
        assert button.toolTip() == button.accessibleName() == "在线"
        remove(panel)


async def test_known_streets_are_followed_and_unknown_ones_are_said_to_be_straight(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.sitting("wangfang") as session:
        who = next(each for each in session.all(Technician) if len(drives_of(session, each)) > 1)
        drives = drives_of(session, who)
        assert not any(leg.road for leg in way(session, who, {}).legs)
        assert "虚线" in way(session, who, {}).note
        origin, target = drives[0]
        bend = Point(origin.lon, target.lat)
        line = (origin, bend, target)
        found = Route(seconds=600, metres=4_000, line=line, source="road", error_percent=20)
        some = way(session, who, {drives[0]: found})
        assert some.legs[0].road
        assert some.legs[0].line[1] == (bend.lon, bend.lat)
        assert not some.legs[1].road
        assert "虚线" in some.note
        every = way(session, who, dict.fromkeys(drives, found))
        assert "虚线" not in every.note
