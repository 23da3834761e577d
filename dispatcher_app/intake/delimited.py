"""Comma, tab, semicolon or bar separated text."""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Final, TextIO

from dispatcher_app.intake.encoding import sniff
from dispatcher_app.intake.row import Row, TableError, cell_text, header, shaped

_DELIMITERS: Final = (",", "\t", ";", "|")
_HEADER_WITHIN: Final = 10
_SAMPLE: Final = 50

_Record = tuple[int, list[str | None]]


def read(path: Path) -> tuple[tuple[str, ...], Callable[[], Iterator[Row]], str]:
    """Columns, a way to go through the rows, and the encoding of a delimited text file."""
    encoding = sniff(path)
    delimiter = _delimiter(path, encoding)
    start, names = _find_header(list(islice(_records(path, encoding, delimiter), _HEADER_WITHIN)))
    columns = header(names)
    return columns, partial(_rows, path, encoding, delimiter, columns, start), encoding


def _rows(path: Path, encoding: str, delimiter: str, columns: tuple[str, ...], start: int) -> Iterator[Row]:
    for line, values in _records(path, encoding, delimiter):
        if line > start and (row := shaped(line, columns, values)) is not None:
            yield row


def _find_header(records: list[_Record]) -> _Record:
    """The line that names the columns: a title alone in the first cell of a wider table is passed over."""
    filled = [(line, values) for line, values in records if any(value is not None for value in values)]
    if not filled:
        raise TableError("empty_file")
    first = filled[0]
    if len(first[1]) > 1 and sum(value is not None for value in first[1]) == 1:
        return next((r for r in filled if sum(value is not None for value in r[1]) > 1), first)
    return first


def _delimiter(path: Path, encoding: str) -> str:
    """The delimiter that splits the first line and those after it into equally many cells; else a comma."""
    best, best_score = ",", (0.0, 0)
    for delimiter in _DELIMITERS:
        try:
            widths = [len(values) for _, values in islice(_records(path, encoding, delimiter), _SAMPLE)]
        except TableError:
            continue
        if not widths or widths[0] < 2:
            continue
        score = (sum(width == widths[0] for width in widths) / len(widths), widths[0])
        if score > best_score:
            best, best_score = delimiter, score
    return best


@dataclass(slots=True)
class _Lines:
    """The lines of a file, remembering those of the record that is being read."""

    file: TextIO
    pending: list[str] = field(default_factory=list)

    def __iter__(self) -> Iterator[str]:
        for line in self.file:
            self.pending.append(line)
            yield line


def _records(path: Path, encoding: str, delimiter: str) -> Iterator[_Record]:
    """Each record with the line it begins in. Raises TableError `field_too_long` or `unclosed_quote`."""
    with path.open(encoding=encoding, newline="") as file:
        lines = _Lines(file)
        reader = csv.reader(lines, delimiter=delimiter)
        begin = 1
        try:
            for record in reader:
                if len(lines.pending) > 1 and _is_open(lines.pending, delimiter):
                    raise TableError("unclosed_quote", line=begin)
                yield begin, [cell_text(cell) for cell in record]
                begin = reader.line_num + 1
                lines.pending.clear()
        except csv.Error as error:
            raise TableError("field_too_long", line=begin) from error


def _is_open(lines: list[str], delimiter: str) -> bool:
    """Whether a record ended with the file instead of with its quotation mark."""
    try:
        list(csv.reader(lines, delimiter=delimiter, strict=True))
    except csv.Error as error:
        return "unexpected end" in str(error)
    return False
