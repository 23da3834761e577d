"""In which encoding a text file is written, tried on the whole file so that a late byte surprises nobody."""

import codecs
import re
from pathlib import Path
from typing import Final

from dispatcher_app.intake.row import TableError

_CHUNK: Final = 1 << 20
_DAMAGE: Final = re.compile("\ufffd+")
_BINARY: Final[tuple[tuple[bytes, str], ...]] = (
    (b"PK\x03\x04", "ZIP / XLSX"),
    (b"\xd0\xcf\x11\xe0", "DOC / XLS"),
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x1f\x8b", "GZIP"),
    (b"SQLite format 3", "SQLite"),
)


def sniff(path: Path) -> str:
    """The Python codec of a text file: utf-8, utf-8-sig, gb18030 or utf-16 in one of its kinds.

    Raises TableError `not_text`, `nul_characters`, `broken_utf8` or `unknown_encoding`.
    """
    with path.open("rb") as file:
        head = file.read(4096)
    for magic, what in _BINARY:
        if head.startswith(magic):
            raise TableError("not_text", what=what)
    candidate = _by_marks(head)
    if candidate is not None:
        if not _decodes(path, candidate):
            raise TableError("unknown_encoding")
        return candidate
    if _decodes(path, "utf-8"):
        return "utf-8"
    _refuse_damaged_utf8(path)
    if _decodes(path, "gb18030"):
        return "gb18030"
    raise TableError("unknown_encoding")


def _by_marks(head: bytes) -> str | None:
    """The encoding that a byte order mark, or NULs on one side of each pair, give away."""
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    low, high = head[0::2].count(0), head[1::2].count(0)
    if high * 4 > len(head) and not low:
        return "utf-16-le"
    if low * 4 > len(head) and not high:
        return "utf-16-be"
    return None


def _decodes(path: Path, encoding: str) -> bool:
    """Whether the whole file is valid in `encoding`; raises TableError `nul_characters` at a NUL."""
    decoder = codecs.getincrementaldecoder(encoding)()
    line = 1
    with path.open("rb") as file:
        while True:
            raw = file.read(_CHUNK)
            try:
                text = decoder.decode(raw, final=not raw)
            except UnicodeDecodeError:
                return False
            if "\0" in text:
                raise TableError("nul_characters", line=line + text[: text.index("\0")].count("\n"))
            line += text.count("\n")
            if not raw:
                return True


def _refuse_damaged_utf8(path: Path) -> None:
    """Raise TableError `broken_utf8` for text that is UTF-8 but for a few bytes.

    Most byte strings are valid GB18030: read as that, such a file would turn into nonsense silently.
    """
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    line, first, damaged, sound = 1, 0, 0, 0
    with path.open("rb") as file:
        while raw := file.read(_CHUNK):
            text = decoder.decode(raw)
            found = len(_DAMAGE.findall(text))
            if found and not first:
                first = line + text[: text.index("\ufffd")].count("\n")
            damaged += found
            sound += sum(1 for char in text if ord(char) > 0x7F) - text.count("\ufffd")
            line += text.count("\n")
    if sound > 10 * damaged:
        raise TableError("broken_utf8", line=first or line)
