"""One item as it is told to a caller: faults and how they are repaired, price, warranty, safety, and who could come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from dispatcher_app.domain.catalogue import Category, Item, Part
from dispatcher_app.domain.order import Line
from dispatcher_app.domain.packing import fits
from dispatcher_app.domain.region import Policy
from dispatcher_app.domain.rule.standard import standards_of
from dispatcher_app.domain.standard import Standard
from dispatcher_app.text import language, t
from ui import format, name, theme
from ui.catalogue.price import Price
from ui.catalogue.wish import Offer, Wish, book_of, people
from ui.controls.choices import Choices
from ui.controls.empty import EmptyState
from ui.controls.facts import Facts
from ui.controls.section import Section, label
from ui.models.choice import Choice
from ui.models.person import person

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_PEOPLE = 8


class ItemDetail(QWidget):
    """`book_wanted` carries item, fault (or None) and brand, `technician_wanted` whom somebody wants to see."""

    book_wanted = Signal(str, object, str)
    technician_wanted = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._item: Item | None = None
        self._fault: str | None = None
        self._wish = Wish()
        self.setObjectName("catalogue_detail")
        self._title, self._range = label("", "title", wrap=True), label("", "strong")
        self._facts = Facts()
        for code, word in (
            ("repair", t("How it is repaired")), ("time", t("Takes##catalogue")), ("materials", t("Materials")),
            ("parts", t("Likely parts")), ("warranty", t("Warranty")), ("declined", t("Looking only")),
            ("certificates", t("Certificates")), ("brands", t("Brands")),
        ):  # fmt: skip
            self._facts.add(f"catalogue_{code}", word)
        self.faults = Choices(t("Common faults"), rows=8)
        self.faults.setObjectName("catalogue_faults")
        self.price = Price(session)
        self.people = Choices(t("Who could come"), rows=_PEOPLE)
        self.people.setObjectName("catalogue_people")
        self._people, self._nobody = Section(t("Who could come")), label("", "muted", wrap=True)
        self._safety, self._steps = Section(t("Safety steps of the standard")), label("", wrap=True)
        self.book = QPushButton(t("Book this"))
        self._empty = EmptyState(t("Nothing chosen"), t("Choose what is to be repaired."), "item")
        self._lay_out()
        self.faults.selectionModel().currentChanged.connect(lambda _now, _before: self._on_fault())
        self.people.chosen.connect(lambda id: self.technician_wanted.emit(id))
        self.price.told.connect(lambda _quote: self._say_declined())
        self.book.clicked.connect(self.book_now)
        self.show_offer(None, Wish())

    def show_offer(self, offer: Offer | None, wish: Wish) -> None:
        """Tell of an item; the fault that the words named is chosen, else the one chosen before."""
        self._wish = wish
        item = offer.item if offer else None
        same = item is not None and self._item is not None and item.id == self._item.id
        self._item = item
        self._empty.setVisible(item is None)
        self._body.setVisible(item is not None)
        if offer is None or item is None:
            return
        book = book_of(self._session)
        currency = book.currency if book else "CNY"
        self._title.setText(self._called(item))
        self._range.setText(spoken_range(offer, currency))
        if (offer.fault and offer.fault != self._fault) or not same:
            self._fault = offer.fault
        rows = [self._row(item, each.id) for each in item.faults]
        at = next((at for at, each in enumerate(item.faults) if each.id == self._fault), 0)
        self.faults.show_choices(rows, at)
        self.faults.highlight(at if rows else None)
        self._on_fault()

    def book_now(self) -> None:
        """Begin a booking with what is chosen."""
        if self._item is not None:
            brand = self._wish.brand if self._wish.brand in self._item.brands else ""
            self.book_wanted.emit(self._item.id, self._fault, brand)

    # ------------------------------------------------------------ what is told
    def _called(self, item: Item) -> str:
        category = self._session.get(Category, item.category)
        group = _spoken(category.name, category.name_en) if category else ""
        return " · ".join(filter(None, (name.item(self._session, item.id), group)))

    def _row(self, item: Item, fault: str) -> Choice:
        found, book = item.fault(fault), book_of(self._session)
        assert found is not None
        price = book.labour_by_fault.get((item.id, fault)) if book else None
        said = [format.money(price.price, book.currency)] if book and price else []
        return Choice(
            name.fault(self._session, item.id, fault), fault,
            detail=" · ".join((*said, format.duration(found.minutes * 60))),
        )  # fmt: skip

    def _on_fault(self) -> None:
        item, current = self._item, self.faults.current
        if item is None:
            return
        self._fault = current.value if current else None
        fault = item.fault(self._fault)
        said = name.fault(self._session, item.id, self._fault)
        what = f"{name.item(self._session, item.id)} {said}".strip()
        self.book.setAccessibleName(t("Book: {what}", what=what))
        self.book.setToolTip(self.book.accessibleName())
        say = self._facts.say
        say("catalogue_repair", _spoken(fault.method, fault.method_en) if fault else "")
        say("catalogue_time", format.duration(fault.minutes * 60) if fault else "")
        say("catalogue_materials", self._materials(item))
        say("catalogue_parts", "\n".join(self._parts(item)))
        say("catalogue_warranty", self._warranty(item))
        say("catalogue_certificates", t(", ").join(item.certificates))
        say("catalogue_brands", t(", ").join(item.brands))
        place = self._wish.place
        self.price.show_fault(item, self._fault, self._wish.brand, place.point if place else None)
        self._show_people(item)
        self._show_safety(item)

    def _say_declined(self) -> None:
        found = self.price.quote
        said = t("{fee} when it is not repaired after all", fee=format.money(found.if_declined, found.currency)) \
            if found else ""  # fmt: skip
        self._facts.say("catalogue_declined", said)

    def _materials(self, item: Item) -> str:
        said = t("Small materials are included") if item.materials == "included" else t("Materials are extra")
        note = _spoken(item.materials_note, item.materials_note_en)
        return f"{said}{t(': ')}{note}" if note else said

    def _parts(self, item: Item) -> list[str]:
        """The parts that this fault likely takes, each with its price."""
        fault, book = item.fault(self._fault), book_of(self._session)
        line = Line(item=item.id, fault=self._fault, brand=self._wish.brand, minutes=0, labour=0)
        found = []
        for id in dict.fromkeys(fault.parts if fault else ()):
            if not fits(self._session, id, line):
                continue
            price = book.part_by_id.get(id) if book else None
            cost = format.money(price.price, book.currency) if book and price else t("price on request")
            found.append(f"{name.part(self._session, id)}  {cost}")
        return found

    def _warranty(self, item: Item) -> str:
        policy = self._session.get(Policy, "policy") or Policy()
        fault = item.fault(self._fault)
        parts = [self._session.get(Part, id) for id in (fault.parts if fault else ())]
        days = [policy.warranty_parts_days if each.warranty_days is None else each.warranty_days
                for each in parts if each is not None]  # fmt: skip
        labour = policy.warranty_labour_days if item.warranty_days is None else item.warranty_days
        return t(
            "labour {labour} days, new parts {parts} days",
            labour=labour, parts=min(days, default=policy.warranty_parts_days),
        )  # fmt: skip

    def _show_people(self, item: Item) -> None:
        found = people(self._session, self._wish, item, self._fault)
        rows = [person(self._session, each) for each in found]
        self.people.show_choices(rows, None)
        self.people.setVisible(bool(rows))
        self._people.set_count(format.count(len(found)) if found else "")
        said = t("Nobody who can repair this fits what is asked for.")
        self._nobody.setText("" if found else said)
        self._nobody.setVisible(not found)

    def _show_safety(self, item: Item) -> None:
        ids = standards_of(self._session, (item.id,), self._session.now())
        standards = [self._session.get(Standard, id) for id in ids]
        steps = [_spoken(check.text, check.text_en) for each in standards if each is not None
                 for check in each.checks if check.safety]  # fmt: skip
        self._steps.setText("\n".join(f"{at}. {each}" for at, each in enumerate(steps, 1)))
        self._safety.setVisible(bool(steps))

    # ------------------------------------------------------------ construction
    def _lay_out(self) -> None:
        look = theme.current()
        head = QVBoxLayout()
        head.setSpacing(0)
        head.addWidget(self._title)
        head.addWidget(self._range)
        faults, price = Section(t("Common faults")), Section(t("What it costs##section"))
        faults.body.addWidget(self.faults)
        price.body.addWidget(self.price)
        self._people.body.addWidget(self.people)
        self._people.body.addWidget(self._nobody)
        self._safety.body.addWidget(self._steps)
        inside = QFrame()
        column = QVBoxLayout(inside)
        column.setContentsMargins(*(look.space(3),) * 4)
        column.setSpacing(look.space(3))
        column.addLayout(head)
        for part in (faults, self._facts, price, self._people, self._safety):
            column.addWidget(part)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidget(inside)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.book.setObjectName("catalogue_book")
        self.book.setProperty("kind", "primary")
        foot = QHBoxLayout()
        foot.setContentsMargins(look.space(3), look.space(2), look.space(3), look.space(2))
        foot.setSpacing(look.space(2))
        foot.addWidget(self.book)
        foot.addWidget(label(t("Ctrl+Enter"), "small"))
        foot.addStretch()
        self._body = QWidget()
        body = QVBoxLayout(self._body)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(0)
        body.addWidget(scroll, 1)
        body.addLayout(foot)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._empty)
        whole.addWidget(self._body)


def spoken_range(offer: Offer, currency: str) -> str:
    """What labour costs, from and to."""
    if offer.prices is None:
        return ""
    low, high = offer.prices
    first = format.money(low, currency)
    return first if low == high else f"{first}–{format.money(high, currency)}"


def _spoken(chinese: str, english: str) -> str:
    return english if english and language() == "en" else chinese
