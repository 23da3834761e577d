"""He is at the door: by his position, or by a photo and a reason where that is too far off or missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel

from dispatcher_app.client.state import Position
from dispatcher_app.domain.command import Arrive
from dispatcher_app.domain.customer import Address
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.place import Point, distance_m
from dispatcher_app.domain.region import Policy
from dispatcher_app.text import t
from ui import format, name
from ui.controls.section import label
from ui.order.form import Form, row_of
from ui.order.photopick import PhotoPick
from ui.order.reason import ARRIVED

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

FRESH_MS: Final = 5 * 60_000
"""So old a position may be and still say where somebody is."""


class ArriveForm(Form):
    """His last position is used where it is fresh; reason and photo are asked for only where they are needed."""

    def __init__(self, session: Session, order: Order) -> None:
        who = name.technician(session, order.technician)
        super().__init__(session, order, t("{name} has arrived at {number}", name=who, number=order.number),
                         t("Arrived##go"))  # fmt: skip
        self.by_position = QCheckBox(t("Use his position"))
        self.by_position.setObjectName("by_position")
        self._where = label("", wrap=True)
        self._where.setObjectName("arrive_where")
        self.reason = QComboBox()
        self.reason.setObjectName("arrive_reason")
        self.reason.setAccessibleName(t("Reason"))
        for code, word in ARRIVED.items():
            self.reason.addItem(t(word), code)
        self.photo = PhotoPick(session, order.id, "arrival")
        self._asked: list[QLabel] = [label(t("Reason"), "muted"), label(t("Photo##field"), "muted")]
        self.body.addWidget(self.by_position)
        self.body.addWidget(self._where)
        self.body.addLayout(row_of(self._asked[0], self.reason))
        self.body.addLayout(row_of(self._asked[1], self.photo))
        self.by_position.setChecked(self.position is not None)
        self.by_position.toggled.connect(lambda _on: self._say())
        self.ask = self._command
        self.setFocusProxy(self.by_position if self.position is not None else self.reason)
        self._say()

    @property
    def position(self) -> Position | None:
        """Where he is, None where nobody knows."""
        found = self.session.positions.get(self.order.technician or "")
        return found if found and self.session.now() - found.at <= FRESH_MS else None

    def show_order(self, order: Order) -> None:
        super().show_order(order)
        self._say()

    @property
    def away(self) -> bool:
        """Whether a reason and a photo are wanted."""
        found = self.position if self.by_position.isChecked() else None
        if found is None:
            return True
        policy = self.session.get(Policy, "policy") or Policy()
        distance = self._distance(found)
        return distance is not None and distance > policy.arrival_radius_m + found.accuracy_m

    def _distance(self, found: Position) -> float | None:
        address = self.session.get(Address, self.order.address)
        if address is None or address.approximate:
            return None
        return distance_m(Point(found.lon, found.lat), address.point)

    def _say(self) -> None:
        found = self.position
        self.by_position.setEnabled(found is not None)
        now, timezone = self.session.now(), name.timezone(self.session)
        if found is None:
            self._where.setText(t("No fresh position from his telephone."))
        else:
            when = format.moment_with_age(found.at, now, timezone)
            distance = self._distance(found)
            place = (
                t("{distance} from the door", distance=format.distance(distance))
                if distance is not None
                else t("the door's place is only approximate")
            )
            accuracy = format.distance(found.accuracy_m)
            self._where.setText(
                t("{place} (±{accuracy}), seen {when}", place=place, accuracy=accuracy, when=when)
            )
        for part in (*self._asked, self.reason, self.photo):
            part.setVisible(self.away)

    def _command(self) -> Arrive:
        found = self.position if self.by_position.isChecked() else None
        return Arrive(
            order=self.order.id,
            technician=self.order.technician or "",
            point=Point(found.lon, found.lat) if found else None,
            accuracy_m=round(found.accuracy_m) if found else None,
            reason=self.reason.currentData() if self.away else "",
            photo=self.photo.photo if self.away else None,
        )
