"""What a caller's wish is narrowed by: brand, price, stars, and how far from where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from dispatcher_app.domain.customer import Compound
from dispatcher_app.text import t
from ui import format, name, theme
from ui.catalogue.wish import Wish, brands
from ui.controls.flow import Flow
from ui.controls.money import MoneyField
from ui.controls.picker import Picker
from ui.controls.section import label
from ui.limit import limit
from ui.models.place import Place, places
from ui.task import Latest

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_STARS: Final = (None, 4.0, 4.5, 4.8)
_KILOMETRES: Final = (None, 3, 5, 10, 20)
_FOUND: Final = 5


class Filters(QWidget):
    """`changed` follows every choice; `wish` fills it into what was said."""

    changed = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._place: Place | None = None
        self._search = Latest(self)
        self.brand, self.stars, self.within = QComboBox(), QComboBox(), QComboBox()
        region = name.region(session)
        currency = region.currency if region else "CNY"
        self.least, self.most = MoneyField(currency), MoneyField(currency)
        self.place = Picker(t("Whereto##catalogue"), t("Compound or district, for distances"), rows=5)
        limit(self.place.field, "compound")
        self._lay_out()
        self._offer()
        self._connect()

    def wish(self, wish: Wish) -> Wish:
        """The wish narrowed by what stands in the fields; what is no amount narrows nothing."""
        return replace(
            wish, brand=str(self.brand.currentData() or ""), least=self.least.value, most=self.most.value,
            stars=self.stars.currentData(), within_m=self.within.currentData(), place=self._place,
        )  # fmt: skip

    def show_category(self, category: str | None) -> None:
        """Offer the brands of a category; the one chosen stays where it is among them."""
        chosen = self.brand.currentData()
        self.brand.blockSignals(True)
        self.brand.clear()
        self.brand.addItem(t("All brands"), "")
        for each in brands(self._session, category):
            self.brand.addItem(each, each)
        self.brand.setCurrentIndex(max(0, self.brand.findData(chosen)))
        self.brand.blockSignals(False)

    def stand_at(self, place: Place | None) -> None:
        """Count distances from here on, or from nowhere."""
        self._place = place
        self.place.write(place.compound if place else "")
        self.place.set_active(False)
        self.within.setEnabled(place is not None)
        self.changed.emit()

    def clear(self) -> None:
        """Narrow nothing any more."""
        for box in (self.brand, self.stars, self.within):
            box.setCurrentIndex(0)
        for field in (self.least, self.most):
            field.clear()
        self.stand_at(None)

    @property
    def narrowing(self) -> bool:
        """Whether anything is narrowed."""
        return self.wish(Wish()) != Wish()

    def _on_typed(self, text: str) -> None:
        if not text.strip():
            self.stand_at(None)
            return
        self._place = None
        self.within.setEnabled(False)
        typed = text.strip()
        self._search.ask(self._session.compounds(typed, _FOUND), lambda found: self._on_found(typed, found))

    def _on_found(self, typed: str, found: Sequence[Compound]) -> None:
        self.place.set_active(True)
        self.place.propose(*places(self._session, typed, found))

    def _connect(self) -> None:
        for box in (self.brand, self.stars, self.within):
            box.currentIndexChanged.connect(lambda _at: self.changed.emit())
        for field in (self.least, self.most):
            field.textEdited.connect(lambda _text: self.changed.emit())
        self.place.typed.connect(self._on_typed)
        self.place.chosen.connect(self.stand_at)

    def _offer(self) -> None:
        self.show_category(None)
        for star in _STARS:
            self.stars.addItem(t("Any stars") if star is None else t("{n} ★ and more", n=star), star)
        for far in _KILOMETRES:
            metres = None if far is None else far * 1000
            said = t("Any distance") if metres is None else t("within {far}", far=format.distance(metres))
            self.within.addItem(said, metres)
        self.within.setEnabled(False)

    def _lay_out(self) -> None:
        look = theme.current()
        for code, box, said in (
            ("brand", self.brand, t("Brand##catalogue")),
            ("stars", self.stars, t("Stars at least")),
            ("within", self.within, t("How far at most")),
        ):
            box.setObjectName(f"catalogue_{code}")
            box.setAccessibleName(said)
        for code, field, said in (
            ("least", self.least, t("Price from")),
            ("most", self.most, t("Price to")),
        ):
            field.setObjectName(f"catalogue_{code}")
            field.setAccessibleName(said)
            field.setPlaceholderText(said)
            field.setFixedWidth(look.px(84))
        self.place.field.setObjectName("catalogue_place")
        prices = QWidget()
        row = QHBoxLayout(prices)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look.space(1))
        row.addWidget(self.least)
        row.addWidget(label("–", "muted"))
        row.addWidget(self.most)
        boxes = QWidget()
        flow = Flow(boxes, look.space(2))
        for part in (self.brand, prices, self.stars, self.within):
            flow.addWidget(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.space(2))
        column.addWidget(boxes)
        column.addWidget(self.place)
