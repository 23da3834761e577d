"""A technician's phone as the server sees it: his token, what he asks and says."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from dispatcher_app.domain.command import name_of
from tests.server.city import Place
from tests.server.desk import wire
from tests.server.process import administer_here


@dataclass
class Phone:
    """A technician who is let in."""

    id: str
    http: httpx.Client

    def send(self, command: Any, **other: Any) -> httpx.Response:
        """Say something."""
        return self.http.post(f"/commands/{name_of(command)}", json=wire(command, **other))

    def mine(self) -> dict[str, Any]:
        """What he may take, and what is gone."""
        response = self.http.get("/mine/offers")
        assert response.status_code == 200, response.text
        found: dict[str, Any] = response.json()
        return found

    def sees(self, order: str) -> str:
        """Under which heading he sees an order, "" where he does not."""
        found = self.mine()
        return next((what for what in ("offers", "pool", "gone") if order_in(found[what], order)), "")


def order_in(rows: list[dict[str, Any]], order: str) -> dict[str, Any] | None:
    """The row of an order."""
    return next((each for each in rows if each["order"] == order), None)


def token(place: Place, id: str) -> str:
    """A token for a technician, from the keeper's program."""
    done = administer_here(place, "technician-token", id, "--device", "test")
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@contextmanager
def phone(url: str, place: Place, id: str) -> Iterator[Phone]:
    """A technician's phone at that server."""
    headers = {"authorization": f"Bearer {token(place, id)}"}
    with httpx.Client(base_url=url, headers=headers, timeout=30) as http:
        yield Phone(id, http)
