"""One version of the prices: its tables, what is other than in the one in force, what is wrong, publishing."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, cast

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QTabWidget, QVBoxLayout, QWidget

from dispatcher_app.client.state import Outcome, Refused
from dispatcher_app.domain.act import Rejected, World
from dispatcher_app.domain.book import PriceBook
from dispatcher_app.domain.catalogue import Item, Part
from dispatcher_app.domain.command import DiscardPriceBook, PublishPriceBook, SavePriceBook
from dispatcher_app.domain.flaw import Flaw, flaws
from dispatcher_app.domain.rule.price import currencies
from dispatcher_app.text import t
from ui import name, theme
from ui.admin.compare import bad_row_model, difference_model, flaw_model
from ui.admin.discard import discard_button
from ui.admin.draft import Draft, Unreadable
from ui.admin.effect import EffectTab
from ui.admin.fee import fee_fields
from ui.admin.form import shut
from ui.admin.moment import StartField
from ui.admin.searched import searched
from ui.admin.version import altered, book_sheets, place, sheet_titles, shown, tables, title_of
from ui.controls.questions import Questions
from ui.controls.section import label
from ui.controls.sheet import Sheet
from ui.submit import submit

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_SETTLE_MS: Final = 300
_LOOK_MS: Final = 600
FEES: Final = ("name", "series", "same_day", "emergency", "inspection_percent", "inspection_max")


class BookEditor(QFrame):
    """`saved` carries the book's id, `left` that it was stepped back from, `copied` that a draft of it is wanted.

    `files_wanted` asks to import or export, `catalogue_wanted` to save what an import changes in the catalogue.
    """

    saved = Signal(str)
    left = Signal()
    copied = Signal(str)
    files_wanted = Signal(str)
    catalogue_wanted = Signal()

    def __init__(self, session: Session, book: PriceBook, opened: bool) -> None:
        super().__init__()
        self._session, self._id, self._opened = session, book.id, opened and book.state == "draft"
        self._may, self._looking, self._unreadable = opened, False, ""
        self.setObjectName("book_editor")
        currency = book.currency
        self.sheets = book_sheets(session, currency)
        self._fees = fee_fields(session, currency)
        self._asked = (*tables(session, self.sheets, lambda: self._looking), *self._fees)
        self.draft = Draft(book, self._asked, lambda: session.get(PriceBook, self._id))
        self._flaws: tuple[Flaw, ...] = ()
        self.wrong = flaw_model()
        self.bad = bad_row_model()
        self.changes = difference_model(t("In force"), t("Here##version"))
        self.effect = EffectTab(session, self._id, lambda: self.unsaved)
        self.tabs, self._head = QTabWidget(), label("", "title")
        self._said, self._error = label("", "small", wrap=True), label("", "error", wrap=True)
        self._error.setObjectName("book_error")
        self.start = StartField(session)
        self._questions = Questions()
        self._lay_out()
        self._soon = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._soon.timeout.connect(self.examine)
        for sheet in self.sheets.values():
            sheet.edited.connect(self._soon.start)
        self._look = QTimer(self, interval=_LOOK_MS)
        self._look.timeout.connect(self._on_look)
        self._look.start()
        self.examine()

    # ------------------------------------------------------------ what the page asks
    @property
    def unsaved(self) -> bool:
        """Whether something typed is not saved yet."""
        return self._opened and self.draft.unsaved

    def begin(self) -> None:
        """The caret into the first table."""
        self.tabs.setCurrentIndex(0)
        self.sheets["labour"].grid.go_to(0, 2)

    def catch_up(self) -> None:
        """Show what others have changed; what has been published is only read from now on."""
        if self._opened and not self.unsaved:
            self.draft.catch_up()
        now = self._session.get(PriceBook, self._id)
        if now is not None and now.state == "published" and self._opened:
            self.draft.read = now
            self._shut()
        self.examine()

    def typed(self) -> PriceBook | None:
        """The book as it is typed, faults without a price left out; None while some cell cannot be read."""
        self._looking = True
        try:
            made: PriceBook = self.draft.made()
        except Unreadable as wrong:
            self._unreadable = str(wrong)
            return None
        finally:
            self._looking = False
        return made

    def show_import(self, bad: Sequence[Sequence[str]], changed: int) -> None:
        """Say which rows of a workbook were not taken, and how much of the catalogue it would change."""
        self.bad.show_rows(bad)
        self.tabs.setTabVisible(self.tabs.indexOf(self._import_tab), True)
        self.tabs.setTabText(
            self.tabs.indexOf(self._import_tab), t("Import {n}", n=len(bad)) if bad else t("Import##tab")
        )
        self.tabs.setCurrentWidget(self._import_tab if bad else self._changes_tab)
        told = t("{n} rows were not taken; the others stand in the draft.", n=len(bad))
        self._say(told if bad else t("All rows stand in the draft now; look at the changes, then save."))
        self._catalogue.setText(t("Also save {n} changed items and parts", n=changed))
        self._catalogue.setVisible(changed > 0)

    def take(self, book: PriceBook) -> None:
        """Put a whole book into the draft, as an import brings it; it is not saved by that."""
        for each in self._asked:
            each.write(getattr(book, each.code))
        self.examine()

    def save(self) -> bool:
        """Save the draft, however unfinished; what cannot be read is shown."""
        self._error.hide()
        try:
            own = self.draft.own()
        except Unreadable as wrong:
            self._go_to_unreadable(wrong)
            return False
        clash = self.draft.clash(own)
        self.draft.follow(own)
        if clash:
            self._say(t("A colleague has just changed this too. Save again to have it as it stands here."))
            return False
        wanted = replace(self.draft.read, **own, state="draft")  # also where it was thrown away meanwhile
        if submit(self._session, SavePriceBook(book=wanted), lambda said, _no: self._say(said)) is None:
            return False
        self.draft.catch_up()
        self.saved.emit(self._id)
        self.examine()
        return True

    def publish(self) -> bool:
        """Let it hold from the moment chosen; with a flaw in it nothing is published, and all flaws are shown."""
        self._error.hide()
        self.examine()
        if self.wrong.rowCount():
            self.tabs.setCurrentWidget(self._wrong_tab)
            self._say(t("{n} things are wrong; nothing was published.", n=self.wrong.rowCount()))
            return False
        if self.draft.unsaved and not self.save():
            return False
        book = self._session.get(PriceBook, self._id) or self.draft.read
        command = PublishPriceBook(book=book.id, from_version=book.version, starts_at=self.start.read())
        made = submit(self._session, command, lambda said, _no: self._say(said))
        if made is None:
            return False
        made.outcome.add_done_callback(self._on_published)
        return True

    def _discarding(self) -> DiscardPriceBook:
        book = self._session.get(PriceBook, self._id) or self.draft.read
        return DiscardPriceBook(book=book.id, from_version=book.version)

    # ------------------------------------------------------------ looking through it
    def examine(self) -> None:
        """Say what differs from the version in force and what is wrong, by row."""
        typed = self.typed()
        if typed is None:
            self._flaws = ()
            self.wrong.show_rows([("", "", self._unreadable)])
            self._say_counts()
            return
        if self._opened:
            world = cast(World, self._session)
            items, parts = self._session.all(Item), self._session.all(Part)
            try:
                told = currencies(world, typed)
            except Rejected:
                told = {}
            self._flaws = flaws(typed, items, parts, told)
        else:
            self._flaws = ()
        rows = [
            (sheet_titles().get(each.sheet, each.sheet), place(self._session, self.sheets, typed, each), each)
            for each in self._flaws
        ]
        self.wrong.show_rows(
            [(sheet, "" if at is None else str(at + 1), name.broken(self._session, shown(flaw.rule, at)))
             for sheet, at, flaw in rows]
        )  # fmt: skip
        for code, sheet in self.sheets.items():
            here = [(at, said) for (_s, at, flaw), (_w, _r, said) in zip(rows, self.wrong.rows, strict=True)
                    if flaw.sheet == code and at is not None]  # fmt: skip
            sheet.model.show_flaws(dict(here))
        self.changes.show_rows(altered(self._session, self.sheets, self._fees, typed))
        self._say_counts()

    def jump(self, at: int) -> None:
        """To the row of a flaw, by its place in the list of flaws."""
        typed = self.typed()
        if typed is None or not 0 <= at < len(self._flaws):
            self.go_to_wrong()
            return
        flaw = self._flaws[at]
        tab = "general" if flaw.sheet == "fees" else flaw.sheet
        self.tabs.setCurrentWidget(self._tabs[tab])
        row = place(self._session, self.sheets, typed, flaw)
        if flaw.sheet in self.sheets and row is not None:
            self.sheets[flaw.sheet].grid.setRowHidden(row, False)
            self.sheets[flaw.sheet].grid.go_to(row)

    def go_to_wrong(self) -> None:
        """To the first cell that cannot be read."""
        for code, sheet in self.sheets.items():
            if sheet.model.wrong is not None:
                self.tabs.setCurrentWidget(self._tabs[code])
                sheet.go_to_wrong()
                return

    # ------------------------------------------------------------ saying
    def _say_counts(self) -> None:
        said = [t("Changes"), t("Wrong##tab")]
        for tab, word, model in zip(
            (self._changes_tab, self._wrong_tab), said, (self.changes, self.wrong), strict=True
        ):
            rows = model.rowCount()
            self.tabs.setTabText(self.tabs.indexOf(tab), f"{word} {rows}" if rows else word)
        self._say_state()

    def _on_look(self) -> None:
        if self.isVisible():
            self._say_state()

    def _say_state(self) -> None:
        self._head.setText(title_of(self._session, self.draft.read))
        self._said.setText(t("● not saved yet") if self.unsaved else "")
        self.effect.keep_up()

    def _say(self, sentence: str) -> None:
        self._error.setText(sentence)
        self._error.show()

    def _go_to_unreadable(self, wrong: Unreadable) -> None:
        self._say(str(wrong))
        if wrong.field in self.sheets:
            self.tabs.setCurrentWidget(self._tabs[wrong.field])
            self.sheets[wrong.field].go_to_wrong()
        else:
            self.tabs.setCurrentWidget(self._tabs["general"])
            self._questions.refuse(wrong.field, str(wrong))

    def _on_published(self, answer: asyncio.Future[Outcome]) -> None:
        if answer.cancelled() or not isinstance(outcome := answer.result(), Refused):
            return
        self._say(name.refusal(self._session, outcome.refusal))

    # ------------------------------------------------------------ keys
    def keyPressEvent(self, event: QKeyEvent) -> None:
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif event.key() in _ENTER and control and self._opened:
            self.save()
        elif event.key() in _ENTER:
            self.focusNextChild()
        else:
            super().keyPressEvent(event)

    # ------------------------------------------------------------ construction
    def _shut(self) -> None:
        self._opened = False
        for each in self._asked:
            shut(each.widget, False)
        for part in (self._save, self._discard, self._publish, self.start, self._import):
            part.hide()
        self.tabs.setTabVisible(self.tabs.indexOf(self._wrong_tab), False)
        self._copy.setVisible(self._may)

    def _lay_out(self) -> None:
        look = theme.current()
        titles = sheet_titles()
        general = QWidget()
        column = QVBoxLayout(general)
        column.setContentsMargins(look.space(3), look.space(3), look.space(3), look.space(3))
        for each in self._fees:
            self._questions.add(each.code, each.word, each.widget, each.hint, beside=each.beside)
            each.widget.setObjectName(f"book_{each.code}")
        column.addWidget(self._questions)
        column.addWidget(label(titles["bands"], "muted"))
        column.addWidget(self.sheets["bands"])
        column.addStretch(1)
        self._tabs: dict[str, QWidget] = {"bands": general, "general": general}
        for code in ("labour", "parts"):
            self._tabs[code] = searched(self.sheets[code])
            self.tabs.addTab(self._tabs[code], titles[code])
        self.tabs.addTab(general, titles["fees"])
        for code in ("times", "packages", "coupons"):
            self._tabs[code] = self.sheets[code]
            self.tabs.addTab(self.sheets[code], titles[code])
        self._changes_tab = Sheet(self.changes, t("Changes"))
        self._wrong_tab = Sheet(self.wrong, t("Wrong##tab"))
        self._wrong_tab.setObjectName("book_flaws")
        self._wrong_tab.grid.opened.connect(self.jump)
        self._wrong_tab.grid.doubleClicked.connect(lambda index: self.jump(index.row()))
        self.tabs.addTab(self._changes_tab, t("Changes"))
        self.tabs.addTab(self._wrong_tab, t("Wrong##tab"))
        self.tabs.addTab(self.effect, t("Effect##tab"))
        self._import_tab = Sheet(self.bad, t("Import##tab"))
        self._import_tab.setObjectName("book_bad_rows")
        self.tabs.addTab(self._import_tab, t("Import##tab"))
        self.tabs.setTabVisible(self.tabs.indexOf(self._import_tab), False)
        for model in (self.changes, self.wrong, self.bad):
            model.set_open(False)
        top = QHBoxLayout()
        top.setContentsMargins(look.space(3), look.space(3), look.space(3), look.space(1))
        top.setSpacing(look.space(2))
        top.addWidget(self._head, 1)
        self._copy = self._button(t("New draft from this"), "book_copy", lambda: self.copied.emit(self._id))
        self._import = self._button(
            t("Import .xlsx…"), "book_import", lambda: self.files_wanted.emit("import")
        )
        export = self._button(t("Export .xlsx…"), "book_export", lambda: self.files_wanted.emit("export"))
        for part in (self._copy, self._import, export):
            top.addWidget(part)
        self._copy.hide()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(top)
        whole.addWidget(self.tabs, 1)
        whole.addLayout(self._foot())
        if not self._opened:
            self._shut()

    def _foot(self) -> QVBoxLayout:
        look = theme.current()
        self._error.hide()
        self._save = self._button(t("Save draft"), "book_save", self.save)
        self._catalogue = self._button("", "book_catalogue", self.catalogue_wanted.emit)
        self._catalogue.hide()
        self._catalogue.clicked.connect(self._catalogue.hide)
        self._discard = discard_button(self._session, "book_discard", self._discarding, self.draft, self._say)
        self._publish = self._button(t("Publish"), "book_publish", self.publish)
        self._publish.setProperty("kind", "primary")
        buttons = QHBoxLayout()
        buttons.setSpacing(look.space(2))
        buttons.addWidget(self._save)
        buttons.addWidget(self._discard)
        buttons.addWidget(self._catalogue)
        buttons.addWidget(self._said, 1)
        buttons.addWidget(self.start)
        buttons.addWidget(self._publish)
        foot = QVBoxLayout()
        foot.setContentsMargins(look.space(3), look.space(2), look.space(3), look.space(3))
        foot.setSpacing(look.space(2))
        foot.addWidget(self._error)
        foot.addLayout(buttons)
        return foot

    def _button(self, word: str, code: str, run: Any) -> QPushButton:
        button = QPushButton(word)
        button.setObjectName(code)
        button.clicked.connect(lambda: run())
        return button
