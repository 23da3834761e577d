"""`dispatcher admin`: what the keeper of a backend does from a terminal."""

from __future__ import annotations

import argparse
import asyncio
import getpass
import secrets
import sys
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock, Timeout

from dispatcher_app import clock
from dispatcher_app.domain import role
from dispatcher_app.domain.act import SYSTEM, Act, Rejected
from dispatcher_app.domain.command import PLATFORM_COMMANDS, SaveRegion, SaveStaff
from dispatcher_app.domain.entity import PLATFORM
from dispatcher_app.domain.place import Point
from dispatcher_app.domain.region import Region, Staff
from dispatcher_app.domain.technician import Technician
from dispatcher_app.server.auth import PASSWORD_LENGTH, end_tokens, let_in, set_password
from dispatcher_app.server.executor import Executor
from dispatcher_app.server.files.audit import audit
from dispatcher_app.server.files.store import BadStore, StoreAway, open_store
from dispatcher_app.server.node import prepared
from dispatcher_app.server.serve import sqlite_url
from dispatcher_app.server.store import record
from dispatcher_app.server.store.backup import (
    BackupFailed,
    back_up,
    put_in_place,
    restore_postgresql,
    stage,
)
from dispatcher_app.server.store.database import Database, TooOld, Unavailable, open_database
from dispatcher_app.server.vault import Vault, WrongKey
from dispatcher_app.server.verify import verify
from dispatcher_app.text import sentence, t


def parser() -> argparse.ArgumentParser:
    """The tools and what they take."""
    top = argparse.ArgumentParser(prog="dispatcher admin")
    where = argparse.ArgumentParser(add_help=False)
    where.add_argument("--db", help="sqlite:///FILE or postgresql+psycopg://USER@HOST/NAME")
    where.add_argument(
        "--data", type=Path, default=Path("dispatcher-data"), help="folder with the key and a SQLite file"
    )
    tools = top.add_subparsers(dest="tool", required=True)
    region = tools.add_parser("create-region", parents=[where], help="a city with its own log")
    region.add_argument("id")
    region.add_argument("name")
    region.add_argument("--timezone", default="Asia/Shanghai")
    region.add_argument("--currency", default="CNY")
    region.add_argument("--centre", required=True, help="LON,LAT (WGS-84)")
    user = tools.add_parser("create-user", parents=[where], help="a person at a desk, or a new password")
    user.add_argument("user")
    user.add_argument("--name", help="as colleagues call them")
    user.add_argument(
        "--roles", default="", help=", ".join(role.STAFF_ROLES) + " (dispatcher where none is said)"
    )
    user.add_argument("--regions", default="", help="ids, separated by commas")
    user.add_argument("--password-stdin", action="store_true", help="read the password from standard input")
    phone = tools.add_parser(
        "technician-token", parents=[where], help="let a technician's phone in, without a log-in"
    )
    phone.add_argument("technician", help="id")
    phone.add_argument("--device", default="", help="which phone, for whoever ends it later")
    phone.add_argument("--end", action="store_true", help="end every token he has")
    backup = tools.add_parser("backup", parents=[where], help="a checked copy while the server runs")
    backup.add_argument("file", type=Path)
    backup.add_argument("--files", help="where photos and videos are, as the server was told")
    put_back = tools.add_parser(
        "restore", parents=[where], help="put a copy back (the server must be stopped)"
    )
    put_back.add_argument("file", type=Path)
    checks = tools.add_parser(
        "verify", parents=[where], help="recompute everything and name what does not agree"
    )
    checks.add_argument("--files", help="where photos and videos are, as the server was told")
    checks.add_argument("--without-files", action="store_true", help="read no photos and videos")
    imports = tools.add_parser("import", parents=[where], help="orders from a table")
    imports.add_argument("what", choices=["orders"])
    imports.add_argument("file", type=Path)
    imports.add_argument("--region", help="id of the region; not needed where there is only one")
    imports.add_argument("--profile", help="how the columns are read: a name, or a profile's .json file")
    imports.add_argument("--dry-run", action="store_true", help="read and check, save nothing")
    imports.add_argument("--report", type=Path, help="write the report as JSON")
    catalogue = tools.add_parser(
        "load-catalogue", parents=[where], help="the first catalogue, or another one"
    )
    catalogue.add_argument(
        "file", type=Path, nargs="?", help="the one that comes with the program if left out"
    )
    catalogue.add_argument("--overwrite", action="store_true", help="also what was edited here since")
    return top


