"""The catalogue beside the queue: what is repaired at the left, what is told of it at the right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QSplitter, QVBoxLayout, QWidget

from dispatcher_app.client.state import Changed
from dispatcher_app.domain.catalogue import Category
from dispatcher_app.text import language, t
from ui import format, icons, name, theme
from ui.catalogue.detail import ItemDetail, spoken_range
from ui.catalogue.filter import Filters
from ui.catalogue.wish import Offer, Wish, book_of, offers
from ui.controls.choices import Choices
from ui.controls.empty import EmptyState
from ui.controls.flow import Flow
from ui.controls.picker import Entry
from ui.controls.section import label
from ui.models.choice import Choice
from ui.models.place import Place

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_NARROW_PX = 620
"""Narrower, items and what is told of them stand one below the other."""
_KINDS = {
    "item",
    "category",
    "price_book",
    "series",
    "part",
    "standard",
    "technician",
    "policy",
    "holiday_year",
}


class CataloguePanel(QWidget):
    """`book_wanted` carries item, fault and brand; `closed` that somebody is done with it."""

    book_wanted = Signal(str, object, str)
    technician_wanted = Signal(str)
    closed = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._category: str | None = None
        self._offers: list[Offer] = []
        self.setObjectName("catalogue")
        self.search = Entry()
        self.filters = Filters(session)
        self.list = Choices(t("What is repaired"), rows=None)
        self.detail = ItemDetail(session)
        self._count = label("", "small")
        self._none = EmptyState(
            t("Nothing answers this"), t("Ask for less, or say it in other words."), "search"
        )
        self._clear, self._close = QPushButton(t("Clear filters")), QPushButton()
        self._narrow = QPushButton(t("Filters"))
        self._soon = QTimer(self, singleShot=True, interval=30)
        self._lay_out()
        self._connect()
        stop = session.subscribe(changed=self._on_changed)
        self.destroyed.connect(lambda: stop())
        self.refresh()

    def stand_at(self, place: Place | None) -> None:
        """Count distances from the caller's address, unless somebody has named another place."""
        if place is not None and self.filters.wish(Wish()).place is None:
            self.filters.stand_at(place)
            self._narrow.setChecked(True)

    def refresh(self) -> None:
        """Show what answers the wish; the item chosen stays where it is still among it."""
        wish = self._wish()
        chosen = self.list.current
        self._offers = offers(self._session, wish)
        book = book_of(self._session)
        currency = book.currency if book else "CNY"
        rows = [self._row(each, currency) for each in self._offers]
        ids = [each.item.id for each in self._offers]
        # Words name something better than what was chosen before they were typed.
        keeps = chosen is not None and not wish.said.strip() and chosen.value in ids
        at = ids.index(chosen.value) if keeps and chosen is not None else 0
        self.list.show_choices(rows, at if rows else None)
        self.list.highlight(at if rows else None)
        self.list.setVisible(bool(rows))
        self._none.setVisible(not rows)
        self._count.setText(t("items: {n}", n=format.count(len(rows))))
        self._clear.setEnabled(self.filters.narrowing or bool(wish.said.strip()))
        self._on_item()

    def _wish(self) -> Wish:
        return self.filters.wish(Wish(said=self.search.text(), category=self._category))

    def _row(self, offer: Offer, currency: str) -> Choice:
        category = self._session.get(Category, offer.item.category)
        note = spoken_range(offer, currency) or t("no price yet")
        detail = _spoken(category.name, category.name_en) if category and self._category is None else ""
        return Choice(name.item(self._session, offer.item.id), offer.item.id, detail=detail, note=note)

    def _on_item(self) -> None:
        current = self.list.current
        found = next((each for each in self._offers if current and each.item.id == current.value), None)
        self.detail.show_offer(found, self._wish())

    def _on_category(self, category: str | None) -> None:
        self._category = category
        self.filters.show_category(category)
        self.refresh()

    def _on_clear(self) -> None:
        self.search.clear()
        self.filters.clear()
        self.search.setFocus()

    def _on_changed(self, changed: Changed) -> None:
        if changed.everything or not _KINDS.isdisjoint(changed.ids):
            self._soon.start()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in _ENTER
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.detail.book_now()
        elif enter and (self.search.hasFocus() or self.list.hasFocus()):
            self.detail.faults.setFocus(Qt.FocusReason.TabFocusReason)
        elif enter and self.filters.place.field.hasFocus():
            self.filters.place.list.choose(self.filters.place.list.current)
        elif enter and self.detail.faults.hasFocus():
            self.detail.book_now()
        elif enter and self.detail.people.hasFocus():
            self.detail.people.choose(self.detail.people.current)
        elif event.key() == Qt.Key.Key_Escape and self.search.text():
            self.search.clear()
            self.search.setFocus()
        elif event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < theme.current().px(_NARROW_PX)
        wanted = Qt.Orientation.Vertical if narrow else Qt.Orientation.Horizontal
        if self._split.orientation() != wanted:
            self._split.setOrientation(wanted)
            self._split.setSizes([200, 400] if narrow else [200, 500])

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.PaletteChange:
            self._close.setIcon(icons.icon("close", "muted"))
        super().changeEvent(event)

    # ------------------------------------------------------------ construction
    def _connect(self) -> None:
        self._soon.timeout.connect(self.refresh)
        self.search.textChanged.connect(lambda _text: self._soon.start())
        self.search.moved.connect(self.list.walk)
        self.filters.changed.connect(self._soon.start)
        self.list.selectionModel().currentChanged.connect(lambda _now, _before: self._on_item())
        self.list.typed.connect(self._on_letter)
        self.detail.faults.typed.connect(self._on_letter)
        self.detail.book_wanted.connect(self.book_wanted)
        self.detail.technician_wanted.connect(self.technician_wanted)
        self._clear.clicked.connect(self._on_clear)
        self._close.clicked.connect(self.closed)

    def _on_letter(self, letter: str) -> None:
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)
        self.search.setText(letter)

    def _categories(self) -> QWidget:
        """A button for each category, and one for all."""
        bar = QWidget()
        flow = Flow(bar, theme.current().space(1))
        group = QButtonGroup(bar)
        found = sorted(self._session.all(Category), key=lambda each: (each.rank, each.name))
        known = [
            (None, t("All##categories")),
            *((each.id, _spoken(each.name, each.name_en)) for each in found),
        ]
        for id, said in known:
            button = QPushButton(said)
            button.setCheckable(True)
            button.setChecked(id is None)
            button.setProperty("kind", "quiet")
            button.setProperty("compact", True)
            button.setObjectName(f"catalogue_category_{id or 'all'}")
            button.clicked.connect(lambda _on, id=id: self._on_category(id))
            group.addButton(button)
            flow.addWidget(button)
        return bar

    def _lay_out(self) -> None:
        look = theme.current()
        self.search.setObjectName("catalogue_search")
        self.search.setMaxLength(80)
        self.search.setClearButtonEnabled(True)
        hint = t("What is broken: words or first letters")
        self.search.setPlaceholderText(hint)
        self.search.setAccessibleName(hint)
        self.list.setObjectName("catalogue_items")
        self._narrow.setObjectName("catalogue_narrow")
        self._narrow.setCheckable(True)
        self._narrow.toggled.connect(self.filters.setVisible)
        self.filters.hide()
        self._clear.setProperty("kind", "link")
        self._clear.setProperty("compact", True)
        self._close.setIcon(icons.icon("close", "muted"))
        self._close.setProperty("kind", "quiet")
        self._close.setAccessibleName(t("Close the catalogue"))
        self._close.setToolTip(t("Close the catalogue"))
        self._close.setFixedWidth(look.px(30))
        head = QHBoxLayout()
        head.setSpacing(look.space(2))
        head.addWidget(self.search, 1)
        head.addWidget(self._narrow)
        head.addWidget(self._close)
        foot = QHBoxLayout()
        foot.addWidget(self._count)
        foot.addStretch()
        foot.addWidget(self._clear)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.space(1))
        column.addWidget(self.list, 1)
        column.addWidget(self._none, 1)
        column.addLayout(foot)
        left.setMinimumSize(look.px(180), look.px(120))
        self._split = split = QSplitter()
        split.addWidget(left)
        split.addWidget(self.detail)
        split.setStretchFactor(0, 2)
        split.setStretchFactor(1, 5)
        split.setChildrenCollapsible(False)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(look.space(3), look.space(2), look.space(3), look.space(2))
        whole.setSpacing(look.space(2))
        whole.addLayout(head)
        whole.addWidget(self._categories())
        whole.addWidget(self.filters)
        whole.addWidget(split, 1)
        self.setFocusProxy(self.search)


def _spoken(chinese: str, english: str) -> str:
    return english if english and language() == "en" else chinese
