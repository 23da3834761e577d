"""Questions that take a while: asked in the background, answered in the Qt thread, stale answers dropped."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from PySide6.QtCore import QObject

from ui import notify

T = TypeVar("T")


class Errands(QObject):
    """Everything a widget has asked for and not yet got; it all is forgotten when the widget goes."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        running: set[asyncio.Task[Any]] = set()
        self._running = running
        self.destroyed.connect(lambda: _cancel(running))

    def run(self, work: Coroutine[Any, Any, T], done: Callable[[T], object] | None = None) -> asyncio.Task[T]:
        """Start the work; `done` gets its result. What nobody foresaw goes where such errors are told."""
        task = asyncio.get_event_loop().create_task(work)
        self._running.add(task)  # the loop itself keeps only weak references
        task.add_done_callback(lambda finished: self._on_finished(finished, done))
        return task

    @property
    def busy(self) -> bool:
        """Whether an answer is on its way."""
        return bool(self._running)

    def forget(self) -> None:
        """Drop all answers that are on their way."""
        _cancel(self._running)

    def _on_finished(self, task: asyncio.Task[T], done: Callable[[T], object] | None) -> None:
        wanted = task in self._running
        self._running.discard(task)
        if task.cancelled():
            return
        if (error := task.exception()) is not None:
            notify.unexpected(error)
        elif (
            done is not None and wanted
        ):  # it may have been forgotten, with its widget, between its end and now
            done(task.result())


class Latest(Errands):
    """One question at a time: asking again drops the answer that is still on its way."""

    def ask(self, question: Coroutine[Any, Any, T], answered: Callable[[T], object]) -> None:
        """Run the question instead of the one before."""
        self.forget()
        self.run(question, answered)


def _cancel(tasks: set[asyncio.Task[Any]]) -> None:
    for task in list(tasks):
        task.cancel()
    tasks.clear()
