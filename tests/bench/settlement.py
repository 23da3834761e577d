"""A region's week settled: 10,000 technicians with 500 orders each, on both databases; the preview beside it.

The ledger's entries are written straight into their table, with 20 million rows as the system would have posted them: a
share and its release an order, in the order of the log; one in twenty has come since the period ended. Postings
themselves are left out, for a settlement reads none.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from dispatcher_app import clock
from dispatcher_app.domain.act import SYSTEM, Act, Actor
from dispatcher_app.domain.command import SavePolicy, SaveRegion, SaveTechnician, StartSettlement
from dispatcher_app.domain.entity import PLATFORM
from dispatcher_app.domain.money.period import last_over
from dispatcher_app.domain.money.statement import Settlement
from dispatcher_app.domain.region import Policy, Region
from dispatcher_app.domain.technician import Technician
from dispatcher_app.server import job, settling
from dispatcher_app.server.executor import Executor
from dispatcher_app.server.lease import RENEW_S
from dispatcher_app.server.node import Node, open_node, prepared
from dispatcher_app.server.serve import sqlite_url
from dispatcher_app.server.store import payroll, record
from dispatcher_app.server.store.database import Cursor, Database
from dispatcher_app.server.store.ledger import SAVE_BALANCE
from tests.bench.company import CENTRE, REGION, many
from tests.server import cluster as postgresql

TECHNICIANS = int(os.environ.get("BENCH_TECHNICIANS", "10000"))
ORDERS = int(os.environ.get("BENCH_ORDERS", "500"))
SHARE = 8_000
SETTLED = TECHNICIANS * ORDERS * 95 // 100
FINANCE = Actor(kind="staff", id="zhao", roles=frozenset({"finance"}), regions=frozenset({REGION}))
NUMBERS = {
    False: "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {last}) SELECT {row} FROM n",
    True: "SELECT {row} FROM generate_series(0, {last}) AS n(i)",
}
"""Rows out of nothing on SQLite and on PostgreSQL."""


def filled(database: Database) -> None:
    """Put every order's share and its release into the ledger."""
    total = TECHNICIANS * ORDERS
    with database.writing() as cursor:
        row = cursor.one("SELECT seq FROM log_head WHERE log = ?", (REGION,))
        assert row is not None
        first = int(row[0]) + 1
        cursor.run("DROP INDEX ix_ledger_entry_region_account_seq")
        for begin in range(0, total, 250_000):
            entries(cursor, begin, min(250_000, total - begin), first)
        cursor.run("CREATE INDEX ix_ledger_entry_region_account_seq ON ledger_entry (region, account, seq)")
        whole = ORDERS * SHARE
        cursor.many(
            SAVE_BALANCE,
            [
                (REGION, f"technician:{bucket}:t{each}", "CNY", what, amount, ORDERS)
                for each in range(TECHNICIANS)
                for bucket, what, amount in (
                    ("frozen", "share", -whole), ("frozen", "release", whole), ("available", "release", -whole)
                )
            ],
        )  # fmt: skip
        last = first + 2 * total
        cursor.run("UPDATE log_head SET seq = ? WHERE log = ?", (last, REGION))
    if database.postgresql:
        with database.writing() as cursor:
            cursor.run("ANALYZE")


def entries(cursor: Cursor, begin: int, count: int, first: int) -> None:
    """The four entries of each of so many orders, technician after technician."""
    order = "lpad(to_hex(n.i + {begin}), 12, '0')" if cursor.postgresql else "printf('%012x', n.i + {begin})"
    id = f"'0190a0b0-0000-7000-8000-' || {order}"
    who = "'t' || CAST((n.i + {begin}) % {people} AS TEXT)"
    seq = "{first} + 2 * (n.i + {begin})"
    for posting, account, amount, step in (
        ("share", "'platform:shares'", SHARE, 0),
        ("share", f"'technician:frozen:' || {who}", -SHARE, 0),
        ("release", f"'technician:frozen:' || {who}", SHARE, 1),
        ("release", f"'technician:available:' || {who}", -SHARE, 1),
    ):
        row = f"'{posting}:' || {id}, {account}, {amount}, '{REGION}', 'CNY', {seq} + {step}"
        rows = NUMBERS[cursor.postgresql].format(row=row, last=count - 1)
        rows = rows.format(begin=begin, people=TECHNICIANS, first=first)
        cursor.cursor.execute(
            f"INSERT INTO ledger_entry (posting, account, amount, region, currency, seq) {rows}"
        )


