"""Profiles, and rows read with them."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatcher_app.intake.columns import FIELDS, guess
from dispatcher_app.intake.normal import BadRow, FilteredRow, ImportRow, normalise, source_key
from dispatcher_app.intake.nyc311 import BUILT_IN, NYC311
from dispatcher_app.intake.profile import Profile, ProfileError, choose, fit, from_guess, load, load_all, save
from dispatcher_app.intake.row import Row

PLAIN = Profile(name="物业", columns={name: (name,) for name in FIELDS})
GOOD = {
    "external_id": "BX1",
    "created_at": "2026-11-22 09:00",
    "phone": "138 0013 8000",
    "item": "空调",
    "address": "景田路 8 号",
    "urgency": "加急",
    "status": "待派单",
    "window_start": "2026-11-22 14:00-16:00",
}


def row(line: int = 2, **changes: str | None) -> Row:
    return Row(line, dict.fromkeys(FIELDS, None) | GOOD | changes)


def imported(read: ImportRow | BadRow | FilteredRow) -> ImportRow:
    assert isinstance(read, ImportRow)
    return read


def codes(read: ImportRow | BadRow | FilteredRow) -> set[tuple[str, str]]:
    assert isinstance(read, BadRow)
    return {(reason.field, reason.code) for reason in read.reasons}


def test_a_good_row_is_typed() -> None:
    read = imported(normalise(row(), PLAIN))
    assert (read.phone, read.urgency, read.status) == ("+8613800138000", "same_day", "pending")
    assert read.window_start is not None
    assert read.window_end == read.window_start + 2 * 3_600_000
    assert read.notes == ()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"item": None}, ("item", "nothing_broken")),
        ({"address": "无"}, ("address", "no_place")),
        ({"phone": "138****8000"}, ("phone", "masked_phone")),
        ({"phone": "12"}, ("phone", "unreadable_phone")),
        ({"created_at": "soon"}, ("created_at", "unreadable_time")),
        ({"closed_at": "2026-11-21"}, ("closed_at", "closed_before_created")),
        (
            {"window_start": "2026-11-22 14:00", "window_end": "2026-11-22 13:00"},
            ("window_end", "window_backwards"),
        ),
        ({"lon": "200", "lat": "200"}, ("lon", "unreadable_coordinates")),
        ({"description": "x" * 5000}, ("description", "too_long")),
    ],
)
def test_a_bad_row_says_which_field_and_why(changes: dict[str, str | None], code: tuple[str, str]) -> None:
    assert codes(normalise(row(2, **changes), PLAIN)) == {code}


def test_all_reasons_are_given_at_once_with_their_values_cut() -> None:
    read = normalise(row(phone="x" * 90, created_at="soon", item=None), PLAIN)
    assert len(codes(read)) == 3
    assert isinstance(read, BadRow)
    assert max(len(reason.value) for reason in read.reasons) == 40


def test_coordinates_alone_are_a_place_and_zero_ones_are_none() -> None:
    read = imported(normalise(row(address=None, lon="22.55", lat="114.04"), PLAIN))
    assert (read.lon, read.lat) == (114.04, 22.55)
    assert [note.code for note in read.notes] == ["swapped_coordinates"]
    assert codes(normalise(row(address=None, lon="0", lat="0"), PLAIN)) == {("address", "no_place")}


def test_an_unknown_status_is_noted_and_left_out() -> None:
    read = imported(normalise(row(status="量子态"), PLAIN))
    assert read.status is None
    assert [(note.field, note.code, note.value) for note in read.notes] == [
        ("status", "unknown_status", "量子态")
    ]


def test_a_translation_may_set_several_fields_and_a_filter_leaves_others_out() -> None:
    profile = replace(
        PLAIN,
        translations={"item": {"空调": {"item": "aircon", "category": "appliance"}}},
        only={"agency": ("福田站",)},
        fixed={"city": "深圳"},
    )
    assert isinstance(normalise(row(), profile), FilteredRow)
    read = imported(normalise(row(agency="福田站", city="广州"), profile))
    assert (read.item, read.category, read.city) == ("aircon", "appliance", "深圳")


def test_the_key_is_the_sources_own_number_whatever_else_changes() -> None:
    assert source_key(PLAIN, row()) == source_key(PLAIN, row(9, status="已完成", phone="13900139000"))
    assert source_key(PLAIN, row()) != source_key(PLAIN, row(external_id="BX2"))


def test_without_a_number_the_key_is_what_never_changes_of_an_order() -> None:
    first = source_key(PLAIN, row(external_id=None))
    assert first == source_key(PLAIN, row(7, external_id=None, status="已完成", technician="李师傅"))
    assert first == source_key(PLAIN, row(external_id=None, created_at="2026-11-22T09:00:00"))
    assert first != source_key(PLAIN, row(external_id=None, item="冰箱"))


def test_the_key_survives_a_new_name_of_the_profile() -> None:
    columns = ["工单号", "地址", "故障"]
    guessed = from_guess("first", columns, guess(columns, []))
    line = Row(2, dict(zip(columns, ["1", "景田路", "不制冷"], strict=True)))
    assert source_key(guessed, line) == source_key(replace(guessed, name="second"), line)


def test_a_profile_is_saved_and_loaded_as_it_was(tmp_path: Path) -> None:
    for profile in (NYC311, replace(PLAIN, name="福田/物业: ../a", datum="gcj02", day_first=True)):
        file = save(profile, tmp_path)
        assert file.parent == tmp_path
        assert load(profile.name, tmp_path) == profile
    assert {profile.name for profile in load_all(tmp_path)} == {"nyc311", "福田/物业: ../a"}


@pytest.mark.parametrize(
    "change",
    [
        {"tz": "Mars/Olympus"},
        {"tz": "../etc"},
        {"datum": "mars"},
        {"columns": {"shoe": ["size"]}},
        {"columns": 3},
        {"name": 3},
        {"name": " "},
        {"translations": {"item": 1}},
    ],
)
def test_a_profile_that_makes_no_sense_is_refused(tmp_path: Path, change: dict[str, object]) -> None:
    file = save(PLAIN, tmp_path)
    body = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps(body | change), encoding="utf-8")
    with pytest.raises(ProfileError):
        load("物业", tmp_path)
    assert load_all(tmp_path) == ()


def test_a_profile_fits_columns_whatever_their_case_and_punctuation() -> None:
    fitted = fit(NYC311, ["unique_key", "complaint_type", "latitude", "longitude"])
    assert fitted.columns == {
        "external_id": ("unique_key",),
        "category": ("complaint_type",),
        "lon": ("longitude",),
        "lat": ("latitude",),
    }
    assert choose(BUILT_IN, ["unique_key", "complaint_type"]) is None


CELL = (
    st.none()
    | st.text(max_size=30)
    | st.sampled_from(
        ["13800138000", "2026-11-22 14:00-16:00", "1e9", "-0", "181", "0", "(1, 2)", "{}", "无", "﷽"]
    )
    | st.from_regex(r"[0-9/:\- .年月日TZ+]{1,24}", fullmatch=True)
)


@given(
    cells=st.dictionaries(st.sampled_from(FIELDS), CELL),
    line=st.integers(1, 10**9),
    fault=st.sampled_from([None, "ragged_row"]),
)
def test_no_junk_makes_a_row_fail(cells: dict[str, str | None], line: int, fault: str | None) -> None:
    read = normalise(Row(line, cells, fault), PLAIN)
    assert read.line == line
    if isinstance(read, BadRow):
        assert read.reasons
    if isinstance(read, ImportRow):
        assert read.key == source_key(PLAIN, Row(1, cells))
