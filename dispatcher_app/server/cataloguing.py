"""`dispatcher admin load-catalogue`: categories and items from a file, through commands, as often as one likes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import msgspec

from dispatcher_app import clock, codec
from dispatcher_app.catalogue_file import Catalogue, first_catalogue
from dispatcher_app.domain.act import SYSTEM, Act, Rejected
from dispatcher_app.domain.catalogue import Category, Item
from dispatcher_app.domain.command import SaveCategory, SaveItem
from dispatcher_app.domain.entity import PLATFORM, Entity
from dispatcher_app.server.executor import Executor
from dispatcher_app.server.store import record
from dispatcher_app.server.store.database import Database
from dispatcher_app.server.vault import Vault


class DamagedCatalogue(Exception):
    """The file is no catalogue; the text says where."""


def read_catalogue(file: Path | None) -> Catalogue:
    """The catalogue of a file, the shipped one without; raises OSError or DamagedCatalogue."""
    if file is None:
        return first_catalogue()
    try:
        return codec.decode(file.read_bytes(), Catalogue)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise DamagedCatalogue(str(error)) from error


def load(database: Database, vault: Vault, wanted: Catalogue, *, overwrite: bool) -> tuple[int, int]:
    """Save what is missing, and with `overwrite` what reads differently here; returns (saved, kept as edited).

    Raises Rejected where a rule says no to one of them.
    """
    with database.reading() as cursor:
        stored = [*record.load_all(cursor, "category", PLATFORM), *record.load_all(cursor, "item", PLATFORM)]
    here = {(each.kind, each.id): each for each in stored}
    commands: list[SaveCategory | SaveItem] = []
    kept = 0
    known: tuple[Category | Item, ...] = (*wanted.categories, *wanted.items)
    for each in known:
        former: Entity | None = here.get((each.kind, each.id))
        version = former.version if former else 0
        made: Category | Item = replace(each, version=version)
        if made == former:
            continue
        if former is not None and not overwrite:
            kept += 1
        elif isinstance(made, Category):
            commands.append(SaveCategory(category=made))
        else:
            commands.append(SaveItem(item=made))
    executor = Executor(database, vault, lambda messages: None)
    try:
        acts = [
            Act(id=clock.new_id(), actor=SYSTEM, at=clock.now_ms(), command=each, region=PLATFORM)
            for each in commands
        ]
        results = executor.submit_all(acts).result()
    finally:
        executor.close()
    for result in results:
        if isinstance(result, Rejected):
            raise result
    return len(commands), kept
