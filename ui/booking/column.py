"""The steps of a booking in their order, one below the other."""

from __future__ import annotations

from PySide6.QtCore import QPoint

from dispatcher_app.text import t
from ui import theme
from ui.booking.brand import BrandStep, ModelStep
from ui.booking.caller import CallerStep, NameStep, NumberStep
from ui.booking.coupon import CouponStep
from ui.booking.entrance import AtNewPlace, DoorCodeStep, EntryStep
from ui.booking.form import Form
from ui.booking.place import WhereStep
from ui.booking.script import SafetyStep
from ui.booking.step import Step, TextStep
from ui.booking.steps import Steps
from ui.booking.urgency import UrgencyStep
from ui.booking.what import WhatStep
from ui.booking.window import WhenStep


class Column(Steps):
    """All steps of a call; what a call does not need is not shown."""

    def __init__(self, form: Form) -> None:
        caller, what, where = CallerStep(form), WhatStep(form), WhereStep(form)
        safety, model, when = SafetyStep(form), ModelStep(form), WhenStep(form)
        coupon = CouponStep(form)
        super().__init__(form, (
            NumberStep(form), caller, NameStep(form), what, safety, BrandStep(form), model, UrgencyStep(form), where,
            AtNewPlace(form, "building", t("Building##booking"), "building", t("Such as: building 3")),
            AtNewPlace(form, "unit", t("Unit##booking"), "unit", t("Such as: 501")),
            EntryStep(form), DoorCodeStep(form, "code", t("Door code"), "door_code"),
            when, coupon, TextStep(form, "note", t("Note##booking"), "note", t("Optional")),
        ))  # fmt: skip
        self.caller, self.what, self.where, self.safety = caller, what, where, safety
        self.model, self.when, self.coupon = model, when, coupon
        when.cursor_moved.connect(self._on_cursor_moved)

    def needed(self, step: Step) -> bool:
        return step.applies() and not (step is self.safety and self.safety.read)

    def _on_cursor_moved(self, place: QPoint) -> None:
        inside = self.widget()
        if inside is not None:
            at = self.when.mapTo(inside, place)
            self.ensureVisible(at.x(), at.y(), 0, theme.current().space(8))
