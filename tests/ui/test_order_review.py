"""What customers think of a repair, and photos as they were taken, in the inspector."""

from __future__ import annotations

import asyncio
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from dispatcher_app import text
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.region import Policy
from dispatcher_app.text import t
from tests.ui.course_desk import do, in_hand, ready
from tests.ui.window_desk import City, orders_of, part, press, until
from ui import theme
from ui.order.inspector import TABS
from ui.order.tabs import Tabs
from ui.order.viewer import Viewer
from ui.window.main import MainWindow

CTRL = Qt.KeyboardModifier.ControlModifier
DAY_MS = 86_400_000


async def done(window: MainWindow, *, reviewed: bool) -> Order:
    """A completed order that has a review or none, looked at."""
    for id in await orders_of(window.session, "all"):
        order = window.session.get(Order, id)
        if order is not None and order.status == "completed" and (order.review is not None) == reviewed:
            window.look_at(id)
            assert window.inspector.order_id == id
            await until(window.inspector.judged.isVisible)
            return order
    raise AssertionError("no such order in the city")


def possible(window: MainWindow, expected: bool) -> bool:
    return window.deck["review"].isEnabled() == expected


def fact(window: MainWindow, code: str) -> str:
    shown = part(window.inspector.judged, f"fact_review_{code}")
    return str(shown.text()) if shown.isVisible() else ""


