"""Throwing a draft away: one press, and a notice that takes it back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QPushButton

from dispatcher_app.text import t
from ui import notify
from ui.admin import ask
from ui.admin.draft import Draft
from ui.submit import submit

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


def discard_button(
    session: Session, code: str, command: Callable[[], Any], draft: Draft, say: Callable[[str], object]
) -> QPushButton:
    """Asks once more where something typed would go with the draft."""
    warned = False

    def discard() -> None:
        nonlocal warned
        if draft.unsaved and not warned:
            warned = True
            say(t("What is not saved here goes with it. Press again to throw the draft away."))
            return
        warned = False
        if submit(session, command(), lambda said, _no: say(said)) is not None:
            draft.drop()
            notify.success(t("The draft is thrown away. “Undo” brings it back."))

    made = ask.spare(t("Throw the draft away"), discard, code)
    made.setProperty("kind", "quiet")
    return made
