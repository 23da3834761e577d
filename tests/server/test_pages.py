"""The customer's page: what it shows and to whom, what can be said on it, and what it keeps to itself."""

import re
from collections.abc import Callable, Iterator
from typing import get_args, get_type_hints

import httpx
import pytest

from dispatcher_app import clock, text
from dispatcher_app.domain import command as c
from dispatcher_app.domain.calendar import DAY_MS
from dispatcher_app.domain.order import QuoteLine
from dispatcher_app.domain.talk import SHOWN_TO
from dispatcher_app.server import link, phrase
from dispatcher_app.server.pages.form import COMMANDS
from dispatcher_app.server.pages.word import words
from dispatcher_app.server.vault import Vault
from tests.server import picture
from tests.server.city import Place, book
from tests.server.desk import Desk, desk
from tests.server.onsite import begun, completed, finished, form_of, quoted, state, token_of
from tests.server.process import Server, spawn
from tests.server.sending import sent
from tests.server.waiting import until

PRIVATE = ("周先生", "13800000000", "138****", "枫林苑", "1802", "4711", "李0工", "13700000000")


@pytest.fixture
def public(sqlite: Place, launch: Callable[..., Server]) -> Server:
    """A server that customers reach."""
    return launch(sqlite, "--public", "http://127.0.0.1")


@pytest.fixture
def lina(public: Server) -> Iterator[Desk]:
    """A supervisor at her desk."""
    with desk(public.url, "lina") as made:
        yield made


@pytest.fixture
def browser(public: Server) -> Iterator[httpx.Client]:
    """A customer's telephone."""
    with httpx.Client(base_url=public.url, timeout=30, headers={"accept-language": "zh-CN"}) as made:
        yield made


def test_the_page_shows_the_order_and_nothing_of_other_parties(
    sqlite: Place, lina: Desk, browser: httpx.Client
) -> None:
    page = browser.get("/t/" + token_of(sqlite, begun(lina)))
    assert page.status_code == 200
    for word in (
        "维修进行中",
        "李师傅",
        "9:00–11:00",
        "格力 空调 不制冷",
        "¥120",
        state(lina, "o-1")["number"],
    ):
        assert word in page.text, word
    for word in PRIVATE:
        assert word not in page.text, word


def test_nobody_keeps_frames_or_indexes_the_page(sqlite: Place, lina: Desk, browser: httpx.Client) -> None:
    page = browser.get("/t/" + token_of(sqlite, begun(lina)))
    assert page.headers["cache-control"] == "no-store"
    assert "noindex" in page.headers["x-robots-tag"]
    assert page.headers["x-content-type-options"] == "nosniff"
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "script" not in page.text
    assert len(page.content) < 30_000


def test_english_is_spoken_to_those_who_ask_for_it(sqlite: Place, lina: Desk, browser: httpx.Client) -> None:
    token = token_of(sqlite, begun(lina))
    english = browser.get(f"/t/{token}", headers={"accept-language": "en-GB,zh;q=0.5"})
    assert "Being repaired" in english.text
    assert 'lang="en"' in english.text
    assert "维修进行中" in browser.get(f"/t/{token}", headers={"accept-language": "fr"}).text
    assert "Being repaired" in browser.get(f"/t/{token}?lang=en").text


def test_a_quote_is_confirmed_on_the_page_once(sqlite: Place, lina: Desk, browser: httpx.Client) -> None:
    token = token_of(sqlite, quoted(lina))
    page = browser.get(f"/t/{token}")
    assert "同意报价 ¥150" in page.text
    form = form_of(page.text, "confirm-quote")
    for _ in range(2):
        answer = browser.post(f"/t/{token}/confirm-quote", data=form)
        assert answer.status_code == 303
    after = browser.get(answer.headers["location"])
    assert "已同意报价" in after.text
    assert "预约时 ¥120，您同意的报价 ¥150。" in after.text
    revision = state(lina, "o-1")["revisions"][0]
    assert (revision["state"], revision["confirmation"]) == ("accepted", "page")
    entries = lina.http.get("/history/order/o-1").json()["entries"]
    assert [each["actor"] for each in entries if each["command"] == "confirm-quote"] == ["link:o-1"]


