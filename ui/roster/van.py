"""What a technician has in the van: parts issued from the store, brought back, fitted on site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QCompleter, QHBoxLayout, QPushButton, QSpinBox, QVBoxLayout, QWidget

from dispatcher_app.domain import role
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.catalogue import Part
from dispatcher_app.domain.command import IssueParts, ReturnParts
from dispatcher_app.domain.rule.van import QUANTITY_LIMIT
from dispatcher_app.domain.technician import Technician
from dispatcher_app.domain.van import Stocked, Van
from dispatcher_app.text import t
from ui import name, theme
from ui.controls.field import inset
from ui.controls.section import Section, label
from ui.roster.shift import empty_out
from ui.submit import submit

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


class VanSection(Section):
    """The stock by part, and one line to issue more or take some back."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(t("Van stock"), parent)
        look = theme.current()
        self._session = session
        self._technician: Technician | None = None
        self._list = QVBoxLayout()
        self._list.setSpacing(look.space(1))
        self._parts: dict[str, str] = {}
        self.part, self.quantity = QComboBox(), QSpinBox()
        self.part.setObjectName("van_part")
        self.part.setAccessibleName(t("Part"))
        self.part.setEditable(True)
        self.part.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.part.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.part.setMinimumContentsLength(8)
        if (completer := self.part.completer()) is not None:
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
            completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        self.quantity.setObjectName("van_quantity")
        self.quantity.setAccessibleName(t("Quantity"))
        self.quantity.setRange(1, QUANTITY_LIMIT)
        inset(self.quantity)
        self._none = label(t("Nothing was issued yet."), "muted")
        self._error = label("", "error", wrap=True)
        self._error.setObjectName("van_error")
        self._error.hide()
        self._line = QWidget()
        row = QHBoxLayout(self._line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look.space(2))
        row.addWidget(self.part, 1)
        row.addWidget(self.quantity)
        for code, word, run in (
            ("van_issue", t("Issue##parts"), self._on_issue),
            ("van_return", t("Take back##parts"), self._on_return),
        ):
            button = QPushButton(word)
            button.setObjectName(code)
            button.clicked.connect(run)
            row.addWidget(button)
        self.body.addLayout(self._list)
        self.body.addWidget(self._none)
        self.body.addWidget(self._line)
        self.body.addWidget(self._error)
        self._line.setVisible(role.holds(session.actor, role.ISSUES))

    def show_technician(self, technician: Technician) -> None:
        """Show the van of somebody; what is being chosen stays while it is the same one."""
        if self._technician is None or self._technician.id != technician.id:
            self._error.hide()
        self._technician = technician
        van = self._session.get(Van, technician.id)
        stock = van.stock if van is not None else ()
        empty_out(self._list)
        for each in sorted(stock, key=lambda each: name.part(self._session, each.part)):
            part = name.part(self._session, each.part)
            said = f"{part} × {each.quantity}"
            if each.quantity < 0:
                said = t("{part}: {n} more fitted than issued, count the van", part=part, n=-each.quantity)
            self._list.addWidget(label(said, "error" if each.quantity < 0 else "", wrap=True))
        self._none.setVisible(not stock)
        self._offer()

    def _offer(self) -> None:
        parts = sorted(
            (each for each in self._session.all(Part) if not each.retired), key=lambda each: each.name
        )
        words = {each.id: name.part(self._session, each.id) for each in parts}
        if words == self._parts:
            return
        self._parts = words
        typed = self.part.currentText()
        self.part.clear()
        for id, said in words.items():
            self.part.addItem(said, id)
        self.part.setCurrentIndex(-1)
        self.part.setEditText(typed)

    def _on_issue(self) -> None:
        self._move(IssueParts)

    def _on_return(self) -> None:
        self._move(ReturnParts)

    def _move(self, kind: type[IssueParts] | type[ReturnParts]) -> None:
        self._error.hide()
        typed = self.part.currentText().strip()
        part = next((id for id, said in self._parts.items() if said == typed), None)
        if part is None or self._technician is None:
            self._say(t("Choose a part of the list."))
            return
        command = kind(technician=self._technician.id, parts=(Stocked(part, self.quantity.value()),))
        if submit(self._session, command, self._say) is not None:
            self.quantity.setValue(1)
            self.show_technician(self._technician)

    def _say(self, sentence: str, _rejected: Rejected | None = None) -> None:
        self._error.setText(sentence)
        self._error.show()
