"""The one way to speak to the person outside a control: notices that ask for nothing.

Anyone calls `info`, `success`, `warning`, `error`; `ui.toast.Toasts` shows what is posted. `unexpected`
is the one place where an error that nobody foresaw is logged and told.
"""

import asyncio
import logging
import platform
import re
import secrets
import sys
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Any, Final, Literal

import PySide6
from PySide6.QtCore import QCoreApplication, QObject, Signal

import dispatcher_app
from dispatcher_app.text import t

Kind = Literal["info", "success", "warning", "error"]

_log = logging.getLogger("ui.unexpected")
_LONG_NUMBER: Final = re.compile(r"\d{7,}")


@dataclass(frozen=True, slots=True)
class Offer:
    """A button in a notice: what it says and what it does (Undo, Show)."""

    label: str
    run: Callable[[], object]


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing said; `lasts_ms` 0 stays until it is closed, `report` can be copied by the person."""

    kind: Kind
    text: str
    offer: Offer | None = None
    report: str = ""
    lasts_ms: int = 0


class Notifier(QObject):
    """Carries notices from whoever speaks, in whatever thread, to whoever shows them; `shown` names the kind of one."""

    posted = Signal(object)
    shown = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: list[Notice] = []
        self._windows = 0
        self._known: dict[str, str] = {}

    def post(self, notice: Notice) -> None:
        """Show a notice; until a window is there it waits, without its offer: that was of a window which is gone."""
        if self._windows:
            self.posted.emit(notice)
        else:
            self._waiting.append(replace(notice, offer=None))

    def attach(self, owner: QObject, show: Callable[[Notice], object]) -> None:
        """Let a method of `owner` show all notices while it lives, beginning with those that waited."""
        self.posted.connect(show)
        self._windows += 1
        owner.destroyed.connect(self._on_gone)
        waiting, self._waiting = self._waiting, []
        for notice in waiting:
            self.posted.emit(notice)

    def _on_gone(self) -> None:
        self._windows -= 1

    def number(self, trace: str) -> tuple[str, bool]:
        """The short id of an error with this trace, and whether it is new; the same trace keeps its id."""
        new = trace not in self._known
        return self._known.setdefault(trace, secrets.token_hex(3).upper()), new


def info(text: str, offer: Offer | None = None) -> None:
    """Say that something happened that the person may want to know."""
    _say("info", text, offer)


def success(text: str, offer: Offer | None = None) -> None:
    """Say that what the person asked for is done, best with its undo as the offer."""
    _say("success", text, offer)


def warning(text: str, offer: Offer | None = None) -> None:
    """Say that something needs a look."""
    _say("warning", text, offer)


def error(text: str, offer: Offer | None = None, report: str = "") -> None:
    """Say that something failed; stays until it is closed."""
    _say("error", text, offer, report)


def unexpected(error: BaseException) -> str:
    """Log an error that nobody foresaw, tell the person its short id, and return that id.

    Numbers of seven or more figures are hidden, so that no phone number reaches a log or a report.
    """
    trace = _LONG_NUMBER.sub("#", "".join(traceback.format_exception(error)))
    number, new = notifier().number(trace)
    if new:
        _log.error("unexpected %s\n%s", number, trace)
    else:
        _log.error("unexpected %s again", number)
    said = t("Unexpected error {id}. Please copy the report and send it to your administrator.", id=number)
    _say("error", said, None, _report(number, trace))
    return number


def install(app: QCoreApplication, loop: asyncio.AbstractEventLoop) -> Callable[[], None]:
    """Bring every error nobody caught to `unexpected`: slots, tasks, threads. Call the result to stop."""
    _speaker(app)  # made now, so that it lives in the main thread
    before = sys.excepthook, threading.excepthook, loop.get_exception_handler()

    def on_exception(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if isinstance(error, KeyboardInterrupt | SystemExit):
            before[0](kind, error, trace)
        else:
            unexpected(error)

    def on_thread(args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            unexpected(args.exc_value)

    def on_task(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        unexpected(context.get("exception") or RuntimeError(context["message"]))

    def uninstall() -> None:
        sys.excepthook, threading.excepthook = before[0], before[1]
        loop.set_exception_handler(before[2])

    sys.excepthook = on_exception
    threading.excepthook = on_thread
    loop.set_exception_handler(on_task)
    return uninstall


def notifier() -> Notifier:
    """The notifier of the running application, made the first time in its main thread."""
    app = QCoreApplication.instance()
    if app is None:
        raise RuntimeError("there is no application to speak through")
    return _speaker(app)


def _speaker(app: QCoreApplication) -> Notifier:
    return next((child for child in app.children() if isinstance(child, Notifier)), None) or Notifier(app)


def _say(kind: Kind, text: str, offer: Offer | None, report: str = "") -> None:
    lasts = {"info": 5_000, "success": 5_000, "warning": 10_000, "error": 0}[kind]
    notifier().post(Notice(kind, text, offer, report, max(lasts, 10_000) if offer and lasts else lasts))


def _report(number: str, trace: str) -> str:
    return "\n".join(
        (
            f"id {number}",
            f"dispatcher {dispatcher_app.__version__}",
            f"python {platform.python_version()}, PySide6 {PySide6.__version__}, {platform.platform()}",
            "",
            trace,
        )
    )
