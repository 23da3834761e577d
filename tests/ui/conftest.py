"""What tests of windows share: one dressed application, and Qt and asyncio on one loop."""

import asyncio
import gc
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from dispatcher_app import text
from dispatcher_app.client.embedded import Embedded
from ui import theme
from ui.loop import event_loop

if TYPE_CHECKING:
    from tests.ui.window_desk import City


ENGINE_REMARKS = (
    "propagateSizeHints",
    "does not support (raise|grabbing)",
    "[Vv]ulkan",
    "QRhi",
    "RHI",
    "GPU",
    "GLX",
    "OpenGL",
    "Sandboxing disabled",
    "GBM",
)


def pytest_configure(config: pytest.Config) -> None:
    # Remarks of the offscreen platform, and of the web engine on a machine without a graphics card; not about us.
    for remark in ENGINE_REMARKS:
        config.addinivalue_line("qt_log_ignore", remark)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # A connection that is called off in the moment it stands is left to the collector by the HTTP library.
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning"))


@pytest.fixture(autouse=True)
def dressed(qapp: QApplication) -> Iterator[theme.Theme]:
    """The default look and language before each test, whatever the one before chose."""
    text.use(text.DEFAULT)
    if theme.current() != theme.make("light") or not qapp.styleSheet():
        theme.apply(qapp, "light")
    yield theme.current()
    text.use(text.DEFAULT)


def practising(folder: Path) -> Iterator["City"]:
    """A practice city in a folder, as long as somebody needs it."""
    from tests.ui.window_desk import City

    made = City(Embedded(folder / "server", practice=True), folder / "desks")
    yield made
    asyncio.run(made.server.close())


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator["City"]:
    """A practice city of a file's own, in which catalogue, prices and plans may change for everybody."""
    yield from practising(tmp_path_factory.mktemp("office"))


@pytest.fixture(scope="session")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator["City"]:
    """A practice city that the tests of windows share; each takes orders of its own."""
    yield from practising(tmp_path_factory.mktemp("city"))


@pytest.fixture(scope="module")
def planned_city(tmp_path_factory: pytest.TempPathFactory) -> Iterator["City"]:
    """A practice city whose planner puts every promise somewhere and names those that can't be kept."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DISPATCHER_PLANNER", "on")
        yield from practising(tmp_path_factory.mktemp("planned"))


@pytest.fixture
def loop(qapp: QApplication) -> Iterator[asyncio.AbstractEventLoop]:
    """Qt's loop as asyncio's: run a coroutine with `loop.run_until_complete`; ends with nothing left."""
    running: asyncio.AbstractEventLoop = event_loop(qapp)
    asyncio.set_event_loop(running)
    # As in the desktop (ui.garbage): a widget must not die in a worker's thread.
    gc.disable()
    yield running
    while left := asyncio.all_tasks(running):
        # More than once: waiting with a limit may lose a cancellation that comes with its answer.
        for task in left:
            task.cancel()
        over, _left = running.run_until_complete(asyncio.wait(left, timeout=1.0))
        for task in over:
            if not task.cancelled():
                task.exception()  # its test has ended: nobody else asks for it
    running.close()
    asyncio.set_event_loop(None)
    gc.collect()
    gc.enable()
