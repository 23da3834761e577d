"""Another promised window: from the offered ones or freely, with reason, side and the customer's consent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QCheckBox, QComboBox

from dispatcher_app.domain.command import ChangeAppointment
from dispatcher_app.domain.order import Order, Side, Window
from dispatcher_app.text import t
from ui import format, name
from ui.controls.section import label
from ui.order.form import Form, row_of
from ui.order.offered import WindowChoice
from ui.order.reason import CHANGE, SIDES

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


class AppointmentForm(Form):
    """The promise moves only with the customer's consent, and it is said who asked for it."""

    def __init__(self, session: Session, order: Order) -> None:
        super().__init__(
            session, order, t("Change appointment of {number}", number=order.number), t("Change##go")
        )
        self.choice = WindowChoice(session, order)
        self.windows = self.choice.windows
        self.reason, self.side = QComboBox(), QComboBox()
        self.reason.setAccessibleName(t("Reason"))
        self.side.setAccessibleName(t("From whose side"))
        for code, (word, _side) in CHANGE.items():
            self.reason.addItem(t(word), code)
        for code in SIDES:
            self.side.addItem(name.side(code), code)
        self.consent = QCheckBox(t("The customer agrees to this window"))
        self.consent.setObjectName("consent")
        self._lay_out()
        self.reason.currentIndexChanged.connect(self._on_reason)
        self.choice.changed.connect(self._on_window)
        self._on_window()
        self.ask = self._command
        self.setFocusProxy(self.windows)

    def _lay_out(self) -> None:
        said = self.order.window
        now, timezone = self.session.now(), name.timezone(self.session)
        before = format.window(said.start, said.end, now, timezone) if said else t("no window yet")
        self.body.addWidget(label(t("Promised now: {window}", window=before), "muted", wrap=True))
        if self.order.technician is not None:
            who = name.technician(self.session, self.order.technician)
            self.body.addWidget(
                label(t("{name} is taken off and planned anew.", name=who), "small", wrap=True)
            )
        self.body.addWidget(self.choice)
        self.body.addLayout(row_of(t("Reason"), self.reason))
        self.body.addLayout(row_of(t("From whose side"), self.side))
        self.body.addWidget(self.consent)

    @property
    def chosen(self) -> Window | str | None:
        """The window chosen, a word for one to be typed, None for none yet."""
        return self.choice.chosen

    def _on_window(self) -> None:
        self.consent.setEnabled(self.chosen is not None)

    def _on_reason(self) -> None:
        _word, side = CHANGE[self.reason.currentData()]
        self.side.setCurrentIndex(SIDES.index(side))

    def _command(self) -> ChangeAppointment:
        side: Side = self.side.currentData()
        return ChangeAppointment(
            order=self.order.id,
            from_window=self.order.window,
            window=self.choice.window_meant(),
            side=side,
            reason=self.reason.currentData(),
            consent=self.consent.isChecked(),
        )
