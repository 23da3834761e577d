"""What technicians have and get is sent to those who settle, and to nobody else's desk."""

import asyncio
import json
from collections.abc import Callable

import pytest

from dispatcher_app import codec
from dispatcher_app.domain import command as c
from dispatcher_app.domain import role
from dispatcher_app.domain.act import Actor
from dispatcher_app.domain.region import Staff
from dispatcher_app.server import sight
from dispatcher_app.server.hub import Hub
from tests.server.city import Place
from tests.server.desk import desk, stream
from tests.server.process import Server
from tests.server.waiting import until


def person(*roles: str) -> Actor:
    return Actor(kind="staff", id="wangfang", roles=frozenset(roles), regions=frozenset({"sh"}))


def message(*kinds: str) -> bytes:
    changes = [codec.ChangeMessage(kind, f"{kind}-1", 1, codec.Raw(b'{"id":"x"}')) for kind in kinds]
    return codec.encode(
        codec.Message(log="sh", seq=1, at=1, actor="staff:zhao", act="act", command="settle", changes=changes)
    )


def kinds(data: bytes) -> list[str]:
    return [each["kind"] for each in json.loads(data).get("changes", [])]


@pytest.mark.parametrize("kind", ["account", "settlement", "statement", "withdrawal"])
def test_what_a_technician_gets_is_seen_by_finance_and_supervisors_only(kind: str) -> None:
    for each in role.STAFF_ROLES:
        hidden = kind in sight.hidden_from(person(each))
        assert hidden == (each not in {"finance", "supervisor"})


def test_who_holds_two_roles_sees_what_either_of_them_sees() -> None:
    assert sight.hidden_from(person("dispatcher", "finance")) == frozenset()


def test_a_wall_is_told_of_no_person() -> None:
    assert sight.hidden_from(person("wall")) >= codec.PERSONAL


def test_a_message_keeps_its_number_and_what_everybody_may_see() -> None:
    hidden = sight.hidden_from(person("dispatcher"))
    data = message("order", "withdrawal", "statement")
    assert kinds(sight.without(data, hidden)) == ["order"]
    assert json.loads(sight.without(data, hidden))["seq"] == 1
    assert sight.without(data, sight.hidden_from(person("finance"))) is data
    plain = message("order")
    assert sight.without(plain, hidden) is plain


def test_the_answer_to_a_command_tells_no_more_than_the_stream() -> None:
    reply = codec.Reply(codec.decode(message("order", "withdrawal"), codec.Message))
    told = sight.reply_without(reply, sight.hidden_from(person("dispatcher")))
    assert [each.kind for each in told.message.changes] == ["order"]


def test_each_desk_on_the_stream_gets_what_its_roles_see() -> None:
    async def run() -> None:
        hub = Hub("id", {"sh": 0})
        desks = {
            name: hub.stream(["sh"], name, hidden=sight.hidden_from(person(name)))
            for name in ("dispatcher", "finance", "wall")
        }
        for each in desks.values():
            await anext(each)
        hub.publish([("sh", 1, message("order", "customer", "withdrawal"))])
        got = {name: kinds((await anext(each)).split(b"data: ")[1].strip()) for name, each in desks.items()}
        assert got == {
            "dispatcher": ["order", "customer"],
            "finance": ["order", "customer", "withdrawal"],
            "wall": ["order"],
        }
        for each in desks.values():
            await each.aclose()

    asyncio.run(run())


def test_a_desk_whose_roles_change_is_sent_away_and_comes_back_to_what_they_see(
    sqlite: Place, launch: Callable[..., Server]
) -> None:
    server = launch(sqlite)
    with desk(server.url, "wangfang") as dispatcher, desk(server.url, "guanli") as administrator:
        with stream(dispatcher) as watched:
            staff = dispatcher.http.get("/me").json()["staff"]
            administrator.do(
                c.SaveStaff(
                    staff=Staff(
                        id="wangfang", name=staff["name"], roles=("finance",), regions=("sh",), version=staff["version"]
                    )
                )
            )  # fmt: skip
            until(watched.ended.is_set, "the stream went on as before")
        # A node remembers whom a token belongs to for a moment.
        until(
            lambda: dispatcher.http.get("/payroll/accounts", params={"region": "sh"}).status_code == 200,
            "whoever settles by now is still told nothing",
        )
