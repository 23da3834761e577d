"""One order from the call to the return visit: two desks, the customer's page, and a server that dies on the way."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from dispatcher_app import clock
from dispatcher_app.client.api import Api, trust_of
from dispatcher_app.client.api import Place as Address
from dispatcher_app.client.outbox.seal import new_key
from dispatcher_app.client.session import Accepted, Session, Upload, open_session
from dispatcher_app.domain import command as c
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.calendar import DAY_MS, HOUR_MS
from dispatcher_app.domain.customer import Address as Home
from dispatcher_app.domain.customer import Compound
from dispatcher_app.domain.order import Order, Status, Window
from dispatcher_app.domain.pricing import owed
from dispatcher_app.domain.rule.standard import asked, unchecked
from dispatcher_app.domain.talk import Attachment, Purpose
from dispatcher_app.text import t
from tests.client.wait import until
from tests.e2e.town import desk as window_desk
from tests.server import picture
from tests.server.city import Place
from tests.server.onsite import form_of, token_of
from tests.server.process import Server, administer, start
from ui.demo.desk import Desk
from ui.demo.story import log_in, look_at
from ui.mark import ORDER

pytestmark = [pytest.mark.xdist_group("e2e"), pytest.mark.timeout(240)]


@dataclass
class Life:
    """王芳's session, 李娜's window, the customer's telephone, and the server that all of them need."""

    place: Place
    words: tuple[str, ...]
    a: Session
    b: Desk
    phone: httpx.AsyncClient
    order: str = field(default_factory=clock.new_id)
    server: Server | None = None

    @property
    def now(self) -> Order:
        """The order as desk A sees it."""
        found = self.a.get(Order, self.order)
        assert found is not None
        return found

    async def do(self, command: Any) -> Accepted:
        """A command of desk A, accepted by the server."""
        outcome = await self.a.submit(command).outcome
        assert isinstance(outcome, Accepted), outcome
        return outcome

    async def seen(self, status: Status) -> None:
        """Both desks show the order so."""
        await until(self.a, lambda: self.now.status == status)
        await self.b.wait("queue_table", self.now.number, t(ORDER[status].word))

    async def asks(self, action: str, keys: str, says: str = "") -> None:
        """李娜 opens the form of an action by its keys, and agrees to what it proposes once it says so."""
        await self.b.press(keys)
        await self.b.wait(f"form_{action}", says)
        await self.b.click("form_go")
        await self.b.wait(f"form_{action}", "", gone=True)

    async def photo(self, purpose: Purpose, line: int | None = None) -> str:
        """A photo sent from desk A; its id once the server has taken it in."""
        upload = self.sending(purpose, line)
        await until(self.a, lambda: self.a.get(Attachment, upload.id) is not None)
        return upload.id

    def sending(self, purpose: Purpose, line: int | None = None) -> Upload:
        """A photo on its way."""
        file = self.place.data / f"{purpose}.jpg"
        file.write_bytes(picture.photo())
        return self.a.upload(self.order, file, purpose, line)

    async def says(self, what: str, **said: str) -> None:
        """The customer on the page that he was sent."""
        link = f"{self.words[-1]}/t/{token_of(self.place, self.order)}"
        page = await self.phone.get(link)
        answer = await self.phone.post(f"{link}/{what}", data={**form_of(page.text, what), **said})
        assert answer.status_code == 303, answer.text


