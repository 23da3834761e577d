"""How urgent it is, by one key."""

from __future__ import annotations

from typing import Final, get_args

from PySide6.QtWidgets import QWidget

from dispatcher_app.domain.order import Urgency
from dispatcher_app.text import t
from ui import format, mark
from ui.booking.form import Form
from ui.booking.step import Step, Summary
from ui.controls.choices import Choices
from ui.models.choice import Choice

URGENCIES: Final[tuple[Urgency, ...]] = get_args(Urgency)


class UrgencyStep(Step):
    """Normal, same day or emergency on 1, 2, 3, with what it costs more; Enter keeps what is highlighted."""

    def __init__(self, form: Form) -> None:
        super().__init__(form, "urgency", t("Urgency##booking"))
        self._summary = Summary()
        self._list = Choices(t("Urgency##booking"))
        self._list.chosen.connect(self._on_chosen)
        self._list.hide()
        self.body.addWidget(self._summary)
        self.body.addWidget(self._list)
        self._summary.pressed.connect(self._on_pressed)

    def target(self) -> QWidget:
        return self._list

    def commit(self, *, more: bool = False) -> bool:
        current = self._list.current
        if current is not None:
            self.form.change(urgency=current.value, urgency_chosen=True)
        return True

    def refresh(self, touched: frozenset[str]) -> None:
        chosen = self.form.draft.urgency
        word = mark.mark("urgency", chosen).label()
        self._summary.show_choice(word, word)
        self._summary.setVisible(not self.active)
        self._list.setVisible(self.active)
        prices = self.form.prices
        currency = prices.book.currency if prices else "CNY"
        costs = (0, prices.book.same_day, prices.book.emergency) if prices else (0, 0, 0)
        rows = [
            Choice(
                mark.mark("urgency", code).label(), code, key,
                detail=f"+{format.money(cost, currency)}" if cost else "",
            )
            for key, code, cost in zip("123", URGENCIES, costs, strict=True)
        ]  # fmt: skip
        self._list.show_choices(rows, URGENCIES.index(chosen))
        if "urgency" in touched or (self.active and not touched):
            self._list.highlight(URGENCIES.index(chosen))

    def _on_chosen(self, urgency: Urgency) -> None:
        self.form.change(urgency=urgency, urgency_chosen=True)
        self.finished.emit()

    def _on_pressed(self) -> None:
        self._list.show()
        self._list.setFocus()
