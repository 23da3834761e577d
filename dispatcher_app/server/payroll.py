"""What those who settle ask: accounts, a run's preview, statements with their lines, and batches for the bank."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dispatcher_app import clock, codec
from dispatcher_app.domain import role
from dispatcher_app.domain.act import Act, Rejected
from dispatcher_app.domain.command import StartSettlement
from dispatcher_app.domain.money import ledger
from dispatcher_app.domain.money.account import Account
from dispatcher_app.domain.money.deduction import Deduction
from dispatcher_app.domain.money.period import CADENCES, Cadence, Period, first_day, period_of
from dispatcher_app.domain.money.statement import Statement
from dispatcher_app.domain.money.withdrawal import Withdrawal
from dispatcher_app.domain.region import Region
from dispatcher_app.domain.technician import Technician
from dispatcher_app.server import ask, settling
from dispatcher_app.server.answer import answer
from dispatcher_app.server.auth import Seat
from dispatcher_app.server.body import body_of
from dispatcher_app.server.node import Node
from dispatcher_app.server.request import node_of, read, seat_of
from dispatcher_app.server.settling import chunks
from dispatcher_app.server.store import payroll, query, record, replay
from dispatcher_app.server.store.database import Cursor

LAST = 26
"""So many statements, withdrawals and deductions of a technician are told."""


class Asked(msgspec.Struct, kw_only=True):
    """Which period of which region."""

    region: str
    cadence: Cadence
    first: str


async def accounts(request: Request) -> Response:
    """GET /payroll/accounts?region=: every technician who has shares, with what stands in his buckets."""
    _, region = await sees(request, request.query_params.get("region", ""))

    def work(cursor: Cursor) -> list[dict[str, Any]]:
        made: list[dict[str, Any]] = []
        for chunk in chunks(payroll.people(cursor, region.id)):
            ids = [each.id for each in chunk]
            known = payroll.accounts(cursor, ids)
            stands = payroll.standing(cursor, region.id, ids, region.currency)
            made += [
                {
                    "technician": each.id, "name": each.name, "employment": each.employment,
                    "account": known.get(each.id), "standing": stands[each.id],
                }
                for each in chunk
            ]  # fmt: skip
        return made

    return answer({"currency": region.currency, "accounts": await read(request, work)})


async def one(request: Request) -> Response:
    """GET /payroll/accounts/{technician}: his account, statements, withdrawals, deductions, and what came since."""
    id = request.path_params["technician"]
    seat = await seat_of(request)
    technician: Technician = await read(request, lambda cursor: ask.found(cursor, Technician, id, seat.logs))
    _, region = await sees(request, technician.region)

    def work(cursor: Cursor) -> dict[str, Any]:
        account = payroll.accounts(cursor, [id]).get(id) or Account(id=id, region=region.id)
        setting_aside = ledger.technician(id, "withdrawing")
        available, deposit = ledger.technician(id, "available"), ledger.technician(id, "deposit")
        return {
            "account": account,
            "standing": payroll.standing(cursor, region.id, [id], region.currency)[id],
            "statements": payroll.chain(cursor, account.statement, LAST),
            "withdrawals": payroll.booked(
                cursor, region.id, Withdrawal.kind, setting_aside, "withdrawal", LAST
            ),
            "deductions": [
                *payroll.booked(cursor, region.id, Deduction.kind, available, "deduction", LAST),
                *payroll.booked(cursor, region.id, Deduction.kind, deposit, "deposit_deduction", LAST),
            ],
            "lines": payroll.lines(cursor, region.id, id, account.upto, 1 << 60),
        }

    return answer(await read(request, work))


async def statement(request: Request) -> Response:
    """GET /statements/{id}: a statement, and its lines as the ledger has them."""
    id = request.path_params["id"]
    seat = await seat_of(request)
    found: Statement = await read(request, lambda cursor: ask.found(cursor, Statement, id, seat.logs))
    await sees(request, found.region)

    def work(cursor: Cursor) -> list[dict[str, Any]]:
        return payroll.lines(cursor, found.region, found.technician, found.after, found.upto, found.id)

    return answer({"statement": found, "lines": await read(request, work)})


async def preview(request: Request) -> Response:
    """POST /settlements/preview: what settling a period would come to; nothing is written."""
    await seat_of(request)
    asked = codec.decode(await body_of(request), Asked)
    _, region = await sees(request, asked.region)
    period = period_asked(asked)

    def work(cursor: Cursor) -> dict[str, Any]:
        upto = replay.number_before(cursor, region.id, period.ends_at(region.timezone))
        technicians, rows = settling.preview(cursor, region.id, period, upto, region.currency, clock.now_ms())
        return {"period": period.name, "upto": upto, "technicians": technicians, "rows": rows}

    return answer({"currency": region.currency, **await read(request, work)})


async def begin(request: Request) -> Response:
    """POST /settlements: settle a period; a job does it, technician by technician."""
    await seat_of(request)
    asked = codec.decode(await body_of(request), Asked)
    seat, region = await sees(request, asked.region)
    ends = period_asked(asked).ends_at(region.timezone)
    upto = await read(request, lambda cursor: replay.number_before(cursor, region.id, ends))
    command = StartSettlement(cadence=asked.cadence, first=asked.first, upto=upto)
    act = Act(id=clock.new_id(), actor=seat.actor, at=clock.now_ms(), command=command, region=region.id)
    return answer(await node_of(request).executor.submit_here(act))


async def means(request: Request) -> Response:
    """GET /withdrawals/means?region=: whether there is somebody who pays withdrawals out by himself."""
    await sees(request, request.query_params.get("region", ""))
    return answer({"gateway": node_of(request).payouts is not None})


async def batch(request: Request) -> Response:
    """GET /withdrawals/batch/{batch}?region=: what a bank needs of the ones that are not reported yet; it is recorded."""
    seat, region = await sees(request, request.query_params.get("region", ""))
    role.require(seat.actor, role.SETTLES, region.id)
    name, node = request.path_params["batch"], node_of(request)

    def work(cursor: Cursor) -> list[dict[str, Any]]:
        found = [
            each
            for each in payroll.under_way(cursor, region.id)
            if each.batch == name and each.state == "sending" and each.channel == "file"
        ]
        return [row for each in found if (row := paper(cursor, node, each)) is not None]

    rows = await read(request, work)
    now, reason = clock.now_ms(), f"batch {name}"[:200]

    def note(cursor: Cursor) -> None:
        for row in rows:
            who, whose = seat.actor.name, row["technician"]
            record.note_access(cursor, (clock.new_id(), now, who, Account.kind, whose, row["way"], reason))

    await asyncio.wrap_future(node.executor.run(note))
    return answer({"rows": rows})


def paper(cursor: Cursor, node: Node, found: Withdrawal) -> dict[str, Any] | None:
    """One line of a batch, None where the card or wallet is not known any more."""
    technician = record.load(cursor, Technician.kind, found.technician)
    account = record.load(cursor, Account.kind, found.technician)
    sealed = query.secret(cursor, Account.kind, found.technician, found.way)
    if not isinstance(technician, Technician) or not isinstance(account, Account) or sealed is None:
        return None
    return {
        "withdrawal": found.id, "technician": technician.id, "name": technician.name, "way": found.way,
        "number": node.vault.open(Account.kind, found.technician, found.way, sealed[1]), "bank": account.bank,
        "amount": found.amount, "currency": found.currency,
    }  # fmt: skip


async def sees(request: Request, id: str) -> tuple[Seat, Region]:
    """Who asks, and the region; raises Rejected where that person may not know what technicians have."""
    seat = await seat_of(request)
    role.require(seat.actor, role.SEES_ACCOUNTS, id)
    return seat, await read(request, lambda cursor: ask.found(cursor, Region, id))


def period_asked(asked: Asked) -> Period:
    """The period that is meant; raises Rejected where none begins on that day."""
    if asked.cadence not in CADENCES or not first_day(asked.first, asked.cadence):
        raise Rejected("period_invalid", "first")
    return period_of(asked.first, asked.cadence)


ROUTES = [
    Route("/payroll/accounts", accounts),
    Route("/payroll/accounts/{technician}", one),
    Route("/statements/{id}", statement),
    Route("/settlements/preview", preview, methods=["POST"]),
    Route("/settlements", begin, methods=["POST"]),
    Route("/withdrawals/means", means),
    Route("/withdrawals/batch/{batch}", batch),
]