def test_a_quote_is_declined_on_the_page(sqlite: Place, lina: Desk, browser: httpx.Client) -> None:
    token = token_of(sqlite, quoted(lina))
    page = browser.get(f"/t/{token}").text
    answer = browser.post(f"/t/{token}/decline-quote", data=form_of(page, "decline-quote"))
    assert answer.status_code == 303
    assert state(lina, "o-1")["result"] == "declined"
    after = browser.get(f"/t/{token}").text
    assert "上门服务已结束" in after
    assert "维修已全部完成" not in after


def test_a_quote_that_was_replaced_meanwhile_is_refused_in_the_readers_language(
    sqlite: Place, lina: Desk, browser: httpx.Client
) -> None:
    token = token_of(sqlite, quoted(lina))
    form = form_of(browser.get(f"/t/{token}").text, "confirm-quote")
    lina.do(c.WithdrawQuote(order="o-1", number=1))
    answer = browser.post(f"/t/{token}/confirm-quote?lang=en", data=form)
    assert answer.status_code == 422
    (trouble,) = re.findall(r'<p class="trouble" role="alert">(.*?)</p>', answer.text)
    assert not text.has_cjk(trouble)


def test_finished_work_is_confirmed_and_paid_work_reviewed(
    sqlite: Place, lina: Desk, browser: httpx.Client
) -> None:
    token = token_of(sqlite, finished(lina))
    page = browser.get(f"/t/{token}").text
    assert "请您验收" in page
    assert browser.post(f"/t/{token}/confirm", data=form_of(page, "confirm")).status_code == 303
    waiting = browser.get(f"/t/{token}").text
    assert "待支付" in waiting
    assert "确认维修完成" not in waiting
    lina.do(c.RecordPayment(order="o-1", amount=state(lina, "o-1")["quote"]["total"], means="cash"))
    page = browser.get(f"/t/{token}").text
    stars = {
        "stars": "5",
        "skill": "5",
        "attitude": "4",
        "efficiency": "4",
        "solved": "yes",
        "text": "很好\r\n谢谢",
    }
    answer = browser.post(f"/t/{token}/review", data={**form_of(page, "review"), **stars})
    assert answer.status_code == 303
    review = lina.state()["review", "o-1"][1]
    assert (review["stars"], review["attitude"], review["text"]) == (5, 4, "很好\n谢谢")
    assert "至2" in page  # until when the warranty runs


def test_a_message_goes_to_the_desk_and_others_messages_stay_theirs(
    sqlite: Place, lina: Desk, browser: httpx.Client
) -> None:
    token = token_of(sqlite, begun(lina))
    lina.do(c.SendMessage(order="o-1", to=("technician",), text="客户比较着急"))
    lina.do(c.SendMessage(order="o-1", to=("customer",), text="配件明天到"))
    page = browser.get(f"/t/{token}").text
    assert "配件明天到" in page
    assert "客户比较着急" not in page
    said = {**form_of(page, "message"), "text": "<script>alert(1)</script> 好的"}
    assert browser.post(f"/t/{token}/message", data=said).status_code == 303
    after = browser.get(f"/t/{token}").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; 好的" in after
    assert "<script" not in after
    assert state(lina, "o-1")["talk"]["staff"] == 1


def test_messages_count_as_read_when_a_person_opens_the_page_and_not_for_a_preview(
    sqlite: Place, lina: Desk, browser: httpx.Client
) -> None:
    token = token_of(sqlite, begun(lina))
    lina.do(c.SendMessage(order="o-1", to=("customer",), text="配件明天到"))
    browser.get(f"/t/{token}")
    assert state(lina, "o-1")["talk"]["customer"] == 1
    browser.get(f"/t/{token}", headers={"sec-fetch-mode": "navigate"})
    until(lambda: not state(lina, "o-1")["talk"].get("customer"), "the message stays unread")


