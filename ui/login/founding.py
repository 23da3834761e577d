"""The first start of a company's own installation: where it works and who looks after it."""

from __future__ import annotations

from typing import Final
from zoneinfo import available_timezones

from PySide6.QtCore import Qt, QTimeZone, Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QPushButton, QVBoxLayout, QWidget

from dispatcher_app.client.login import Founding
from dispatcher_app.domain.place import Point
from dispatcher_app.text import t
from ui import theme
from ui.controls.field import Field
from ui.controls.section import label
from ui.limit import limit
from ui.login import city

_ZONE: Final = "Asia/Shanghai"


class FoundingForm(QWidget):
    """Emits `founded` with what was said; what is missing or wrong is said by `refused`."""

    founded = Signal(object)
    refused = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("founding")
        self.city, self._typed = QComboBox(), Field()
        self.point, self.name, self.user = Field(), Field(), Field()
        self.password, self.again = QLineEdit(), QLineEdit()
        for named in (self._typed, self.name):
            limit(named, "name")
        self.go = QPushButton(t("Found the company"))
        self._lay_out()
        self._on_city()

    def begin(self) -> None:
        """The caret into the first field that is empty."""
        next((each for each in self._fields() if not each.text() and not each.isHidden()), self.go).setFocus()

    def submit(self) -> None:
        """Say it all, or which field wants something."""
        for field in self._fields():
            if not field.isHidden() and not field.text().strip():
                field.setFocus()
                self.refused.emit(t("“{field}” is still empty.", field=field.placeholderText()))
                return
        known = city.known(self._typed.text())
        centre = city.point(self.point.text()) if known is None else Point(known.lon, known.lat)
        if centre is None:
            self._back_to(self.point, t("Write longitude and latitude, such as 121.47, 31.23."))
        elif self.password.text() != self.again.text():
            self._back_to(self.again, t("The two passwords differ."))
        else:
            self.founded.emit(
                Founding(
                    city=known.said if known else self._typed.text().strip(),
                    user=self.user.text().strip(), name=self.name.text().strip(), password=self.password.text(),
                    centre=centre, timezone=_ZONE if known else _own_zone(),
                )
            )  # fmt: skip

    def _back_to(self, field: QLineEdit, why: str) -> None:
        field.setFocus()
        field.selectAll()
        self.refused.emit(why)

    def _fields(self) -> tuple[QLineEdit, ...]:
        return (self._typed, self.point, self.name, self.user, self.password, self.again)

    def _on_city(self) -> None:
        typed = self._typed.text().strip()
        self.point.setVisible(bool(typed) and city.known(typed) is None)

    def _lay_out(self) -> None:
        look = theme.current()
        self.city.setEditable(True)
        self.city.setLineEdit(self._typed)
        self.city.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.city.setMaxVisibleItems(16)
        self.city.addItems([each.said for each in city.cities()])
        self.city.setCurrentIndex(-1)
        self.city.setAccessibleName(t("City"))
        if (completer := self.city.completer()) is not None:
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.space(3))
        column.addWidget(label(t("Found your company"), "section"))
        column.addWidget(
            label(
                t(
                    "Nothing has been set up here yet. You become its administrator, supervisor and dispatcher."
                ),
                "muted",
                wrap=True,
            )
        )
        for field, word, code in (
            (self._typed, t("City"), "founding_city"),
            (self.point, t("City centre as longitude, latitude"), "founding_point"),
            (self.name, t("Your name, as colleagues see it"), "founding_name"),
            (self.user, t("User name"), "founding_user"),
            (self.password, t("Password"), "founding_password"),
            (self.again, t("The same password again"), "founding_again"),
        ):
            field.setPlaceholderText(word)
            field.setAccessibleName(word)
            field.setObjectName(code)
            field.returnPressed.connect(self._on_enter)
            column.addWidget(self.city if field is self._typed else field)
        for field in (self.password, self.again):
            field.setEchoMode(QLineEdit.EchoMode.Password)
        self._typed.textChanged.connect(self._on_city)
        self.go.setObjectName("founding_go")
        self.go.setProperty("kind", "primary")
        self.go.clicked.connect(self.submit)
        column.addWidget(self.go)

    def _on_enter(self) -> None:
        """Enter goes to the next field, from the last one on it founds."""
        shown = [each for each in self._fields() if not each.isHidden()]
        at = next((at for at, each in enumerate(shown) if each.hasFocus()), len(shown) - 1)
        if at + 1 < len(shown):
            shown[at + 1].setFocus()
        else:
            self.submit()


def _own_zone() -> str:
    """The zone of this computer, for cities that are not in the list."""
    own = bytes(QTimeZone.systemTimeZoneId().data()).decode()
    return own if "/" in own and not own.startswith("Etc/") and own in available_timezones() else _ZONE
