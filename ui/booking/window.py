"""When: the three best windows on keys, all others in a small calendar, or a call back."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import QPoint, QTimer, Signal
from PySide6.QtWidgets import QWidget

from dispatcher_app.domain.act import Broken
from dispatcher_app.domain.calendar import midnight
from dispatcher_app.domain.order import Window
from dispatcher_app.planning.windows import Offered, OfferedWindow
from dispatcher_app.text import t
from ui import drives, format, name
from ui.booking.calendar import Calendar
from ui.booking.form import Form
from ui.booking.order import window_of
from ui.booking.step import Step, Summary
from ui.controls.choices import Choices
from ui.controls.section import label
from ui.models import offer
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
        self._kept = label("", "strong", wrap=True)
        self._kept.setObjectName("hour_kept")
        self._notice = label("", "", wrap=True)
        self._notice.setObjectName("window_notice")
        self._cursor = label("", "small", wrap=True)
        self._cursor.setObjectName("window_words")
        for part in (
            self._summary,
            self._kept,
            self._notice,
            self._list,
            self._calendar,
            self._cursor,
            self._note,
        ):
            self.body.addWidget(part)
        self._list.hide()
        self._calendar.hide()
        self._summary.pressed.connect(self._on_pressed)
        self._list.chosen.connect(self._on_chosen)
        self._calendar.chosen.connect(self._on_window)
        self._calendar.doubted.connect(self._on_doubted)
        self._calendar.moved.connect(self._on_moved)
        form.offered_changed.connect(lambda: self.refresh(frozenset({"offered"})))
        form.promise.holding.changed.connect(self._say_kept)
        self._second = QTimer(self, interval=1000)
        self._second.timeout.connect(self._show_rows)

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
        self._show_rows()
        if self._open and form.offered is not None:
            self._show_calendar(form.offered)
            self._say_cursor()
        self._cursor.setVisible(self.active and self._open)
        self._note.setText(self._caveat())
        self._note.setVisible(self.active and bool(self._note.text()))
        self._notice.setText(form.promise.notice)
        self._notice.setVisible(bool(form.promise.notice))
        self._say_kept()
        # What colleagues keep is counted down as long as somebody looks at it.
        counts = form.offered is not None and any(each.held for each in form.offered.windows)
        self._second.start() if self.active and counts else self._second.stop()

    def _show_rows(self) -> None:
        """Nothing is highlighted until somebody walks there: Enter alone must not promise anything."""
        before = self._list.current
        rows = self._rows()
        at = next(
            (at for at, row in enumerate(rows) if before is not None and row.value == before.value), None
        )
        self._list.show_choices(rows, at)
        if self._open:
            self._say_cursor()

    def _say_kept(self) -> None:
        """How long the hour is kept for the caller still."""
        said = self.form.promise.holding.said()
        self._kept.setText(said)
        self._kept.setVisible(bool(said))

    def _say_cursor(self) -> None:
        found = self._calendar.current
        self._cursor.setText(words(self.form, found) if found is not None else "")

    def _rows(self) -> list[Choice]:
        form, offered = self.form, self.form.offered
        rows: list[Choice] = []
        if offered is None:
            waiting = form.place is not None and form.draft.taken
            rows.append(
                Choice(form.promise.refused, enabled=False)
                if form.promise.refused
                else Choice(
                    t("Looking for windows…") if waiting else t("First what is broken and where"),
                    enabled=False,
                )
            )
        else:
            wished = _wished(form, offered)
            if form.draft.date and not wished:
                day = format.day(
                    midnight(form.draft.date, name.timezone(form.session)),
                    form.session.now(),
                    name.timezone(form.session),
                )
                rows.append(Choice(t("Nothing left on {day}", day=day), enabled=False))
            rows += wished or [
                Choice(said(form, Window(best.start, best.end)), Window(best.start, best.end), key,
                       detail=kept_by_others(form, form.promise.at(Window(best.start, best.end))), hue="amber",
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
            offered,
            window_of(self.form.draft),
            self.form.session.now(),
            name.timezone(self.form.session),
        )

    def _caveat(self) -> str:
        if self.form.offline:
            return t(
                "Offline: the window stays to be confirmed, tell the caller that a confirmation follows."
            )
        offered = self.form.offered
        return drives.said(offered.source, offered.error_percent) if offered is not None else ""

    def _on_chosen(self, choice: Any) -> None:
        if choice == _CALENDAR:
            self._open = True
            self._calendar.show()
            self._calendar.setFocus()  # before the list with the focus is hidden
            self.refresh(frozenset())
        elif choice == _CALL_BACK:
            self.say(None)
            self.form.promise.call_back()
            self.finished.emit()
        else:
            self._on_window(choice, False)

    def _on_window(self, window: Window, provisional: bool) -> None:
        self.say(None)
        self.form.promise.choose(window, provisional)
        self.finished.emit()

    def _on_moved(self, place: QPoint) -> None:
        self.say(None)
        self._say_cursor()
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


def _wished(form: Form, offered: Offered) -> list[Choice]:
    """The windows of the date that was asked for; none where no date was, or nothing is left on it."""
    found = [each for each in offered.windows if each.date == form.draft.date and not each.full]
    return [
        Choice(said(form, Window(each.start, each.end)), Window(each.start, each.end), key, hue="amber",
               detail=kept_by_others(form, each), note=t("{n} left of {people}", n=each.left, people=each.people))
        for key, each in zip("123", found, strict=False)
    ]  # fmt: skip


def told(form: Form) -> str:
    """What was chosen, in one line; empty while nothing was."""
    draft, window = form.draft, window_of(form.draft)
    if window is not None:
        doubt = draft.provisional or form.offline
        return t("{window} · to be confirmed", window=said(form, window)) if doubt else said(form, window)
    return t("No window: call back") if draft.call_back else ""


def kept_by_others(form: Form, found: OfferedWindow | None) -> str:
    """What colleagues keep in a window for callers of theirs, and until when."""
    if found is None or not found.held or found.held_until is None:
        return ""
    left = format.countdown(max(0, found.held_until - form.session.now()))
    return t("{n} kept by colleagues {time}", n=found.held, time=left)


def words(form: Form, found: OfferedWindow) -> str:
    """A window of the calendar in words: who would come when, how many are left, or why none is."""
    parts = [said(form, Window(found.start, found.end))]
    if found.full:
        parts.append(reason(form, found.reason) if found.reason is not None else t("nothing left"))
    else:
        parts.append(t("{n} left of {people}", n=found.left, people=found.people))
        if found.technician is not None and found.at is not None:
            who, at = name.technician(form.session, found.technician), found.at
            parts.append(
                t("{who} {time}, +{n} min driving", who=who,
                  time=format.clock(at, name.timezone(form.session)), n=round((found.travel_s or 0) / 60))
            )  # fmt: skip
        if found.reserved:
            parts.append(t("{n} kept for emergencies", n=found.reserved))
    parts.append(kept_by_others(form, found))
    return " · ".join(filter(None, parts))


def reason(form: Form, broken: Broken) -> str:
    """Why a window is proposed, or why nothing is left in it."""
    return offer.reason(form.session, broken)


def _nothing(form: Form, offered: Offered) -> str:
    why = next((each.reason for each in offered.windows if each.reason is not None), None)
    return reason(form, why) if why is not None else t("No window is left in the next two weeks.")
