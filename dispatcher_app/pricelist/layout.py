"""The sheets of the workbook and their columns, in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

Language = Literal["zh_CN", "en"]
Form = Literal[
    "text", "id", "money", "number", "percent", "km", "time", "date", "list", "choice", "flag", "pack"
]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the field it holds, what it is called, how its cells are read; `needed` ones must not be empty."""

    field: str
    zh: str
    en: str
    form: Form = "text"
    needed: bool = False

    def title(self, language: Language) -> str:
        """What the column is called."""
        return self.en if language == "en" else self.zh

    def known_as(self, title: str) -> bool:
        """Whether somebody means this column by that title."""
        said = title.strip().casefold()
        return said in (self.zh.casefold(), self.en.casefold(), self.field)


@dataclass(frozen=True, slots=True)
class Layout:
    """A sheet: its code, what it is called, its columns."""

    code: str
    zh: str
    en: str
    columns: tuple[Column, ...]

    def title(self, language: Language) -> str:
        """What the sheet is called."""
        return self.en if language == "en" else self.zh

    def known_as(self, title: str) -> bool:
        """Whether somebody means this sheet by that title."""
        said = title.strip().casefold()
        return said in (self.zh.casefold(), self.en.casefold(), self.code)


_ID = Column("id", "编号", "ID", "id", needed=True)
_NAME = Column("name", "名称", "Name", needed=True)
_NAME_EN = Column("name_en", "英文名", "English name")
_FIRST = Column("first_date", "开始日期", "First date", "date")
_LAST = Column("last_date", "结束日期", "Last date", "date")
_PRICE = Column("price", "售价", "Price", "money", needed=True)
_COST = Column("cost", "成本", "Cost", "money")
_ITEM = Column("item", "项目", "Item", "id", needed=True)
_RETIRED = Column("retired", "停用", "Retired", "flag")

LAYOUTS: Final = (
    Layout("categories", "类别", "Categories", (_ID, _NAME, _NAME_EN, Column("rank", "排序", "Rank", "number"))),
    Layout("items", "项目", "Items", (
        _ID,
        Column("category", "类别", "Category", "id", needed=True),
        _NAME,
        _NAME_EN,
        Column("skill", "技能", "Skill", needed=True),
        Column("certificates", "证件", "Certificates", "list"),
        Column("brands", "品牌", "Brands", "list"),
        Column("materials", "辅料", "Materials", "choice"),
        Column("materials_note", "辅料说明", "Materials note"),
        Column("tools", "工具", "Tools", "list"),
        Column("warranty_days", "质保天数", "Warranty days", "number"),
        Column("crew", "师傅人数", "Technicians", "number"),
        _RETIRED,
    )),
    Layout("faults", "故障", "Faults", (
        _ITEM,
        _ID,
        _NAME,
        _NAME_EN,
        Column("minutes", "时长(分钟)", "Minutes", "number", needed=True),
        Column("price", "工时费", "Labour", "money"),
        _COST,
        Column("words", "常用说法", "Words", "list"),
        Column("method", "维修方式", "Method"),
        Column("method_en", "英文维修方式", "English method"),
        Column("parts", "配件", "Parts", "list"),
        Column("tools", "工具", "Tools", "list"),
    )),
    Layout("competitors", "同行价格", "Competitors", (
        _ITEM,
        Column("fault", "故障", "Fault", "id", needed=True),
        Column("source", "来源", "Source", needed=True),
        _PRICE,
        Column("seen_on", "日期", "Date", "date", needed=True),
    )),
    Layout("parts", "配件", "Parts", (
        _ID,
        _NAME,
        _NAME_EN,
        Column("items", "适用项目", "Items", "list"),
        Column("brands", "适用品牌", "Brands", "list"),
        Column("unit", "单位", "Unit"),
        Column("price", "售价", "Price", "money"),
        _COST,
        Column("warranty_days", "质保天数", "Warranty days", "number"),
        _RETIRED,
    )),
    Layout("bands", "上门费", "Door fee", (
        Column("from_km", "起(公里)", "From km", "km"),
        Column("to_km", "止(公里)", "To km", "km"),
        Column("fee", "费用", "Fee", "money", needed=True),
        Column("per_km", "每公里", "Per km", "money"),
    )),
    Layout("times", "时段", "Times", (
        _ID,
        Column("kind", "类型", "Kind", "choice", needed=True),
        _NAME,
        _NAME_EN,
        Column("days", "日子", "Days", "list"),
        Column("from_minute", "开始时间", "From", "time"),
        Column("to_minute", "结束时间", "To", "time"),
        _FIRST,
        _LAST,
        Column("percent", "百分比", "Percent", "percent"),
        Column("amount", "金额", "Amount", "money"),
    )),
    Layout("packages", "套餐", "Packages", (
        _ID, _NAME, _NAME_EN, Column("lines", "内容", "Contents", "pack", needed=True), _PRICE, _FIRST, _LAST,
    )),
    Layout("coupons", "优惠券", "Coupons", (
        Column("code", "券码", "Code", "id", needed=True),
        _NAME,
        _NAME_EN,
        Column("amount", "减免金额", "Amount", "money"),
        Column("percent", "减免百分比", "Percent", "percent"),
        Column("minimum", "最低消费", "Minimum", "money"),
        Column("items", "适用项目", "Items", "list"),
        _FIRST,
        _LAST,
    )),
    Layout("fees", "其他费用", "Fees", (
        Column("same_day", "当日加急费", "Same day", "money", needed=True),
        Column("emergency", "紧急加急费", "Emergency", "money", needed=True),
        Column("inspection_percent", "检测费百分比", "Inspection percent", "percent", needed=True),
        Column("inspection_max", "检测费上限", "Inspection at most", "money", needed=True),
        Column("currency", "币种", "Currency", "id", needed=True),
    )),
)  # fmt: skip
BY_CODE: Final = {each.code: each for each in LAYOUTS}

CHOICES: Final[Mapping[str, Mapping[str, tuple[str, str]]]] = {
    "materials": {"included": ("含在工时费内", "Included"), "extra": ("另计", "Extra")},
    "kind": {"night": ("夜间", "Night"), "holiday": ("节假日", "Holiday"), "period": ("时期", "Period")},
    "days": {
        "workday": ("工作日", "Workday"),
        "weekend": ("周末", "Weekend"),
        "holiday": ("法定节假日", "Holiday"),
    },
    "retired": {"yes": ("是", "Yes"), "": ("", "")},
}
"""What codes are called in cells."""


def word(field: str, code: str, language: Language) -> str:
    """A code as a cell shows it."""
    zh, en = CHOICES[field].get(code, (code, code))
    return en if language == "en" else zh


def code_of(field: str, said: str) -> str | None:
    """The code that somebody means, None where it is none."""
    wanted = said.strip().casefold()
    for code, (zh, en) in CHOICES[field].items():
        if wanted in (code.casefold(), zh.casefold(), en.casefold()):
            return code
    return None
