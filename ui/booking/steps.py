"""Steps one below the other, one of them active, and the way from one to the next."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from ui import theme
from ui.booking.caller import CallerStep
from ui.booking.form import Form
from ui.booking.step import Step


class Steps(QScrollArea):
    """Some steps; one of them is active, and those that are not needed are not shown."""

    ended = Signal()

    def __init__(self, form: Form, steps: Sequence[Step]) -> None:
        super().__init__()
        look = theme.current()
        self.form, self.steps = form, tuple(steps)
        self._revealing = QTimer(self, singleShot=True, interval=0)
        self._revealing.timeout.connect(self._on_settled)
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
            self.form.change(step=step.name)
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
        before = next((each for each in reversed(self.steps[:at]) if self.needed(each)), None)
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
        late = next((each for each in self.steps[:at] if self.late(each)), None)
        return late or next((each for each in self.steps[at + 1 :] if self.needed(each)), None)

    def late(self, step: Step) -> bool:
        """Whether a step before the one in hand has to be asked after all."""
        if isinstance(step, CallerStep):
            return step.ambiguous
        return step.name == "name" and step.applies() and not self.form.draft.name.strip()

    def needed(self, step: Step) -> bool:
        """Whether Enter stops at a step."""
        return step.applies()

    def _on_finished(self) -> None:
        step = self.sender()
        if isinstance(step, Step):
            self.go_on(step)

    def _on_changed(self, touched: frozenset[str]) -> None:
        for step in self.steps:
            step.refresh(touched)
            step.setVisible(step.applies() or step is self._active)
