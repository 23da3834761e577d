"""What is in the store: by state, by search, each with what is to be done next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from dispatcher_app.client.state import Changed
from dispatcher_app.domain.region import Store
from dispatcher_app.text import t
from ui import name, theme
from ui.controls.empty import EmptyState
from ui.controls.field import SearchField
from ui.controls.flow import Flow
from ui.controls.section import label
from ui.counter.list import DeviceList
from ui.models.bench import STAGES, Device, counts, devices
from ui.task import Latest

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_KINDS: Final = frozenset({"order", "customer", "region", "policy"})
_SETTLE_MS: Final = 40
_AGAIN_MS: Final = 60_000


class Devices(QFrame):
    """Emits `chosen` with the order in hand, `opened` to see all of it, `store_chosen` to look at another store."""

    chosen = Signal(str)
    opened = Signal(str)
    store_chosen = Signal(str)
    shown = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session, self._store = session, ""
        self.stage = "open"
        self._found: Sequence[Device] = ()
        self._asking = Latest(self)
        self._soon = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._soon.timeout.connect(self._ask)
        self._again = QTimer(self, interval=_AGAIN_MS)  # promises are broken by the clock alone
        self._again.timeout.connect(self._ask)
        self._again.start()
        self.search = SearchField(t("Number, name, phone tail, serial, shelf"))
        self.search.setObjectName("device_search")
        self.search.searched.connect(lambda _text: self._show())
        self.search.returnPressed.connect(self._on_enter)
        self.list = DeviceList(session)
        self.list.chosen.connect(self.chosen)
        self.list.opened.connect(self.opened)
        self._title = label(t("Devices"), "title")
        self.stores = QComboBox()
        self.stores.activated.connect(lambda at: self.store_chosen.emit(self.stores.itemData(at)))
        self._stages: dict[str, QPushButton] = {}
        self._none = EmptyState(t("No device here"), "", "counter")
        self._pages = QStackedWidget()
        self._build()
        stop = session.subscribe(changed=self._on_changed)
        self.destroyed.connect(lambda: stop())

    def show_store(self, store: Store | None, others: Sequence[Store] = ()) -> None:
        """Look at the devices of this store; `others` are all that may be chosen."""
        self._store = store.id if store else ""
        self.stores.clear()
        for each in others:
            self.stores.addItem(name.store(each), each.id)
        self.stores.setCurrentIndex(self.stores.findData(self._store))
        several = len(others) > 1
        self.stores.setVisible(several)
        self._title.setVisible(not several)
        self._title.setText(
            name.store(store) if store else t("No store is set up yet. An administrator adds one.")
        )
        self._ask()

    def add_tool(self, tool: QWidget) -> None:
        """Put a button beside the search."""
        self._head.addWidget(tool)

    def show_stage(self, stage: str) -> None:
        """Look at one stage."""
        self.stage = stage
        self._stages[stage].setChecked(True)
        self._show()

    @property
    def listed(self) -> list[Device]:
        """What is listed now, in its order."""
        words = self.search.text()
        # Whoever searches means all of them.
        return [
            each for each in self._found if (each.fits(words) if words.strip() else each.is_in(self.stage))
        ]

    def showEvent(self, event: QShowEvent) -> None:
        self._ask()
        super().showEvent(event)

    def keep_clear(self, width: int) -> None:
        """Keep so much at the right clear of the list: something lies over it there."""
        left, top, _right, bottom = (theme.current().space(each) for each in (3, 2, 3, 2))
        self._whole.setContentsMargins(left, top, left + width, bottom)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down and self.search.hasFocus():
            self._on_enter()
        else:
            super().keyPressEvent(event)

    def _on_enter(self) -> None:
        self._show()
        self.list.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if not self.list.currentIndex().isValid() and (listed := self.listed):
            self.list.choose(listed[0].order.id)

    def _on_changed(self, changed: Changed) -> None:
        if changed.everything or not _KINDS.isdisjoint(changed.ids):
            self._soon.start()

    def _ask(self) -> None:
        if self._store and self.isVisible():
            self._asking.ask(devices(self._session, self._store), self._on_found)

    def _on_found(self, found: Sequence[Device]) -> None:
        self._found = found
        self._show()
        self.shown.emit()

    def _show(self) -> None:
        counted = counts(self._found)
        for stage, button in self._stages.items():
            button.setText(f"{t(STAGES[stage])} {counted[stage]}")
            rare = stage in ("unclaimed", "late")
            button.setVisible(not rare or counted[stage] > 0 or stage == self.stage)
        listed = self.listed
        self.list.show_devices(listed)
        self._pages.setCurrentIndex(0 if listed else 1)
        searched = bool(self.search.text().strip())
        self._none.say(
            t("Nothing found") if searched else t("No device here"),
            t("Try the last digits of the phone number.") if searched else t("F6 takes a device in."),
        )

    def _build(self) -> None:
        look = theme.current()
        self.setObjectName("devices")
        self.setProperty("panel", "surface")
        self._head = head = QHBoxLayout()
        head.setSpacing(look.space(3))
        head.addWidget(self._title)
        self.stores.setObjectName("counter_store")
        self.stores.setAccessibleName(t("Store"))
        self.stores.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.stores.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.stores.hide()
        head.addWidget(self.stores)
        head.addWidget(self.search, 1)
        stages = QWidget()
        row = Flow(stages, look.space(1))
        group = QButtonGroup(self)
        for stage, word in STAGES.items():
            button = QPushButton(t(word))
            button.setObjectName(f"stage_{stage}")
            button.setProperty("kind", "quiet")
            button.setProperty("compact", "true")
            button.setCheckable(True)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(lambda _on, stage=stage: self.show_stage(stage))
            group.addButton(button)
            self._stages[stage] = button
            row.addWidget(button)
        self._stages["open"].setChecked(True)
        self._pages.addWidget(self.list)
        self._pages.addWidget(self._none)
        keys = label(
            t("Enter shows everything · Ctrl+H hands back · Ctrl+P prints · Ctrl+L label"), "small", wrap=True
        )
        self._whole = whole = QVBoxLayout(self)
        self.keep_clear(0)
        whole.setSpacing(look.space(2))
        whole.addLayout(head)
        whole.addWidget(stages)
        whole.addWidget(self._pages, 1)
        whole.addWidget(keys)
        self.setFocusProxy(self.list)
        self.setMinimumWidth(look.px(380))
