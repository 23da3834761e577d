"""A technician as a caller is told of him: picture, years, stars, what he knows, his papers, what he has repaired."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLayout, QVBoxLayout, QWidget

from dispatcher_app.domain.calendar import local_date
from dispatcher_app.domain.talk import Figures
from dispatcher_app.domain.technician import Technician
from dispatcher_app.text import t
from ui import merit, name, theme
from ui.controls.chip import Chip
from ui.controls.facts import Facts
from ui.controls.portrait import Portrait
from ui.controls.section import label
from ui.models.person import stars, years

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_WIDE_PX = 376


class Card(QWidget):
    """What a customer may know of a technician, and nothing else."""

    def __init__(self, session: Session, *, named: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.portrait = Portrait(session)
        self._name = label("", "title")
        if not named:
            self._name.hide()
        self.badge = Chip(merit.LEVELS["honour"], t("Honoured technician##badge"))
        self.badge.setObjectName("card_badge")
        self._line, self._dimensions = label("", "strong", wrap=True), label("", "small", wrap=True)
        self._facts = Facts()
        for code, word in (
            ("skills", t("Skills")), ("brands", t("Brands")), ("certificates", t("Certificates")),
            ("cases", t("Cases")),
        ):  # fmt: skip
            self._facts.add(f"card_{code}", word)
        look = theme.current()
        words = QVBoxLayout()
        words.setSpacing(0)
        for part in (self._name, self.badge, self._line, self._dimensions):
            words.addWidget(part)
        words.addStretch()
        head = QHBoxLayout()
        head.setSpacing(look.space(3))
        head.addWidget(self.portrait, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(words, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.space(2))
        column.addLayout(head)
        column.addWidget(self._facts)

    def show_technician(self, technician: Technician) -> None:
        """Show another one, or the same as he is now."""
        session = self._session
        self.portrait.show_technician(technician)
        self._name.setText(technician.name)
        self.badge.setVisible(merit.level_of(session, technician) == "honour")
        self._line.setText(" · ".join(filter(None, (stars(technician), years(session, technician)))))
        said = dimensions(technician.figures)
        self._dimensions.setText(said)
        self._dimensions.setVisible(bool(said))
        say = self._facts.say
        say("card_skills", t(", ").join(name.skill(each) for each in technician.skills))
        say("card_brands", t(", ").join(technician.brands) or t("all brands"))
        zone, now = name.timezone(session), session.now()
        held = [
            t("{name}, valid until {date}", name=each.name, date=local_date(each.expires_at - 1, zone))
            for each in technician.certificates
            if each.expires_at > now
        ]
        say("card_certificates", "\n".join(held))
        say("card_cases", "\n".join(technician.cases))


class CardPopup(QFrame):
    """The card over the window, beside what it is about; any key or click puts it away."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("technician_card")
        self.setProperty("panel", "surface")
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAccessibleName(t("Technician card"))
        self._session = session
        self.card = Card(session)
        column = QVBoxLayout(self)
        column.setContentsMargins(*(theme.current().space(4),) * 4)
        column.addWidget(self.card)
        self.setFixedWidth(theme.current().px(_WIDE_PX))

    def show_at(self, technician: str, at: QPoint) -> bool:
        """Show the card of somebody with its upper left corner there (global), inside the screen; False for nobody."""
        found = self._session.get(Technician, technician)
        if found is None:
            return False
        self.card.show_technician(found)
        # What the words take at this width is known once the layouts inside have heard of them.
        for inner in self.findChildren(QLayout):
            inner.invalidate()
        if (layout := self.layout()) is not None:
            self.setFixedHeight(layout.totalHeightForWidth(self.width()))
        screen = QApplication.screenAt(at) or self.screen()
        room = screen.availableGeometry()
        left = max(room.left(), min(at.x(), room.right() - self.width()))
        top = max(room.top(), min(at.y(), room.bottom() - self.height()))
        self.move(left, top)
        self.show()
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.hide()
        event.accept()


def dimensions(figures: Figures) -> str:
    """What his reviews say one by one, empty while there are none."""
    if not figures.reviews:
        return ""
    mean = {
        each: f"{getattr(figures, each) / figures.reviews:.1f}"
        for each in ("skill", "attitude", "efficiency")
    }
    said = t(
        "skill {skill} · attitude {attitude} · speed {speed} · solved {solved} %",
        skill=mean["skill"], attitude=mean["attitude"], speed=mean["efficiency"],
        solved=round(100 * figures.solved / figures.reviews),
    )  # fmt: skip
    # No line ends between a word and its figure.
    return " · ".join(part.replace(" ", "\u00a0") for part in said.split(" · "))
