"""Which of an order's photos something rests on: chosen among those there are, or added at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QWidget

from dispatcher_app.client.state import Changed
from dispatcher_app.domain.talk import Attachment, Purpose
from dispatcher_app.text import t
from ui import format, name, theme
from ui.order.purpose import purpose_word
from ui.order.uploading import choose_files, send_files
from ui.task import Latest

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


class PhotoPick(QWidget):
    """One photo of an order, of some purposes first; `changed` tells of another choice."""

    changed = Signal()

    def __init__(self, session: Session, order: str, purpose: Purpose, line: int | None = None) -> None:
        super().__init__()
        self._session, self._order, self._purpose, self._line = session, order, purpose, line
        self._known: frozenset[str] = frozenset()
        self._asking = Latest(self)
        self.combo = QComboBox()
        self.combo.setObjectName("photo_pick")
        self.combo.setAccessibleName(t("Photo"))
        self.combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.combo.setMinimumContentsLength(8)
        self.combo.currentIndexChanged.connect(self.changed)
        add = QPushButton(t("Add…##photo"))
        add.setObjectName("photo_pick_add")
        add.clicked.connect(self._on_add)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.current().space(2))
        row.addWidget(self.combo, 1)
        row.addWidget(add)
        self.setFocusProxy(self.combo)
        self.combo.addItem(t("no photo"), None)
        stop = session.subscribe(changed=self._on_changed)
        self.destroyed.connect(lambda: stop())
        self.refresh()

    @property
    def photo(self) -> str | None:
        """The photo chosen."""
        chosen: str | None = self.combo.currentData()
        return chosen

    def refresh(self) -> None:
        """Ask again which photos there are."""
        self._asking.ask(self._session.attachments_of(self._order), self._on_photos)

    def _on_photos(self, found: Sequence[Attachment]) -> None:
        photos = [each for each in found if each.media.startswith("image/")]
        photos.sort(key=lambda each: (each.purpose != self._purpose, -each.at))
        before = self.photo
        fresh = [each.id for each in photos if self._known and each.id not in self._known]
        self._known = frozenset({"", *(each.id for each in photos)})
        now, timezone = self._session.now(), name.timezone(self._session)
        self.combo.blockSignals(True)
        self.combo.clear()
        self.combo.addItem(t("no photo"), None)
        for each in photos:
            said = f"{purpose_word(each.purpose)} · {format.moment(each.at, now, timezone)}"
            self.combo.addItem(said, each.id)
        own = next((each.id for each in photos if each.purpose == self._purpose), None)
        wanted = fresh[0] if fresh else before or own
        self.combo.setCurrentIndex(max(self.combo.findData(wanted), 0))
        self.combo.blockSignals(False)
        self.changed.emit()

    def _on_changed(self, changed: Changed) -> None:
        if changed.everything or "attachment" in changed.ids:
            self.refresh()

    def _on_add(self) -> None:
        send_files(self._session, self._order, choose_files(self), self._purpose, self._line)
