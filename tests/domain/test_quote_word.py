"""Whose word a quote takes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dispatcher_app.domain.act import SYSTEM, Actor
from dispatcher_app.domain.calendar import MINUTE_MS
from dispatcher_app.domain.command import ConfirmQuote, DeclineQuote, LapseQuote, ReviseQuote, WithdrawQuote
from dispatcher_app.simulator.rehearsal import Rehearsal
from tests.domain import trade
from tests.domain.site import (
    AT,
    COMPLAINTS,
    CUSTOMER,
    LI,
    LINK,
    WANG,
    code,
    on_site,
    quoted,
    refused,
    revised,
    shop,
)
from tests.domain.trade import ADMINISTRATOR, COUNTER, DISPATCHER, SUPERVISOR


@pytest.fixture
def world() -> Rehearsal:
    """An order in Li's hands."""
    made = shop()
    on_site(made)
    return made


# Rows: who. Columns: what he does with Li's quote. A cell is . where it works, else the code of the refusal.
WORDS: dict[str, Any] = {
    "revise": revised(2),
    "page": ConfirmQuote(order="o1", number=1, confirmation="page"),
    "phone": ConfirmQuote(order="o1", number=1, confirmation="phone"),
    "code": ConfirmQuote(order="o1", number=1, confirmation="code", code="RIGHT"),
    "no_code": ConfirmQuote(order="o1", number=1, confirmation="code", code="999999"),
    "time": ConfirmQuote(order="o1", number=1, confirmation="time"),
    "decline": DeclineQuote(order="o1", number=1),
    "no_fault": DeclineQuote(order="o1", number=1, result="no_fault"),
    "withdraw": WithdrawQuote(order="o1", number=1),
    "lapse": LapseQuote(order="o1", number=1, lapses_at=AT + 60 * MINUTE_MS),
}


MATRIX = """
who            revise page phone code no_code time decline no_fault withdraw lapse
dispatcher     .      unfit .     .    wrong   unfit .      .        .        not
supervisor     .      unfit .     .    wrong   unfit .      .        .        not
counter        not    not   not   not  not     not   not    not      not      not
complaints     not    not   not   not  not     not   not    not      not      not
administrator  not    not   not   not  not     not   not    not      not      not
other_region   away   away  away  away away    away  away   away     away     not
his_technician .      unfit unfit .    wrong   unfit not    not      .        not
a_technician   not    not   not   not  not     not   not    not      not      not
customer       not    .     unfit unfit unfit  unfit .      not      not      not
a_customer     not    not   not   not  not     not   not    not      not      not
link           not    .     unfit unfit unfit  unfit .      not      not      not
a_link         not    not   not   not  not     not   not    not      not      not
provider       not    not   not   not  not     not   not    not      not      not
system         .      unfit unfit unfit unfit  unfit .      .        .        running
"""


CODES = {
    ".": "ok",
    "not": "not_allowed",
    "unfit": "confirmation_unfit",
    "wrong": "code_wrong",
    "away": "other_region",
    "running": "quote_running",
}


WHO = {
    "dispatcher": DISPATCHER,
    "supervisor": SUPERVISOR,
    "counter": COUNTER,
    "complaints": COMPLAINTS,
    "administrator": ADMINISTRATOR,
    "other_region": trade.staff("dispatcher", "supervisor", regions=("bj",)),
    "his_technician": LI,
    "a_technician": WANG,
    "customer": CUSTOMER,
    "a_customer": Actor(kind="customer", id="c-o2"),
    "link": LINK,
    "a_link": Actor(kind="link", id="o2"),
    "provider": Actor(kind="provider", id="x"),
    "system": SYSTEM,
}


HEAD, *ROWS = [line.split() for line in MATRIX.strip().splitlines()]


CELLS = [(row[0], word, cell) for row in ROWS for word, cell in zip(HEAD[1:], row[1:], strict=True)]


def test_the_matrix_speaks_of_everybody_and_everything() -> None:
    assert (HEAD[1:], [row[0] for row in ROWS]) == (list(WORDS), list(WHO))


@pytest.mark.parametrize(("who", "word", "cell"), CELLS)
def test_quotes_take_the_word_of_whom_the_matrix_says(
    world: Rehearsal, who: str, word: str, cell: str
) -> None:
    quoted(world)
    command = WORDS[word]
    if getattr(command, "code", "") == "RIGHT":
        command = replace(command, code=code(world))
    assert refused(world, WHO[who], command) == CODES[cell]


def test_staff_who_made_a_quote_do_not_confirm_it_by_their_own_call(world: Rehearsal) -> None:
    quoted(world, DISPATCHER)
    by_phone = ConfirmQuote(order="o1", number=1, confirmation="phone")
    assert refused(world, DISPATCHER, by_phone) == "own_proposal"
    assert refused(world, SUPERVISOR, by_phone) == "ok"


def test_staff_who_made_a_quote_may_type_the_code_that_the_customer_was_sent(world: Rehearsal) -> None:
    quoted(world, DISPATCHER)
    assert (
        refused(world, DISPATCHER, ConfirmQuote(order="o1", number=1, confirmation="code", code=code(world)))
        == "ok"
    )


def test_the_code_of_an_earlier_quote_does_not_confirm_a_later_one(world: Rehearsal) -> None:
    quoted(world)
    former = code(world)
    quoted(world)
    assert former != code(world)
    assert (
        refused(world, LI, ConfirmQuote(order="o1", number=2, confirmation="code", code=former))
        == "code_wrong"
    )


def test_every_quoted_command_of_the_matrix_is_a_quoting_one() -> None:
    assert {type(each) for each in WORDS.values()} == {
        ReviseQuote, ConfirmQuote, DeclineQuote, WithdrawQuote, LapseQuote,
    }  # fmt: skip
