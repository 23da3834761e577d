"""Both providers as stand-ins, and ourselves as their merchant."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest

from dispatcher_app.integrations.payments.alipay import Alipay
from dispatcher_app.integrations.payments.setting import opened
from dispatcher_app.integrations.payments.wechatpay import WechatPay
from tests.payments import alipay, wechat
from tests.payments.alipay import AlipayHouse, alipay_house
from tests.payments.wechat import WechatHouse, wechat_house

T = TypeVar("T")
Wait = Callable[[Awaitable[T]], T]


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    made = asyncio.new_event_loop()
    yield made
    made.close()


@pytest.fixture
def wait(loop: asyncio.AbstractEventLoop) -> Callable[[Awaitable[Any]], Any]:
    """The answer to a question that takes a while."""

    def answered(work: Awaitable[Any]) -> Any:
        return loop.run_until_complete(work)

    return answered


@pytest.fixture
def tenpay() -> Iterator[WechatHouse]:
    with wechat_house() as made:
        yield made


@pytest.fixture
def antpay() -> Iterator[AlipayHouse]:
    with alipay_house() as made:
        yield made


@pytest.fixture(params=["key", "certificate", "both"])
def wechat_pay(
    request: pytest.FixtureRequest, tenpay: WechatHouse, tmp_path: Path, loop: asyncio.AbstractEventLoop
) -> Iterator[WechatPay]:
    """Our account at the stand-in, in each way that a merchant knows WeChat Pay's key."""
    tenpay.signs_as = "certificate" if request.param == "certificate" else "key"
    (tmp_path / "payments.toml").write_text(wechat.settings(tmp_path, tenpay.url, request.param))
    made = opened(tmp_path / "payments.toml", "https://repair.example.com")["wechat"]
    assert isinstance(made, WechatPay)
    yield made
    loop.run_until_complete(made.end())


@pytest.fixture(params=["key", "certificate"])
def ali_pay(
    request: pytest.FixtureRequest, antpay: AlipayHouse, tmp_path: Path, loop: asyncio.AbstractEventLoop
) -> Iterator[Alipay]:
    """Our shop at the stand-in, in each way that a shop knows Alipay's key."""
    antpay.mode = request.param
    (tmp_path / "payments.toml").write_text(alipay.settings(tmp_path, antpay.url, request.param))
    made = opened(tmp_path / "payments.toml", "https://repair.example.com")["alipay"]
    assert isinstance(made, Alipay)
    yield made
    loop.run_until_complete(made.end())
