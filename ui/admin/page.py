"""A page of the administration: the list at the left, the form of the row chosen at the right, as it was left."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol, cast

from PySide6.QtCore import Qt, QTimer, Signal, SignalInstance
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from dispatcher_app.client.state import Changed
from dispatcher_app.text import t
from ui import theme
from ui.admin.listing import Listing, Row
from ui.controls.empty import EmptyState

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


class Sheaf(Protocol):
    """What a page shows at its right: a widget that keeps what is typed and follows what others change."""

    @property
    def saved(self) -> SignalInstance:
        """Carries the id of what was saved."""

    @property
    def left(self) -> SignalInstance:
        """Tells that the form was stepped back from."""

    @property
    def unsaved(self) -> bool:
        """Whether something typed is not saved yet."""

    def begin(self) -> None:
        """The caret into the first field."""

    def catch_up(self) -> None:
        """Show what others have changed."""


class Page(QWidget):
    """`rows` says what is listed, `make` builds the form of a row (or of a new thing, by the ids in `new`).

    `create` makes a new thing at once and answers its row. `left` tells that somebody steps back from the list.
    """

    left = Signal()

    def __init__(
        self, session: Session, *, name: str, hint: str, kinds: frozenset[str],
        rows: Callable[[], Sequence[Row]], make: Callable[[str], QWidget],
        new: Mapping[str, str], empty: tuple[str, str], create: Callable[[str], str | None] | None = None,
    ) -> None:  # fmt: skip
        super().__init__()
        self._create = create
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._kinds, self._rows, self._make = kinds, rows, make
        self._forms: dict[str, QWidget] = {}
        self._listed: set[str] = set()
        self.list = Listing(name, hint)
        self._shelf = QStackedWidget()
        self._nothing = EmptyState(*empty, "admin")
        self._shelf.addWidget(self._nothing)
        self._lay_out(new)
        self.list.chosen.connect(self._show)
        self.list.opened.connect(self.open)
        self._soon.timeout.connect(self.refresh)
        stop = session.subscribe(changed=self._on_changed)
        self.destroyed.connect(lambda: stop())
        self.refresh()

    @property
    def unsaved(self) -> bool:
        """Whether a form holds what is not saved."""
        return any(cast(Sheaf, form).unsaved for form in self._forms.values())

    @property
    def form(self) -> QWidget | None:
        """The form that is shown."""
        shown = self._shelf.currentWidget()
        return None if shown is self._nothing else shown

    def refresh(self) -> None:
        """List and forms as things stand now."""
        rows = self._rows()
        unsaved = {id for id, form in self._forms.items() if cast(Sheaf, form).unsaved}
        self.list.show_rows([_marked(row) if row.id in unsaved else row for row in rows])
        for form in self._forms.values():
            cast(Sheaf, form).catch_up()
        # What was listed and is no more was thrown away; what somebody has typed on it stays to be saved.
        there = {row.id for row in rows}
        for id in self._listed - there:
            if id in self._forms and not cast(Sheaf, self._forms[id]).unsaved:
                self.forget(id)
        self._listed = there

    def open(self, id: str) -> None:
        """Show the form of a row (or a new one), with the caret in it."""
        self._show(id)
        if not self.list.choose(id):
            self.list.leave_row()
        if (form := self._forms.get(id)) is not None:
            cast(Sheaf, form).begin()

    def begin_new(self, id: str) -> None:
        """Begin something new: a form of it, or (where a page makes it at once) the thing itself."""
        made = self._create(id) if self._create is not None else id
        if made is not None:
            self.refresh()
            self.open(made)

    def begin(self) -> None:
        """The caret into the list, the first row chosen where none is."""
        if self.list.current is None and (rows := self._rows()):
            self.list.choose(next((row.id for row in rows if not row.head), rows[0].id))
        self.list.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def forget(self, id: str) -> None:
        """A form that is not needed any more."""
        if (form := self._forms.pop(id, None)) is not None:
            if self._shelf.currentWidget() is form:
                self._shelf.setCurrentWidget(self._nothing)
            self._shelf.removeWidget(form)
            form.deleteLater()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _show(self, id: str) -> None:
        if id not in self._forms:
            made = self._make(id)
            form = cast(Sheaf, made)
            form.left.connect(self._step_back)
            form.saved.connect(lambda saved: self._on_saved(id, saved))
            self._forms[id] = made
            self._shelf.addWidget(made)
        self._shelf.setCurrentWidget(self._forms[id])
        self._soon.start()  # what is left behind may not be saved, which the list says

    def _on_saved(self, id: str, saved: str) -> None:
        if id != saved and id.endswith(":"):  # what was new has an id now
            self.forget(id)
            self.refresh()
            self.list.choose(id + saved)
        self._soon.start()

    def _step_back(self) -> None:
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_changed(self, changed: Changed) -> None:
        if changed.everything or not self._kinds.isdisjoint(changed.ids):
            self._soon.start()

    def _lay_out(self, new: Mapping[str, str]) -> None:
        look = theme.current()
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(look.space(2), look.space(2), look.space(2), 0)
        column.setSpacing(look.space(2))
        buttons = QHBoxLayout()
        buttons.setSpacing(look.space(1))
        for id, word in new.items():
            button = QPushButton(word)
            button.setObjectName(f"admin_new_{id.rstrip(':')}")
            button.clicked.connect(lambda _checked, id=id: self.begin_new(id))
            buttons.addWidget(button)
        buttons.addStretch()
        if new:
            column.addLayout(buttons)
        column.addWidget(self.list, 1)
        split = QSplitter()
        split.addWidget(left)
        split.addWidget(self._shelf)
        split.setSizes([look.px(300), look.px(900)])
        split.setStretchFactor(0, 0)
        split.setStretchFactor(1, 1)
        split.setChildrenCollapsible(False)
        left.setMinimumWidth(look.px(220))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(split)
        self.setFocusProxy(self.list)


def _marked(row: Row) -> Row:
    return Row(
        id=row.id, title=row.title, note=t("not saved##row"), grey=row.grey, head=row.head, words=row.words
    )
