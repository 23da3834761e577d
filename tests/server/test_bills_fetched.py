"""Yesterday's bill, fetched by a node of its own accord: once, for every region, with nothing found twice."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from dispatcher_app import clock
from dispatcher_app.domain.calendar import HOUR_MS, local_date, next_date
from dispatcher_app.domain.money.discrepancy import Bill, Discrepancy
from dispatcher_app.server.node import Node, open_node
from dispatcher_app.server.pay.fetch import READY_HOUR, fetch
from dispatcher_app.server.store import record
from tests.payments.till import ended, providers
from tests.payments.wechat import WechatHouse, wechat_house
from tests.server.city import Place
from tests.server.test_provider_notices import bill_of


@pytest.fixture
def tenpay() -> Iterator[WechatHouse]:
    with wechat_house() as made:
        yield made


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    made = asyncio.new_event_loop()
    yield made
    made.close()


@pytest.fixture
def node(
    place: Place, tenpay: WechatHouse, tmp_path: Path, loop: asyncio.AbstractEventLoop
) -> Iterator[Node]:
    made = open_node(place.url, place.data / "secret.key", loop)
    made.payments = {"wechat": providers(tmp_path, tenpay.url, tenpay.url)["wechat"]}
    yield made
    ended(loop, made.payments)
    loop.run_until_complete(made.archive.close())
    made.close()


def kept(node: Node) -> tuple[list[Bill], list[Discrepancy]]:
    """What was read and found in all regions."""
    with node.database.reading() as cursor:
        found = [each for region in ("sh", "bj") for kind in ("bill", "discrepancy")
                 for each in record.load_all(cursor, kind, region)]  # fmt: skip
    bills = [each for each in found if isinstance(each, Bill)]
    return bills, [each for each in found if isinstance(each, Discrepancy)]


def test_yesterdays_bill_is_read_once_for_every_region(
    node: Node, tenpay: WechatHouse, loop: asyncio.AbstractEventLoop
) -> None:
    assert loop.run_until_complete(fetch(node)) == 0
    date = next_date(local_date(clock.now_ms() - READY_HOUR * HOUR_MS, "Asia/Shanghai"), -1)
    tenpay.bills[date] = bill_of(date, ("f" * 32, 999))
    tenpay.faults = ["down"]
    assert loop.run_until_complete(fetch(node)) == 0
    assert loop.run_until_complete(fetch(node)) == 2
    bills, differences = kept(node)
    assert [(each.date, each.read_by) for each in bills] == [(date, "system:dispatcher")] * 2
    assert [(each.what, each.theirs) for each in differences] == [("theirs_only", 999)]
    asked = len(tenpay.asked)
    assert loop.run_until_complete(fetch(node)) == 0
    assert len(tenpay.asked) == asked


def test_a_bill_of_somebody_else_is_not_kept(
    node: Node, tenpay: WechatHouse, loop: asyncio.AbstractEventLoop
) -> None:
    date = next_date(local_date(clock.now_ms() - READY_HOUR * HOUR_MS, "Asia/Shanghai"), -1)
    tenpay.bills[date] = bill_of(date, ("f" * 32, 999)).replace(b"1900000109", b"1900000000")
    assert loop.run_until_complete(fetch(node)) == 0
    assert kept(node) == ([], [])