def test_a_form_that_we_did_not_make_or_from_elsewhere_does_nothing(
    sqlite: Place, lina: Desk, browser: httpx.Client
) -> None:
    quoted(lina, "o-1")
    token, other = token_of(sqlite, "o-1"), token_of(sqlite, "o-2")
    form = form_of(browser.get(f"/t/{token}").text, "confirm-quote")
    tries = (
        {**form, "proof": "0" * 32},
        {**form, "id": clock.new_id()},
        {"number": "1"},
    )
    for each in tries:
        answer = browser.post(f"/t/{token}/confirm-quote", data=each)
        assert answer.status_code == 400, answer.text
    assert browser.post(f"/t/{other}/confirm-quote", data=form).status_code == 400
    foreign = browser.post(f"/t/{token}/confirm-quote", data=form, headers={"origin": "https://evil.example"})
    assert foreign.status_code == 400
    assert browser.post(f"/t/{token}/cancel", data=form).status_code == 400
    rubbish = browser.post(f"/t/{token}/confirm", content=b"\xff\xfe=&&&&" * 20)
    assert rubbish.status_code == 400
    assert state(lina, "o-1")["revisions"][0]["state"] == "proposed"


def test_old_and_forged_links_lead_to_a_kind_page(sqlite: Place, lina: Desk, browser: httpx.Client) -> None:
    begun(lina)
    good = token_of(sqlite, "o-1")
    old = token_of(sqlite, "o-1", clock.now_ms() - 8 * DAY_MS, 7)
    expired = browser.get(f"/t/{old}")
    assert (expired.status_code, "链接已过期" in expired.text) == (410, True)
    for wrong in (good[:-4] + "AAAA", "x", "%00", "a" * 3000, good[::-1], "../../etc/passwd"):
        answer = browser.get(f"/t/{wrong}")
        assert answer.status_code == 404, wrong
        assert state(lina, "o-1")["number"] not in answer.text
    assert "找不到这个页面" in browser.get("/t/x").text


def test_who_guesses_links_is_made_to_wait(sqlite: Place, lina: Desk, browser: httpx.Client) -> None:
    statuses = {browser.get(f"/t/guess{number}").status_code for number in range(40)}
    assert statuses == {404, 429}


def test_a_message_a_second_is_too_many(sqlite: Place, lina: Desk, browser: httpx.Client) -> None:
    token = token_of(sqlite, begun(lina))
    form = form_of(browser.get(f"/t/{token}").text, "message")
    answers = [browser.post(f"/t/{token}/message", data={**form, "text": "x"}).status_code for _ in range(25)]
    assert answers[0] == 303
    assert answers[-1] == 429


def test_without_a_public_address_there_is_no_page(sqlite: Place, launch: Callable[..., Server]) -> None:
    server = launch(sqlite)
    token = token_of(sqlite, "o-1")
    assert httpx.get(f"{server.url}/t/{token}").status_code == 404


def test_a_server_that_customers_reach_without_encryption_does_not_start(sqlite: Place) -> None:
    process, said, _ = spawn(sqlite, "--public", "http://repair.example.com")
    assert process.wait(20) == 9
    assert said["error"] == "bad_address"
    for pipe in (process.stdin, process.stdout):
        assert pipe is not None
        pipe.close()


def test_a_link_opens_its_own_order_only_under_its_own_key() -> None:
    vault, other = Vault(b"1" * 32), Vault(b"2" * 32)
    now = clock.now_ms()
    for order in (clock.new_id(), "o-1", "订单"):
        token = link.made(vault, order, now, 7)
        assert link.opened(vault, token, now) == link.Opened(order, speaks=True)
        with pytest.raises(link.Forged):
            link.opened(other, token, now)
        with pytest.raises(link.Expired):
            link.opened(vault, token, now + 7 * DAY_MS)
    assert len(link.made(vault, clock.new_id(), now, 7)) <= 52


@pytest.mark.parametrize("position", range(0, 50, 7))
def test_no_changed_character_of_a_link_goes_unnoticed(position: int) -> None:
    vault, now = Vault(b"1" * 32), clock.now_ms()
    token = link.made(vault, clock.new_id(), now, 7)
    changed = token[:position] + ("A" if token[position] != "A" else "B") + token[position + 1 :]
    with pytest.raises(link.Forged):
        link.opened(vault, changed, now)


