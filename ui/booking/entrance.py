"""How one gets in at a new place: building, unit, entry and door code."""

from __future__ import annotations

from typing import Final, get_args

from PySide6.QtWidgets import QWidget

from dispatcher_app.domain.customer import Entry as EntryMode
from dispatcher_app.text import t
from ui import name
from ui.booking.form import Form
from ui.booking.step import Step, Summary, TextStep
from ui.controls.choices import Choices
from ui.models.choice import Choice

MODES: Final[tuple[EntryMode, ...]] = get_args(EntryMode)


class AtNewPlace(TextStep):
    """A detail of a home that is not known yet."""

    def applies(self) -> bool:
        return is_new(self.form)


class DoorCodeStep(TextStep):
    """The code of the door, where there is one; kept sealed, shown only to whoever needs it."""

    def applies(self) -> bool:
        return is_new(self.form) and self.form.draft.entry == "door_code"


class EntryStep(Step):
    """How one gets in, on a key; Enter keeps what is highlighted."""

    def __init__(self, form: Form) -> None:
        super().__init__(form, "entry", t("Entry##booking"))
        self._summary = Summary()
        self._list = Choices(t("Entry##booking"))
        self._list.chosen.connect(self._on_chosen)
        self._summary.pressed.connect(self._on_pressed)
        self.body.addWidget(self._summary)
        self.body.addWidget(self._list)

    def applies(self) -> bool:
        return is_new(self.form)

    def target(self) -> QWidget:
        return self._list

    def commit(self, *, more: bool = False) -> bool:
        if self._list.current is not None:
            self.form.change(entry=self._list.current.value)
        return True

    def refresh(self, touched: frozenset[str]) -> None:
        self._summary.show_choice(name.entry(self.form.draft.entry), "")
        self._summary.setVisible(not self.active)
        self._list.setVisible(self.active)
        at = MODES.index(self.form.draft.entry)
        self._list.show_choices(
            [Choice(name.entry(mode), mode, str(number)) for number, mode in enumerate(MODES)], at
        )
        if self.active and not touched:
            self._list.highlight(at)

    def _on_chosen(self, mode: EntryMode) -> None:
        self.form.change(entry=mode)
        self.finished.emit()

    def _on_pressed(self) -> None:
        self._list.show()
        self._list.setFocus()


def is_new(form: Form) -> bool:
    """Whether the place is one that nobody has been to yet."""
    return form.draft.address is None and form.draft.lon is not None
