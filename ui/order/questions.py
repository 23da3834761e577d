"""The questions that an action asks first, above what the order shows; a half answered one is kept for its order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

from dispatcher_app.domain.order import Order
from ui.order.asked import FORMS, TAB_OF
from ui.order.form import Form
from ui.order.tabs import Tabs

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


class Questions(QObject):
    """Emits `left` when one is put away by itself, `pick_wanted` with the form that asks for a point of the map, and
    `taken_in` with the order of a device that has come again;
    `typed` with every key in one, `put_off` when none is open any more."""

    left = Signal()
    typed = Signal()
    put_off = Signal()
    pick_wanted = Signal(object)
    taken_in = Signal(str)

    def __init__(self, session: Session, tabs: Tabs) -> None:
        super().__init__(tabs)
        self._session, self._tabs = session, tabs
        self._forms: dict[tuple[str, str], Form] = {}
        self.open: Form | None = None

    @property
    def unsaved(self) -> bool:
        """Whether something was typed or chosen in one of them that no order has yet."""
        return any(form.touched for form in self._forms.values())

    def ask(self, action: str, order: Order) -> Form:
        """Ask, or go on where the question about this order was left."""
        self.put_away()
        key = (action, order.id)
        if key not in self._forms:
            self._forms[key] = self._made(key, order)
        self._tabs.go(TAB_OF.get(action, "overview"))
        form = self.open = self._forms[key]
        form.show_order(order)
        form.show()
        self._tabs.to_top()
        form.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return form

    def show_order(self, order: Order) -> None:
        """The order that the open question is about stands so now."""
        if self.open is not None:
            self.open.show_order(order)

    def put_away(self) -> bool:
        """Show no question; what was typed in it stays. False where none was shown."""
        if self.open is None:
            return False
        self.open.hide()
        self.open = None
        self.put_off.emit()
        return True

    def _made(self, key: tuple[str, str], order: Order) -> Form:
        action, _order = key
        form = FORMS[action](self._session, order)
        form.setObjectName(f"form_{action}")
        form.typed.connect(self.typed)
        form.left.connect(lambda: self._on_left(key))
        form.pick_wanted.connect(lambda: self.pick_wanted.emit(form))
        self._tabs.ask(TAB_OF.get(action, "overview"), form)
        return form

    def _on_left(self, key: tuple[str, str]) -> None:
        form = self._forms[key]
        answered = form.isVisible() and form.answered
        if answered:
            del self._forms[key]
            form.deleteLater()
        self.put_away()
        if answered and form.makes:
            self.taken_in.emit(form.makes)
        if answered and key[0] in TAB_OF:  # whoever quotes or finishes goes on with this order
            self._tabs.bar.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.left.emit()
