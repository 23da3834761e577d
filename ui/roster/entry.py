"""A technician entered or corrected: a form beside the list, filled by keyboard alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QCompleter,
    QFrame,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from dispatcher_app.clock import new_id
from dispatcher_app.domain.calendar import local_date
from dispatcher_app.domain.catalogue import Item
from dispatcher_app.domain.command import SaveTechnician
from dispatcher_app.domain.place import Point
from dispatcher_app.domain.region import Policy
from dispatcher_app.domain.rule.roster import CAREER_YEARS
from dispatcher_app.domain.technician import Employment, Technician
from dispatcher_app.text import t
from ui import name, theme
from ui.controls.field import Field, inset
from ui.controls.questions import Questions
from ui.controls.section import label
from ui.controls.ticks import Ticks
from ui.controls.week import USUAL, Week
from ui.limit import limit
from ui.models.pattern import NotATime
from ui.models.team import teams
from ui.roster.certificate import Certificates
from ui.roster.home import Home
from ui.roster.lack import lacks, unseen
from ui.roster.photo import Photo
from ui.submit import submit

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_AS_USUAL: Final = -1


class EntryForm(QFrame):
    """`saved` carries his id, `left` that the form was stepped back from, `pick_wanted` asks for the map."""

    saved = Signal(str)
    left = Signal()
    pick_wanted = Signal()

    def __init__(self, session: Session, technician: Technician | None) -> None:
        super().__init__()
        self._session, self._new = session, technician is None
        self._read = technician or _blank(session)
        self.setObjectName("technician_entry")
        self._items = [item for item in session.all(Item) if not item.retired]
        self.name, self.phone, self.team = Field(), Field(), Field()
        limit(self.name, "name")
        limit(self.phone, "phone")
        limit(self.team, "team")
        self.employment = QComboBox()
        self.employment.setObjectName("entry_employment")
        for kind, word in _EMPLOYMENTS.items():
            self.employment.addItem(t(word), kind)
        self.skills, self.brands = Ticks(t("Skills")), Ticks(t("Brands"))
        self.districts = Ticks(t("Districts"))
        known = {each for item in self._items for each in item.certificates}
        timezone = name.timezone(session)
        today = local_date(session.now(), timezone)
        self.certificates = Certificates(sorted(known), timezone, today)
        self.since, self.cases = QSpinBox(), QPlainTextEdit()
        self.photo = Photo(session, None if self._new else self._read.id)
        self.home, self.limit, self.week = Home(session), QSpinBox(), Week("entry_shift")
        self._questions = Questions()
        self._lacks, self._hints = label("", "strong", wrap=True), label("", "small", wrap=True)
        self._error = label("", "error", wrap=True)
        self.go = QPushButton(t("Save"))
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._lay_out()
        self._offer()
        for field in _FIELDS:
            self._put(field, getattr(self._read, field))
        self._connect()
        self._say_lacks()

    # ------------------------------------------------------------ what the panel asks
    def begin(self) -> None:
        """Follow what others did to him meanwhile; the caret into the name."""
        with suppress(NotATime):  # which is said when it is saved
            own = self._own(self._typed())
            if not self._clash(own):
                self._follow(own)
        self.name.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def point_at(self, point: Point) -> None:
        """He sets out from this point of the map."""
        self.home.write(point)
        self.home.choice.setFocus(Qt.FocusReason.OtherFocusReason)

    def save(self) -> None:
        """Save him, or say beside the field what is wrong."""
        self._questions.hush()
        self._refuse("", None)
        try:
            own = self._own(self._typed())
        except NotATime as wrong:
            self._refuse(str(wrong), "shifts")
            return
        clash = self._clash(own)
        self._follow(own)
        if clash:
            said = t("A colleague has just changed this too. Save again to have it as it stands here.")
            self._refuse(said, clash[0])
            return
        phone = self.phone.text().strip() or None
        command = SaveTechnician(technician=replace(self._read, **own), phone=phone)
        if submit(self._session, command, lambda said, rejected: self._refuse(said, rejected.field)):
            self.saved.emit(self._read.id)

    # ------------------------------------------------------------ what is typed
    def _typed(self) -> dict[str, Any]:
        """The fields as they stand; raises NotATime."""
        limit = self.limit.value()
        return {
            "name": self.name.text().strip(),
            "team": self.team.text().strip(),
            "employment": self.employment.currentData(),
            "skills": self.skills.ticked,
            "brands": self.brands.ticked,
            "districts": self.districts.ticked,
            "certificates": self.certificates.read(),
            "home": self.home.read(),
            "daily_limit": None if limit == _AS_USUAL else limit,
            "experience_since": self.since.value() if self.since.value() > self.since.minimum() else None,
            "cases": tuple(filter(None, (each.strip() for each in self.cases.toPlainText().splitlines()))),
            "shifts": self.week.read(),
        }

    def _own(self, typed: dict[str, Any]) -> dict[str, Any]:
        """What of it differs from what was read; the order of a list is nobody's concern."""
        return {
            field: value
            for field, value in typed.items()
            if self._new or _alike(value) != _alike(getattr(self._read, field))
        }

    @property
    def _now(self) -> Technician:
        return self._session.get(Technician, self._read.id) or self._read

    def _clash(self, own: dict[str, Any]) -> list[str]:
        """The fields that somebody else has changed too since they were read."""
        now, read = self._now, self._read
        return [each for each in own if getattr(now, each) not in (getattr(read, each), own[each])]

    def _follow(self, own: dict[str, Any]) -> None:
        """Stand on how he is now: fields that were not touched show it."""
        now = self._now
        for field in _FIELDS:
            if field not in own and getattr(now, field) != getattr(self._read, field):
                self._put(field, getattr(now, field))
        self._read = now

    def _put(self, field: str, value: Any) -> None:
        write: dict[str, Callable[[Any], object]] = {
            "name": self.name.setText,
            "team": self.team.setText,
            "employment": lambda kind: self.employment.setCurrentIndex(self.employment.findData(kind)),
            "skills": self._put_skills,
            "brands": self.brands.tick,
            "districts": self.districts.tick,
            "certificates": self.certificates.write,
            "home": self.home.write,
            "experience_since": lambda year: self.since.setValue(year or self.since.minimum()),
            "cases": lambda cases: self.cases.setPlainText("\n".join(cases)),
            "daily_limit": lambda limit: self.limit.setValue(_AS_USUAL if limit is None else limit),
            "shifts": self.week.write,
        }
        write[field](value)

    def _put_skills(self, skills: tuple[str, ...]) -> None:
        self.skills.tick(skills)
        self._offer_brands()

    # ------------------------------------------------------------ what is offered
    def _offer(self) -> None:
        of_catalogue = sorted((item.category, item.skill) for item in self._items)
        known = dict.fromkeys([*(skill for _category, skill in of_catalogue), *self._read.skills])
        self.skills.offer({code: name.skill(code) for code in known})
        region = name.region(self._session)
        parts = [each.id for each in region.districts] if region else []
        parts += [each for each in self._read.districts if each not in parts]
        self.districts.offer({id: name.district(self._session, id) for id in parts})
        self._asked_districts.setVisible(bool(parts))
        self.districts.setVisible(bool(parts))
        self.team.setPlaceholderText(t("none##team"))
        self.team.setCompleter(_completer(teams(self._session.all(Technician)), self.team))
        self._offer_brands()

    def _offer_brands(self) -> None:
        """The brands of what he can repair, and those that he has anyway."""
        found = {brand for item in self._items if item.skill in self.skills.ticked for brand in item.brands}
        found |= {*self._read.brands, *self.brands.ticked}
        self.brands.offer({brand: brand for brand in sorted(found)})
        self._asked_brands.setText(t("Brands (none ticked: all)") if found else t("Brands: all"))
        self.brands.setVisible(bool(found))

    def _say_lacks(self) -> None:
        try:
            typed = self._typed()
        except NotATime:
            return
        technician = replace(self._read, **typed)
        self._lacks.setText("\n".join(unseen(technician)))
        self._lacks.setVisible(bool(self._lacks.text()))
        said = lacks(technician, self._items, self._session.now())
        if not (self.phone.text().strip() or self._read.phone_mask):
            said.append(t("Without a phone number the desk can't call him."))
        if self._new:
            said.append(t("He begins offline: put him online when he starts to work."))
        self._hints.setText("\n".join(said))
        self._hints.setVisible(bool(said))

    def _refuse(self, sentence: str, field: str | None) -> None:
        beside = bool(sentence) and self._questions.refuse((field or "").partition(".")[0], sentence)
        self._error.setText("" if beside else sentence)
        self._error.setVisible(bool(sentence) and not beside)

    # ------------------------------------------------------------ keys
    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in _ENTER
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif enter and (control or self.go.hasFocus()):
            self.save()
        elif enter:
            self.focusNextChild()
        else:
            super().keyPressEvent(event)

    def _on_focus(self, _before: QWidget | None, now: QWidget | None) -> None:
        if now is not None and self._scroll.isAncestorOf(now):
            self._scroll.ensureWidgetVisible(now)

    # ------------------------------------------------------------ construction
    def _connect(self) -> None:
        self._soon.timeout.connect(self._say_lacks)
        for field in (self.name, self.phone):
            field.textEdited.connect(lambda _text: self._soon.start())
        for change in (self.skills.changed, self.certificates.edited, self.week.edited):
            change.connect(self._soon.start)
        self.skills.changed.connect(self._offer_brands)
        self.home.pick_wanted.connect(self.pick_wanted)
        self.go.clicked.connect(self.save)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._on_focus)

    def _lay_out(self) -> None:
        look = theme.current()
        for field, code in (
            (self.name, "entry_name"), (self.phone, "entry_phone"), (self.team, "entry_team"),
        ):  # fmt: skip
            field.setObjectName(code)
        if self._read.phone_mask:
            self.phone.setPlaceholderText(t("{mask} stays; type to replace it", mask=self._read.phone_mask))
        self.limit.setObjectName("entry_limit")
        self.limit.setRange(_AS_USUAL, 99)
        policy = self._session.get(Policy, "policy") or Policy()
        self.limit.setSpecialValueText(t("as usual: {n}", n=policy.daily_limit))
        inset(self.limit)
        year = int(local_date(self._session.now(), name.timezone(self._session))[:4])
        self.since.setObjectName("entry_since")
        self.since.setRange(year - CAREER_YEARS - 1, year)
        self.since.setSpecialValueText(t("not said##years"))
        inset(self.since)
        self.cases.setObjectName("entry_cases")
        self.cases.setTabChangesFocus(True)
        self.cases.setFixedHeight(look.px(72))
        ask = self._questions.add
        ask("name", t("Name"), self.name)
        ask("phone", t("Phone"), self.phone)
        ask("skills", t("Skills"), self.skills)
        self._asked_brands = ask("brands", t("Brands"), self.brands)
        self._asked_districts = ask("districts", t("Districts (none ticked: all)"), self.districts)
        ask("certificates", t("Certificates"), self.certificates)
        ask("home", t("Sets out from"), self.home)
        ask("daily_limit", t("Visits a day at most"), self.limit)
        ask("team", t("Team"), self.team)
        ask("employment", t("Works for us as"), self.employment)
        ask("shifts", t("Weekly shifts"), self.week)
        ask("experience_since", t("Experience since"), self.since)
        ask("cases", t("Typical repairs, one a line"), self.cases)
        ask("portrait", t("Photo"), self.photo)
        body = QFrame()
        column = QVBoxLayout(body)
        column.setContentsMargins(look.space(3), look.space(2), look.space(3), look.space(3))
        column.addWidget(self._questions)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidget(body)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        title = t("New technician") if self._new else t("Edit {name}", name=self._read.name)
        head = label(title, "title")
        head.setContentsMargins(look.space(3), look.space(3), look.space(3), look.space(1))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(head)
        whole.addWidget(scroll, 1)
        whole.addLayout(self._foot())
        self._scroll = scroll
        self.setAccessibleName(title)

    def _foot(self) -> QVBoxLayout:
        look = theme.current()
        self._lacks.setObjectName("entry_lacks")
        self._error.setObjectName("entry_error")
        self._error.hide()
        self.go.setObjectName("entry_save")
        self.go.setProperty("kind", "primary")
        back = QPushButton(t("Back"))
        back.setProperty("kind", "quiet")
        back.clicked.connect(self.left)
        buttons = QHBoxLayout()
        buttons.setSpacing(look.space(2))
        for part in (self.go, back):
            buttons.addWidget(part)
        keys = label(t("Enter next · Space ticks · Ctrl+Enter saves"), "small", wrap=True)
        keys.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        buttons.addWidget(keys, 1)
        line = QFrame()
        line.setFrameShape(QFrame.Shape.HLine)
        foot = QVBoxLayout()
        foot.setContentsMargins(look.space(3), 0, look.space(3), look.space(3))
        foot.setSpacing(look.space(2))
        foot.addWidget(line)
        foot.addWidget(self._lacks)
        foot.addWidget(self._hints)
        foot.addWidget(self._error)
        foot.addLayout(buttons)
        return foot


_EMPLOYMENTS: Final[dict[Employment, str]] = {
    "contractor": "Contractor##employment", "partner": "Partner firm##employment", "employee": "Employee##employment",
}  # fmt: skip
_FIELDS: Final = (
    "name", "team", "employment", "skills", "brands", "districts", "certificates", "home", "daily_limit", "shifts",
    "experience_since", "cases",
)  # fmt: skip


def _completer(words: Sequence[str], parent: QWidget) -> QCompleter:
    """Offers what is there already, so that one team keeps one name."""
    made = QCompleter(list(words), parent)
    made.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    made.setFilterMode(Qt.MatchFlag.MatchContains)
    return made


def _blank(session: Session) -> Technician:
    """Somebody new: at the region's centre, six days a week, not there yet."""
    region = name.region(session)
    home = region.centre if region else Point(0.0, 0.0)
    return Technician(id=new_id(), region=session.region_id, name="", home=home, shifts=USUAL)


def _alike(value: Any) -> Any:
    return frozenset(value) if isinstance(value, tuple) else value
