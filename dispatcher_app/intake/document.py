"""JSON: an array of objects, an object with one such array, or an object a line; read piece by piece."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final, TextIO

from dispatcher_app.intake.encoding import sniff
from dispatcher_app.intake.row import MAX_COLUMNS, Row, TableError, cell_text, header

_CHUNK: Final = 1 << 16
_LIMIT_MB: Final = 64
_SPACE: Final = re.compile(r"[ \t\r\n]*")
_DECODER: Final = json.JSONDecoder()
_DEEPEST: Final = 8

_Item = tuple[int, object]


def read(path: Path) -> tuple[tuple[str, ...], Callable[[], Iterator[Row]], str]:
    """Columns (all names met, in their order), a way to go through the rows, and the encoding."""
    encoding = sniff(path)
    names: dict[str, None] = {}
    for _, item in _objects(path, encoding):
        names |= dict.fromkeys(flat(item))
        if len(names) > MAX_COLUMNS:
            raise TableError("too_many_columns", count=len(names), limit=MAX_COLUMNS)
    if not names:
        raise TableError("no_rows")
    columns = tuple(names)
    header(list(columns))
    return columns, partial(_rows, path, encoding, columns), encoding


def flat(item: Mapping[str, object]) -> dict[str, str | None]:
    """The cells of an object: nested objects as `a.b`, lists and GeoJSON geometries as JSON text."""
    cells: dict[str, str | None] = {}
    _flatten(item, "", cells, _DEEPEST)
    return cells


def _flatten(item: Mapping[str, object], prefix: str, cells: dict[str, str | None], depth: int) -> None:
    for key, value in item.items():
        name = (prefix + key).strip() or "#"
        if isinstance(value, dict) and value and depth and "coordinates" not in value:
            _flatten(value, f"{name}.", cells, depth - 1)
        elif cells.get(name) is None:
            cells[name] = _text(value)


def _text(value: object) -> str | None:
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False) if value else None
    text = cell_text(value)
    # Half a surrogate pair can be written in JSON, but nowhere else.
    return None if text is None else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _rows(path: Path, encoding: str, columns: tuple[str, ...]) -> Iterator[Row]:
    for line, item in _objects(path, encoding):
        cells = dict.fromkeys(columns, None) | flat(item)
        if any(cell is not None for cell in cells.values()):
            if any("\0" in cell for cell in cells.values() if cell):
                raise TableError("nul_characters", line=line)
            yield Row(line, cells)


def _objects(path: Path, encoding: str) -> Iterator[tuple[int, dict[str, object]]]:
    """Each object with the line it begins in; raises TableError `json_not_objects` for anything else."""
    for line, item in _items(path, encoding):
        if not isinstance(item, dict):
            raise TableError("json_not_objects", line=line)
        yield line, item


def _items(path: Path, encoding: str) -> Iterator[_Item]:
    with path.open(encoding=encoding) as file:
        cursor = _Cursor(file)
        match cursor.peek():
            case "":
                raise TableError("empty_file")
            case "[":
                yield from cursor.array()
                if cursor.peek():
                    raise TableError("damaged_json", line=cursor.line, reason="text after the list")
            case _:
                first = cursor.value()
                if not cursor.peek():
                    yield from _wrapped(first)
                    return
                yield first
                while cursor.peek():
                    yield cursor.value()


def _wrapped(document: _Item) -> Iterator[_Item]:
    """The objects of the one array inside an object; an object without such an array is a row itself."""
    line, item = document
    arrays = {}
    if isinstance(item, dict):
        arrays = {key: value for key, value in item.items() if isinstance(value, list) and _is_table(value)}
    if len(arrays) > 1:
        raise TableError("json_several_arrays", names=", ".join(arrays)[:80])
    if not arrays:
        yield document
        return
    for member in next(iter(arrays.values())):
        yield line, member


def _is_table(values: list[object]) -> bool:
    return bool(values) and all(isinstance(value, dict) for value in values)


@dataclass(slots=True)
class _Cursor:
    """A place in a JSON text of which only a piece is in memory."""

    file: TextIO
    buffer: str = ""
    at: int = 0
    line: int = 1

    def peek(self) -> str:
        """The next character that is no white space; empty at the end of the file."""
        while True:
            match = _SPACE.match(self.buffer, self.at)
            self._move(match.end() if match else self.at)
            if self.at < len(self.buffer):
                return self.buffer[self.at]
            if not self._more(_CHUNK):
                return ""

    def value(self) -> _Item:
        """The value that begins here, with its line."""
        self.peek()
        size = _CHUNK
        while True:
            try:
                value, end = _DECODER.raw_decode(self.buffer, self.at)
            except (ValueError, RecursionError) as error:
                if len(self.buffer) - self.at > _LIMIT_MB << 20:
                    raise TableError("json_too_large", limit=_LIMIT_MB) from error
                if self._more(size):
                    size *= 2
                    continue
                raise self._damaged(error) from error
            line = self.line
            self._move(end)
            return line, value

    def array(self) -> Iterator[_Item]:
        """The values of the array that begins here."""
        self._move(self.at + 1)
        if self.peek() == "]":
            self._move(self.at + 1)
            return
        while True:
            if self.peek() != "{":
                raise TableError("json_not_objects", line=self.line)
            yield self.value()
            end = self.peek()
            if end not in (",", "]"):
                raise TableError("damaged_json", line=self.line, reason="a comma or ] is missing")
            self._move(self.at + 1)
            if end == "]":
                return

    def _damaged(self, error: Exception) -> TableError:
        reason = error.msg if isinstance(error, json.JSONDecodeError) else type(error).__name__
        line = self.line
        if isinstance(error, json.JSONDecodeError):
            line += self.buffer.count("\n", self.at, error.pos)
        return TableError("damaged_json", line=line, reason=reason)

    def _move(self, to: int) -> None:
        self.line += self.buffer.count("\n", self.at, to)
        self.at = to

    def _more(self, size: int) -> bool:
        read = self.file.read(size)
        self.buffer = self.buffer[self.at :] + read
        self.at = 0
        return bool(read)
