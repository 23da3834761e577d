"""The maker of what is broken, found by letters and skipped by Enter; the model only on demand."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from dispatcher_app.pinyin import initials
from dispatcher_app.text import t
from ui.booking.form import Form
from ui.booking.step import Step, TextStep
from ui.controls.picker import Picker
from ui.limit import limit
from ui.models.choice import Choice


class BrandStep(Step):
    """A brand of the catalogue, or another as it is typed."""

    def __init__(self, form: Form) -> None:
        super().__init__(form, "brand", t("Brand##booking"))
        self._picker = Picker(t("Brand##booking"), t("Enter skips · Ctrl+M adds the model"), rows=6)
        limit(self._picker.field, "brand")
        self._picker.typed.connect(self._on_typed)
        self._picker.chosen.connect(self._on_chosen)
        self.body.addWidget(self._picker)

    def applies(self) -> bool:
        item = self.form.item
        return item is not None and bool(item.brands)

    def target(self) -> QWidget:
        return self._picker.field

    def commit(self, *, more: bool = False) -> bool:
        current = self._picker.list.current
        if current is not None and not self._picker.list.isHidden():
            self._picker.list.choose(current)
        if more:
            self.form.add_line()
        return True

    def settle(self) -> bool:
        return self.commit()

    def set_active(self, active: bool) -> None:
        self._picker.set_active(active)
        super().set_active(active)

    def refresh(self, touched: frozenset[str]) -> None:
        brand = self.form.draft.line.brand
        self._picker.write(brand)
        if self.active:
            found = matching(brand, self.form.item.brands if self.form.item else ())
            # Nothing typed, nothing highlighted: Enter must not choose a brand that nobody named.
            self._picker.propose([Choice(each, each) for each in found], 0 if brand.strip() else None)

    def _on_typed(self, text: str) -> None:
        self.form.change_line(brand=text)

    def _on_chosen(self, brand: str) -> None:
        self.form.change_line(brand=brand)


class ModelStep(TextStep):
    """The model, for the rare caller who can read it off."""

    def __init__(self, form: Form) -> None:
        super().__init__(form, "model", t("Model##booking"), "model", t("Optional"))
        self.wanted = False

    def applies(self) -> bool:
        return self.form.item is not None and (self.wanted or bool(self.form.draft.line.model))

    def typed(self) -> str:
        return self.form.draft.line.model

    def store(self, text: str) -> None:
        self.form.change_line(model=text)


def matching(typed: str, brands: tuple[str, ...]) -> list[str]:
    """The brands that begin with the letters or pinyin initials typed, then those that contain them."""
    letters = typed.strip().casefold()
    if not letters or letters in (each.casefold() for each in brands):
        return [each for each in brands if not letters or each.casefold() == letters]
    begin = [
        each
        for each in brands
        if each.casefold().startswith(letters)
        or any(form.startswith(letters) for form in initials(each).split())
    ]
    return begin or [each for each in brands if letters in each.casefold()]