def free_port() -> int:
    """A port that nobody listens at: the second server must answer where the first one did."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


async def session_of(folder: Path, url: str, user: str) -> Session:
    """A desk without a window."""
    address = Address(url)

    async def there() -> Address:
        return address

    api = Api(address, None, await trust_of(url))
    try:
        found = await api.log_in(user, "practice", "desk A")
    finally:
        await api.close()
    folder.mkdir(parents=True)
    return await open_session(folder, found.staff, new_key(), there, found.token, seat="A1")


@asynccontextmanager
async def living(folder: Path) -> AsyncIterator[Life]:
    """The practice city with both desks at it."""
    data, port = folder / "server", free_port()
    url = f"http://127.0.0.1:{port}"
    place = Place(f"sqlite:///{data / 'dispatcher.db'}", data)
    words = ("--practice", "--port", str(port), "--public", url)
    async with AsyncExitStack() as stack:
        server = await asyncio.to_thread(start, place, *words)
        a = await session_of(folder / "a", url, "wangfang")
        stack.push_async_callback(a.close)
        b = window_desk("B", folder / "b", url)
        stack.push_async_callback(b.end)
        phone = await stack.enter_async_context(
            httpx.AsyncClient(timeout=30, headers={"accept-language": "zh-CN"})
        )
        life = Life(place, words, a, b, phone, server=server)
        stack.callback(lambda: life.server.stop() if life.server else None)
        await until(a, lambda: a.link.state == "online" and bool(a.all(Order)))
        await b.start()
        await log_in(b, "lina", "李娜")
        yield life


async def booked(life: Life) -> str:
    """A dripping tap, and the best technician who is on no other visit; his id."""
    compound = next(each for each in await life.a.compounds("新村") if each.district == "huangpu")
    assert isinstance(compound, Compound)
    now = life.a.now()
    home = c.NewAddress(
        id=clock.new_id(), district=compound.district, compound=compound.name, building="8号楼", unit="601室",
        point=compound.point,
    )  # fmt: skip
    booking = c.BookOrder(
        order=life.order, new_customer=c.NewCustomer(id=clock.new_id(), name="顾清", phone="16000019998"),
        new_address=home, lines=(c.BookedLine(item="tap", fault="drip"),),
        window=Window(now // HOUR_MS * HOUR_MS, now // HOUR_MS * HOUR_MS + 12 * HOUR_MS),
    )  # fmt: skip
    await life.do(booking)
    ranking = await life.a.rank(life.order)
    busy = {each.technician for each in life.a.all(Order) if each.status in ("en_route", "in_progress")}
    chosen = next(each for each in ranking.eligible if each.technician not in busy)
    await look_at(life.b, life.now.number)
    await life.seen("pending")
    await life.do(c.AssignTechnician(order=life.order, technician=chosen.technician, start=chosen.start))
    await life.seen("accepted")
    return chosen.technician


async def on_site(life: Life, technician: str) -> None:
    """Driven there, and at the door."""
    await life.b.press("Ctrl+Shift+G")
    await life.seen("en_route")
    home = life.a.get(Home, life.now.address)
    assert home is not None
    await life.do(c.Arrive(order=life.order, technician=technician, point=home.point, accuracy_m=12))
    await life.seen("in_progress")


async def quoted(life: Life) -> None:
    """Dearer than the book, with a photo and a part; the customer says yes on his page."""
    line = life.now.lines[0]
    shown = await life.photo("quote", 0)
    dear = c.ReviseQuote(
        order=life.order, number=1, parts=(c.QuotedPart(part="faucet-core"),), photos=(shown,),
        lines=(c.QuotedLine(item=line.item, fault=line.fault, labour=line.labour * 2),), reason="part_needed",
    )  # fmt: skip
    done = await life.do(dear)
    assert "quote_over" in {each["code"] for each in done.reply.warnings}
    with pytest.raises(Rejected, match="quote_open"):
        life.a.submit(c.MarkLine(order=life.order, line=0, from_state="open", state="done"))
    await life.says("confirm-quote")
    await until(life.a, lambda: life.now.proposed is None)
    assert (life.now.revisions[0].state, life.now.revisions[0].confirmation) == ("accepted", "page")
    assert "quote_over" in life.now.flags


async def worked_while_the_server_died(life: Life) -> None:
    """kill -9; the work goes on at the desk, and all of it arrives once the server is back."""
    assert life.server is not None
    life.server.kill()
    await until(life.a, lambda: life.a.link.state == "offline")
    pending = []
    for each in asked(life.a, life.now):
        if each.check.photo:
            pending.append(
                (each, life.sending("before" if each.check.stage == "before" else "after", each.line))
            )
        else:
            tick = c.MarkCheck(order=life.order, line=each.line, check=each.check.id, state="done")
            life.a.submit(tick)
    life.a.submit(c.MarkLine(order=life.order, line=0, from_state="open", state="done"))
    assert life.a.link.waiting >= 5
    assert life.now.lines[0].state == "done"
    life.server = await asyncio.to_thread(start, life.place, *life.words)
    life.a.reconnect()
    await until(life.a, lambda: life.a.link.state == "online" and not life.a.link.waiting)
    for each, upload in pending:
        await until(life.a, lambda id=upload.id: life.a.get(Attachment, id) is not None)  # type: ignore[misc]
        await life.do(
            c.MarkCheck(order=life.order, line=each.line, check=each.check.id, state="done", photo=upload.id)
        )
    assert unchecked(life.a, life.now) == ()
    assert life.a.parked == []


async def ended(life: Life) -> None:
    """Finished, confirmed in a call-back, paid: completed, under warranty."""
    # Her desk was cut off as well: she waits until it shows what was done meanwhile.
    done = t("All lines and checks are done. The customer is asked to confirm.")
    await life.asks("finish", "Ctrl+Shift+F", done)
    await life.seen("finished")
    await life.asks("confirm", "Ctrl+Shift+K")
    await until(life.a, lambda: life.now.confirmed_at is not None)
    assert (life.now.status, life.now.confirmation) == ("finished", "phone")
    due = owed(life.now)
    assert due == life.now.revisions[0].quote.total
    with pytest.raises(Rejected, match="paid_too_much"):
        life.a.submit(c.RecordPayment(order=life.order, amount=due + 1, means="cash"))
    await life.asks("pay", "Ctrl+Shift+M")
    await life.seen("completed")
    assert life.now.paid == due
    assert {each.part for each in life.now.warranty} == {None, "faucet-core"}


async def came_back(life: Life) -> str:
    """Reviewed on the page, and dripping again a day later; the id of the return visit."""
    await life.says(
        "review", stars="4", skill="4", attitude="5", efficiency="3", solved="yes", text="修好了,就是等得久"
    )
    await until(life.a, lambda: life.a.review_of(life.order) is not None)
    again = clock.new_id()
    now = life.a.now()
    window = Window(now + DAY_MS, now + DAY_MS + 2 * HOUR_MS)
    await life.do(c.ReturnVisit(order=again, of=life.order, window=window, reason="same_fault"))
    found = life.a.get(Order, again)
    assert found is not None
    assert (found.quote.total, found.return_of, found.requested_technician) == (
        0,
        life.order,
        life.now.visit.technician,
    )
    assert life.now.returns == (again,)
    await look_at(life.b, found.number)
    await life.b.wait("queue_table", found.number, t(ORDER["pending"].word))
    return again


async def test_a_whole_life_is_seen_by_both_desks_and_outlives_the_server(tmp_path: Path) -> None:
    async with living(tmp_path) as life:
        technician = await booked(life)
        await on_site(life, technician)
        await quoted(life)
        await worked_while_the_server_died(life)
        await ended(life)
        await came_back(life)
        steps = [each.action for each in life.now.steps]
        assert steps.count("quote") == steps.count("confirm_quote") == steps.count("progress") == 1
        assert steps.count("check") == len(life.now.checks)
        told = await life.a.history("order", life.order)
        assert len({each.act for each in told}) == len(told) == life.now.version
    checked = administer(life.place, "verify")
    assert checked.returncode == 0, checked.stdout
