"""What technicians had earned with money that went back through their own fault is taken off their share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dispatcher_app.domain.money import ledger
from dispatcher_app.domain.money.ledger import Bucket, Posting
from dispatcher_app.domain.money.refund import Refund
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.pricing import owed


def cut_id(refund: str) -> str:
    """The posting of what a refund takes off a share."""
    return f"share_cut:{refund}"


def at_fault(refunds: Iterable[Refund]) -> list[Refund]:
    """Those that were paid on the technician's account, of what the customer had owed; the first paid first.

    What the customer was given besides is no part of what he had paid: nobody had earned with it.
    """
    found = [
        each
        for each in refunds
        if each.what == "refund" and each.state == "done" and each.side == "technician" and each.borne
    ]
    return sorted(found, key=lambda each: (each.closed_at or 0, each.id))


def cuts(share: Posting, order: Order, refunds: Iterable[Refund], bucket: Bucket) -> Iterator[Posting]:
    """Each refund's part of a share, in proportion to what the order came to, out of where the share is."""
    due, before = owed(order), 0
    for refund in at_fault(refunds):
        upto = min(before + refund.borne, due)
        if due > 0 and (made := cut(share, refund, before, upto, due, bucket)) is not None:
            yield made
        before = upto


def cut(share: Posting, refund: Refund, before: int, upto: int, due: int, bucket: Bucket) -> Posting | None:
    """What comes off for the part of `due` (minor units) from `before` up to `upto`; None where nothing does."""
    frozen, found = ledger.technician("", "frozen"), list[tuple[str, int]]()
    for each in share.entries:
        if each.account.startswith(frozen):
            # Of all that went back less what was taken before, so that rounding never takes more than there was.
            now, already = (half_up_part(-each.amount, sum_, due) for sum_ in (upto, before))
            if now > already:
                found.append((ledger.technician(each.account.removeprefix(frozen), bucket), now - already))
    if not found:
        return None
    back = (ledger.platform("shares"), -sum(amount for _, amount in found))
    return ledger.posting("share_cut", cut_id(refund.id), refund.currency, (*found, back), share.order)


def half_up_part(amount: int, part: int, whole: int) -> int:
    """That part of an amount (minor units), rounded half up once."""
    return (2 * amount * part + whole) // (2 * whole)
