"""What came with a device and how it looks: the usual things to tick, anything else in own words."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from dispatcher_app.domain.catalogue import Item
from dispatcher_app.text import t
from ui.booking.form import Form
from ui.booking.step import Step
from ui.controls.picker import Entry
from ui.controls.ticks import Ticks
from ui.limit import limit


class NotedStep(Step):
    """Space ticks, arrows walk, Down from the last row goes to the own words; Enter goes on from anywhere."""

    def __init__(
        self, form: Form, field: str, title: str, hint: str, offered: Callable[[Item | None], dict[str, str]]
    ) -> None:
        super().__init__(form, field, title)
        self._field, self._offered = field, offered
        self.ticks = Ticks(title)
        self.ticks.setObjectName(f"{field}_ticks")
        self.ticks.changed.connect(self._on_ticks)
        self.entry = Entry()
        self.entry.setObjectName(f"{field}_said")
        limit(self.entry, "custody_words")
        self.entry.setPlaceholderText(hint)
        self.entry.setAccessibleName(t("{what}, in other words", what=title))
        self.entry.textEdited.connect(lambda text: self.form.change(**{f"{field}_said": text}))
        self.entry.moved.connect(lambda step: self.ticks.setFocus() if step < 0 else None)
        self.ticks.walked_on.connect(self.entry.setFocus)
        self.body.addWidget(self.ticks)
        self.body.addWidget(self.entry)

    def applies(self) -> bool:
        return self.form.item is not None

    def target(self) -> QWidget:
        return self.ticks

    def refresh(self, touched: frozenset[str]) -> None:
        self.ticks.offer(self._offered(self.form.item))
        self.ticks.tick(getattr(self.form.draft, self._field))
        said = str(getattr(self.form.draft, f"{self._field}_said"))
        if self.entry.text() != said and not self.entry.composing:
            self.entry.setText(said)

    def _on_ticks(self) -> None:
        self.form.change(**{self._field: self.ticks.ticked})
