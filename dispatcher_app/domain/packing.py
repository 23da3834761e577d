"""The packing list (出工清单): the tools and likely parts that a visit takes, and what the van has not of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from dispatcher_app.domain.act import Facts
from dispatcher_app.domain.catalogue import Fault, Item, Packing, Part
from dispatcher_app.domain.order import Line, Order
from dispatcher_app.domain.van import Van


@dataclass(frozen=True, slots=True)
class Packed:
    """A part to take along: how many, how many the van lacks of it, and whether it is quoted or only likely."""

    part: str
    quantity: int
    lacking: int
    quoted: bool


@dataclass(frozen=True, slots=True)
class PackingList:
    """What a visit takes, each thing once; quoted parts before likely ones."""

    tools: tuple[str, ...] = ()
    parts: tuple[Packed, ...] = ()

    @property
    def lacking(self) -> tuple[Packed, ...]:
        """The parts of which the van has too few."""
        return tuple(each for each in self.parts if each.lacking)


def packing_list(facts: Facts, order: Order) -> PackingList:
    """The list for what is still to be done on an order, against the van of its technician (none: an empty one)."""
    tools: dict[str, None] = {}
    quoted, likely = Counter[str](), Counter[str]()
    for each in order.parts:
        if order.lines[each.line].state == "open" and not each.used:
            quoted[each.part] += each.quantity
    for part in order.hold.parts if order.hold else ():
        quoted[part] = max(1, quoted[part])
    for line in order.lines:
        item = facts.get(Item, line.item) if line.state == "open" else None
        if item is None:
            continue
        rows = tuple(rows_for(item, line))
        tools |= dict.fromkeys((*item.tools, *(tool for row in rows for tool in row.tools)))
        for part in dict.fromkeys(part for row in rows for part in row.parts):
            if fits(facts, part, line):
                likely[part] += line.quantity
    van = facts.get(Van, order.technician) if order.technician else None
    parts = [(part, count, True) for part, count in quoted.items()]
    parts += [(part, count, False) for part, count in likely.items() if part not in quoted]
    return PackingList(
        tuple(tools),
        tuple(Packed(part, count, lacking(van, part, count), sure) for part, count, sure in parts),
    )


def rows_for(item: Item, line: Line) -> Iterator[Fault | Packing]:
    """What the catalogue and the staff say of a line's fault and brand; of every fault where nobody knows which."""
    known = item.fault(line.fault)
    yield from (known,) if known else item.faults
    for row in item.packing:
        if row.brand in ("", line.brand) and (known is None or row.fault in (None, line.fault)):
            yield row


def fits(facts: Facts, part: str, line: Line) -> bool:
    """Whether a part is in use and for the line's item and brand; what is not said fits."""
    found = facts.get(Part, part)
    if found is None or found.retired or (found.items and line.item not in found.items):
        return False
    return not (found.brands and line.brand and line.brand not in found.brands)


def lacking(van: Van | None, part: str, count: int) -> int:
    """How many of a part the van has not."""
    return max(0, count - max(0, van.quantity(part))) if van else count
