"""What a file that cannot be used is told with."""

from __future__ import annotations

from pathlib import Path


class Unusable(Exception):
    """A file or a word on the command line that cannot be used; its text is the one sentence to print."""


def opened(path: Path) -> bytes:
    """The content of a file that somebody named."""
    try:
        return path.read_bytes()
    except IsADirectoryError as error:
        raise Unusable(f"{path} is a folder, not a file.") from error
    except OSError as error:
        raise Unusable(f"{path} cannot be read ({error.strerror}).") from error
