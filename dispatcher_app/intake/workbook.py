"""The first sheet of an Excel workbook that holds anything: formulas as their last values."""

import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, Final

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from dispatcher_app.intake.row import Row, TableError, cell_text, header, shaped

_LIMIT_MB: Final = 1024
_PART_LIMIT_MB: Final = 512
_HEADER_WITHIN: Final = 10
_DOCTYPE: Final = re.compile(rb"<!(DOCTYPE|ENTITY)")

# What openpyxl lets through when the XML inside is not what it expects (met by damaging workbooks at random).
DAMAGE: Final = (
    InvalidFileException,
    zipfile.BadZipFile,
    zlib.error,
    SyntaxError,  # xml.etree's ParseError
    EOFError,
    ArithmeticError,
    AttributeError,
    LookupError,
    RuntimeError,  # an encrypted member, or a compression that zipfile does not know
    TypeError,
    ValueError,
)


def read(path: Path) -> tuple[tuple[str, ...], Callable[[], Iterator[Row]], str]:
    """Columns and a way to go through the rows of a workbook's first sheet that holds anything."""
    refuse_bomb(path)
    for title in _titles(path):
        filled = ((line, values) for line, values in _values(path, title) if values)
        head = list(islice(filled, _HEADER_WITHIN))
        if not head:
            continue
        start, names = next((r for r in head if sum(v is not None for v in r[1]) > 1), head[0])
        columns = header(names)
        return columns, partial(_rows, path, title, columns, start), "utf-8"
    raise TableError("empty_workbook")


def _rows(path: Path, title: str, columns: tuple[str, ...], start: int) -> Iterator[Row]:
    for line, values in _values(path, title):
        if line <= start:
            continue
        # A sheet does not store its empty trailing cells: a short line is a full one.
        padded = values + [None] * (len(columns) - len(values))
        if (row := shaped(line, columns, padded)) is not None:
            yield row


def _titles(path: Path) -> list[str]:
    """Sheets with cells, the visible ones first: hidden ones mostly hold lists for drop-downs."""
    with _opened(path) as book:
        sheets = sorted(book.worksheets, key=lambda sheet: sheet.sheet_state != "visible")
        return [sheet.title for sheet in sheets]


def _values(path: Path, title: str) -> Iterator[tuple[int, list[str | None]]]:
    """Each line's number and cells, without the empty ones at its end."""
    with _opened(path) as book:
        sheet: Any = book[title]
        # Other programs write a wrong extent ("A1"), and openpyxl would believe it.
        sheet.reset_dimensions()
        for line, values in enumerate(sheet.iter_rows(values_only=True), start=1):
            texts = [cell_text(value) for value in values]
            while texts and texts[-1] is None:
                texts.pop()
            yield line, texts


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    """The workbook, read cell by cell; whatever is wrong in it is told as a TableError."""
    # Opened here, for openpyxl leaves a file open whose workbook it cannot read.
    with path.open("rb") as file:
        try:
            book = openpyxl.load_workbook(file, read_only=True, data_only=True)
            try:
                yield book
            finally:
                book.close()
        except DAMAGE as error:
            raise _damaged(error) from error


def refuse_bomb(path: Path) -> None:
    """Raise TableError before anything is unpacked that is no workbook, or unpacks beyond all measure."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            if "[Content_Types].xml" not in (member.filename for member in members):
                raise TableError("not_a_workbook")
            size = sum(member.file_size for member in members) >> 20
            largest = max(member.file_size for member in members) >> 20
            if size > _LIMIT_MB or largest > _PART_LIMIT_MB:
                raise TableError("workbook_too_large", size=size, limit=_LIMIT_MB)
            for member in members:
                if member.filename.endswith((".xml", ".rels")):
                    with archive.open(member) as part:
                        if _DOCTYPE.search(part.read(4096).replace(b"\0", b"")):
                            raise TableError("damaged_workbook", reason="it defines its own XML entities")
    except zipfile.BadZipFile as error:
        with path.open("rb") as file:
            old = file.read(4) == b"\xd0\xcf\x11\xe0"
        raise TableError("old_workbook" if old else "not_a_workbook") from error
    except DAMAGE as error:
        raise _damaged(error) from error


def _damaged(error: Exception) -> TableError:
    return TableError("damaged_workbook", reason=f"{type(error).__name__}: {error}"[:120])
