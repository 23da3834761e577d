"""Areas as columns say what the rule says of each technician, one by one."""

from __future__ import annotations

import random
from dataclasses import replace

from dispatcher_app.domain.area import Ring
from dispatcher_app.domain.matching import Need, unfit
from dispatcher_app.domain.place import Point
from dispatcher_app.planning.crew import Crew
from tests.domain import trade
from tests.domain.trade import NOW


def need_at(point: Point, district: str = "north") -> Need:
    nothing: frozenset[str] = frozenset()
    return Need(
        order="o", skills=nothing, certificates=nothing, brands=nothing, district=district, point=point, minutes=60
    )  # fmt: skip


def triangle(chance: random.Random) -> Ring:
    return tuple(Point(chance.uniform(121, 122), chance.uniform(31, 32)) for _ in range(3))


def test_columns_of_areas_agree_with_the_rule_while_technicians_change() -> None:
    chance, crew = random.Random(5), Crew()
    people = [
        trade.technician(
            f"t{at}",
            area=triangle(chance) if at % 3 else (),
            districts=(("north",), ("south",), ())[at % 4 % 3],
        )
        for at in range(60)
    ]
    for turn in range(3):
        for each in people:
            crew.put(each)
        for _ in range(40):
            need = need_at(triangle(chance)[0])
            told = {id for id, row in crew.rows.items() if crew.fit(need, NOW)[row]}
            assert told == {each.id for each in people if not unfit(each, need, NOW)}
        people = [
            replace(each, area=triangle(chance) if at % 4 == turn else ()) for at, each in enumerate(people)
        ]
