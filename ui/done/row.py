"""One thing that was done, as a row: what, who and when, what became of it, and whether it stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dispatcher_app.client.state import DoneAct
from dispatcher_app.text import t
from ui import format, name
from ui.deed import deed
from ui.models.choice import Choice

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


def row(session: Session, act: DoneAct) -> Choice:
    """The row of an act; what can't be taken back says so, why is said below the list."""
    words = deed(session, act)
    when = format.moment_with_age(act.at, session.now(), name.timezone(session))
    return Choice(
        title=t("{deed} (taken back)", deed=words) if act.undone else words,
        value=act.act,
        detail=name.actor(session, act.actor),
        note=" · ".join(
            filter(None, (when, became(session, act), "" if act.able else t("can't be undone##done")))
        ),
    )


def became(session: Session, act: DoneAct) -> str:
    """Who took it back or did it again, and when."""
    if act.last_by is None or act.last_at is None:
        return ""
    at = format.clock(act.last_at, name.timezone(session))
    who = name.actor(session, act.last_by)
    if act.undone:
        return t("taken back by {who} at {time}", who=who, time=at)
    return t("done again by {who} at {time}", who=who, time=at)


def why_not(session: Session, act: DoneAct) -> str:
    """Why nothing can be done about it, "" where it can."""
    return "" if act.able or act.refusal is None else name.refusal(session, act.refusal)


def offer(session: Session, act: DoneAct, several: int = 1) -> str:
    """What the button says."""
    if several > 1:
        return t("Do all {n} again", n=several) if act.undone else t("Take all {n} back", n=several)
    what = deed(session, act)
    return t("Redo: {what}", what=what) if act.undone else t("Undo: {what}", what=what)