@pytest.mark.parametrize(
    ("name", "zh", "en"),
    [("李师明", "李师傅", "Li"), ("欧阳娜娜", "欧阳师傅", "Ouyang"), ("单田芳", "单师傅", "Shan"),
     ("欧阳", "欧师傅", "Ou"), ("John Smith", "Smith 师傅", "Smith"), ("", "师傅", "")],
)  # fmt: skip
def test_who_comes_is_named_by_surname_only(name: str, zh: str, en: str) -> None:
    assert phrase.shifu(name, "zh_CN") == zh
    assert phrase.shifu(name, "en") == en


def test_both_languages_of_the_page_have_the_same_words_and_slots() -> None:
    chinese, english = words("zh_CN"), words("en")
    assert list(chinese) == list(english)
    for name, said in chinese.items():
        assert text.slots(said) == text.slots(english[name]), name


def test_a_completed_order_keeps_its_record_on_the_page(
    sqlite: Place, lina: Desk, browser: httpx.Client
) -> None:
    page = browser.get("/t/" + token_of(sqlite, completed(lina))).text
    assert "已完成" in page
    assert "保修" in page
    assert "服务评价" in page


def test_photos_are_shown_as_far_as_they_are_the_customers_to_see(
    sqlite: Place, lina: Desk, browser: httpx.Client
) -> None:
    token = token_of(sqlite, begun(lina))
    after = sent(lina, "o-1", picture.photo("JPEG"), "image/jpeg", purpose="after")
    arrival = sent(lina, "o-1", picture.photo("PNG"), "image/png", purpose="arrival")
    lina.do(book(9, order="o-2"))
    other = sent(lina, "o-2", picture.photo("JPEG"), "image/jpeg", purpose="after")
    page = browser.get(f"/t/{token}").text
    assert f"/t/{token}/photo/{after}?small=1" in page
    assert arrival not in page
    small = browser.get(f"/t/{token}/photo/{after}?small=1")
    assert (small.status_code, small.headers["content-type"]) == (200, "image/jpeg")
    assert browser.get(f"/t/{token}/photo/{after}").status_code == 200
    for hidden in (arrival, other, "nothing", "%00"):
        assert browser.get(f"/t/{token}/photo/{hidden}").status_code == 404, hidden
    lina.do(c.RemoveAttachment(attachment=after, reason="customer_wish"))
    assert browser.get(f"/t/{token}/photo/{after}").status_code == 404
    assert "维修照片" not in browser.get(f"/t/{token}").text


def test_a_photo_in_a_message_is_shown_to_whom_it_was_sent(
    sqlite: Place, lina: Desk, browser: httpx.Client
) -> None:
    token = token_of(sqlite, begun(lina))
    during, before = (
        sent(lina, "o-1", picture.photo("JPEG"), "image/jpeg", purpose=each) for each in ("message", "before")
    )
    lina.do(c.SendMessage(order="o-1", to=("customer",), text="请看这里", attachments=(during,)))
    lina.do(c.SendMessage(order="o-1", to=("technician",), text="", attachments=(before,)))
    page = browser.get(f"/t/{token}").text
    assert f"/t/{token}/photo/{during}?small=1" in page
    assert before not in page
    assert browser.get(f"/t/{token}/photo/{during}").status_code == 200
    assert browser.get(f"/t/{token}/photo/{before}").status_code == 404
    lina.do(c.RemoveAttachment(attachment=during, reason="private"))
    assert during not in browser.get(f"/t/{token}").text
    assert browser.get(f"/t/{token}/photo/{during}").status_code == 404


def test_every_photo_status_and_amount_has_its_words() -> None:
    whats = get_args(get_type_hints(QuoteLine)["what"])
    for language in text.LANGUAGES:
        assert {f"photo.{each}" for each in SHOWN_TO["customer"]} <= set(words(language))
        assert {f"amount.{each}" for each in whats} <= set(words(language))
        assert {f"said.{each}" for each in COMMANDS} <= set(words(language))
