"""What no longer adds up is named: words, photos, quotes, money, figures, editions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dispatcher_app import clock, codec
from dispatcher_app.domain.book import PriceBook
from dispatcher_app.domain.edition import Edition, Series
from dispatcher_app.domain.entity import Entity
from dispatcher_app.domain.order import Order, Talk
from dispatcher_app.domain.talk import Attachment, Figures, Message, Review
from dispatcher_app.domain.technician import Technician
from dispatcher_app.domain.van import Van
from dispatcher_app.server.tally import tallies
from tests.server.city import copy_of, open_gate
from tests.server.lived import live

Entities = dict[tuple[str, str], Entity]


@pytest.fixture(scope="module")
def lived(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Entities]:
    """Everything there is after a whole life."""
    place = copy_of(seeded, tmp_path_factory.mktemp("lived") / "data")
    with closing(open_gate(place)) as gate:
        live(gate, clock.now_ms() - 60_000, [])
        rows = gate.all("SELECT kind, id, schema, body FROM entity")
        yield {(kind, id): codec.entity(kind, body, schema) for kind, id, schema, body in rows}


def one(entities: Entities, type_: type[Any], id: str) -> Any:
    found = entities[type_.kind, id]
    assert isinstance(found, type_)
    return found


def broken(entities: Entities, wrong: Entity) -> list[str]:
    """The checks that speak up when one thing is otherwise."""
    return sorted({each.check for each in tallies({**entities, (wrong.kind, wrong.id): wrong})})


def without(entities: Entities, kind: str) -> list[str]:
    """The checks that speak up when all of a kind is gone."""
    return sorted(
        {each.check for each in tallies({key: each for key, each in entities.items() if key[0] != kind})}
    )


def test_a_whole_life_adds_up(lived: Entities) -> None:
    assert list(tallies(lived)) == []
    assert {Message, Attachment, Review, Van, PriceBook, Series} <= {type(each) for each in lived.values()}


@pytest.mark.parametrize(
    ("check", "wrong"),
    [
        ("talk", lambda order: replace(order, talk=replace(order.talk, total=2))),
        ("talk", lambda order: replace(order, talk=replace(order.talk, staff=2))),
        ("talk", lambda order: replace(order, talk=Talk(total=1, customer=1, staff=1))),
        ("notes", lambda order: replace(order, notes=0)),
        ("attachments", lambda order: replace(order, attachments=0)),
        ("attachments", lambda order: replace(order, revisions=(replace(order.revisions[0], photos=("p-9",)),))),
        ("quote", lambda order: replace(order, revisions=(replace(order.revisions[0], number=2),))),
        ("quote", lambda order: replace(order, quote=replace(order.quote, total=order.quote.total + 1))),
        ("payment", lambda order: replace(order, paid=order.paid - 1)),
        ("payment", lambda order: replace(order, paid=order.paid + 1)),
        ("device", lambda order: replace(order, service="workshop")),
        ("return_visit", lambda order: replace(order, returns=())),
        ("return_visit", lambda order: replace(order, returns=("o-2", "o-1"))),
        ("review", lambda order: replace(order, review=None)),
    ],
)  # fmt: skip
def test_what_an_order_says_wrongly_of_itself_is_named(
    lived: Entities, check: str, wrong: Callable[[Order], Order]
) -> None:
    assert check in broken(lived, wrong(one(lived, Order, "o-1")))


@pytest.mark.parametrize(
    ("kind", "check"),
    [("message", "talk"), ("note", "notes"), ("attachment", "attachments"), ("review", "review"),
     ("technician", "van"), ("price_book", "edition"), ("series", "edition"), ("order", "message_orphan")],
)  # fmt: skip
def test_what_is_gone_is_missed(lived: Entities, kind: str, check: str) -> None:
    assert check in without(lived, kind)


@pytest.mark.parametrize(
    "figures",
    [
        Figures(),
        Figures(reviews=1, stars=3, skill=5, attitude=4, efficiency=4, solved=1),
        Figures(reviews=2, stars=10, skill=10, attitude=10, efficiency=10, solved=2),
    ],
)
def test_figures_that_no_reviews_could_have_made_are_named(lived: Entities, figures: Figures) -> None:
    judged = replace(one(lived, Technician, "sh-t0"), figures=figures)
    assert broken(lived, judged) == ["figures"]


def test_figures_may_hold_what_was_known_before_the_first_review(lived: Entities) -> None:
    known = one(lived, Technician, "sh-t0")
    more = Figures(
        reviews=3, stars=known.figures.stars + 9, skill=known.figures.skill + 2, attitude=known.figures.attitude + 10,
        efficiency=known.figures.efficiency + 8, solved=known.figures.solved,
    )  # fmt: skip
    assert broken(lived, replace(known, figures=more)) == []


def test_a_van_is_never_counted_for_anybody(lived: Entities) -> None:
    van = one(lived, Van, "sh-t0")
    assert broken(lived, replace(van, stock=())) == []


def test_editions_out_of_order_drafts_and_strangers_are_named(lived: Entities) -> None:
    series, book = one(lived, Series, "prices"), one(lived, PriceBook, "prices-2")
    assert broken(lived, replace(series, editions=series.editions[::-1])) == ["edition"]
    assert broken(lived, replace(series, editions=(*series.editions, Edition("x", 1 << 52)))) == ["edition"]
    assert broken(lived, replace(book, state="draft")) == ["edition"]
    assert broken(lived, replace(book, series="prices:sh")) == ["edition"]
