"""What staff and administrators keep: customers and homes, catalogue, policy, regions, people."""

from __future__ import annotations

from dataclasses import fields, replace
from itertools import pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dispatcher_app.domain import role
from dispatcher_app.domain.act import Act, Broken, Change, Rejected, Secret, World
from dispatcher_app.domain.area import checked_ring, ground_of, inside, overlapping
from dispatcher_app.domain.catalogue import CREW_MOST, Item
from dispatcher_app.domain.command import (
    AddAddress,
    ChangeCustomer,
    SaveCategory,
    SaveCompound,
    SaveDistrict,
    SaveItem,
    SavePolicy,
    SaveRegion,
    SaveStaff,
)  # fmt: skip
from dispatcher_app.domain.customer import Customer, normal_phone, phone_mask
from dispatcher_app.domain.entity import PLATFORM
from dispatcher_app.domain.money import credit
from dispatcher_app.domain.order import Order, Status
from dispatcher_app.domain.region import DispatchMode, District, Policy, Region
from dispatcher_app.domain.rule.caller import address_made, checked_district
from dispatcher_app.domain.rule.facts import coded, in_region, on_top, region_of, required_text, stepped
from dispatcher_app.domain.rule.terms import checked_terms
from dispatcher_app.domain.rule.work import flagged

RINGS_MOST = 8
STARS = 5
EXCUSES_MOST = 20
MODES_MOST = 500
DISTRICTS_MOST = 500
DISTRICT_ID_LONGEST = 80
FIGURE_MOST = 1_000_000
"""Minutes, metres, minor units: nearly two years, a thousand kilometres, ten thousand yuan."""
SUM_MOST = 1_000_000_000
SUMS = frozenset({"cash_limit", "claim_most", "deposit_wanted", "withdrawal_least"})
"""Figures of money that may be large: up to ten million yuan."""
ASKED: frozenset[Status] = frozenset({
    "in_progress", "on_hold", "finished", "received", "diagnosing", "quoted", "repairing",
})  # fmt: skip
"""Where the customer's word on a quote or on the work is asked, or will be: whoever quotes next is no better placed."""
AT_LEAST_ONE = frozenset({
    "daily_limit", "arrival_radius_m", "link_days", "track_days", "horizon_days", "unclaimed_days", "grab_ring_s",
    "hold_s", "publish_every_s", "request_lapses", "complaint_call_back", "complaint_calls", "complaint_repeat",
    "complaint_repeat_days", "credit_days", "credit_orders",
})  # fmt: skip


def change_customer(command: ChangeCustomer, act: Act, world: World, now: int) -> Change:
    """Another name or number; who is asked for his word meanwhile is looked after by a supervisor first.

    Else staff could have the link that answers, and the codes, sent to a number of their own.
    """
    role.require(act.actor, role.BOOKS, act.region)
    customer = in_region(world, Customer, command.customer, "customer", act.region)
    if customer.version != command.from_version:
        raise Rejected("edited_meanwhile", "from_version", version=customer.version)
    after = replace(customer, name=required_text(command.name, "name", 80))
    secrets: tuple[Secret, ...] = ()
    undo = None
    orders: tuple[Order, ...] = ()
    if command.phone is not None:
        phone = normal_phone(command.phone)
        after = replace(after, phone_mask=phone_mask(phone), number_by=act.actor.name, number_at=now)
        secrets = (Secret("customer", customer.id, "phone", phone),)
        orders = renumbered(world, customer.id, act)
    else:
        undo = ChangeCustomer(customer=customer.id, from_version=customer.version + 1, name=customer.name)
    return Change(after=(after, *orders), secrets=secrets, undo=undo)


def renumbered(world: World, customer: str, act: Act) -> tuple[Order, ...]:
    """The customer's orders on which his word is or will be asked, flagged."""
    found = (world.get(Order, id) for id in world.orders_of(customer))
    return tuple(
        stepped(flagged(order, "number_changed"), act, "change_number")
        for order in found
        if order is not None and order.status in ASKED and order.confirmed_at is None
    )


def add_address(command: AddAddress, act: Act, world: World, now: int) -> Change:
    """One more home of a customer."""
    role.require(act.actor, role.BOOKS, act.region)
    customer = in_region(world, Customer, command.customer, "customer", act.region)
    checked_district(world, command.address, act.region)
    address, secrets = address_made(world, command.address, customer.id, act.region)
    after = replace(customer, addresses=(*customer.addresses, address.id))
    return Change(after=(after, address), secrets=secrets)


