"""Data health: nothing is invisible, endless or free without somebody being told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dispatcher_app.domain.book import PartPrice, TimeRule
from dispatcher_app.domain.calendar import DAY_MS
from dispatcher_app.domain.catalogue import Category, Part
from dispatcher_app.domain.health import Known, mendable, problems
from dispatcher_app.domain.place import Point
from dispatcher_app.domain.region import District, Region, Store
from dispatcher_app.domain.technician import Certificate
from tests.domain import trade
from tests.domain.trade import AIR, BOOK, CENTRE, FRIDGE, NOW, TAP

SHANGHAI = Region(id="sh", name="上海", centre=CENTRE)
ITEMS = tuple(replace(each, standard="standard:all") for each in (FRIDGE, AIR, TAP))
SOUND = Known(
    now=NOW,
    regions=(SHANGHAI,),
    categories=(
        Category(id="appliance", name="家电", name_en=""),
        Category(id="home", name="家居", name_en=""),
    ),
    items=ITEMS,
    books={"sh": BOOK},
    technicians=(trade.technician("li"),),
    years=frozenset({"2026"}),
)
DISTRICT = District(id="hp", name="黄浦区", centre=CENTRE)
STORE = Store(id="main", name="上海店", district="hp", point=CENTRE, shelves=("A1",))
BELT = Part(id="belt", name="皮带")
LI = trade.technician("li")
HOLIDAY = replace(BOOK, times=(TimeRule(id="h", kind="holiday", name="节日", days=("holiday",), percent=20),))


def found(**changes: Any) -> list[tuple[str, str, str]]:
    return [(each.kind, each.id, each.code) for each in problems(replace(SOUND, **changes))]


def items(**changes: Any) -> tuple[Any, ...]:
    return (*ITEMS[:2], replace(ITEMS[2], **changes))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"items": items(faults=())}, [("item", "tap", "health_no_faults")]),
        ({"items": items(category="moon")}, [("item", "tap", "health_category")]),
        ({"items": items(skill="moon")}, [("item", "tap", "health_skill")]),
        ({"items": items(skill="moon", retired=True)}, []),
        ({"items": items(certificates=("登月",))}, [("item", "tap", "health_certificate")]),
        ({"items": items(standard=None)}, [("item", "tap", "health_no_standard")]),
        ({"items": items(faults=(replace(TAP.faults[0], minutes=0),))}, [("item", "tap", "health_no_minutes")]),
        ({"items": items(faults=(replace(TAP.faults[0], id="new"),))}, [("item", "tap", "health_no_price")]),
        ({"items": items(faults=(replace(TAP.faults[0], parts=("belt",)),))}, [("item", "tap", "health_part_unknown")]),
        ({"regions": (replace(SHANGHAI, districts=(DISTRICT,), stores=(STORE,)),)}, []),
        ({"regions": (replace(SHANGHAI, stores=(replace(STORE, district=""),)),)}, []),
        (
            {"regions": (replace(SHANGHAI, districts=(DISTRICT,), stores=(replace(STORE, district=""),)),)},
            [("store", "main", "health_store_district")],
        ),
        (
            {"regions": (replace(SHANGHAI, stores=(replace(STORE, shelves=()),)),)},
            [("store", "main", "health_store_shelves")],
        ),
        ({"parts": (BELT,)}, [("part", "belt", "health_part_no_price")]),
        ({"parts": (BELT,), "books": {"sh": replace(BOOK, parts=(PartPrice(part="belt", price=1),))}}, []),
        ({"technicians": (LI, replace(LI, id="x", shifts=()))}, [("technician", "x", "health_no_shift")]),
        ({"technicians": (LI, replace(LI, id="x", shifts=(), suspended=True))}, []),
        ({"technicians": (LI, replace(LI, id="x", skills=()))}, [("technician", "x", "health_no_skills")]),
        ({"technicians": (LI, replace(LI, id="x", home=Point(0, 0)))}, [("technician", "x", "health_no_home")]),
        (
            {"technicians": (LI, replace(LI, id="x", certificates=(Certificate("高处作业", NOW + DAY_MS),)))},
            [("technician", "x", "health_expires")],
        ),
        ({"books": {"sh": None}}, [("region", "sh", "health_no_prices")]),
        ({"books": {"sh": HOLIDAY}}, [("holiday_year", "2027", "health_holidays")]),
        ({"books": {"sh": HOLIDAY}, "years": frozenset({"2026", "2027"})}, []),
        (
            {"approximate": ("o1",), "unconfirmed": ("o2",)},
            [("order", "o1", "health_approximate"), ("order", "o2", "health_unconfirmed")],
        ),
    ],
)  # fmt: skip
def test_what_would_stay_unseen_is_listed(
    changes: dict[str, Any], expected: list[tuple[str, str, str]]
) -> None:
    assert found(**changes) == expected


def test_a_certificate_that_has_expired_is_held_by_nobody() -> None:
    expired = (replace(LI, certificates=(Certificate("高处作业", NOW),)),)
    assert ("item", "air", "health_certificate") in found(technicians=expired)


def test_everybody_is_shown_what_is_his_to_mend() -> None:
    all_of_it = problems(
        replace(SOUND, items=items(faults=()), technicians=(replace(LI, shifts=()),), approximate=("o1",))
    )
    assert {each.kind for each in mendable(all_of_it, ("dispatcher",))} == {"order"}
    assert {each.kind for each in mendable(all_of_it, ("supervisor",))} == {"order", "technician"}
    assert {each.kind for each in mendable(all_of_it, ("administrator",))} == {"item", "technician"}
    assert mendable(all_of_it, ("wall",)) == ()
