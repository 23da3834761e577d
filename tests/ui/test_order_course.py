"""An order's course in the inspector: on the way, at the door, quoted, resting, finished, paid, talked about."""

from __future__ import annotations

import asyncio
from pathlib import Path

from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication

from dispatcher_app.domain.catalogue import Part
from dispatcher_app.domain.command import AddNote, SendMessage
from tests.ui.course_desk import accepted, do, in_hand, on_site, photo, photographed, ready
from tests.ui.window_desk import City, orders_of, part, press, until
from ui.order.uploading import files_in
from ui.window.main import MainWindow

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier


def steps(window: MainWindow) -> list[str]:
    """What is offered beside the order's number."""
    head = window.inspector.head
    return [each.objectName() for each in head.findChildren(type(head._more)) if each.isVisible()]


async def test_the_likely_next_step_stands_first_and_is_one_key_away(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.window() as window:
        await accepted(window)
        await until(lambda: "do_depart" in steps(window))
        press(Qt.Key.Key_G, CTRL | SHIFT)
        assert in_hand(window).status == "en_route"
        await until(lambda: "do_arrive" in steps(window))
        await until(lambda: "出发" in window.inspector.timeline.events()[0].text)
        await do(window, "undo")
        assert in_hand(window).status == "accepted"


async def test_arriving_without_a_position_takes_a_reason_and_a_photo(
    city: City, loop: asyncio.AbstractEventLoop, tmp_path: Path
) -> None:
    async with city.window() as window:
        await accepted(window)
        await do(window, "depart")
        await do(window, "arrive")
        form = part(window, "form_arrive")
        form.by_position.setChecked(False)
        form.submit()
        assert in_hand(window).status == "en_route"
        assert part(form, "form_error").isVisible()
        await photographed(window, tmp_path, "arrival")
        await until(lambda: form.photo.photo is not None)
        press(Qt.Key.Key_Return, CTRL)
        assert in_hand(window).status == "in_progress"
        assert in_hand(window).flags == ("arrived_away",)


async def test_a_quote_is_told_against_the_price_book_before_it_is_proposed(
    city: City, loop: asyncio.AbstractEventLoop, tmp_path: Path
) -> None:
    async with city.window() as window:
        await on_site(window, tmp_path)
        await ready(window, "quote")
        press(Qt.Key.Key_B, CTRL | ALT)
        form = part(window, "form_quote")
        assert window.inspector.tabs.current == "quote"
        book = part(form, "quote_book")
        assert "一致" in book.text()
        form._lines[0].labour.setFocus()
        for sign in "9999":
            press(getattr(Qt.Key, f"Key_{sign}"))
        assert "高于价目表" in book.text()
        spare = window.session.all(Part)[0]
        form.pick.chosen.emit(spare.id)
        press(Qt.Key.Key_Return, CTRL)
        offer = in_hand(window).proposed
        assert offer is not None
        assert offer.lines[0].labour == 9_999_00
        assert offer.parts[0].part == spare.id
        assert "quote_over" in in_hand(window).flags
        await until(lambda: "do_confirm_quote" in steps(window))
        await until(lambda: part(window, "revision_1").isVisible())
        await until(lambda: not window.deck["finish"].isEnabled())  # not before the customer has answered
        await do(window, "withdraw_quote")
        assert in_hand(window).proposed is None
        await until(lambda: not window.session.link.waiting)
        assert not window.session.parked


async def test_declining_says_what_it_costs_and_a_colleague_takes_the_word(
    city: City, loop: asyncio.AbstractEventLoop, tmp_path: Path
) -> None:
    async with city.window() as window:
        await on_site(window, tmp_path)
        await do(window, "decline_quote")
        form = part(window, "form_decline_quote")
        form.result.setCurrentIndex(form.result.findData("no_fault"))
        assert "¥" in part(form, "decline_cost").text()
        form.submit()
        assert in_hand(window).status == "finished"
        assert in_hand(window).result == "no_fault"
        await do(window, "pay")
        paying = part(window, "form_pay")
        assert paying.amount.value == in_hand(window).quote.door_fee
        paying.submit()
        await do(window, "confirm")
        part(window, "form_confirm").submit()
        assert in_hand(window).status == "completed"


async def test_what_is_typed_in_a_question_waits_while_another_order_is_looked_at(
    city: City, loop: asyncio.AbstractEventLoop, tmp_path: Path
) -> None:
    async with city.window() as window:
        order = await on_site(window, tmp_path)
        await do(window, "quote")
        form = part(window, "form_quote")
        form.note.setFocus()
        form.note.setText("主板有烧蚀")
        other = next(id for id in await orders_of(window.session) if id != order.id)
        window.look_at(other)
        assert not form.isVisible()
        window.look_at(order.id)
        await do(window, "quote")
        assert form.isVisible()
        assert form.note.text() == "主板有烧蚀"


async def test_nothing_is_sent_before_somebody_is_chosen_to_read_it(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.window() as window:
        order = await accepted(window)
        press(Qt.Key.Key_M, CTRL)
        composer = window.inspector.messages.composer
        composer.text.setPlainText("师傅 20 分钟后到")
        press(Qt.Key.Key_Return, CTRL)
        assert composer.text.toPlainText() == "师傅 20 分钟后到"
        assert part(composer, "message_error").isVisible()
        part(composer, "message_to_customer").click()
        assert "师傅" in part(composer, "message_seen_by").text()  # who can't read it is named too
        composer.text.setFocus()
        other = next(id for id in await orders_of(window.session) if id != order.id)
        window.look_at(other)
        assert composer.text.toPlainText() == ""
        window.look_at(order.id)
        assert composer.text.toPlainText() == "师傅 20 分钟后到"
        assert set(composer.chosen) == {"customer"}
        composer.submit()
        await until(lambda: window.inspector.messages.texts() == ["师傅 20 分钟后到"])
        assert not composer.chosen
        talk = in_hand(window).talk
        assert talk is not None
        assert (talk.customer, talk.technician) == (1, 0)


async def test_a_refusal_goes_once_something_is_typed_or_the_order_has_changed(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.window() as window:
        order = await accepted(window)
        await do(window, "depart")
        await do(window, "arrive")
        form = part(window, "form_arrive")
        said = part(form, "form_error")
        form.by_position.setChecked(False)
        form.submit()
        assert said.isVisible()
        await window.session.submit(AddNote(order=order.id, text="客户催")).outcome
        await until(lambda: not said.isVisible() and not window.session.is_pending("order", order.id))
        form.submit()
        assert said.isVisible()
        part(form, "arrive_reason").setFocus()
        press(Qt.Key.Key_Down)
        assert not said.isVisible()


async def test_a_quote_takes_several_photos_and_no_more_than_it_may(
    city: City, loop: asyncio.AbstractEventLoop, tmp_path: Path
) -> None:
    async with city.window() as window:
        await on_site(window, tmp_path)
        await do(window, "quote")
        form = part(window, "form_quote")
        await until(lambda: len(form.photos._ticks) == 1)
        assert form.photos.photos == ()  # the door is no reason for a price
        form.photos.send([photo(tmp_path / f"{n}.jpg") for n in range(2)])
        assert form.photos.waiting == 2
        form.submit()
        assert "还在上传" in part(form, "form_error").text()
        assert in_hand(window).proposed is None
        await until(lambda: len(form.photos.photos) == 2)
        door = next(id for id in form.photos._ticks if id not in form.photos.photos)
        part(form, f"tick_{door}").click()
        form.submit()
        offer = in_hand(window).proposed
        assert offer is not None
        assert offer.photos == form.photos.photos
        assert offer.photos[-1] == door
        await do(window, "quote")  # a better one begins with what the waiting one rests on
        form = part(window, "form_quote")
        await until(lambda: len(form.photos._ticks) == 3)
        assert form.photos.photos == offer.photos


async def test_a_message_carries_photos_and_they_are_seen_beside_it(
    city: City, loop: asyncio.AbstractEventLoop, tmp_path: Path
) -> None:
    async with city.window() as window:
        order = await accepted(window)
        press(Qt.Key.Key_M, CTRL)
        composer = window.inspector.messages.composer
        part(composer, "message_to_customer").click()
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(photo(tmp_path / "one.jpg")))])
        assert composer._attach(mime)
        assert composer.photos.isVisible()
        await until(lambda: len(composer.photos.photos) == 1)
        (sent,) = composer.photos.photos
        other = next(id for id in await orders_of(window.session) if id != order.id)
        window.look_at(other)
        assert not composer.photos.photos
        window.look_at(order.id)
        assert list(composer.photos.photos) == [sent]
        composer.submit()
        await until(lambda: len(window.inspector.messages.texts()) == 1)
        message = window.inspector.messages._messages[0]
        assert (message.text, message.attachments) == ("", (sent,))
        assert not composer.photos.photos
        assert not composer.unsaved
        await until(lambda: part(window.inspector.messages, f"thumb_{sent}").isVisible())
        part(window.inspector.messages, f"thumb_{sent}").click()
        assert part(window, "photo_viewer").isVisible()
        press(Qt.Key.Key_Escape)


