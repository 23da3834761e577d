"""The voucher that every repair ends with, and the certificate of a technician in honour: what they say, and what not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from dispatcher_app import text
from dispatcher_app.domain.calendar import DAY_MS
from dispatcher_app.domain.catalogue import Part
from dispatcher_app.domain.money.invoice import Invoice
from dispatcher_app.domain.order import Line, PartLine, Visit, Warranty
from dispatcher_app.domain.rating import from_stars
from dispatcher_app.domain.region import Region, Staff
from dispatcher_app.domain.technician import Technician
from tests.ui.booking_desk import NOW, Desk, zhang
from tests.ui.test_paper import LINK, STORE, order, picture, told
from ui.paper import press
from ui.paper.certificate import certificate
from ui.paper.format import A5, FRAMED, ROLL
from ui.paper.receipt import Slip
from ui.paper.voucher import repair_voucher


class Seat(Desk):
    """The desk of somebody who is told names."""

    staff = Staff(id="chenjing", name="陈静", roles=("supervisor",), regions=("shanghai",))


@pytest.fixture
def desk(qapp: QApplication) -> Desk:
    made = Seat()
    region = made.get(Region, "shanghai")
    made.entities["region", "shanghai"] = replace(region, stores=(STORE,))
    for id, called in (("pump", "排水泵"), ("hose", "排水管")):
        made.entities["part", id] = Part(id=id, name=called)
    zhang(made)
    return made


def slip(desk: Desk, **changes: object) -> Slip:
    """A finished repair with a new part and a used one, and a second line that was left."""
    line = Line(
        item="ac", fault="leak", brand="格力", model="KFR-35", minutes=60, labour=12_000, state="done"
    )
    done = order(
        status="completed", service="home", device=None, result="repaired", closed_at=NOW,
        lines=(line, replace(line, fault=None, state="excused", excuse="customer_declined")),
        visits=(Visit(technician="li", ended_at=NOW),),
        parts=(PartLine(part="pump", price=8_000), PartLine(part="hose", price=1_000, used=True)),
        warranty=(
            Warranty(line=0, until=NOW + 30 * DAY_MS), Warranty(line=0, part="pump", until=NOW + 180 * DAY_MS),
        ),
        paid=21_000,
    )  # fmt: skip
    return Slip(desk.session, replace(done, **changes), LINK)  # type: ignore[arg-type]


@pytest.mark.parametrize("language", text.LANGUAGES)
def test_a_voucher_says_what_was_done_with_which_parts_and_how_long_it_is_warranted(
    desk: Desk, language: str
) -> None:
    text.use(language)
    made = slip(desk)
    said = told(repair_voucher(made))
    new, used = ("新件", "旧件") if language == "zh_CN" else ("new", "used")
    for each in ("261124-0007", "KFR-35", "¥210.00", new, used, made.day(NOW + 30 * DAY_MS)):
        assert each in said, each
    assert said.count(made.day(NOW + 180 * DAY_MS)) == 1
    assert "13812348000" not in said
    assert LINK not in said, "only in the code"


def test_what_was_left_undone_has_no_warranty(desk: Desk) -> None:
    said = told(repair_voucher(slip(desk)))
    assert said.count("已修好") == 2, "the result and the line that was done"
    assert said.count("未修") == 1
    assert said.count("工时质保") == 1


def test_a_voucher_names_the_maker_s_warranty_what_went_back_and_the_invoice(desk: Desk) -> None:
    plain = told(repair_voucher(slip(desk)))
    assert "厂家保修" not in plain
    assert "已退" not in plain
    desk.entities["invoice", "o1"] = Invoice(
        id="o1", region="shanghai", number="261124-0007", customer="zhang", amount=20_000, currency="CNY",
        buyer="person", title="张女士", state="issued", reference="25312000", requested_by="staff:li", requested_at=NOW,
    )  # fmt: skip
    made = slip(desk)
    line = replace(made.order.lines[0], maker_until="2027-05-01")
    said = told(repair_voucher(slip(desk, lines=(line, made.order.lines[1]), refunded=1_000)))
    for each in ("厂家保修", "2027-05-01", "已退", "¥10.00", "25312000"):
        assert each in said, each


@pytest.mark.parametrize("paper", [A5, ROLL], ids=lambda paper: paper.id)
def test_a_voucher_fits_its_paper(desk: Desk, paper: object, tmp_path: Path) -> None:
    path = tmp_path / "voucher.pdf"
    press.to_pdf(repair_voucher(slip(desk)), paper, path, "voucher")  # type: ignore[arg-type]
    assert picture(path).width() > 0


@pytest.mark.parametrize("language", text.LANGUAGES)
def test_a_certificate_is_one_framed_page_about_him_alone(desk: Desk, language: str, tmp_path: Path) -> None:
    text.use(language)
    technician = replace(desk.all(Technician)[0], credit=96, figures=from_stars(4.8))
    blocks = certificate(desk.session, technician)
    said = told(blocks)
    for each in (technician.name, "96", "4.8", "90"):
        assert each in said, each
    path = tmp_path / "certificate.pdf"
    press.to_pdf(blocks, FRAMED, path, "certificate")
    page = picture(path)
    assert page.width() > page.height()
    edge = [page.pixelColor(page.width() // 2, y).lightness() for y in range(page.height() // 8)]
    assert min(edge) < 128, "a line goes around it"
