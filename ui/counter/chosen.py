"""Steps that choose one of a few: what may happen to the data, on which shelf, for which day."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from dispatcher_app.domain.calendar import midnight
from dispatcher_app.text import t
from ui import custody, format, name
from ui.booking.form import Form
from ui.booking.step import Step, Summary
from ui.controls.choices import Choices
from ui.models.bench import DAYS_AHEAD, promised_days, shelves_of
from ui.models.choice import Choice
from ui.task import Latest


class ChosenStep(Step):
    """The choice made, and the list while the step is active; Enter keeps what is highlighted."""

    def __init__(self, form: Form, field: str, title: str, otherwise: str) -> None:
        super().__init__(form, field, title)
        self._field, self._otherwise = field, otherwise
        self._summary = Summary()
        self.list = Choices(title)
        self.list.setObjectName(f"{field}_list")
        self.list.chosen.connect(self._on_chosen)
        self._summary.pressed.connect(self._on_pressed)
        self.body.addWidget(self._summary)
        self.body.addWidget(self.list)

    def choices(self) -> Sequence[Choice]:
        """What can be chosen now."""
        return ()

    def word(self, value: Any) -> str:
        """The choice made, in words."""
        return str(value)

    def target(self) -> QWidget:
        return self.list

    def commit(self, *, more: bool = False) -> bool:
        if self.list.current is not None:
            self.form.change(**{self._field: self.list.current.value})
        return True

    def refresh(self, touched: frozenset[str]) -> None:
        value = getattr(self.form.draft, self._field)
        self._summary.show_choice(self.word(value) if value else "", self._otherwise)
        self._summary.setVisible(not self.active)
        self.list.setVisible(self.active)
        if self.active:
            choices = self.choices()
            at = next((at for at, each in enumerate(choices) if value and each.value == value), self.first())
            self.list.show_choices(choices, at)
            if not touched:
                self.list.highlight(at)

    def first(self) -> int | None:
        """What is highlighted while nothing is chosen."""
        return 0

    def _on_chosen(self, value: Any) -> None:
        self.say(None)
        self.form.change(**{self._field: value})
        self.finished.emit()

    def _on_pressed(self) -> None:
        self.list.show()
        self.list.setFocus()


class ConsentStep(ChosenStep):
    """Has to be answered where people keep their data on the device; nothing is highlighted for them."""

    def __init__(self, form: Form) -> None:
        super().__init__(form, "data_consent", t("Data##device"), t("What may happen to the data?"))

    def applies(self) -> bool:
        return custody.has_data(self.form.item)

    def choices(self) -> Sequence[Choice]:
        return [Choice(t(word), code, str(at)) for at, (code, word) in enumerate(custody.CONSENT.items(), 1)]

    def word(self, value: Any) -> str:
        return custody.consent(value)

    def first(self) -> int | None:
        return None

    def commit(self, *, more: bool = False) -> bool:
        super().commit()
        if self.form.draft.data_consent:
            return True
        self.say(t("Ask the owner, then press 1, 2 or 3."))
        return False


class ShelfStep(ChosenStep):
    """The free shelves of the store first, then those with room beside others."""

    def __init__(self, form: Form) -> None:
        super().__init__(form, "shelf", t("Shelf"), t("no shelf yet"))
        self._known: list[tuple[str, int]] = []
        self._asking = Latest(self)

    def applies(self) -> bool:
        store = self.form.store
        return store is not None and bool(store.shelves)

    def set_active(self, active: bool) -> None:
        super().set_active(active)
        if active:
            self.ask()

    def ask(self) -> None:
        """Ask which shelves are free now."""
        store = self.form.store
        if store is not None:
            self._asking.ask(shelves_of(self.form.session, store), self._on_known)

    def choices(self) -> Sequence[Choice]:
        rows = [
            Choice(
                shelf, shelf, str(at) if at < 10 else "",
                detail=t("free##shelf") if not count else t("{n} there", n=count),
            )
            for at, (shelf, count) in enumerate(self._known, 1)
        ]  # fmt: skip
        return [*rows, Choice(t("Not on a shelf yet"), "", "0")]

    def _on_known(self, found: list[tuple[str, int]]) -> None:
        self._known = found
        self.refresh(frozenset({"shelf"}))
        if self.active and self.list.current is None:
            self.list.highlight(0)


class PromisedStep(ChosenStep):
    """The day for which it is promised, or none."""

    def __init__(self, form: Form) -> None:
        super().__init__(form, "promised_on", t("Promised##step"), t("no date promised"))

    def choices(self) -> Sequence[Choice]:
        days = promised_days(self.form.session)
        rows = [Choice(said, date, str(at)) for at, (date, said) in enumerate(days, 1)]
        return [*rows, Choice(t("Without a date"), "", "0")]

    def word(self, value: Any) -> str:
        session = self.form.session
        zone = name.timezone(session)
        return format.day(midnight(value, zone), session.now(), zone)

    def first(self) -> int | None:
        return len(DAYS_AHEAD)
