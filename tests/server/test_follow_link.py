"""A link that passed through a desk: it shows the order, answers nothing, and has the one that answers sent."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import httpx
import pytest

from dispatcher_app import clock
from dispatcher_app.domain import command as c
from dispatcher_app.server import link
from dispatcher_app.server.notices.means import SECRET as SECRET_NAME
from dispatcher_app.server.pages.form import COMMANDS
from dispatcher_app.server.vault import Vault
from tests.server.city import Place, assign, book
from tests.server.desk import Desk, desk
from tests.server.gateway import SECRET, Gateway, gateway
from tests.server.onsite import DOOR, begun, completed, finished, form_of, quoted, state, token_of
from tests.server.process import Server
from tests.server.waiting import until

PUBLIC = "http://127.0.0.1:8443"


@pytest.fixture
def outside(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gateway]:
    """Whoever carries the notices."""
    monkeypatch.setitem(os.environ, SECRET_NAME, SECRET)
    with gateway() as made:
        yield made


@pytest.fixture
def public(sqlite: Place, launch: Callable[..., Server], outside: Gateway) -> Server:
    """A server that customers reach and that tells them."""
    return launch(sqlite, "--notices", outside.url, "--public", PUBLIC)


@pytest.fixture
def lina(public: Server) -> Iterator[Desk]:
    """A supervisor who quotes."""
    with desk(public.url, "lina") as made:
        yield made


@pytest.fixture
def browser(public: Server) -> Iterator[httpx.Client]:
    """A browser anywhere."""
    with httpx.Client(base_url=public.url, timeout=30, headers={"accept-language": "zh-CN"}) as made:
        yield made


def fetched(desk: Desk, order: str = "o-1") -> str:
    """The page that a desk's link leads to."""
    answer = desk.http.get(f"/orders/{order}/link")
    assert answer.status_code == 200, answer.text
    return str(urlsplit(answer.json()["link"]).path)


def test_who_quotes_cannot_agree_with_the_link_that_the_desk_gives_him(
    lina: Desk, browser: httpx.Client
) -> None:
    path = fetched(lina, quoted(lina))
    page = browser.get(path).text
    assert "¥150" in page
    assert "只能查看" in page
    for action in COMMANDS:
        assert f"/{action}?" not in page, action
    # The seal of the one form that the page has is good for no other.
    seal = form_of(page, "link")
    for action, more in (("confirm-quote", {"number": "1"}), ("decline-quote", {"number": "1"})):
        answer = browser.post(f"{path}/{action}", data={**seal, **more})
        assert answer.status_code == 422
        (trouble,) = re.findall(r'<p class="trouble" role="alert">(.*?)</p>', answer.text)
        assert "这个链接只能查看" in trouble
    assert state(lina, "o-1")["revisions"][0]["state"] == "proposed"


def test_finished_work_is_neither_confirmed_nor_reviewed_through_it(
    lina: Desk, browser: httpx.Client
) -> None:
    path = fetched(lina, finished(lina, "o-1"))
    page = browser.get(path).text
    assert "请您验收" in page
    assert browser.post(f"{path}/confirm", data=form_of(page, "link")).status_code == 422
    assert state(lina, "o-1").get("confirmed_at") is None
    path = fetched(lina, completed(lina, "o-2"))
    page = browser.get(path).text
    stars = dict.fromkeys(("stars", "skill", "attitude", "efficiency"), "5") | {"solved": "yes"}
    assert browser.post(f"{path}/review", data={**form_of(page, "link"), **stars}).status_code == 422
    assert ("review", "o-2") not in lina.state()


def test_neither_a_word_nor_having_read_comes_from_the_customer_through_it(
    lina: Desk, browser: httpx.Client
) -> None:
    path = fetched(lina, begun(lina))
    lina.do(c.SendMessage(order="o-1", to=("customer",), text="配件明天到"))
    page = browser.get(path, headers={"sec-fetch-mode": "navigate"}).text
    assert "配件明天到" in page
    assert browser.post(f"{path}/message", data={**form_of(page, "link"), "text": "好"}).status_code == 422
    talk = state(lina, "o-1")["talk"]
    assert (talk["customer"], talk.get("staff", 0)) == (1, 0)


