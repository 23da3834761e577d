"""The job of a node that tells people what is new."""

from __future__ import annotations

import asyncio

from dispatcher_app import clock
from dispatcher_app.server.node import Node
from dispatcher_app.server.notices.follow import follow
from dispatcher_app.server.notices.send import send
from dispatcher_app.server.notices.word import Writer
from dispatcher_app.server.store import notice as store

EVERY_S = 1.0


async def begin(node: Node) -> None:
    """From the first time a node serves this database, what happens is news; what was there before is not."""
    await asyncio.wrap_future(node.executor.run(lambda cursor: store.begin(cursor, clock.now_ms())))


async def tell(node: Node) -> None:
    """Make the notices that are due, and send them until nothing is left to be sent now."""
    means = node.means
    await follow(node.database, node.executor, public=bool(means.public))
    while await send(node.database, node.executor, means.provider, writer_of(node)):
        pass


def writer_of(node: Node) -> Writer:
    """What putting this node's notices into words takes."""
    return Writer(vault=node.vault, public=node.means.public, language=node.means.language)
