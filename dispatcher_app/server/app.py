"""The HTTP face of a node: its routes put together, and its jobs as long as it runs."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from dispatcher_app.domain.act import Rejected
from dispatcher_app.server import (
    acts,
    attendance,
    complaint,
    drive,
    entrance,
    jobs,
    ledgers,
    mine,
    payroll,
    question,
    repaid,
    replay,
    standing,
    undoing,
    wishes,
)
from dispatcher_app.server.answer import answer, away, failed, malformed, refused, says
from dispatcher_app.server.auth import TooManyTries, WrongLogin
from dispatcher_app.server.body import TooLarge
from dispatcher_app.server.files import route as file_route
from dispatcher_app.server.node import Node
from dispatcher_app.server.notices import route as notice_route
from dispatcher_app.server.notices import work as telling
from dispatcher_app.server.pages import route as page_route
from dispatcher_app.server.pay import notify
from dispatcher_app.server.pay import route as pay_route
from dispatcher_app.server.planner import route as plan_route
from dispatcher_app.server.planner.keep import Keeping
from dispatcher_app.server.request import NotLoggedIn
from dispatcher_app.server.store.database import Unavailable

ROUTES = [
    *acts.ROUTES,
    *entrance.ROUTES,
    *question.ROUTES,
    Route("/mine/offers", mine.offers),
    Route("/mine/requests", wishes.requests),
    Route("/mine/credit", standing.credit),
    *drive.ROUTES,
    *undoing.ROUTES,
    *complaint.ROUTES,
    *payroll.ROUTES,
    *ledgers.ROUTES,
    *attendance.ROUTES,
    *replay.ROUTES,
    *notice_route.ROUTES,
    *file_route.ROUTES,
    *plan_route.ROUTES,
    *pay_route.ROUTES,
    *repaid.ROUTES,
]


class LocalOnly:
    """On an embedded server only those who know the local token get further than the health pages."""

    def __init__(self, app: ASGIApp, token: str | None) -> None:
        self.app = app
        self.token = token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and self.token is not None and scope["path"] != "/livez":
            given = dict(scope["headers"]).get(b"x-dispatcher-local", b"")
            if not hmac.compare_digest(given, self.token.encode()):
                await answer({"error": "not_local"}, 401)(scope, receive, send)
                return
        await self.app(scope, receive, send)


def make_app(node: Node, backups: Path | None = None) -> Starlette:
    """The application of a node; its jobs run as long as it does."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        await telling.begin(node)
        keeping = app.state.keeping = Keeping()
        searches = app.state.searches = set[asyncio.Task[None]]()
        tasks = jobs.begin(node, keeping, backups)
        yield
        for task in (*tasks, *searches):
            task.cancel()
        await asyncio.gather(*tasks, *searches, return_exceptions=True)
        await node.leases.end()
        await keeping.close()
        await node.means.provider.close()
        if node.payouts is not None:
            await node.payouts.close()
        for provider in node.payments.values():
            await provider.end()
        await node.archive.close()
        await asyncio.to_thread(node.close)

    app = Starlette(
        # Without an address that customers reach, there is nothing for them to open.
        routes=[*ROUTES, *notify.ROUTES, *(page_route.ROUTES if node.means.public else ())],
        middleware=[Middleware(LocalOnly, token=node.local_token)],
        exception_handlers={
            Rejected: refused,
            msgspec.DecodeError: malformed,
            NotLoggedIn: says(401, "not_logged_in"),
            WrongLogin: says(401, "wrong_login"),
            TooManyTries: says(429, "too_many_tries"),
            TooLarge: says(413, "too_large"),
            Unavailable: away,
            ClientDisconnect: says(400, "gone"),
            **file_route.HANDLERS,
            **page_route.HANDLERS,
            Exception: failed,
        },
        lifespan=lifespan,
    )
    app.state.node = node
    return app
