"""The prices of an installation from before there were price books: labour stood in the items, fees in the policy."""

from __future__ import annotations

from typing import Any

import msgspec

from dispatcher_app.domain.book import Band, LabourPrice, PriceBook, TimeRule
from dispatcher_app.domain.entity import PLATFORM
from dispatcher_app.server.store.database import Cursor

# What an old policy meant where it did not say otherwise.
OLD_FIGURES = {
    "door_fee_near": 2000,
    "door_near_m": 5_000,
    "door_fee_far": 3000,
    "door_far_m": 15_000,
    "door_fee_per_km": 150,
    "inspection_percent": 30,
    "inspection_max": 5000,
    "same_day_surcharge": 2000,
    "emergency_surcharge": 5000,
    "night_surcharge": 3000,
    "night_from_hour": 20,
    "night_to_hour": 7,
}


def has_prices(cursor: Cursor) -> bool:
    """Whether any price book was ever published here."""
    return cursor.one("SELECT 1 FROM entity WHERE kind = 'series' AND id LIKE 'prices%'") is not None


def old_book(cursor: Cursor) -> PriceBook | None:
    """The prices as they stand in the bodies of items and policy, None where no item has any."""
    labour = tuple(
        LabourPrice(item=item["id"], fault=fault["id"], price=fault["labour"])
        for item in bodies(cursor, "item")
        for fault in item.get("faults", ())
        if "labour" in fault
    )
    if not labour:
        return None
    policy = next(iter(bodies(cursor, "policy")), {})
    figures = {name: int(policy.get(name, usual)) for name, usual in OLD_FIGURES.items()}
    night = TimeRule(
        id="night",
        kind="night",
        name="夜间服务",
        name_en="Night service",
        from_minute=figures["night_from_hour"] % 24 * 60,
        to_minute=figures["night_to_hour"] * 60,
        amount=figures["night_surcharge"],
    )
    return PriceBook(
        id="prices-1",
        name="升级前的价格",
        labour=labour,
        bands=old_bands(figures),
        same_day=figures["same_day_surcharge"],
        emergency=figures["emergency_surcharge"],
        times=(night,) if night.from_minute != night.to_minute else (),
        inspection_percent=figures["inspection_percent"],
        inspection_max=figures["inspection_max"],
    )


def old_bands(figures: dict[str, int]) -> tuple[Band, ...]:
    """The two bands and what came beyond them; a second one that began nowhere is left out."""
    near, far = figures["door_near_m"], figures["door_far_m"]
    bands = [Band(up_to_m=near, fee=figures["door_fee_near"])] if near > 0 else []
    if far > near:
        bands.append(Band(up_to_m=far, fee=figures["door_fee_far"]))
    beyond = Band(up_to_m=None, fee=figures["door_fee_far"], per_km=figures["door_fee_per_km"])
    return (*bands, beyond)


def bodies(cursor: Cursor, kind: str) -> list[dict[str, Any]]:
    """The bodies of a kind as they were written, by whatever release, in the order of their ids."""
    found = cursor.all("SELECT body FROM entity WHERE kind = ? AND region = ? ORDER BY id", (kind, PLATFORM))
    return [msgspec.json.decode(body) for (body,) in found]
