"""Uploads under way, and what is kept beside photos and videos."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from typing import Literal

from dispatcher_app.server.store.database import Cursor

State = Literal["open", "whole", "done", "refused"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file on its way in: `open` while bytes are missing, then `whole`, in the end `done` or `refused`.

    `refusal` is why, as JSON; times are UTC ms.
    """

    id: str
    region: str
    order_id: str
    line: int | None
    purpose: str
    name: str
    media: str
    size: int
    sha256: str | None
    actor: str
    created_at: int
    expires_at: int
    state: State = "open"
    refusal: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentFile:
    """What an original said of itself and how its files are kept; for supervisors, never in an entity.

    `sealed` is 0 where nothing had to be taken out of the original, so that what everybody sees is the original.
    """

    id: str
    region: str
    order_id: str
    name: str
    original_media: str
    sealed: int
    thumb_sha256: str | None
    taken_at: int | None
    device: str | None
    lon: float | None
    lat: float | None
    stored_at: int


UPLOAD = ", ".join(each.name for each in fields(Upload))
FILE = ", ".join(each.name for each in fields(AttachmentFile))


def begin(cursor: Cursor, upload: Upload) -> None:
    """Expect a file; one that is expected already stays as it is."""
    places = ", ".join("?" * len(fields(Upload)))
    cursor.run(
        f"INSERT INTO upload ({UPLOAD}) VALUES ({places}) ON CONFLICT (id) DO NOTHING", astuple(upload)
    )


def found(cursor: Cursor, id: str) -> Upload | None:
    """An upload, None where there is none."""
    row = cursor.one(f"SELECT {UPLOAD} FROM upload WHERE id = ?", (id,))
    return None if row is None else made(row)


def made(row: Iterable[object]) -> Upload:
    """An upload from its columns."""
    return Upload(**dict(zip((each.name for each in fields(Upload)), row, strict=True)))  # type: ignore[arg-type]


def in_state(cursor: Cursor, state: State) -> list[Upload]:
    """Every upload that stands so, the oldest first."""
    rows = cursor.all(f"SELECT {UPLOAD} FROM upload WHERE state = ? ORDER BY created_at", (state,))
    return [made(row) for row in rows]


def set_state(cursor: Cursor, id: str, state: State, expires_at: int, refusal: str | None = None) -> None:
    """How an upload stands now, and until when it is remembered."""
    cursor.run(
        "UPDATE upload SET state = ?, expires_at = ?, refusal = ? WHERE id = ?",
        (state, expires_at, refusal, id),
    )


def prolong(cursor: Cursor, id: str, expires_at: int) -> None:
    """Something has come in."""
    cursor.run("UPDATE upload SET expires_at = ? WHERE id = ?", (expires_at, id))


def drop(cursor: Cursor, id: str) -> None:
    """Nobody waits for it any more."""
    cursor.run("DELETE FROM upload WHERE id = ?", (id,))


def expired(cursor: Cursor, now: int) -> list[str]:
    """Uploads whose time is over; one that is whole is never given up."""
    rows = cursor.all("SELECT id FROM upload WHERE expires_at < ? AND state <> 'whole'", (now,))
    return [row[0] for row in rows]


def under_way(cursor: Cursor, actor: str) -> tuple[int, int]:
    """How many files a person is sending, and how many bytes that will be."""
    row = cursor.one(
        "SELECT COUNT(*), COALESCE(SUM(size), 0) FROM upload WHERE actor = ? AND state IN ('open', 'whole')",
        (actor,),
    )
    return (int(row[0]), int(row[1])) if row else (0, 0)


def ids_of(cursor: Cursor, order: str) -> list[str]:
    """The attachments of an order."""
    return [row[0] for row in cursor.all("SELECT id FROM attachment_file WHERE order_id = ?", (order,))]


def of_order(cursor: Cursor, order: str) -> int:
    """How many files an order has, those on their way included."""
    row = cursor.one(
        "SELECT (SELECT COUNT(*) FROM attachment_file WHERE order_id = ?) + "
        "(SELECT COUNT(*) FROM upload WHERE order_id = ? AND state IN ('open', 'whole'))",
        (order, order),
    )
    return int(row[0]) if row else 0


def keep_file(cursor: Cursor, file: AttachmentFile) -> None:
    """What is kept beside an attachment; the same again changes nothing."""
    names = [each.name for each in fields(AttachmentFile)]
    places, news = ", ".join("?" * len(names)), ", ".join(f"{name} = excluded.{name}" for name in names[1:])
    cursor.run(
        f"INSERT INTO attachment_file ({FILE}) VALUES ({places}) ON CONFLICT (id) DO UPDATE SET {news}",
        astuple(file),
    )


def file_of(cursor: Cursor, id: str) -> AttachmentFile | None:
    """What is kept beside an attachment, None where there is nothing."""
    row = cursor.one(f"SELECT {FILE} FROM attachment_file WHERE id = ?", (id,))
    return None if row is None else file_made(row)


def file_made(row: Iterable[object]) -> AttachmentFile:
    """The record from its columns."""
    return AttachmentFile(**dict(zip((each.name for each in fields(AttachmentFile)), row, strict=True)))  # type: ignore[arg-type]


def all_files(cursor: Cursor) -> list[AttachmentFile]:
    """Every record."""
    return [file_made(row) for row in cursor.all(f"SELECT {FILE} FROM attachment_file ORDER BY id")]


def drop_file(cursor: Cursor, id: str) -> None:
    """The record of what never became an attachment."""
    cursor.run("DELETE FROM attachment_file WHERE id = ?", (id,))


def known_ids(cursor: Cursor, ids: list[str]) -> set[str]:
    """Those of these ids that an upload or an attachment's record stands for."""
    known: set[str] = set()
    for begin_at in range(0, len(ids), 500):
        part = ids[begin_at : begin_at + 500]
        places = ", ".join("?" * len(part))
        rows = cursor.all(
            f"SELECT id FROM upload WHERE id IN ({places}) UNION SELECT id FROM attachment_file WHERE id IN ({places})",
            (*part, *part),
        )
        known |= {row[0] for row in rows}
    return known