async def test_enter_belongs_to_the_input_method_while_it_composes(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.window() as window:
        await accepted(window)
        press(Qt.Key.Key_M, CTRL)
        composer = window.inspector.messages.composer
        QApplication.sendEvent(composer.text, QInputMethodEvent("nihao", []))
        press(Qt.Key.Key_Return)
        press(Qt.Key.Key_Escape)
        assert composer.text.hasFocus()
        sent = QInputMethodEvent()
        sent.setCommitString("你好")
        QApplication.sendEvent(composer.text, sent)
        assert composer.text.toPlainText().strip() == "你好"


async def test_a_template_is_filled_with_what_is_known_of_the_order(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.window() as window:
        order = await accepted(window)
        press(Qt.Key.Key_M, CTRL)
        composer = window.inspector.messages.composer
        assert composer.templates.count() > 1
        composer.templates.setCurrentIndex(1)
        composer.templates.activated.emit(1)
        text = composer.text.toPlainText()
        assert text
        assert "{" not in text
        assert order.id == in_hand(window).id


async def test_photos_dropped_or_pasted_arrive_small_and_are_seen_large(
    city: City, loop: asyncio.AbstractEventLoop, tmp_path: Path
) -> None:
    async with city.window() as window:
        await accepted(window)
        press(Qt.Key.Key_P, CTRL | ALT)
        photos = window.inspector.photos
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(photo(tmp_path / "one.jpg")))])
        photos._take(mime)
        await until(lambda: len(photos.photos) == 1)
        id = photos.photos[0].id
        thumb = part(window, f"thumb_{id}")
        await until(lambda: thumb.arrived)
        thumb.click()
        viewer = part(window, "photo_viewer")
        assert viewer.isVisible()
        await until(lambda: viewer.picture.isVisible())
        press(Qt.Key.Key_Plus)
        press(Qt.Key.Key_Escape)
        assert not viewer.isVisible()
        assert window.inspector.isVisible()


