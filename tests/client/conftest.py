"""Coroutines run on a loop of their own that must end with nothing left."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

Run = Callable[[Coroutine[Any, Any, None]], None]
PATIENCE_S = 20


@pytest.fixture
def run() -> Run:
    """Runs a test's story to its end."""

    def story(made: Coroutine[Any, Any, None]) -> None:
        asyncio.run(asyncio.wait_for(made, PATIENCE_S))

    return story
