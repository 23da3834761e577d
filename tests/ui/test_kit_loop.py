"""Qt and asyncio share the loop that tests get."""

import asyncio

from PySide6.QtCore import QCoreApplication, QObject, QTimer

from ui.task import Latest


def test_a_coroutine_waits_for_a_qt_timer(loop: asyncio.AbstractEventLoop) -> None:
    fired: asyncio.Future[str] = loop.create_future()
    QTimer.singleShot(0, lambda: fired.set_result("fired"))
    assert loop.run_until_complete(fired) == "fired"


def test_a_second_loop_works_after_the_first(loop: asyncio.AbstractEventLoop) -> None:
    async def answer() -> int:
        await asyncio.sleep(0)
        return 42

    assert loop.run_until_complete(answer()) == 42


async def test_a_task_whose_turn_comes_while_another_lets_events_happen_goes_on_afterwards(
    loop: asyncio.AbstractEventLoop,
) -> None:
    async def waiting(for_: asyncio.Event) -> str:
        await for_.wait()
        return "went on"

    come = asyncio.Event()
    other = asyncio.create_task(waiting(come))
    await asyncio.sleep(0)
    come.set()
    for _ in range(20):
        QCoreApplication.processEvents()
    assert not other.done()
    assert await other == "went on"


async def test_an_answer_that_was_forgotten_when_it_had_just_come_is_not_delivered(
    loop: asyncio.AbstractEventLoop,
) -> None:
    async def answer() -> int:
        return 1

    got: list[int] = []
    owner = QObject()
    asking = Latest(owner)
    task = asking.run(answer(), got.append)
    while not task.done():
        await asyncio.sleep(0)
    asking.forget()  # the answer is there, and not told yet
    for _ in range(3):
        await asyncio.sleep(0)
    assert got == []
    asking.ask(answer(), got.append)
    while asking.busy:
        await asyncio.sleep(0)
    assert got == [1]
