"""The practice city's people: staff at the desks, technicians on the road, customers on the phone."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace

from dispatcher_app import clock
from dispatcher_app.domain.calendar import DAY_MS, local_date, next_date, working
from dispatcher_app.domain.rating import from_stars
from dispatcher_app.domain.region import Staff
from dispatcher_app.domain.technician import (
    Certificate,
    Shift,
    ShiftException,
    Technician,
    TechnicianStatus,
)  # fmt: skip
from dispatcher_app.simulator.quarter import REGION, STORE, near, region

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡林郭何高罗郑梁谢宋唐许邓冯"
    "韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢傅钟姜崔谭"
)
GIVEN = (
    "建国 志强 国华 伟民 海涛 文斌 永刚 晓东 德胜 金龙 卫东 明辉 立新 "
    "少华 春生 大勇 家豪 振宇 俊峰 小军 红兵 庆华 子轩 宏伟 阿宝"
)
CALLERS = (
    "丽华 秀英 敏 静 雅芳 美玲 晓燕 佳怡 雨欣 思远 浩然 建平 桂芳 "
    "玉兰 磊 洋 婷 欣 凯 宁 志远 若曦 国强 梦洁 一鸣"
)

REFRIGERATION, HEIGHT, ELECTRICAL = "制冷与空调作业", "高处作业", "低压电工作业"
GAS, LOCK = "燃气具安装维修", "开锁备案"

# How many, what they can do, which certificates they hold.
TRADES: tuple[tuple[int, str, tuple[str, ...]], ...] = (
    (10, "air-conditioning refrigeration", (REFRIGERATION, HEIGHT)),
    (6, "washing kitchen water-heater", (ELECTRICAL,)),
    (5, "gas water-heater kitchen", (GAS, ELECTRICAL)),
    (6, "plumbing smart-home general", (ELECTRICAL,)),
    (4, "electrical lock", (ELECTRICAL, LOCK)),
    (3, "carpentry plumbing general", ()),
    (3, "television network printer", (ELECTRICAL,)),
    (3, "phone computer printer network", (ELECTRICAL,)),
)
# What somebody of each trade has repaired, as he would tell it; everybody tells two or three of them.
CASES: tuple[tuple[str, ...], ...] = (
    (
        "商场中央空调末端不制冷，一天恢复 42 台", "老式柜机缺氟，找出穿墙处微漏并补焊",
        "变频挂机主板 E6 报警，换通讯板修好", "高层外机支架锈蚀，高空加固移位", "酒店 60 台挂机换季清洗",
    ),
    (
        "滚筒洗衣机脱水异响，换轴承和油封", "洗碗机不进水，清通进水阀", "电热水器漏电保护跳闸，换加热管",
        "油烟机不吸烟，拆洗风轮", "十年老洗衣机换减震，省下一台新机",
    ),
    (
        "燃气热水器点火后熄火，换热电偶", "壁挂炉水压掉得快，找到地暖接头渗漏", "燃气灶回火，清喷嘴调风门",
        "烟道倒灌，加装止逆阀", "全小区 80 户热水器安全检查",
    ),
    (
        "卫生间渗水到楼下，免砸砖查出漏点", "马桶反味，换法兰圈", "全屋智能面板离线，重新组网",
        "地漏下水慢，疏通并换芯", "厨房水管爆裂，半小时止水",
    ),
    (
        "全屋跳闸，查出插座进水", "老房子铝线改铜线", "智能锁指纹失灵，换模块不换锁", "配电箱增容，装漏电保护",
        "防盗门锁芯升级 C 级",
    ),
    (
        "衣柜移门脱轨，换滑轮", "实木地板起拱，局部返修", "橱柜铰链整套更换",
        "阳台推拉窗漏风，换密封条", "沙发塌陷，换弹簧和海绵",
    ),
    (
        "电视有声无图，换背光灯条", "75 寸电视上墙，加固石膏板墙", "公司打印机卡纸，换搓纸轮",
        "别墅三层无线全覆盖", "投影仪偏色，清灰换色轮",
    ),
    (
        "手机进水，拆机清洗后资料全保住", "笔记本掉电，换电池和充电口", "硬盘异响，救回五年照片",
        "台式机蓝屏，查出内存接触不良", "打印机串墨，换喷头",
    ),
)  # fmt: skip
# From, to (hours), and how many of twenty work so.
TIMES: tuple[tuple[tuple[tuple[int, int], ...], int], ...] = (
    (((7, 16),), 6),
    (((9, 18),), 5),
    (((10, 20),), 4),
    (((13, 22),), 2),
    (((0, 8), (20, 24)), 3),
)


TEAMS = {
    "huangpu": "浦西一组", "xuhui": "浦西一组", "changning": "浦西一组", "jingan": "浦西二组", "putuo": "浦西二组",
    "hongkou": "浦西三组", "yangpu": "浦西三组", "pudong": "浦东一组",
}  # fmt: skip
"""Who works together, by the district in which he lives."""
ON_CALL = (2, 7, 10, 13, 17, 22, 24, 26, 29, 33, 35, 39)
"""Who works around the clock today (值班), so that somebody is at every kind of work at any hour."""


def staff() -> tuple[Staff, ...]:
    """The people at the desks; the first one is the administrator."""
    people = (
        ("admin", "系统管理员", ("administrator",)),
        ("chenjing", "陈静", ("supervisor",)),
        ("wangfang", "王芳", ("dispatcher",)),
        ("lina", "李娜", ("dispatcher",)),
        ("zhaomin", "赵敏", ("counter",)),
        ("zhouxia", "周霞", ("finance",)),
        ("linyue", "林悦", ("complaints",)),
        ("tangli", "唐莉", ("vetting",)),
        ("wall", "大屏", ("wall",)),
    )
    return tuple(
        Staff(id=id, name=name, roles=roles, regions=(REGION,), store=STORE if "counter" in roles else None)
        for id, name, roles in people
    )


def technicians(dice: random.Random, now: int) -> Iterator[tuple[Technician, str]]:
    """Forty technicians with their phone numbers; whoever is at work at `now` (UTC ms) is online, most of them."""
    place = region()
    today = local_date(now, place.timezone)
    on_call = tuple(ShiftException(next_date(today, days), 0, 24 * 60) for days in (-1, 0, 1))
    names = [dice.choice(SURNAMES) + given for given in dice.sample(GIVEN.split() * 2, 40)]
    times = [spans for spans, share in TIMES for _ in range(share * 2)]
    dice.shuffle(times)
    number = 0
    year = int(today[:4])
    for trade, (count, skills, certificates) in enumerate(TRADES):
        for _ in range(count):
            district = place.districts[number % len(place.districts)]
            around = sorted(place.districts, key=lambda each: abs(each.centre.lon - district.centre.lon))
            expiry = now + dice.randint(120, 1000) * DAY_MS if number != 3 else now + 20 * DAY_MS
            made = Technician(
                id=clock.derived_id("practice technician", str(number)),
                region=REGION,
                name=names[number],
                skills=tuple(dict.fromkeys((*skills.split(), "general"))),
                brands=("格力", "美的", "海尔", "奥克斯", "海信") if number in (1, 6) else (),
                certificates=tuple(Certificate(name, expiry) for name in certificates),
                districts=tuple(sorted(each.id for each in around[:5])) if number % 4 == 0 else (),
                home=near(dice, district.centre, 0.012),
                shifts=shifts(dice, times[number]),
                exceptions=on_call if number in ON_CALL else (),
                daily_limit=6 if number % 9 == 0 else None,
                figures=from_stars(dice.uniform(4.1, 5.0), 12 + 3 * number),
                credit=min(100, max(55, round(dice.gauss(84, 8)))),
                suspended=number == 38,
                experience_since=year - began(number),
                cases=told(trade, number),
                team=TEAMS[district.id],
            )
            yield replace(made, status=status(dice, made, now, place.timezone)), f"1600000{1000 + number}"
            number += 1


def began(number: int) -> int:
    """How many years he has been in the trade. Without dice, so that the rest of the city stays what it was."""
    return 2 + number * 7 % 23


def told(trade: int, number: int) -> tuple[str, ...]:
    """What he tells of: neighbours of one trade tell different cases."""
    known = CASES[trade]
    return tuple(known[(number + at) % len(known)] for at in range(2 + number % 2))


def shifts(dice: random.Random, spans: tuple[tuple[int, int], ...]) -> tuple[Shift, ...]:
    """A weekly pattern with one day off."""
    off = dice.randrange(7)
    return tuple(
        Shift(weekday, start * 60, end * 60) for weekday in range(7) if weekday != off for start, end in spans
    )


def status(dice: random.Random, technician: Technician, now: int, timezone: str) -> TechnicianStatus:
    """How he stands at the moment."""
    at_work = any(
        begin <= now < end for begin, end in working(technician, local_date(now, timezone), timezone)
    )
    lot = dice.random()
    if technician.suspended or not at_work or lot < 0.04:
        return "offline"
    return "busy" if lot < 0.25 else "online"


def caller(dice: random.Random, number: int) -> tuple[str, str]:
    """A customer's name and phone number."""
    surname = dice.choice(SURNAMES)
    called = dice.choice(("先生", "女士", "女士", "阿姨", *dice.sample(CALLERS.split(), 6)))
    return surname + called, f"1600001{number:04}"
