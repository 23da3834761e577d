"""Why a window is offered to a caller, or why it is not, as one says it on the telephone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from dispatcher_app.domain.act import Broken
from dispatcher_app.text import t
from ui import format, name

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


def reason(session: Session, broken: Broken) -> str:
    """Why a window is proposed, or why nothing is left in it."""
    params: Mapping[str, Any] = broken.params
    zone = name.timezone(session)
    if broken.code == "window_near":
        who = name.technician(session, params["technician"])
        return t(
            "{who} is nearby ({distance}) from {time}",
            who=who, distance=format.distance(params["distance_m"]), time=format.clock(params["at"], zone),
        )  # fmt: skip
    if broken.code == "window_soonest":
        return t("Soonest, there from {time}", time=format.clock(params["start"], zone))
    told = {
        "window_people_left": t("{left} technicians can still come", **params),
        "window_pairs_left": t("{left} pairs of technicians can still come", **params),
        "window_nobody_fit": t("Nobody has the skill or the certificate for this."),
        "window_nobody_works": t("Nobody who can do this works that day."),
        "window_all_busy": t("Everybody who could come is busy then."),
        "window_promised": t("Everybody who could come is promised to others then."),
        "window_reserved": t("The rest is kept for emergencies."),
        "window_held": t("Colleagues keep it for callers of theirs."),
    }
    return told.get(broken.code) or name.broken(session, broken)
