"""A server that is killed with -9 when money is on its way, and started again by whoever still wants something of it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from dispatcher_app.domain.command import name_of
from tests.payments.wechat import WechatHouse
from tests.server.city import PASSWORD, Place
from tests.server.desk import wire
from tests.server.process import Server
from tests.server.waiting import until

USERS = ("lina", "chen", "zhao")


@dataclass
class Doomed:
    """The server of a place; `at` is the request to the provider at which it dies next, and how, "" for none.

    "unheard": before the provider has heard of it; "lost": when the provider has done it and not answered yet; "told":
    so many seconds after the answer.
    """

    place: Place
    launch: Callable[..., Server]
    house: WechatHouse
    settings: Path
    server: Server | None = None
    tokens: dict[str, str] = field(default_factory=dict)
    at: str = ""
    how: str = ""
    delay_s: float = 0.0
    kills: int = 0

    def begin(self) -> None:
        """Start it, and log everybody in once: their tokens outlive it."""
        self.server = self.launch(self.place, "--payments", str(self.settings))
        for user in USERS:
            if user not in self.tokens:
                body = {"user": user, "password": PASSWORD, "device": "test"}
                answer = httpx.post(f"{self.server.url}/login", json=body, timeout=30)
                self.tokens[user] = answer.json()["token"]
        self.house.fault = self.fault  # type: ignore[method-assign]

    def fault(self, what: str) -> str:
        """How the provider answers a request: he is the one who sees when the server is in the middle of something."""
        if not self.at or self.at not in what:
            return ""
        how, self.at = self.how, ""
        if how == "told":
            threading.Timer(self.delay_s, self.kill).start()
            return ""
        self.kill()
        return "down" if how == "unheard" else ""

    def kill(self) -> None:
        """As a power cut would."""
        if self.server is not None:
            self.kills += 1
            self.server.process.kill()

    def again(self) -> None:
        """Start it again where it is gone."""
        if self.server is None or self.server.process.poll() is not None:
            if self.server is not None:
                self.server.finished()
            self.begin()

    def request(self, method: str, path: str, user: str, body: Any = None) -> httpx.Response | None:
        """An answer, None where the server went away."""
        self.again()
        assert self.server is not None
        headers = {"authorization": f"Bearer {self.tokens[user]}"}
        try:
            return httpx.request(method, self.server.url + path, json=body, headers=headers, timeout=30)
        except httpx.HTTPError:
            self.server.process.kill()
            return None

    def do(self, command: Any, user: str = "lina") -> Mapping[str, Any]:
        """An act, sent again with the same id until it is answered, as an outbox does."""
        body = wire(command)
        answer = until(lambda: self.request("POST", f"/commands/{name_of(command)}", user, body), "no answer")
        assert answer is not None
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def dying(self, command: Any, user: str = "lina", delay_s: float = 0.004) -> Mapping[str, Any]:
        """The same, with a server that dies while it is about it."""
        self.again()
        timer = threading.Timer(delay_s, self.kill)
        timer.start()
        try:
            return self.do(command, user)
        finally:
            timer.join()

    def look(self, kind: str, id: str) -> dict[str, Any]:
        """An entity as a new desk gets it."""

        def found() -> dict[str, Any] | None:
            after = 0
            while True:
                answer = self.request("GET", f"/changes?log=sh&after={after}&limit=5000", "zhao")
                if answer is None or answer.status_code != 200:
                    return None
                page = answer.json()
                for each in page["changes"]:
                    if (each["kind"], each["id"]) == (kind, id):
                        body: dict[str, Any] = each["body"]
                        return body
                if not page["more"]:
                    return {"state": ""}
                after = page["upto"]

        seen = until(found, f"no {kind} {id}")
        assert seen is not None
        return seen

    def wait(self, kind: str, id: str, *states: str) -> dict[str, Any]:
        """An entity once it is in one of these states, however often the server dies until then."""

        def reached() -> dict[str, Any] | None:
            body = self.look(kind, id)
            return body if body.get("state") in states else None

        found = until(reached, f"{kind} {id} never was {states}", 60)
        assert found is not None
        return found

    def end(self) -> None:
        """Stop it in peace."""
        self.at = ""
        if self.server is not None and self.server.process.poll() is None:
            self.server.stop()
