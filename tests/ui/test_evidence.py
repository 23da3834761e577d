"""The evidence of a complaint: what it tells, and that nothing of anybody else can be read in its text."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QColor, QImage
from PySide6.QtPdf import QPdfDocument
from PySide6.QtWidgets import QApplication

from dispatcher_app import rows, text
from dispatcher_app.client.state import Seen
from dispatcher_app.domain.act import Actor
from dispatcher_app.domain.calendar import MINUTE_MS
from dispatcher_app.domain.command import (
    AddComplaintNote,
    AnswerComplaint,
    JudgeComplaint,
    NewCustomer,
    OpenComplaint,
    ResolveComplaint,
    SendMessage,
)  # fmt: skip
from dispatcher_app.domain.customer import Address, Customer
from dispatcher_app.domain.money.complaint import Complaint, ComplaintNote
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.place import Point
from dispatcher_app.domain.region import Policy, Staff
from dispatcher_app.domain.talk import Attachment, Message
from dispatcher_app.simulator.rehearsal import Rehearsal
from tests.domain import site, trade
from tests.domain.site import AT, COMPLAINTS, CUSTOMER, LI
from tests.domain.trade import DISPATCHER, NOW, TIMEZONE
from ui.complaint.blackout import BLACK, blacked
from ui.complaint.evidence import Evidence, about_others, blocks
from ui.complaint.visitmap import drawn
from ui.paper import press
from ui.window.minute import A4

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

OTHER = "欧阳修远"
LEAKS = (
    "13800138000", "138 0013 8000", "13912345678", "2580#", "310101199001011234", "wang@example.com", OTHER,
    "梅花苑", "工号备注", "6222021234567890123",
)  # fmt: skip
"""What somebody typed or what is known of others, and may not be read on the paper."""


@dataclass
class Seat:
    """What the paper asks of a session."""

    world: Rehearsal
    region_id: str = "sh"
    timezone: str = TIMEZONE

    def get(self, type_: type[Any], id: str) -> Any:
        return self.world.get(type_, id)

    def now(self) -> int:
        return AT + 60 * MINUTE_MS

    @property
    def actor(self) -> Actor:
        return COMPLAINTS

    def order_row(self, id: str) -> rows.OrderRow | None:
        order = self.world.get(Order, id)
        if order is None:
            return None
        customer, home = self.world.get(Customer, order.customer), self.world.get(Address, order.address)
        return rows.order_row(order, customer, home, Policy(), TIMEZONE)


def told(seat: Seat, **changes: Any) -> Evidence:
    """Everything about the complaint that the world holds."""
    world = seat.world
    found = world.get(Complaint, "k1")
    assert found is not None
    made = Evidence(
        complaint=found, order=trade.order_of(world, "o1"), notes=world.all(ComplaintNote),
        messages=world.all(Message), hidden=about_others(seat_of(seat), ("o1", "o2"), trade.order_of(world, "o1")),
    )  # fmt: skip
    return replace(made, **changes)


def seat_of(seat: Seat) -> Session:
    return cast("Session", seat)


@pytest.fixture
def seat(qapp: QApplication) -> Seat:
    """A visit with a quote and messages that name others, and a complaint that was judged."""
    world = site.shop()
    world.entities["staff", "complaints"] = Staff(
        id="complaints", name="孙丽", roles=("complaints",), regions=("sh",)
    )
    other = NewCustomer(id="c-o2", name=OTHER, phone="13912345678")
    home = replace(trade.address("a-o2"), compound="梅花苑")
    trade.booked(world, "o2", new_customer=other, new_address=home, window=trade.window(17, 19))
    site.on_site(world)
    site.quoted(world)
    site.agreed(world)
    said = f"我在{OTHER}家梅花苑，电话13912345678，门禁2580#"
    world.do(LI, SendMessage(order="o1", to=("staff",), text=said), AT)
    world.do(
        CUSTOMER, SendMessage(order="o1", to=("staff",), text="请回 138 0013 8000 或 wang@example.com"), AT
    )
    words = "修坏了，身份证310101199001011234，退到6222021234567890123"
    world.do(DISPATCHER, OpenComplaint(complaint="k1", order="o1", categories=("quality",), text=words), AT)
    world.do(DISPATCHER, AnswerComplaint(complaint="k1", text="已致歉"), AT + MINUTE_MS)
    world.do(COMPLAINTS, AddComplaintNote(complaint="k1", text="工号备注：内部"), AT)
    judge = JudgeComplaint(
        complaint="k1", responsibility="technician", compensation=5000, text="工号备注：内部"
    )
    world.do(COMPLAINTS, judge, AT + 2 * MINUTE_MS)
    world.do(COMPLAINTS, ResolveComplaint(complaint="k1", text="同意重修"), AT + 3 * MINUTE_MS)
    return Seat(world)


def written(seat: Seat, evidence: Evidence, path: Path) -> str:
    """The text of the whole PDF, without blanks."""
    press.to_pdf(blocks(seat_of(seat), evidence), A4, path, "evidence")
    document = QPdfDocument()
    assert document.load(str(path)) == QPdfDocument.Error.None_
    whole = "".join(document.getAllText(page).text() for page in range(document.pageCount()))
    document.close()
    return bare(whole)


def words_of(made: object) -> str:
    """Every text of the blocks as it is laid out."""
    if isinstance(made, str):
        return made
    if isinstance(made, list | tuple):
        return "\n".join(map(words_of, made))
    return "\n".join(words_of(getattr(made, each)) for each in getattr(made, "__dataclass_fields__", ()))


def bare(words: str) -> str:
    return "".join(unicodedata.normalize("NFKC", words).split())


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_nothing_of_others_can_be_read_in_the_text_of_the_paper(
    seat: Seat, language: str, tmp_path: Path
) -> None:
    text.use(language)
    found = written(seat, told(seat), tmp_path / "evidence.pdf")
    for whole in (found, bare(words_of(blocks(seat_of(seat), told(seat))))):
        assert [leak for leak in LEAKS if bare(leak) in whole] == []
        assert BLACK in whole


def test_the_paper_tells_the_case_from_its_beginning_to_its_end(seat: Seat, tmp_path: Path) -> None:
    found = written(seat, told(seat), tmp_path / "evidence.pdf")
    number = trade.order_of(seat.world, "o1").number
    for word in (
        number,
        "张丽华",
        "师傅li",
        "维修质量",
        "已致歉",
        "同意重修",
        "师傅责任",
        "¥50.00",
        "报价",
        "报到达",
    ):
        assert bare(word) in found, word
    assert found.index("报到达") < len(found)
    assert "维修质量" in found[: found.index("已致歉")]


def test_photos_and_positions_stand_on_it_and_what_is_missing_is_said(seat: Seat, tmp_path: Path) -> None:
    site.photo(seat.world, "p1", "after")
    site.photo(seat.world, "p2", "during")
    one, two = seat.world.all(Attachment)
    picture = QImage(400, 300, QImage.Format.Format_RGB32)
    picture.fill(QColor("#4477AA"))
    way = [
        Seen("li", AT - minute * MINUTE_MS, 121.47 + minute / 500, 31.23, 10.0) for minute in range(30, 0, -1)
    ]
    evidence = told(seat, photos=[(one, picture), (two, None)], way=way, missing=["当天的回放"])
    found = written(seat, evidence, tmp_path / "evidence.pdf")
    for word in ("km", "定位轨迹", "暂时取不到:当天的回放"):
        assert bare(word) in found, word
    assert f"SHA-256 {'1' * 16}" in words_of(blocks(seat_of(seat), evidence))


def test_nobody_seen_makes_no_map() -> None:
    assert drawn(Point(121.47, 31.23), [], 300, TIMEZONE) is None


@pytest.mark.parametrize("spread", [0.0001, 0.5])
def test_a_way_fits_on_its_map_however_long_it_is(qapp: QApplication, spread: float) -> None:
    way = [
        Seen("li", NOW + at * MINUTE_MS, 121.47 + spread * at, 31.23 - spread * at, 5.0) for at in range(5)
    ]
    made = drawn(Point(121.47, 31.23), way, 300, TIMEZONE)
    assert made is not None
    blue = QColor("#0B5CAD").rgb()
    points = [(x, y) for x in range(made.width()) for y in range(made.height()) if made.pixel(x, y) == blue]
    assert points
    assert min(x for x, _ in points) > 0
    assert max(x for x, _ in points) < made.width() - 1


# ------------------------------------------------------------ words


@pytest.mark.parametrize(
    "kept", ["¥1,280.00", "14:05", "2026-11-23", "3 天", "第 2 次报价", "主板 800 元", "KFR-35GW", "1802"]
)
def test_amounts_times_and_models_stay_readable(kept: str) -> None:
    assert blacked(f"说是 {kept} 的") == f"说是 {kept} 的"


@given(st.integers(13_000_000_000, 19_999_999_999), st.sampled_from(["", " ", "-"]), st.text(max_size=8))
def test_a_telephone_number_is_black_however_it_is_parted(number: int, gap: str, around: str) -> None:
    digits = str(number)
    typed = gap.join((digits[:3], digits[3:7], digits[7:]))
    words = "".join(each for each in around if not each.isalnum() and each.isprintable())
    found = blacked(f"电话：{typed}，{words}")
    assert BLACK in found
    assert digits[3:7] not in found


def test_the_end_of_a_number_is_black_where_it_stands_alone() -> None:
    assert blacked("尾号 2019 的客户，付了 2019.00", ("2019",)) == f"尾号 {BLACK} 的客户，付了 2019.00"


@pytest.mark.parametrize(
    "typed", ["１３８００１３８０００", "幺三八零零一三八零零零", "138（0013）8000", "+86 138 0013 8000"]
)
def test_a_number_is_black_in_whatever_signs_it_is_written(typed: str) -> None:
    assert blacked(f"我的电话{typed}。") == f"我的电话{BLACK}。"


def test_no_date_on_the_paper_is_called_tomorrow(seat: Seat) -> None:
    told_ = words_of(blocks(seat_of(seat), told(seat)))
    assert "今天" not in told_
    assert "明天" not in told_
