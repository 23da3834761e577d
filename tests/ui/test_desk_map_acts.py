"""What is done on the map reaches the server: orders given away, districts and areas drawn; and its filter."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from PySide6.QtCore import QTime
from PySide6.QtWidgets import QMenu

from dispatcher_app.client.session import Session
from dispatcher_app.domain.area import covers, inside
from dispatcher_app.domain.catalogue import Item
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.place import Point
from dispatcher_app.domain.region import District, Region
from dispatcher_app.domain.technician import Technician
from dispatcher_app.planning.rank import Ranking
from tests.ui.window_desk import City, orders_of, part, remove, until
from ui.action.terrain import TERRAIN
from ui.desk_map.assign import Offers, chance
from ui.desk_map.filter import MapFilter
from ui.desk_map.lens import concerned, legs_of
from ui.desk_map.mark import ground
from ui.desk_map.panel import MapPanel
from ui.models.counts import today

BOX = [(121.40, 31.20), (121.50, 31.20), (121.50, 31.30), (121.40, 31.30)]


def region_of(session: Session) -> Region:
    found = session.region
    assert found is not None
    return found


def district_of(session: Session, id: str) -> District:
    return next(each for each in region_of(session).districts if each.id == id)


def ring_of(session: Session, id: str) -> list[tuple[float, float]]:
    return [(each.lon, each.lat) for each in district_of(session, id).area]


def technician_of(session: Session, id: str) -> Technician:
    found = session.get(Technician, id)
    assert found is not None
    return found


async def ranked(session: Session) -> tuple[str, Ranking]:
    """An order that somebody could go to, and who could."""
    for order in await orders_of(session):
        found = await session.rank(order)
        if found.eligible and found.excluded:
            return order, found
    raise AssertionError("nobody can go anywhere")


def test_an_order_dropped_on_a_technician_is_his(city: City, loop: asyncio.AbstractEventLoop) -> None:
    async def story() -> None:
        async with city.sitting("wangfang") as session, city.sitting("lina") as colleague:
            panel = MapPanel(session)
            said: list[tuple[str, str]] = []
            panel.view.say = lambda words, tone="": said.append((words, tone))  # type: ignore[method-assign]
            order, ranking = await ranked(session)
            who = ranking.eligible[0].technician
            panel.view.hovered.emit((order,), "")
            panel.view.hovered.emit((order,), who)
            await until(lambda: panel.view._hand.allowed)
            words, tone = said[-1]
            assert technician_of(session, who).name in words
            assert tone == ""
            panel.view.hovered.emit((order,), "")  # the hand opens: nobody is below it any more
            panel.view.dropped.emit((order,), who)
            panel.view.hand_left.emit()
            assert said[-1][0] == ""

            def is_his() -> bool:
                found = colleague.get(Order, order)
                return found is not None and found.technician == who

            await until(is_his)
            session.undo_last()
            await until(lambda: not is_his())
            remove(panel)

    loop.run_until_complete(story())


async def test_who_can_not_go_is_said_with_the_reason_and_gets_nothing(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.sitting("wangfang") as session:
        panel = MapPanel(session)
        said: list[tuple[str, str]] = []
        panel.view.say = lambda words, tone="": said.append((words, tone))  # type: ignore[method-assign]
        order, ranking = await ranked(session)
        who = ranking.excluded[-1].technician
        before = session.get(Order, order)
        panel.view.hovered.emit((order,), who)
        await until(lambda: said and said[-1][1] == "wrong")
        assert "不能派" in said[-1][0]
        assert not panel.view._hand.allowed
        panel.view.dropped.emit((order,), who)
        assert session.get(Order, order) == before
        panel.view.hovered.emit((order, "another"), who)
        assert "排班板" in said[-1][0]
        remove(panel)


def test_chances_say_who_has_it_already_and_who_is_nowhere(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async def story() -> None:
        async with city.sitting("wangfang") as session:
            order, ranking = await ranked(session)
            drag = await session.drag(order)
            assert chance(session, ranking, drag, "nobody").start is None
            taken = next(id for id in await orders_of(session, "open") if is_assigned(session, id))
            found = session.get(Order, taken)
            assert found is not None
            assert found.technician is not None
            ranking, drag = await session.rank(taken), await session.drag(taken)
            assert "不用再派" in chance(session, ranking, drag, found.technician).words

    def is_assigned(session: Session, id: str) -> bool:
        found = session.get(Order, id)
        return found is not None and found.status == "accepted"

    loop.run_until_complete(story())


async def test_the_menu_of_an_order_offers_whom_it_suits_best(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.window() as window:
        panel = window.map
        order, ranking = await ranked(window.session)
        panel.view.selected.emit("order", order)
        panel.view.menu_wanted.emit("order", order, panel.mapToGlobal(panel.rect().center()))
        offers: Offers = part(panel, "map_offers")
        assert panel.assigning is not None
        await until(lambda: len(offers.actions()) > 1 or offers.actions()[0].isEnabled())
        first = technician_of(window.session, ranking.eligible[0].technician)
        assert offers.actions()[0].text().startswith(first.name)
        assert offers.actions()[0].toolTip() != offers.actions()[0].text()
        for menu in panel.findChildren(QMenu):
            menu.close()


def test_the_order_in_hand_is_given_by_a_key(city: City, loop: asyncio.AbstractEventLoop) -> None:
    async def story() -> None:
        async with city.window() as window:
            order, ranking = await ranked(window.session)
            who = ranking.eligible[0].technician
            window.look_at(order)
            window.map.view.selected.emit("technician", who)
            window.deck["map_assign"].trigger()

            def is_his() -> bool:
                found = window.session.get(Order, order)
                return found is not None and found.technician == who

            await until(is_his)
            window.session.undo_last()
            await until(lambda: not is_his())

    loop.run_until_complete(story())


async def test_a_supervisor_draws_a_district_for_everybody_and_takes_it_back(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.window("chenjing") as window, city.sitting("wangfang") as colleague:
        panel = window.map
        window.deck["draw_district"].trigger()
        drawing = panel.drawing
        assert not drawing.isHidden()
        id = str(drawing.which.currentData())
        panel.view.sketched.emit(BOX[:2])
        assert part(window, "map_drawing_said").text() == "2 个拐点，至少要三个"
        panel.view.sketched.emit([BOX[0], BOX[2], BOX[1], BOX[3]])
        assert "相交" in part(window, "map_drawing_said").text()
        drawing.save.click()
        assert not drawing.isHidden()
        panel.view.sketched.emit(BOX)
        assert drawing.unsaved
        drawing.save.click()
        assert drawing.isHidden()
        await until(lambda: ring_of(colleague, id) == BOX)
        outlined = [f for f in ground(colleague)["features"] if f["geometry"]["type"] == "Polygon"]
        assert [f["properties"]["name"] for f in outlined] == [district_of(colleague, id).name]
        window.deck["undo"].trigger()
        await until(lambda: not district_of(colleague, id).area)


async def test_a_drawing_that_is_not_saved_is_only_thrown_away_when_asked_twice(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.sitting("chenjing") as session:
        panel = MapPanel(session)
        panel.draw_district()
        panel.view.sketched.emit(BOX)
        assert not panel.drawing.which.isEnabled()
        panel.view.escaped.emit()
        assert not panel.drawing.isHidden()
        panel.measure()
        assert not panel.lens.measuring
        panel.view.escaped.emit()
        assert panel.drawing.isHidden()
        assert not any(each.area for each in region_of(session).districts)
        remove(panel)


async def test_a_technicians_own_area_is_drawn_shown_and_counts(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.sitting("chenjing") as session:
        panel = MapPanel(session)
        who = session.all(Technician)[0]
        panel.show_technician(who.id)
        panel.draw_area(who.id)
        panel.view.sketched.emit(BOX)
        panel.view.drawn.emit()
        assert panel.drawing.isHidden()
        drawn = technician_of(session, who.id)
        assert inside(drawn.area, Point(121.45, 31.25))
        assert not covers(drawn, "anywhere", Point(121.6, 31.25))
        tones = [f["properties"].get("tone") for f in ground(session, who.id)["features"]]
        assert tones[-1] == "own"
        await until(lambda: not session.is_pending("technician", who.id))
        panel.draw_area(who.id)
        panel.drawing.clear.click()
        assert technician_of(session, who.id).area == ()
        await until(lambda: not session.is_pending("technician", who.id))
        remove(panel)


async def test_what_he_covers_stands_out_on_the_ground(city: City, loop: asyncio.AbstractEventLoop) -> None:
    async with city.sitting("chenjing") as session:
        panel = MapPanel(session)
        who = next(each for each in session.all(Technician) if each.districts)
        panel.draw_district()
        panel.drawing.which.setCurrentIndex(panel.drawing.which.findData(who.districts[0]))
        panel.view.sketched.emit(BOX)
        panel.drawing.save.click()
        await until(lambda: bool(district_of(session, who.districts[0]).area))
        toned = [f for f in ground(session, who.id)["features"] if f["properties"].get("tone") == "covered"]
        assert len(toned) == 1
        session.undo_last()
        await until(lambda: not district_of(session, who.districts[0]).area)
        remove(panel)


async def test_dispatchers_do_not_draw_and_see_no_action_for_it(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.window() as window:
        for id in ("draw_district", "draw_area"):
            assert not window.deck[id].isVisible()
        answered = window.answers()
        assert {each.id for each in TERRAIN} <= answered


def test_the_map_is_filtered_by_skill_team_and_hours(city: City, loop: asyncio.AbstractEventLoop) -> None:
    async def story() -> None:
        async with city.sitting("chenjing") as session:
            panel = MapPanel(session)
            await until(lambda: bool(panel.view.shown("order")))
            skill = session.all(Technician)[0].skills[0]
            box = part(panel.bar.sheet, "map_skill")
            box.setCurrentIndex(box.findData(skill))
            able = {each.id for each in session.all(Technician) if skill in each.skills}
            assert panel.view.shown("technician") == able
            rows = await session.order_rows(await orders_of(session, "open"))

            def asks(item: str) -> bool:
                found = session.get(Item, item)
                return found is not None and found.skill == skill

            needing = {id for id, row in rows.items() if asks(row.item)}
            await until(lambda: panel.view.shown("order") == needing)
            assert panel.bar.more.text() == "筛选（1）"
            part(panel.bar.sheet, "map_since").setTime(QTime(14, 0))
            part(panel.bar.sheet, "map_until").setTime(QTime(16, 0))
            part(panel.bar.sheet, "map_hours").click()
            wanted = MapFilter(skill=skill, hours=(14 * 60, 16 * 60))
            at_that_time = {
                id
                for id in needing
                if wanted.shows(rows[id], session.staff.regions, today(session), session.timezone, skill)
            }
            await until(lambda: panel.view.shown("order") == at_that_time)
            part(panel.bar.sheet, "map_filter_clear").click()
            everybody = {each.id for each in session.all(Technician)}
            await until(lambda: panel.view.shown("technician") == everybody)
            remove(panel)

    loop.run_until_complete(story())


async def test_a_window_counts_that_only_touches_the_hours_and_a_team_is_its_name(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.sitting("chenjing") as session:
        who = session.all(Technician)[0]
        regions = (who.region,)
        assert MapFilter(team="浦东一组").takes(replace(who, team="浦东一组"), regions)
        assert not MapFilter(team="浦东一组").takes(replace(who, team="浦东二组"), regions)
        rows = (await session.order_rows(await orders_of(session, "open"))).values()
        row = next(each for each in rows if each.window_start is not None)
        none = replace(row, window_start=None, window_end=None)
        all_day = MapFilter(hours=(0, 24 * 60))
        assert not all_day.shows(none, session.staff.regions, today(session), session.timezone)


async def test_following_measuring_and_looking_only_at_some_end_one_after_the_other(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.window() as window:
        panel, who = window.map, window.session.all(Technician)[0]
        panel.view.selected.emit("technician", who.id)
        window.deck["map_follow"].trigger()
        window.deck["map_focus"].trigger()
        window.deck["map_measure"].trigger()
        lens = panel.lens
        assert (lens.following, lens.focused, lens.measuring) == (who.id, ("technician", who.id), True)
        panel.view.escaped.emit()
        assert (lens.following, lens.focused, lens.measuring) == (who.id, ("technician", who.id), False)
        panel.view.escaped.emit()
        assert (lens.following, lens.focused) == (who.id, None)
        panel.view.released.emit()
        assert lens.following == ""


async def test_what_concerns_an_order_is_its_technician_with_his_day(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.sitting("wangfang") as session:
        days = await session.day_stops(today(session))
        day = next(each for each in days if len(each.stops) > 1)
        marks = concerned(session, ("technician", day.technician))
        assert {("order", stop.order) for stop in day.stops if stop.state != "held"} <= marks
        pending = next(
            id for id in await orders_of(session)
            if (found := session.get(Order, id)) is not None and found.technician is None
        )  # fmt: skip
        assert concerned(session, ("order", pending)) == {("order", pending)}


def test_distances_are_those_along_the_ground() -> None:
    [leg] = legs_of([(121.0, 31.0), (121.0, 31.01)])
    assert 1_110 < leg < 1_114
    assert legs_of([(121.0, 31.0)]) == []
