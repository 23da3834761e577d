"""The steps of a drop-off in their order."""

from __future__ import annotations

from dispatcher_app.text import t
from ui import custody
from ui.booking.brand import BrandStep, ModelStep
from ui.booking.caller import CallerStep, NameStep, NumberStep
from ui.booking.form import Form
from ui.booking.step import TextStep
from ui.booking.steps import Steps
from ui.booking.what import WhatStep
from ui.counter.chosen import ConsentStep, PromisedStep, ShelfStep
from ui.counter.noted import NotedStep
from ui.counter.photo import PhotoStep


class Column(Steps):
    """Whose it is, what it is, how it looks, where it goes."""

    def __init__(self, form: Form) -> None:
        caller, what, model = CallerStep(form), WhatStep(form), ModelStep(form)
        model.wanted = True
        shelf, photos = ShelfStep(form), PhotoStep(form)
        super().__init__(form, (
            NumberStep(form), caller, NameStep(form), what, BrandStep(form), model,
            TextStep(form, "serial", t("Serial no.##step"), "serial", t("As it stands on the device; Enter skips")),
            NotedStep(form, "accessories", t("Came with it##step"), t("Anything else, parted by commas (↓)"),
                      custody.accessories_for),
            NotedStep(form, "condition", t("Condition##step"), t("In other words, parted by commas (↓)"),
                      custody.conditions_for),
            ConsentStep(form), shelf, PromisedStep(form), photos,
            TextStep(form, "note", t("Note##booking"), "note", t("Optional")),
        ))  # fmt: skip
        self.caller, self.what, self.model, self.shelf, self.photos = caller, what, model, shelf, photos
