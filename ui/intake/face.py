"""The import screen as it looks: an empty page to drop a file on, and the page of a file."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QTableView,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from dispatcher_app.text import t
from ui import format, icons, theme
from ui.controls.banner import Banner
from ui.controls.empty import EmptyState
from ui.controls.section import label
from ui.intake.columns import ColumnList
from ui.intake.reading import ReadingForm
from ui.intake.shelf import Shelf
from ui.intake.table import FateModel, PreviewModel
from ui.intake.tally import Tally

_RESULTS = 1


class Face(QWidget):
    """All that is seen and pressed; it decides nothing."""

    def __init__(self, shelf: Shelf, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.shelf = shelf
        self.offline, self.banner = Banner(dismissible=False), Banner()
        self.file = label("", "strong", wrap=True)
        self.choose = _button(t("Choose a file…"), "import_choose", "primary")
        self.other = _button(t("Another file…"), "import_other", "quiet")
        self.columns, self.form = ColumnList(), ReadingForm()
        self.preview, self.fates = PreviewModel(self), FateModel(self)
        self.tally = Tally()
        self.hints = label("", "small", wrap=True)
        self.hints.setObjectName("import_hints")
        self.bar = QProgressBar()
        self.bar.setObjectName("import_progress")
        self.bar.setRange(0, 0)
        self.doing = label("", "muted")
        self.stop = _button(t("Stop"), "import_stop", "quiet")
        self.close_ = _button(t("Close"), "import_close", "quiet")
        self.export = _button(t("Export refused rows…"), "import_export", "quiet")
        self.again = _button(t("Check again"), "import_again")
        self.go = _button(t("Import"), "import_go", "primary")
        self._above, self._below = QTabWidget(), QTabWidget()
        self._pages = QStackedWidget()
        self._lay_out()
        self._draw()

    def show_file(self, shown: bool) -> None:
        """Show the page of a file, or the one to drop one on."""
        self._pages.setCurrentIndex(1 if shown else 0)

    def show_busy(self, busy: bool, *, stoppable: bool) -> None:
        """Show that work is under way; what cannot be stopped cannot be changed either."""
        for part in (self.bar, self.doing):
            part.setVisible(busy)
        self.stop.setVisible(busy and stoppable)
        for button in (self.choose, self.other, self.close_):
            button.setEnabled(not busy or stoppable)
        for page in (self.shelf, self.columns, self.form):
            page.setEnabled(not busy or stoppable)

    def name_results(self, title: str, count: int, *, front: bool = False) -> None:
        """Say what the lines below are, and how many."""
        self._below.setTabText(_RESULTS, f"{title} {format.count(count)}" if count else title)
        if front:
            self._below.setCurrentIndex(_RESULTS)

    def show_first_rows(self) -> None:
        """Bring the preview to the front."""
        self._below.setCurrentIndex(0)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.PaletteChange:
            self._draw()
        super().changeEvent(event)

    def _draw(self) -> None:
        self.export.setIcon(icons.icon("export"))
        self.choose.setIcon(icons.icon("folder", "on_accent"))

    def _lay_out(self) -> None:
        empty = EmptyState(
            t("Drop a table of orders here"),
            t("CSV, Excel or JSON. Nothing is saved before you have seen what comes of every row."),
            "import",
        )
        empty.set_button(self.choose)
        self._pages.addWidget(empty)
        self._pages.addWidget(self._page())
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.offline)
        whole.addWidget(self.banner)
        whole.addWidget(self._pages, 1)

    def _page(self) -> QWidget:
        look = theme.current()
        head = QHBoxLayout()
        head.addWidget(self.file, 1)
        head.addWidget(self.other)
        for tabs in (self._above, self._below):
            tabs.setDocumentMode(True)
        self._above.addTab(self.columns, t("Columns"))
        self._above.addTab(self.form, t("Reading##import"))
        self._below.addTab(_view(self.preview, "import_preview"), t("First rows"))
        self._below.addTab(_view(self.fates, "import_fates"), t("Refused"))
        split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(self._above)
        split.addWidget(self._below)
        split.setChildrenCollapsible(False)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 2)
        foot = QHBoxLayout()
        foot.addWidget(self.doing)
        foot.addWidget(self.stop)
        foot.addStretch()
        for button in (self.close_, self.export, self.again, self.go):
            foot.addWidget(button)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(look.space(3), look.space(2), look.space(3), look.space(2))
        column.addLayout(head)
        column.addWidget(self.shelf)
        column.addWidget(split, 1)
        for part in (self.tally, self.hints, self.bar):
            column.addWidget(part)
        column.addLayout(foot)
        for layout in (head, foot, column):
            layout.setSpacing(look.space(2))
        return page


def _button(text: str, name: str, kind: str = "") -> QPushButton:
    made = QPushButton(text)
    made.setObjectName(name)
    if kind:
        made.setProperty("kind", kind)
    return made


def _view(model: PreviewModel | FateModel, name: str) -> QTableView:
    look = theme.current()
    preview = isinstance(model, PreviewModel)
    made = QTableView()
    made.setObjectName(name)
    made.setAccessibleName(t("First rows") if preview else t("Refused"))
    made.setModel(model)
    made.setShowGrid(False)
    made.setWordWrap(False)
    made.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    made.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    made.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    made.verticalHeader().setDefaultSectionSize(look.row_height)
    made.verticalHeader().setVisible(preview)
    head = made.horizontalHeader()
    head.setDefaultSectionSize(look.px(150 if preview else 130))
    head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    head.setStretchLastSection(not preview)
    if preview:
        head.setFixedHeight(look.px(44))
    else:
        made.setColumnWidth(0, look.px(64))
        made.setColumnWidth(1, look.px(110))
    return made
