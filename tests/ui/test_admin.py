"""The administration: who sees it, items, parts, holidays, standards, templates, stores, and what is wrong."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox

from dispatcher_app.domain.catalogue import Item, Part
from dispatcher_app.domain.edition import Series
from dispatcher_app.domain.holiday import HolidayYear
from dispatcher_app.domain.region import Policy, Region, Staff
from dispatcher_app.domain.standard import Standard
from dispatcher_app.domain.talk import Template
from dispatcher_app.text import has_cjk
from tests.ui.window_desk import City, part, press, until
from ui import notify
from ui.admin.book import BookEditor
from ui.admin.form import Form
from ui.admin.page import Page
from ui.admin.price import book_rows
from ui.admin.standard import standard_rows
from ui.admin.template import examples
from ui.window.main import MainWindow


def opened(window: MainWindow, code: str, id: str = "") -> Form:
    """The form of something in the administration."""
    window.administration.open(code, id)
    form = page(window, code).form
    assert isinstance(form, Form)
    return form


def page(window: MainWindow, code: str) -> Page:
    found = window.administration.panel.page(code)
    assert isinstance(found, Page)
    return found


async def test_a_dispatcher_does_not_see_it(office: City, loop: asyncio.AbstractEventLoop) -> None:
    async with office.window("wangfang") as window:
        assert not window.deck["admin"].isVisible()
        assert not window.deck["admin"].isEnabled()
        assert not window.deck["data_health"].isVisible()


async def test_a_supervisor_reads_it_and_changes_nothing(
    office: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with office.sitting("admin") as desk:
        roles = {staff.id: staff.roles for staff in desk.all(Staff)}
    supervisor = next(
        id for id, held in roles.items() if "supervisor" in held and "administrator" not in held
    )
    async with office.window(supervisor) as window:
        window.deck["admin"].trigger()
        form = opened(window, "catalogue", "item:wall-ac")
        assert form.go.isHidden()
        assert form.field("name").isReadOnly()  # type: ignore[attr-defined]
        assert window.findChild(type(form.go), "admin_new_item") is None


def test_an_item_is_found_changed_and_retired(office: City, loop: asyncio.AbstractEventLoop) -> None:
    async def story() -> None:
        async with office.window("admin") as window:
            session = window.session
            window.deck["admin"].trigger()
            items = page(window, "catalogue")
            items.list.search.setText("gskt")
            await until(lambda: items.list.tree.topLevelItemCount() < 20)
            form = opened(window, "catalogue", "item:wall-ac")
            assert form.field("name").hasFocus()
            faults = form.field("faults").model  # type: ignore[attr-defined]
            faults.setData(faults.index(0, 2), "eighty")
            assert not form.save()
            assert "分钟" in part(form, "wrong_faults").text()
            faults.setData(faults.index(0, 2), "80")
            form.field("name").setText("挂机空调")  # type: ignore[attr-defined]
            press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)

            def changed() -> bool:
                item = session.get(Item, "wall-ac")
                return item is not None and item.name == "挂机空调" and item.faults[0].minutes == 80

            await until(lambda: changed() and session.link.waiting == 0)
            part(form, "admin_retire").click()
            await until(lambda: session.get(Item, "wall-ac").retired)  # type: ignore[union-attr]
            await until(lambda: part(form, "admin_retire").text() == "恢复使用")
            part(form, "admin_retire").click()
            await until(lambda: not session.get(Item, "wall-ac").retired and session.link.waiting == 0)  # type: ignore[union-attr]

    loop.run_until_complete(story())


async def test_what_two_people_change_at_once_is_said(office: City, loop: asyncio.AbstractEventLoop) -> None:
    async with office.window("admin") as window, office.window("admin") as other:
        id = window.session.all(Part)[0].id
        mine, theirs = opened(window, "parts", f"part:{id}"), opened(other, "parts", f"part:{id}")
        mine.field("unit").setText("套")  # type: ignore[attr-defined]
        theirs.field("unit").setText("只")  # type: ignore[attr-defined]
        assert theirs.save()
        await until(lambda: window.session.get(Part, id).unit == "只")  # type: ignore[union-attr]
        assert not mine.save()
        assert "同事" in part(mine, "wrong_unit").text()
        assert mine.field("unit").text() == "套"  # type: ignore[attr-defined]
        assert mine.save()
        await until(lambda: other.session.get(Part, id).unit == "套")  # type: ignore[union-attr]


async def test_holidays_are_filled_and_a_year_that_is_not_known_is_said(
    office: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with office.window("admin") as window:
        form = opened(window, "holidays", "year:2024")
        part(form, "holiday_fill").click()
        assert form.save()
        await until(
            lambda: (year := window.session.get(HolidayYear, "2024")) is not None and len(year.days) > 20
        )
        form = opened(window, "holidays", "year:2099")
        part(form, "holiday_fill").click()
        assert "2099" in part(form, "admin_error").text()
        sheet = form.field("days").model  # type: ignore[attr-defined]
        sheet.add(0)
        sheet.setData(sheet.index(0, 0), "2099/1/1")
        sheet.setData(sheet.index(0, 2), "元旦")
        assert form.save()
        await until(lambda: window.session.link.waiting == 0)
        year = window.session.get(HolidayYear, "2099")
        assert year is not None
        assert year.days[0].date == "2099-01-01"


async def test_a_standard_is_drafted_from_the_one_in_force_and_published(
    office: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with office.window("admin") as window:
        session = window.session
        series = next(each for each in session.all(Series) if each.id.startswith("standard:"))
        former = series.editions[-1].id
        form = opened(window, "standards", f"standard:{former}")
        assert form.go.isHidden()
        part(form, "standard_copy").click()
        draft = page(window, "standards").form
        assert isinstance(draft, Form)
        assert draft is not form
        sheet = draft.field("checks").model  # type: ignore[attr-defined]
        safety = next(at for at, row in enumerate(sheet.rows) if row.safety)
        sheet.setData(sheet.index(safety, 5), "订单标记")
        part(draft, "admin_start_now").setChecked(True)
        part(draft, "standard_publish").click()
        assert f"{safety + 1}" in part(draft, "admin_error").text()
        sheet.setData(sheet.index(safety, 5), "不能完工")
        sheet.setData(sheet.index(0, 0), "维修前拍三张照片")
        part(draft, "standard_publish").click()
        id = draft.draft.read.id
        await until(lambda: session.get(Standard, id).state == "published")  # type: ignore[union-attr]
        await until(lambda: session.get(Series, series.id).at(session.now()) == id)  # type: ignore[union-attr]
        await until(lambda: draft.go.isHidden())


async def test_a_draft_is_thrown_away_and_undo_brings_it_back(
    office: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with office.window("admin") as window:
        session = window.session
        window.administration.open("standards")
        standards = page(window, "standards")
        standards.begin_new("standard:")
        form = standards.form
        assert isinstance(form, Form)
        id = form.draft.read.id
        line = form.field("name")
        line.setText("开荒保洁")  # type: ignore[attr-defined]
        part(form, "standard_discard").click()
        assert "再点一次" in part(form, "admin_error").text()
        part(form, "standard_discard").click()
        await until(lambda: standards.form is None)
        kept = session.get(Standard, id)
        assert kept is not None
        assert kept.state == "discarded"
        assert id not in [row.id.partition(":")[2] for row in standard_rows(session)]
        window.deck["undo"].trigger()
        await until(lambda: f"standard:{id}" in [row.id for row in standard_rows(session)])
        await until(lambda: not session.link.waiting)
        assert not session.parked


async def test_a_draft_of_the_prices_is_thrown_away(office: City, loop: asyncio.AbstractEventLoop) -> None:
    async with office.window("admin") as window:
        session = window.session
        window.administration.open("prices")
        prices = page(window, "prices")
        prices.begin_new("book:")
        editor = prices.form
        assert isinstance(editor, BookEditor)
        before = len(book_rows(session))
        part(editor, "book_discard").click()
        await until(lambda: prices.form is not editor)
        assert len(book_rows(session)) == before - 1
        await until(lambda: not session.link.waiting)
        assert not session.parked


async def test_a_template_shows_how_it_will_read(office: City, loop: asyncio.AbstractEventLoop) -> None:
    async with office.window("admin") as window:
        form = opened(window, "templates", "template:")
        form.field("name").setText("到货")  # type: ignore[attr-defined]
        form.field("text").setPlainText("{technician}将于{when}到")  # type: ignore[attr-defined]
        form.field("to").tick(("customer",))  # type: ignore[attr-defined]
        assert not form.save()
        assert "when" in part(form, "wrong_text").text()
        form.field("text").setPlainText("{technician}将于{window}到")  # type: ignore[attr-defined]
        assert form.save()
        await until(lambda: any(each.name == "到货" for each in window.session.all(Template)))


async def test_the_form_follows_the_caret_through_a_table_higher_than_the_window(
    office: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with office.window("admin", size=(1366, 768)) as window:
        year = max(window.session.all(HolidayYear), key=lambda each: len(each.days))
        form = opened(window, "holidays", f"year:{year.id}")
        grid = form.field("days").grid  # type: ignore[attr-defined]
        assert grid.verticalScrollBar().maximum() == 0
        grid.go_to(len(year.days) - 1)
        cell = grid.visualRect(grid.currentIndex())
        assert grid.viewport().visibleRegion().contains(cell.center())


def test_a_template_is_shown_filled_in_the_language_of_each_text() -> None:
    assert has_cjk(examples("zh_CN")["window"])
    assert not any(has_cjk(each) for each in examples("en").values())


def test_a_store_is_entered_and_a_person_works_there(office: City, loop: asyncio.AbstractEventLoop) -> None:
    async def story() -> None:
        async with office.window("admin") as window:
            session = window.session
            form = opened(window, "stores", "store:")
            form.field("name").setText("静安二店")  # type: ignore[attr-defined]
            form.field("shelves").setText("A1，A2")  # type: ignore[attr-defined]
            form.field("point").setText("somewhere")  # type: ignore[attr-defined]
            assert not form.save()
            form.field("point").setText("121.45 31.23")  # type: ignore[attr-defined]
            assert form.save()

            def made() -> list[str]:
                region = session.get(Region, session.region_id)
                return [each.id for each in region.stores if each.shelves == ("A1", "A2")] if region else []

            await until(lambda: made() and session.link.waiting == 0)
            person = opened(window, "stores", "staff:wangfang")
            box = person.field("store")
            box.setCurrentIndex(box.findData(made()[0]))  # type: ignore[attr-defined]
            assert person.save()
            await until(lambda: session.get(Staff, "wangfang").store == made()[0])  # type: ignore[union-attr]

    loop.run_until_complete(story())


async def test_a_rule_of_dispatching_is_entered_changed_and_taken_away(
    office: City, loop: asyncio.AbstractEventLoop
) -> None:
    def modes(window: MainWindow) -> set[tuple[str, str, str]]:
        policy = window.session.get(Policy, "policy")
        assert policy is not None
        return {(each.item, each.district, each.mode) for each in policy.dispatch_modes}

    async with office.window("admin") as window:
        item = window.session.all(Item)[0].id
        form = opened(window, "dispatch", "rule:")
        choose(form, "item", item)
        choose(form, "mode", "grab")
        assert form.save()
        await until(lambda: modes(window) == {(item, "", "grab")})
        form = opened(window, "dispatch", f"rule:{item}|")
        choose(form, "mode", "direct")
        assert form.save()
        await until(lambda: modes(window) == {(item, "", "direct")})
        twice = opened(window, "dispatch", "rule:")
        choose(twice, "item", item)
        assert twice.save()
        await until(lambda: modes(window) == {(item, "", "offer")})
        form = opened(window, "dispatch", f"rule:{item}|")
        part(form, "admin_remove_rule").click()
        await until(lambda: modes(window) == set())
        form = opened(window, "dispatch", "figures:")
        form.field("grab_rings_m").setText("5, 3")  # type: ignore[attr-defined]
        assert not form.save()
        assert "公里" in part(form, "wrong_grab_rings_m").text()
        form.field("grab_rings_m").setText("2, 4.5")  # type: ignore[attr-defined]
        assert form.save()
        await until(lambda: window.session.get(Policy, "policy").grab_rings_m == (2000, 4500))  # type: ignore[union-attr]


def choose(form: Form, code: str, value: str) -> None:
    """Take one of those offered."""
    box = form.field(code)
    assert isinstance(box, QComboBox)
    box.setCurrentIndex(box.findData(value))


async def test_a_row_of_data_health_opens_the_place_where_it_is_mended(
    office: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with office.window("admin") as window:
        window.deck["data_health"].trigger()
        health = window.administration.panel.page("health")
        rows = health.model.rows
        at = next(at for at, each in enumerate(rows) if each.kind == "holiday_year")
        year = rows[at].id
        health.sheet.grid.go_to(at)
        press(Qt.Key.Key_Return)
        form = page(window, "holidays").form
        assert isinstance(form, Form)
        assert form.draft.read.id == year
        health.go(next(at for at, each in enumerate(rows) if each.kind == "technician"))
        assert not window.administration.opened
        assert window.roster.isVisible()


async def test_escape_goes_one_step_back_each_time(office: City, loop: asyncio.AbstractEventLoop) -> None:
    async with office.window("admin") as window:
        form = opened(window, "catalogue", "item:fridge")
        form.field("name").setText("冰")  # type: ignore[attr-defined]
        press(Qt.Key.Key_Escape)
        assert page(window, "catalogue").list.tree.hasFocus()
        press(Qt.Key.Key_Escape)
        assert window.administration.panel.nav.hasFocus()
        press(Qt.Key.Key_Escape)
        assert not window.administration.opened
        assert window.split.isVisible()
        assert opened(window, "catalogue", "item:fridge").field("name").text() == "冰"  # type: ignore[attr-defined]


async def test_the_window_does_not_go_with_what_is_typed_unasked(
    office: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with office.window("admin") as window:
        said: list[notify.Notice] = []
        notify.notifier().posted.connect(said.append)
        gone: list[bool] = []
        window.closed.connect(lambda: gone.append(True))
        form = opened(window, "catalogue", "item:fridge")
        form.field("name").setText("冰箱冷藏")  # type: ignore[attr-defined]
        assert not window.close()
        assert not gone
        offer = next(each.offer for each in said if each.offer is not None)
        offer.run()
        assert gone
