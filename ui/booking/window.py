"""When: the three best windows on keys, all others in a small calendar, or a call back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QWidget

from dispatcher_app.domain.act import Broken
from dispatcher_app.domain.order import Window
from dispatcher_app.planning.windows import Offered
from dispatcher_app.text import t
from ui import format, name
from ui.booking.calendar import Calendar
from ui.booking.form import Form
from ui.booking.order import window_of
from ui.booking.step import Step, Summary
from ui.controls.choices import Choices
from ui.controls.section import label
from ui.models.choice import Choice

_CALENDAR: Final = "calendar"
_CALL_BACK: Final = "call_back"


class WhenStep(Step):
    """The windows that can honestly be promised, each with its reason; never one that nobody chose."""

    cursor_moved = Signal(QPoint)

    def __init__(self, form: Form) -> None:
        super().__init__(form, "when", t("When##booking"))
        self._open = False
        self._summary = Summary()
        self._list = Choices(t("When##booking"))
        self._calendar = Calendar()
        self._note = label("", "small", wrap=True)
        for part in (self._summary, self._list, self._calendar, self._note):
            self.body.addWidget(part)
        self._list.hide()
        self._calendar.hide()
        self._summary.pressed.connect(self._on_pressed)
        self._list.chosen.connect(self._on_chosen)
        self._calendar.chosen.connect(self._on_window)
        self._calendar.doubted.connect(self._on_doubted)
        self._calendar.moved.connect(self._on_moved)
        form.offered_changed.connect(lambda: self.refresh(frozenset({"offered"})))

    def target(self) -> QWidget:
        return self._calendar if self._open else self._list

    def commit(self, *, more: bool = False) -> bool:
        draft = self.form.draft
        if self._open:
            self._calendar.choose()
        elif self._list.current is not None:
            self._list.choose(self._list.current)
        elif draft.window_start is not None or draft.call_back:
            return True
        else:
            self.say(t("Choose a window, or 0 to call back."))
        return False

    def back(self) -> bool:
        if not self._open:
            return False
        self._open = False
        self._list.show()
        self._list.setFocus()
        self.refresh(frozenset())
        return True

    def set_active(self, active: bool) -> None:
        self._open = self._open and active
        super().set_active(active)

    def refresh(self, touched: frozenset[str]) -> None:
        form = self.form
        self._summary.show_choice(told(form), t("1, 2, 3 take the best windows"))
        self._summary.setVisible(not self.active)
        self._list.setVisible(self.active and not self._open)
        self._calendar.setVisible(self.active and self._open)
        # Nothing is highlighted until somebody walks there: Enter alone must not promise anything.
        self._list.show_choices(self._rows(), None)
        if self._open and form.offered is not None:
            self._show_calendar(form.offered)
        self._note.setText(self._caveat())
        self._note.setVisible(self.active and bool(self._note.text()))

    def _rows(self) -> list[Choice]:
        form, offered = self.form, self.form.offered
        rows: list[Choice] = []
        if offered is None:
            waiting = form.place is not None and form.draft.taken
            rows.append(
                Choice(form.refused, enabled=False)
                if form.refused
                else Choice(
                    t("Looking for windows…") if waiting else t("First what is broken and where"),
                    enabled=False,
                )
            )
        else:
            rows += [
                Choice(said(form, Window(best.start, best.end)), Window(best.start, best.end), key,
                       note=reason(form, best.reason))
                for key, best in zip("123", offered.best, strict=False)
            ]  # fmt: skip
            if not offered.best:
                rows.append(Choice(_nothing(form, offered), enabled=False))
            rows.append(Choice(t("Another time: calendar"), _CALENDAR, "4"))
        rows.append(Choice(t("No window: call back"), _CALL_BACK, "0"))
        return rows

    def _show_calendar(self, offered: Offered) -> None:
        self._calendar.show_windows(
            offered.windows,
            window_of(self.form.draft),
            self.form.session.now(),
            name.timezone(self.form.session),
        )

    def _caveat(self) -> str:
        if self.form.offline:
            return t(
                "Offline: the window stays to be confirmed, tell the caller that a confirmation follows."
            )
        if self.form.offered is not None and self.form.offered.source == "estimate":
            return t("Travel times are estimates.")
        return ""

    def _on_chosen(self, choice: Any) -> None:
        if choice == _CALENDAR:
            self._open = True
            self._calendar.show()
            self._calendar.setFocus()  # before the list with the focus is hidden
            self.refresh(frozenset())
        elif choice == _CALL_BACK:
            self.say(None)
            self.form.change(window_start=None, window_end=None, call_back=True, provisional=False)
            self.finished.emit()
        else:
            self._on_window(choice, False)

    def _on_window(self, window: Window, provisional: bool) -> None:
        self.say(None)
        self.form.change(
            window_start=window.start, window_end=window.end, call_back=False, provisional=provisional
        )
        self.finished.emit()

    def _on_moved(self, place: QPoint) -> None:
        self.say(None)
        self.cursor_moved.emit(self._calendar.mapTo(self, place))

    def _on_doubted(self, broken: Broken | None) -> None:
        why = reason(self.form, broken) if broken else ""
        self.say(t("{why} Enter once more books it as to be confirmed.", why=why).strip())

    def _on_pressed(self) -> None:
        self._list.show()
        self._list.setFocus()


def said(form: Form, window: Window) -> str:
    """A window as people say it."""
    return format.window(window.start, window.end, form.session.now(), name.timezone(form.session))


def told(form: Form) -> str:
    """What was chosen, in one line; empty while nothing was."""
    draft, window = form.draft, window_of(form.draft)
    if window is not None:
        doubt = draft.provisional or form.offline
        return t("{window} · to be confirmed", window=said(form, window)) if doubt else said(form, window)
    return t("No window: call back") if draft.call_back else ""


def reason(form: Form, broken: Broken) -> str:
    """Why a window is proposed, or why nothing is left in it."""
    params: Mapping[str, Any] = broken.params
    zone = name.timezone(form.session)
    if broken.code == "window_near":
        who = name.technician(form.session, params["technician"])
        return t(
            "{who} is nearby ({distance}) from {time}",
            who=who, distance=format.distance(params["distance_m"]), time=format.clock(params["at"], zone),
        )  # fmt: skip
    if broken.code == "window_soonest":
        return t("Soonest, there from {time}", time=format.clock(params["start"], zone))
    told = {
        "window_people_left": t("{left} technicians can still come", **params),
        "window_nobody_fit": t("Nobody has the skill or the certificate for this."),
        "window_nobody_works": t("Nobody who can do this works that day."),
        "window_all_busy": t("Everybody who could come is busy then."),
        "window_promised": t("Everybody who could come is promised to others then."),
        "window_reserved": t("The rest is kept for emergencies."),
    }
    return told.get(broken.code) or name.broken(form.session, broken)


def _nothing(form: Form, offered: Offered) -> str:
    why = next((each.reason for each in offered.windows if each.reason is not None), None)
    return reason(form, why) if why is not None else t("No window is left in the next two weeks.")