def test_a_picture_in_the_clipboard_becomes_a_file_and_text_does_not(tmp_path: Path) -> None:
    from PySide6.QtGui import QImage

    picture, words = QMimeData(), QMimeData()
    picture.setImageData(QImage(8, 8, QImage.Format.Format_RGB32))
    words.setText("138****8000")
    assert len(files_in(picture, tmp_path)) == 1
    assert files_in(words, tmp_path) == []


async def test_lines_and_checks_are_ticked_and_finishing_says_what_is_missing(
    city: City, loop: asyncio.AbstractEventLoop, tmp_path: Path
) -> None:
    async with city.window() as window:
        await on_site(window, tmp_path)
        await ready(window, "finish")
        press(Qt.Key.Key_F, CTRL | SHIFT)
        form = part(window, "form_finish")
        assert part(form, "finish_missing").isVisible()
        form.submit()
        assert in_hand(window).status == "in_progress"
        window.inspector.step_back()
        assert window.inspector.tabs.current == "checks"
        tick = part(window, "tick_line_0")
        tick.box.click()
        assert in_hand(window).lines[0].state == "done"
        await until(lambda: tick.box.isChecked())
        tick.box.click()
        assert in_hand(window).lines[0].state == "open"


async def test_holding_frees_the_technician_and_another_visit_brings_it_back(
    city: City, loop: asyncio.AbstractEventLoop, tmp_path: Path
) -> None:
    async with city.window() as window:
        await on_site(window, tmp_path)
        await ready(window, "hold")
        press(Qt.Key.Key_H, CTRL | SHIFT)
        form = part(window, "form_hold")
        form.pick.chosen.emit(window.session.all(Part)[0].id)
        form.submit()
        order = in_hand(window)
        assert order.status == "on_hold"
        assert order.hold is not None
        assert order.hold.parts
        await until(lambda: not window.session.link.waiting)
        assert order.id in await orders_of(window.session, "on_hold")
        await ready(window, "new_visit")
        press(Qt.Key.Key_V, CTRL | ALT)
        visit = part(window, "form_new_visit")
        await until(lambda: visit.choice.windows.count() > 2)
        visit.submit()
        assert in_hand(window).status == "on_hold"  # the customer has to agree
        visit.consent.setChecked(True)
        visit.submit()
        assert in_hand(window).status == "pending"
        assert in_hand(window).visit.number == 2


async def test_a_wall_sees_neither_messages_nor_photos(city: City, loop: asyncio.AbstractEventLoop) -> None:
    async with city.window("wall") as window:
        assert not window.inspector.tabs.bar.isVisibleTo(window.inspector.tabs)
        seen = {each.objectName() for each in window.deck.all() if each.isVisible()}
        assert seen.isdisjoint({"tab_messages", "tab_photos", "message", "photo", "depart", "quote", "pay"})


async def test_what_we_say_ourselves_is_not_unread_for_us(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.window() as window:
        order = await accepted(window)
        sent = window.session.submit(SendMessage(order=order.id, to=("technician",), text="请带梯子"))
        await sent.outcome
        assert order.id not in await orders_of(window.session, "unread")  # our own word is no news to us
