"""Where a technician sets out from: the centre of a district, a point of the map, else the region's centre."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QWidget

from dispatcher_app.domain.place import Point
from dispatcher_app.text import t
from ui import name, theme

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


class Home(QWidget):
    """`pick_wanted` asks for the map; what is picked there comes back by `write`."""

    pick_wanted = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.choice = QComboBox()
        self.choice.setObjectName("entry_home")
        self.choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.choice.setMinimumContentsLength(8)
        region = name.region(session)
        if region is not None:
            self.choice.addItem(t("{place}: centre", place=name.region_name(region)), region.centre)
        for each in region.districts if region else ():
            self.choice.addItem(t("{place}: centre", place=name.district(session, each.id)), each.centre)
        self._picked = -1
        pick = QPushButton(t("Point on the map…"))
        pick.setObjectName("entry_pick")
        pick.clicked.connect(self.pick_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.current().space(2))
        row.addWidget(self.choice, 1)
        row.addWidget(pick)
        self.setFocusProxy(self.choice)
        self.choice.setAccessibleName(t("Sets out from"))

    def write(self, point: Point) -> None:
        """Show a point: by the centre that it is, else as one of the map."""
        points = [self.choice.itemData(at) for at in range(self.choice.count())]
        if point in points:
            self.choice.setCurrentIndex(points.index(point))
            return
        if self._picked < 0:
            self._picked = self.choice.count()
            self.choice.addItem("")
        said = t("On the map: {lon}, {lat}", lon=f"{point.lon:.4f}", lat=f"{point.lat:.4f}")
        self.choice.setItemText(self._picked, said)
        self.choice.setItemData(self._picked, point)
        self.choice.setCurrentIndex(self._picked)

    def read(self) -> Point:
        """The point chosen."""
        point: Point = self.choice.currentData()
        return point
