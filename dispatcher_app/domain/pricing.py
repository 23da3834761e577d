"""An itemised quote from the price book's figures; the same function shows it live and stores it."""

from __future__ import annotations

from datetime import datetime

from dispatcher_app.domain.calendar import zone
from dispatcher_app.domain.catalogue import Item
from dispatcher_app.domain.order import Line, Quote, QuoteLine, Urgency, Window
from dispatcher_app.domain.place import Point, distance_m
from dispatcher_app.domain.region import Policy, Region


def priced_line(item: Item, fault: str | None, brand: str, model: str, quantity: int) -> Line:
    """A line with the catalogue's minutes and labour; without a known fault those of its longest one."""
    found = item.fault(fault) or max(item.faults, key=lambda each: each.minutes, default=None)
    return Line(
        item=item.id,
        fault=fault,
        brand=brand,
        model=model,
        quantity=quantity,
        minutes=found.minutes if found else 60,
        labour=found.labour if found else 0,
    )


def door_fee(policy: Policy, distance: float) -> int:
    """The door fee (上门费) by distance from the service point: two bands, then by the kilometre begun."""
    if distance <= policy.door_near_m:
        return policy.door_fee_near
    if distance <= policy.door_far_m:
        return policy.door_fee_far
    beyond_km = -(-(distance - policy.door_far_m) // 1000)
    return policy.door_fee_far + int(beyond_km) * policy.door_fee_per_km


def quote(
    lines: tuple[Line, ...],
    point: Point,
    urgency: Urgency,
    window: Window | None,
    policy: Policy,
    region: Region,
) -> Quote:
    """The price of an order: labour by line, surcharges, and the fee due when the repair is declined."""
    labour = [
        QuoteLine(
            what="labour",
            amount=line.labour * line.quantity,
            reason="labour",
            params={"item": line.item, "fault": line.fault, "quantity": line.quantity},
        )
        for line in lines
    ]
    points = region.service_points or (region.centre,)
    distance = min(distance_m(point, each) for each in points) * policy.detour
    fee = door_fee(policy, distance)
    extras = []
    if urgency == "same_day":
        extras.append(QuoteLine(what="urgency", amount=policy.same_day_surcharge, reason="same_day"))
    elif urgency == "emergency":
        extras.append(QuoteLine(what="urgency", amount=policy.emergency_surcharge, reason="emergency"))
    if window is not None:
        hour = datetime.fromtimestamp(window.start / 1000, zone(region.timezone)).hour
        if hour >= policy.night_from_hour or hour < policy.night_to_hour:
            extras.append(QuoteLine(what="night", amount=policy.night_surcharge, reason="night"))
    waived = QuoteLine(
        what="door_fee",
        amount=0,
        reason="door_fee_waived",
        params={"fee": fee, "distance_m": round(distance)},
    )
    book = sum(line.amount for line in labour)
    inspection = min((book * policy.inspection_percent + 50) // 100, policy.inspection_max)
    return Quote(
        lines=(*labour, waived, *extras),
        total=book + sum(line.amount for line in extras),
        if_declined=max(fee, inspection),
        currency=region.currency,
        policy_version=policy.version,
    )


def cancel_fee(
    policy: Policy,
    *,
    departed: bool,
    accepted: bool,
    ours: bool,
    created_at: int,
    window: Window | None,
    at: int,
) -> int:
    """What cancelling costs the customer (minor units) at a moment, by the rules told at booking."""
    if ours or not accepted or at - created_at <= policy.cancel_free_after_booking * 60_000:
        return 0
    if departed:
        return policy.cancel_fee_departed
    if window is None or window.start - at > policy.cancel_free_before_window * 60_000:
        return 0
    return policy.cancel_fee
