"""Shanghai as far as practice needs it: districts, and compounds with names that sound real and are not."""

from __future__ import annotations

import random

from dispatcher_app.domain.customer import Compound
from dispatcher_app.domain.place import Point
from dispatcher_app.domain.region import District, Region, Store

REGION = "shanghai"

# id, name, English name, centre; then the road names that its compounds are called after.
DISTRICTS = (
    ("huangpu", "黄浦区", "Huangpu", 121.4800, 31.2220, "蓬莱 丽园 半淞 瑞金 打浦 会稽 云南 河南 汉口 鲁班"),
    ("xuhui", "徐汇区", "Xuhui", 121.4370, 31.1880, "天平 康健 田林 漕溪 虹梅 宛平 龙华 枫林 凌云 斜土"),
    (
        "changning",
        "长宁区",
        "Changning",
        121.4080,
        31.2150,
        "新华 天山 仙霞 虹桥 北新泾 程家桥 周桥 江苏 华阳 古北",
    ),
    ("jingan", "静安区", "Jing'an", 121.4480, 31.2470, "曹家渡 石门 大宁 彭浦 共和 芷江 宝山 昌平 胶州 万荣"),
    ("putuo", "普陀区", "Putuo", 121.3970, 31.2490, "曹杨 长风 甘泉 石泉 真如 长寿 宜川 桃浦 万里 岚皋"),
    ("hongkou", "虹口区", "Hongkou", 121.4880, 31.2720, "四川 曲阳 广中 凉城 欧阳 嘉兴 提篮 江湾 密云 玉田"),
    ("yangpu", "杨浦区", "Yangpu", 121.5230, 31.2800, "五角场 控江 延吉 长白 四平 定海 平凉 大桥 殷行 鞍山"),
    (
        "pudong",
        "浦东新区",
        "Pudong",
        121.5450,
        31.2150,
        "洋泾 潍坊 塘桥 花木 金杨 沪东 陆家渡 上钢 周家 联洋",
    ),
)
ENDINGS = (
    "新村",
    "花园",
    "公寓",
    "小区",
    "名苑",
    "家园",
    "雅苑",
    "华庭",
    "苑",
    "里",
    "坊",
    "一村",
    "二村",
    "三村",
)
COMPOUNDS = 304
STORE = "xujiahui"
SHELVES = ("A1", "A2", "A3", "A4", "B1", "B2", "B3", "B4", "C1", "C2")


def region() -> Region:
    """The practice city's region."""
    return Region(
        id=REGION,
        name="上海",
        name_en="Shanghai",
        centre=Point(121.4737, 31.2304),
        service_points=(Point(121.4480, 31.2290), Point(121.5300, 31.2300)),
        districts=tuple(
            District(id=id, name=name, name_en=english, centre=Point(lon, lat))
            for id, name, english, lon, lat, _ in DISTRICTS
        ),
        stores=(store(),),
    )


def store() -> Store:
    """The company's counter."""
    return Store(
        id=STORE, name="徐家汇门店", name_en="Xujiahui store", address="徐汇区天平路 1802 号", phone="160 0000 0000",
        district="xuhui", point=Point(121.4378, 31.1952), shelves=SHELVES,
    )  # fmt: skip


def near(dice: random.Random, centre: Point, spread: float) -> Point:
    """A place around a centre; `spread` in degrees."""
    lon = centre.lon + max(-2.0, min(2.0, dice.gauss(0, 1))) * spread
    lat = centre.lat + max(-2.0, min(2.0, dice.gauss(0, 1))) * spread * 0.8
    return Point(round(lon, 6), round(lat, 6))


def compounds(dice: random.Random) -> list[Compound]:
    """The compounds that address search knows, spread evenly over the districts."""
    made = []
    for id, _, _, lon, lat, roads in DISTRICTS:
        names = [road + ending for road in roads.split() for ending in ENDINGS]
        for name in dice.sample(names, COMPOUNDS // len(DISTRICTS)):
            point = near(dice, Point(lon, lat), 0.011)
            made.append(
                Compound(
                    # As an import names them, so that none is there twice.
                    id=f"{REGION}:{id}:{name}",
                    region=REGION,
                    name=name,
                    district=id,
                    point=point,
                )
            )
    return made
