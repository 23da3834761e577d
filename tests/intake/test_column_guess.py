"""Guessing what columns mean."""

from hypothesis import given
from hypothesis import strategies as st

from dispatcher_app.intake.columns import FIELDS, guess
from dispatcher_app.intake.row import Row
from dispatcher_app.intake.words import COLUMN_NAMES


def rows(columns: list[str], *lines: list[str]) -> list[Row]:
    return [Row(n, dict(zip(columns, line, strict=True))) for n, line in enumerate(lines, start=2)]


def test_a_chinese_register_is_understood() -> None:
    register = {
        "序号": "1",
        "工单编号": "BX2026001",
        "报修时间": "2026-11-22 09:10",
        "报修人": "王女士",
        "联系电话": "13800138000",
        "所属区": "福田区",
        "小区名称": "景田小区",
        "楼栋": "3栋",
        "房号": "502",
        "详细地址": "景田路 8 号",
        "报修项目": "空调",
        "故障现象": "不制冷",
        "备注": "",
        "预约上门时间": "2026-11-22 14:00-16:00",
        "紧急程度": "加急",
        "维修师傅": "李师傅",
        "工单状态": "待派单",
        "完成时间": "",
        "来源": "电话",
        "经度": "114.04",
        "纬度": "22.55",
    }
    columns, line = list(register), list(register.values())
    mapping = guess(columns, rows(columns, line))
    assert mapping.lacks == ()
    assert dict(mapping.column_of) == {
        "external_id": "工单编号",
        "created_at": "报修时间",
        "closed_at": "完成时间",
        "status": "工单状态",
        "customer_name": "报修人",
        "phone": "联系电话",
        "item": "报修项目",
        "fault": "故障现象",
        "description": "备注",
        "address": "详细地址",
        "compound": "小区名称",
        "building": "楼栋",
        "unit": "房号",
        "district": "所属区",
        "lon": "经度",
        "lat": "纬度",
        "window_start": "预约上门时间",
        "urgency": "紧急程度",
        "channel": "来源",
        "technician": "维修师傅",
    }


def test_values_decide_against_a_misleading_name() -> None:
    columns = ["Order ID", "Created", "Phone"]
    lines = [["same", "soon", "iPhone 12"]] * 5
    assert guess(columns, rows(columns, *lines)).guesses == ()


def test_a_phone_column_is_known_by_its_values_alone() -> None:
    columns = ["A", "B"]
    lines = [[f"1380013800{n}", f"text {n}"] for n in range(5)]
    (found,) = guess(columns, rows(columns, *lines)).guesses
    assert (found.field, found.column, found.reason) == ("phone", "A", "by_values")


def test_an_outcome_is_not_taken_for_the_customers_description() -> None:
    columns = [
        "Resolution Description",
        "Agency Name",
        "Bridge Highway Name",
        "Community Board",
        "Address Type",
    ]
    assert guess(columns, rows(columns, ["done", "x", "y", "z", "w"])).guesses == ()


def test_what_is_missing_is_said() -> None:
    assert guess(["电话"], []).lacks == ("lacks_fault", "lacks_place")
    assert guess(["故障", "纬度"], []).lacks == ("lacks_place",)


NAMES = st.sampled_from([name for names in COLUMN_NAMES.values() for name in names]) | st.text(max_size=12)


@given(st.lists(NAMES, unique=True, max_size=25), st.data())
def test_no_field_has_two_columns_and_no_column_two_fields(columns: list[str], data: st.DataObject) -> None:
    cell = (
        st.none()
        | st.sampled_from(["13800138000", "2026-11-22", "22.5", "114.1", "(1.5, 2.5)", "x"])
        | st.text()
    )
    lines = data.draw(st.lists(st.lists(cell, min_size=len(columns), max_size=len(columns)), max_size=4))
    sample = [Row(n, dict(zip(columns, line, strict=True))) for n, line in enumerate(lines, start=2)]
    found = guess(columns, sample).guesses
    assert len({each.field for each in found}) == len({each.column for each in found}) == len(found)
    assert all(each.field in FIELDS and each.column in columns and 0 < each.confidence <= 1 for each in found)
