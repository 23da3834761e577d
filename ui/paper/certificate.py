"""The certificate of a technician in honour: his name, his score, the month, and what it is for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dispatcher_app.domain.rating import average
from dispatcher_app.domain.region import Region
from dispatcher_app.domain.technician import Technician
from dispatcher_app.text import t
from ui import format, merit, name
from ui.paper.block import Block, Rule, Words

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


def certificate(session: Session, technician: Technician) -> list[Block]:
    """One page; it says nothing of his orders or customers."""
    policy, zone = merit.policy_of(session), name.timezone(session)
    region = session.get(Region, technician.region)
    where = name.region_name(region) if region is not None else technician.region
    today = f"{format.local(session.now(), zone):%Y-%m-%d}"
    stars = average(technician.figures)
    said = t(
        "has stood in honour with a credit of {score} out of 100, counted from the last {days} days of his work.",
        score=technician.credit, days=policy.credit_days,
    )  # fmt: skip
    judged = t("His customers give him {stars} stars on average.", stars=stars) if stars is not None else ""
    return [
        Words(" ", "title"),
        Words(t("Certificate of honour"), "title", bold=True, centred=True),
        Rule(),
        Words(" "),
        Words(technician.name, "title", bold=True, centred=True),
        Words(" ", "small"),
        Words(said, "large", centred=True),
        *([Words(judged, centred=True)] if judged else []),
        Words(" "),
        Rule(),
        Words(f"{where}    {today}", centred=True),
    ]
