"""An order's photos by what they show; pictures arrive when they arrive."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dispatcher_app.domain.talk import Attachment
from ui import format, theme
from ui.controls.section import Section
from ui.order.purpose import PURPOSES, purpose_word
from ui.order.thumb import Flow, Thumb
from ui.task import Errands

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


class Gallery(QWidget):
    """Emits `opened` with the photos shown and which of them is to be seen large."""

    opened = Signal(object, str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.photos: tuple[Attachment, ...] = ()
        self._fetching = Errands(self)
        self._groups = QVBoxLayout(self)
        self._groups.setContentsMargins(0, 0, 0, 0)
        self._groups.setSpacing(theme.current().space(3))

    def show_photos(self, photos: Sequence[Attachment]) -> None:
        """Show these instead of those before."""
        self.photos = tuple(sorted(photos, key=lambda each: (PURPOSES.index(each.purpose), each.at, each.id)))
        self._fetching.forget()
        while (item := self._groups.takeAt(0)) is not None:
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        for purpose, group in groupby(self.photos, key=lambda each: each.purpose):
            found = list(group)
            section = Section(purpose_word(purpose))
            section.set_count(format.count(len(found)))
            flow = Flow()
            for photo in found:
                thumb = Thumb(self._session, photo)
                thumb.opened.connect(lambda id: self.opened.emit(self.photos, id))
                flow.add(thumb)
                self._fetching.run(thumb.fetch())
            section.body.addWidget(flow)
            self._groups.addWidget(section)
