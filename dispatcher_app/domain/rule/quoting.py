"""Quotes on site and at the bench: proposed, and then confirmed, declined, taken back or lapsed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from dispatcher_app.domain.act import Act, Broken, Change, FreshCode, Rejected, World, need
from dispatcher_app.domain.book import PriceBook
from dispatcher_app.domain.calendar import MINUTE_MS
from dispatcher_app.domain.catalogue import Part
from dispatcher_app.domain.command import (
    BookedLine,
    ConfirmQuote,
    DeclineQuote,
    LapseQuote,
    QuotedLine,
    QuotedPart,
    ReviseQuote,
    WithdrawQuote,
)  # fmt: skip
from dispatcher_app.domain.command.quoting import QUOTE_REASONS
from dispatcher_app.domain.day import Day
from dispatcher_app.domain.matching import live_stops
from dispatcher_app.domain.order import Line, Order, PartLine, Revision, RevisionState, Status
from dispatcher_app.domain.region import Policy
from dispatcher_app.domain.rule.dispatching import written
from dispatcher_app.domain.rule.facts import (
    changed_meanwhile,
    day_of,
    in_region,
    may,
    own_store,
    policy_of,
    required_text,
    stepped,
    text,
)  # fmt: skip
from dispatcher_app.domain.rule.requoting import repriced, requote
from dispatcher_app.domain.rule.standard import standards_kept
from dispatcher_app.domain.rule.standing import party, stop_of
from dispatcher_app.domain.rule.talking import attached, note_made
from dispatcher_app.domain.rule.visiting import ended
from dispatcher_app.domain.rule.word import asked, checked_word
from dispatcher_app.domain.rule.work import flagged
from dispatcher_app.domain.rule.workshop import readied

QUOTING = frozenset({"quote", "confirm_quote", "decline_quote", "withdraw_quote", "lapse_quote"})
PRICE_LIMIT = 10_000_000
PHOTOS_LIMIT = 9
PARTS_LIMIT = 60


def revise(command: ReviseQuote, act: Act, world: World, now: int) -> Change:
    """Another quote for the customer to answer; one that still waits is taken back by it."""
    order = in_region(world, Order, command.order, "order", act.region)
    may(order, "quote", act)
    own_store(world, order, act)
    if command.number != len(order.revisions) + 1:
        raise changed_meanwhile(order, "number", QUOTING, number=len(order.revisions))
    if command.reason not in QUOTE_REASONS:
        raise Rejected("reason_unknown", "reason", reason=command.reason)
    words = required_text(command.note, "note") if command.reason == "other" else text(command.note, "note")
    if len(command.photos) > PHOTOS_LIMIT:
        raise Rejected("too_many", "photos", limit=PHOTOS_LIMIT)
    attached(world, order, command.photos, "photos")
    made, warnings = revision(command, act, world, order, now)
    policy = policy_of(world)
    taken_back = settled(order, "withdrawn", act)
    after = asked(world, reflagged(replace(taken_back, revisions=(*taken_back.revisions, made)), policy), act)
    if "quote_over" in after.flags:
        warnings = (*warnings, Broken("quote_over", {"percent": made.over_percent}))
    if dropped(order, made, policy):
        after, warnings = flagged(after, "quote_dropped"), (*warnings, Broken("quote_dropped"))
    after = stepped(
        after, act, "quote", "quoted" if order.service == "workshop" else None, number=made.number,
        total=made.quote.total, book_total=made.book_total, reason=made.reason,
    )  # fmt: skip
    code = FreshCode(Order.kind, order.id, "quote_code")
    undo = WithdrawQuote(order=order.id, number=made.number)
    if not words:
        return Change(after=(after,), undo=undo, warnings=warnings, codes=(code,))
    note = note_made(order, words, act)
    after = replace(after, notes=order.notes + 1)
    return Change(after=(after, note), undo=undo, warnings=warnings, codes=(code,))


def revision(
    command: ReviseQuote, act: Act, world: World, order: Order, now: int
) -> tuple[Revision, tuple[Broken, ...]]:
    """The quote as wanted beside what the order's price book says for the same work."""
    booked = tuple(
        BookedLine(item=each.item, fault=each.fault, brand=each.brand, model=each.model, quantity=each.quantity)
        for each in command.lines
    )  # fmt: skip
    usual, prices = repriced(world, order, booked, act.at)
    lines = tuple(wanted_line(each, line) for each, line in zip(command.lines, usual, strict=True))
    if missing := dropped_work(order, lines):
        raise Rejected("work_missing", "lines", items=missing)
    if len(command.parts) > PARTS_LIMIT:
        raise Rejected("too_many", "parts", limit=PARTS_LIMIT)
    parts = tuple(wanted_part(world, each, len(lines), prices.book) for each in command.parts)
    book_parts = tuple(replace(each, price=book_price(prices.book, each.part) or 0) for each in parts)
    by_book, _ = requote(world, replace(order, lines=usual, parts=book_parts), prices, told=order.quote)
    work = replace(order, lines=lines, parts=parts)
    price, warnings = requote(world, work, prices, told=order.quote)
    if not 0 <= command.discount <= price.total:
        raise Rejected("discount_invalid", "discount", total=price.total)
    if command.discount:
        price, warnings = requote(world, work, prices, discount=command.discount, told=order.quote)
    policy = policy_of(world)
    lapses = policy.quote_lapses_workshop if order.service == "workshop" else policy.quote_lapses
    made = Revision(
        number=command.number, at=act.at, actor=act.actor.name, lines=lines, parts=parts, discount=command.discount,
        quote=price, book_total=by_book.total, over_percent=over_percent(price.total, by_book.total),
        reason=command.reason, photos=command.photos, lapses_at=now + lapses * MINUTE_MS,
    )  # fmt: skip
    return made, warnings


