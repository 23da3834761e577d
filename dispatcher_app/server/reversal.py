"""Who may take an act back, and that it is taken back once."""

from __future__ import annotations

from dispatcher_app.domain import role
from dispatcher_app.domain.act import Act, Actor, Rejected
from dispatcher_app.domain.command import name_of
from dispatcher_app.server.store import done as store
from dispatcher_app.server.store import record
from dispatcher_app.server.world import Transaction


def check(world: Transaction, act: Act) -> None:
    """An act is taken back once, by whoever did it or a supervisor; raises Rejected."""
    if act.undoes is None:
        return
    # Those of the same batch are not in the table yet.
    fresh = [(row[0], row[5], row[8], row[3], row[10]) for row in world.writes.acts]
    found = next(((str(actor), undo) for id, actor, _, _, undo in fresh if id == act.undoes), None)
    if found is None and (known := record.known_act(world.cursor, act.undoes)) is not None:
        found = known.actor, known.undo.name if known.undo else None
    if found is not None:
        doer, undo = found
        may_take_back(act.actor, doer)
        if undo != name_of(act.command):
            # Called an undo, something else would silence what was told, and clear whom it was held against.
            raise Rejected("no_undo")
    before = next(((actor, at) for _, actor, undoes, at, _ in fresh if undoes == act.undoes), None)
    if (before := before or store.taken_back(world.cursor, act.undoes)) is not None:
        raise Rejected("undone_already", None, who=before[0], when=before[1])


def may_take_back(actor: Actor, doer: str) -> None:
    """Raises Rejected where somebody would take back what another one did and is no supervisor."""
    if actor.kind == "staff" and doer != actor.name and not role.holds(actor, role.OVERRIDES):
        raise Rejected("undo_of_others", None, who=doer)
