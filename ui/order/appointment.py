"""Another promised window: from the offered ones or freely, with reason, side and the customer's consent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QCheckBox, QComboBox

from dispatcher_app.domain.command import ChangeAppointment, HoldWindow
from dispatcher_app.domain.order import Order, Side, Window
from dispatcher_app.text import t
from ui import format, name
from ui.controls.section import label
from ui.models.holding import Holding
from ui.order.form import Form, row_of
from ui.order.offered import WindowChoice, booked
from ui.order.reason import CHANGE, SIDES

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


SETTLE_MS: Final = 500
"""So long the caret rests on a window before its hour is kept: walking through them keeps none."""


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
        self._goes = label("", "small", wrap=True)
        self._placed: tuple[Window, str, int] | None = None
        self.kept = label("", "strong", wrap=True)
        self.kept.setObjectName("hour_kept")
        self.holding = Holding(session, self._hour, self)
        self.holding.follow(order.id)
        self.holding.changed.connect(self._say_kept)
        self.holding.lost.connect(self._on_lost)
        self._settled = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settled.timeout.connect(self._hold)
        self._lay_out()
        self.reason.currentIndexChanged.connect(self._on_reason)
        self.choice.changed.connect(self._on_window)
        self.consent.toggled.connect(lambda _agreed: self._settled.start())
        self.left.connect(self._on_left)
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
            self._goes.setText(t("{name} is taken off and planned anew.", name=who))
        self._goes.setVisible(self.order.technician is not None)
        self.body.addWidget(self._goes)
        self.body.addWidget(self.choice)
        self.body.addWidget(self.kept)
        self.body.addLayout(row_of(t("Reason"), self.reason))
        self.body.addLayout(row_of(t("From whose side"), self.side))
        self.body.addWidget(self.consent)

    @property
    def chosen(self) -> Window | str | None:
        """The window chosen, a word for one to be typed, None for none yet."""
        return self.choice.chosen

    def choose(self, window: Window) -> None:
        """Begin with a window, which is kept for the customer from now on."""
        self.touched = True
        self.choice.choose(window)
        self._settled.start()

    def choose_place(self, window: Window, technician: str, start: int) -> None:
        """Begin with a window and who comes when in it: somebody has moved the visit there (UTC ms)."""
        self.touched, self._placed = True, (window, technician, start)
        self._goes.setText(
            t("{name} comes at {time} then.", name=name.technician(self.session, technician),
              time=format.moment(start, self.session.now(), name.timezone(self.session)))
        )  # fmt: skip
        self._goes.show()
        self.choice.insist(window)
        self.consent.setFocus()

    def _place(self) -> tuple[str, int] | None:
        """Who comes when, where the window is still the one that was meant with him."""
        if self._placed is None or self._placed[0] != self.choice.window_meant():
            return None
        return self._placed[1:]

    def showEvent(self, event: QShowEvent) -> None:
        self.holding.renewing = True
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self.holding.renewing = False
        super().hideEvent(event)

    def _on_window(self) -> None:
        self.consent.setEnabled(self.chosen is not None)
        self._settled.start()

    def _hold(self) -> None:
        """Keep the hour of the window on which the caret has come to rest; nothing before anybody has chosen."""
        if not self.touched or not self.isVisible() or self.choice.offered is None or self._place():
            return
        found, stop = self.choice.found(), self.holding.stop
        if self.holding.asking or (found and stop and found.start <= stop.start < found.end):
            return
        self.holding.ask(found if found is not None and not found.full else None)

    def _hour(self, technician: str, start: int) -> HoldWindow | None:
        found = self.choice.found()
        if found is None:
            return None
        order = self.order
        return HoldWindow(
            order=order.id, window=Window(found.start, found.end), technician=technician, start=start,
            lines=booked(order.lines), district=order.district, point=order.point,
        )  # fmt: skip

    def _say_kept(self) -> None:
        said = self.holding.said()
        self.kept.setText(said)
        self.kept.setVisible(bool(said))

    def _on_lost(self) -> None:
        if self.isVisible():
            self.refuse(t("The window was taken by a colleague; choose another one."))
            self.choice.ask()

    def _on_left(self) -> None:
        if self.answered:
            self.holding.follow("")
        else:
            self.holding.release()

    def _on_reason(self) -> None:
        _word, side = CHANGE[self.reason.currentData()]
        self.side.setCurrentIndex(SIDES.index(side))

    def _command(self) -> ChangeAppointment:
        side: Side = self.side.currentData()
        technician, start = self._place() or (None, None)
        return ChangeAppointment(
            order=self.order.id,
            from_window=self.order.window,
            window=self.choice.window_meant(),
            side=side,
            reason=self.reason.currentData(),
            consent=self.consent.isChecked(),
            held=self.holding.day if self.holding.until is not None and technician is None else "",
            technician=technician,
            start=start,
        )
