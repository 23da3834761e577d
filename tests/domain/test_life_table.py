"""The life of an order against a matrix written by hand: status x action x role."""

from __future__ import annotations

import sys

import pytest

from dispatcher_app.domain import life
from dispatcher_app.domain.act import SYSTEM, Actor
from dispatcher_app.domain.order import STATUSES, Status
from dispatcher_app.domain.role import STAFF_ROLES
from tests.domain.trade import staff

# A cell is the status afterwards, = where the rule decides, . where it may not happen.
# Who: D dispatcher, S supervisor, K counter, Q complaints, F finance, T technician, C customer, L the customer's link;
# nobody (-): the system alone.
VISITS = """
action             who     pending   offered   accepted  en_route    in_progress on_hold  finished  completed cancelled
assign             DS      accepted  .         .         .           .           .        .         .         .
offer              DS      offered   .         .         .           .           .        .         .         .
accept             DST     .         accepted  .         .           .           .        .         .         .
decline            DST     .         pending   .         .           .           .        .         .         .
expire             -       .         pending   .         .           .           .        .         .         .
withdraw           DS      .         pending   .         .           .           .        .         .         .
pool               DS      offered   .         .         .           .           .        .         .         .
widen              -       .         offered   .         .           .           .        .         .         .
grab               DST     .         offered   .         .           .           .        .         .         .
award              -       .         =         .         .           .           .        .         .         .
close_pool         DS      .         pending   .         .           .           .        .         .         .
leave              -       pending   .         .         .           .           .        .         .         .
drop               DST     .         .         pending   .           .           .        .         .         .
ask_transfer       DST     .         .         accepted  .           .           .        .         .         .
answer_transfer    DST     .         .         accepted  .           .           .        .         .         .
force_transfer     S       .         .         accepted  .           .           .        .         .         .
expire_transfer    -       .         .         accepted  .           .           .        .         .         .
unassign           DS      .         .         pending   .           .           .        .         .         .
reassign           DS      .         .         accepted  .           .           .        .         .         .
pin                DS      =         =         =         .           .           .        .         .         .
arrange            DS      =         =         =         .           .           .        .         .         .
depart             DST     .         .         en_route  .           .           .        .         .         .
recall             S       .         .         .         accepted    .           .        .         .         .
arrive             DST     .         .         .         in_progress .           .        .         .         .
absent             DST     .         .         .         =           =           .        .         .         .
progress           DSKT    .         .         .         .           =           .        .         .         .
quote              DSKT    .         .         .         .           =           .        .         .         .
confirm_quote      DSKTCL  .         .         .         .           =           .        .         .         .
decline_quote      DSKCL   .         .         .         .           =           .        .         .         .
withdraw_quote     DSKT    .         .         .         .           =           .        .         .         .
lapse_quote        -       .         .         .         .           =           .        .         .         .
hold               DST     .         .         .         .           on_hold     .        .         .         .
new_visit          DSC     .         .         .         .           .           =        .         .         .
finish             DST     .         .         .         .           finished    .        .         .         .
confirm            DSTCL   .         .         .         .           .           .        =         .         .
pay                DSKTF   .         .         .         .           .           .        =         =         =
change_appointment DSKC    =         =         =         .           .           .        .         .         .
change_order       DSK     =         =         =         .           .           .        .         .         .
cancel             DSC     cancelled cancelled cancelled cancelled   .           .        .         .         .
cancel_device      DSK     .         .         .         .           .           .        .         .         .
reopen             DS      .         .         .         .           .           .        .         .         pending
return_visit       DSC     .         .         .         .           .           .        .         =         .
return_device      DSK     .         .         .         .           .           .        .         .         .
diagnose           DSKT    .         .         .         .           .           .        .         .         .
finish_device      DSKT    .         .         .         .           .           .        .         .         .
move_device        DSKT    .         .         .         .           .           .        .         .         .
remind             DSK     .         .         .         .           .           .        .         .         .
hand_back          DSK     .         .         .         .           .           .        .         .         .
review             DSCL    .         .         .         .           .           .        .         =         .
reply_review       DSQ     .         .         .         .           .           .        .         =         .
urge               DSKCL   =         =         =         =           =           =        .         .         .
note               DSKQT   =         =         =         =           =           =        =         =         =
message            DSKQTCL =         =         =         =           =           =        =         =         =
attach             DSKQTCL =         =         =         =           =           =        =         =         =
remove_attachment  SQ      =         =         =         =           =           =        =         =         =
clear_flag         S       =         =         =         =           =           =        =         =         =
complain           DSKQCL  =         =         =         =           =           =        =         =         =
refund             DSKQF   =         =         =         =           =           =        =         =         =
release_share      -       .         .         .         .           .           .        .         =         =
split_share        DS      .         .         .         .           =           =        =         .         .
waive_fee          S       .         .         .         .           .           .        .         .         =
invoice            DSKQFCL .         .         .         .           .           .        .         =         =
snooze             DSK     =         =         =         =           =           =        =         .         .
"""
BENCH = """
action             received   diagnosing quoted    repairing ready       handed_back
assign             .          .          .         .         .           .
offer              .          .          .         .         .           .
accept             .          .          .         .         .           .
decline            .          .          .         .         .           .
expire             .          .          .         .         .           .
withdraw           .          .          .         .         .           .
pool               .          .          .         .         .           .
widen              .          .          .         .         .           .
grab               .          .          .         .         .           .
award              .          .          .         .         .           .
close_pool         .          .          .         .         .           .
leave              .          .          .         .         .           .
drop               .          .          .         .         .           .
ask_transfer       .          .          .         .         .           .
answer_transfer    .          .          .         .         .           .
force_transfer     .          .          .         .         .           .
expire_transfer    .          .          .         .         .           .
unassign           .          .          .         .         .           .
reassign           .          .          .         .         .           .
pin                .          .          .         .         .           .
arrange            .          .          .         .         .           .
depart             .          .          .         .         .           .
recall             .          .          .         .         .           .
arrive             .          .          .         .         .           .
absent             .          .          .         .         .           .
progress           .          .          .         =         .           .
quote              .          =          =         =         .           .
confirm_quote      .          .          =         =         .           .
decline_quote      .          .          =         =         .           .
withdraw_quote     .          .          =         =         .           .
lapse_quote        .          .          =         =         .           .
hold               .          .          .         .         .           .
new_visit          .          .          .         .         .           .
finish             .          .          .         .         .           .
confirm            .          .          .         .         .           .
pay                .          .          .         .         =           =
change_appointment .          .          .         .         .           .
change_order       .          .          .         .         .           .
cancel             .          .          .         .         .           .
cancel_device      ready      ready      ready     .         .           .
reopen             .          .          .         .         .           .
return_visit       .          .          .         .         .           .
return_device      .          .          .         .         .           =
diagnose           diagnosing .          .         .         .           .
finish_device      .          .          .         ready     .           .
move_device        =          =          =         =         =           .
remind             .          .          .         .         =           .
hand_back          .          .          .         .         handed_back .
review             .          .          .         .         .           =
reply_review       .          .          .         .         .           =
urge               =          =          =         =         =           .
note               =          =          =         =         =           =
message            =          =          =         =         =           =
attach             =          =          =         =         =           =
remove_attachment  =          =          =         =         =           =
clear_flag         =          =          =         =         =           =
complain           =          =          =         =         =           =
refund             =          =          =         =         =           =
release_share      .          .          .         .         .           =
split_share        .          .          .         =         =           .
waive_fee          .          .          .         .         =           .
invoice            .          .          .         .         .           =
snooze             =          =          =         =         =           .
"""
LETTERS = {
    "D": "dispatcher",
    "S": "supervisor",
    "K": "counter",
    "Q": "complaints",
    "F": "finance",
    "T": "technician",
    "C": "customer",
    "L": "link",
}
HEAD, *ROWS = [line.split() for line in VISITS.strip().splitlines()]
BENCH_HEAD, *BENCH_ROWS = [line.split() for line in BENCH.strip().splitlines()]
WHO = {row[0]: {LETTERS[letter] for letter in row[1].strip("-")} for row in ROWS}
BENCH_ONLY = {"progress", "quote", "confirm_quote", "decline_quote", "withdraw_quote"}
"""What the counter does with devices, and not in anybody's home."""
AFTER = {(status, row[0]): cell for row in ROWS for status, cell in zip(HEAD[2:], row[2:], strict=True)} | {
    (status, row[0]): cell for row in BENCH_ROWS for status, cell in zip(BENCH_HEAD[1:], row[1:], strict=True)
}


