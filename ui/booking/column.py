"""The steps of a booking in their order, one below the other, and the way from one to the next."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QTimer, Signal
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from dispatcher_app.text import t
from ui import theme
from ui.booking.brand import BrandStep, ModelStep
from ui.booking.caller import CallerStep, NameStep, NumberStep
from ui.booking.entrance import AtNewPlace, DoorCodeStep, EntryStep
from ui.booking.form import Form
from ui.booking.place import WhereStep
from ui.booking.script import SafetyStep
from ui.booking.step import Step, TextStep
from ui.booking.urgency import UrgencyStep
from ui.booking.what import WhatStep
from ui.booking.window import WhenStep


class Column(QScrollArea):
    """All steps; one of them is active, and steps that a call does not need are not shown."""

    ended = Signal()

    def __init__(self, form: Form) -> None:
        super().__init__()
        look = theme.current()
        self._form = form
        self._revealing = QTimer(self, singleShot=True, interval=0)
        self._revealing.timeout.connect(self._on_settled)
        self.caller, self.what, self.where = CallerStep(form), WhatStep(form), WhereStep(form)
        self.safety, self.model, self.when = SafetyStep(form), ModelStep(form), WhenStep(form)
        self.steps: tuple[Step, ...] = (
            NumberStep(form), self.caller, NameStep(form), self.what, self.safety, BrandStep(form), self.model,
            UrgencyStep(form), self.where,
            AtNewPlace(form, "building", t("Building##booking"), "building", t("Such as: building 3")),
            AtNewPlace(form, "unit", t("Unit##booking"), "unit", t("Such as: 501")),
            EntryStep(form), DoorCodeStep(form, "code", t("Door code"), "door_code"),
            self.when, TextStep(form, "note", t("Note##booking"), "note", t("Optional")),
        )  # fmt: skip
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(look.space(4), look.space(2), look.space(4), look.space(2))
        column.setSpacing(look.space(2))
        for step in self.steps:
            column.addWidget(step)
            step.finished.connect(self._on_finished)
            step.grown.connect(self.reveal)
        column.addStretch(1)
        inside.setObjectName("booking-column")
        self.setWidget(inside)
        inside.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)
        self.setWidgetResizable(True)
        self.setFocusPolicy(self.focusPolicy().NoFocus)
        self.setHorizontalScrollBarPolicy(self.horizontalScrollBarPolicy().ScrollBarAlwaysOff)
        self._active: Step = self.steps[0]
        self.when.cursor_moved.connect(self._on_cursor_moved)
        form.changed.connect(self._on_changed)
        form.caller_changed.connect(lambda: self._on_changed(frozenset()))
        self._on_changed(frozenset())

    @property
    def active(self) -> Step:
        """The step that has, or had last, the focus."""
        return self._active

    def step(self, name: str) -> Step:
        """The step of that name."""
        return next(each for each in self.steps if each.name == name)

    def go(self, step: Step) -> None:
        """Put the focus into a step."""
        step.setVisible(True)
        if not step.active:
            step.set_active(True)
        step.target().setFocus()
        self.activate(step)

    def activate(self, step: Step) -> None:
        """The focus is in this step now."""
        before, self._active = self._active, step
        for other in self.steps:
            if other.active and other is not step:
                other.set_active(False)
        if not step.active:
            step.set_active(True)
        if before is not step:
            self._form.change(step=step.name)
        self.reveal()

    def reveal(self) -> None:
        """Scroll so that the whole active step is seen, once it has its height."""
        self._revealing.start()

    def _on_settled(self) -> None:
        self.ensureWidgetVisible(self._active, 0, theme.current().space(3))

    def go_on(self, step: Step) -> None:
        """Go to the step after this one; what had to be asked late comes first."""
        following = self._following(step)
        if following is None:
            self.ended.emit()
        else:
            self.go(following)

    def go_back(self) -> bool:
        """Go one step back; False at the first one."""
        if self._active.back():
            return True
        at = self.steps.index(self._active)
        before = next((each for each in reversed(self.steps[:at]) if self._needed(each)), None)
        if before is None:
            return False
        self.go(before)
        return True

    def owner(self, widget: QWidget | None) -> Step | None:
        """The step that a widget is part of."""
        while widget is not None and not isinstance(widget, Step):
            widget = widget.parentWidget()
        return widget

    def _following(self, step: Step) -> Step | None:
        at = self.steps.index(step)
        late = next((each for each in self.steps[:at] if self._late(each)), None)
        return late or next((each for each in self.steps[at + 1 :] if self._needed(each)), None)

    def _late(self, step: Step) -> bool:
        if step is self.caller:
            return self.caller.ambiguous
        return step.name == "name" and step.applies() and not self._form.draft.name.strip()

    def _needed(self, step: Step) -> bool:
        return step.applies() and not (step is self.safety and self.safety.read)

    def _on_cursor_moved(self, place: QPoint) -> None:
        inside = self.widget()
        if inside is not None:
            at = self.when.mapTo(inside, place)
            self.ensureVisible(at.x(), at.y(), 0, theme.current().space(8))

    def _on_finished(self) -> None:
        step = self.sender()
        if isinstance(step, Step):
            self.go_on(step)

    def _on_changed(self, touched: frozenset[str]) -> None:
        for step in self.steps:
            step.refresh(touched)
            step.setVisible(step.applies() or step is self._active)
