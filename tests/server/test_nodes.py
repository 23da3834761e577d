"""Several nodes on one PostgreSQL: whoever commits, every desk of every node hears it, once and in order."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.server.city import Place, book, open_gate
from tests.server.cluster import Cluster
from tests.server.desk import desk, stream
from tests.server.process import Server, spawn
from tests.server.waiting import until

pytestmark = pytest.mark.xdist_group("nodes")


@pytest.fixture
def nodes(postgres: Place, launch: Callable[..., Server]) -> tuple[Server, Server]:
    """Two nodes on one database."""
    return launch(postgres), launch(postgres)


def test_acts_on_either_node_reach_the_desks_of_both_in_order(nodes: tuple[Server, Server]) -> None:
    one, other = nodes
    with desk(one.url) as a, desk(other.url, "lina") as b, stream(a) as at_a, stream(b) as at_b:
        head = at_a.named("hello")[0]["heads"]["sh"]
        failures: list[AssertionError] = []

        def work(who: object, first: int) -> None:
            try:
                for number in range(first, first + 25):
                    who.do(book(number))  # type: ignore[attr-defined]
            except AssertionError as error:
                failures.append(error)

        workers = [threading.Thread(target=work, args=(who, first)) for who, first in ((a, 0), (b, 100))]
        for each in workers:
            each.start()
        for each in workers:
            each.join(60)
        assert failures == []
        for watched in (at_a, at_b):
            watched.seq(head + 50)
            assert [each["seq"] for each in watched.messages()] == list(range(head + 1, head + 51))
        assert a.state() == b.state()


def test_a_node_that_dies_takes_nothing_with_it(nodes: tuple[Server, Server]) -> None:
    one, other = nodes
    with desk(one.url) as a, desk(other.url) as b, stream(b) as at_b:
        booked = a.do(book())
        one.kill()
        at_b.seq(booked["message"]["seq"])
        after = b.do(book(1))
        assert after["message"]["seq"] == booked["message"]["seq"] + 1


def test_acts_arrive_by_asking_when_notifications_are_cut_off(
    nodes: tuple[Server, Server], cluster: Cluster, postgres: Place
) -> None:
    one, other = nodes
    listening = "pid FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = "
    name = postgres.url.split("@/")[1].split("?")[0]
    with desk(one.url) as a, desk(other.url) as b, stream(b) as at_b:
        until(lambda: len(cluster.run(f"SELECT {listening}'{name}'")) == 2, "the nodes do not listen")
        cluster.run(f"SELECT pg_terminate_backend(pid) FROM (SELECT {listening}'{name}') found")
        for number in range(5):
            at_b.seq(a.do(book(number))["message"]["seq"])
        until(lambda: len(cluster.run(f"SELECT {listening}'{name}'")) == 2, "the nodes do not listen again")


def test_every_connection_cut_at_once_is_survived(
    postgres: Place, launch: Callable[..., Server], cluster: Cluster
) -> None:
    server = launch(postgres)
    name = postgres.url.split("@/")[1].split("?")[0]
    with desk(server.url) as one, stream(one) as opened:
        one.do(book())
        cluster.run(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
        again = until(lambda: one.send(book(1)).status_code == 200, "the server never came back")
        assert again
        assert until(lambda: one.http.get("/readyz").status_code == 200, "the server is never ready again")
        until(lambda: len(opened.messages()) >= 2, "the stream never went on")


def test_a_node_with_another_key_does_not_start(postgres: Place, tmp_path: Path) -> None:
    foreign = Place(postgres.url, tmp_path / "other")
    process, said, _ = spawn(foreign)
    assert process.wait(20) != 0
    assert said["error"] == "wrong_key"
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.close()
    process.stdout.close()


def test_two_writers_take_turns_and_leave_no_gap(postgres: Place) -> None:
    one, other = open_gate(postgres), open_gate(postgres)
    try:
        futures = [gate.submit(book(number)) for number in range(100) for gate in (one, other)]
        numbers = sorted(each.result(60).message.seq for each in futures)
        assert numbers == list(range(numbers[0], numbers[0] + 200))
        found = one.all("SELECT number FROM order_row WHERE region = 'sh'")
        assert len({row[0] for row in found}) == len(found)
    finally:
        one.close()
        other.close()


def test_two_nodes_that_make_the_tables_at_once_make_them_once(cluster: Cluster, tmp_path: Path) -> None:
    cluster.run("CREATE DATABASE fresh")
    place = Place(cluster.url("fresh"), tmp_path)
    place.open()[0].close()
    cluster.run("DROP DATABASE fresh")
    cluster.run("CREATE DATABASE fresh")
    faults: list[BaseException] = []

    def make() -> None:
        try:
            place.open()[0].close()
        except BaseException as error:  # noqa: BLE001
            faults.append(error)

    threads = [threading.Thread(target=make) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    assert faults == []
    cluster.run("DROP DATABASE fresh WITH (FORCE)")
