"""Papers: what stands on them, what does not, codes that scan, text on the dots of a thermal printer."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import segno
from PySide6.QtCore import QSettings, QSize
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtPdf import QPdfDocument
from PySide6.QtWidgets import QApplication

from dispatcher_app import text
from dispatcher_app.domain.calendar import DAY_MS
from dispatcher_app.domain.order import Device, Line, Order, PartLine, Quote, QuoteLine, Visit, Warranty
from dispatcher_app.domain.place import Point
from dispatcher_app.domain.region import Region, Store
from tests.ui.booking_desk import NOW, Desk, zhang
from ui.paper import code, press, receipt
from ui.paper.block import Block, Code, Pair, Words
from ui.paper.desk import PaperDesk
from ui.paper.format import A5, DPI, ROLL, STRIP, TAG, Format, dots
from ui.paper.layout import Layout
from ui.paper.receipt import Slip

LINK = "https://repair.example.com/t/AQGslC0BZ2Vub3VnaC1mb3ItYS1yZWFsLXRva2VuLTAxMjM0NTY3ODkwMTIzNDU2Nzg5"
"""As long as a real one."""
STORE = Store(
    id="s1", name="人民路店", address="人民路 1 号", phone="021 0000 0000", district="xuhui",
    point=Point(121.44, 31.19), shelves=("A1",),
)  # fmt: skip


@pytest.fixture
def desk(qapp: QApplication) -> Desk:
    made = Desk()
    region = made.get(Region, "shanghai")
    made.entities["region", "shanghai"] = replace(region, stores=(STORE,))
    zhang(made)
    return made


def order(**changes: object) -> Order:
    """An air conditioner's remote board of 张女士, say."""
    quote = Quote(
        lines=(
            QuoteLine(what="labour", amount=12_000, params={"item": "ac", "fault": "leak"}),
            QuoteLine(what="parts", amount=8_000, params={"part": "pump"}),
            QuoteLine(what="parts", amount=1_000, params={"part": "hose", "used": True}),
        ),
        total=21_000, if_declined=5_000, currency="CNY",
    )  # fmt: skip
    made = Order(
        id="o1", region="shanghai", number="261124-0007", status="received", service="workshop", since=NOW,
        created_at=NOW, customer="zhang", address="", district="xuhui", point=STORE.point, quote=quote,
        lines=(Line(item="ac", fault="leak", brand="格力", model="KFR-35", minutes=60, labour=12_000),),
        visits=(Visit(),), parts=(PartLine(part="pump", price=8_000),),
        device=Device(
            store="s1", serial="SN42", accessories=("remote", "贴纸"), condition=("scratched",),
            data_consent="keep", shelf="A1", promised_on="2026-11-27",
        ),
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def told(blocks: list[Block]) -> str:
    """Every word on a paper."""
    words: list[str] = []
    for block in blocks:
        if isinstance(block, Words):
            words.append(block.text)
        elif isinstance(block, Pair):
            words += [block.name, block.value]
        elif isinstance(block, Code):
            words += [each.text for each in block.caption]
    return "\n".join(words)


def picture(path: Path, scale: int = 1) -> QImage:
    """The first page, as dark and light dots of the printer."""
    document = QPdfDocument()
    assert document.load(str(path)) == QPdfDocument.Error.None_
    points = document.pagePointSize(0)
    size = QSize(round(points.width() / 72 * DPI * scale), round(points.height() / 72 * DPI * scale))
    image = QImage(size, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    painter.drawImage(0, 0, document.render(0, size))
    painter.end()
    document.close()
    return image


def dark(image: QImage, x: float, y: float) -> bool:
    return image.pixelColor(int(x), int(y)).lightness() < 128


def read_back(image: QImage, left: float, top: float, module: float, count: int) -> list[list[bool]]:
    """The modules of a code as a scanner would see them: the middle of each."""
    start = code.QUIET + 0.5
    return [
        [dark(image, left + (x + start) * module, top + (y + start) * module) for x in range(count)]
        for y in range(count)
    ]


@pytest.mark.parametrize("language", text.LANGUAGES)
def test_a_custody_receipt_says_what_we_hold_and_on_what_terms(desk: Desk, language: str) -> None:
    text.use(language)
    said = told(receipt.custody_receipt(Slip(desk.session, order(), code="482915")))
    for each in ("261124-0007", "SN42", "贴纸", "KFR-35", "482915", "8000", "¥210.00", "¥50.00", "30"):
        assert each in said, each
    assert "13812348000" not in said
    assert "138****" not in said


def test_without_the_server_the_receipt_says_that_the_code_follows(desk: Desk) -> None:
    made = order(number="T3-001", temporary_number="T3-001")
    said = told(receipt.custody_receipt(Slip(desk.session, made)))
    assert "T3-001（临时号，一直可查）" in said
    assert "取件码稍后短信发送。" in said


def test_a_receipt_printed_later_names_the_number_that_was_given_at_first(desk: Desk) -> None:
    said = told(receipt.custody_receipt(Slip(desk.session, order(temporary_number="T3-001"))))
    assert "261124-0007" in said
    assert "T3-001" in said


def test_a_pick_up_receipt_says_what_is_new_what_was_paid_and_how_long_it_is_warranted(desk: Desk) -> None:
    made = order(
        status="handed_back", result="repaired", paid=21_000, closed_at=NOW,
        warranty=(Warranty(line=0, until=NOW + 30 * DAY_MS), Warranty(line=0, part="pump", until=NOW + 180 * DAY_MS)),
    )  # fmt: skip
    said = told(receipt.hand_back_receipt(Slip(desk.session, made, LINK)))
    assert "pump（新）" in said
    assert "旧" in said or "二手" in said
    assert said.count("¥210.00") == 2
    assert "2026-12-24" in said
    assert "2027-05-23" in said


def test_a_device_that_was_not_repaired_shows_what_is_due_instead(desk: Desk) -> None:
    made = order(status="handed_back", result="declined", paid=5_000, closed_at=NOW)
    said = told(receipt.hand_back_receipt(Slip(desk.session, made)))
    assert "¥210.00" not in said
    assert said.count("¥50.00") == 2


def test_a_label_carries_no_link_of_the_customer(desk: Desk) -> None:
    blocks = receipt.shelf_label(Slip(desk.session, order(), LINK, "482915"))
    assert [each.text for each in blocks if isinstance(each, Code)] == ["261124-0007"]
    assert "482915" not in told(blocks)
    assert "A1" in told(blocks)


@pytest.mark.parametrize("paper", [ROLL, A5], ids=lambda paper: paper.id)
def test_the_code_of_a_receipt_reads_back_module_by_module(desk: Desk, paper: Format, tmp_path: Path) -> None:
    path = tmp_path / "code.pdf"
    press.to_pdf([Code(LINK)], paper, path, "code")
    image = picture(path)
    margin = round(dots(paper.margin))
    module = code.module_for(LINK, round(dots(paper.code)))
    expected = [[bool(each) for each in row] for row in segno.make(LINK, error="m", micro=False).matrix]
    assert module >= 3  # a telephone reads it at arm's length
    assert read_back(image, margin, margin, module, len(expected)) == expected


@pytest.mark.parametrize("paper", [ROLL, A5, TAG, STRIP], ids=lambda paper: paper.id)
def test_a_paper_is_as_large_as_it_says_and_nothing_is_cut_off(
    desk: Desk, paper: Format, tmp_path: Path
) -> None:
    slip = Slip(desk.session, order(), LINK, "482915")
    label = paper in (TAG, STRIP)
    blocks = receipt.shelf_label(slip) if label else receipt.custody_receipt(slip)
    path = tmp_path / "paper.pdf"
    press.to_pdf(blocks, paper, path, "paper")
    document = QPdfDocument()
    document.load(str(path))
    size = document.pagePointSize(0)
    assert document.pageCount() == 1
    assert size.width() / 72 * 25.4 == pytest.approx(paper.width, abs=0.3)
    if paper.height is not None:
        assert size.height() / 72 * 25.4 == pytest.approx(paper.height, abs=0.3)
    found = document.getAllText(0).text()
    assert "261124-0007" in found.replace(" ", "")
    document.close()
    image = picture(path)
    edge = round(dots(paper.margin)) - 2
    lines = [*range(edge), *range(image.height() - edge, image.height())]
    assert not any(dark(image, x, y) for y in lines for x in range(0, image.width(), 2))


def test_long_words_on_a_label_are_written_smaller(desk: Desk, tmp_path: Path) -> None:
    long = order(
        lines=(Line(item="ac", fault="leak", brand="格力" * 6, model="KFR" * 12, minutes=1, labour=1),)
    )
    blocks = receipt.shelf_label(Slip(desk.session, long))
    path = tmp_path / "label.pdf"
    press.to_pdf(blocks, TAG, path, "label")
    image = picture(path)
    bottom = range(image.height() - round(dots(TAG.margin)) + 2, image.height())
    assert not any(dark(image, x, y) for y in bottom for x in range(image.width()))


def test_a_roll_is_cut_where_the_text_ends(desk: Desk, tmp_path: Path) -> None:
    short, long = tmp_path / "short.pdf", tmp_path / "long.pdf"
    press.to_pdf([Words("x")] * 10, ROLL, short, "short")
    press.to_pdf([Words("x")] * 40, ROLL, long, "long")
    assert picture(long).height() > 2 * picture(short).height()


def test_text_and_codes_stand_on_whole_dots(desk: Desk, tmp_path: Path) -> None:
    image = QImage(800, 800, QImage.Format.Format_RGB32)
    layout = Layout(ROLL, image, DPI)
    assert layout.mm(4) == int(layout.mm(4))
    assert code.module_for(LINK, layout.mm(26)) == int(code.module_for(LINK, layout.mm(26)))


def test_a_printer_that_is_gone_prints_nothing(qapp: QApplication) -> None:
    assert press.to_printer([Words("x")], ROLL, "no such printer", "x") is False


def test_paper_and_printer_are_kept_by_kind(desk: Desk, tmp_path: Path, qapp: QApplication) -> None:

    file = str(tmp_path / "kept.ini")
    first = PaperDesk(desk.session, QSettings(file, QSettings.Format.IniFormat), qapp)
    assert (first.format_of("receipt"), first.printer_of("label")) == (ROLL, "")
    first.choose("receipt", paper="a5")
    first.choose("label", printer="Zebra")
    first._settings.sync()
    again = PaperDesk(desk.session, QSettings(file, QSettings.Format.IniFormat), qapp)
    assert (again.format_of("receipt"), again.format_of("label")) == (A5, TAG)
    assert (again.printer_of("receipt"), again.printer_of("label")) == ("", "Zebra")
