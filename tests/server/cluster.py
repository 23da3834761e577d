"""A private PostgreSQL of the tests' own, on a socket and a port of its own."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from tests.server.waiting import until


@dataclass(frozen=True)
class Cluster:
    """A running PostgreSQL."""

    folder: Path
    port: int

    def url(self, name: str) -> str:
        """Where SQLAlchemy finds a database of it."""
        return f"postgresql+psycopg://postgres@/{name}?host={self.folder}&port={self.port}"

    def run(self, statement: str, database: str = "postgres") -> list[tuple[object, ...]]:
        """Run a statement as its owner; returns the rows it gives."""
        address = f"host={self.folder} port={self.port} user=postgres dbname={database}"
        with psycopg.connect(address, autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []


def programs() -> Path | None:
    """The folder with PostgreSQL's own programs, None where it is not installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda each: int(each.parts[-3]))
    if found:
        return found[-1].parent
    elsewhere = shutil.which("postgres")
    return Path(elsewhere).parent if elsewhere else None


def as_owner(words: list[str]) -> list[str]:
    """The command as an ordinary user runs it: PostgreSQL refuses to be root."""
    return ["runuser", "-u", "postgres", "--", *words] if os.geteuid() == 0 else words


@contextmanager
def running(folder_of_programs: Path) -> Iterator[Cluster]:
    """A cluster that lives as long as the block and leaves nothing behind."""
    # Not below pytest's own folder: that one only its owner may enter, who is root in a container.
    folder = Path(tempfile.mkdtemp(prefix="dispatcher-pg-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
        data = folder / "data"
        make = [str(folder_of_programs / "initdb"), "-D", str(data), "-U", "postgres", "-A", "trust"]
        subprocess.run(
            as_owner([*make, "-E", "UTF8", "--no-locale", "--no-sync"]),
            check=True,
            capture_output=True,
            cwd="/",
        )
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        options = {
            "port": port, "listen_addresses": "127.0.0.1", "unix_socket_directories": folder, "fsync": "off",
            "full_page_writes": "off", "max_connections": 200, "autovacuum": "off", "shared_buffers": "64MB",
        }  # fmt: skip
        words = [str(folder_of_programs / "postgres"), "-D", str(data)]
        words += [each for name, value in options.items() for each in ("-c", f"{name}={value}")]
        cluster = Cluster(folder, port)
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(as_owner(words), stdout=log, stderr=log, cwd="/")
        try:
            until(lambda: answers(cluster), "PostgreSQL does not start")
            yield cluster
        finally:
            stop = [str(folder_of_programs / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop"]
            subprocess.run(as_owner(stop), check=False, capture_output=True, cwd="/")
            server.wait(20)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def answers(cluster: Cluster) -> bool:
    """Whether it takes questions."""
    try:
        cluster.run("SELECT 1")
    except psycopg.OperationalError:
        return False
    return True
