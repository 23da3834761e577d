"""Photos and videos on their way to an order: chosen in a dialog, dropped, or pasted."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QMimeData, QStandardPaths
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog, QWidget

from dispatcher_app.clock import new_id
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.talk import Purpose
from dispatcher_app.text import t
from ui import name, notify

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

PICTURES: Final = ("jpg", "jpeg", "png", "webp", "heic", "heif", "mp4", "mov", "webm")
"""What the dialog offers; what a file really is the server looks into."""


def choose_files(parent: QWidget) -> list[Path]:
    """The files that somebody chooses."""
    kinds = " ".join(f"*.{each}" for each in PICTURES)
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
    found, _kind = QFileDialog.getOpenFileNames(
        parent, t("Add photos or videos"), folder, f"{t('Photos and videos')} ({kinds})"
    )
    return [Path(each) for each in found]


def files_in(mime: QMimeData, folder: Path) -> list[Path]:
    """The files that were dropped or pasted; a bare picture is written into `folder` first."""
    files = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
    files = [each for each in files if each.suffix.lower().removeprefix(".") in PICTURES]
    if files or not mime.hasImage():
        return files
    picture = QImage(mime.imageData())
    made = folder / f"{new_id()}.png"
    return [made] if not picture.isNull() and picture.save(str(made)) else []


def carries_files(mime: QMimeData) -> bool:
    """Whether something dropped or pasted could be a photo."""
    return mime.hasImage() or any(
        url.toLocalFile().lower().endswith(PICTURES) for url in mime.urls() if url.isLocalFile()
    )


def send_files(
    session: Session, order: str, files: Sequence[Path], purpose: Purpose, line: int | None = None
) -> list[str]:
    """Send them on their way, each by the id that its attachment will have; what can't go is said."""
    sent = []
    for each in files:
        try:
            sent.append(session.upload(order, each, purpose, line).id)
        except Rejected as rejected:
            notify.warning(f"{each.name}: {name.refusal(session, rejected)}")
    return sent
