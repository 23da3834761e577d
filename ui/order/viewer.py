"""Photos seen large: over the whole window, with zoom, arrows, and what is known of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QKeyEvent, QPainter, QPixmap, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGraphicsPixmapItem,
    QGraphicsScene,
    QGraphicsView,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from dispatcher_app.client.api import Offline
from dispatcher_app.domain import life
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.command import RemoveAttachment
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.talk import Attachment
from dispatcher_app.text import t
from ui import format, icons, name, theme
from ui.controls.facts import Facts
from ui.controls.section import label
from ui.order.original import Original
from ui.order.purpose import purpose_word
from ui.order.reason import REMOVED, reason_word
from ui.submit import submit
from ui.task import Latest

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_STEP: Final = 1.25
_FACTS_WIDTH: Final = 260


class Viewer(QFrame):
    """Covers its window; arrows go on, + and − zoom, 0 fits, Escape closes."""

    closed = Signal()

    def __init__(self, session: Session, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._over = session, window
        self._photos: Sequence[Attachment] = ()
        self._at = 0
        self._asking = Latest(self)
        self.setObjectName("photo_viewer")
        self.setProperty("panel", "canvas")
        self.setAutoFillBackground(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(t("Photo"))
        self.picture = _Picture()
        self._say = label("", "muted", wrap=True)
        self._say.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._facts = Facts()
        for code, word in (
            ("of", t("Photo of")), ("line", t("Line##photo")), ("by", t("By##photo")), ("at", t("Added##photo")),
            ("taken", t("Taken##photo")), ("size", t("Size##photo")), ("place", t("Place##photo")),
        ):  # fmt: skip
            self._facts.add(code, word)
        self.original = Original(session)
        self.original.opened.connect(self._on_original)
        self.original.left.connect(lambda: self.setFocus(Qt.FocusReason.OtherFocusReason))
        self._count = label("", "strong")
        self.reason = QComboBox()
        self.reason.setObjectName("remove_reason")
        self.reason.setAccessibleName(t("Why it is taken away"))
        for code in REMOVED:
            self.reason.addItem(reason_word(code), code)
        self.remove = QPushButton(t("Take it away"))
        self.remove.setObjectName("remove_photo")
        self.remove.setProperty("kind", "danger")
        self.remove.clicked.connect(self._on_remove)
        self._error = label("", "error", wrap=True)
        self._error.hide()
        self.play = QPushButton(t("Play it"))
        self.play.clicked.connect(self._on_play)
        self._path = ""
        self._lay_out()
        window.installEventFilter(self)
        self.hide()

    def open(self, photos: Sequence[Attachment], id: str) -> None:
        """Look at one of these photos."""
        self._photos = photos
        self._at = next((at for at, each in enumerate(photos) if each.id == id), 0)
        self.setGeometry(self._over.rect())
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self._show()

    @property
    def shown(self) -> Attachment | None:
        """The photo that is looked at."""
        return self._photos[self._at] if self._photos else None

    def step(self, by: int) -> None:
        """The next or the former one."""
        if self._photos:
            self._at = (self._at + by) % len(self._photos)
            self._show()

    def leave(self) -> None:
        """Back to the order."""
        self._asking.forget()
        self.hide()
        self.closed.emit()

    # ------------------------------------------------------------ showing
    def _show(self) -> None:
        photo = self.shown
        if photo is None:
            self.leave()
            return
        now, timezone = self._session.now(), name.timezone(self._session)
        self._error.hide()
        self.play.hide()
        self._count.setText(t("{n} of {m}", n=self._at + 1, m=len(self._photos)))
        self._facts.say("of", purpose_word(photo.purpose))
        self._facts.say("line", str(photo.line + 1) if photo.line is not None else "")
        self._facts.say("by", name.actor(self._session, photo.actor))
        self._facts.say("at", format.moment_with_age(photo.at, now, timezone))
        self._facts.say("taken", format.moment(photo.taken_at, now, timezone) if photo.taken_at else "")
        edge = f"{photo.width} × {photo.height} · " if photo.width and photo.height else ""
        self._facts.say("size", f"{edge}{format.size(photo.size)}")
        self._facts.say("place", t("recorded, sealed with the original") if photo.has_position else "")
        order = self._session.get(Order, photo.order)
        may = order is not None and (
            life.refusal(order.status, "remove_attachment", self._session.actor, order.region) is None
        )
        self.remove.setVisible(may)
        self.reason.setVisible(may)
        self.original.show_photo(photo)
        self.picture.show_picture(QPixmap())
        self._tell(t("Loading…"))
        self._asking.ask(self._fetch(photo), self._on_path)

    async def _fetch(self, photo: Attachment) -> tuple[str, str]:
        try:
            return str(await self._session.picture(photo, "view")), ""
        except Offline:
            return "", t("The server can't be reached now; photos come from there.")
        except Rejected as rejected:
            return "", name.refusal(self._session, rejected)

    def _on_path(self, answer: tuple[str, str]) -> None:
        path, refused = answer
        photo = self.shown
        self._path = path
        if photo is None or refused:
            self._tell(refused)
            return
        if not photo.media.startswith("image/"):
            self._tell(t("A video: it plays in the program for videos of this computer."))
            self.play.show()
            return
        found = QPixmap(path)
        self._tell("" if not found.isNull() else t("This photo can't be shown."))
        self.picture.show_picture(found)

    def _on_original(self, path: str) -> None:
        self._asking.forget()
        self.play.hide()
        self._on_path((path, ""))

    def _tell(self, words: str) -> None:
        self._say.setText(words)
        self._say.setVisible(bool(words))
        self.picture.setVisible(not words)

    def _on_play(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(self._path))

    def _on_remove(self) -> None:
        photo = self.shown
        if photo is None:
            return
        command = RemoveAttachment(attachment=photo.id, reason=self.reason.currentData())
        if submit(self._session, command, lambda said, _why: self._refuse(said)):
            self._photos = tuple(each for each in self._photos if each.id != photo.id)
            self._at = min(self._at, max(len(self._photos) - 1, 0))
            self._show()

    def _refuse(self, sentence: str) -> None:
        self._error.setText(sentence)
        self._error.show()

    # ------------------------------------------------------------ keys and place
    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Escape:
                self.leave()
            case Qt.Key.Key_Right | Qt.Key.Key_Down | Qt.Key.Key_PageDown | Qt.Key.Key_Space:
                self.step(1)
            case Qt.Key.Key_Left | Qt.Key.Key_Up | Qt.Key.Key_PageUp:
                self.step(-1)
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                self.picture.zoom(_STEP)
            case Qt.Key.Key_Minus:
                self.picture.zoom(1 / _STEP)
            case Qt.Key.Key_0:
                self.picture.fit()
            case _:
                super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize and watched is self._over:
            self.setGeometry(self._over.rect())
        return super().eventFilter(watched, event)

    def _lay_out(self) -> None:
        look = theme.current()
        side = QVBoxLayout()
        side.setSpacing(look.space(2))
        steps = QHBoxLayout()
        for icon, words, by in (("previous", t("Previous photo"), -1), ("next", t("Next photo"), 1)):
            button = QPushButton()
            button.setIcon(icons.icon(icon))
            button.setAccessibleName(words)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(lambda _on=False, by=by: self.step(by))
            steps.addWidget(button)
        steps.addWidget(self._count, 1, Qt.AlignmentFlag.AlignCenter)
        close = QPushButton(t("Close##photo"))
        close.setObjectName("close_viewer")
        close.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        close.clicked.connect(self.leave)
        side.addLayout(steps)
        side.addWidget(self._facts)
        side.addWidget(self.play)
        side.addWidget(self.original)
        side.addStretch()
        for part in (self.reason, self.remove, self._error):
            side.addWidget(part)
        side.addWidget(label(t("← → next · + − zoom · 0 fit · Esc back"), "small", wrap=True))
        side.addWidget(close)
        holder = QWidget()
        holder.setFixedWidth(look.px(_FACTS_WIDTH))
        holder.setLayout(side)
        row = QHBoxLayout(self)
        row.setContentsMargins(*(look.space(4),) * 4)
        row.setSpacing(look.space(4))
        row.addWidget(self.picture, 1)
        row.addWidget(self._say, 1)
        row.addWidget(holder)


class _Picture(QGraphicsView):
    """One picture, fitted until somebody zooms; dragged with the mouse."""

    def __init__(self) -> None:
        super().__init__()
        self._scene = QGraphicsScene(self)
        self._item = QGraphicsPixmapItem()
        self._item.setTransformationMode(Qt.TransformationMode.SmoothTransformation)
        self._scene.addItem(self._item)
        self._fitted = True
        self.setScene(self._scene)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setDragMode(QGraphicsView.DragMode.ScrollHandDrag)
        self.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.AnchorUnderMouse)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def show_picture(self, picture: QPixmap) -> None:
        """Another picture, whole."""
        self._item.setPixmap(picture)
        self._scene.setSceneRect(self._item.boundingRect())
        self.fit()

    def fit(self) -> None:
        """All of it, never larger than it is."""
        self._fitted = True
        size = self._item.pixmap().size()
        self.resetTransform()
        if size.isEmpty():
            return
        room = self.viewport().size()
        scale = min(room.width() / size.width(), room.height() / size.height(), 1.0)
        self.scale(scale, scale)

    def zoom(self, by: float) -> None:
        """Nearer or farther."""
        self._fitted = False
        self.scale(by, by)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.angleDelta().y():
            self.zoom(_STEP if event.angleDelta().y() > 0 else 1 / _STEP)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._fitted:
            self.fit()