def main(argv: list[str]) -> int:
    """Run one tool; returns the exit code."""
    asked = parser().parse_args(argv)
    url = asked.db or sqlite_url(asked.data)
    asked.data.mkdir(parents=True, exist_ok=True)
    try:
        if asked.tool == "restore":
            return put_back(asked.file, url, asked.data)
        database, vault = prepared(url, asked.data / "secret.key", any_key=asked.tool == "verify")
        try:
            tool: Callable[[argparse.Namespace, Database, Vault], int] = TOOLS[asked.tool]
            return tool(asked, database, vault)
        finally:
            database.close()
    except Rejected as rejected:
        return refuse(sentence(rejected.code, rejected.params))
    except TooOld as error:
        return refuse(
            t("This database was written by a newer version. Update this program first.") + f" ({error})"
        )
    except WrongKey as error:
        return refuse(t("{file} is not the key of this database. Put the right one back.", file=error))
    except (Unavailable, BackupFailed, BadStore, StoreAway, OSError) as error:
        return refuse(str(error))


def refuse(words: str) -> int:
    """Say why not."""
    sys.stderr.write(words + "\n")
    return 1


def say(words: str) -> None:
    """Tell the keeper."""
    sys.stdout.write(words + "\n")


def submit(database: Database, vault: Vault, *commands: object) -> None:
    """Acts of the system, through the same gate as everybody's."""
    executor = Executor(database, vault, lambda messages: None)
    try:
        for command in commands:
            region = (
                PLATFORM if type(command) in PLATFORM_COMMANDS else str(getattr(command, "region", PLATFORM))
            )
            act = Act(id=clock.new_id(), actor=SYSTEM, at=clock.now_ms(), command=command, region=region)
            executor.submit(act).result(30)
    finally:
        executor.close()


def create_region(asked: argparse.Namespace, database: Database, vault: Vault) -> int:
    """A city with its own log."""
    lon, _, lat = asked.centre.partition(",")
    try:
        centre = Point(float(lon), float(lat))
    except ValueError:
        return refuse(t("--centre takes two numbers: LON,LAT"))
    with database.reading() as cursor:
        former = record.load(cursor, "region", asked.id)
    region = Region(
        id=asked.id,
        version=former.version if former else 0,
        name=asked.name,
        timezone=asked.timezone,
        currency=asked.currency,
        centre=centre,
        districts=former.districts if isinstance(former, Region) else (),
    )
    submit(database, vault, SaveRegion(saved=region))
    say(t("Region {id} is saved.", id=asked.id))
    return 0


def create_user(asked: argparse.Namespace, database: Database, vault: Vault) -> int:
    """A person at a desk; for one who exists, a new password and whatever else is given."""
    with database.reading() as cursor:
        found = record.load(cursor, "staff", asked.user)
        regions = tuple(
            row[0] for row in cursor.all("SELECT id FROM entity WHERE kind = 'region' ORDER BY id")
        )
    former = found if isinstance(found, Staff) else None
    wanted = tuple(each for each in asked.regions.split(",") if each)
    if unknown := set(wanted).difference(regions):
        return refuse(t("There is no region {id}. Create it first.", id=", ".join(sorted(unknown))))
    roles = tuple(each for each in asked.roles.split(",") if each)
    staff = Staff(
        id=asked.user,
        version=former.version if former else 0,
        name=asked.name or (former.name if former else asked.user),
        roles=roles or (former.roles if former else ("dispatcher",)),
        regions=wanted or (former.regions if former else regions),
    )
    if asked.password_stdin:
        password = sys.stdin.readline().rstrip("\n")
    elif sys.stdin.isatty():
        password = getpass.getpass(t("Password: "))
    else:
        password = secrets.token_urlsafe(12)
        say(t("Password: ") + password)
    if len(password) < PASSWORD_LENGTH:
        raise Rejected("password_short", "password", length=PASSWORD_LENGTH)
    submit(database, vault, SaveStaff(staff=staff))
    with database.writing() as cursor:
        set_password(cursor, asked.user, asked.user, password)
    say(t("User {id} is saved.", id=asked.user))
    return 0


