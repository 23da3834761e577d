"""A paper as a PDF or on a printer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QMarginsF, QRectF, QSizeF, Qt
from PySide6.QtGui import QPagedPaintDevice, QPageLayout, QPageSize, QPainter, QPdfWriter, QPen
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

from ui.paper.block import Block, Words
from ui.paper.format import DPI, Format, dots
from ui.paper.layout import Layout

_LEAST_MM = 30.0
_SMALLER = (0.9, 0.8, 0.72, 0.65)


def to_pdf(blocks: Sequence[Block], paper: Format, path: Path, title: str) -> None:
    """Write a PDF; text stays text."""
    writer = QPdfWriter(str(path))
    writer.setTitle(title)
    writer.setCreator("Dispatcher")
    writer.setResolution(DPI)
    _fit(writer, blocks, paper, DPI)
    _draw(writer, blocks, paper, DPI)


def to_printer(blocks: Sequence[Block], paper: Format, name: str, title: str) -> bool:
    """Print on a printer of the system; False where it is not there or takes nothing."""
    info = QPrinterInfo.printerInfo(name)
    if info.isNull():
        return False
    printer = QPrinter(info)
    printer.setDocName(title)
    printer.setFullPage(True)
    if printer.resolution() < DPI:
        printer.setResolution(DPI)
    dpi = printer.resolution()
    _fit(printer, blocks, paper, dpi)
    return _draw(printer, blocks, paper, dpi)


def printers() -> list[str]:
    """The printers of this computer."""
    return list(QPrinterInfo.availablePrinterNames())


def _fit(device: QPagedPaintDevice, blocks: Sequence[Block], paper: Format, dpi: int) -> None:
    """The page of the device; a roll is cut where the text ends."""
    height = paper.height
    if height is None:
        # Measured on a page that is high enough: the device's dots are the same.
        device.setPageLayout(_page(paper.width, 297.0))
        height = Layout(paper, device, dpi).height(blocks) / dots(1.0, dpi) + 2 * paper.margin
        height = max(height, _LEAST_MM)
    device.setPageLayout(_page(paper.width, height))


def _page(width: float, height: float) -> QPageLayout:
    # A custom size is kept as it is only upright; a label is wider than high, and so it is laid across.
    across = width > height
    size = QSizeF(height, width) if across else QSizeF(width, height)
    page = QPageSize(size, QPageSize.Unit.Millimeter, "", QPageSize.SizeMatchPolicy.ExactMatch)
    turned = QPageLayout.Orientation.Landscape if across else QPageLayout.Orientation.Portrait
    return QPageLayout(page, turned, QMarginsF(0, 0, 0, 0))


def _fitting(device: QPagedPaintDevice, blocks: Sequence[Block], paper: Format, dpi: int) -> Layout:
    """A layout whose type is small enough where there is but one piece of paper."""
    layout = Layout(paper, device, dpi)
    if not paper.single or paper.height is None:
        return layout
    room = layout.mm(paper.height - 2 * paper.margin)
    for smaller in _SMALLER:
        if layout.height(blocks) <= room:
            break
        layout = Layout(paper, device, dpi, smaller)
    return layout


def _draw(device: QPagedPaintDevice, blocks: Sequence[Block], paper: Format, dpi: int) -> bool:
    layout = _fitting(device, blocks, paper, dpi)
    margin = layout.mm(paper.margin)
    bottom = layout.mm(paper.height - paper.margin) if paper.height is not None else float("inf")
    painter = QPainter()
    if not painter.begin(device):
        return False
    if paper.framed:
        frame(painter, paper, layout)
    y = margin
    for at, block in enumerate(blocks):
        # A heading goes over to the next page with what it is the heading of.
        together = blocks[at : at + 2] if isinstance(block, Words) and block.size == "large" else [block]
        if y + layout.height(together) > bottom and y > margin:
            device.newPage()
            y = margin
        y = layout.draw(painter, [block], margin, y)
    return painter.end()


def frame(painter: QPainter, paper: Format, layout: Layout) -> None:
    """Two lines around the page, halfway between its edge and what is written."""
    wide, high = layout.mm(paper.width), layout.mm(paper.height or paper.width)
    for share, thick in ((0.45, 1.2), (0.55, 0.3)):
        edge = layout.mm(paper.margin * share)
        painter.setPen(QPen(Qt.GlobalColor.black, layout.mm(thick)))
        painter.drawRect(QRectF(edge, edge, wide - 2 * edge, high - 2 * edge))
