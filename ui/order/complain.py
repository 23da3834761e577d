"""Somebody is not content: what about, how grave, about whom, in his own words, with photos."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QComboBox

from dispatcher_app.clock import new_id
from dispatcher_app.domain.command import OpenComplaint
from dispatcher_app.domain.money.complaint import due_times, meant
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.region import Policy
from dispatcher_app.domain.rule.complaining import PHOTOS_LIMIT
from dispatcher_app.domain.technician import Technician
from dispatcher_app.text import t
from ui import format, name
from ui.controls.paragraph import Paragraph
from ui.controls.section import label
from ui.controls.ticks import Ticks
from ui.order.complained import CATEGORIES, SEVERITIES, SOURCES
from ui.order.form import Form, row_of
from ui.order.photoset import PhotoSet

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_GRAVE: Final = frozenset({"damage", "injury", "privacy"})
"""What is taken for serious until somebody says otherwise."""


class ComplainForm(Form):
    """Says by when he is answered, so that it can be promised on the telephone."""

    def __init__(self, session: Session, order: Order) -> None:
        super().__init__(
            session, order, t("Complaint about {number}", number=order.number), t("Open complaint")
        )
        self._id = new_id()
        self._graded = False
        self.categories = Ticks(t("What about##complaint"))
        self.categories.setObjectName("complain_categories")
        self.categories.offer({code: t(word) for code, word in CATEGORIES.items()})
        self.source, self.severity = QComboBox(), QComboBox()
        for combo, id, word, words in (
            (self.source, "complain_source", t("Source##complaint"), SOURCES),
            (self.severity, "complain_severity", t("Severity"), SEVERITIES),
        ):
            combo.setObjectName(id)
            combo.setAccessibleName(word)
            for code, said in words.items():
                if code != "page":  # that he does himself
                    combo.addItem(t(said), code)
        self.people = Ticks(t("About whom##complaint"))
        self.people.setObjectName("complain_technicians")
        self.words = Paragraph()
        self.words.setObjectName("complain_text")
        self.words.setAccessibleName(t("What he says"))
        self.words.setPlaceholderText(
            t("What he says, in his words; only those who look after complaints read it")
        )
        self.photos = PhotoSet(session, "complaint", PHOTOS_LIMIT)
        self.photos.show_order(order.id)
        self.until = label("", "muted", wrap=True)
        self.until.setObjectName("complain_until")
        self.body.addWidget(label(t("What about##complaint"), "muted"))
        self.body.addWidget(self.categories)
        self.body.addWidget(self.words)
        self.body.addLayout(row_of(t("Source##complaint"), self.source, t("Severity"), self.severity))
        self.body.addWidget(self.people)
        self.body.addWidget(self.photos)
        self.body.addWidget(self.until)
        self.categories.changed.connect(self._on_category)
        self.severity.activated.connect(lambda _at: self._on_graded())
        self.severity.currentIndexChanged.connect(lambda _at: self._say())
        self.ask = self._command
        self.setFocusProxy(self.categories)
        self.show_order(order)
        self._say()

    def show_order(self, order: Order) -> None:
        super().show_order(order)
        visits = (each for visit in order.visits for each in (visit.technician, *visit.helpers) if each)
        everybody = dict.fromkeys((order.technician, *order.along, *visits))
        came = [id for id in everybody if id and self.session.get(Technician, id) is not None]
        first = not self.people.ticked
        self.people.offer({id: name.technician(self.session, id) for id in came})
        if first:
            self.people.tick(meant(order))
        self.people.setVisible(bool(came))

    def _on_category(self) -> None:
        if not self._graded:
            grave = not _GRAVE.isdisjoint(self.categories.ticked)
            self.severity.setCurrentIndex(self.severity.findData("serious" if grave else "normal"))

    def _on_graded(self) -> None:
        self._graded = True

    def _say(self) -> None:
        now, zone = self.session.now(), name.timezone(self.session)
        policy = self.session.get(Policy, "policy") or Policy()
        answer, solve = due_times(self.severity.currentData(), now, policy, zone)
        self.until.setText(
            t(
                "We answer by {answer} and solve it by {solve}. The technician's share of this order waits until then.",
                answer=format.moment(answer, now, zone), solve=format.moment(solve, now, zone),
            )
        )  # fmt: skip

    def _command(self) -> OpenComplaint | None:
        if self.photos.waiting:
            self.refuse(t("Photos are still on their way."))
            return None
        return OpenComplaint(
            complaint=self._id, order=self.order.id, source=self.source.currentData(),
            categories=self.categories.ticked,  # type: ignore[arg-type]  # offered by these codes
            severity=self.severity.currentData(), text=self.words.toPlainText(), technicians=self.people.ticked,
            attachments=self.photos.photos,
        )  # fmt: skip
