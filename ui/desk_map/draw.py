"""Drawing on the map: the outline of a district, or the area of a technician of his own."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QWidget

from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.area import Ring, checked_ring, overlapping
from dispatcher_app.domain.command import SaveDistrict, SaveTechnician
from dispatcher_app.domain.place import Point
from dispatcher_app.domain.region import District, Region
from dispatcher_app.domain.technician import Technician
from dispatcher_app.text import t
from ui import name, theme
from ui.controls.section import label
from ui.desk_map.banner import Banner
from ui.map.view import MapView
from ui.submit import submit

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_FINE = 6
"""Digits of a degree that are kept: ten centimetres."""


class Drawing(QWidget):
    """The bar over the map while somebody draws; hidden otherwise. Emits `ended`."""

    ended = Signal()

    def __init__(self, session: Session, view: MapView, banner: Banner, parent: QWidget) -> None:
        super().__init__(parent)
        self._session, self._view, self._banner = session, view, banner
        self._region: Region | None = None
        self._technician: Technician | None = None
        self._drawn: Ring = ()
        self._began: Ring = ()
        self._warned = False
        self.setObjectName("map_drawing")
        self._title: QLabel = label("", "small")
        self.which = QComboBox()
        self._said: QLabel = label("", "small")
        self.save, self.clear, self.cancel = (QPushButton(each) for each in (
            t("Save outline"), t("Remove outline"), t("Cancel##drawing"),
        ))  # fmt: skip
        self._lay_out()
        view.sketched.connect(self._on_sketched)
        view.drawn.connect(self._on_save)
        self.hide()

    @property
    def busy(self) -> bool:
        """Whether somebody draws now."""
        return self._region is not None

    @property
    def unsaved(self) -> bool:
        """Whether what is drawn is not what is kept."""
        return self.busy and self._drawn != self._began

    def begin_district(self, region: Region, district: str | None = None) -> None:
        """Draw one of a region's districts; the first that has no outline where none is named."""
        self._region, self._technician = region, None
        self._title.setText(t("Outline of the district"))
        self.which.blockSignals(True)
        self.which.clear()
        for each in region.districts:
            self.which.addItem(name.district_of(each), each.id)
        bare = next((each.id for each in region.districts if not each.area), region.districts[0].id)
        self.which.setCurrentIndex(max(0, self.which.findData(district or bare)))
        self.which.blockSignals(False)
        self.which.show()
        self._begin()

    def begin_technician(self, region: Region, technician: Technician) -> None:
        """Draw the area that counts for a technician instead of his districts."""
        self._region, self._technician = region, technician
        self._title.setText(t("Own area of {name}, instead of his districts", name=technician.name))
        self.which.hide()
        self._begin()

    def step_back(self) -> bool:
        """Cancel; what is not saved is only thrown away when asked twice. Returns whether there was anything."""
        if not self.busy:
            return False
        if self.unsaved and not self._warned:
            self._warned = True
            self._say(t("Not saved yet: Esc again throws it away"), wrong=True)
        else:
            self._end()
        return True

    def _begin(self) -> None:
        self._drawn = self._began = self._standing()
        self._warned = False
        fixed = [] if self._technician else [
            (each.lon, each.lat) for other in self._others() for each in other.area
        ]  # fmt: skip
        self.show()
        self._view.begin_area([(each.lon, each.lat) for each in self._began], fixed)
        keys = t("Click or Enter adds a corner, drag moves it, a click on it or Backspace removes it")
        self._banner.put("sketch", keys)
        self._look()

    def _end(self) -> None:
        self._region = None
        self._view.end_sketch()
        self._banner.put("sketch", "")
        self.hide()
        self.ended.emit()

    def _standing(self) -> Ring:
        if self._technician is not None:
            return self._technician.area
        return self._district().area

    def _district(self) -> District:
        assert self._region is not None
        return next(each for each in self._region.districts if each.id == self.which.currentData())

    def _others(self) -> list[District]:
        assert self._region is not None
        return [each for each in self._region.districts if each.id != self.which.currentData()]

    def _on_sketched(self, places: list[tuple[float, float]]) -> None:
        if not self.busy:
            return
        drawn = tuple(Point(round(lon, _FINE), round(lat, _FINE)) for lon, lat in places)
        # The page's own round trip through another datum is no change.
        self._drawn = self._began if _alike(drawn, self._began) else drawn
        self._warned = False
        self._look()

    def _look(self) -> None:
        """Say how it stands: how many corners, and what is wrong with it."""
        self.which.setEnabled(not self.unsaved)
        self.save.setEnabled(self.unsaved)
        self.clear.setEnabled(bool(self._began))
        corners = len(self._drawn)
        if not corners:
            self._say(t("No outline drawn"))
            return
        assert self._region is not None
        try:
            checked_ring(self._drawn, self._region, "area")
        except Rejected as wrong:
            words = {
                "area_too_few": t("{n} corners: at least three are needed", n=corners),
                "area_crossed": t("{n} corners: the outline crosses itself", n=corners),
            }
            self._say(words.get(wrong.code) or name.refusal(self._session, wrong), wrong=True)
            return
        reached = [] if self._technician else overlapping(self._drawn, self._others())
        if reached:
            named = t(", ").join(name.district_of(each) for each in reached)
            self._say(t("{n} corners · reaches into {districts}", n=corners, districts=named), wrong=True)
        else:
            self._say(t("{n} corners", n=corners))

    def _say(self, words: str, *, wrong: bool = False) -> None:
        self._said.setText(words)
        self._said.setProperty("role", "error" if wrong else "small")
        self._said.style().unpolish(self._said)
        self._said.style().polish(self._said)

    def _on_save(self) -> None:
        if self.unsaved:
            self._submit(self._drawn)

    def _submit(self, ring: Ring) -> None:
        made = submit(self._session, self._command(ring), lambda said, _why: self._say(said, wrong=True))
        if made is not None:
            self._end()

    def _command(self, ring: Ring) -> Any:
        if self._technician is not None:
            return SaveTechnician(technician=replace(self._technician, area=ring))
        assert self._region is not None
        standing = self._district()
        return SaveDistrict(region=self._region.id, district=replace(standing, area=ring), former=standing)

    def _lay_out(self) -> None:
        look = theme.current()
        row = QHBoxLayout(self)
        row.setContentsMargins(look.space(2), look.space(1), look.space(2), look.space(1))
        row.setSpacing(look.space(2))
        row.addWidget(self._title)
        row.addWidget(self.which)
        row.addWidget(self._said, 1)
        self._said.setObjectName("map_drawing_said")
        self._said.setWordWrap(True)
        self.which.setObjectName("map_drawing_which")
        self.which.setAccessibleName(t("District"))
        self.which.currentIndexChanged.connect(lambda _at: self._begin())
        for code, button in (("save", self.save), ("clear", self.clear), ("cancel", self.cancel)):
            button.setObjectName(f"map_drawing_{code}")
            button.setProperty("compact", True)
            row.addWidget(button)
        self.save.setProperty("kind", "primary")
        self.save.setToolTip(t("Ctrl+Enter on the map"))
        self.save.clicked.connect(self._on_save)
        self.clear.clicked.connect(partial(self._submit, ()))
        self.cancel.clicked.connect(self._end)


def _alike(one: Ring, other: Ring) -> bool:
    """Whether two outlines are the same but for what two datums round."""
    return len(one) == len(other) and all(
        abs(a.lon - b.lon) < 2e-6 and abs(a.lat - b.lat) < 2e-6 for a, b in zip(one, other, strict=True)
    )
