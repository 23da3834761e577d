"""One change for several technicians and dates: a command each, taken back together, answered row by row."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dispatcher_app.clock import new_id
from dispatcher_app.domain.act import Rejected
from dispatcher_app.text import t
from ui import name
from ui.submit import follow

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


@dataclass(frozen=True, slots=True)
class Done:
    """How many were done, and of the others why not, a line each; `field` is what the first of them is about."""

    count: int
    refused: tuple[str, ...] = ()
    field: str | None = None


def submit_all(session: Session, commands: Iterable[tuple[str, Any]]) -> Done:
    """Submit commands, each with the words for whom or what it is; one undo takes all of them back."""
    made = list(commands)
    batch = new_id() if len(made) > 1 else None
    count, refused, field = 0, list[str](), None
    for words, command in made:
        try:
            submission = session.submit(command, batch=batch)
        except Rejected as rejected:
            refused.append(
                f"{words}: {name.refusal(session, rejected)}"
                if len(made) > 1
                else name.refusal(session, rejected)
            )
            field = field or rejected.field
            continue
        follow(session, submission)
        count += 1
    return Done(count, tuple(refused), field)


def said(done: Done) -> str:
    """What came of it, where not all of it was done."""
    if not done.refused:
        return ""
    lines = "\n".join(done.refused[:5])
    more = len(done.refused) - 5
    if more > 0:
        lines = t("{lines}\nand {n} more", lines=lines, n=more)
    return t("{n} saved; not saved:\n{lines}", n=done.count, lines=lines) if done.count else lines
