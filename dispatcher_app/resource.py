"""Where the data shipped with the program lies: icons, styles, translations, pages."""

from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent / "resources"


def path(*parts: str) -> Path:
    """The file or folder of that name below `resources/`; it need not exist."""
    return ROOT.joinpath(*parts)
