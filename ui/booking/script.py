"""The safety script as a step: shown as soon as the words speak of danger, read out before anything else."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from dispatcher_app.text import t
from ui import theme
from ui.booking import safety
from ui.booking.form import Form
from ui.booking.step import Step
from ui.controls.section import label


class SafetyStep(Step):
    """The script to read out where the words speak of danger; Enter says that it has been read."""

    def __init__(self, form: Form) -> None:
        super().__init__(form, "safety", t("Safety##booking"))
        self._card = _Card()
        self.body.addWidget(self._card)

    @property
    def kind(self) -> str | None:
        """Which danger the words speak of."""
        draft = self.form.draft
        return safety.danger(" ".join((*(line.said for line in draft.lines), draft.note)))

    def applies(self) -> bool:
        return self.kind is not None

    @property
    def read(self) -> bool:
        """Whether the script has been read to the caller."""
        return self.kind is None or self.form.draft.safety_read == self.kind

    def target(self) -> QWidget:
        return self._card

    def commit(self, *, more: bool = False) -> bool:
        self.form.change(safety_read=self.kind or "")
        return True

    def refresh(self, touched: frozenset[str]) -> None:
        if (kind := self.kind) is not None:
            self._card.show_script(kind, self.read)


class _Card(QFrame):
    """The script itself; short once it has been read."""

    def __init__(self) -> None:
        super().__init__()
        look = theme.current()
        self.setObjectName("banner")
        self.setProperty("kind", "error")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._title = label("", "strong", wrap=True)
        self._text = label("", wrap=True)
        self._hint = label(t("Enter: I have read it out"), "small")
        column = QVBoxLayout(self)
        column.setContentsMargins(look.space(3), look.space(2), look.space(3), look.space(2))
        column.setSpacing(look.space(1))
        for part in (self._title, self._text, self._hint):
            column.addWidget(part)

    def show_script(self, kind: str, read: bool) -> None:
        """Show the whole script, or one line that it has been read."""
        title = safety.title(kind)
        lines = [f"{number}. {each}" for number, each in enumerate(safety.script(kind), 1)]
        self._title.setText(t("Safety advice has been read out") if read else title)
        self._text.setText("\n".join(lines))
        self._text.setVisible(not read)
        self._hint.setVisible(not read)
        if self.property("kind") != (kind_shown := "success" if read else "error"):
            self.setProperty("kind", kind_shown)
            self.style().unpolish(self)
            self.style().polish(self)
        self.setAccessibleName(f"{title} {' '.join(lines)}")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()