def actors() -> list[tuple[str, Actor]]:
    found = [(role, staff(role)) for role in STAFF_ROLES]
    found.append(("technician", Actor(kind="technician", id="li")))
    found.append(("customer", Actor(kind="customer", id="c1")))
    return [*found, ("link", Actor(kind="link", id="x")), ("provider", Actor(kind="provider", id="x"))]


def who(status: str, action: str) -> set[str]:
    """The roles that may do it."""
    return WHO[action] - ({"counter"} if action in BENCH_ONLY and status == "in_progress" else set())


def said(status: Status, action: str, actor: Actor) -> str:
    """What the table says of a cell: the status afterwards, = where the rule decides, why not otherwise."""
    refused = life.refusal(status, action, actor, "sh")
    if refused is not None:
        return {"wrong_status": ".", "not_allowed": "-"}.get(refused.code, refused.code)
    found = life.step_for(status, action)
    return found.target or "=" if found is not None else "?"


def expected(status: Status, action: str, role: str) -> str:
    cell = AFTER[status, action]
    return cell if cell == "." or role == "system" or role in who(status, action) else "-"


def test_the_matrix_speaks_of_every_status_and_every_action() -> None:
    assert (*HEAD[2:], *BENCH_HEAD[1:]) == STATUSES
    assert set(WHO) == {row.action for row in life.LIFE}
    assert [row[0] for row in ROWS] == [row[0] for row in BENCH_ROWS]
    assert len({row[0] for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize("status", STATUSES)
def test_actions_from_a_status_lead_where_the_matrix_says(status: Status) -> None:
    for action in WHO:
        found = life.step_for(status, action)
        leads = "." if found is None else found.target or "="
        assert leads == AFTER[status, action], (status, action)


@pytest.mark.parametrize(("role", "actor"), actors())
def test_role_may_do_what_the_matrix_says_and_nothing_else(role: str, actor: Actor) -> None:
    for (status, action), cell in AFTER.items():
        refused = life.refusal(status, action, actor, "sh")  # type: ignore[arg-type]
        allowed = None if role in who(status, action) else "not_allowed"
        wanted = "wrong_status" if cell == "." else allowed
        assert (refused.code if refused else None) == wanted, (role, status, action)


def test_the_system_may_do_all_that_the_status_allows() -> None:
    for (status, action), cell in AFTER.items():
        refused = life.refusal(status, action, SYSTEM, "sh")  # type: ignore[arg-type]
        assert (refused is None) == (cell != "."), (status, action)


def test_the_whole_matrix_of_status_action_and_role_is_the_one_expected() -> None:
    """Prints every cell, a table for each role (`pytest -s`, or a failure, shows it), and compares each."""
    printed, wrong = [], []
    for role, actor in (*actors(), ("system", SYSTEM)):
        printed.append(f"\n{role:18} " + " ".join(f"{status:11}" for status in STATUSES))
        for action in WHO:
            cells = [said(status, action, actor) for status in STATUSES]
            printed.append(f"{action:18} " + " ".join(f"{cell:11}" for cell in cells))
            wanted = [expected(status, action, role) for status in STATUSES]
            wrong += [
                (role, status, action, cell, should)
                for status, cell, should in zip(STATUSES, cells, wanted, strict=True)
                if cell != should
            ]
    sys.stdout.write("\n".join(printed) + "\n")
    assert wrong == []


def test_a_row_is_written_once_for_each_status() -> None:
    written = [(status, row.action) for row in life.LIFE for status in row.sources]
    assert len(written) == len(set(written))


def test_closed_orders_can_not_be_handed_on_or_worked_on() -> None:
    moving = {
        "assign", "reassign", "offer", "accept", "ask_transfer", "answer_transfer", "force_transfer", "depart",
        "arrive", "progress", "quote", "confirm_quote", "finish", "hold", "new_visit", "finish_device",
    }  # fmt: skip
    closed = ("completed", "cancelled", "handed_back")
    assert {AFTER[status, action] for status in closed for action in moving} == {"."}


def test_dispatcher_of_another_region_is_refused() -> None:
    refused = life.refusal("pending", "assign", staff("dispatcher", regions=("bj",)), "sh")
    assert refused is not None
    assert refused.code == "other_region"
