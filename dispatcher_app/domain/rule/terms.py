"""Rules of shares and taxes as administrators keep them: sound ones, and those in force stay as they were."""

from __future__ import annotations

from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.region import Policy

TERMS_MOST = 1000
SUM_MOST = 1_000_000_000


def checked_terms(wanted: Policy, former: Policy | None, now: int) -> None:
    """Raises Rejected for percents beyond a hundred, two rules about the same, and whatever changes the past.

    What has been earned by a rule can be explained only as long as the rule stands.
    """
    if max(len(wanted.share_rules), len(wanted.tax_bands)) > TERMS_MOST:
        raise Rejected("too_many", "share_rules", limit=TERMS_MOST)
    for rule in wanted.share_rules:
        within(rule.labour_percent, "labour_percent", 100)
        within(rule.surcharge_percent, "surcharge_percent", 100)
    for band in wanted.tax_bands:
        within(band.percent, "percent", 100)
        within(band.above, "above", SUM_MOST)
    if len({(each.item, each.level, each.since) for each in wanted.share_rules}) < len(wanted.share_rules):
        raise Rejected("rule_twice", "share_rules")
    if len({(each.employment, each.above, each.since) for each in wanted.tax_bands}) < len(wanted.tax_bands):
        raise Rejected("rule_twice", "tax_bands")
    if former is None:
        return
    for name, before, after in (
        ("share_rules", former.share_rules, wanted.share_rules),
        ("tax_bands", former.tax_bands, wanted.tax_bands),
    ):
        if any(each.since <= now and each not in after for each in before):
            raise Rejected("terms_begun", name)
        if any(each.since <= now and each not in before for each in after):
            raise Rejected("terms_past", name)


def within(value: int, field: str, most: int) -> None:
    """Raises Rejected for a figure below nothing or above `most`."""
    if not 0 <= value <= most:
        raise Rejected("figure_unfit", field, least=0, most=most)
