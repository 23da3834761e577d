"""What was said and shown about an order: found through the acts that changed it, without an index of its own."""

from __future__ import annotations

from dispatcher_app.domain.talk import Attachment, Message
from dispatcher_app.server.store import query
from dispatcher_app.server.store.database import Cursor

BESIDE = (
    "SELECT DISTINCT m.id FROM change o JOIN change m ON m.log = o.log AND m.seq = o.seq AND m.kind = ? "
    "WHERE o.kind = 'order' AND o.id = ?"
)


def messages(cursor: Cursor, order: str) -> list[Message]:
    """The messages of an order, oldest first."""
    ids = [row[0] for row in cursor.all(BESIDE, ("message", order))]
    found = [each for each in query.bodies(cursor, "message", ids) if isinstance(each, Message)]
    return sorted((each for each in found if each.order == order), key=lambda each: (each.at, each.id))


def attachments(cursor: Cursor, order: str) -> list[Attachment]:
    """The photos and videos of an order, oldest first."""
    ids = [row[0] for row in cursor.all(BESIDE, ("attachment", order))]
    found = [each for each in query.bodies(cursor, "attachment", ids) if isinstance(each, Attachment)]
    return sorted((each for each in found if each.order == order), key=lambda each: (each.at, each.id))
