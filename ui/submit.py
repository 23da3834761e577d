"""A command from a control to the session: a refusal is said beside the control, a warning as a notice."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from dispatcher_app.domain.act import Rejected
from ui import name, notify

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session
    from dispatcher_app.client.state import Submission


def submit(session: Session, command: Any, refused: Callable[[str, Rejected], object]) -> Submission | None:
    """Submit a command; `refused` gets the sentence and its cause where a rule says no, and None is returned."""
    try:
        made = session.submit(command)
    except Rejected as rejected:
        refused(name.refusal(session, rejected), rejected)
        return None
    if made.warnings:
        notify.warning(name.sentences(session, made.warnings))
    return made