def save_compound(command: SaveCompound, act: Act, world: World, now: int) -> Change:
    """A compound for address search."""
    role.require(act.actor, role.BOOKS | role.ADMINISTERS, act.region)
    required_text(command.compound.name, "name", 200)
    return Change(after=(on_top(world, command.compound, act),))


def save_category(command: SaveCategory, act: Act, world: World, now: int) -> Change:
    """A category of the catalogue."""
    role.require(act.actor, role.ADMINISTERS, act.region)
    required_text(command.category.name, "name", 80)
    return Change(after=(on_top(world, command.category, act),), undo=None)


def save_item(command: SaveItem, act: Act, world: World, now: int) -> Change:
    """An item: every fault lasts some time, so that nothing is endless by oversight; prices stand in the book."""
    role.require(act.actor, role.ADMINISTERS, act.region)
    required_text(command.item.name, "name", 80)
    required_text(command.item.skill, "skill", 60)
    if not command.item.faults:
        raise Rejected("faults_missing", "faults")
    for fault in command.item.faults:
        if not 1 <= fault.minutes <= 24 * 60:
            raise Rejected("fault_invalid", "faults", fault=fault.id)
    if not 1 <= command.item.crew <= CREW_MOST:
        raise Rejected("crew_invalid", "crew", least=1, most=CREW_MOST)
    former = world.get(Item, command.item.id)
    standard = former.standard if former else None
    return Change(after=(replace(on_top(world, command.item, act), standard=standard),))


def save_policy(command: SavePolicy, act: Act, world: World, now: int) -> Change:
    """The figures of the trade."""
    role.require(act.actor, role.ADMINISTERS, act.region)
    if command.policy.speed_kmh <= 0 or command.policy.detour < 1 or command.policy.window_minutes < 15:
        raise Rejected("policy_invalid", "policy")
    for name in fields(command.policy):
        value = getattr(command.policy, name.name)
        if isinstance(value, int) and name.name != "version":
            least, most = span_of(name.name)
            if not least <= value <= most:
                raise Rejected("figure_unfit", name.name, least=least, most=most)
    if command.policy.window_first_hour >= command.policy.window_last_hour:
        raise Rejected(
            "figure_unfit", "window_last_hour", least=command.policy.window_first_hour + 1, most=24
        )
    for figure in ("complaint_answer", "complaint_solve"):
        if not all(1 <= minutes <= FIGURE_MOST for minutes in getattr(command.policy, figure)):
            raise Rejected("figure_unfit", figure, least=1, most=FIGURE_MOST)
    checked_rings(command.policy.grab_rings_m)
    checked_modes(command.policy.dispatch_modes)
    checked_credit(command.policy)
    checked_terms(command.policy, world.get(Policy, "policy"), now)
    return Change(after=(on_top(world, command.policy, act),))


def checked_credit(policy: Policy) -> None:
    """Raises Rejected unless there is a figure for each number of stars, and every level begins below the one before."""
    stars, levels = policy.credit_stars, policy.credit_levels
    if len(stars) != STARS or not all(-credit.MOST <= each <= credit.MOST for each in stars):
        raise Rejected("figure_unfit", "credit_stars", least=-credit.MOST, most=credit.MOST)
    ordered = all(low < high for high, low in pairwise(levels))
    if (
        len(levels) != len(credit.LEVELS) - 1
        or not ordered
        or not 0 <= levels[-1] <= levels[0] <= credit.MOST
    ):
        raise Rejected("figure_unfit", "credit_levels", least=0, most=credit.MOST)
    if len(policy.credit_unfinished) > EXCUSES_MOST:
        raise Rejected("too_many", "credit_unfinished", limit=EXCUSES_MOST)
    for excuse in policy.credit_unfinished:
        coded(excuse, "credit_unfinished")
    if policy.credit_start > credit.MOST:
        raise Rejected("figure_unfit", "credit_start", least=0, most=credit.MOST)


def checked_rings(rings_m: tuple[int, ...]) -> None:
    """Raises Rejected unless every ring of the grab pool is wider than the one before."""
    if not 1 <= len(rings_m) <= RINGS_MOST:
        raise Rejected("figure_unfit", "grab_rings_m", least=1, most=RINGS_MOST)
    for before, ring in zip((0, *rings_m), rings_m, strict=False):
        if not before < ring <= FIGURE_MOST:
            raise Rejected("figure_unfit", "grab_rings_m", least=before + 1, most=FIGURE_MOST)


