"""A technician's whole day given to others: whom, and which of his visits each of them can take."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from dispatcher_app.domain.calendar import midnight
from dispatcher_app.domain.command import MoveVisits
from dispatcher_app.domain.technician import Technician
from dispatcher_app.pinyin import initials
from dispatcher_app.planning.handful import Handful, Place, able, shared
from dispatcher_app.text import t
from ui import format, name, theme
from ui.board.drop import kept
from ui.board.taken import Taken
from ui.controls.field import Field
from ui.controls.section import label
from ui.task import Latest

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_ID: Final = Qt.ItemDataRole.UserRole
_MOST: Final = 6
"""More than that nobody shares a day among."""


class Share(QFrame):
    """Lies over the right of a board. Emits `left` when it is stepped back from; `given` gets the act."""

    left = Signal()

    def __init__(self, session: Session, over: QWidget, given: Callable[[MoveVisits], object]) -> None:
        super().__init__(over)
        self._session, self._over, self._given = session, over, given
        self._taken: tuple[Taken, ...] = ()
        self._handful: Handful | None = None
        self._found: dict[str, Place] = {}
        self._people: list[Technician] = []
        self._asking = Latest(self)
        self.setObjectName("board_share")
        self._head, self._said = label("", "strong", wrap=True), label("", "small", wrap=True)
        self._said.setObjectName("share_said")
        self.search = Field()
        self.search.setObjectName("share_search")
        self.search.setPlaceholderText(t("Name or initials"))
        self.search.setAccessibleName(t("Find technicians"))
        self.search.textChanged.connect(self._filter)
        self.list = QListWidget()
        self.list.setObjectName("share_list")
        self.list.setAccessibleName(t("Who takes his visits"))
        self.list.itemChanged.connect(lambda _item: self._reckon())
        self._go, self._back = QPushButton(t("Move##visits")), QPushButton(t("Leave it"))
        self._go.setObjectName("share_go")
        self._go.setProperty("kind", "primary")
        self._go.clicked.connect(self._on_go)
        self._back.clicked.connect(self.step_back)
        self._lay_out()
        over.installEventFilter(self)
        self.hide()

    def _lay_out(self) -> None:
        look = theme.current()
        row = QHBoxLayout()
        row.addStretch()
        row.addWidget(self._go)
        row.addWidget(self._back)
        column = QVBoxLayout(self)
        column.setContentsMargins(*(look.space(3),) * 4)
        column.setSpacing(look.space(2))
        for part in (self._head, self.search, self.list, self._said):
            column.addWidget(part)
        column.addLayout(row)

    # ------------------------------------------------------------ asking
    def open_for(
        self, technician: Technician, date: str, taken: tuple[Taken, ...], others: list[Technician]
    ) -> None:
        """Ask to whom these visits of a technician's day go."""
        self._taken, self._handful, self._found = taken, None, {}
        self.list.clear()
        zone = name.timezone(self._session)
        day = format.day(midnight(date, zone), self._session.now(), zone)
        self._head.setText(
            t(
                "{n} visits of {technician}, {day}: to whom?",
                n=len(taken),
                technician=technician.name,
                day=day,
            )
        )
        self._people = others
        self._list({})
        self.search.clear()
        self._filter("")
        orders = [each.order for each in taken]
        self._asking.ask(self._session.handful(orders, (date,)), self._on_handful)
        self._reckon()
        self.show()
        self._place()
        self.raise_()
        self.search.setFocus()

    def _on_handful(self, handful: Handful) -> None:
        self._handful = handful
        self._list(able(handful, [each.id for each in self._people]))
        self._reckon()

    def _list(self, able: Mapping[str, int]) -> None:
        """Show all of them, those first who could do most of it, with what is ticked still ticked."""
        ticked, at = set(self.chosen), self.list.currentRow()
        current = self.list.item(at).data(_ID) if at >= 0 else None
        self.list.blockSignals(True)
        self.list.clear()
        for each in sorted(
            self._people, key=lambda each: (-able.get(each.id, 0), initials(each.name), each.name)
        ):
            said = [each.name, each.team]
            if each.id in able:
                said.append(t("fit for {n} of {all}", n=able[each.id], all=len(self._taken)))
            item = QListWidgetItem("  ".join(filter(None, said)))
            item.setData(_ID, each.id)
            item.setFlags(
                Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable
            )
            item.setCheckState(Qt.CheckState.Checked if each.id in ticked else Qt.CheckState.Unchecked)
            self.list.addItem(item)
            if each.id == current:
                self.list.setCurrentItem(item)
        self.list.blockSignals(False)
        self._filter(self.search.text())

    @property
    def chosen(self) -> list[str]:
        """The technicians that are ticked."""
        items = [self.list.item(row) for row in range(self.list.count())]
        return [item.data(_ID) for item in items if item.checkState() is Qt.CheckState.Checked][:_MOST]

    def _reckon(self) -> None:
        """Which of his visits they can take, and which stay."""
        takers = self.chosen
        self._found = shared(self._handful, takers) if self._handful is not None and takers else {}
        self._go.setEnabled(bool(self._found))
        if not takers:
            self._said.setText(
                t("Tick one or several technicians; each visit goes to whoever can take it best.")
            )
        elif self._handful is None:
            self._said.setText(t("reckoning…"))
        else:
            stays = [
                name.short_order(self._session, each.order)
                for each in self._taken
                if each.order not in self._found
            ]
            lines = [
                t("{technician} takes {n}", technician=name.technician(self._session, who),
                  n=sum(place[0] == who for place in self._found.values()))
                for who in takers
            ]  # fmt: skip
            if stays:
                lines.append(
                    t(
                        "{numbers} stay where they are: nobody ticked can take them",
                        numbers=t(", ").join(stays),
                    )
                )
            self._said.setText("\n".join(lines))

    def _on_go(self) -> None:
        moves = tuple(
            kept(each, self._found[each.order]) for each in self._taken if each.order in self._found
        )
        if moves:
            self.hide()
            self._given(MoveVisits(moves=moves))

    def step_back(self) -> None:
        """No answer: nothing happens."""
        if self.isVisibleTo(self._over):
            self.hide()
            self._asking.forget()
            self.left.emit()

    def _filter(self, text: str) -> None:
        words = text.lower().split()
        for row in range(self.list.count()):
            item = self.list.item(row)
            said = f"{item.text().lower()} {initials(item.text())}"
            hidden = (
                not all(word in said for word in words) and item.checkState() is not Qt.CheckState.Checked
            )
            item.setHidden(hidden)

    # ------------------------------------------------------------ where it lies
    def _place(self) -> None:
        gap, look = theme.current().space(3), theme.current()
        width = min(self._over.width() - 2 * gap, look.px(340))
        height = min(self._over.height() - 2 * gap - look.px(24), look.px(520))
        self.setFixedSize(width, height)
        self.move(self._over.width() - width - gap - look.px(16), gap)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._over and event.type() is QEvent.Type.Resize and self.isVisibleTo(self._over):
            self._place()
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.step_back()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._go.click()
        elif event.key() == Qt.Key.Key_Down and self.search.hasFocus():
            self.list.setFocus()
        else:
            super().keyPressEvent(event)