def test_the_link_that_answers_goes_to_the_number_on_file_and_to_no_desk(
    lina: Desk, browser: httpx.Client, outside: Gateway
) -> None:
    path = fetched(lina, quoted(lina))
    page = browser.get(path).text
    sending = form_of(page, "link")
    for _ in range(2):
        answer = browser.post(f"{path}/link", data=sending)
        assert answer.status_code == 303
    assert "链接已发往您登记的手机号" in browser.get(answer.headers["location"]).text
    until(lambda: "customer.link" in outside.whats(), "no link was sent")
    (said,) = [each for each in outside.taken.values() if each["what"] == "customer.link"]
    assert said["to"] == "+8613800000000"
    own = "/t/" + said["text"].rpartition("/t/")[2]
    listed = lina.http.get("/notices", params={"order": "o-1"}).json()["notices"]
    assert "link" in [each["what"] for each in listed]
    assert not [each for each in listed if "/t/" in each["text"]]
    form = form_of(browser.get(own).text, "confirm-quote")
    assert browser.post(f"{own}/confirm-quote", data=form).status_code == 303
    assert state(lina, "o-1")["revisions"][0]["state"] == "accepted"


def test_a_link_is_sent_three_times_an_hour_and_no_more(lina: Desk, browser: httpx.Client) -> None:
    path = fetched(lina, begun(lina))
    answers = []
    for _ in range(4):
        form = form_of(browser.get(path).text, "link")
        answers.append(browser.post(f"{path}/link", data=form).status_code)
    assert answers == [303, 303, 303, 429]


def test_a_link_sent_before_keeps_speaking_for_the_customer(
    sqlite: Place, lina: Desk, browser: httpx.Client
) -> None:
    token = token_of(sqlite, quoted(lina))
    form = form_of(browser.get(f"/t/{token}").text, "confirm-quote")
    assert browser.post(f"/t/{token}/confirm-quote", data=form).status_code == 303


def test_a_link_that_follows_cannot_be_made_into_one_that_speaks() -> None:
    vault, now = Vault(b"1" * 32), clock.now_ms()
    follows = link.made(vault, "o-1", now, 7, speaks=False)
    assert link.opened(vault, follows, now) == link.Opened("o-1", speaks=False)
    speaking = link.made(vault, "o-1", now, 7)
    with pytest.raises(link.Forged):
        link.opened(vault, speaking[:2] + follows[2:], now)


def test_a_number_that_staff_changed_confirms_nothing_until_somebody_else_has_looked(
    lina: Desk, browser: httpx.Client, public: Server, sqlite: Place
) -> None:
    order = quoted(lina)
    lina.do(c.ChangeCustomer(customer="c-" + order, from_version=1, name="张丽华", phone="13911112222"))
    assert "number_changed" in state(lina, order)["flags"]
    path = f"/t/{token_of(sqlite, order)}"
    page = browser.get(path).text
    assert "您的联系电话刚由工作人员修改过" in page
    assert "/confirm-quote?" not in page
    seal = form_of(page, "decline-quote")
    answer = browser.post(f"{path}/confirm-quote", data=seal)
    assert answer.status_code == 422
    assert "客户电话刚被工作人员改过" in answer.text
    for means in ("phone", "code"):
        refused = lina.send(c.ConfirmQuote(order=order, number=1, confirmation=means, code="000000"))
        assert refused.json()["rejected"] == "number_changed"
    refused = lina.send(c.ClearFlag(order=order, flag="number_changed", reason="checked_by_call"))
    assert refused.json()["rejected"] == "own_flag"
    assert state(lina, order)["revisions"][0]["state"] == "proposed"
    with desk(public.url, "wangfang") as other:
        other.do(c.ConfirmQuote(order=order, number=1, confirmation="phone"))
    assert state(lina, order)["revisions"][0]["state"] == "accepted"


def test_a_number_changed_before_anybody_set_out_answers_no_quote_of_who_changed_it(
    lina: Desk, browser: httpx.Client, public: Server, sqlite: Place
) -> None:
    order = "o-1"
    lina.do(book(order=order))
    lina.do(c.ChangeCustomer(customer="c-" + order, from_version=1, name="张丽华", phone="13911112222"))
    lina.do(assign(order))
    lina.do(c.Depart(order=order, technician="sh-t0"))
    lina.do(c.Arrive(order=order, technician="sh-t0", point=DOOR, accuracy_m=10))
    assert state(lina, order)["flags"] == []
    line = c.QuotedLine(item="ac", fault="cool", brand="格力", labour=15000)
    lina.do(c.ReviseQuote(order=order, number=1, lines=(line,), reason="other_fault"))
    assert "number_changed" in state(lina, order)["flags"]
    path = f"/t/{token_of(sqlite, order)}"
    seal = form_of(browser.get(path).text, "decline-quote")
    assert browser.post(f"{path}/confirm-quote", data=seal).status_code == 422
    refused = lina.send(c.ConfirmQuote(order=order, number=1, confirmation="code", code="000000"))
    assert refused.json()["rejected"] == "number_changed"
    with desk(public.url, "wangfang") as other:
        other.do(c.ConfirmQuote(order=order, number=1, confirmation="phone"))
    assert state(lina, order)["revisions"][0]["state"] == "accepted"
