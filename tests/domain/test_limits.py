"""Every text of every command, however deep: refused where it is too long or can't be read, before any rule looks."""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Iterator
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import pytest

from dispatcher_app.domain.act import SYSTEM, Act, Rejected
from dispatcher_app.domain.command import COMMANDS, PLATFORM_COMMANDS, AddNote
from dispatcher_app.domain.decide import decide
from dispatcher_app.domain.entity import PLATFORM
from dispatcher_app.domain.limit import LONGEST
from dispatcher_app.simulator.rehearsal import Rehearsal
from tests.domain import trade
from tests.domain.trade import NOW

BAD = {
    "a megabyte": "x" * 2**20,
    "a NUL": "a\0b",
    "an escape": "\x1b[2J",
    "a C1": "a\x85b",
    "half a pair": "\ud83d",
}


def filled(type_: Any, text: str, path: str = "") -> Iterator[tuple[str, Any]]:
    """Values of a type, each with that text in another one of its places; first of all one without it."""
    origin, args = get_origin(type_), get_args(type_)
    if type_ is str:
        yield from (("", "x"), (path, text))
    elif origin in (Union, types.UnionType):
        yield from filled(next(each for each in args if each is not type(None)), text, path)
    elif origin is Literal:
        yield "", args[0]
    elif origin in (tuple, frozenset, list):
        for where, each in filled(args[0], text, path):
            yield where, origin((each,))
    elif dataclasses.is_dataclass(type_):
        hints = get_type_hints(type_)
        fields = [each.name for each in dataclasses.fields(type_)]
        plain = {name: next(filled(hints[name], text))[1] for name in fields}
        yield "", type_(**plain)  # type: ignore[operator]
        for name in fields:
            for where, each in filled(hints[name], text, f"{path}.{name}"):
                if where:
                    yield where, type_(**{**plain, name: each})  # type: ignore[operator]
    else:
        yield "", {int: 1, float: 1.0, bool: True}.get(type_)


@pytest.fixture(scope="module")
def world() -> Rehearsal:
    return trade.company()


@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize("command", COMMANDS, ids=lambda each: each.__name__)
def test_no_text_of_a_command_is_endless_or_unreadable(command: type, bad: str, world: Rehearsal) -> None:
    spots = [(where, made) for where, made in filled(command, BAD[bad]) if where]
    assert spots
    for where, made in spots:
        region = PLATFORM if command in PLATFORM_COMMANDS else "sh"
        act = Act(id="a", actor=SYSTEM, at=NOW, command=made, region=region)
        with pytest.raises(Rejected) as refused:
            decide(world, act, NOW)
        wanted = "too_long" if bad == "a megabyte" else "text_invalid"
        assert (refused.value.code, refused.value.field) == (wanted, where.split(".")[1]), where


def test_a_text_of_several_lines_in_any_script_is_taken_as_it_is() -> None:
    world = trade.company()
    trade.booked(world)
    for words in ("第一行\n\t第二行 👨‍👩‍👧", "é عربي", "x" * LONGEST):
        world.do(trade.DISPATCHER, AddNote(order="o1", text=words), NOW)