def company(url: str, data: Path) -> None:
    """A company with many technicians in a database."""
    database, vault = prepared(url, data / "secret.key")
    executor = Executor(database, vault, lambda messages: None)
    for command in (
        SaveRegion(saved=Region(id=REGION, name="上海", centre=CENTRE)),
        SavePolicy(policy=Policy()),
    ):
        act = Act(id=clock.new_id(), actor=SYSTEM, at=clock.now_ms(), command=command, region=PLATFORM)
        executor.submit(act).result(60)
    people = [
        Technician(id=f"t{each}", region=REGION, name=f"师傅{each}", home=CENTRE)
        for each in range(TECHNICIANS)
    ]
    many(executor, [SaveTechnician(technician=each) for each in people])
    executor.close()
    database.close()


async def run(node: Node, upto: int) -> dict[str, float]:
    """The preview, the run, and how long they took."""
    with node.database.reading() as cursor:
        region = record.load(cursor, "region", REGION)
        now = clock.now_ms()
        period = last_over(now, "weekly", "Asia/Shanghai")
        began = time.perf_counter()
        _, rows = settling.preview(cursor, REGION, period, upto, "CNY", now)
        previewed = time.perf_counter() - began
    assert region is not None
    assert len(rows) == TECHNICIANS
    command = StartSettlement(cadence="weekly", first=period.first, upto=upto)
    act = Act(id=clock.new_id(), actor=FINANCE, at=now, command=command, region=REGION)
    await asyncio.wrap_future(node.executor.submit(act))
    began = time.perf_counter()
    await settling.settle(node)
    took = time.perf_counter() - began
    with node.database.reading() as cursor:
        assert payroll.running(cursor) == []
        over = record.load_all(cursor, Settlement.kind, REGION)[0]
    assert isinstance(over, Settlement)
    assert over.done == TECHNICIANS
    assert over.earned == SETTLED * SHARE
    print(f"  preview {previewed:.1f} s, run {took:.1f} s", file=sys.stderr, flush=True)
    return {"preview_s": round(previewed, 1), "run_s": round(took, 1)}


def made(url: str, data: Path) -> None:
    """A company with its ledger in a database."""
    company(url, data)
    database, _ = prepared(url, data / "secret.key")
    began = time.perf_counter()
    filled(database)
    database.close()
    print(f"  filled in {time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)


def on(url: str, data: Path) -> dict[str, float]:
    """Settle what another process has filled, so that only the settlement's own memory counts."""
    filler = multiprocessing.get_context("spawn").Process(target=made, args=(url, data))
    filler.start()
    filler.join()
    assert filler.exitcode == 0

    async def settle() -> dict[str, float]:
        node = open_node(url, data / "secret.key", asyncio.get_running_loop())
        with node.database.reading() as cursor:
            # Settled on the day after: what has come since then is in the ledger too.
            upto = record.heads(cursor, [REGION])[REGION] - 2 * (TECHNICIANS * ORDERS - SETTLED)
        # As in a server: whoever has a lease renews it.
        renewing = asyncio.create_task(job.every(RENEW_S, "leases", node.leases.renew))
        try:
            return await run(node, upto)
        finally:
            renewing.cancel()
            await node.leases.end()
            await node.archive.close()
            await asyncio.to_thread(node.close)

    return asyncio.run(settle())


def measure() -> dict[str, Any]:
    """Seconds on either database, and the most memory that this process ever held."""
    figures: dict[str, Any] = {"technicians": TECHNICIANS, "orders": TECHNICIANS * ORDERS}
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        figures |= {f"sqlite_{key}": value for key, value in on(sqlite_url(data), data).items()}
    programs = postgresql.programs()
    if programs is not None:
        with tempfile.TemporaryDirectory() as folder, postgresql.running(programs) as cluster:
            cluster.run("CREATE DATABASE bench")
            figures |= {
                f"postgresql_{key}": value for key, value in on(cluster.url("bench"), Path(folder)).items()
            }
    figures["memory_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return figures
