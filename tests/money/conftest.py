"""A company with completed and paid orders, on both databases; the databases are those of the server's tests."""

from __future__ import annotations

import pytest

from tests.money.bought import completed
from tests.server.city import Gate
from tests.server.conftest import (
    cluster,
    gate,
    launch,
    place,
    postgres,
    seeded,
    server,
    sqlite,
    template,
)

__all__ = ["cluster", "gate", "launch", "place", "postgres", "seeded", "server", "sqlite", "template"]


@pytest.fixture
def paid(gate: Gate) -> Gate:
    """The company with one order `o-1` that is completed and paid in cash to its technician."""
    completed(gate)
    return gate