def checked_modes(modes: tuple[DispatchMode, ...]) -> None:
    """Raises Rejected where two rules speak of the same item and district, or there is no end of them."""
    if len(modes) > MODES_MOST:
        raise Rejected("too_many", "dispatch_modes", limit=MODES_MOST)
    if len({(each.item, each.district) for each in modes}) < len(modes):
        raise Rejected("mode_twice", "dispatch_modes")


def span_of(figure: str) -> tuple[int, int]:
    """The least and most that a figure of the policy may be: never below nothing, never without end."""
    if figure.endswith("_percent"):
        return 0, 1000 if figure == "quote_over_percent" else 100
    if figure.endswith("_hour"):
        return 0, 24
    return int(figure in AT_LEAST_ONE), SUM_MOST if figure in SUMS else FIGURE_MOST


def save_region(command: SaveRegion, act: Act, world: World, now: int) -> Change:
    """A region with its districts; its id names its log, and lists of logs are parted by commas."""
    role.require(act.actor, role.ADMINISTERS, act.region)
    if not region_id_fits(command.saved.id):
        raise Rejected("region_id_invalid", "id", id=command.saved.id)
    required_text(command.saved.name, "name", 80)
    try:
        ZoneInfo(command.saved.timezone)
    except (ZoneInfoNotFoundError, ValueError):
        raise Rejected("timezone_unknown", "timezone") from None
    for district in command.saved.districts:
        checked_ring(district.area, command.saved, "districts")
    former = world.get(Region, command.saved.id)
    if former is not None and former.currency != command.saved.currency:
        # What stands in its books would be found by nobody any more.
        raise Rejected("currency_fixed", "currency", currency=former.currency)
    return Change(after=(on_top(world, command.saved, act),))


def save_district(command: SaveDistrict, act: Act, world: World, now: int) -> Change:
    """A district drawn or named; reaching into another one is said, for a place is then the smaller one's."""
    role.require(act.actor, role.ADMINISTERS | role.OVERRIDES, act.region)
    if not role.holds(act.actor, role.ADMINISTERS):
        role.require(act.actor, role.OVERRIDES, command.region)
    region = region_of(world, command.region)
    standing = next((each for each in region.districts if each.id == command.district.id), None)
    if standing != command.former:
        raise Rejected("edited_meanwhile", "former", version=region.version)
    if not command.district.id or len(command.district.id) > DISTRICT_ID_LONGEST:
        raise Rejected("required" if not command.district.id else "too_long", "id", limit=DISTRICT_ID_LONGEST)
    if standing is None and len(region.districts) >= DISTRICTS_MOST:
        raise Rejected("too_many", "districts", limit=DISTRICTS_MOST)
    made = drawn(command.district, region)
    others = [each for each in region.districts if each.id != made.id]
    parts = (made if each.id == made.id else each for each in region.districts)
    after = replace(region, districts=tuple(parts) if standing else (*region.districts, made))
    reached = overlapping(made.area, others) if made.area else []
    said = (Broken("area_overlaps", {"districts": [each.name for each in reached]}),) if reached else ()
    undo = SaveDistrict(region=region.id, district=standing, former=made) if standing else None
    return Change(after=(after,), undo=undo, warnings=said)


def drawn(district: District, region: Region) -> District:
    """The district as it can be kept: its centre, where places that nobody can find are put, within its outline."""
    area = checked_ring(district.area, region, "area")
    centre = district.centre if not area or inside(area, district.centre) else ground_of(area)
    return replace(district, name=required_text(district.name, "name", 80), area=area, centre=centre)


def region_id_fits(id: str) -> bool:
    """Whether a region may be called so: one word without commas that is not the company's own log."""
    return bool(id) and id != PLATFORM and not any(char.isspace() or char == "," for char in id)


def save_staff(command: SaveStaff, act: Act, world: World, now: int) -> Change:
    """A person at a desk."""
    role.require(act.actor, role.ADMINISTERS, act.region)
    required_text(command.staff.name, "name", 80)
    if unknown := set(command.staff.roles).difference(role.STAFF_ROLES):
        raise Rejected("role_unknown", "roles", roles=sorted(unknown))
    return Change(after=(on_top(world, command.staff, act),))
