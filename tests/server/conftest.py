"""Databases of both kinds with the same small company in them, and servers on top."""

import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.server import cluster as postgresql
from tests.server.city import Gate, Place, copy_of, open_gate, seed
from tests.server.process import Server, start


@pytest.fixture(scope="session")
def cluster() -> Iterator[postgresql.Cluster]:
    """A private PostgreSQL, one for each worker of the test run."""
    programs = postgresql.programs()
    if programs is None:
        if os.environ.get("CI"):
            raise AssertionError("PostgreSQL is not installed (apt-get install postgresql)")
        pytest.skip("PostgreSQL is not installed (apt-get install postgresql)")
    with postgresql.running(programs) as made:
        yield made


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the company in SQLite, to be copied."""
    data = tmp_path_factory.mktemp("seeded") / "data"
    data.mkdir()
    seed(Place(f"sqlite:///{data / 'dispatcher.db'}", data))
    return data


@pytest.fixture(scope="session")
def template(cluster: postgresql.Cluster, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The company in a PostgreSQL database `seeded`, to be copied; gives the folder with its key."""
    data = tmp_path_factory.mktemp("template")
    cluster.run("CREATE DATABASE seeded")
    seed(Place(cluster.url("seeded"), data))
    return data


@pytest.fixture
def sqlite(seeded: Path, tmp_path: Path) -> Place:
    """A company of the test's own in SQLite."""
    return copy_of(seeded, tmp_path / "data")


@pytest.fixture
def postgres(cluster: postgresql.Cluster, template: Path, tmp_path: Path) -> Iterator[Place]:
    """A company of the test's own in PostgreSQL."""
    name = f"t{uuid.uuid4().hex}"
    cluster.run(f"CREATE DATABASE {name} TEMPLATE seeded")
    data = tmp_path / "data"
    data.mkdir()
    (data / "secret.key").write_bytes((template / "secret.key").read_bytes())
    yield Place(cluster.url(name), data)
    cluster.run(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest) -> Place:
    """The company on each of the two databases."""
    found: Place = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def gate(place: Place) -> Iterator[Gate]:
    """A writer alone on each of the two databases."""
    made = open_gate(place)
    yield made
    made.close()


@pytest.fixture
def launch() -> Iterator[Callable[..., Server]]:
    """Starts servers, and stops those that still run at the end."""
    with ExitStack() as stack:

        def begin(place: Place, *words: str, local_token: str | None = None) -> Server:
            server = start(place, *words, local_token=local_token)
            stack.callback(server.stop)
            return server

        yield begin


@pytest.fixture
def server(place: Place, launch: Callable[..., Server]) -> Server:
    """A server on each of the two databases."""
    return launch(place)
