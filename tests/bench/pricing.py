"""How many quotes one process makes in a second: the shipped book, two or three lines, parts, holidays, a coupon."""

from __future__ import annotations

import json
import random
import time
from dataclasses import replace
from typing import Any

from dispatcher_app.catalogue_file import first_catalogue
from dispatcher_app.domain.book import Coupon, PartPrice
from dispatcher_app.domain.explain import explain
from dispatcher_app.domain.order import PartLine, Urgency, Window
from dispatcher_app.domain.place import Point
from dispatcher_app.domain.pricing import Tariff, Wanted, priced_line, quote
from dispatcher_app.domain.region import Region
from dispatcher_app.holiday_source import holiday_year

NOW = 1_795_395_600_000
HOUR_MS = 3_600_000
COUNT = 4_000
TIMES = 5
URGENCIES: tuple[Urgency, ...] = ("normal", "normal", "same_day", "emergency")


def asked(tariff: Tariff, dice: random.Random) -> list[Wanted]:
    """Orders of all kinds, their lines priced from the book beforehand."""
    items = [item for item in first_catalogue().items if item.faults]
    found = []
    for _ in range(COUNT):
        lines = tuple(
            priced_line(item, dice.choice(item.faults).id, "", "", dice.randint(1, 2), tariff.book)
            for item in dice.sample(items, dice.randint(1, 3))
        )
        parts = tuple(PartLine(part="p", price=3_000, quantity=2) for _ in range(dice.randint(0, 2)))
        start = NOW + dice.randrange(-24 * 200, 24 * 30) * HOUR_MS
        found.append(
            Wanted(
                lines=lines,
                parts=parts,
                point=Point(121.47 + dice.uniform(-0.3, 0.3), 31.23 + dice.uniform(-0.3, 0.3)),
                urgency=dice.choice(URGENCIES),
                window=Window(start, start + 2 * HOUR_MS),
                at=NOW,
                coupon="TEN" if dice.random() < 0.2 else None,
            )
        )
    return found


def measure() -> dict[str, Any]:
    """Quotes and explanations a second, the best of a few rounds: the others measure the machine's neighbours."""
    book = first_catalogue().book
    assert book is not None
    book = replace(
        book,
        coupons=(Coupon(code="TEN", name="九折", percent=10),),
        parts=(PartPrice(part="p", price=3_000),),
    )
    centre = Point(121.47, 31.23)
    region = Region(id="sh", name="上海", centre=centre, service_points=(centre, Point(121.5, 31.2)))
    tariff = Tariff(book=book, region=region, detour=1.4, years={"2026": holiday_year("2026")})
    orders = asked(tariff, random.Random(3))
    figures: dict[str, Any] = {}
    for name, function in (("quotes_per_s", quote), ("explained_per_s", explain)):
        best = float("inf")
        for _ in range(TIMES):
            begun = time.perf_counter()
            for each in orders:
                function(each, tariff)
            best = min(best, time.perf_counter() - begun)
        figures[name] = round(COUNT / best)
    return figures


if __name__ == "__main__":
    print(json.dumps(measure(), indent=1))
