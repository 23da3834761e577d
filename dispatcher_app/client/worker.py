"""One thread that does what must not block the window; answers arrive in the asyncio loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

T = TypeVar("T")
P = ParamSpec("P")


class Worker:
    """Does one thing after the other, in the order asked."""

    def __init__(self, name: str) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=name)
        self._closed = False

    def run(self, job: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> asyncio.Future[T]:
        """The job's answer, awaitable in the running loop; what it raises is raised there.

        Who asks once it is closed hears nothing: the answer is cancelled.
        """
        if self._closed:
            unheard: asyncio.Future[T] = asyncio.get_event_loop().create_future()
            unheard.cancel()
            return unheard
        return asyncio.wrap_future(self._thread.submit(job, *args, **kwargs))

    def close(self) -> None:
        """Let what was asked come to its end."""
        self._closed = True
        self._thread.shutdown(wait=True)
