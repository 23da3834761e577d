"""One more home of the customer: found by letters, in a district or on the map."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QPushButton

from dispatcher_app.clock import new_id
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.command import AddAddress, NewAddress
from dispatcher_app.domain.customer import Compound, Entry
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.place import Point
from dispatcher_app.text import t
from ui import name
from ui.controls.field import Field
from ui.controls.picker import Picker
from ui.controls.questions import Questions
from ui.controls.section import label
from ui.limit import limit
from ui.models.place import Place, places, pointed_at
from ui.order.form import Form
from ui.task import Latest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dispatcher_app.client.session import Session

_FOUND = 5


class AddressForm(Form):
    """The place is chosen, not just typed: every home has a point."""

    def __init__(self, session: Session, order: Order) -> None:
        super().__init__(session, order, t("Add an address"), t("Add##go"))
        self._id = new_id()
        self._place: Place | None = None
        self._asking = Latest(self)
        self.place = Picker(t("Where##booking"), t("Compound or initials · Ctrl+P points on the map"), rows=6)
        self.place.field.setObjectName("address_place")
        self.building, self.unit, self.code = Field(), Field(), Field()
        for line, what in (
            (self.place.field, "compound"),
            (self.building, "building"),
            (self.unit, "unit"),
            (self.code, "door_code"),
        ):
            limit(line, what)
        self.entry = QComboBox()
        for field, code in ((self.building, "building"), (self.unit, "unit"), (self.code, "code")):
            field.setObjectName(f"address_{code}")
        for code in get_args(Entry):
            self.entry.addItem(name.entry(code), code)
        self._chosen = label("", "small", wrap=True)
        self._chosen.setObjectName("address_chosen")
        self._lay_out()
        self.place.set_active(True)
        self.place.typed.connect(self._on_typed)
        self.place.chosen.connect(self._take)
        self.entry.currentIndexChanged.connect(self._on_entry)
        self.ask = self._command
        self.setFocusProxy(self.place.field)

    def point_at(self, point: Point) -> None:
        self._take(pointed_at(name.region(self.session), self.place.field.text(), point))

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.ShortcutOverride and _picks(event):
            event.accept()  # here it points on the map, whatever it does elsewhere in the window
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if _picks(event):
            self.pick_wanted.emit()
        elif enter and not control and self.place.field.hasFocus():
            self._on_enter()
        elif enter and not control:
            self.focusNextChild()
        else:
            super().keyPressEvent(event)

    # ------------------------------------------------------------ the place
    def _on_typed(self, text: str) -> None:
        self._place = None
        self._chosen.hide()
        typed = text.strip()
        if typed:
            self._asking.ask(
                self.session.compounds(typed, _FOUND), lambda found: self._on_found(typed, found)
            )
        else:
            self._asking.forget()
            self.place.propose([])

    def _on_found(self, typed: str, found: Sequence[Compound]) -> None:
        self.place.propose(*places(self.session, typed, found))

    def _on_enter(self) -> None:
        if self._place is not None:
            self.building.setFocus()
        elif not self._asking.busy and not self.place.list.choose(self.place.list.current):
            self._questions.refuse("place", t("Choose the place in the list with ↓ and Enter."))

    def _take(self, place: Place) -> None:
        self._place = place
        self._questions.hush()
        self.place.write(place.compound)
        self.place.propose([])
        district = name.district(self.session, place.district)
        said = t("approximate") if place.approximate else ""
        self._chosen.setText(" · ".join(filter(None, (place.compound, district, said))))
        self._chosen.show()
        self.building.setFocus()

    def _on_entry(self) -> None:
        self.code.setVisible(self.entry.currentData() == "door_code")

    # ------------------------------------------------------------ the command
    def _command(self) -> AddAddress | None:
        self._questions.hush()
        self.refuse("")
        place = self._place
        if place is None:
            self._questions.refuse("place", t("Choose the place in the list with ↓ and Enter."))
            return None
        entry: Entry = self.entry.currentData()
        return AddAddress(
            customer=self.order.customer,
            address=NewAddress(
                id=self._id,
                district=place.district,
                compound=place.compound,
                building=self.building.text().strip(),
                unit=self.unit.text().strip(),
                entry=entry,
                door_code=self.code.text().strip() if entry == "door_code" else "",
                point=place.point,
                approximate=place.approximate,
            ),
        )

    def _refuse(self, sentence: str, rejected: Rejected) -> None:
        field = (rejected.field or "").rpartition(".")[2]
        known = {"compound": "place", "district": "place", "point": "place", "door_code": "entry"}
        if not self._questions.refuse(known.get(field, field), sentence):
            self.refuse(sentence)

    def _lay_out(self) -> None:
        pick = QPushButton(t("Point on the map…"))
        pick.setProperty("kind", "link")
        pick.setProperty("compact", True)
        pick.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        pick.clicked.connect(self.pick_wanted)
        self.code.setPlaceholderText(t("Door code"))
        self.code.setAccessibleName(t("Door code"))
        self.code.hide()
        self._chosen.hide()
        self._questions = Questions()
        self._questions.add("place", t("Place"), self.place)
        self._questions.add("building", t("Building"), self.building)
        self._questions.add("unit", t("Unit"), self.unit)
        self._questions.add("entry", t("Entry"), self.entry)
        self.body.addWidget(self._questions)
        self.body.insertWidget(0, pick, 0, Qt.AlignmentFlag.AlignRight)
        self.body.addWidget(self.code)
        self.body.addWidget(self._chosen)


def _picks(event: QKeyEvent) -> bool:
    """Whether a key asks to point on the map."""
    return event.key() == Qt.Key.Key_P and event.modifiers() == Qt.KeyboardModifier.ControlModifier
