"""What tests of the board's hands share: a board of tomorrow with two new technicians, and visits of one customer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from dispatcher_app.clock import new_id
from dispatcher_app.domain.catalogue import Item
from dispatcher_app.domain.command import AssignTechnician, BookedLine, BookOrder, SaveTechnician
from dispatcher_app.domain.order import Order, Window
from dispatcher_app.domain.technician import Certificate, Shift, Technician
from tests.ui.board_desk import shown
from tests.ui.plan_desk import hour, tomorrow
from tests.ui.window_desk import City, orders_of, until
from ui.board.moving import Moving
from ui.board.panel import BoardPanel

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session
    from ui.board.bar import Bar
    from ui.board.view import BoardView

NONE = Qt.KeyboardModifier.NoModifier
LEFT = Qt.MouseButton.LeftButton


@dataclass
class Desk:
    """A board of tomorrow, two technicians who can do the same, and orders of which the first few were sent."""

    session: Session
    panel: BoardPanel
    date: str
    li: Technician
    wang: Technician
    orders: list[str]

    @property
    def view(self) -> BoardView:
        return self.panel.view

    @property
    def moving(self) -> Moving:
        assert self.panel.moving is not None
        return self.panel.moving

    def at(self, hours: float) -> int:
        """An hour of the board's date."""
        return hour(self.session, self.date, hours)

    def bar(self, order: str) -> Bar:
        """Where an order is shown."""
        found = self.view.schedule.find(order)
        assert found, order
        return found[0]

    def order(self, id: str) -> Order:
        """The order as the desk has it."""
        found = self.session.get(Order, id)
        assert found is not None
        return found

    def place(self, order: str) -> tuple[str, float] | None:
        """With whom an order stands on the board, and at what hour of the date."""
        found = [bar for bar in self.view.schedule.find(order) if bar.technician]
        return (found[0].technician, (found[0].start - self.at(0)) / 3_600_000) if found else None

    def spot(self, technician: Technician, at: int) -> QPoint:
        """A place of the viewport: the middle of a technician's row at a moment."""
        top = self.view.y_of(technician.id)
        assert top is not None
        return QPoint(self.view.x_of(at), top + self.view.row_height() // 2)

    def grip(self, order: str) -> QPoint:
        """Where a visit is taken: near its beginning."""
        box = self.view.rect_of(self.bar(order))
        return QPoint(box.left() + 6, box.center().y())

    def press(self, at: QPoint, modifiers: Qt.KeyboardModifier = NONE) -> None:
        QTest.mousePress(self.view.viewport(), LEFT, modifiers, at)

    def lead(self, *spots: QPoint) -> None:
        """Move the mouse, its button held."""
        for at in spots:
            QTest.mouseMove(self.view.viewport(), at)

    def release(self, at: QPoint) -> None:
        QTest.mouseRelease(self.view.viewport(), LEFT, NONE, at)

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
        QTest.keyClick(self.view, key, modifiers)

    async def drag(self, order: str, technician: Technician, hours: float) -> QPoint:
        """Take a visit and lead it until its start is there; the answer is where the mouse is, its button held."""
        self.view.reveal_row(technician.id)
        self.view.reveal(self.bar(order))
        await until(lambda: self.lies_open(order, technician))
        start = self.grip(order)
        beyond = self.view.moment_at(start) - self.bar(order).start if self.bar(order).technician else 0
        goal = self.spot(technician, self.at(hours) + beyond)
        self.press(start)
        self.lead(start + QPoint(20, 0), start + QPoint(24, 0))
        assert self.moving.hand.full
        if not self.bar(order).technician:  # held by its middle
            goal = self.spot(technician, self.at(hours) + self.moving.hand.first.lasts_ms // 2)
        self.lead(goal)
        await until(lambda: self.moving.hand.reckoned)
        assert self.moving.hand.place == (technician.id, self.at(hours))
        return goal

    def lies_open(self, order: str, technician: Technician) -> bool:
        """Whether the mouse can get hold of a visit, and reach a technician's row."""
        bar, row = self.view.bar_at(self.grip(order)), self.view.row_at(self.spot(technician, self.at(12)))
        return bar is not None and bar.order == order and row == technician.id

    async def settled(self, *orders: str) -> None:
        """Until the server has spoken about all of these."""
        await until(lambda: not any(self.bar(order).pending for order in orders or self.orders))


@asynccontextmanager
async def dragging_desk(
    city: City, user: str = "wangfang", *, sent: int = 2, waiting: int = 1, days: int = 1
) -> AsyncIterator[Desk]:
    """Orders promised for that day: some sent to the first technician from nine, two hours apart, others to nobody."""
    async with city.sitting(user) as session:
        date = tomorrow(session, days)
        orders = await short_ones(session, sent + waiting, date)
        li, wang = await two(session, city, orders[0])
        for at, order in enumerate(orders[:sent]):
            start = hour(session, date, 9 + 2 * at)
            await session.submit(AssignTechnician(order=order, technician=li.id, start=start)).outcome
        async with shown(session, (1500, 700)) as panel:
            desk = Desk(session, panel, date, li, wang, orders)
            panel.dates.go(date)
            await until(lambda: panel.schedule.ready and all(panel.schedule.find(order) for order in orders))
            await until(lambda: panel.schedule.row_of(wang.id) >= 0)
            panel.activateWindow()
            panel.view.setFocus()
            panel.view.reveal_row(wang.id)
            panel.view.reveal_row(li.id)
            yield desk


async def short_ones(session: Session, count: int, date: str, until_hour: float = 17) -> list[str]:
    """So many orders of at most an hour for one, promised from nine until then and given to nobody."""
    known = [
        order for id in await orders_of(session, "open") if (order := session.get(Order, id)) is not None
    ]
    # Of whole quarters of an hour, so that it can end where the next one begins.
    former = next(
        each
        for each in known
        if each.service == "home" and each.crew == 1 and each.lines[0].minutes in (30, 45, 60)
    )
    line = BookedLine(item=former.lines[0].item, fault=former.lines[0].fault)
    made = []
    for _ in range(count):
        command = BookOrder(
            order=new_id(), customer=former.customer, address=former.address, lines=(line,),
            window=Window(hour(session, date, 9), hour(session, date, until_hour)),
        )  # fmt: skip
        await session.submit(command).outcome
        made.append(command.order)
    return made


async def two(session: Session, city: City, order: str) -> tuple[Technician, Technician]:
    """Two new ones, side by side, who can do it from seven to twenty and have nothing yet."""
    found = session.get(Order, order)
    assert found is not None
    items = [item for line in found.lines if (item := session.get(Item, line.item)) is not None]
    stamp = new_id()[-6:]
    made = [
        Technician(
            id=new_id(), region=found.region, name=f"阿{stamp}{letter}", status="online", home=found.point,
            skills=tuple({item.skill for item in items}), shifts=tuple(Shift(day, 7 * 60, 20 * 60) for day in range(7)),
            certificates=tuple(Certificate(name, 2**45) for item in items for name in item.certificates), daily_limit=20,
        )
        for letter in ("甲", "乙")
    ]  # fmt: skip
    async with city.sitting("chenjing") as supervisor:
        for at, each in enumerate(made):
            await supervisor.submit(SaveTechnician(technician=each, phone=f"1390000123{at}")).outcome
    await until(lambda: all(session.get(Technician, each.id) for each in made))
    li, wang = (session.get(Technician, each.id) for each in made)
    assert li is not None
    assert wang is not None
    return li, wang
