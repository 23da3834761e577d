"""The photos that something rests on: ticked among those of the order, or added and ticked once they are there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QStandardPaths, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from dispatcher_app.client.state import Changed
from dispatcher_app.domain.talk import Attachment, Purpose
from dispatcher_app.text import t
from ui import format, theme
from ui.controls.section import label
from ui.order.thumb import Flow, Thumb
from ui.order.uploading import choose_files, files_in, send_files
from ui.order.uploads import Uploads
from ui.task import Errands, Latest

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_EDGE = 56


class PhotoSet(QWidget):
    """Up to `most` photos of one order at a time; `changed` tells of another choice."""

    changed = Signal()

    def __init__(self, session: Session, purpose: Purpose, most: int) -> None:
        super().__init__()
        self._session, self._purpose, self._most = session, purpose, most
        self._order = ""
        self._found: tuple[Attachment, ...] = ()
        self._chosen: list[str] = []
        self._awaited: set[str] = set()
        self._used: frozenset[str] | None = None
        self._ticks: dict[str, Thumb] = {}
        self._asking = Latest(self)
        self._fetching = Errands(self)
        self.add = QPushButton(t("Add photos…"))
        self.add.setObjectName("photo_set_add")
        self.add.clicked.connect(lambda: self.send(choose_files(self)))
        self._count = label("", "small", wrap=True)
        self._count.setObjectName("photo_set_count")
        head = QHBoxLayout()
        head.setSpacing(theme.current().space(2))
        head.addWidget(self.add)
        head.addWidget(self._count, 1)
        self._uploads = Uploads(session)
        self._flow: Flow | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.current().space(1))
        self._column.addLayout(head)
        self._column.addWidget(self._uploads)
        self.setFocusProxy(self.add)
        stop = session.subscribe(changed=self._on_changed, uploads=lambda _upload: self._say())
        self.destroyed.connect(lambda: stop())

    @property
    def photos(self) -> tuple[str, ...]:
        """The photos ticked, in the order of ticking."""
        return tuple(self._chosen)

    @property
    def waiting(self) -> int:
        """How many that were added here are not there yet: what rests on them can't go before."""
        going = {each.id for each in self._session.uploads if each.order == self._order}
        return len(self._awaited & going)

    def show_order(self, order: str, chosen: Iterable[str] = (), used: Iterable[str] | None = None) -> None:
        """Offer the photos of another order, some ticked; with `used` also those made for this but used nowhere."""
        self._used = None if used is None else frozenset(used)
        self._order, self._found, self._chosen, self._awaited = order, (), list(chosen), set()
        self._draw()
        self._uploads.show_order(order)
        self._refresh()

    def clear(self) -> None:
        """Tick none."""
        self._chosen, self._awaited = [], set()
        self._draw()
        self.changed.emit()

    def take(self, mime: QMimeData) -> bool:
        """Add what was dropped or pasted; False where no photo is among it."""
        folder = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.TempLocation))
        files = files_in(mime, folder)
        self.send(files)
        return bool(files)

    def send(self, files: Sequence[Path]) -> None:
        """Send files on their way; each is ticked once it is there."""
        self._awaited |= set(send_files(self._session, self._order, files, self._purpose))
        self._say()

    # ------------------------------------------------------------ showing
    def _refresh(self) -> None:
        if self._order:
            self._asking.ask(self._session.attachments_of(self._order), self._on_photos)

    def _on_changed(self, changed: Changed) -> None:
        if changed.everything or "attachment" in changed.ids:
            self._refresh()

    def _on_photos(self, found: Sequence[Attachment]) -> None:
        photos = sorted(found, key=lambda each: (each.purpose != self._purpose, -each.at))
        there = [each.id for each in photos]
        arrived = [id for id in reversed(there) if id in self._awaited]
        self._awaited -= set(arrived)
        if self._used is not None:
            arrived += [
                each.id for each in photos if each.purpose == self._purpose and each.id not in self._used
            ]
            self._used = None
        chosen = [id for id in self._chosen if id in there] + [id for id in arrived if id not in self._chosen]
        self._found, self._chosen = tuple(photos), chosen[: self._most]
        self._draw()
        self.changed.emit()

    def _draw(self) -> None:
        if [each.id for each in self._found] != list(self._ticks):
            self._lay_out()
        for id, tick in self._ticks.items():
            tick.blockSignals(True)
            tick.setChecked(id in self._chosen)
            tick.blockSignals(False)
            tick.setEnabled(id in self._chosen or len(self._chosen) < self._most)
        self._say()

    def _lay_out(self) -> None:
        self._fetching.forget()
        if self._flow is not None:
            self._flow.hide()
            self._flow.deleteLater()
            self._flow = None
        self._ticks = {}
        if not self._found:
            return
        self._flow = Flow()
        for photo in self._found:
            tick = Thumb(self._session, photo, edge=_EDGE)
            tick.setObjectName(f"tick_{photo.id}")
            tick.setProperty("kind", "photo")
            tick.setCheckable(True)
            tick.toggled.connect(lambda on, id=photo.id: self._on_tick(id, on))
            self._ticks[photo.id] = tick
            self._flow.add(tick)
            self._fetching.run(tick.fetch())
        self._column.addWidget(self._flow)

    def _on_tick(self, id: str, on: bool) -> None:
        self._chosen = [each for each in self._chosen if each != id] + ([id] if on else [])
        self._draw()
        self.changed.emit()

    def _say(self) -> None:
        said = t("{n} of at most {most} chosen", n=format.count(len(self._chosen)), most=self._most)
        if not self._found:
            said = t("No photos yet")
        if waiting := self.waiting:
            said = t("{n} on their way", n=format.count(waiting))
        self._count.setText(said)
        self.add.setEnabled(len(self._chosen) + waiting < self._most)
