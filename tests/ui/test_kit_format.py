"""Times, money, phones and distances as people read them, in both languages."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from dispatcher_app import text
from ui import format

ZONE = "Asia/Shanghai"


def at(written: str) -> int:
    return int(datetime.fromisoformat(written).replace(tzinfo=ZoneInfo(ZONE)).timestamp() * 1000)


NOW = at("2026-11-23 09:30")


@pytest.mark.parametrize(
    ("start", "end", "chinese", "english"),
    [
        ("2026-11-23 14:00", "2026-11-23 16:00", "今天 14:00–16:00", "Today 14:00–16:00"),
        ("2026-11-24 08:00", "2026-11-24 10:00", "明天 08:00–10:00", "Tomorrow 08:00–10:00"),
        ("2026-11-22 08:00", "2026-11-22 10:00", "昨天 08:00–10:00", "Yesterday 08:00–10:00"),
        ("2026-11-25 14:00", "2026-11-25 16:00", "周三 11-25 14:00–16:00", "Wed 11-25 14:00–16:00"),
        ("2027-01-02 14:00", "2027-01-02 16:00", "周六 2027-01-02 14:00–16:00", "Sat 2027-01-02 14:00–16:00"),
        ("2026-11-23 22:00", "2026-11-24 00:00", "今天 22:00–24:00", "Today 22:00–24:00"),
        ("2026-11-23 22:00", "2026-11-24 02:00", "今天 22:00–明天 02:00", "Today 22:00–Tomorrow 02:00"),
    ],
)
def test_a_window_names_its_day(start: str, end: str, chinese: str, english: str) -> None:
    assert format.window(at(start), at(end), NOW, ZONE) == chinese
    text.use("en")
    assert format.window(at(start), at(end), NOW, ZONE) == english


def test_the_day_is_that_of_the_zone_not_of_utc() -> None:
    just_after_midnight = at("2026-11-23 00:10")
    assert format.moment(just_after_midnight, NOW, ZONE) == "今天 00:10"
    assert format.moment(just_after_midnight, NOW, "UTC") == "昨天 16:10"


def test_an_age_stands_beside_the_time_it_belongs_to() -> None:
    assert format.moment_with_age(NOW - 3 * 60_000, NOW, ZONE) == "今天 09:27 · 3 分钟前"
    text.use("en")
    assert format.moment_with_age(NOW - 3 * 60_000, NOW, ZONE) == "Today 09:27 · 3 min ago"


@pytest.mark.parametrize(
    ("seconds", "chinese", "english"),
    [
        (20, "刚刚", "just now"),
        (90, "1 分钟前", "1 min ago"),
        (7_500, "2 小时 5 分前", "2 h 5 min ago"),
        (7_200, "2 小时前", "2 h ago"),
        (3 * 86_400, "3 天前", "3 d ago"),
        (-600, "10 分钟后", "in 10 min"),
    ],
)
def test_an_age_is_said_in_its_largest_units(seconds: int, chinese: str, english: str) -> None:
    assert format.age(NOW - seconds * 1000, NOW) == chinese
    text.use("en")
    assert format.age(NOW - seconds * 1000, NOW) == english


@pytest.mark.parametrize(
    ("minor", "currency", "written"),
    [
        (12_800, "CNY", "¥128.00"),
        (5, "CNY", "¥0.05"),
        (-1_000, "CNY", "-¥10.00"),
        (128_000_00, "CNY", "¥128,000.00"),
        (500, "JPY", "¥500"),
        (995, "XTS", "XTS 9.95"),
    ],
)
def test_money_is_written_from_minor_units(minor: int, currency: str, written: str) -> None:
    assert format.money(minor, currency) == written


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("13800138000", "138****8000"),
        ("+8613800138000", "+86138****8000"),
        ("010-62345678", "010****5678"),
        ("62345678", "62****678"),
        ("10086", "***86"),
        ("", ""),
    ],
)
def test_the_middle_of_a_phone_is_hidden(number: str, masked: str) -> None:
    assert format.phone_mask(number) == masked


def test_a_mobile_is_grouped_as_it_is_read_aloud() -> None:
    assert format.phone("13800138000") == "138 0013 8000"
    assert format.phone("+8613800138000") == "138 0013 8000"
    assert format.phone("010-62345678") == "010-62345678"


@pytest.mark.parametrize(
    ("metres", "written"),
    [(40, "40 m"), (846, "850 m"), (999, "1000 m"), (3_240, "3.2 km"), (9_970, "10 km"), (41_200, "41 km")],
)
def test_a_distance_is_rounded_to_what_matters(metres: float, written: str) -> None:
    assert format.distance(metres) == written


@pytest.mark.parametrize(
    ("left_ms", "written"), [(245_000, "4:05"), (3_729_000, "1:02:09"), (-30_000, "-0:30"), (0, "0:00")]
)
def test_a_countdown_tells_what_is_left_or_run_over(left_ms: int, written: str) -> None:
    assert format.countdown(left_ms) == written
