"""The price explainer: what is asked at the left; every line with its reason, and what did not apply, at the right."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QDate, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QCompleter,
    QDateEdit,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from dispatcher_app.client.state import Changed
from dispatcher_app.domain.book import PriceBook
from dispatcher_app.domain.calendar import local_date, moment, next_date
from dispatcher_app.domain.catalogue import Item
from dispatcher_app.domain.customer import Compound
from dispatcher_app.domain.order import Window
from dispatcher_app.domain.region import Policy
from dispatcher_app.text import t
from ui import name, theme
from ui.admin import ask
from ui.admin.trial import Answer, Question
from ui.admin.trial import ask as priced
from ui.admin.version import in_force, title_of
from ui.controls.field import Field, inset
from ui.controls.picker import Picker
from ui.controls.questions import Questions
from ui.controls.section import label
from ui.controls.sheet import Sheet
from ui.models.choice import Choice
from ui.models.sheet import Column, SheetModel
from ui.task import Latest

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_FORM_PX = 380


class Explainer(QWidget):
    """A page like the others: `left` tells that somebody steps back."""

    left = Signal()
    unsaved = False

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._asking = Latest(self)
        self._compound: Compound | None = None
        self.setObjectName("explainer")
        self.item, self.fault, self.quantity = QComboBox(), QComboBox(), QSpinBox()
        self.brand, self.coupon = Field(), Field()
        self.place = Picker(t("Address"), t("Compound: name, initials"))
        self.district, self.urgency, self.package = QComboBox(), QComboBox(), QComboBox()
        self.date, self.hour = QDateEdit(), QComboBox()
        self.first, self.second = QComboBox(), QComboBox()
        self.amounts = _answers(t("What it is for"), t("Amount"))
        self.others = _answers(t("What does not apply, and why"), t("By the first"))
        self._error = label("", "error", wrap=True)
        self._error.setObjectName("explainer_error")
        self._lay_out()
        self._fill()
        self._soon = QTimer(self, singleShot=True, interval=60)
        self._soon.timeout.connect(self.answer)
        self._connect()
        self.answer()

    def begin(self) -> None:
        """The caret into the first question."""
        self.item.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def open(self, id: str) -> None:
        """Ask about an item."""
        self.item.setCurrentIndex(max(0, self.item.findData(id)))
        self.begin()

    def question(self) -> Question | None:
        """What is asked now, None while there is no item."""
        region = name.region(self._session)
        item = self.item.currentData()
        if region is None or item is None:
            return None
        centre = self.district.currentData() or region.centre
        return Question(
            item=item, fault=self.fault.currentData(), quantity=self.quantity.value(),
            brand=self.brand.text().strip(), point=self._compound.point if self._compound else centre,
            urgency=self.urgency.currentData(), window=self._window(),
            coupon=self.coupon.text().strip() or None, package=self.package.currentData(),
        )  # fmt: skip

    def answer(self) -> None:
        """Say the price by the versions chosen."""
        question = self.question()
        ids = [self.first.currentData(), self.second.currentData()]
        books = [book for id in ids if id and (book := self._session.get(PriceBook, id)) is not None]
        if question is None or not books:
            self._error.setText(t("There is no item or no price book yet."))
            self._error.show()
            return
        answered = priced(self._session, question, tuple(books[:2]))
        self._error.setText(answered.refused)
        self._error.setVisible(bool(answered.refused))
        if answered.refused:  # what it would cost without them is still worth knowing
            answered = priced(self._session, replace(question, coupon=None, package=None), tuple(books[:2]))
        self.amounts.write(answered.amounts)
        self.others.write(answered.others)
        self.others.grid.setColumnHidden(1, len(books) < 2)
        for sheet in (self.amounts, self.others):
            sheet.grid.setColumnHidden(2, len(books) < 2)
            sheet.grid.resizeRowsToContents()

    def _window(self) -> Window | None:
        hour = self.hour.currentData()
        if hour is None:
            return None
        policy = self._session.get(Policy, "policy") or Policy()
        day = self.date.date().toString(Qt.DateFormat.ISODate)
        begin = moment(day, hour * 60, name.timezone(self._session))
        return Window(begin, begin + policy.window_minutes * 60_000)

    # ------------------------------------------------------------ what is offered
    def _fill(self) -> None:
        session = self._session
        items = {
            each.id: ask.spoken(each.name, each.name_en)
            for each in sorted(session.all(Item), key=lambda each: (each.category, each.name))
            if not each.retired
        }
        _offer(self.item, items)
        region = name.region(session)
        centres = (
            {each.centre: name.district(session, each.id) for each in region.districts} if region else {}
        )
        _offer(self.district, {(region.centre if region else None): t("centre of the region"), **centres})
        words = {
            "normal": t("Normal##urgency"),
            "same_day": t("Same day##urgency"),
            "emergency": t("Emergency##urgency"),
        }
        _offer(self.urgency, words)
        hours: dict[Any, str] = {None: t("no window yet")}
        _offer(self.hour, hours | {hour: f"{hour:02}:00" for hour in range(24)})
        self._fill_books()
        self._fill_faults()

    def _fill_books(self) -> None:
        session = self._session
        there = [each for each in session.all(PriceBook) if each.state != "discarded"]
        books = sorted(there, key=lambda each: (each.state, -(each.starts_at or 0)))
        titles: dict[Any, str] = {each.id: title_of(session, each) for each in books}
        now = in_force(session, f"prices:{session.region_id}")
        for box, first in ((self.first, {}), (self.second, {None: t("nothing beside it")})):
            kept = box.currentData()
            _offer(box, {**first, **titles})
            box.setCurrentIndex(max(0, box.findData(kept)))
        if self.first.property("chosen") is None and now is not None:
            self.first.setCurrentIndex(max(0, self.first.findData(now.id)))
        self._fill_packages()

    def _fill_faults(self) -> None:
        item = self._session.get(Item, self.item.currentData() or "")
        faults: dict[Any, str] = (
            {each.id: ask.spoken(each.name, each.name_en) for each in item.faults} if item else {}
        )
        _offer(self.fault, {**faults, None: t("not known")})
        self.brand.setCompleter(QCompleter(list(item.brands) if item else [], self.brand))

    def _fill_packages(self) -> None:
        book = self._session.get(PriceBook, self.first.currentData() or "")
        packs: dict[Any, str] = (
            {each.id: ask.spoken(each.name, each.name_en) for each in book.packages} if book else {}
        )
        kept = self.package.currentData()
        _offer(self.package, {None: t("none##package"), **packs})
        self.package.setCurrentIndex(max(0, self.package.findData(kept)))

    def _on_item(self, _at: int) -> None:
        self._fill_faults()
        self._soon.start()

    def _on_first(self, _at: int) -> None:
        self._fill_packages()
        self._soon.start()

    def _on_typed(self, text: str) -> None:
        self._compound = None
        if text.strip():
            self._asking.ask(self._session.compounds(text.strip(), 6), self._on_compounds)
        else:
            self.place.propose([])
            self._soon.start()

    def _on_compounds(self, found: list[Compound]) -> None:
        self.place.set_active(True)
        self.place.propose(
            [Choice(each.name, each, detail=name.district(self._session, each.district)) for each in found]
        )

    def _on_place(self, compound: Compound) -> None:
        self._compound = compound
        self.place.write(compound.name)
        self.place.set_active(False)
        self.answer()

    def _on_changed(self, changed: Changed) -> None:
        if changed.everything or not {"price_book", "series", "item", "holiday_year"}.isdisjoint(changed.ids):
            self._fill_books()
            self._soon.start()

    # ------------------------------------------------------------ keys
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.place.field.hasFocus() and self.place.list.current is not None and self._compound is None:
                self._on_place(self.place.list.current.value)
            self.focusNextChild()
        else:
            super().keyPressEvent(event)

    # ------------------------------------------------------------ construction
    def _connect(self) -> None:
        self.item.currentIndexChanged.connect(self._on_item)
        for box in (self.fault, self.district, self.urgency, self.hour, self.package, self.second):
            box.currentIndexChanged.connect(lambda _at: self._soon.start())
        self.first.activated.connect(lambda _at: self.first.setProperty("chosen", True))
        self.first.currentIndexChanged.connect(self._on_first)
        self.quantity.valueChanged.connect(lambda _n: self._soon.start())
        self.date.dateChanged.connect(lambda _date: self._soon.start())
        for field in (self.brand, self.coupon):
            field.textEdited.connect(lambda _text: self._soon.start())
        self.place.typed.connect(self._on_typed)
        self.place.chosen.connect(self._on_place)
        stop = self._session.subscribe(changed=self._on_changed)
        self.destroyed.connect(lambda: stop())

    def _lay_out(self) -> None:
        look = theme.current()
        self.quantity.setRange(1, 99)
        inset(self.quantity)
        tomorrow = next_date(local_date(self._session.now(), name.timezone(self._session)), 1)
        self.date.setDate(QDate.fromString(tomorrow, Qt.DateFormat.ISODate))
        self.date.setCalendarPopup(True)
        self.date.setDisplayFormat("yyyy-MM-dd")
        questions = Questions()
        for code, word, field, beside in (
            ("item", t("Item"), self.item, False), ("fault", t("Fault"), self.fault, False),
            ("quantity", t("Quantity"), self.quantity, False), ("brand", t("Brand"), self.brand, True),
            ("place", t("Address"), self.place, False), ("district", t("or the centre of"), self.district, False),
            ("urgency", t("Urgency"), self.urgency, False), ("date", t("Date"), self.date, True),
            ("hour", t("From##hour"), self.hour, True), ("package", t("Package##price"), self.package, False),
            ("coupon", t("Coupon code"), self.coupon, True), ("first", t("By the prices of"), self.first, False),
            ("second", t("Beside it"), self.second, False),
        ):  # fmt: skip
            field.setObjectName(f"explain_{code}")
            questions.add(code, word, field, beside=beside)
            if isinstance(field, QComboBox):
                field.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
                field.setMinimumContentsLength(6)
        body = QFrame()
        left = QVBoxLayout(body)
        left.setContentsMargins(*(look.space(3),) * 4)
        left.addWidget(questions)
        left.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidget(body)
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFixedWidth(look.px(_FORM_PX))
        right = QVBoxLayout()
        right.setContentsMargins(look.space(3), look.space(3), look.space(3), look.space(3))
        right.setSpacing(look.space(2))
        self._error.hide()
        right.addWidget(self._error)
        right.addWidget(self.amounts, 1)
        right.addWidget(self.others, 1)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(1)
        whole.addWidget(scroll)
        whole.addLayout(right, 1)


def _answers(title: str, first: str) -> Sheet:
    model = SheetModel(
        (
            Column(code="what", title=title, show=lambda row: row.what, bold=lambda row: row.total, width=430),
            Column(code="first", title=first, show=lambda row: row.first, bold=lambda row: row.total, right=True,
                   width=110),
            Column(code="second", title=t("Beside it"), show=lambda row: row.second, bold=lambda row: row.total,
                   right=True, width=110),
        )
    )  # fmt: skip
    model.set_open(False)
    sheet = Sheet(model, title)
    header = sheet.grid.horizontalHeader()
    header.setStretchLastSection(False)
    header.setSectionResizeMode(0, header.ResizeMode.Stretch)
    sheet.grid.verticalHeader().hide()
    sheet.grid.setWordWrap(True)
    return sheet


def _offer(box: QComboBox, known: dict[Any, str]) -> None:
    box.blockSignals(True)
    box.clear()
    for value, said in known.items():
        box.addItem(said, value)
    box.blockSignals(False)


__all__ = ["Answer", "Explainer"]
