"""Photos and videos: what a 200 MB upload costs the server in memory, and how long 50 at once take."""

from __future__ import annotations

import asyncio
import base64
import random
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx

from dispatcher_app.domain.command import AddNote
from tests.bench.company import Served, booking, found, request, serving
from tests.bench.figure import percentile
from tests.server import picture

LARGE = 200 << 20
AT_ONCE = 50


def memory_mb(pid: int, field: str) -> float:
    """A figure of a process's memory, in MB; VmHWM is the most it ever held since that was last reset."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(field):
            return int(line.split()[1]) / 1024
    raise ValueError(field)


async def order(http: httpx.AsyncClient, served: Served) -> str:
    """An order to hang photos on."""
    made = booking(random.Random(3))
    body = request(served, "book-order", made).partition(b"\r\n\r\n")[2]
    (await http.post("/commands/book-order", content=body)).raise_for_status()
    return made.order


async def send(
    http: httpx.AsyncClient, to: str, media: str, size: int, content: bytes | AsyncIterator[bytes]
) -> None:
    """One upload from its announcement until it is an attachment."""
    said = {"order": to, "purpose": "fault", "type": media}
    words = ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in said.items())
    begun = await http.post("/uploads", headers={"upload-length": str(size), "upload-metadata": words})
    begun.raise_for_status()
    headers = {
        "content-type": "application/offset+octet-stream", "upload-offset": "0", "content-length": str(size),
    }  # fmt: skip
    (await http.patch(begun.headers["location"], content=content, headers=headers)).raise_for_status()
    while (found := (await http.get(f"{begun.headers['location']}?wait=20")).json())["state"] == "whole":
        pass
    assert found["state"] == "done", found


async def film(size: int) -> AsyncIterator[bytes]:
    """A video of that size, never whole in this process either."""
    head = picture.film(0, located=False)
    frames = size - len(head) + 8
    yield head[:-8] + frames.to_bytes(4, "big") + b"mdat"
    left, piece = size - len(head), bytes(range(256)) * 4096
    while left > 0:
        yield piece[:left]
        left -= len(piece)


async def noting(http: httpx.AsyncClient, served: Served, to: str, took_ms: list[float]) -> None:
    """Somebody who goes on working meanwhile."""
    while True:
        body = request(served, "add-note", AddNote(order=to, text="客户催了")).partition(b"\r\n\r\n")[2]
        begun = time.perf_counter()
        (await http.post("/commands/add-note", content=body)).raise_for_status()
        took_ms.append((time.perf_counter() - begun) * 1000)
        await asyncio.sleep(0.02)


async def load(served: Served) -> dict[str, Any]:
    """One large video, then fifty photos at once while another desk goes on working."""
    limits = httpx.Limits(max_connections=AT_ONCE + 5)
    async with httpx.AsyncClient(
        base_url=served.url, headers=served.headers, timeout=300, limits=limits
    ) as http:
        large, many = await order(http, served), await order(http, served)
        small = picture.photo(width=1200, height=900)
        await send(http, large, "image/jpeg", len(small), small)
        before = memory_mb(served.pid, "VmRSS")
        Path(f"/proc/{served.pid}/clear_refs").write_text("5")
        begun = time.perf_counter()
        await send(http, large, "video/mp4", LARGE, film(LARGE))
        figures = {
            "large_growth_mb": round(memory_mb(served.pid, "VmHWM") - before, 1),
            "large_s": round(time.perf_counter() - begun, 1),
        }
        photo = picture.photo(width=4000, height=3000)
        took_ms: list[float] = []
        other = asyncio.create_task(noting(http, served, many, took_ms))
        Path(f"/proc/{served.pid}/clear_refs").write_text("5")
        before, begun = memory_mb(served.pid, "VmRSS"), time.perf_counter()
        await asyncio.gather(*(send(http, many, "image/jpeg", len(photo), photo) for _ in range(AT_ONCE)))
        figures |= {
            "fifty_s": round(time.perf_counter() - begun, 1),
            "fifty_growth_mb": round(memory_mb(served.pid, "VmHWM") - before, 1),
            "command_p99_ms_meanwhile": round(percentile(took_ms, 0.99), 1),
        }
        other.cancel()
        await asyncio.gather(other, return_exceptions=True)
        return figures


def measure() -> dict[str, Any]:
    """The figures; where a system does not tell a process's memory there are none."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "company"
        found(data, technicians=5)
        with serving(data) as served:
            return asyncio.run(load(served)) if Path("/proc/self/clear_refs").exists() else {}
