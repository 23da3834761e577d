"""The counter: a device taken in by keyboard, found again, diagnosed, quoted, repaired, paid and handed back."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from dispatcher_app.client.session import Session
from dispatcher_app.domain.command import ConfirmQuote, MarkCheck, QuotedLine, ReviseQuote
from dispatcher_app.domain.order import Device, Order
from dispatcher_app.domain.region import Staff
from dispatcher_app.domain.rule.standard import unchecked
from dispatcher_app.domain.talk import Attachment
from tests.ui.booking_desk import Desk
from tests.ui.window_desk import City, Severed, part, press, shown, until
from ui.booking.draft import Draft
from ui.booking.form import Form
from ui.counter import receiving
from ui.models.bench import counts, devices, own_store, shelves_of
from ui.window.main import MainWindow

if TYPE_CHECKING:
    from dispatcher_app.domain.act import World

CTRL, ALT, SHIFT = (
    Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier,
)  # fmt: skip
ENTER = Qt.Key.Key_Return
PHONES = (f"139{number:08}" for number in range(55_500_000, 55_600_000))


@pytest.fixture(autouse=True)
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPATCHER_HOME", str(tmp_path))


def typed(text: str) -> None:
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClicks(focused, text)


def at(window: MainWindow, step: str) -> bool:
    return window.reception.panel.drop_off.column.active.name == step


async def owner(window: MainWindow, name: str = "Lin Na") -> None:
    """A number that nobody knows, and a name."""
    form = window.reception.panel.drop_off.form
    typed(next(PHONES))
    await until(lambda: form.candidates is not None)
    press(ENTER)
    assert at(window, "name")
    typed(name)
    press(ENTER)
    assert at(window, "what")


async def printer(window: MainWindow) -> list[Path]:
    """The papers that come out, instead of being opened."""
    made: list[Path] = []
    window.reception.paper.open = made.append
    return made


async def handed_in(window: MainWindow, letters: str = "dfb") -> Order:
    """A whole drop-off by keyboard: item by its letters, everything else passed by Enter."""
    drop_off = window.reception.panel.drop_off
    press(Qt.Key.Key_F6)
    await owner(window)
    typed(letters)
    press(ENTER)
    for _ in range(20):
        if at(window, "data_consent"):
            press(Qt.Key.Key_1)
        elif at(window, "shelf"):
            await until(lambda: drop_off.column.shelf.list.shown[0].value)
            press(Qt.Key.Key_1)
        elif at(window, "photos"):
            break
        else:
            press(ENTER)
    id = drop_off.form.draft.order
    press(ENTER, CTRL)
    order = window.session.get(Order, id)
    assert order is not None
    return order


async def sent(session: Session) -> None:
    await until(lambda: session.link.waiting == 0)


async def test_the_counter_is_the_first_screen_of_who_works_nowhere_else(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.sitting("zhaomin") as session, shown(session, city.folder, rows=False) as window:
        assert part(window, "counter_panel").isVisible()
        assert not window.queue.isVisible()
        assert at(window, "phone")
        press(Qt.Key.Key_1, CTRL)
        assert window.queue.isVisible()
        assert not part(window, "counter_panel").isVisible()
        press(Qt.Key.Key_F9)
        assert part(window, "counter_panel").isVisible()
    async with city.window() as window:
        assert not window.reception.opened


async def test_a_device_is_taken_in_by_keyboard_with_what_came_and_how_it_looked(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.sitting("zhaomin") as session, shown(session, city.folder, rows=False) as window:
        drop_off = window.reception.panel.drop_off
        press(Qt.Key.Key_F6)
        await owner(window)
        typed("bjbdn")
        press(ENTER)
        while not at(window, "serial"):
            press(ENTER)
        typed("PF2X8C91")
        press(ENTER)
        press(Qt.Key.Key_Space)
        press(ENTER)
        assert at(window, "condition")
        press(Qt.Key.Key_Right)
        press(Qt.Key.Key_Space)
        for _ in range(12):
            press(Qt.Key.Key_Down)
        typed("sticker, no feet")
        press(ENTER)
        assert at(window, "data_consent")
        press(ENTER)
        assert at(window, "data_consent")  # somebody has to answer
        press(ENTER, CTRL)
        assert at(window, "data_consent")
        press(Qt.Key.Key_2)
        assert at(window, "shelf")
        await until(lambda: drop_off.column.shelf.list.shown[0].value)
        free = drop_off.column.shelf.list.shown[0].value
        press(ENTER)
        press(Qt.Key.Key_3)
        id = drop_off.form.draft.order
        drop_off.column.photos.add([picture(city.folder)])
        press(ENTER, CTRL)
        await sent(session)
        await until(lambda: standing(session, id).attachments == 1)
        assert [each.purpose for each in await session.attachments_of(id)] == ["custody"]
        order = session.get(Order, id)
        assert order is not None
        assert order.device is not None
        assert order.status == "received"
        assert order.source == "counter"
        assert order.device.serial == "PF2X8C91"
        assert order.device.accessories == ("charger",)
        assert order.device.condition == ("dented", "sticker", "no feet")
        assert order.device.data_consent == "may_erase"
        assert order.device.shelf == free
        assert order.device.promised_on is not None
        assert order.number in part(window, "received_number").text()
        store = own_store(session)
        assert store is not None
        assert order.device.store == store.id


async def test_what_was_typed_is_there_again_after_escape_and_a_restart(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.sitting("zhaomin") as session:
        async with shown(session, city.folder, rows=False) as window:
            await owner(window, "Su Yu")
            typed("dfb")
            press(ENTER)
            for _ in range(12):
                press(Qt.Key.Key_Escape)
            assert window.reception.panel.devices.list.hasFocus()
            press(Qt.Key.Key_F2)
            assert window.booking.isVisible()
            assert not window.reception.panel.drop_off.isVisible()
            assert window.booking.form.draft.source == "counter"
            window.booking.park()
            assert window.reception.panel.drop_off.isVisible()
        async with shown(session, city.folder, rows=False) as window:
            draft = window.reception.panel.drop_off.form.draft
            assert draft.name == "Su Yu"
            assert draft.line.item is not None
            assert window.booking.form.parked() == []


async def test_a_device_is_found_by_serial_shelf_name_and_tail_and_keeps_the_caret(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.sitting("zhaomin") as session, shown(session, city.folder, rows=False) as window:
        devices = window.reception.panel.devices
        order = await handed_in(window)
        await sent(session)
        await until(lambda: order.id in [each.order.id for each in devices.listed])
        assert devices.list.current == order.id
        assert window.inspector.order_id == order.id
        known = next(each for each in devices.listed if each.order.id == order.id)
        for words in (known.row.phone_tail, "lin", known.shelf, order.number[-4:]):
            devices.search.setText(words)
            assert order.id in [each.order.id for each in devices.listed], words
        devices.search.setText("nothing like it")
        assert devices.listed == []
        devices.search.clear()
        part(devices, "stage_received").click()
        assert {each.order.status for each in devices.listed} == {"received"}


async def test_a_device_goes_from_the_counter_to_the_bench_and_back_to_who_names_the_code(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.sitting("zhaomin") as session, shown(session, city.folder, rows=False) as window:
        made = await printer(window)
        order = await handed_in(window)
        press(ENTER)  # receipt and label with one key, before the server has answered
        await until(lambda: len(made) == 2)
        await sent(session)
        order = standing(session, order.id)
        assert all(order.number in each.name for each in made)
        press(Qt.Key.Key_J, CTRL | ALT)
        assert standing(session, order.id).status == "diagnosing"
        line = order.lines[0]
        quoted = QuotedLine(item=line.item, fault=line.fault, labour=12_000)
        session.submit(ReviseQuote(order=order.id, number=1, lines=(quoted,), reason="extra_fault"))
        await sent(session)
        await called_back(city, order.id)
        await until(lambda: standing(session, order.id).status == "repairing")
        await check_all(session, order.id, city.folder)
        press(Qt.Key.Key_F, CTRL | ALT)
        press(ENTER, CTRL)
        assert standing(session, order.id).status == "ready"
        await sent(session)
        press(Qt.Key.Key_T, CTRL | ALT)
        assert held(session, order.id).reminded == 1
        code = await session.reveal("order", order.id, "pickup_code", "test")
        await hand_over(window, code)
        assert "先" in part(part(window, "form_hand_back"), "hand_back_owed").text()
        assert standing(session, order.id).status == "ready"  # not before it is paid
        press(Qt.Key.Key_Escape)
        press(Qt.Key.Key_M, CTRL | SHIFT)
        press(ENTER, CTRL)
        assert standing(session, order.id).paid == 12_000
        await hand_over(window, "000000" if code != "000000" else "111111")
        form = part(window, "form_hand_back")
        said = part(form, "form_error")
        await until(said.isVisible)  # beside the field, in the form that stays open
        assert form.isVisible()
        assert "码" in said.text()
        assert form.code.property("invalid") == "true"
        assert standing(session, order.id).status == "ready"
        typed("1")
        assert not said.isVisible()
        await hand_over(window, code)
        await sent(session)
        await until(lambda: standing(session, order.id).status == "handed_back")
        assert standing(session, order.id).warranty
        press(Qt.Key.Key_P, CTRL)
        await until(lambda: len(made) == 3)
        assert "取件单" in made[-1].name


async def test_without_a_server_a_device_is_taken_in_under_a_temporary_number(
    loop: asyncio.AbstractEventLoop, tmp_path: Path
) -> None:
    server = Severed(tmp_path / "server", practice=True)
    own = City(server, tmp_path / "desks")
    async with own.sitting("zhaomin") as session, shown(session, own.folder, rows=False) as window:
        made = await printer(window)
        await server.sever()
        await until(lambda: session.link.state == "offline")
        order = await handed_in(window)
        assert order.temporary_number == order.number
        assert part(window, "received_number").text() == order.number
        press(ENTER)
        await until(lambda: len(made) == 2)
        assert order.number in made[0].name
        slip = await window.reception.paper.asked(order)
        assert (slip.link, slip.code) == ("", "")  # so that the receipt says that the code follows


async def hand_over(window: MainWindow, code: str) -> None:
    press(Qt.Key.Key_H, CTRL)
    field = part(part(window, "form_hand_back"), "hand_back_code")
    field.clear()
    field.setFocus()
    typed(code)
    press(ENTER, CTRL)
    await sent(window.session)


async def called_back(city: City, order: str) -> None:
    """Somebody else asks the customer: nobody approves his own quote."""
    async with city.sitting("wangfang") as other:
        await until(lambda: other.get(Order, order) is not None)
        made = other.submit(ConfirmQuote(order=order, number=1, confirmation="phone"))
        await made.outcome


async def check_all(session: Session, id: str, folder: Path) -> None:
    """What the standard asks, with the same photo wherever it asks for one."""
    session.upload(id, picture(folder), "before")
    photos: list[Attachment] = []

    async def there() -> None:
        while not photos:
            photos.extend(each for each in await session.attachments_of(id) if each.purpose == "before")
            await asyncio.sleep(0.02)

    await asyncio.wait_for(there(), 30)
    for each in unchecked(cast("World", session), standing(session, id)):
        photo = photos[0].id if each.check.photo else None
        session.submit(MarkCheck(order=id, line=each.line, check=each.check.id, state="done", photo=photo))


def picture(folder: Path) -> Path:
    """A photo."""
    image = QImage(400, 300, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.darkCyan)
    path = folder / "photo.jpg"
    assert image.save(str(path))
    return path


def standing(session: Session, id: str) -> Order:
    order = session.get(Order, id)
    assert order is not None
    return order


def held(session: Session, id: str) -> Device:
    device = standing(session, id).device
    assert device is not None
    return device


def test_where_no_store_is_set_up_the_counter_says_so(qtbot: QtBot) -> None:
    desk = Desk()
    form = Form(desk.session, None, "workshop")
    desk.__dict__["staff"] = Staff(id="x", name="x", roles=("counter",), regions=("shanghai",))
    lack = receiving.missing(form)
    assert lack is not None
    assert lack[0] is None
    assert "门店" in lack[1]


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("", ("charger",)),
        ("贴纸，两个脚垫、 ", ("charger", "贴纸", "两个脚垫")),
        ("charger", ("charger",)),
        ("长" * 70, ("charger", "长" * 30, "长" * 10)),
    ],
)
def test_own_words_are_noted_beside_what_was_ticked(said: str, kept: tuple[str, ...]) -> None:
    draft = Draft(service="workshop", accessories=("charger",), accessories_said=said)
    assert receiving.noted(draft, "accessories") == kept


async def test_waiting_devices_and_broken_promises_come_first(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.sitting("zhaomin") as session:
        store = own_store(session)
        assert store is not None
        found = await devices(session, store.id)
        ranks = [each.rank for each in found]
        assert ranks == sorted(ranks)
        urgent = [bool(each.urgent) for each in found]
        assert urgent == sorted(urgent, reverse=True)
        counted = counts(found)
        assert counted["open"] == sum(each.order.status != "handed_back" for each in found)
        free = await shelves_of(session, store)
        assert {shelf for shelf, _ in free} == set(store.shelves)
        taken = [count > 0 for _, count in free]
        assert taken == sorted(taken)
