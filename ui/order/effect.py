"""What would come of sending the technician on whom the caret stands: asked about once an order, told for each."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from dispatcher_app.domain.act import Rejected
from dispatcher_app.planning.ghost import Dragged, ghost
from ui.consequence import consequence
from ui.controls.section import label
from ui.task import Latest

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


class Effect(QObject):
    """A line of words (`line`) about the plans that every such answer stands on."""

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._drag: Dragged | None = None
        self._asking = Latest(self)
        self.line = label("", "small", wrap=True)
        self.line.setObjectName("consequence")

    def forget(self) -> None:
        """Another order is in hand."""
        self._drag = None
        self._asking.forget()
        self.line.clear()

    def take(self, order: str, then: Callable[[], None]) -> None:
        """Ask once for the plans."""

        async def ask() -> Dragged | None:
            try:
                return await self._session.drag(order)
            except Rejected:
                return None

        def answered(drag: Dragged | None) -> None:
            self._drag = drag
            then()

        self._asking.ask(ask(), answered)

    def say(self, technician: str, start: int | None) -> None:
        """Say what would come of this one at that start (UTC ms); nothing for nobody."""
        said = ""
        if technician and start is not None and self._drag is not None:
            with contextlib.suppress(KeyError):  # he came after the plans were read
                said = consequence(self._session, ghost(self._drag, technician, start))
        self.line.setText(said)
        self.line.setVisible(bool(said))
