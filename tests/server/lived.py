"""A whole life, from the first price to the return visit and a device back from the counter, as acts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from dispatcher_app.domain import command as c
from dispatcher_app.domain.act import SYSTEM, Act, Actor
from dispatcher_app.domain.book import LabourPrice, PartPrice, PriceBook
from dispatcher_app.domain.catalogue import Part
from dispatcher_app.domain.order import Window
from dispatcher_app.domain.place import Point
from dispatcher_app.domain.region import District, Region, Store
from dispatcher_app.domain.van import Stocked
from tests.server.city import Gate, actor_of, assign, book, tomorrow
from tests.server.onsite import DOOR

LI = Actor(kind="technician", id="sh-t0")
PAGE = Actor(kind="link", id="o-1")
MIDDLE = Point(121.44, 31.19)
LINE = c.QuotedLine(item="ac", fault="cool", brand="格力", labour=15000)
STEPS = 38
"""At least as many acts as a life has."""

Said = tuple[Actor, Any]
Code = Callable[[str, str], str]


def life(code: Code, at: int) -> Iterator[Said]:
    """From the first price to the return visit, and a device from the counter and back."""
    lina, wang, chen = actor_of("lina"), actor_of("wangfang"), actor_of("chen")
    store = Store(id="store", name="徐汇店", district="xh", point=MIDDLE, shelves=("A1", "A2"))
    district = District(id="xh", name="徐汇", centre=MIDDLE)
    region = Region(id="sh", version=1, name="上海", centre=MIDDLE, districts=(district,), stores=(store,))
    yield SYSTEM, c.SaveRegion(saved=region)
    yield SYSTEM, c.SavePart(part=Part(id="board", name="主控板"))
    prices = PriceBook(
        id="prices-2",
        labour=(LabourPrice(item="ac", fault="cool", price=12000),),
        parts=(PartPrice(part="board", price=30000),),
    )
    yield SYSTEM, c.SavePriceBook(book=prices)
    yield SYSTEM, c.PublishPriceBook(book="prices-2", from_version=1, starts_at=at)
    yield chen, c.IssueParts(technician="sh-t0", parts=(Stocked("board", 3),))
    yield wang, book(order="o-1", note="先打电话")
    yield wang, assign("o-1")
    yield LI, c.Depart(order="o-1", technician="sh-t0")
    yield LI, c.Arrive(order="o-1", technician="sh-t0", point=DOOR, accuracy_m=10)
    yield LI, photo("p-1", "before")
    yield LI, c.ReviseQuote(
        order="o-1", number=1, lines=(LINE,), parts=(c.QuotedPart(part="board"),), reason="part_needed",
        photos=("p-1",), note="主控板烧毁",
    )  # fmt: skip
    yield PAGE, c.SendMessage(order="o-1", to=("staff",), text="能便宜点吗")
    yield PAGE, c.ConfirmQuote(order="o-1", number=1, confirmation="page")
    yield LI, c.MarkLine(order="o-1", line=0, from_state="open", state="done")
    yield LI, c.FinishOrder(order="o-1", technician="sh-t0")
    yield LI, c.ConfirmOrder(order="o-1", confirmation="code", code=code("o-1", "confirm_code"))
    yield LI, c.RecordPayment(order="o-1", amount=20000, means="cash")
    yield wang, c.RecordPayment(order="o-1", amount=25000, means="transfer")
    review = c.ReviewOrder(order="o-1", stars=4, skill=5, attitude=4, efficiency=4, solved=True, text="不错")
    yield PAGE, review
    yield lina, c.ReplyToReview(order="o-1", text="谢谢")
    again = Window(tomorrow(14), tomorrow(16))
    yield wang, c.ReturnVisit(order="o-2", of="o-1", window=again, reason="same_fault", note="又不制冷了")
    yield chen, c.ReceiveDevice(
        order="w-1", store="store", new_customer=c.NewCustomer(id="c-w", name="吴女士", phone="13800000077"),
        line=c.BookedLine(item="ac", fault="cool"), shelf="A1", note="外壳有划痕",
    )  # fmt: skip
    yield chen, c.StartDiagnosis(order="w-1", technician="sh-t1")
    yield chen, c.ReviseQuote(order="w-1", number=1, lines=(LINE,), reason="other_fault")
    yield Actor(kind="link", id="w-1"), c.ConfirmQuote(order="w-1", number=1, confirmation="page")
    yield chen, c.MarkLine(order="w-1", line=0, from_state="open", state="done")
    yield chen, c.FinishDevice(order="w-1", shelf="A2")
    yield chen, c.RemindPickUp(order="w-1")
    yield chen, c.RecordPayment(order="w-1", amount=15000, means="card")
    yield chen, c.HandBack(order="w-1", code=code("w-1", "pickup_code"))


def photo(id: str, purpose: str) -> c.AddAttachment:
    """A photo that the server has taken in."""
    return c.AddAttachment(
        order="o-1", attachment=id, purpose=purpose, media="image/jpeg", size=100, sha256="0" * 64,  # type: ignore[arg-type]
        original_sha256="1" * 64, original_size=900,
    )  # fmt: skip


def live(gate: Gate, at: int, later: list[int]) -> None:
    """Give the acts of a life, the repeated ones among them."""
    said: list[Act] = []
    waiting: list[tuple[int, Act]] = []

    def code(order: str, field: str) -> str:
        ((sealed,),) = gate.all("SELECT sealed FROM secret WHERE id = ? AND field = ?", (order, field))
        return gate.vault.open("order", order, field, bytes(sealed))

    for number, (actor, command) in enumerate(life(code, at)):
        act = gate.act(command, actor=actor, id=f"act-{number}", at=at + number)
        first = gate.executor.submit(act)
        if later and later[number] == 0:
            assert gate.executor.submit(act).result(20).repeated
        assert not first.result(20).repeated
        said.append(act)
        if later:
            waiting.append((number + later[number], act))
            for each in [each for due, each in waiting if due == number]:
                assert gate.executor.submit(each).result(20).repeated
    assert len(said) <= STEPS
    for each in said if later else ():
        assert gate.executor.submit(each).result(20).repeated
