"""Is every photo and video as it was when it was taken in? Reads all of them, as `admin verify` does."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator

from dispatcher_app.domain.talk import Attachment
from dispatcher_app.server.files import seal
from dispatcher_app.server.files.store import PLACES, NoFile, Store
from dispatcher_app.server.finding import Finding
from dispatcher_app.server.store import query, upload
from dispatcher_app.server.store.database import Database
from dispatcher_app.server.store.upload import AttachmentFile
from dispatcher_app.server.vault import Vault, WrongKey


async def audit(database: Database, vault: Vault, store: Store) -> list[Finding]:
    """What does not agree between attachments, their records and the store; raises StoreAway."""
    with database.reading() as cursor:
        ids = [row[0] for row in cursor.all("SELECT id FROM entity WHERE kind = 'attachment' ORDER BY id")]
        files = {each.id: each for each in upload.all_files(cursor)}
        under_way = {each.id for each in upload.in_state(cursor, "whole")}
        attachments = {
            each.id: each for each in query.bodies(cursor, "attachment", ids) if isinstance(each, Attachment)
        }
    findings: list[Finding] = []
    for id in ids:
        if (file := files.get(id)) is None:
            findings.append(Finding("attachment_record", id))
        else:
            findings += [each async for each in of_one(vault, store, attachments[id], file)]
    findings += [Finding("file_orphan", id) for id in files if id not in attachments and id not in under_way]
    for place in PLACES:
        async for stored in store.names(place):
            id = stored.name.rpartition("/")[2]
            if id not in attachments and id not in under_way:
                findings.append(Finding("file_orphan", stored.name))
    return findings


async def of_one(
    vault: Vault, store: Store, found: Attachment, file: AttachmentFile
) -> AsyncIterator[Finding]:
    """What is wrong with the files of one attachment."""
    wanted = {
        "view": found.sha256,
        "thumb": file.thumb_sha256,
        "sealed": found.original_sha256 if file.sealed else None,
    }
    for place, sha256 in wanted.items():
        if sha256 is None:
            continue
        try:
            chunks = await store.get(f"{place}/{found.id}")
            if place == "sealed":
                chunks = seal.opened(vault, found.id, chunks)
            if await digest(chunks) != sha256:
                yield Finding("file_hash", f"{place}/{found.id}")
        except NoFile:
            yield Finding("file_missing", f"{place}/{found.id}")
        except WrongKey:
            yield Finding("file_seal", f"{place}/{found.id}")


async def digest(chunks: AsyncIterator[bytes]) -> str:
    """SHA-256 of what comes."""
    made = hashlib.sha256()
    async for chunk in chunks:
        made.update(chunk)
    return made.hexdigest()
