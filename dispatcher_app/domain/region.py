"""The company's regions (usually a city), its staff and its policy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from dispatcher_app.domain.entity import PLATFORM
from dispatcher_app.domain.money.period import Cadence
from dispatcher_app.domain.money.terms import CONTRACTORS, ShareRule, TaxBand
from dispatcher_app.domain.place import Point


@dataclass(frozen=True, slots=True, kw_only=True)
class District:
    """A part of a region: where technicians are sent and orders are counted.

    `area` is its outline (WGS-84, see `domain/area.py`), empty where nobody has drawn it.
    """

    id: str
    name: str
    name_en: str = ""
    centre: Point
    area: tuple[Point, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """A counter (门店) where devices are handed in, with its shelves."""

    id: str
    name: str
    name_en: str = ""
    address: str = ""
    phone: str = ""
    district: str
    point: Point
    shelves: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A city with its own log, time zone and currency."""

    kind: ClassVar[str] = "region"
    id: str
    region: str = PLATFORM
    version: int = 0
    name: str
    name_en: str = ""
    timezone: str = "Asia/Shanghai"
    currency: str = "CNY"
    centre: Point
    service_points: tuple[Point, ...] = ()
    districts: tuple[District, ...] = ()
    stores: tuple[Store, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """A person at a desk, with roles and the regions they hold for."""

    kind: ClassVar[str] = "staff"
    id: str
    region: str = PLATFORM
    version: int = 0
    name: str
    roles: tuple[str, ...]
    regions: tuple[str, ...]
    store: str | None = None
    active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class DispatchMode:
    """How new orders of an item in a district are dispatched by themselves; "" stands for every item or district.

    The most exact one counts: item and district, then item, then district, then neither.
    """

    item: str = ""
    district: str = ""
    mode: Literal["direct", "offer", "grab", "auto"] = "direct"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The figures of the trade, edited by administrators; money in minor units, times in minutes unless named.

    Prices stand in the price book; here is only what cancelling costs. What credit steps take is written as a figure
    above nothing; `credit_stars` is what one to five stars do, `credit_levels` the least score of each level, the best
    first. A job dropped within `credit_drop_grace` minutes after somebody else had given it to him costs nothing.
    """

    kind: ClassVar[str] = "policy"
    id: str = "policy"
    region: str = PLATFORM
    version: int = 0
    cancel_free_after_booking: int = 15
    cancel_free_before_window: int = 120
    cancel_fee: int = 1000
    cancel_fee_departed: int = 3000
    no_show_compensation: int = 3000
    drop_compensation: int = 1000
    refund_limit_order: int = 20_000
    refund_limit_day: int = 200_000
    refund_remainder: int = 3000
    claim_most: int = 10_000_000
    refund_ask_again_s: int = 30
    refund_attention_after: int = 30
    reopen_within: int = 24 * 60
    offer_countdown_s: int = 180
    dispatch_within: int = 15
    dispatch_within_emergency: int = 5
    status_gate: int = 60
    window_minutes: int = 120
    window_first_hour: int = 8
    window_last_hour: int = 20
    horizon_days: int = 14
    emergency_reserve_percent: int = 10
    daily_limit: int = 8
    detour: float = 1.4
    speed_kmh: float = 27.0
    parking_s: int = 120
    arrival_radius_m: int = 300
    absent_wait: int = 20
    absent_calls: int = 2
    transfer_expires: int = 15
    request_lapses: int = 3 * 24 * 60
    quote_lapses: int = 60
    quote_lapses_workshop: int = 3 * 24 * 60
    quote_over_percent: int = 20
    quote_drop_within: int = 10
    quote_drop_percent: int = 10
    confirm_within: int = 48 * 60
    review_edit_days: int = 7
    warranty_labour_days: int = 30
    warranty_parts_days: int = 180
    warranty_return_days: int = 30
    pick_up_remind_days: int = 7
    unclaimed_days: int = 30
    link_days: int = 7
    track_days: int = 90
    hold_s: int = 300
    overtime_minutes: int = 60
    break_minutes: int = 45
    break_from: int = 11 * 60 + 30
    break_until: int = 13 * 60
    grab_rings_m: tuple[int, ...] = (3_000, 5_000, 10_000)
    grab_ring_s: int = 60
    grab_collect_s: int = 5
    dispatch_modes: tuple[DispatchMode, ...] = ()
    complaint_answer: tuple[int, int, int] = (30, 15, 5)
    complaint_solve: tuple[int, int, int] = (24 * 60, 12 * 60, 4 * 60)
    complaint_call_back: int = 4 * 60
    complaint_calls: int = 3
    complaint_reopen_days: int = 30
    complaint_repeat: int = 3
    complaint_repeat_days: int = 90
    publish_every_s: int = 60
    publish_gain_s: int = 300
    share_labour_percent: int = 70
    share_surcharge_percent: int = 50
    share_fee_percent: int = 100
    share_release: int = 48 * 60
    payment_minutes: int = 15
    payment_ask_s: int = 5
    cash_limit: int = 200_000
    settles: Cadence = "weekly"
    share_rules: tuple[ShareRule, ...] = ()
    tax_bands: tuple[TaxBand, ...] = CONTRACTORS
    withdrawal_least: int = 10_000
    appeal_days: int = 7
    deposit_wanted: int = 200_000
    credit_start: int = 80
    credit_days: int = 90
    credit_orders: int = 50
    credit_stars: tuple[int, ...] = (-3, -2, -1, 0, 1)
    credit_on_time: int = 1
    credit_late: int = 5
    credit_dropped: int = 5
    credit_no_show: int = 5
    credit_not_completed: int = 3
    credit_complaint: int = 5
    credit_unfinished: tuple[str, ...] = ("not_repairable", "not_able")
    credit_drop_grace: int = 15
    credit_levels: tuple[int, ...] = (90, 70, 60, 50)
    credit_appeal_days: int = 14
    credit_bonus: int = 10000
