"""What a file that cannot be used is told with."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO


class Unusable(Exception):
    """A file or a word on the command line that cannot be used; its text is the one sentence to print."""


def opened(path: Path) -> BinaryIO:
    """A file that somebody named, open for reading."""
    try:
        return path.open("rb")
    except IsADirectoryError as error:
        raise Unusable(f"{path} is a folder, not a file.") from error
    except OSError as error:
        raise Unusable(f"{path} cannot be read ({error.strerror}).") from error


def content(path: Path) -> bytes:
    """All of a file that somebody named."""
    with opened(path) as file:
        return file.read()
