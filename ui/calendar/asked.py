"""What technicians ask for: each with the visits it would hit, approved here or declined with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from dispatcher_app.client.state import Changed
from dispatcher_app.domain import role
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.command import ApproveRequest, DeclineRequest
from dispatcher_app.domain.request import ShiftRequest, ShiftRequests
from dispatcher_app.text import t
from ui import format, name, theme
from ui.calendar.hit import Away, Hits
from ui.calendar.hours import outside
from ui.controls.empty import EmptyState
from ui.controls.field import Field
from ui.controls.section import label
from ui.limit import limit
from ui.models.pattern import written
from ui.models.roster import ID
from ui.submit import submit

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

TECHNICIAN: Final = Qt.ItemDataRole.UserRole + 1
_AGE_MS: Final = 30_000
_ROW_PX: Final = 50
_SHORT: Final = 20
"""So many letters of a reason stand in the list; the whole of it below."""


def waiting(session: Session) -> list[tuple[str, ShiftRequest]]:
    """All requests that wait here, the one that lapses first before the others, each with who asks."""
    now = session.now()
    found = [
        (each.id, wish)
        for each in session.all(ShiftRequests)
        if each.region in session.staff.regions
        for wish in each.waiting(now)
    ]
    return sorted(found, key=lambda each: (each[1].expires_at, each[1].at))


class RequestsPage(QWidget):
    """Emits `counted` with how many wait, `order_opened`, and `looked_at` with technician and moment (UTC ms)."""

    counted = Signal(int)
    order_opened = Signal(str)
    looked_at = Signal(str, object)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.list = QListWidget()
        self.list.setObjectName("calendar_requests")
        self.list.setAccessibleName(t("Requests"))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.words = label("", "", wrap=True)
        self.words.setObjectName("calendar_request_words")
        self.hits = Hits(session)
        self.reason = Field()
        self.reason.setObjectName("calendar_decline_reason")
        self.reason.setPlaceholderText(t("Why not (he reads this)"))
        self.reason.setAccessibleName(t("Reason for declining"))
        limit(self.reason, "leave_reason")
        self.approve, self.decline = QPushButton(t("Approve")), QPushButton(t("Decline##request"))
        self.error = label("", "error", wrap=True)
        self.error.setObjectName("calendar_request_error")
        self.none = EmptyState(
            t("No requests wait"),
            t("Technicians ask for leave or other hours by telephone; it appears here."),
            "leave",
        )
        self._count = -1
        self._lay_out()
        self._age = QTimer(self, interval=_AGE_MS)
        self._age.timeout.connect(self.refresh)
        self._age.start()
        self._connect()
        self.refresh()

    def refresh(self) -> None:
        """Show those that wait now; the one in hand stays in hand, what is typed stays typed."""
        found = waiting(self._session)
        held = self.current
        rows = {wish.id: (who, wish) for who, wish in found}
        for at in reversed(range(self.list.count())):
            if self.list.item(at).data(ID) not in rows:
                self.list.takeItem(at)
        shown = {self.list.item(at).data(ID): self.list.item(at) for at in range(self.list.count())}
        for at, (id, (who, wish)) in enumerate(rows.items()):
            item = shown.get(id)
            if item is None:
                item = QListWidgetItem()
                item.setData(ID, id)
                item.setData(TECHNICIAN, who)
                item.setSizeHint(QSize(0, theme.current().px(_ROW_PX)))
                self.list.insertItem(at, item)
            item.setText(self._line(who, wish))
        if held is None and self.list.count():
            self.list.setCurrentRow(0)
        self._pages(bool(found))
        if len(found) != self._count:
            self._count = len(found)
            self.counted.emit(self._count)
        self._tell()

    @property
    def current(self) -> tuple[str, ShiftRequest] | None:
        """Who asks for what is in hand, as it stands now."""
        if self.list.currentRow() < 0:
            return None
        item = self.list.currentItem()
        found = self._session.get(ShiftRequests, item.data(TECHNICIAN))
        wish = found.find(item.data(ID)) if found is not None else None
        return (item.data(TECHNICIAN), wish) if wish is not None else None

    # ------------------------------------------------------------ words
    def _line(self, who: str, wish: ShiftRequest) -> str:
        reason = wish.reason if len(wish.reason) <= _SHORT else f"{wish.reason[: _SHORT - 1]}…"
        return f"{name.technician(self._session, who)} · {self._what(wish)}\n{reason}"

    def _what(self, wish: ShiftRequest) -> str:
        now, zone = self._session.now(), name.timezone(self._session)
        if wish.asked == "leave":
            return t("leave {span}", span=format.window(wish.start, wish.end, now, zone))
        day = format.day(wish.start, now, zone)
        if not wish.hours:
            return t("{day} off", day=day)
        return t("{day} {hours} instead", day=day, hours=written(wish.hours))

    def _tell(self) -> None:
        found = self.current
        waits = found is not None and found[1].waits(self._session.now())
        allowed = role.holds(self._session.actor, role.KEEPS_TECHNICIANS)
        for part in (self.approve, self.decline, self.reason):
            part.setEnabled(waits and allowed)
        if found is None:
            self.hits.clear()
            self.words.setText("")
            return
        who, wish = found
        now, zone = self._session.now(), name.timezone(self._session)
        lines = [t("Reason: {reason}", reason=wish.reason)] if len(wish.reason) > _SHORT else []
        lines += [t("Asked {when}", when=format.moment_with_age(wish.at, now, zone))]
        lines.append(t("Lapses {when}", when=format.moment_with_age(wish.expires_at, now, zone)))
        self.words.setText("\n".join(lines))
        if wish.asked == "leave":
            self.hits.about([Away(who, wish.start, wish.end)])
        else:
            self.hits.about(outside(who, wish.date, wish.hours, zone))

    # ------------------------------------------------------------ answers
    def _on_approve(self) -> None:
        if (found := self.current) is not None:
            self._refuse("")
            submit(self._session, ApproveRequest(technician=found[0], request=found[1].id), self._refuse)
            self.refresh()
            self.list.setFocus()

    def _on_decline(self) -> None:
        if (found := self.current) is None:
            return
        self._refuse("")
        command = DeclineRequest(technician=found[0], request=found[1].id, reason=self.reason.text().strip())
        if submit(self._session, command, self._refuse) is not None:
            self.reason.clear()
            self.refresh()
            self.list.setFocus()
        else:
            self.reason.setFocus()

    def _refuse(self, sentence: str, rejected: Rejected | None = None) -> None:
        self.error.setText(sentence)
        self.error.setVisible(bool(sentence))
        self.reason.set_invalid(sentence if rejected is not None and rejected.field == "reason" else None)

    # ------------------------------------------------------------ inside
    def _on_current(self) -> None:
        self._refuse("")
        self._tell()

    def _on_activated(self) -> None:
        if (found := self.current) is not None:
            self.looked_at.emit(found[0], found[1].start)

    def _on_changed(self, changed: Changed) -> None:
        if changed.everything or not {"shift_requests", "technician", "day"}.isdisjoint(changed.ids):
            self.refresh()

    def _pages(self, some: bool) -> None:
        self.none.setVisible(not some)
        self._some.setVisible(some)

    def _connect(self) -> None:
        self.list.currentRowChanged.connect(lambda _at: self._on_current())
        self.list.itemActivated.connect(lambda _item: self._on_activated())
        self.approve.clicked.connect(self._on_approve)
        self.decline.clicked.connect(self._on_decline)
        self.reason.returnPressed.connect(self._on_decline)
        self.hits.order_wanted.connect(self.order_opened)
        stop = self._session.subscribe(changed=self._on_changed)
        self.destroyed.connect(lambda: stop())

    def _lay_out(self) -> None:
        look = theme.current()
        self.approve.setObjectName("calendar_approve")
        self.approve.setProperty("kind", "primary")
        self.decline.setObjectName("calendar_decline")
        self.error.hide()
        self._some = QWidget()
        column = QVBoxLayout(self._some)
        column.setContentsMargins(*(look.space(3),) * 4)
        column.setSpacing(look.space(2))
        column.addWidget(self.list, 1)
        for part in (self.words, self.hits, self.reason, self.error):
            column.addWidget(part)
        buttons = QHBoxLayout()
        buttons.setSpacing(look.space(2))
        buttons.addWidget(self.approve)
        buttons.addWidget(self.decline)
        buttons.addStretch()
        column.addLayout(buttons)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.none)
        whole.addWidget(self._some)
        self.setFocusProxy(self.list)
