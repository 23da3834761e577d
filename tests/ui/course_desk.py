"""Orders on their way through a repair, for tests of the inspector."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from PySide6.QtGui import QColor, QImage

from dispatcher_app.domain.day import Day, day_id
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.talk import Purpose
from tests.ui.window_desk import orders_of, part, until
from ui import format
from ui.order.candidate import CANDIDATE
from ui.window.main import MainWindow


def in_hand(window: MainWindow) -> Order:
    """The order that is looked at."""
    order = window.inspector.order
    assert order is not None
    return order


async def accepted(window: MainWindow) -> Order:
    """An order that somebody has taken who is on no other visit, looked at."""
    for id in await orders_of(window.session):
        window.look_at(id)
        await until(lambda: window.inspector.ranked.answered)
        ranked = window.inspector.ranked
        rows = [ranked.list.model().index(row, 0) for row in range(ranked.list.model().rowCount())]
        free = next((row for row in rows if not busy(window, row.data(CANDIDATE).technician)), None)
        if free is not None:
            ranked.list.setCurrentIndex(free)
            ranked.assign_chosen()
            if in_hand(window).status == "accepted":
                await ready(window, "depart")
                return in_hand(window)
    raise AssertionError("nobody can take anything")


def busy(window: MainWindow, technician: str) -> bool:
    """Whether a technician is on a visit."""
    now = format.local(window.session.now(), window.session.timezone)
    days = (f"{now + timedelta(days=by):%Y-%m-%d}" for by in (-1, 0, 1))
    plans = (window.session.get(Day, day_id(technician, date)) for date in days)
    return any(stop.state == "locked" for plan in plans if plan is not None for stop in plan.stops)


async def on_site(window: MainWindow, folder: Path) -> Order:
    """An order whose technician has arrived, with a photo of the door."""
    await accepted(window)
    await do(window, "depart")
    assert in_hand(window).status == "en_route", part(window, "order_error").text()
    await do(window, "arrive")
    form = part(window, "form_arrive")
    form.by_position.setChecked(False)
    await photographed(window, folder, "arrival")
    await until(lambda: form.photo.photo is not None)
    form.submit()
    assert in_hand(window).status == "in_progress", part(form, "form_error").text()
    return in_hand(window)


async def ready(window: MainWindow, action: str) -> None:
    """Wait until an action is possible."""
    await until(window.deck[action].isEnabled)


async def do(window: MainWindow, action: str) -> None:
    """Do it once it is possible."""
    await ready(window, action)
    window.deck[action].trigger()


async def photographed(window: MainWindow, folder: Path, purpose: Purpose) -> None:
    """One more photo of the order in hand, taken in by the server."""
    before = in_hand(window).attachments
    window.session.upload(in_hand(window).id, photo(folder / f"{purpose}.jpg"), purpose)
    await until(lambda: in_hand(window).attachments > before)


def photo(path: Path) -> Path:
    """A photo in a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    picture = QImage(400, 300, QImage.Format.Format_RGB32)
    picture.fill(QColor("#4477AA"))
    assert picture.save(str(path))
    return path
