"""A command from a control to the session: a refusal is said beside the control, a warning as a notice."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from dispatcher_app.client.state import Outcome, Refused
from dispatcher_app.domain.act import Rejected
from ui import name, notify
from ui.deed import deed

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session
    from dispatcher_app.client.state import Submission


def submit(
    session: Session, command: Any, refused: Callable[[str, Rejected], object], *, asking: bool = False
) -> Submission | None:
    """Submit a command; `refused` gets the sentence and its cause where a rule says no, and None is returned.

    Whoever is `asking` says himself what the server answers to what only the server can decide.
    """
    try:
        made = session.submit(command)
    except Rejected as rejected:
        refused(name.refusal(session, rejected), rejected)
        return None
    if made.warnings:
        notify.warning(name.sentences(session, made.warnings))
    if not (asking and awaited(session, made)):
        follow(session, made)
    return made


def awaited(session: Session, made: Submission) -> bool:
    """Whether only the server can decide it, and will do so in a moment."""
    return not made.previewed and session.link.state == "online"


def follow(session: Session, made: Submission) -> None:
    """Say when the server refuses what was shown already; what wants a decision has a card of its own."""
    made.outcome.add_done_callback(partial(_on_outcome, session, made))


def _on_outcome(session: Session, made: Submission, answer: asyncio.Future[Outcome]) -> None:
    if answer.cancelled() or not isinstance(outcome := answer.result(), Refused):
        return
    if all(parked.act != made.act for parked in session.parked):
        tell(session, made.command, name.refusal(session, outcome.refusal))


def tell(session: Session, command: Any, refusal: str) -> None:
    """Say what was refused, and why, where nobody looks at its form any more."""
    notify.warning(f"{deed(session, command)}: {refusal}")
