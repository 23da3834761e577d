"""Foreign cells: times, phones and places in the forms that tables really hold."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatcher_app.intake import values


def utc(*parts: int) -> int:
    return int(datetime(*parts, tzinfo=UTC).timestamp() * 1000)  # type: ignore[misc, arg-type]


@pytest.mark.parametrize(
    ("text", "tz", "expected"),
    [
        ("06/26/2018 10:58:54 AM", "America/New_York", utc(2018, 6, 26, 14, 58, 54)),
        ("06/26/2018 12:05:00 AM", "America/New_York", utc(2018, 6, 26, 4, 5, 0)),
        ("06/26/2018 12:05 PM", "America/New_York", utc(2018, 6, 26, 16, 5)),
        ("2023-12-08T12:00:00.000", "America/New_York", utc(2023, 12, 8, 17)),
        ("2012-11-20T07:50:59.000", "America/New_York", utc(2012, 11, 20, 12, 50, 59)),
        ("2026-11-22T14:00:00Z", "Asia/Shanghai", utc(2026, 11, 22, 14)),
        ("2026-11-22 14:00:00+08:00", "UTC", utc(2026, 11, 22, 6)),
        ("2026/11/22 14:00", "Asia/Shanghai", utc(2026, 11, 22, 6)),
        ("2026-11-22", "Asia/Shanghai", utc(2026, 11, 21, 16)),
        ("2026年11月22日 14时", "Asia/Shanghai", utc(2026, 11, 22, 6)),
        ("2026年11月22日14时30分", "Asia/Shanghai", utc(2026, 11, 22, 6, 30)),
        ("2026年11月22日14时30分05秒", "Asia/Shanghai", utc(2026, 11, 22, 6, 30, 5)),
        ("2026年11月22日 下午2点30分", "Asia/Shanghai", utc(2026, 11, 22, 6, 30)),
        ("2026年11月22日上午9点", "Asia/Shanghai", utc(2026, 11, 22, 1)),
        ("2026-11-22(周日)14:00", "Asia/Shanghai", utc(2026, 11, 22, 6)),
        ("２０２６／１１／２２　１４：００", "Asia/Shanghai", utc(2026, 11, 22, 6)),
        ("20261122", "Asia/Shanghai", utc(2026, 11, 21, 16)),
        ("20261122140000", "Asia/Shanghai", utc(2026, 11, 22, 6)),
        ("46348.5", "Asia/Shanghai", utc(2026, 11, 22, 4)),
        ("1795327200", "Asia/Shanghai", 1795327200000),
        ("1795327200123", "Asia/Shanghai", 1795327200123),
        ("22.11.2026 14:00", "UTC", utc(2026, 11, 22, 14)),
        ("22/11/2026", "UTC", utc(2026, 11, 22)),
        ("2026-13-01", "UTC", None),
        ("2026-02-30", "UTC", None),
        ("2026-11-22 25:00", "UTC", None),
        ("0001-01-01", "UTC", None),
        ("yesterday", "UTC", None),
        ("7", "UTC", None),
    ],
)
def test_a_time_is_read_in_the_zone_of_its_source(text: str, tz: str, expected: int | None) -> None:
    assert values.instant(text, tz) == expected


def test_day_first_is_asked_for() -> None:
    assert values.instant("06/07/2018", "UTC") == utc(2018, 6, 7)
    assert values.instant("06/07/2018", "UTC", day_first=True) == utc(2018, 7, 6)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-22 14:00-16:00", (utc(2026, 11, 22, 6), utc(2026, 11, 22, 8))),
        ("2026/11/22 14:00～16:00", (utc(2026, 11, 22, 6), utc(2026, 11, 22, 8))),
        ("2026年11月22日 14时至16时", (utc(2026, 11, 22, 6), utc(2026, 11, 22, 8))),
        ("2026年11月22日 下午2:00-4:00", (utc(2026, 11, 22, 6), utc(2026, 11, 22, 8))),
        ("2026-11-22 14:00 - 2026-11-22 16:00", (utc(2026, 11, 22, 6), utc(2026, 11, 22, 8))),
        ("2026-11-22 08:00-10:00", (utc(2026, 11, 22), utc(2026, 11, 22, 2))),
        ("2026-11-22 14:00:00-16:00:00", (utc(2026, 11, 22, 6), utc(2026, 11, 22, 8))),
        ("2026-11-22T14:00:00-05:00", (utc(2026, 11, 22, 19), None)),
        ("2026-11-22 14:00:00-05:00", (utc(2026, 11, 22, 19), None)),
        ("2026-11-22 9-11点", (utc(2026, 11, 22, 1), utc(2026, 11, 22, 3))),
        ("2026-11-22 14:00", (utc(2026, 11, 22, 6), None)),
        ("尽快", None),
    ],
)
def test_an_appointment_is_one_time_or_two(text: str, expected: tuple[int, int | None] | None) -> None:
    assert values.window(text, "Asia/Shanghai") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("13800138000", "+8613800138000"),
        ("138 0013 8000", "+8613800138000"),
        ("138-0013-8000", "+8613800138000"),
        ("１３８００１３８０００", "+8613800138000"),
        ("13800138000.0", "+8613800138000"),
        ("+86 13800138000", "+8613800138000"),
        ("8613800138000", "+8613800138000"),
        ("0755-83301234", "+8675583301234"),
        ("(0755)83301234转805", "+8675583301234"),
        ("13800138000/0755-83301234", "+8613800138000"),
        ("王先生,13800138000", "+8613800138000"),
        ("138****8000", None),
        ("1.38E+10", None),
        ("12345", None),
        ("call me", None),
    ],
)
def test_a_phone_is_read_as_chinese_unless_it_says_otherwise(text: str, expected: str | None) -> None:
    assert values.phone(text) == expected


def test_a_phone_of_another_country_is_read_with_its_region() -> None:
    assert values.phone("(212) 639-9675", "US") == "+12126399675"


@pytest.mark.parametrize(
    ("lon", "lat", "expected"),
    [
        ("114.05", "22.54", values.Position(114.05, 22.54)),
        ("22.54", "114.05", values.Position(114.05, 22.54, swapped=True)),
        ("-73.8", "40.69", values.Position(-73.8, 40.69)),
        ("190", "190", None),
        ("east", "22.5", None),
        ("nan", "1", None),
    ],
)
def test_swapped_coordinates_are_put_right(lon: str, lat: str, expected: values.Position | None) -> None:
    assert values.coordinates(lon, lat) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(40.69, -73.84)", (-73.84, 40.69)),
        ('{"type": "Point", "coordinates": [-73.96, 40.77]}', (-73.96, 40.77)),
        ("{'latitude': '40.67', 'longitude': '-74.01', 'human_address': '{}'}", (-74.01, 40.67)),
        ("POINT (114.05 22.54)", (114.05, 22.54)),
        ("114.05,22.54", (114.05, 22.54)),
        ("22.54，114.05", (114.05, 22.54)),
        ("[2.35, 48.85]", (2.35, 48.85)),
        ("lat:22.54,lng:114.05", (114.05, 22.54)),
        ("深南大道", None),
        ('{"type": "Point"}', None),
        ("{" * 5000, None),
    ],
)
def test_one_cell_can_hold_a_place(text: str, expected: tuple[float, float] | None) -> None:
    found = values.position(text)
    assert (found and (found.lon, found.lat)) == expected


@given(st.text(alphabet=st.characters(), max_size=60) | st.from_regex(r"[0-9年月日时/:\- .Tampm+()]{0,30}"))
def test_no_text_makes_a_parser_fail(text: str) -> None:
    values.plain(text)
    values.instant(text, "Asia/Shanghai")
    values.window(text, "America/New_York")
    values.phone(text)
    values.coordinates(text, text)
    values.position(text)


@given(st.datetimes(min_value=datetime(1971, 1, 1), max_value=datetime(2199, 1, 1)))  # noqa: DTZ001 local times
def test_every_iso_time_is_read(moment: datetime) -> None:
    moment = moment.replace(microsecond=0)
    expected = int(moment.replace(tzinfo=UTC).timestamp() * 1000)
    assert values.instant(moment.isoformat(), "UTC") == expected
    assert values.instant(moment.strftime("%m/%d/%Y %I:%M:%S %p"), "UTC") == expected
