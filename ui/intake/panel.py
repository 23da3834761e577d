"""Import orders: choose a file, see what its columns mean, check every row, then import all of it at once.

Object names: `import_choose`, `import_profile`, `import_profile_name`, `import_save_profile`, `import_columns`,
`import_preview`, `import_fates`, `import_export`, `import_read|good|there|filtered|refused`, `import_hints`,
`import_go`, `import_stop`, `import_close`, `import_progress`.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from dispatcher_app.client import profile as desk
from dispatcher_app.client.worker import Worker
from dispatcher_app.domain import role
from dispatcher_app.domain.book import PriceBook
from dispatcher_app.domain.catalogue import Item
from dispatcher_app.domain.edition import Series
from dispatcher_app.domain.holiday import HolidayYear
from dispatcher_app.domain.region import Policy
from dispatcher_app.intake import profile as profiles
from dispatcher_app.intake import sentence
from dispatcher_app.intake.normal import BadRow
from dispatcher_app.intake.order import Plan, Readings, Setting, order_id
from dispatcher_app.intake.profile import Profile
from dispatcher_app.intake.row import TableError
from dispatcher_app.text import t
from ui import format, notify
from ui.intake import work
from ui.intake.face import Face
from ui.intake.sending import Sent, refused_fates, send
from ui.intake.shelf import Shelf
from ui.intake.work import Opened, Stop, Stopped
from ui.task import Errands, Latest

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session
    from dispatcher_app.client.state import Link

_SETTLE_MS: Final = 300
_LOOK_MS: Final = 200
_PART: Final = 500
_FILES: Final = "*.csv *.tsv *.txt *.xlsx *.xlsm *.json *.jsonl *.ndjson *.geojson"


class ImportPanel(QWidget):
    """A file of another system's orders; `closed` when the person is done with it, `imported` with the count.

    `checked` after every row of the file has been gone through.
    """

    closed = Signal()
    imported = Signal(int)
    checked = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._opened: Opened | None = None
        self._base: Profile | None = None
        self._plan: Plan | None = None
        self._refused: tuple[BadRow, ...] = ()
        self._doing, self._busy, self._online = "", False, False
        self._stops = [Stop()]
        self._worker = Worker("import")
        self._look = QTimer(self, interval=_LOOK_MS)
        self._errand = Latest(self)
        self._sending = Errands(self)
        self._settle = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self.face = Face(Shelf(folder(), self._profile))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.face)
        self.setAcceptDrops(True)
        self._connect()
        self._show_link(session.link)
        self._forget()

    def title(self) -> str:
        """What the screen is called."""
        return t("Import orders")

    @property
    def plan(self) -> Plan | None:
        """What an import would do; None while that is not known."""
        return self._plan

    # ------------------------------------------------------------ the file
    def open_path(self, path: Path) -> None:
        """Look into a file and check all its rows."""
        self._forget()
        self._begin(t("Opening {file}…", file=path.name))
        region = self._session.region
        zone = region.timezone if region else self._session.timezone
        self._errand.ask(self._looked_into(path, zone), self._on_opened)

    async def _looked_into(self, path: Path, zone: str) -> Opened | TableError:
        try:
            return await self._worker.run(work.open_file, path, folder(), zone)
        except TableError as error:
            return error

    def _choose(self) -> None:
        dialog = QFileDialog(self, t("Import orders"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([f"{t('Tables')} ({_FILES})", f"{t('All files')} (*)"])
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda name: self.open_path(Path(name)))
        dialog.open()

    def _on_opened(self, found: Opened | TableError) -> None:
        self._end()
        if isinstance(found, TableError):
            self.face.banner.say("error", sentence.of_table(found))
            return
        self._opened = found
        columns = t("{n} columns", n=format.count(len(found.table.columns)))
        self.face.file.setText(
            f"{found.path.name}\n{found.table.kind.upper()} · {found.table.encoding} · {columns}"
        )
        self.face.shelf.offer(found.profiles, found.chosen.name if found.chosen else None)
        self.face.show_first_rows()
        self._use(found.chosen or found.guessed)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if len(event.mimeData().urls()) == 1 and event.mimeData().urls()[0].isLocalFile() and not self._busy:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.open_path(Path(event.mimeData().urls()[0].toLocalFile()))

    # ------------------------------------------------------------ the profile
    def _on_profile_chosen(self, chosen: Profile | None) -> None:
        if self._opened is not None:
            fitted = profiles.fit(chosen, self._opened.table.columns) if chosen else self._opened.guessed
            self._use(fitted)

    def _on_profile_saved(self, saved: Profile) -> None:
        self._base = saved

    def _use(self, profile: Profile) -> None:
        """Read the file with this profile."""
        assert self._opened is not None
        self._base = profile
        guessed = profile is self._opened.guessed
        guesses = {each.field: each for each in self._opened.mapping.guesses} if guessed else {}
        columns = self._opened.table.columns
        self.face.columns.show_columns(columns, self._opened.first, profile.columns, guesses)
        used = [column for names in profile.columns.values() for column in names]
        self.face.preview.show_rows(sorted(columns, key=lambda each: each not in used), self._opened.first)
        self.face.form.show_profile(profile)
        self._check()

    def _profile(self) -> Profile:
        """The profile as it stands on the screen."""
        assert self._base is not None
        return self.face.form.applied(replace(self._base, columns=self.face.columns.chosen()))

    # ------------------------------------------------------------ the check
    def _check(self) -> None:
        """Read everything anew; what is under way is dropped."""
        self._drop_plan()
        if self._opened is None:
            return
        profile = self._profile()
        self.face.preview.show_fields(profile.columns)
        region, items = self._session.region, tuple(self._session.all(Item))
        if profile.lacks or region is None or not items:
            words = " ".join(t(sentence.SENTENCES[code]) for code in profile.lacks)
            waiting = t("Region and catalogue are not here yet; wait for the connection.")
            self.face.banner.say("warning", words or waiting)
            self._end()
            return
        policy = self._session.get(Policy, "policy") or Policy()
        prices = {
            (each.kind, each.id): each
            for kind in (Series, PriceBook, HolidayYear)
            for each in self._session.all(kind)
        }
        setting = Setting(region, items, policy, self._session.actor, self._session.now(), prices)
        self._stops[0] = stop = Stop()
        self._begin(t("Checking…"))
        self._errand.ask(self._checked(self._opened, profile, setting, stop), self._on_checked)

    async def _checked(
        self, opened: Opened, profile: Profile, setting: Setting, stop: Stop
    ) -> Plan | TableError | None:
        try:
            readings = await self._worker.run(work.read, opened.table, profile, stop)
            there = await self._here(readings, setting.region.id)
            return await self._worker.run(work.check, readings, setting, profile, there, stop)
        except TableError as error:
            return error
        except Stopped:
            return None

    async def _here(self, readings: Readings, region: str) -> set[str]:
        """The orders that this desk has already; the server knows the older ones."""
        ids = await self._worker.run(lambda: [order_id(region, row.key) for row in readings.rows])
        here: set[str] = set()
        for begin in range(0, len(ids), _PART):
            here.update(await self._session.order_rows(ids[begin : begin + _PART]))
        return here

    def _on_checked(self, found: Plan | TableError | None) -> None:
        if isinstance(found, TableError):
            self.face.banner.say("error", sentence.of_table(found))
        elif found is not None:
            self._plan, self._refused = found, found.refused
            self.face.tally.say(
                read=found.read, good=len(found.orders), there=len(found.there), filtered=found.filtered,
                refused=len(found.refused),
            )  # fmt: skip
            self.face.fates.show_fates(refused_fates(found.refused))
            self.face.name_results(t("Refused"), len(found.refused))
            self.face.hints.setText("\n".join(self._hints_of(found)))
        self._end()
        self.checked.emit()

    def _hints_of(self, plan: Plan) -> list[str]:
        hints = []
        if plan.districts:
            names = t(", ##list").join(each.name for each in plan.districts[:8])
            if role.holds(self._session.actor, role.ADMINISTERS):
                hints.append(t("New districts will be added: {names}", names=names))
            else:
                hints.append(t("Districts not known here stay as text: {names}", names=names))
        if plan.unrecognised:
            hints.append(
                t("{n} fit no item and come in as “to be confirmed”.", n=format.count(plan.unrecognised))
            )
        if plan.approximate:
            hints.append(t("{n} have no coordinates and are put on their district's centre.",
                           n=format.count(plan.approximate)))  # fmt: skip
        if plan.far:
            region = self._session.region
            hints.append(t("{n} lie more than 200 km away from {region}: is this the right file?",
                           n=format.count(plan.far), region=region.name if region else ""))  # fmt: skip
        return hints

    # ------------------------------------------------------------ the import
    def _import(self) -> None:
        if self._plan is None or self._busy:
            return
        self._begin(t("Importing {n} orders…", n=format.count(len(self._plan.orders))), stoppable=False)
        self._sending.run(send(self._session, self._plan, self._worker), self._on_sent)

    def _on_sent(self, sent: Sent) -> None:
        plan, self._plan = self._plan, None
        if sent.trouble or plan is None:
            self._plan = plan
            self.face.banner.say("error", sent.trouble)
            self._end()
            return
        self._refused = tuple(sorted((*plan.refused, *sent.refused), key=lambda each: each.line))
        there = len(plan.there) + sent.there
        self.face.tally.say(done=True, good=sent.imported, there=there, refused=len(self._refused))
        self.face.fates.show_fates(sent.fates)
        self.face.name_results(t("Result"), len(sent.fates), front=True)
        self.face.banner.say("success", t("{n} orders imported.", n=format.count(sent.imported)))
        self._end()
        self.imported.emit(sent.imported)

    async def export_to(self, file: Path) -> None:
        """Write the refused rows with their reasons into a .csv or .xlsx, and say so."""
        if self._opened is None:
            return
        table, refused = self._opened.table, self._refused
        try:
            await self._worker.run(work.export, file, table, refused)
        except (OSError, TableError) as error:
            notify.error(t("The file can't be written: {reason}", reason=error))
            return
        notify.success(t("{n} refused rows are in {file}", n=format.count(len(refused)), file=file.name))

    def _choose_export(self) -> None:
        dialog = QFileDialog(self, t("Export refused rows"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters(["Excel (*.xlsx)", "CSV (*.csv)"])
        dialog.setDefaultSuffix("xlsx")
        dialog.filterSelected.connect(
            lambda chosen: dialog.setDefaultSuffix("csv" if "csv" in chosen else "xlsx")
        )
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda name: self._sending.run(self.export_to(Path(name))))
        dialog.open()

    # ------------------------------------------------------------ what is shown
    def _begin(self, doing: str, *, stoppable: bool = True) -> None:
        self._busy, self._doing = True, doing
        self.face.doing.setText(doing)
        self._look.start()
        self.face.show_busy(True, stoppable=stoppable)
        self._show_state()

    def _end(self) -> None:
        self._busy = False
        self._look.stop()
        self.face.show_busy(False, stoppable=True)
        self._show_state()

    def _on_look(self) -> None:
        if rows := self._stops[0].rows:
            self.face.doing.setText(t("{doing} {n} rows", doing=self._doing, n=format.count(rows)))

    def _on_stopped(self) -> None:
        self._stops[0].now()
        self._errand.forget()
        self._end()

    def _drop_plan(self) -> None:
        self._settle.stop()
        self._stops[0].now()
        self._errand.forget()
        self._plan, self._refused = None, ()
        self.face.tally.forget()
        self.face.hints.clear()
        self.face.banner.hide()
        self.face.fates.show_fates(())
        self.face.name_results(t("Refused"), 0)

    def _forget(self) -> None:
        """As if no file had been chosen."""
        self._drop_plan()
        self._opened = self._base = None
        self._end()

    def _on_close(self) -> None:
        self._forget()
        self.closed.emit()

    def _show_state(self) -> None:
        """Enable what makes sense now, and say on the button what it would do."""
        face, count = self.face, len(self._plan.orders) if self._plan is not None else 0
        face.show_file(self._opened is not None)
        face.go.setText(t("Import {n} orders", n=format.count(count)) if count else t("Import"))
        face.go.setEnabled(bool(count) and not self._busy and self._online)
        face.go.setToolTip("" if self._online else t("Importing needs the server."))
        face.again.setVisible(self._opened is not None and self._plan is None and not self._busy)
        face.export.setEnabled(bool(self._refused) and not self._busy)

    def _show_link(self, link: Link) -> None:
        self._online = link.state == "online"
        if self._online:
            self.face.offline.hide()
        else:
            words = t("Offline: a file can be checked, importing waits for the server.")
            self.face.offline.say("warning", words)

    def _on_link(self, link: Link) -> None:
        self._show_link(link)
        self._show_state()

    def _connect(self) -> None:
        face = self.face
        face.choose.clicked.connect(self._choose)
        face.other.clicked.connect(self._choose)
        face.shelf.chosen.connect(self._on_profile_chosen)
        face.shelf.saved.connect(self._on_profile_saved)
        face.columns.changed.connect(self._settle.start)
        face.form.changed.connect(self._settle.start)
        face.stop.clicked.connect(self._on_stopped)
        face.export.clicked.connect(self._choose_export)
        face.again.clicked.connect(self._check)
        face.go.clicked.connect(self._import)
        face.close_.clicked.connect(self._on_close)
        self._settle.timeout.connect(self._check)
        self._look.timeout.connect(self._on_look)
        unsubscribe = self._session.subscribe(link=self._on_link)
        stops = self._stops
        self.destroyed.connect(lambda: unsubscribe())
        self.destroyed.connect(lambda: stops[0].now())


def folder() -> Path:
    """Where this desk keeps its import profiles."""
    return desk.home() / "profiles"
