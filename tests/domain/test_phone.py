"""Numbers as callers say them, and what everyone may see of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.customer import normal_phone, phone_mask, unit_mask


@pytest.mark.parametrize(
    ("said", "normal", "mask"),
    [
        ("13800138000", "+8613800138000", "138****8000"),
        ("138 0013 8000", "+8613800138000", "138****8000"),
        ("１３８ ００１３ ８０００", "+8613800138000", "138****8000"),
        ("138–0013–8000", "+8613800138000", "138****8000"),
        ("138-0013-8000", "+8613800138000", "138****8000"),
        ("+86 138 0013 8000", "+8613800138000", "138****8000"),
        ("8613800138000", "+8613800138000", "138****8000"),
        ("0086 138 0013 8000", "+8613800138000", "138****8000"),
        ("021-62345678", "+862162345678", "21****5678"),
        ("(021) 6234 5678", "+862162345678", "21****5678"),
        ("0571-8765432", "+865718765432", "57****5432"),
        ("+86 (0)571-8765432", "+865718765432", "57****5432"),
        ("400-820-8820", "+864008208820", "40****8820"),
        ("0755 26501234", "+8675526501234", "755****1234"),
        ("+358 40 1234567", "+358401234567", "+3584****4567"),
    ],
)
def test_number_is_kept_in_one_form_and_shown_masked(said: str, normal: str, mask: str) -> None:
    assert normal_phone(said) == normal
    shown = phone_mask(normal)
    assert shown[-4:] == normal[-4:]
    if normal.startswith("+86"):
        assert shown == mask


@pytest.mark.parametrize(
    "text",
    [
        "",
        "110",
        "1380013800",
        "23800138000",
        "138001380001",
        "+86 1380013800",
        "021-6234567",
        "62345678",
        "abc",
        "+0123456789",
        "１３８００１３８０００x",
        "١٣٨٠٠١٣٨٠٠٠",
    ],
)
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(Rejected, match="phone_invalid"):
        normal_phone(text)


@pytest.mark.parametrize("text", ["138****8000", "*", "1380013800*", "138＊＊＊＊8000"])
def test_mask_is_never_taken_for_a_number(text: str) -> None:
    with pytest.raises(Rejected, match="masked_value"):
        normal_phone(text)


@given(st.text("0123456789+- ()", max_size=22))
def test_normal_form_is_stable_and_its_mask_hides_four_digits_at_least(text: str) -> None:
    try:
        normal = normal_phone(text)
    except Rejected:
        return
    assert normal_phone(normal) == normal
    assert phone_mask(normal).count("*") >= 2
    assert normal.removeprefix("+86") not in phone_mask(normal)


def test_unit_shows_its_first_character() -> None:
    assert (unit_mask("502室"), unit_mask("5"), unit_mask("")) == ("5***", "5", "")
