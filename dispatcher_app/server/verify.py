"""Is everything as it must be? Recomputes what can be recomputed and names what does not agree."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise

import msgspec

from dispatcher_app import codec, rows
from dispatcher_app.domain.customer import Address, Customer
from dispatcher_app.domain.day import Day
from dispatcher_app.domain.entity import Entity
from dispatcher_app.domain.order import PLANNED, Order
from dispatcher_app.domain.region import Policy, Region
from dispatcher_app.domain.rule.planning import PROMISED
from dispatcher_app.server.books import audited
from dispatcher_app.server.finding import Finding
from dispatcher_app.server.restated import restated
from dispatcher_app.server.store.database import Cursor, Database
from dispatcher_app.server.tally import tallies
from dispatcher_app.server.vault import Vault, WrongKey


def verify(database: Database, vault: Vault) -> list[Finding]:
    """Everything that is wrong, nothing where all agrees."""
    with database.reading() as cursor:
        entities: dict[tuple[str, str], Entity] = {}
        unreadable: list[Finding] = []
        for kind, id, schema, body in cursor.all("SELECT kind, id, schema, body FROM entity"):
            try:
                entities[kind, id] = codec.entity(kind, body, schema)
            except (msgspec.MsgspecError, KeyError) as error:
                unreadable.append(Finding("body", f"{kind} {id}: {error}"))
        return [
            *unreadable,
            *log_gaps(cursor),
            *body_hashes(cursor),
            *plans(entities),
            *tallies(entities),
            *narrow_rows(cursor, entities),
            *audited(cursor, entities),
            *secrets(cursor, vault, entities),
            *restated(cursor, entities),
        ]


def log_gaps(cursor: Cursor) -> Iterator[Finding]:
    """Every log counts from 1 to its head without a gap, every act once."""
    counted = cursor.all("SELECT log, COUNT(*), MIN(seq), MAX(seq) FROM act GROUP BY log")
    found = {log: (count, first, last) for log, count, first, last in counted}
    for log, head in cursor.all("SELECT log, seq FROM log_head"):
        count, first, last = found.get(log, (0, 1, 0))
        if (count, first, last) != (head, 1 if head else first, head):
            yield Finding("log_gap", f"{log}: {count} acts from {first} to {last}, head {head}")
    orphans = cursor.one(
        "SELECT COUNT(*) FROM change c LEFT JOIN act a ON a.log = c.log AND a.seq = c.seq WHERE a.id IS NULL"
    )
    if orphans is not None and orphans[0]:
        yield Finding("orphan_changes", str(orphans[0]))


def body_hashes(cursor: Cursor) -> Iterator[Finding]:
    """Every entity is what its last change in the log says."""
    for kind, id, version, body, logged in cursor.all(
        "SELECT e.kind, e.id, e.version, e.body, c.hash FROM entity e LEFT JOIN change c ON c.log = e.region "
        "AND c.seq = e.seq AND c.kind = e.kind AND c.id = e.id AND c.version = e.version"
    ):
        if hashlib.sha256(body.encode()).hexdigest() != logged:
            yield Finding("body_hash", f"{kind} {id} version {version}")


def plans(entities: dict[tuple[str, str], Entity]) -> Iterator[Finding]:
    """Orders and plans agree both ways, and nobody is at two places unless that was allowed."""
    planned: dict[str, list[Day]] = defaultdict(list)
    tentative: dict[str, list[str]] = defaultdict(list)
    for entity in entities.values():
        if isinstance(entity, Day):
            standing = [stop for stop in entity.stops if stop.state != "done"]
            for stop in entity.stops:
                # An hour may be held for an order that is still being taken down.
                if stop.state != "held" and ("order", stop.order) not in entities:
                    yield Finding("plan", f"{entity.id}: there is no order {stop.order}")
                if (stop.state == "held") != (stop.expires_at is not None):
                    yield Finding(
                        "plan", f"{entity.id}: {stop.order} is {stop.state} until {stop.expires_at}"
                    )
            for stop in standing:
                if stop.state == "tentative":
                    tentative[stop.order].append(entity.id)
                elif stop.state != "held":
                    planned[stop.order].append(entity)
            for one, other in pairwise(sorted(standing, key=lambda stop: stop.start)):
                if (
                    one.order != other.order
                    and other.start < one.end
                    and not (allowed(entities, one.order) or allowed(entities, other.order))
                ):
                    yield Finding("overlap", f"{entity.id}: {one.order} and {other.order}")
    for entity in entities.values():
        if isinstance(entity, Order):
            days = planned.get(entity.id, [])
            come = (entity.technician, *entity.helpers) if entity.status in PLANNED else ()
            wanted = [(each, entity.planned_on) for each in come]
            if Counter((day.technician, day.date) for day in days) != Counter(wanted):
                yield Finding(
                    "plan", f"order {entity.number}: {wanted} but planned in {[day.id for day in days]}"
                )
            yield from promised(entity, tentative.get(entity.id, []))


def promised(order: Order, places: list[str]) -> Iterator[Finding]:
    """An order that nobody was sent to stands in one plan at most, the one that it names, and for a promise."""
    open_ = order.status in ("pending", "offered") and order.window is not None
    if places and (not open_ or places != [order.tentative]):
        yield Finding("plan", f"order {order.number}: {order.status}, but tentative in {places}")
    if order.tentative and order.status not in ("pending", "offered"):
        yield Finding("plan", f"order {order.number}: {order.status}, but tentative in {order.tentative}")
    if order.unkept is not None and (order.status not in PROMISED or order.window is None):
        yield Finding("promise", f"order {order.number}: {order.status}, but marked as {order.unkept.reason}")


def allowed(entities: dict[tuple[str, str], Entity], order: str) -> bool:
    """Whether a supervisor has let this visit overlap, or the customer has agreed to more work on it."""
    found = entities.get(("order", order))
    return isinstance(found, Order) and any(
        step.params.get("override") or step.action == "confirm_quote" for step in found.steps
    )


def narrow_rows(cursor: Cursor, entities: dict[tuple[str, str], Entity]) -> Iterator[Finding]:
    """The rows that search reads are those that the entities give."""
    stored = {row[0]: row for row in cursor.all(f"SELECT {', '.join(rows.COLUMNS)} FROM order_row")}
    policy = entities.get(("policy", "policy"))
    figures = policy if isinstance(policy, Policy) else Policy()
    for entity in entities.values():
        if not isinstance(entity, Order):
            continue
        customer, address = (
            entities.get(("customer", entity.customer)),
            entities.get(("address", entity.address)),
        )
        region = entities.get(("region", entity.region))
        made = rows.order_row(
            entity,
            customer if isinstance(customer, Customer) else None,
            address if isinstance(address, Address) else None,
            figures,
            region.timezone if isinstance(region, Region) else "UTC",
        )
        found = stored.pop(entity.id, None)
        if found is None or different(rows.OrderRow(*found), made):
            yield Finding("order_row", entity.number)
    for id in stored:
        yield Finding("order_row", id)


def different(one: rows.OrderRow, other: rows.OrderRow) -> bool:
    """Whether two rows differ in anything but the deadline, which a changed policy moves."""
    return any(getattr(one, name) != getattr(other, name) for name in rows.COLUMNS if name != "due")


def secrets(cursor: Cursor, vault: Vault, entities: dict[tuple[str, str], Entity]) -> Iterator[Finding]:
    """Every secret opens, and belongs to something."""
    for kind, id, field, sealed in cursor.all("SELECT kind, id, field, sealed FROM secret"):
        try:
            vault.open(kind, id, field, bytes(sealed))
        except WrongKey:
            yield Finding("secret_key", f"{kind} {id} {field}")
        if (kind, id) not in entities:
            yield Finding("secret_orphan", f"{kind} {id} {field}")
