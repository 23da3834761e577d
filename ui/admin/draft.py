"""What somebody has typed on top of the version that was read, and what others did to it meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtWidgets import QWidget

from ui.models.sheet import NotThat


class Unreadable(NotThat):
    """A field cannot be read; `field` is its code."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(why)
        self.field = field


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One field of a form: where it is typed, how it is read and written, whether it stands beside the one before.

    `alike` takes away what makes no difference.
    """

    code: str
    word: str
    widget: QWidget
    read: Callable[[], Any]
    write: Callable[[Any], object]
    hint: str = ""
    alike: Callable[[Any], Any] = lambda value: value
    beside: bool = False


class Draft:
    """The fields of one entity (or of a part of one) as they stand in a form."""

    def __init__(
        self, read: Any, asked: Sequence[Asked], now: Callable[[], Any | None], *, new: bool = False
    ) -> None:
        self.read, self._asked, self._now, self.new = read, tuple(asked), now, new
        for each in self._asked:
            each.write(getattr(read, each.code))

    @property
    def unsaved(self) -> bool:
        """Whether anything is typed that is not saved."""
        try:
            return bool(self.own())
        except NotThat:
            return True

    def own(self) -> dict[str, Any]:
        """What differs from what was read; raises Unreadable."""
        found = {}
        for each in self._asked:
            try:
                value = each.read()
            except NotThat as why:
                raise Unreadable(each.code, str(why)) from None
            if each.alike(value) != each.alike(getattr(self.read, each.code)):
                found[each.code] = value
        return found

    def made(self) -> Any:
        """The entity as it is typed; raises Unreadable."""
        return replace(self.read, **self.own())

    def drop(self) -> None:
        """Forget what is typed."""
        for each in self._asked:
            each.write(getattr(self.read, each.code))

    def clash(self, own: dict[str, Any]) -> list[str]:
        """The fields that somebody else has changed too since they were read."""
        now = self._now() or self.read
        return [each for each in own if getattr(now, each) not in (getattr(self.read, each), own[each])]

    def follow(self, own: dict[str, Any]) -> None:
        """Stand on how it is now: fields that were not touched show it."""
        now = self._now() or self.read
        for each in self._asked:
            if each.code not in own and getattr(now, each.code) != getattr(self.read, each.code):
                each.write(getattr(now, each.code))
        self.read = now

    def catch_up(self) -> None:
        """Take what others have changed, unless it touches what is typed here."""
        try:
            own = self.own()
        except NotThat:
            return
        if not self.clash(own):
            self.follow(own)
