"""Foreign rows become commands, or reasons: items, places, districts, customers, states."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from dispatcher_app import text
from dispatcher_app.catalogue_file import first_catalogue
from dispatcher_app.domain.act import SYSTEM, Actor
from dispatcher_app.domain.catalogue import Item
from dispatcher_app.domain.command import ImportOrder
from dispatcher_app.domain.edition import Edition, Series
from dispatcher_app.domain.entity import Entity
from dispatcher_app.domain.place import Point, distance_m
from dispatcher_app.domain.region import District, Policy, Region
from dispatcher_app.intake import sentence
from dispatcher_app.intake.item import Recogniser
from dispatcher_app.intake.normal import ImportRow
from dispatcher_app.intake.nyc311 import NYC311
from dispatcher_app.intake.order import Plan, Setting, order_id, plan, read_rows
from dispatcher_app.intake.profile import Profile
from dispatcher_app.intake.row import Row

NOW = 1_790_000_000_000
XUHUI = District(id="xuhui", name="徐汇区", name_en="Xuhui", centre=Point(121.437, 31.188))
SHANGHAI = Region(id="sh", name="上海", centre=Point(121.47, 31.23), districts=(XUHUI,))
COLUMNS = {
    "external_id": "单号", "created_at": "下单时间", "closed_at": "完成时间", "status": "状态", "customer_name": "客户",
    "phone": "电话", "item": "项目", "fault": "故障", "description": "描述", "address": "地址", "compound": "小区",
    "unit": "房号", "district": "区", "lon": "经度", "lat": "纬度", "window_start": "预约时间", "technician": "师傅",
    "agency": "部门", "channel": "渠道",
}  # fmt: skip
PROFILE = Profile(name="旧系统", source="old", columns={name: (column,) for name, column in COLUMNS.items()})
SHIPPED = first_catalogue().book
assert SHIPPED is not None
EDITION = Series(id="prices", editions=(Edition(SHIPPED.id, 0),))
PRICES: dict[tuple[str, str], Entity] = {("price_book", SHIPPED.id): SHIPPED, ("series", "prices"): EDITION}
WHOLE = {
    "单号": "A1",
    "下单时间": "2026-09-01 10:00",
    "项目": "空调",
    "故障": "不制冷",
    "地址": "天平路1号",
    "区": "徐汇",
}


def setting(
    items: tuple[Item, ...] | None = None, region: Region = SHANGHAI, actor: Actor = SYSTEM
) -> Setting:
    return Setting(region, first_catalogue().items if items is None else items, Policy(), actor, NOW, PRICES)


def planned(*rows: Mapping[str, str | None], into: Setting | None = None, profile: Profile = PROFILE) -> Plan:
    read = read_rows([Row(line, cells) for line, cells in enumerate(rows, start=2)], profile)
    return plan(read, into or setting(), profile, ())


def command(**cells: str) -> ImportOrder:
    found = planned(WHOLE | cells)
    assert [sentence.of_reason(reason) for row in found.refused for reason in row.reasons] == []
    return found.orders[0].command


def codes(found: Plan) -> list[tuple[int, list[str]]]:
    return [(row.line, [reason.code for reason in row.reasons]) for row in found.refused]


@pytest.mark.parametrize(
    ("item", "fault", "said", "expected"),
    [
        ("冰箱", "不制冷", "", ("fridge", "not-cooling")),
        ("Refrigerator", "", "", ("fridge", None)),
        ("fridge", "", "", ("fridge", None)),
        ("空调", "", "移机", ("ac-move", "move")),
        ("", "", "燃气灶打不着火", ("gas-stove", "no-ignition")),
        ("热水器", "打不着火", "", ("water-heater-gas", "no-ignition")),
        ("热水器", "漏电跳闸", "", ("water-heater-electric", "trips")),
        ("", "", "马桶堵了", ("toilet", "blocked")),
        ("", "钥匙丢了", "", ("lock", "open")),
        ("", "漏水", "", ("other", None)),
        ("钢琴", "走音", "", ("other", None)),
    ],
)
def test_an_item_is_recognised_by_its_names_and_by_what_callers_say(
    item: str, fault: str, said: str, expected: tuple[str, str | None]
) -> None:
    row = ImportRow(line=1, key="k", item=item or None, fault=fault or None, description=said or None)
    assert Recogniser(first_catalogue().items).find(row) == expected


def test_every_item_of_the_built_in_profile_is_in_the_catalogue() -> None:
    faults = {item.id: {fault.id for fault in item.faults} for item in first_catalogue().items}
    categories = {category.id for category in first_catalogue().categories}
    for words in NYC311.translations.values():
        for word, sets in words.items():
            assert sets.get("item", "other") in faults
            assert sets.get("category", "home") in categories
            if "fault" in sets:
                assert sets["fault"] in {*faults[sets["item"]], word}


def test_without_an_item_for_the_rest_an_unknown_thing_is_refused() -> None:
    items = tuple(item for item in first_catalogue().items if item.id != "other")
    assert codes(planned(WHOLE | {"项目": "钢琴", "故障": "走音"}, into=setting(items))) == [
        (2, ["unknown_item"])
    ]


def test_the_sources_own_words_are_kept_as_the_note() -> None:
    made = command(项目="钢琴", 故障="走音", 描述="三角的", 师傅="老李")
    assert made.line.item == "other"
    assert made.note == "钢琴 · 走音 · 三角的\n原师傅：老李"


def test_the_same_order_has_the_same_ids_in_every_file() -> None:
    one, other = planned(WHOLE).orders[0], planned(WHOLE | {"状态": "已完成"}, into=setting()).orders[0]
    assert (one.act, one.command.order) == (other.act, other.command.order)
    assert planned(WHOLE | {"单号": "A2"}).orders[0].act != one.act


def test_orders_that_are_here_are_not_planned_again() -> None:
    read = read_rows([Row(2, WHOLE), Row(3, WHOLE | {"单号": "A2"})], PROFILE)
    found = plan(read, setting(), PROFILE, {order_id("sh", "old:A1")})
    assert (found.there, [each.line for each in found.orders]) == ((2,), [3])


def test_an_order_twice_in_a_file_is_refused_the_second_time_with_the_first_line() -> None:
    found = planned(WHOLE, WHOLE | {"单号": "A2"}, WHOLE)
    assert codes(found) == [(4, ["twice"])]
    assert sentence.of_reason(found.refused[0].reasons[0]) == "与第 2 行是同一张工单。"


def test_domestic_coordinates_become_wgs84() -> None:
    cells = {"经度": "121.4415", "地址": "天平路1号", "纬度": "31.2001"}
    profile = Profile(name="x", source="x", columns=PROFILE.columns, datum="gcj02")
    point = planned(WHOLE | cells, profile=profile).orders[0].command.new_address.point
    assert 300 < distance_m(point, Point(121.4415, 31.2001)) < 700


def test_a_place_without_coordinates_is_put_in_the_middle_of_its_districts_rows() -> None:
    far = WHOLE | {"经度": "121.9", "纬度": "31.19"}
    near = [WHOLE | {"单号": f"B{at}", "经度": f"121.43{at}", "纬度": "31.19"} for at in range(4)]
    found = planned(WHOLE | {"单号": "C"}, *near, far)
    address = found.orders[0].command.new_address
    assert address.approximate
    assert address.point == Point(121.432, 31.19)
    assert found.approximate == 1


def test_without_any_coordinates_the_districts_own_centre_is_taken() -> None:
    assert command().new_address.point == XUHUI.centre
    assert command(区="没听说过").new_address.point == SHANGHAI.centre


@pytest.mark.parametrize("word", ["xuhui", "徐汇", "徐汇区", "XUHUI"])
def test_a_district_is_known_by_any_of_its_names(word: str) -> None:
    assert command(区=word).new_address.district == "xuhui"


def test_districts_that_the_region_has_not_are_proposed_once() -> None:
    rows = [
        WHOLE | {"单号": str(at), "区": "STATEN ISLAND", "经度": "121.5", "纬度": "31.2"} for at in range(3)
    ]
    found = planned(*rows)
    assert found.districts == (
        District(
            id="Staten Island", name="Staten Island", name_en="Staten Island", centre=Point(121.5, 31.2)
        ),
    )
    assert {each.command.new_address.district for each in found.orders} == {"Staten Island"}


def test_a_column_that_holds_no_districts_proposes_none() -> None:
    found = planned(*(WHOLE | {"单号": str(at), "区": f"片区{at}"} for at in range(150)))
    assert found.districts == ()
    assert len(found.orders) == 150


def test_without_a_district_the_nearest_one_is_taken() -> None:
    cells = {key: value for key, value in WHOLE.items() if key != "区"}
    found = planned(cells | {"经度": "121.44", "纬度": "31.19"})
    assert found.orders[0].command.new_address.district == "xuhui"


def test_places_of_another_city_are_counted() -> None:
    assert planned(WHOLE | {"经度": "116.4", "纬度": "39.9"}).far == 1


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("天平路100弄3号501室", ("天平路100弄", "3号", "501室")),
        ("康健新村12号楼2单元602", ("康健新村", "12号楼2单元", "602")),
        ("41-28 55 STREET", ("41-28 55 STREET", "", "")),
        ("215 EAST 24 STREET, APT 3B", ("215 EAST 24 STREET", "", "3B")),
        ("天平路1号", ("天平路1号", "", "")),
    ],
)
def test_the_number_of_a_flat_is_taken_out_of_the_address(address: str, expected: tuple[str, ...]) -> None:
    home = command(地址=address).new_address
    assert (home.compound, home.building, home.unit) == expected


def test_one_number_in_a_file_is_one_customer_and_another_name_is_noted() -> None:
    rows = [
        WHOLE | {"单号": str(at), "电话": "138 0013 8000", "客户": name}
        for at, name in enumerate(("王芳", "李娜"))
    ]
    first, second = (each.command for each in planned(*rows).orders)
    assert first.new_customer == second.new_customer
    assert (first.new_customer.name, first.new_customer.phone) == ("王芳", "+8613800138000")
    assert second.note.endswith("联系人：李娜")
    assert "13800138000" not in first.new_customer.id


def test_a_customer_without_a_name_is_called_by_department_and_channel() -> None:
    assert command(部门="12345", 渠道="PHONE").new_customer.name == "12345 / 电话"
    assert command().new_customer.name == "未留姓名"
    text.use("en")
    try:
        assert command(部门="311", 渠道="PHONE").new_customer.name == "311 / Phone"
    finally:
        text.use(text.DEFAULT)


def test_closed_ones_are_completed_and_open_ones_pending() -> None:
    assert command(状态="待派单").closed_at is None
    assert command(状态="已完成").closed_at == command().created_at
    done = command(状态="已完成", 完成时间="2026-09-01 12:00")
    assert done.closed_at == done.created_at + 2 * 3_600_000
    # What the source calls open is open, whatever date of closing stands there.
    assert command(状态="处理中", 完成时间="2026-09-01 12:00").closed_at is None


def test_a_cancelled_order_is_not_taken_over() -> None:
    assert codes(planned(WHOLE | {"状态": "已取消"})) == [(2, ["cancelled_there"])]


def test_an_appointment_without_an_end_lasts_one_window() -> None:
    window = command(预约时间="2026-09-02 14:00").window
    assert window is not None
    assert window.end - window.start == 120 * 60_000


def test_an_order_without_a_time_was_created_now() -> None:
    cells = {key: value for key, value in WHOLE.items() if key != "下单时间"}
    assert planned(cells).orders[0].command.created_at == NOW


def test_what_a_rule_of_the_trade_refuses_is_a_reason_of_the_row() -> None:
    found = planned(WHOLE, WHOLE | {"单号": "A2", "下单时间": "1950-01-01 10:00"})
    assert codes(found) == [(3, ["time_invalid"])]
    assert text.has_cjk(sentence.of_reason(found.refused[0].reasons[0]))


def test_somebody_without_the_right_is_told_so_for_every_row() -> None:
    dispatcher = Actor(kind="staff", id="dan", roles=frozenset({"dispatcher"}), regions=frozenset({"sh"}))
    assert codes(planned(WHOLE, into=setting(actor=dispatcher))) == [(2, ["not_allowed"])]


def test_all_rows_are_accounted_for() -> None:
    profile = Profile(name="x", source="x", columns=PROFILE.columns, only={"agency": ("HPD",)})
    rows = [WHOLE | {"单号": str(at), "部门": "HPD" if at % 3 else "NYPD", "地址": "" if at % 5 == 0 else "街1号"}
            for at in range(30)]  # fmt: skip
    found = planned(*rows, profile=profile)
    assert found.read == 30 == len(found.orders) + len(found.there) + found.filtered + len(found.refused)
    assert (found.filtered, len(found.refused)) == (10, 4)
