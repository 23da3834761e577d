"""The counter of a desk that works for several stores, and what is left of it after another language."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication

from dispatcher_app import text
from dispatcher_app.client.embedded import Embedded
from dispatcher_app.client.session import Session
from dispatcher_app.domain.command import SaveRegion
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.region import Store
from tests.ui.test_counter import handed_in, owner
from tests.ui.window_desk import City, part, remove, shown, until
from ui.app import Desktop
from ui.models.bench import devices, open_stores


@pytest.fixture(autouse=True)
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPATCHER_HOME", str(tmp_path))


async def second_store(city: City) -> Store:
    """One more store, with shelves of its own."""
    async with city.sitting("admin") as session:
        region = session.region
        assert region is not None
        made = replace(region.stores[0], id="north", name="北区店", name_en="North", shelves=("N1", "N2"))
        await session.submit(SaveRegion(saved=replace(region, stores=(*region.stores, made)))).outcome
        return made


async def knows(session: Session) -> None:
    await until(lambda: session.region is not None and len(session.region.stores) == 2)


async def test_whoever_works_for_all_stores_chooses_one_and_takes_devices_in_there(
    loop: asyncio.AbstractEventLoop, tmp_path: Path
) -> None:
    city = City(Embedded(tmp_path / "server", practice=True), tmp_path / "desks")
    north = await second_store(city)
    async with city.sitting("wangfang") as session, shown(session, city.folder) as window:
        await knows(session)
        window.deck["counter"].trigger()
        panel = window.reception.panel
        assert panel.devices.stores.isVisible()
        assert [panel.devices.stores.itemText(at) for at in range(2)][1] == "北区店"
        panel.devices.stores.setCurrentIndex(1)
        panel.devices.stores.activated.emit(1)
        order: Order = await handed_in(window)
        assert order.device is not None
        assert (order.device.store, order.device.shelf) == (north.id, "N1")
        walk_in = next(each for each in session.all(Order) if each.service == "home")
        slip = await window.reception.paper.asked(walk_in)
        assert slip.store is not None
        assert slip.store.id == north.id
        await until(lambda: session.link.waiting == 0)
        assert [each.order.id for each in await devices(session, north.id)] == [order.id]
        await until(lambda: [each.order.id for each in panel.devices.listed][:1] == [order.id])
    async with city.sitting("zhaomin") as session:
        await knows(session)
        assert [each.id for each in open_stores(session)] == ["xujiahui"]  # hers is the only one
    await city.server.close()


async def test_a_shelf_of_one_store_is_not_meant_at_another(
    loop: asyncio.AbstractEventLoop, tmp_path: Path
) -> None:
    city = City(Embedded(tmp_path / "server", practice=True), tmp_path / "desks")
    await second_store(city)
    async with city.sitting("wangfang") as session, shown(session, city.folder) as window:
        await knows(session)
        window.deck["drop_off"].trigger()
        panel = window.reception.panel
        first = open_stores(session)[0].shelves[0]
        panel.drop_off.form.change(shelf=first)
        panel.devices.store_chosen.emit("north")
        assert panel.drop_off.form.draft.shelf == ""
    await city.server.close()


async def test_another_language_leaves_the_counter_and_what_is_typed_there(
    city: City, loop: asyncio.AbstractEventLoop, qapp: QApplication, tmp_path: Path
) -> None:
    async with city.sitting("wangfang") as session:
        settings = QSettings(str(tmp_path / "w.ini"), QSettings.Format.IniFormat)
        desktop = Desktop(qapp, settings)
        desktop.show_window(session)
        before = desktop.window
        assert before is not None
        before.activateWindow()
        await until(lambda: before.isActiveWindow() and before.queue.model.rowCount() > 0)
        before.deck["drop_off"].trigger()
        await owner(before, "Ma Li")
        before.deck["language"].trigger()
        after = desktop.window
        assert after is not None
        assert after is not before
        assert text.language() == "en"
        assert after.reception.opened
        assert not after.queue.isVisible()
        assert after.reception.panel.drop_off.form.draft.name == "Ma Li"
        assert part(after, "counter_panel").isVisible()
        after.close()
        remove(after)
        desktop.deleteLater()
