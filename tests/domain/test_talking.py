"""Messages between parties, and photos: who says, sees and takes away what."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, get_args

import pytest

from dispatcher_app.domain.act import SYSTEM, Actor, Rejected
from dispatcher_app.domain.command import AddAttachment, MarkRead, RemoveAttachment, SaveTemplate, SendMessage
from dispatcher_app.domain.order import Party, Talk
from dispatcher_app.domain.rule.talking import ATTACHMENTS_LIMIT
from dispatcher_app.domain.talk import (
    PARTIES,
    SHOWN_TO,
    TAKEN_BY,
    Attachment,
    Message,
    Purpose,
    Template,
    party_of,
    seen_by,
    shown_to,
)  # fmt: skip
from dispatcher_app.simulator.rehearsal import Rehearsal
from tests.domain import trade
from tests.domain.site import AT, COMPLAINTS, CUSTOMER, LI, LINK, WANG, on_site, photo, shop
from tests.domain.trade import ADMINISTRATOR, DISPATCHER, SUPERVISOR, order_of

TEMPLATE = Template(id="coming", name="已出发", text="师傅{technician}已出发,单号{number}", to=("customer",))


@pytest.fixture
def world() -> Rehearsal:
    """An order in Li's hands."""
    made = shop()
    on_site(made)
    return made


def said(world: Rehearsal, actor: Actor, *to: Party, text: str = "你好", **changes: Any) -> Message:
    change = world.do(actor, SendMessage(order="o1", to=to, text=text, **changes), AT)
    return next(each for each in change.after if isinstance(each, Message))


def unread(world: Rehearsal) -> tuple[int, int, int]:
    talk = order_of(world).talk or Talk()
    return talk.customer, talk.technician, talk.staff


@pytest.mark.parametrize(
    ("actor", "party"),
    [(CUSTOMER, "customer"), (LINK, "customer"), (LI, "technician"), (DISPATCHER, "staff"), (COMPLAINTS, "staff"),
     (SYSTEM, "staff")],
)  # fmt: skip
def test_a_message_is_from_the_party_of_whoever_speaks(world: Rehearsal, actor: Actor, party: Party) -> None:
    to = next(each for each in PARTIES if each != party)
    assert said(world, actor, to).party == party


def test_a_message_is_seen_by_its_party_and_those_it_is_to_and_nobody_else(world: Rehearsal) -> None:
    made = said(world, LI, "staff")
    assert [party for party in PARTIES if seen_by(made, party)] == ["technician", "staff"]


def test_a_message_is_unread_for_those_it_is_to(world: Rehearsal) -> None:
    said(world, CUSTOMER, "technician", "staff")
    said(world, LI, "customer")
    said(world, CUSTOMER, "staff")
    assert unread(world) == (1, 1, 2)
    talk = order_of(world).talk
    assert talk is not None
    assert (talk.total, talk.last_at) == (3, AT)


def test_the_order_counts_messages_and_never_holds_their_words(world: Rehearsal) -> None:
    then = order_of(world).steps
    said(world, CUSTOMER, "staff", text="门锁密码是一二三四")
    assert "一二三四" not in repr(order_of(world))
    assert order_of(world).steps == then


def test_reading_up_to_a_message_leaves_later_ones_unread(world: Rehearsal) -> None:
    first = said(world, CUSTOMER, "staff")
    last = said(world, CUSTOMER, "staff")
    world.do(DISPATCHER, MarkRead(order="o1", party="staff", upto=first.id), AT)
    assert unread(world) == (0, 0, 1)
    world.do(DISPATCHER, MarkRead(order="o1", party="staff", upto=last.id), AT)
    assert unread(world) == (0, 0, 0)
    with pytest.raises(Rejected, match="is_so_already"):
        world.do(DISPATCHER, MarkRead(order="o1", party="staff", upto=last.id), AT)


@pytest.mark.parametrize("party", PARTIES)
@pytest.mark.parametrize("actor", [CUSTOMER, LINK, LI, DISPATCHER])
def test_nobody_reads_in_another_partys_name(world: Rehearsal, actor: Actor, party: Party) -> None:
    said(world, CUSTOMER, "technician", "staff")
    last = said(world, LI, "customer", "staff")
    command = MarkRead(order="o1", party=party, upto=last.id)
    if party_of(actor.name) == party:
        world.do(actor, command, AT)
        return
    with pytest.raises(Rejected, match="party_invalid"):
        world.do(actor, command, AT)


