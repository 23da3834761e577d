"""How a page of the help looks: quiet headings, tables in the window's own lines."""

from __future__ import annotations

from PySide6.QtGui import (
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextTable,
)

from ui import theme


def dress(document: QTextDocument) -> None:
    """Give a page that has just been filled the sizes and colours of the look in use."""
    look = theme.current()
    block = document.begin()
    while block.isValid():
        if level := block.blockFormat().headingLevel():
            _head(block, level, look)
        if QTextCursor(block).currentTable() is None:
            _space(block, look)
        block = block.next()
    for frame in document.rootFrame().childFrames():
        if isinstance(frame, QTextTable) and frame.format().border() > 0:
            _rule(frame, look)


def _head(block: QTextBlock, level: int, look: theme.Theme) -> None:
    written = QTextCharFormat()
    written.clearProperty(QTextFormat.Property.FontSizeAdjustment)
    written.setFont(look.font(18 if level == 1 else 14, bold=True))
    cursor = QTextCursor(block)
    cursor.select(QTextCursor.SelectionType.BlockUnderCursor)
    cursor.mergeCharFormat(written)


def _space(block: QTextBlock, look: theme.Theme) -> None:
    """Markdown leaves no room between paragraphs."""
    apart = QTextBlockFormat()
    apart.setBottomMargin(look.space(1) if block.textList() is not None else look.space(2))
    QTextCursor(block).mergeBlockFormat(apart)


def _rule(table: QTextTable, look: theme.Theme) -> None:
    kept = table.format()
    kept.setBorderBrush(look.colour("line"))
    kept.setBorderCollapse(True)
    kept.setCellPadding(look.space(1))
    table.setFormat(kept)
