"""Where to come to: one of the caller's homes, a compound by letters, a district's centre, or a point on the map."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from dispatcher_app.domain.customer import Address, Compound
from dispatcher_app.domain.place import Point
from dispatcher_app.text import t
from ui import name
from ui.booking.form import Form
from ui.booking.step import Step, Summary
from ui.controls.choices import Choices
from ui.controls.picker import Picker
from ui.limit import limit
from ui.models.choice import Choice
from ui.models.place import Place, places, pointed_at
from ui.task import Latest

_KEYS: Final = "12345678"
_FOUND: Final = 5


class WhereStep(Step):
    """The caller's homes on keys; anything else is typed and looked for."""

    map_wanted = Signal()

    def __init__(self, form: Form) -> None:
        super().__init__(form, "where", t("Where##booking"))
        self._searching = False
        self._found: Sequence[Compound] = ()
        self.answered = ""
        self._waiting = False
        self._search = Latest(self)
        self._summary = Summary()
        self._homes = Choices(t("The caller's addresses"))
        self._picker = Picker(
            t("Where##booking"), t("Compound or initials · Ctrl+P points on the map"), rows=6
        )
        limit(self._picker.field, "compound")
        for part in (self._summary, self._homes, self._picker):
            self.body.addWidget(part)
        self._summary.pressed.connect(self._on_pressed)
        self._homes.chosen.connect(self._on_home)
        self._homes.typed.connect(self._on_letter)
        self._picker.typed.connect(self._on_typed)
        self._picker.chosen.connect(self._on_place)
        form.caller_changed.connect(lambda: self.refresh(frozenset()))

    @property
    def lists_homes(self) -> bool:
        """Whether the caller's homes are what is shown."""
        return bool(self.form.addresses) and not self._searching

    def target(self) -> QWidget:
        return self._homes if self.lists_homes else self._picker.field

    def set_active(self, active: bool) -> None:
        if not active or self.form.draft.lon is None:
            self._searching = active and self._searching
        if active and not self.active and self.form.draft.place:
            self._searching = True
        self._picker.set_active(active)
        super().set_active(active)
        if active and not self.lists_homes:
            self._ask()

    def commit(self, *, more: bool = False) -> bool:
        if self.lists_homes:
            self._homes.choose(self._homes.current)
            return False
        draft = self.form.draft
        if draft.lon is not None and draft.compound == draft.place:
            return True
        if draft.place.strip() and self.answered != draft.place.strip():
            self._waiting = True  # what is listed still answers what was typed before
            return False
        if self._picker.list.choose(self._picker.list.current):
            return False
        typed = draft.place.strip()
        self.say(
            t("No compound is called that: choose its district with ↓")
            if typed
            else t("Where shall we come to?")
        )
        return False

    def back(self) -> bool:
        if self._searching and self.form.addresses:
            self._searching = False
            self._homes.show()
            self._homes.setFocus()
            self.refresh(frozenset())
            return True
        return False

    def refresh(self, touched: frozenset[str]) -> None:
        self._picker.write(self.form.draft.place)
        self._summary.show_choice(told(self.form), t("Address, compound or map"))
        self._summary.setVisible(
            not self.active and (bool(self.form.draft.address) or not self.form.draft.place)
        )
        self._homes.setVisible(self.active and self.lists_homes)
        self._picker.setVisible(
            (self.active and not self.lists_homes) or (self._summary.isHidden() and not self.active)
        )
        if self.active and self.lists_homes:
            self._homes.show_choices(self._home_rows())

    def point_at(self, point: Point) -> None:
        """Come to this point of the map, in the district whose centre is nearest."""
        place = pointed_at(self.form.region, self.form.draft.place, point)
        self._searching = True
        self.form.change(
            address=None, place=place.compound, compound=place.compound, lon=point.lon, lat=point.lat,
            approximate=False, district=place.district,
        )  # fmt: skip
        self.say(None)

    def _home_rows(self) -> list[Choice]:
        rows = [self._home(key, each) for key, each in zip(_KEYS, self.form.addresses, strict=False)]
        return [*rows, Choice(t("Another place: type it"), None, "0")]

    def _home(self, key: str, home: Address) -> Choice:
        return Choice(
            written(home), home.id, key,
            detail=name.district(self.form.session, home.district),
            note=t("approximate") if home.approximate else "",
        )  # fmt: skip

    def _on_home(self, id: str | None) -> None:
        self.say(None)
        if id is None:
            self._on_letter("")
            return
        self.form.change(address=id)
        self.finished.emit()

    def _on_letter(self, letter: str) -> None:
        self._searching = True
        self._picker.show()
        self._picker.field.setFocus()  # before the list with the focus is hidden
        self.form.change(address=None, place=letter)
        self.refresh(frozenset())
        self._picker.field.setCursorPosition(len(letter))
        self._ask()

    def _on_typed(self, text: str) -> None:
        self.say(None)
        self._waiting = False
        self.form.change(place=text, address=None, compound="", lon=None, lat=None, district="")
        self._ask()

    def _ask(self) -> None:
        typed = self.form.draft.place.strip()
        self._show()
        if typed:
            self._search.ask(
                self.form.session.compounds(typed, _FOUND), lambda found: self._on_found(typed, found)
            )
        else:
            self._found, self.answered = (), ""
            self._show()

    def _on_found(self, typed: str, found: Sequence[Compound]) -> None:
        self._found, self.answered = found, typed
        self._show()
        if self._waiting and self.active:
            self._waiting = False
            self.commit()

    def _show(self) -> None:
        typed = self.form.draft.place.strip()
        self._picker.propose(*places(self.form.session, typed, self._found if typed else ()))

    def _on_place(self, place: Place) -> None:
        self.form.change(
            address=None, place=place.compound, compound=place.compound, district=place.district,
            lon=place.point.lon, lat=place.point.lat, approximate=place.approximate,
        )  # fmt: skip
        self.say(None)
        self.finished.emit()

    def _on_pressed(self) -> None:
        target = self.target()
        target.show()
        target.setFocus(Qt.FocusReason.MouseFocusReason)


def written(home: Address) -> str:
    """A home in one line: compound, building, unit."""
    return " ".join(part for part in (home.compound, home.building, home.unit_mask) if part)


def told(form: Form) -> str:
    """The place chosen, in one line; empty while there is none."""
    home = form.address
    if home is not None:
        return written(home)
    draft = form.draft
    if draft.lon is None:
        return ""
    place = draft.compound or draft.place
    said = name.district(form.session, draft.district) or (form.region.name if form.region else "")
    if draft.approximate:
        return t("{place} · {district}, approximate", place=place, district=said)
    return f"{place} · {said}"
