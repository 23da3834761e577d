"""Standards: drafted, published in versions, and ticked on site."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from dispatcher_app.domain import role
from dispatcher_app.domain.act import SYSTEM, Act, Broken, Change, Facts, Rejected, World, need
from dispatcher_app.domain.calendar import MINUTE_MS
from dispatcher_app.domain.catalogue import Item
from dispatcher_app.domain.command import DiscardStandard, MarkCheck, PublishStandard, SaveStandard
from dispatcher_app.domain.edition import Edition, Series
from dispatcher_app.domain.order import Checked, Order
from dispatcher_app.domain.rule.facts import (
    changed_meanwhile,
    coded,
    in_region,
    may,
    on_top,
    own_store,
    required_text,
    stepped,
    text,
)  # fmt: skip
from dispatcher_app.domain.rule.price import NAMED_AT_ONCE, PATIENCE, drafted
from dispatcher_app.domain.rule.talking import attached
from dispatcher_app.domain.standard import Check, Standard

SERIES = "standard:"
CHECKS_LIMIT = 60
WAIVES = frozenset({"supervisor"})
"""Who may leave out a check that finishing is refused without; a safety step nobody may."""


@dataclass(frozen=True, slots=True)
class Unchecked:
    """A check that a line of an order has not had."""

    standard: str
    line: int
    check: Check


def save_standard(command: SaveStandard, act: Act, world: World, now: int) -> Change:
    """A draft as administrators edit it, also one that was thrown away; a published version is never touched again."""
    role.require(act.actor, role.ADMINISTERS, act.region)
    wanted = command.standard
    former = world.get(Standard, wanted.id)
    if wanted.state != "draft" or (former is not None and former.state == "published"):
        raise Rejected("edition_published", "standard")
    short = wanted.series.removeprefix(SERIES)
    if not wanted.series.startswith(SERIES) or not short or any(char.isspace() for char in short):
        raise Rejected("series_invalid", "series", series=wanted.series)
    if len(wanted.checks) > CHECKS_LIMIT:
        raise Rejected("too_many", "checks", limit=CHECKS_LIMIT)
    for check in wanted.checks:
        text(check.text, "checks", 200)
        text(check.text_en, "checks", 200)
    name = required_text(wanted.name, "name", 80)
    return Change(after=(replace(on_top(world, wanted, act), name=name, starts_at=None, published_by=""),))


def publish_standard(command: PublishStandard, act: Act, world: World, now: int) -> Change:
    """From a moment on work is held to it; every row that makes no sense is named, and nothing is published then."""
    role.require(act.actor, role.ADMINISTERS, act.region)
    draft = need(world, Standard, command.standard, "standard")
    drafted(draft, command.from_version, "standard")
    series = world.get(Series, draft.series) or Series(id=draft.series)
    # What a new installation begins with holds from ever on.
    first = act.actor == SYSTEM and not series.editions
    if not first and command.starts_at < now - PATIENCE * MINUTE_MS:
        raise Rejected("starts_in_the_past", "starts_at")
    newest = max((each.starts_at for each in series.editions), default=None)
    if newest is not None and command.starts_at <= newest:
        raise Rejected("starts_too_early", "starts_at", since=newest)
    if wrong := [*nonsense(draft), *homeless(world, draft, now)]:
        rows = [{"code": each.code, "params": each.params} for each in wrong]
        raise Rejected("standard_invalid", "checks", count=len(rows), broken=rows[:NAMED_AT_ONCE], rows=rows)
    made = replace(
        draft, state="published", number=len(series.editions) + 1, starts_at=command.starts_at,
        published_by=act.actor.name,
    )  # fmt: skip
    series = replace(series, editions=(*series.editions, Edition(made.id, command.starts_at)))
    items = [need(world, Item, id, "items") for id in draft.items]
    named = [replace(item, standard=draft.series) for item in items if item.standard != draft.series]
    return Change(after=(made, series, *named))


def discard_standard(command: DiscardStandard, act: Act, world: World, now: int) -> Change:
    """A draft is thrown away; saving it again brings it back."""
    role.require(act.actor, role.ADMINISTERS, act.region)
    draft = need(world, Standard, command.standard, "standard")
    drafted(draft, command.from_version, "standard")
    undo = SaveStandard(standard=replace(draft, version=draft.version + 1))
    return Change(after=(replace(draft, state="discarded"),), undo=undo)


def nonsense(standard: Standard) -> Iterator[Broken]:
    """The rows (counted from 1) of a standard that nobody could follow."""
    if not standard.items:
        yield Broken("standard_no_items")
    if not standard.checks:
        yield Broken("standard_no_checks")
    known: set[str] = set()
    for row, check in enumerate(standard.checks, 1):
        if not check.text.strip():
            yield Broken("check_empty", {"row": row})
        if not check.id.strip() or check.id in known:
            yield Broken("check_doubled", {"row": row})
        if check.safety and check.left_out != "refuse":
            yield Broken("check_safety", {"row": row})
        known.add(check.id)


def homeless(world: World, standard: Standard, now: int) -> Iterator[Broken]:
    """The items of a standard that are doubled, are not in the catalogue, or are held to another one already."""
    for row, id in enumerate(standard.items, 1):
        item = world.get(Item, id)
        if item is None or id in standard.items[: row - 1]:
            yield Broken("standard_item_unknown", {"row": row, "name": id})
        elif item.standard not in (None, standard.series) and id in held(world, item.standard or "", now):
            yield Broken("standard_item_taken", {"item": id, "series": item.standard})


def held(world: World, series: str, now: int) -> set[str]:
    """The items of the version in force and of those still to come."""
    found = world.get(Series, series) or Series(id=series)
    ids = {found.at(now), *(each.id for each in found.editions if each.starts_at > now)}
    editions = (world.get(Standard, id) for id in ids if id is not None)
    return {item for edition in editions if edition is not None for item in edition.items}


def standards_of(world: Facts, items: Iterable[str], at: int) -> tuple[str, ...]:
    """The versions in force at a moment (UTC ms) for these items, each once; an item without a standard has none."""
    found: dict[str, None] = {}
    for id in items:
        item = world.get(Item, id)
        series = world.get(Series, item.standard) if item is not None and item.standard else None
        edition = world.get(Standard, series.at(at) or "") if series is not None else None
        if edition is not None and id in edition.items:
            found[edition.id] = None
    return tuple(found)


def standards_kept(world: World, order: Order, at: int) -> tuple[str, ...]:
    """The versions that an order is held to: those that its work began by, and for work that came since those of now."""
    kept = [need(world, Standard, id, "standards") for id in order.standards]
    known = {item for each in kept for item in each.items}
    new = (line.item for line in order.lines if line.item not in known)
    return tuple(dict.fromkeys((*order.standards, *standards_of(world, new, at))))


def asked(world: Facts, order: Order) -> Iterator[Unchecked]:
    """Every check that the standards of an order ask of its lines; of parts only where some are fitted."""
    for id in order.standards:
        standard = need(world, Standard, id, "standards")
        for index, line in enumerate(order.lines):
            if line.item not in standard.items or line.state == "excused":
                continue
            fitted = any(part.line == index for part in order.parts)
            for check in standard.checks:
                if check.stage != "parts" or fitted:
                    yield Unchecked(id, index, check)


def unchecked(world: Facts, order: Order) -> tuple[Unchecked, ...]:
    """The checks still missing: refusing or marking is their `check.left_out`. Waived ones that mark are among them."""
    state = {(each.standard, each.line, each.check): each.state for each in order.checks}
    return tuple(
        each
        for each in asked(world, order)
        if (found := state.get((each.standard, each.line, each.check.id))) is None
        or (found == "waived" and each.check.left_out == "mark")
    )


def mark_check(command: MarkCheck, act: Act, world: World, now: int) -> Change:
    """A check done, left out with a reason, or open again."""
    order = in_region(world, Order, command.order, "order", act.region)
    may(order, "progress", act)
    own_store(world, order, act)
    wanted = next(
        (each for each in asked(world, order) if (each.line, each.check.id) == (command.line, command.check)),
        None,
    )
    if wanted is None:
        raise Rejected("check_unknown", "check", check=command.check)
    key = (wanted.standard, command.line, command.check)
    former = next((each for each in order.checks if (each.standard, each.line, each.check) == key), None)
    if (former.state if former else "open") == command.state:
        raise changed_meanwhile(order, "check", frozenset({"check"}), state=command.state)
    others = tuple(each for each in order.checks if each is not former)
    made = () if command.state == "open" else (checked(command, act, world, order, wanted),)
    after = replace(order, checks=(*others, *made))
    after = stepped(after, act, "check", check=command.check, line=command.line, state=command.state)
    undo = MarkCheck(
        order=order.id, line=command.line, check=command.check, state=former.state if former else "open",
        photo=former.photo if former else None, reason=former.reason if former else "",
    )  # fmt: skip
    return Change(after=(after,), undo=undo)


def checked(command: MarkCheck, act: Act, world: World, order: Order, wanted: Unchecked) -> Checked:
    """The check as it is kept on the order; raises Rejected where its photo, its reason or the right is missing."""
    check = wanted.check
    if command.state == "waived":
        if check.safety:
            raise Rejected("check_safety_waived", "state")
        if check.left_out == "refuse":
            role.require(act.actor, WAIVES, act.region)
        return Checked(standard=wanted.standard, check=check.id, line=wanted.line, state="waived", at=act.at,
                       actor=act.actor.name, reason=coded(command.reason, "reason"))  # fmt: skip
    if check.photo and command.photo is None:
        raise Rejected("photo_missing", "photo")
    if command.photo is not None:
        attached(world, order, (command.photo,), "photo")
    return Checked(standard=wanted.standard, check=check.id, line=wanted.line, at=act.at, actor=act.actor.name,
                   photo=command.photo)  # fmt: skip
