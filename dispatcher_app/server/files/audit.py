"""Is every photo, video and portrait as it was when it was taken in? Reads all of them, as `admin verify` does."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Mapping

from dispatcher_app import clock
from dispatcher_app.domain.talk import Attachment
from dispatcher_app.server.files import seal
from dispatcher_app.server.files.clean import GRACE_MS
from dispatcher_app.server.files.portrait import hash_of
from dispatcher_app.server.files.store import PLACES, PORTRAITS, NoFile, Store
from dispatcher_app.server.finding import Finding
from dispatcher_app.server.store import query, upload
from dispatcher_app.server.store.database import Database
from dispatcher_app.server.store.upload import AttachmentFile
from dispatcher_app.server.vault import Vault, WrongKey


async def audit(database: Database, vault: Vault, store: Store) -> list[Finding]:
    """What does not agree between attachments, their records and the store; raises StoreAway."""
    with database.reading() as cursor:
        portraits = query.portraits(cursor)
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
    return findings + [each async for each in of_portraits(store, portraits)]


async def of_portraits(store: Store, portraits: Mapping[str, str]) -> AsyncIterator[Finding]:
    """What is wrong with technicians' portraits, given by name with whose each is."""
    for name in portraits:
        try:
            found = await digest(await store.get(f"{PORTRAITS}/{name}"))
        except NoFile:
            yield Finding("file_missing", f"{PORTRAITS}/{name}")
        else:
            if hash_of(name) not in (None, found):
                yield Finding("file_hash", f"{PORTRAITS}/{name}")
    before = clock.now_ms() - GRACE_MS  # one that was just stored is about to be somebody's
    async for stored in store.names(PORTRAITS):
        if stored.name.rpartition("/")[2] not in portraits and stored.at < before:
            yield Finding("file_orphan", stored.name)


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