def test_reading_a_message_of_another_order_is_refused(world: Rehearsal) -> None:
    trade.booked(world, "o2")
    other = world.do(DISPATCHER, SendMessage(order="o2", to=("customer",), text="x"), AT).after[1]
    with pytest.raises(Rejected, match="not_found"):
        world.do(DISPATCHER, MarkRead(order="o1", party="staff", upto=other.id), AT)


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (SendMessage(order="o1", to=(), text="x"), "party_invalid"),
        (SendMessage(order="o1", to=("staff",), text="x"), "party_invalid"),
        (SendMessage(order="o1", to=("customer", "customer"), text="x"), "party_invalid"),
        (SendMessage(order="o1", to=("customer",), text="  "), "required"),
        (SendMessage(order="o1", to=("customer",), text="长" * 1001), "too_long"),
        (SendMessage(order="o1", to=("customer",), text="\x07"), "text_invalid"),
        (SendMessage(order="o1", to=("customer",), text="x", attachments=("nowhere",)), "not_found"),
        (SendMessage(order="o1", to=("customer",), text="x", attachments=("p",) * 10), "too_many"),
        (SendMessage(order="o1", to=("customer",), text="x", template="none"), "template_unfit"),
    ],
)
def test_messages_that_make_no_sense_are_refused(world: Rehearsal, command: SendMessage, code: str) -> None:
    with pytest.raises(Rejected, match=code):
        world.do(DISPATCHER, command, AT)


@pytest.mark.parametrize(
    "actor", [WANG, Actor(kind="customer", id="c-o2"), Actor(kind="link", id="o2"), ADMINISTRATOR]
)
def test_whoever_has_nothing_to_do_with_an_order_says_nothing_about_it(
    world: Rehearsal, actor: Actor
) -> None:
    to = next(each for each in PARTIES if each != party_of(actor.name))
    with pytest.raises(Rejected, match="not_allowed"):
        said(world, actor, to)


def test_a_template_is_sent_once_the_desk_has_filled_it(world: Rehearsal) -> None:
    world.do(ADMINISTRATOR, SaveTemplate(template=TEMPLATE), AT)
    assert said(world, DISPATCHER, "customer", text="李师傅已出发", template="coming").template == "coming"
    with pytest.raises(Rejected, match="placeholder_left"):
        said(world, DISPATCHER, "customer", text=TEMPLATE.text, template="coming")


def test_a_template_goes_to_nobody_it_is_not_meant_for(world: Rehearsal) -> None:
    world.do(ADMINISTRATOR, SaveTemplate(template=TEMPLATE), AT)
    with pytest.raises(Rejected, match="template_unfit"):
        said(world, DISPATCHER, "technician", template="coming")
    world.do(ADMINISTRATOR, SaveTemplate(template=replace(TEMPLATE, version=1, retired=True)), AT)
    with pytest.raises(Rejected, match="template_unfit"):
        said(world, DISPATCHER, "customer", template="coming")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"text": "{phone}"}, "placeholder_unknown"),
        ({"text_en": "{door_code}"}, "placeholder_unknown"),
        ({"text": " "}, "required"),
        ({"name": ""}, "required"),
        ({"text": "长" * 1001}, "too_long"),
        ({"to": ()}, "party_invalid"),
        ({"version": 3}, "edited_meanwhile"),
    ],
)
def test_a_template_that_no_desk_could_fill_is_refused(
    world: Rehearsal, changes: dict[str, Any], code: str
) -> None:
    with pytest.raises(Rejected, match=code):
        world.do(ADMINISTRATOR, SaveTemplate(template=replace(TEMPLATE, **changes)), AT)


def test_only_administrators_write_templates(world: Rehearsal) -> None:
    with pytest.raises(Rejected, match="not_allowed"):
        world.do(SUPERVISOR, SaveTemplate(template=TEMPLATE), AT)


ADDERS = {"customer": LINK, "technician": LI, "staff": DISPATCHER}


@pytest.mark.parametrize("purpose", get_args(Purpose))
@pytest.mark.parametrize("party", PARTIES)
def test_each_party_adds_its_own_kinds_of_photos(world: Rehearsal, party: Party, purpose: Purpose) -> None:
    if purpose in TAKEN_BY[party]:
        photo(world, "p", purpose, actor=ADDERS[party])
        made = world.get(Attachment, "p")
        assert made is not None
        assert (made.purpose, made.actor, made.order) == (purpose, ADDERS[party].name, "o1")
        assert order_of(world).attachments == 1
        return
    with pytest.raises(Rejected, match="purpose_unfit"):
        photo(world, "p", purpose, actor=ADDERS[party])


