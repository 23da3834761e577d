"""A desk as the server sees it: a token, requests, and an open stream."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

from dispatcher_app import clock, codec
from dispatcher_app.domain.command import PLATFORM_COMMANDS, name_of
from dispatcher_app.domain.entity import PLATFORM
from tests.server.city import PASSWORD
from tests.server.waiting import until


def wire(command: Any, **other: Any) -> dict[str, Any]:
    """The body of a command as it travels."""
    region = PLATFORM if type(command) in PLATFORM_COMMANDS else "sh"
    given = {"id": clock.new_id(), "at": clock.now_ms(), "region": region}
    return {**given, **other, "command": json.loads(codec.encode(command))}


@dataclass
class Desk:
    """A logged-in person."""

    http: httpx.Client

    def send(self, command: Any, **other: Any) -> httpx.Response:
        """Submit an act."""
        return self.http.post(f"/commands/{name_of(command)}", json=wire(command, **other))

    def do(self, command: Any, **other: Any) -> dict[str, Any]:
        """The answer to an act that is accepted."""
        response = self.send(command, **other)
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = response.json()
        return answer

    def pages(
        self, log: str, after: int = 0, limit: int = 2000, first: bool = False
    ) -> Iterator[dict[str, Any]]:
        """Every page of changes after a number."""
        more = True
        while more:
            params: dict[str, str | int] = {
                "log": log,
                "after": after,
                "limit": limit,
                **({"first": 1} if first else {}),
            }
            response = self.http.get("/changes", params=params)
            assert response.status_code == 200, response.text
            page: dict[str, Any] = response.json()
            yield page
            after, more = page["upto"], page["more"]

    def state(self, log: str = "sh", limit: int = 2000) -> dict[tuple[str, str], tuple[int, Any]]:
        """Every entity of a log as a new desk gets it: version and body."""
        found = (each for page in self.pages(log, limit=limit) for each in page["changes"])
        return {(each["kind"], each["id"]): (each["version"], each["body"]) for each in found}


@dataclass
class Stream:
    """The events of an open stream as they come in."""

    events: list[tuple[str, Any]] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)

    def named(self, name: str) -> list[Any]:
        """The events of a name so far."""
        return [data for event, data in list(self.events) if event == name]

    def messages(self, log: str = "sh") -> list[dict[str, Any]]:
        """The messages of a log so far."""
        return [each for each in self.named("message") if each["log"] == log]

    def wait(self, condition: Callable[["Stream"], Any], otherwise: str) -> Any:
        """What the condition gives once it gives something true."""
        return until(lambda: condition(self), otherwise)

    def seq(self, number: int, log: str = "sh") -> dict[str, Any]:
        """The message of that number, once it is here."""
        found: dict[str, Any] = self.wait(
            lambda stream: next((each for each in stream.messages(log) if each["seq"] == number), None),
            f"message {number} of {log} never came",
        )
        return found


def log_in(url: str, user: str, password: str = PASSWORD, local_token: str | None = None) -> httpx.Response:
    """The answer to a log-in."""
    headers = {"x-dispatcher-local": local_token} if local_token else {}
    body = {"user": user, "password": password, "device": "test"}
    return httpx.post(f"{url}/login", json=body, headers=headers, timeout=30)


@contextmanager
def desk(url: str, user: str = "wangfang", local_token: str | None = None) -> Iterator[Desk]:
    """A person at a desk of that server."""
    answer = log_in(url, user, local_token=local_token)
    assert answer.status_code == 200, answer.text
    headers = {"authorization": f"Bearer {answer.json()['token']}"}
    if local_token:
        headers["x-dispatcher-local"] = local_token
    with httpx.Client(base_url=url, headers=headers, timeout=30) as http:
        yield Desk(http)


@contextmanager
def stream(desk: Desk, *logs: str) -> Iterator[Stream]:
    """An open stream of that desk, hello already read."""
    opened = Stream()
    request = desk.http.build_request(
        "GET", "/stream", params={"logs": ",".join(logs or ("sh",))}, timeout=httpx.Timeout(30, read=None)
    )
    response = desk.http.send(request, stream=True)
    assert response.status_code == 200, response.read()

    def follow() -> None:
        name = ""
        try:
            for line in response.iter_lines():
                if line.startswith("event: "):
                    name = line.removeprefix("event: ")
                elif line.startswith("data: "):
                    opened.events.append((name, json.loads(line.removeprefix("data: "))))
        # However a stream ends (server gone, closed here), what counts is that it has.
        except (httpx.HTTPError, httpx.StreamError, OSError):
            pass
        finally:
            opened.ended.set()

    reader = threading.Thread(target=follow, daemon=True)
    reader.start()
    try:
        opened.wait(lambda found: found.named("hello"), "no hello")
        yield opened
    finally:
        shut(response)
        reader.join(20)
        response.close()
        assert not reader.is_alive()


def shut(response: httpx.Response) -> None:
    """Cut the connection below a reader, who then comes to an end."""
    network = response.extensions["network_stream"].get_extra_info("socket")
    try:
        network.shutdown(2)
    except OSError:
        return
