"""The life of an order against a matrix written by hand: status x action x role."""

from __future__ import annotations

import pytest

from dispatcher_app.domain import life
from dispatcher_app.domain.act import SYSTEM, Actor
from dispatcher_app.domain.order import STATUSES, Status
from dispatcher_app.domain.role import STAFF_ROLES
from tests.domain.trade import staff

# A cell is the status afterwards, = where the rule decides, . where it may not happen.
# Who: D dispatcher, S supervisor, K counter, Q complaints, T technician, C customer; nobody: the system alone.
MATRIX = """
action             who   pending   offered   accepted  en_route     in_progress  on_hold  finished   completed cancelled
assign             DS    accepted  .         .         .            .            .        .          .         .
offer              DS    offered   .         .         .            .            .        .          .         .
accept             DST   .         accepted  .         .            .            .        .          .         .
decline            DST   .         pending   .         .            .            .        .          .         .
expire             -     .         pending   .         .            .            .        .          .         .
withdraw           DS    .         pending   .         .            .            .        .          .         .
drop               DST   .         .         pending   .            .            .        .          .         .
transfer           ST    .         .         accepted  .            .            .        .          .         .
unassign           DS    .         .         pending   .            .            .        .          .         .
reassign           DS    .         .         accepted  .            .            .        .          .         .
depart             DST   .         .         en_route  .            .            .        .          .         .
arrive             DST   .         .         .         in_progress  .            .        .          .         .
absent             DST   .         .         .         =            =            .        .          .         .
progress           DSTC  .         .         .         .            in_progress  .        .          .         .
decline_quote      DSC   .         .         .         .            finished     .        .          .         .
hold               DST   .         .         .         .            on_hold      .        .          .         .
new_visit          DSC   .         .         .         .            .            =        .          .         .
finish             DST   .         .         .         .            finished     .        .          .         .
confirm            DSC   .         .         .         .            .            .        completed  .         .
change_appointment DSKC  =         =         =         .            .            .        .          .         .
change_order       DSK   =         =         =         .            .            .        .          .         .
cancel             DSC   cancelled cancelled cancelled cancelled    .            .        .          .         .
reopen             DS    .         .         .         .            .            .        .          .         pending
return_visit       DSC   .         .         .         .            .            .        .          =         .
urge               DSKC  =         =         =         =            =            =        .          .         .
note               DSKQT =         =         =         =            =            =        =          =         =
"""
LETTERS = {
    "D": "dispatcher",
    "S": "supervisor",
    "K": "counter",
    "Q": "complaints",
    "T": "technician",
    "C": "customer",
}
HEAD, *ROWS = [line.split() for line in MATRIX.strip().splitlines()]
WHO = {row[0]: {LETTERS[letter] for letter in row[1].strip("-")} for row in ROWS}
AFTER = {(status, row[0]): cell for row in ROWS for status, cell in zip(HEAD[2:], row[2:], strict=True)}


def actors() -> list[tuple[str, Actor]]:
    found = [(role, staff(role)) for role in STAFF_ROLES]
    found.append(("technician", Actor(kind="technician", id="li")))
    found.append(("customer", Actor(kind="customer", id="c1")))
    return [*found, ("link", Actor(kind="link", id="x")), ("provider", Actor(kind="provider", id="x"))]


def test_the_matrix_speaks_of_every_status_and_every_action() -> None:
    assert tuple(HEAD[2:]) == STATUSES
    assert set(WHO) == {row.action for row in life.LIFE}


@pytest.mark.parametrize("status", STATUSES)
def test_actions_from_a_status_lead_where_the_matrix_says(status: Status) -> None:
    for action in WHO:
        found = life.step_for(status, action)
        said = "." if found is None else found.target or "="
        assert said == AFTER[status, action], (status, action)


@pytest.mark.parametrize(("role", "actor"), actors())
def test_role_may_do_what_the_matrix_says_and_nothing_else(role: str, actor: Actor) -> None:
    for (status, action), cell in AFTER.items():
        refused = life.refusal(status, action, actor, "sh")  # type: ignore[arg-type]
        allowed = None if role in WHO[action] else "not_allowed"
        expected = "wrong_status" if cell == "." else allowed
        assert (refused.code if refused else None) == expected, (role, status, action)


def test_the_system_may_do_all_that_the_status_allows() -> None:
    for (status, action), cell in AFTER.items():
        refused = life.refusal(status, action, SYSTEM, "sh")  # type: ignore[arg-type]
        assert (refused is None) == (cell != "."), (status, action)


def test_dispatcher_of_another_region_is_refused() -> None:
    refused = life.refusal("pending", "assign", staff("dispatcher", regions=("bj",)), "sh")
    assert refused is not None
    assert refused.code == "other_region"
