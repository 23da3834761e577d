"""A quote as it is made: lines, parts, prices of one's own; what it comes to stands below while it is typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QComboBox, QPushButton, QVBoxLayout

from dispatcher_app.domain.act import Missing, Rejected
from dispatcher_app.domain.book import PriceBook
from dispatcher_app.domain.catalogue import Item
from dispatcher_app.domain.command import QuotedLine, ReviseQuote
from dispatcher_app.domain.order import Line, Order, PartLine, Revision
from dispatcher_app.domain.pricing import book_labour
from dispatcher_app.domain.rule.facts import tariff_of
from dispatcher_app.domain.rule.quoting import PHOTOS_LIMIT
from dispatcher_app.text import t
from ui import format, name
from ui.controls.field import Field
from ui.controls.money import MoneyField
from ui.controls.section import label
from ui.limit import limit
from ui.order.fitted import FittedRow
from ui.order.form import Form, row_of
from ui.order.line import LineRow
from ui.order.partpick import PartPick
from ui.order.photoset import PhotoSet
from ui.order.reason import QUOTED, reason_word

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


class ReviseForm(Form):
    """Begins with what is agreed now, or with the quote that waits."""

    def __init__(self, session: Session, order: Order) -> None:
        number = len(order.revisions) + 1
        super().__init__(session, order, t("Quote {n} for {number}", n=number, number=order.number),
                         t("Propose it##quote"))  # fmt: skip
        self._number = number
        self._currency = order.quote.currency
        self._lines: list[LineRow] = []
        self._parts: list[FittedRow] = []
        self._line_place, self._part_place = QVBoxLayout(), QVBoxLayout()
        self.pick = PartPick(session, frozenset(line.item for line in order.lines))
        self.discount = MoneyField(self._currency)
        self.discount.setObjectName("quote_discount")
        self.discount.setPlaceholderText("0")
        self.discount.setAccessibleName(t("Discount"))
        self.reason = QComboBox()
        self.reason.setObjectName("quote_reason")
        self.reason.setAccessibleName(t("Reason"))
        for code in QUOTED:
            self.reason.addItem(reason_word(code), code)
        self.photos = PhotoSet(session, "quote", PHOTOS_LIMIT)
        self.note = Field()
        limit(self.note, "note")
        self.note.setObjectName("quote_note")
        self.note.setPlaceholderText(t("Note, kept with the order"))
        self.note.setAccessibleName(t("Note"))
        self._price = label("", "strong", wrap=True)
        self._price.setObjectName("quote_price")
        self._book = label("", "muted", wrap=True)
        self._book.setObjectName("quote_book")
        self._lay_out()
        offer = order.proposed
        used = [id for each in order.revisions for id in each.photos]
        self.photos.show_order(order.id, offer.photos if offer else (), used)
        for line in offer.lines if offer else order.lines:
            self._add_line(line)
        for part in offer.parts if offer else order.parts:
            self._add_part(part.part, part)
        if offer and offer.discount:
            self.discount.show_value(offer.discount)
        self.pick.chosen.connect(self._add_part)
        self.discount.textEdited.connect(self._say)
        self.reason.currentIndexChanged.connect(self._say)
        self.ask = self._command
        self.setFocusProxy(self._lines[0].item)
        self._say()

    def show_order(self, order: Order) -> None:
        super().show_order(order)
        self._say()

    # ------------------------------------------------------------ rows
    def _add_line(self, line: Line | None) -> None:
        row = LineRow(self.session, line, self._currency)
        if line is not None and (usual := self._usual_labour(row)) is not None and line.labour != usual:
            row.labour.show_value(line.labour)
        row.setObjectName(f"quote_line_{len(self._lines)}")
        row.changed.connect(self._on_lines)
        row.remove.clicked.connect(lambda: self._drop_line(row))
        self._lines.append(row)
        self._line_place.addWidget(row)
        self._on_lines()

    def _drop_line(self, row: LineRow) -> None:
        if len(self._lines) > 1:
            self._lines.remove(row)
            row.hide()
            row.deleteLater()
            self._on_lines()

    def _add_part(self, part: str, former: PartLine | None = None) -> None:
        row = FittedRow(self.session, part, self._currency, self._usual(part), former)
        row.changed.connect(self._say)
        row.remove.clicked.connect(lambda: self._drop_part(row))
        self._parts.append(row)
        self._part_place.addWidget(row)
        row.offer_lines(self._line_words(), former.line if former else 0)
        self._say()

    def _drop_part(self, row: FittedRow) -> None:
        self._parts.remove(row)
        row.hide()
        row.deleteLater()
        self._say()

    def _on_lines(self) -> None:
        words = self._line_words()
        for part in self._parts:
            part.offer_lines(words)
        for row in self._lines:
            usual = self._usual_labour(row)
            said = t("book {price}", price=format.money(usual, self._currency)) if usual is not None else ""
            row.labour.setPlaceholderText(said or t("labour"))
        self._say()

    def _line_words(self) -> list[str]:
        return [f"{at}. {row.item.currentText()}" for at, row in enumerate(self._lines, 1)]

    def _usual(self, part: str) -> int | None:
        """The price book's price of a part."""
        book = self._price_book()
        found = book.part_by_id.get(part) if book else None
        return found.price if found else None

    def _usual_labour(self, row: LineRow) -> int | None:
        """The price book's labour for one piece."""
        book, booked = self._price_book(), row.booked()
        item = self.session.get(Item, booked.item)
        return book_labour(item, booked.fault, book) if book and item else None

    def _price_book(self) -> PriceBook | None:
        try:
            return tariff_of(self.session, self.order).book
        except (Rejected, Missing):
            return None

    # ------------------------------------------------------------ what it comes to
    def _say(self) -> None:
        command = self._command(quietly=True)
        if command is None:
            return
        try:
            change = self.session.preview(command)
        except Rejected as rejected:
            if rejected.code == "required":  # the note; said when it is proposed
                return
            self._price.setText("")
            self._book.setText(name.refusal(self.session, rejected))
            return
        made = next((each for each in change.after if isinstance(each, Order)), None) if change else None
        if made is None or made.proposed is None:
            return
        self._price.setText(
            t("{old} → {new}, {n} min on site", old=format.money(self.order.quote.total, self._currency),
              new=format.money(made.proposed.quote.total, self._currency), n=minutes_of(made.proposed))
        )  # fmt: skip
        self._book.setText(against_book(made.proposed))

    def _command(self, *, quietly: bool = False) -> ReviseQuote | None:
        lines, unreadable = [], False
        for row in self._lines:
            booked = row.booked()
            own = row.labour.value
            unreadable |= own is None and not row.labour.empty
            lines.append(
                QuotedLine(item=booked.item, fault=booked.fault, brand=booked.brand, model=booked.model,
                           quantity=booked.quantity, labour=own)
            )  # fmt: skip
        parts = [part for row in self._parts if (part := row.quoted()) is not None]
        discount = 0 if self.discount.empty else self.discount.value
        if unreadable or discount is None or len(parts) < len(self._parts):
            if not quietly:
                self.refuse(t("Write the amount like 128.50."))
            return None
        if self.photos.waiting and not quietly:
            self.refuse(t("Photos are still on their way; they go with it once they are there."))
            return None
        return ReviseQuote(
            order=self.order.id,
            number=self._number,
            lines=tuple(lines),
            parts=tuple(parts),
            discount=discount,
            reason=self.reason.currentData(),
            photos=self.photos.photos,
            note=self.note.text().strip(),
        )

    def _lay_out(self) -> None:
        more = QPushButton(t("One more line"))
        more.setProperty("kind", "link")
        more.setProperty("compact", True)
        more.clicked.connect(lambda: self._add_line(None))
        self.body.addLayout(self._line_place)
        self.body.addWidget(more)
        self.body.addWidget(self.pick)
        self.body.addLayout(self._part_place)
        self.body.addLayout(row_of(t("Discount"), self.discount))
        self.body.addLayout(row_of(t("Reason"), self.reason))
        self.body.addWidget(self.photos)
        self.body.addWidget(self.note)
        self.body.addWidget(self._price)
        self.body.addWidget(self._book)


def minutes_of(offer: Revision) -> int:
    """Minutes on site for all lines of a quote."""
    return sum(line.minutes * line.quantity for line in offer.lines)


def against_book(offer: Revision) -> str:
    """How far a quote is from the price book, in words."""
    book = format.money(offer.book_total, offer.quote.currency)
    apart = offer.quote.total - offer.book_total
    if not apart:
        return t("As the price book: {book}", book=book)
    if apart > 0:
        return t("{percent} % above the price book ({book})", percent=offer.over_percent, book=book)
    percent = round(-apart * 100 / offer.book_total) if offer.book_total else 100
    return t("{percent} % below the price book ({book})", percent=percent, book=book)