def over_percent(total: int, book_total: int) -> int:
    """How many percent a total is above the price book's, begun ones counted whole, so that none over is overlooked."""
    if total <= book_total:
        return 0
    return -(-(total - book_total) * 100 // book_total) if book_total > 0 else 100


def wanted_line(wanted: QuotedLine, usual: Line) -> Line:
    """A line with the labour as wanted, else as usual."""
    if wanted.labour is None:
        return usual
    if not 0 <= wanted.labour <= PRICE_LIMIT:
        raise Rejected("price_invalid", "lines")
    return replace(usual, labour=wanted.labour)


def wanted_part(world: World, wanted: QuotedPart, lines: int, book: PriceBook) -> PartLine:
    """A part at the price wanted, else at the book's; a used one or one that the book has not needs its price said."""
    part = need(world, Part, wanted.part, "parts")
    if part.retired:
        raise Rejected("part_retired", "parts", part=part.id)
    if not 1 <= wanted.quantity <= 99:
        raise Rejected("quantity_invalid", "parts")
    if not 0 <= wanted.line < lines:
        raise Rejected("line_unknown", "parts")
    price = wanted.price
    if price is None and not wanted.used:
        price = book_price(book, part.id)
    if price is None:
        raise Rejected("part_unpriced", "parts", part=part.id)
    if not 0 <= price <= PRICE_LIMIT:
        raise Rejected("price_invalid", "parts")
    return PartLine(
        part=part.id, quantity=wanted.quantity, price=price, line=wanted.line, used=wanted.used,
        warranty_days=None if wanted.used else part_days(world, part),
    )  # fmt: skip


def part_days(world: World, part: Part) -> int:
    """How long a new part is warranted, as things stand now."""
    return policy_of(world).warranty_parts_days if part.warranty_days is None else part.warranty_days


def book_price(book: PriceBook, part: str) -> int | None:
    """What the price book asks for a part, None where it has none."""
    found = book.part_by_id.get(part)
    return found.price if found else None


def dropped_work(order: Order, lines: Iterable[Line]) -> list[str]:
    """The items of lines that are done and that a quote says nothing of."""
    kept = [(each.item, each.fault) for each in lines]
    missing = []
    for line in order.lines:
        if (line.item, line.fault) in kept:
            kept.remove((line.item, line.fault))
        elif line.state == "done":
            missing.append(line.item)
    return missing


def dropped(order: Order, made: Revision, policy: Policy) -> bool:
    """Whether a quote that had been raised is discounted within minutes: the old trick to make a price look kind."""
    since = made.at - policy.quote_drop_within * MINUTE_MS
    return any(
        each.at >= since
        and each.quote.total > min(each.book_total, (order.revisions[index - 1] if index else order).quote.total)
        and made.quote.total * 100 <= each.quote.total * (100 - policy.quote_drop_percent)
        for index, each in enumerate(order.revisions)
    )  # fmt: skip


def reflagged(order: Order, policy: Policy) -> Order:
    """The order flagged while the quote that waits, or the one agreed to, is too far over the price book."""
    last = order.proposed or next(
        (each for each in reversed(order.revisions) if each.state == "accepted"), None
    )
    if last is not None and last.over_percent > policy.quote_over_percent:
        return flagged(order, "quote_over")
    return replace(order, flags=tuple(each for each in order.flags if each != "quote_over"))


def settled(order: Order, state: RevisionState, act: Act) -> Order:
    """The order with the quote that waits in its last state; as it is where none waits."""
    if (last := order.proposed) is None:
        return order
    return replace(order, revisions=(*order.revisions[:-1], replace(last, state=state, decided_at=act.at)))


def waiting(order: Order, number: int) -> Revision:
    """The quote that waits; raises Rejected where it is another one or none."""
    found = order.proposed
    if found is None or found.number != number:
        raise changed_meanwhile(order, "number", QUOTING, number=found.number if found else 0)
    return found


def before_quote(order: Order) -> Status | None:
    """Where a device goes on when its quote waits no longer: at work on what was agreed, else being looked at."""
    if order.service == "home":
        return None
    return "repairing" if any(each.state == "accepted" for each in order.revisions) else "diagnosing"


def confirm(command: ConfirmQuote, act: Act, world: World, now: int) -> Change:
    """The customer agrees: from here on this is what the order is, for the price as it was proposed."""
    order = in_region(world, Order, command.order, "order", act.region)
    may(order, "confirm_quote", act)
    own_store(world, order, act)
    found = waiting(order, command.number)
    if found.lapses_at < now:
        raise Rejected("quote_lapsed", None)
    if command.confirmation == "time":
        raise Rejected("confirmation_unfit", "confirmation", confirmation=command.confirmation)
    checked_word(world, order, act, command.confirmation, command.code, "quote_code")
    # Nobody approves his own proposal: who made the quote and says that he called back needs the customer's code.
    if command.confirmation == "phone" and act.actor.name == found.actor:
        raise Rejected("own_proposal", "confirmation")
    agreed = settled(order, "accepted", act)
    last = replace(agreed.revisions[-1], confirmation=command.confirmation)
    moved = carried(order.lines, found.lines)
    after = replace(
        agreed,
        revisions=(*agreed.revisions[:-1], last),
        lines=tuple(
            replace(line, state=order.lines[moved[index]].state, excuse=order.lines[moved[index]].excuse)
            if index in moved else line
            for index, line in enumerate(found.lines)
        ),
        parts=found.parts,
        quote=found.quote,
        booked_total=order.quote.total if order.booked_total is None else order.booked_total,
        checks=tuple(
            replace(each, line=index) for each in order.checks for index, former in moved.items() if former == each.line
        ),
    )  # fmt: skip
    # What came with the quote is held to a standard as well; what had begun keeps the one it began by.
    after = replace(after, standards=standards_kept(world, after, act.at))
    after = stepped(
        reflagged(after, policy_of(world)), act, "confirm_quote", "repairing" if order.service == "workshop" else None,
        number=found.number, total=found.quote.total, confirmation=command.confirmation,
    )  # fmt: skip
    days, warnings = stretched(world, order, after, now)
    # What stands after it in the plan is other people's: a customer is told nothing of it.
    told = act.actor.kind not in ("customer", "link")
    return Change(after=(after, *days), warnings=warnings if told else ())


def carried(former: tuple[Line, ...], lines: tuple[Line, ...]) -> dict[int, int]:
    """For lines of a quote the index of the line that they were before: the same item and fault, each once."""
    free = list(enumerate(former))
    moved = {}
    for index, line in enumerate(lines):
        same = [each for each in free if (each[1].item, each[1].fault) == (line.item, line.fault)]
        if found := next((each for each in same if each[1].brand == line.brand), same[0] if same else None):
            moved[index] = found[0]
            free.remove(found)
    return moved


def stretched(
    world: World, former: Order, order: Order, now: int
) -> tuple[tuple[Day, ...], tuple[Broken, ...]]:
    """The plan with as much more time as the agreed work takes more, and the visits that it now runs into."""
    stop = stop_of(world, order)
    if stop is None or order.technician is None or order.planned_on is None:
        return (), ()
    more = (order.minutes - former.minutes) * MINUTE_MS
    longer = replace(stop, end=max(stop.start + MINUTE_MS, stop.end + more))
    if longer == stop:
        return (), ()
    day = day_of(world, order.technician, order.region, order.planned_on).with_stop(longer)
    # Those of whoever came along give way with theirs; who is promised somebody there is named too.
    theirs = [each for his in party(world, day, longer)[1:] for each in live_stops(his, now)]
    hit = [
        each
        for each in (*live_stops(day, now), *theirs)
        if each.order != order.id and longer.start <= each.start < longer.end and each.state != "done"
    ]
    # He is at it: what is only to be, or held for a caller, gives way; who is promised somebody is named.
    kept = [each for each in day.stops if each not in hit or each.state in ("confirmed", "locked")]
    warnings = [
        Broken("runs_into", {"order": each.order, "start": each.start})
        for each in hit
        if each.state in ("confirmed", "locked")
    ]
    return (written(world, replace(day, stops=tuple(kept)), now),), tuple(warnings)


def decline(command: DeclineQuote, act: Act, world: World, now: int) -> Change:
    """The customer does not want it so, or there is nothing to repair (number 0 where no quote waits).

    Where nothing has been repaired the order ends there; else the work goes on as it was agreed.
    """
    order = in_region(world, Order, command.order, "order", act.region)
    may(order, "decline_quote", act)
    own_store(world, order, act)
    by_customer = act.actor.kind in ("customer", "link")
    if by_customer and command.result != "declined":
        raise Rejected("not_allowed", "result", needs=["dispatcher", "supervisor"])
    if by_customer or command.number or order.proposed is not None:
        waiting(order, command.number)
    after = settled(order, "declined", act)
    if any(line.state == "done" for line in order.lines):
        if order.proposed is None or command.result != "declined":
            raise Rejected("work_done", None)
        after = reflagged(after, policy_of(world))
        after = stepped(after, act, "decline_quote", before_quote(order), number=command.number)
        return Change(after=(after,))
    lines = tuple(
        line if line.state == "excused" else replace(line, state="excused", excuse=command.result)
        for line in order.lines
    )
    after = reflagged(replace(after, result=command.result, lines=lines), policy_of(world))
    if order.service == "workshop":
        after = readied(after, act, "decline_quote", number=command.number, result=command.result)
        return Change(after=(after,))
    after, days = ended(world, asked(world, after, act), act, now, command.result)
    after = stepped(after, act, "decline_quote", "finished", number=command.number, result=command.result)
    return Change(after=(after, *days), codes=(FreshCode(Order.kind, order.id, "confirm_code"),))


def withdraw(command: WithdrawQuote, act: Act, world: World, now: int) -> Change:
    """Taken back before the customer has answered; the work goes on as it was agreed."""
    order = in_region(world, Order, command.order, "order", act.region)
    may(order, "withdraw_quote", act)
    own_store(world, order, act)
    waiting(order, command.number)
    after = reflagged(settled(order, "withdrawn", act), policy_of(world))
    after = stepped(after, act, "withdraw_quote", before_quote(order), number=command.number)
    return Change(after=(after,))


def lapse(command: LapseQuote, act: Act, world: World, now: int) -> Change:
    """The customer has not answered in time, if it still is the same quote."""
    order = in_region(world, Order, command.order, "order", act.region)
    if act.actor.kind != "system":
        raise Rejected("not_allowed", None, action="lapse_quote", needs=["system"])
    may(order, "lapse_quote", act)
    found = waiting(order, command.number)
    if found.lapses_at != command.lapses_at or found.lapses_at > now:
        raise Rejected("quote_running", None)
    after = reflagged(settled(order, "lapsed", act), policy_of(world))
    after = stepped(after, act, "lapse_quote", before_quote(order), number=command.number)
    return Change(after=(after,))