async def test_a_review_stands_with_its_stars_and_its_technician(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.window() as window:
        order = await done(window, reviewed=True)
        review = window.session.review_of(order.id)
        assert review is not None
        assert fact(window, "stars").count("★") == review.stars
        assert fact(window, "skill").endswith(str(review.skill))
        assert fact(window, "solved") == ("已解决" if review.solved else "未解决")
        assert fact(window, "text") == review.text
        assert "条评价" in fact(window, "who")
        assert not part(window, "review_none").isVisible()


async def test_a_reply_to_a_review_is_written_and_written_anew(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.window() as window:
        order = await done(window, reviewed=True)
        await ready(window, "reply_review")
        press(Qt.Key.Key_R, CTRL)
        form = part(window, "form_reply_review")
        form.text.setPlainText("")
        press(Qt.Key.Key_Return, CTRL)
        assert part(form, "form_error").isVisible()  # an empty reply answers nobody
        form.text.setPlainText("谢谢您的评价，有问题随时联系我们")
        press(Qt.Key.Key_Return, CTRL)
        await until(lambda: "随时联系" in fact(window, "reply"))
        assert "王芳" in fact(window, "replied")
        await do(window, "reply_review")
        form = part(window, "form_reply_review")
        await until(form.isVisible)
        assert "随时联系" in form.text.toPlainText()
        form.text.setPlainText("谢谢您")
        form.submit()
        await until(lambda: fact(window, "reply") == "谢谢您")
        await until(lambda: not window.session.link.waiting)
        assert not window.session.parked
        review = window.session.review_of(order.id)
        assert review is not None
        assert review.reply == "谢谢您"


async def test_a_customer_s_word_on_the_telephone_is_taken_with_the_keys_one_to_five(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.window() as window:
        order = await done(window, reviewed=False)
        assert part(window, "review_none").isVisible()
        assert not window.deck["reply_review"].isEnabled()
        await ready(window, "review")
        press(Qt.Key.Key_G, CTRL)
        form = part(window, "form_review")
        press(Qt.Key.Key_5)
        form.submit()
        assert in_hand(window).review is None  # every row wants its stars
        assert form.stars["skill"].hasFocus()
        press(Qt.Key.Key_4)
        press(Qt.Key.Key_3)
        press(Qt.Key.Key_2)
        form.submit()
        assert in_hand(window).review is None  # nor does anybody guess whether it is solved
        form.solved.setCurrentIndex(form.solved.findData(False))
        form.text.setPlainText("师傅很客气，就是来晚了")
        press(Qt.Key.Key_Return, CTRL)
        review = window.session.review_of(order.id)
        assert review is not None
        assert (review.stars, review.skill, review.attitude, review.efficiency) == (5, 4, 3, 2)
        assert not review.solved
        await until(lambda: fact(window, "solved") == "未解决")
        await until(lambda: window.deck["reply_review"].isEnabled())
        await do(window, "review")
        form = part(window, "form_review")
        await until(form.isVisible)
        assert form.stars["stars"].stars == 5
        form.stars["stars"].choose(4)
        form.submit()
        await until(lambda: "修改过" in fact(window, "at"))
        await until(lambda: not window.session.link.waiting)
        assert not window.session.parked


async def test_an_old_review_can_not_be_given_anew(city: City, loop: asyncio.AbstractEventLoop) -> None:
    async with city.window() as window:
        told = set[bool]()
        days = (window.session.get(Policy, "policy") or Policy()).review_edit_days
        for id in await orders_of(window.session, "all"):
            review = window.session.review_of(id)
            if review is None:
                continue
            window.look_at(id)
            young = window.session.now() - review.at <= days * DAY_MS
            told.add(young)
            await until(partial(possible, window, young))
        assert True in told


async def test_nobody_reviews_what_is_not_done(city: City, loop: asyncio.AbstractEventLoop) -> None:
    async with city.window() as window:
        window.look_at((await orders_of(window.session))[0])
        await until(lambda: window.inspector.head.isVisible())
        assert not window.inspector.judged.isVisible()
        assert not window.deck["review"].isEnabled()


def headings(window: MainWindow) -> list[str]:
    labels = window.inspector.messages.findChildren(QLabel)
    return [each.text() for each in labels if "→" in each.text()]


def test_a_technician_s_message_names_him_once(city: City, loop: asyncio.AbstractEventLoop) -> None:
    async def story() -> None:
        async with city.window() as window:
            for id in await orders_of(window.session, "all"):
                said = await window.session.messages_of(id)
                if any(each.party == "technician" for each in said):
                    window.look_at(id)
                    window.inspector.tabs.go("messages")
                    await until(lambda: headings(window))
                    assert any(each.startswith("师傅 ") for each in headings(window))
                    assert not any("师傅 师傅" in each for each in headings(window))
                    return
            raise AssertionError("no technician has said anything in the city")

    loop.run_until_complete(story())


def test_all_tabs_fit_into_the_narrowest_drawer_in_english(qtbot: QtBot) -> None:
    text.use("en")
    tabs = Tabs()
    qtbot.addWidget(tabs)
    for code, word in TABS.items():
        tabs.add(code, t(word))
    tabs.resize(theme.current().px(400), 300)
    tabs.show()
    wide = tabs.bar.sizeHint().width()
    for code, count in zip(TABS, ("", "2", "12", "12 new", "12/12"), strict=True):
        tabs.say(code, count)
    assert tabs.bar.tabRect(len(TABS) - 1).right() < tabs.width()
    for code in TABS:
        tabs.say(code, "")
    assert tabs.bar.sizeHint().width() == wide  # and they stand apart again where there is room


async def large(window: MainWindow) -> Viewer:
    """A photo of the city, seen large."""
    for id in await orders_of(window.session, "all"):
        order = window.session.get(Order, id)
        if order is not None and order.attachments:
            window.look_at(id)
            window.inspector.tabs.go("photos")
            await until(lambda: window.inspector.photos.photos)
            photos = window.inspector.photos.photos
            window.inspector.photos.opened.emit(photos, photos[0].id)
            viewer: Viewer = part(window, "photo_viewer")
            await until(viewer.picture.isVisible)
            return viewer
    raise AssertionError("no photos in the city")


async def test_a_supervisor_opens_the_original_for_a_reason_and_reads_how_it_was_taken(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.window("chenjing") as window:
        viewer = await large(window)
        part(viewer, "open_original").click()
        reason = part(viewer, "original_reason")
        assert reason.hasFocus()
        press(Qt.Key.Key_Return)
        assert not part(viewer, "original_said").isVisible()  # not without a reason
        press(Qt.Key.Key_Escape)
        assert viewer.isVisible()
        assert viewer.hasFocus()
        part(viewer, "open_original").click()
        reason.setText("客户投诉拍错了房间")
        press(Qt.Key.Key_Return)
        await until(lambda: part(viewer, "original_said").isVisible())
        assert viewer.picture.isVisible()
        assert viewer.hasFocus()
        part(viewer, "show_taken").click()
        size = part(viewer, "fact_taken_size")
        await until(size.isVisible)
        assert "image/" in size.text()
        viewer.step(1)
        assert not size.isVisible()
        viewer.leave()


async def test_a_dispatcher_is_offered_no_original(city: City, loop: asyncio.AbstractEventLoop) -> None:
    async with city.window() as window:
        viewer = await large(window)
        assert not part(viewer, "open_original").isVisible()
        assert not part(viewer, "show_taken").isVisible()
        viewer.leave()
