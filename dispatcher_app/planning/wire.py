"""What goes between whoever wants a plan and the process that improves it: frames of msgpack with arrays in them."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, BinaryIO, TypeAlias

import msgspec
import numpy as np

from dispatcher_app.planning.problem import Cost, Plan, Problem

HEAD = 8
"""Bytes that say how long a frame is."""
LONGEST = 4 << 30
"""A frame longer than this is no frame."""


class Array(msgspec.Struct, frozen=True):
    """A numpy array."""

    type: str
    shape: tuple[int, ...]
    data: bytes


Packed: TypeAlias = dict[str, Array]


class Improve(msgspec.Struct, tag=True, frozen=True):
    """Improve the plan of a problem for so many seconds; without routes one is made first. `locked` as in the problem."""

    problem: Packed
    locked: list[list[int]]
    routes: list[list[int]] | None
    seconds: float
    seed: int = 0


class Stop(msgspec.Struct, tag=True, frozen=True):
    """Enough: the best plan so far."""


class Told(msgspec.Struct, tag=True, frozen=True):
    """How far it is: seconds since it began, rounds, cost and visits without a place of the best plan so far."""

    seconds: float
    rounds: int
    objective: int
    unserved: int


class Made(msgspec.Struct, tag=True, frozen=True):
    """The best plan that was found."""

    routes: list[list[int]]
    starts: Array
    breaks: Array
    ends: Array
    unserved: list[int]
    broken: list[int]
    cost: dict[str, int]


class Failed(msgspec.Struct, tag=True, frozen=True):
    """Why there is no plan: the problem was no problem."""

    detail: str


Asked: TypeAlias = Improve | Stop
Answered: TypeAlias = Told | Made | Failed

_asked = msgspec.msgpack.Decoder(Asked)
_answered = msgspec.msgpack.Decoder(Answered)


def framed(message: Asked | Answered) -> bytes:
    """The message as it is written."""
    body = msgspec.msgpack.encode(message)
    return len(body).to_bytes(HEAD, "big") + body


def length_of(head: bytes) -> int:
    """How many bytes follow; raises ValueError where that can't be."""
    length = int.from_bytes(head, "big")
    if len(head) != HEAD or length > LONGEST:
        raise ValueError("no frame")
    return length


def asked(body: bytes) -> Asked:
    """What the process is asked; raises msgspec.DecodeError."""
    found: Asked = _asked.decode(body)
    return found


def answered(body: bytes) -> Answered:
    """What the process says; raises msgspec.DecodeError."""
    found: Answered = _answered.decode(body)
    return found


def read(stream: BinaryIO) -> bytes | None:
    """The next frame's body, None at the end of the stream."""
    head = stream.read(HEAD)
    if len(head) < HEAD:
        return None
    length = length_of(head)
    body = stream.read(length)
    return body if len(body) == length else None


def packed(array: Any) -> Array:
    """An array as bytes."""
    whole = np.ascontiguousarray(array)
    return Array(whole.dtype.str, whole.shape, whole.tobytes())


def unpacked(array: Array) -> Any:
    """The array again; a copy, for compiled code takes one that can't be written for another kind of array."""
    return np.frombuffer(array.data, dtype=np.dtype(array.type)).reshape(array.shape).copy()


def improve(problem: Problem, routes: list[list[int]] | None, seconds: float, seed: int = 0) -> Improve:
    """The question about a problem."""
    arrays = {
        each.name: packed(getattr(problem, each.name)) for each in fields(problem) if each.name != "locked"
    }
    return Improve(arrays, [list(route) for route in problem.locked], routes, seconds, seed)


def problem_in(question: Improve) -> Problem:
    """The problem of a question; raises TypeError, ValueError where it is none."""
    arrays = {name: unpacked(array) for name, array in question.problem.items()}
    return Problem(**arrays, locked=tuple(tuple(route) for route in question.locked))


def made(plan: Plan) -> Made:
    """A plan as it is sent."""
    return Made(
        routes=[list(route) for route in plan.routes],
        starts=packed(plan.starts),
        breaks=packed(plan.breaks),
        ends=packed(plan.ends),
        unserved=list(plan.unserved),
        broken=list(plan.broken),
        cost={each.name: int(getattr(plan.cost, each.name)) for each in fields(plan.cost)},
    )


def plan_in(answer: Made) -> Plan:
    """The plan of an answer."""
    return Plan(
        routes=tuple(tuple(route) for route in answer.routes),
        starts=unpacked(answer.starts),
        breaks=unpacked(answer.breaks),
        ends=unpacked(answer.ends),
        unserved=tuple(answer.unserved),
        broken=tuple(answer.broken),
        cost=Cost(**answer.cost),
    )
