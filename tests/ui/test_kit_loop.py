"""Qt and asyncio share the loop that tests get."""

import asyncio

from PySide6.QtCore import QTimer


def test_a_coroutine_waits_for_a_qt_timer(loop: asyncio.AbstractEventLoop) -> None:
    fired: asyncio.Future[str] = loop.create_future()
    QTimer.singleShot(0, lambda: fired.set_result("fired"))
    assert loop.run_until_complete(fired) == "fired"


def test_a_second_loop_works_after_the_first(loop: asyncio.AbstractEventLoop) -> None:
    async def answer() -> int:
        await asyncio.sleep(0)
        return 42

    assert loop.run_until_complete(answer()) == 42
