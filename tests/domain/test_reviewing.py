"""Reviews, and what they make of a technician."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dispatcher_app.domain.act import SYSTEM, Actor, Rejected
from dispatcher_app.domain.calendar import DAY_MS
from dispatcher_app.domain.command import (
    ConfirmOrder,
    DeclineQuote,
    FinishOrder,
    HandBack,
    MarkLine,
    RecordPayment,
    ReplyToReview,
    ReviewOrder,
    SaveTechnician,
)  # fmt: skip
from dispatcher_app.domain.rating import PRIOR_STARS, average, from_stars, rating
from dispatcher_app.domain.talk import Figures, Review
from dispatcher_app.simulator.rehearsal import Rehearsal
from tests.domain import trade
from tests.domain.site import (
    AT,
    COMPLAINTS,
    CUSTOMER,
    LI,
    LINK,
    at_bench,
    code,
    on_site,
    photo,
    revised,
    shop,
)
from tests.domain.trade import COUNTER, DISPATCHER, SUPERVISOR, order_of, technician_of

FIVE = ReviewOrder(
    order="o1", stars=5, skill=5, attitude=4, efficiency=3, solved=True, text="很好", suggestion="早点来"
)


@pytest.fixture
def world() -> Rehearsal:
    """An order that Li has completed."""
    made = shop(None)
    on_site(made)
    made.do(LI, MarkLine(order="o1", line=0, from_state="open", state="done"), AT)
    made.do(LI, FinishOrder(order="o1", technician="li"), AT)
    made.do(LINK, ConfirmOrder(order="o1", confirmation="page"), AT)
    made.do(LI, RecordPayment(order="o1", amount=12000, means="cash"), AT)
    assert order_of(made).status == "completed"
    return made


def review_of(world: Rehearsal) -> Review:
    found = world.get(Review, "o1")
    assert found is not None
    return found


def figures(world: Rehearsal, technician: str = "li") -> Figures:
    return technician_of(world, technician).figures


@pytest.mark.parametrize("actor", [CUSTOMER, LINK, DISPATCHER, SUPERVISOR])
def test_a_review_counts_at_once_for_who_was_there(world: Rehearsal, actor: Actor) -> None:
    world.do(actor, FIVE, AT)
    made = review_of(world)
    assert (made.technician, made.stars, made.text, made.at, made.edited_at) == ("li", 5, "很好", AT, None)
    assert figures(world) == Figures(reviews=1, stars=5, skill=5, attitude=4, efficiency=3, solved=1)
    assert figures(world, "wang") == Figures()
    order = order_of(world)
    assert (order.review, order.steps[-1].params) == ("o1", {"stars": 5})
    assert "很好" not in repr(order)


def test_a_review_given_again_replaces_the_first(world: Rehearsal) -> None:
    world.do(LINK, FIVE, AT)
    world.do(SUPERVISOR, ReplyToReview(order="o1", text="谢谢"), AT)
    world.do(LINK, replace(FIVE, stars=1, solved=False), AT + 7 * DAY_MS)
    made = review_of(world)
    assert (made.stars, made.at, made.edited_at, made.reply) == (1, AT, AT + 7 * DAY_MS, "谢谢")
    assert figures(world) == Figures(reviews=1, stars=1, skill=5, attitude=4, efficiency=3)


def test_a_review_is_not_changed_after_the_time_for_it(world: Rehearsal) -> None:
    world.do(LINK, FIVE, AT)
    with pytest.raises(Rejected, match="review_too_late"):
        world.do(LINK, replace(FIVE, stars=1), AT + 7 * DAY_MS + 1)
    assert figures(world).stars == 5


@pytest.mark.parametrize("field", ["stars", "skill", "attitude", "efficiency"])
@pytest.mark.parametrize("value", [0, 6, -1])
def test_stars_go_from_one_to_five(world: Rehearsal, field: str, value: int) -> None:
    changes: dict[str, Any] = {field: value}
    with pytest.raises(Rejected, match="stars_invalid"):
        world.do(LINK, replace(FIVE, **changes), AT)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"text": "长" * 1001}, "too_long"),
        ({"suggestion": "长" * 1001}, "too_long"),
        ({"photos": ("nowhere",)}, "not_found"),
        ({"photos": ("before",)}, "purpose_unfit"),
        ({"photos": ("p",) * 10}, "too_many"),
    ],
)
def test_reviews_that_make_no_sense_are_refused(world: Rehearsal, changes: dict[str, Any], code: str) -> None:
    photo(world, "before", "before")
    with pytest.raises(Rejected, match=code):
        world.do(LINK, replace(FIVE, **changes), AT)
    assert figures(world) == Figures()


def test_photos_of_a_review_are_the_customers(world: Rehearsal) -> None:
    photo(world, "p", "review", actor=LINK)
    world.do(LINK, replace(FIVE, photos=("p",)), AT)
    assert review_of(world).photos == ("p",)


@pytest.mark.parametrize(
    "actor", [LI, COMPLAINTS, COUNTER, Actor(kind="link", id="o2"), Actor(kind="customer", id="c-o2")]
)
def test_nobody_judges_in_anothers_place(world: Rehearsal, actor: Actor) -> None:
    with pytest.raises(Rejected, match="not_allowed"):
        world.do(actor, FIVE, AT)


def test_an_order_in_hand_is_not_judged() -> None:
    world = shop()
    on_site(world)
    with pytest.raises(Rejected, match="wrong_status"):
        world.do(LINK, FIVE, AT)


@pytest.mark.parametrize("actor", [SUPERVISOR, COMPLAINTS])
def test_we_answer_a_review_and_may_correct_the_answer(world: Rehearsal, actor: Actor) -> None:
    world.do(LINK, FIVE, AT)
    world.do(actor, ReplyToReview(order="o1", text="谢谢"), AT)
    world.do(actor, ReplyToReview(order="o1", text="谢谢您"), AT + 1)
    made = review_of(world)
    assert (made.reply, made.replied_by, made.replied_at) == ("谢谢您", actor.name, AT + 1)


@pytest.mark.parametrize(
    ("actor", "text", "code"),
    [(LI, "谢谢", "not_allowed"), (LINK, "谢谢", "not_allowed"), (SUPERVISOR, " ", "required")],
)
def test_an_answer_that_is_empty_or_not_ours_is_refused(
    world: Rehearsal, actor: Actor, text: str, code: str
) -> None:
    world.do(LINK, FIVE, AT)
    with pytest.raises(Rejected, match=code):
        world.do(actor, ReplyToReview(order="o1", text=text), AT)


def test_what_nobody_has_judged_is_not_answered(world: Rehearsal) -> None:
    with pytest.raises(Rejected, match="not_found"):
        world.do(SUPERVISOR, ReplyToReview(order="o1", text="谢谢"), AT)


def test_a_device_handed_back_is_judged_too() -> None:
    world = shop(None)
    at_bench(world)
    world.do(COUNTER, revised(), AT)
    world.do(LINK, DeclineQuote(order="o1", number=1), AT)
    world.do(COUNTER, RecordPayment(order="o1", amount=3600, means="cash"), AT)
    world.do(COUNTER, HandBack(order="o1", code=code(world, "pickup_code")), AT)
    world.do(LINK, FIVE, AT)
    assert review_of(world).technician == "li"
    assert figures(world).reviews == 1


def test_a_form_never_writes_a_technicians_figures() -> None:
    world = trade.company(trade.technician("li", figures=from_stars(4.0)))
    li = technician_of(world, "li")
    world.do(SUPERVISOR, SaveTechnician(technician=replace(li, name="李工", figures=from_stars(5.0))), AT)
    assert (technician_of(world, "li").name, figures(world)) == ("李工", from_stars(4.0))
    world.do(SUPERVISOR, SaveTechnician(technician=trade.technician("new", figures=from_stars(5.0))), AT)
    assert figures(world, "new") == Figures()
    world.do(SYSTEM, SaveTechnician(technician=trade.technician("old", figures=from_stars(4.5))), AT)
    assert figures(world, "old") == from_stars(4.5)


def test_nobody_is_shown_stars_that_nobody_gave() -> None:
    assert average(Figures()) is None
    assert average(from_stars(4.7)) == 4.7


def test_few_reviews_weigh_little_and_many_weigh_all() -> None:
    assert rating(Figures()) == PRIOR_STARS
    assert 3.5 < rating(from_stars(1.0, 1)) < PRIOR_STARS
    assert rating(from_stars(1.0, 1000)) < 1.1
    assert rating(from_stars(5.0, 100)) > rating(from_stars(5.0, 3)) > rating(Figures())