def test_every_kind_of_photo_can_be_taken_and_staff_see_them_all() -> None:
    kinds = set(get_args(Purpose))
    assert TAKEN_BY["customer"] | TAKEN_BY["technician"] | TAKEN_BY["staff"] == kinds
    assert SHOWN_TO["staff"] == kinds


@pytest.mark.parametrize(
    ("purpose", "actor", "parties"),
    [
        ("before", LI, ["technician", "staff"]),
        ("after", LI, ["customer", "technician", "staff"]),
        ("absent", LI, ["technician", "staff"]),
        ("message", LI, ["technician", "staff"]),
        ("message", LINK, ["customer", "staff"]),
        ("review", LINK, ["customer", "staff"]),
        ("fault", CUSTOMER, ["customer", "technician", "staff"]),
        ("quote", LI, ["customer", "technician", "staff"]),
    ],
)
def test_a_photo_is_shown_to_whom_it_is_for(
    world: Rehearsal, purpose: Purpose, actor: Actor, parties: list[Party]
) -> None:
    photo(world, "p", purpose, actor=actor)
    made = world.get(Attachment, "p")
    assert made is not None
    assert [party for party in PARTIES if shown_to(made, party)] == parties
    assert not [party for party in PARTIES if shown_to(replace(made, removed="private"), party)]


def test_nobody_sends_on_what_he_is_not_shown(world: Rehearsal) -> None:
    photo(world, "p", "absent")
    with pytest.raises(Rejected, match="not_found"):
        said(world, LINK, "staff", attachments=("p",))
    assert said(world, LI, "staff", attachments=("p",)).attachments == ("p",)


def test_a_message_may_be_a_photo_alone(world: Rehearsal) -> None:
    photo(world, "p", "message", actor=LINK)
    assert said(world, LINK, "staff", text="", attachments=("p",)).text == ""


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"line": 1}, "line_unknown"),
        ({"line": -1}, "line_unknown"),
        ({"size": 0}, "required"),
        ({"actor": WANG}, "not_allowed"),
        ({"order": "o9"}, "not_found"),
    ],
)
def test_photos_that_belong_nowhere_are_refused(world: Rehearsal, changes: dict[str, Any], code: str) -> None:
    with pytest.raises(Rejected, match=code):
        photo(world, "p", **changes)


def test_the_same_photo_is_not_taken_in_twice(world: Rehearsal) -> None:
    photo(world, "p")
    with pytest.raises(Rejected, match="exists"):
        photo(world, "p")


def test_an_order_takes_so_many_photos_and_no_more(world: Rehearsal) -> None:
    for number in range(ATTACHMENTS_LIMIT):
        photo(world, f"p{number}")
    with pytest.raises(Rejected, match="too_many"):
        photo(world, "one_more")
    world.do(SUPERVISOR, RemoveAttachment(attachment="p0", reason="private"), AT)
    photo(world, "one_more")
    assert order_of(world).attachments == ATTACHMENTS_LIMIT


def test_a_photo_taken_away_is_counted_no_more_and_its_seal_stays(world: Rehearsal) -> None:
    photo(world, "p")
    world.do(COMPLAINTS, RemoveAttachment(attachment="p", reason="private"), AT)
    made = world.get(Attachment, "p")
    assert made is not None
    assert (made.removed, made.original_sha256, order_of(world).attachments) == ("private", "1" * 64, 0)
    assert order_of(world).steps[-1].params == {"attachment": "p", "reason": "private"}
    with pytest.raises(Rejected, match="is_so_already"):
        world.do(COMPLAINTS, RemoveAttachment(attachment="p", reason="private"), AT)
    with pytest.raises(Rejected, match="not_found"):
        said(world, LI, "staff", attachments=("p",))


@pytest.mark.parametrize(
    ("actor", "reason", "code"),
    [
        (DISPATCHER, "private", "not_allowed"),
        (LI, "private", "not_allowed"),
        (LINK, "private", "not_allowed"),
        (SUPERVISOR, "不好看", "reason_unknown"),
    ],
)
def test_photos_are_taken_away_by_supervisor_and_complaints_for_a_reason(
    world: Rehearsal, actor: Actor, reason: str, code: str
) -> None:
    photo(world, "p")
    with pytest.raises(Rejected, match=code):
        world.do(actor, RemoveAttachment(attachment="p", reason=reason), AT)


def test_a_photo_says_nothing_of_where_it_was_taken() -> None:
    assert not {"lon", "lat", "point", "device"} & set(AddAttachment.__slots__)
    assert not {"lon", "lat", "point", "device"} & set(Attachment.__slots__)
