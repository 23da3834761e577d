"""What all tests share: the long run (`--deep`), and the real input that only some machines have."""

import asyncio
import inspect
import os
from pathlib import Path
from typing import Any

import pytest

# The planner acts by itself, and most tests count what is done; those about it switch it on.
os.environ.setdefault("DISPATCHER_PLANNER", "off")

PATIENCE_S = 60

REAL_DATA = Path(os.environ.get("DISPATCHER_DATA") or Path(__file__).parents[2] / "shared" / "data")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--deep", action="store_true", help="also the tests that take long")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    shallow = pytest.mark.skip(reason="part of the long run only (--deep)")
    absent = pytest.mark.skip(reason="the real input is not here; DISPATCHER_DATA names its folder")
    for item in items:
        twin = item.get_closest_marker("deep_on_postgres") and "[postgres" in item.name
        if (item.get_closest_marker("deep") or twin) and not config.getoption("--deep"):
            item.add_marker(shallow)
        if item.get_closest_marker("real_data") and not REAL_DATA.is_dir():
            item.add_marker(absent)


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """A test that is a coroutine runs to its end: on Qt's loop where it asks for `loop`, else on one of its own."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    given: dict[str, Any] = pyfuncitem.funcargs
    story = pyfuncitem.obj(**{name: given[name] for name in inspect.signature(pyfuncitem.obj).parameters})
    if "loop" in given:
        given["loop"].run_until_complete(story)
    else:
        asyncio.run(asyncio.wait_for(story, PATIENCE_S))
    return True


@pytest.fixture(scope="session")
def deep(request: pytest.FixtureRequest) -> bool:
    """Whether this is the long run."""
    return bool(request.config.getoption("--deep"))


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder with the real input; a test that uses it is marked `real_data`."""
    return REAL_DATA
