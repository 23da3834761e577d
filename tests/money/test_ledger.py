"""Postings: balanced, merged, reversed entry by entry."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatcher_app.domain.money import ledger
from dispatcher_app.domain.money.ledger import Entry, posting, reversal, sums

ACCOUNTS = st.sampled_from(
    (ledger.customer("c"), ledger.till("s1"), ledger.platform("revenue"), ledger.technician("li", "frozen"))
)


def test_equal_accounts_are_one_entry_and_zeros_are_left_out() -> None:
    made = posting("x", "x:1", "CNY", (("a", 5), ("b", -3), ("a", 1), ("c", 0), ("b", -3)))
    assert made.entries == (Entry("a", 6), Entry("b", -6))


@pytest.mark.parametrize("entries", [(("a", 5), ("b", -4)), (("a", 5), ("a", -5)), (), (("a", 0), ("b", 0))])
def test_what_does_not_balance_is_a_fault_of_ours(entries: tuple[tuple[str, int], ...]) -> None:
    with pytest.raises(ValueError, match="not balanced"):
        posting("x", "x:1", "CNY", entries)


@given(st.lists(st.tuples(ACCOUNTS, st.integers(-(10**12), 10**12)), max_size=8))
def test_whatever_is_built_sums_to_zero_and_a_reversal_takes_it_back(pairs: list[tuple[str, int]]) -> None:
    rest = -sum(amount for _, amount in pairs)
    try:
        made = posting("x", "x:1", "CNY", (*pairs, ("rest", rest)), "o1")
    except ValueError:
        return
    assert sum(each.amount for each in made.entries) == 0
    back = reversal(made, "reverse:x:1")
    assert (back.reverses, back.order, back.currency) == ("x:1", "o1", "CNY")
    assert not any(sums((made, back)).values())