def technician_token(asked: argparse.Namespace, database: Database, vault: Vault) -> int:
    """A token with which a technician's phone asks for his offers and takes them, or the end of all he has."""
    with database.reading() as cursor:
        found = record.load(cursor, "technician", asked.technician)
    if not isinstance(found, Technician):
        raise Rejected("not_found", "technician", kind="technician", id=asked.technician)
    if asked.end:
        with database.writing() as cursor:
            end_tokens(cursor, found.id)
        say(t("{name} is logged out everywhere.", name=found.name))
        return 0
    with database.writing() as cursor:
        token = let_in(cursor, found.id, asked.device)
    say(token)
    return 0


def make_backup(asked: argparse.Namespace, database: Database, vault: Vault) -> int:
    """A checked copy."""
    say(str(back_up(database, asked.file)))
    say(
        t(
            "Keep {file} in a safe place too: without it no phone number can be read.",
            file=asked.data / "secret.key",
        )
    )
    say(
        t(
            "Photos, videos and portraits are not in it; copy them after it: {place}",
            place=asked.files or asked.data / "files",
        )
    )
    return 0


def put_back(file: Path, url: str, data: Path) -> int:
    """A backup in place of the database, which is kept beside it."""
    lock = FileLock(data / "server.lock")
    running = t("A server is running on this database. Stop it first.")
    try:
        with lock.acquire(timeout=0):
            if not url.startswith("postgresql"):
                anew(stage(file, url), data)
                put_in_place(url)
            elif in_use(url):
                return refuse(running)
            else:
                restore_postgresql(file, url)
                anew(url, data)
    except Timeout:
        return refuse(running)
    say(t("Restored. Every desk fetches everything anew."))
    return 0


def in_use(url: str) -> bool:
    """Whether anybody else is connected to a PostgreSQL database."""
    database = open_database(url)
    try:
        with database.reading() as cursor:
            return (
                cursor.one(
                    "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
                is not None
            )
    finally:
        database.close()


def anew(url: str, data: Path) -> None:
    """A restored database brought up to date, with another log, so that the desks fetch everything anew."""
    database, _ = prepared(url, data / "secret.key", any_key=True)
    try:
        with database.writing() as cursor:
            cursor.run("UPDATE meta SET value = ? WHERE key = 'log_id'", (secrets.token_hex(16),))
    finally:
        database.close()


def check(asked: argparse.Namespace, database: Database, vault: Vault) -> int:
    """Name what does not agree."""
    findings = verify(database, vault)
    if not asked.without_files:
        findings += asyncio.run(audit(database, vault, open_store(asked.files, asked.data)))
    for finding in findings:
        say(f"{finding.check}: {finding.about}")
    say(t("{count} findings.", count=len(findings)) if findings else t("Everything agrees."))
    return 1 if findings else 0


def import_orders(asked: argparse.Namespace, database: Database, vault: Vault) -> int:
    """Orders from a table."""
    from dispatcher_app.server.importing import run_import

    return run_import(asked, database, vault)


def load_catalogue(asked: argparse.Namespace, database: Database, vault: Vault) -> int:
    """Categories and items to begin with."""
    from dispatcher_app.server.cataloguing import DamagedCatalogue, load, read_catalogue

    try:
        wanted = read_catalogue(asked.file)
    except DamagedCatalogue as error:
        return refuse(t("This is not a catalogue: {reason}", reason=error))
    saved, kept = load(database, vault, wanted, overwrite=asked.overwrite)
    say(t("The catalogue is loaded: {saved} saved.", saved=saved))
    if kept:
        say(t("{count} were edited here and stay as they are (--overwrite puts them back).", count=kept))
    return 0


TOOLS: dict[str, Callable[[argparse.Namespace, Database, Vault], int]] = {
    "create-region": create_region,
    "create-user": create_user,
    "technician-token": technician_token,
    "backup": make_backup,
    "verify": check,
    "import": import_orders,
    "load-catalogue": load_catalogue,
}
