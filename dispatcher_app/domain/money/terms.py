"""On what terms a technician works: what an item or his level earns him, and what tax is withheld from it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dispatcher_app.domain.technician import Employment


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareRule:
    """What a level earns of an item's labour and surcharges, for orders booked from `since` (UTC ms) on.

    "" stands for every item or level. The most exact rule counts (item and level, item, level, neither), of those the
    youngest that was in force: a rule is never changed, another one follows it.
    """

    since: int
    item: str = ""
    level: str = ""
    labour_percent: int
    surcharge_percent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxBand:
    """Of what somebody of an employment earns in a month above `above` (minor units), so much per cent is withheld."""

    since: int = 0
    employment: Employment = "contractor"
    above: int
    percent: int


CONTRACTORS: tuple[TaxBand, ...] = (
    TaxBand(above=80_000, percent=20),
    TaxBand(above=400_000, percent=16),
    TaxBand(above=2_500_000, percent=24),
    TaxBand(above=6_250_000, percent=32),
)
"""Remuneration for labour (劳务报酬) as it is withheld in mainland China: ¥800 are free, then 20 % of what is above them,
from ¥4,000 on 20, 30 and 40 % of four fifths; written as what each further yuan costs."""


def share_rule(rules: Iterable[ShareRule], item: str, level: str, at: int, otherwise: ShareRule) -> ShareRule:
    """The rule for an item and a level of an order that was booked at `at` (UTC ms), `otherwise` where none speaks."""
    fit = [
        each for each in rules if each.since <= at and each.item in ("", item) and each.level in ("", level)
    ]
    return max(fit, key=lambda each: (bool(each.item), bool(each.level), each.since), default=otherwise)


def bands_of(bands: Iterable[TaxBand], employment: Employment, at: int) -> tuple[TaxBand, ...]:
    """The table in force for an employment at a moment (UTC ms), the lowest band first."""
    begun = [each for each in bands if each.employment == employment and each.since <= at]
    since = max((each.since for each in begun), default=0)
    return tuple(sorted((each for each in begun if each.since == since), key=lambda each: each.above))


def tax_of(bands: tuple[TaxBand, ...], income: int) -> int:
    """The tax on what was earned in a month (minor units), rounded half up once."""
    cents = 0
    for place, band in enumerate(bands):
        upto = bands[place + 1].above if place + 1 < len(bands) else income
        cents += max(0, min(income, upto) - band.above) * band.percent
    return (cents + 50) // 100
