"""What is said and shown about an order: notes, messages between parties, photos and videos."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from dispatcher_app.domain import role
from dispatcher_app.domain.act import Act, Change, Rejected, World
from dispatcher_app.domain.command import (
    AddAttachment,
    AddNote,
    MarkRead,
    RemoveAttachment,
    SaveTemplate,
    SendMessage,
)  # fmt: skip
from dispatcher_app.domain.customer import Note
from dispatcher_app.domain.entity import changed
from dispatcher_app.domain.order import Order, Party, Talk
from dispatcher_app.domain.rule.facts import in_region, may, on_top, required_text, stepped, text
from dispatcher_app.domain.talk import (
    PARTIES,
    PLACEHOLDERS,
    REMOVALS,
    TAKEN_BY,
    Attachment,
    Message,
    Template,
    party_of,
    shown_to,
)  # fmt: skip

MESSAGE_LIMIT = 1000
MESSAGE_PHOTOS = 9
ATTACHMENTS_LIMIT = 60
PLACEHOLDER = re.compile(r"\{(\w+)\}")


def note_made(order: Order, words: str, act: Act) -> Note:
    """A note with the act's id: told twice, it is one."""
    return Note(id=act.id, region=order.region, order=order.id, text=words, author=act.actor.name, at=act.at)


def noted(order: Order, words: str, act: Act) -> tuple[Order, tuple[Note, ...]]:
    """The order with the words, where there are any, as a note beside it."""
    if not (words := text(words, "note")):
        return order, ()
    return changed(order, notes=order.notes + 1), (note_made(order, words, act),)


def add_note(command: AddNote, act: Act, world: World, now: int) -> Change:
    """A note beside the order; the order itself only counts it."""
    order = in_region(world, Order, command.order, "order", act.region)
    may(order, "note", act)
    note = note_made(order, required_text(command.text, "text"), act)
    after = stepped(changed(order, notes=order.notes + 1), act, "note", note=note.id)
    return Change(after=(after, note))


def send(command: SendMessage, act: Act, world: World, now: int) -> Change:
    """A message to other parties, counted as unread for each; it is corrected by another one, never unsaid."""
    order = in_region(world, Order, command.order, "order", act.region)
    may(order, "message", act)
    party = party_of(act.actor.name)
    if not command.to or party in command.to or len(set(command.to)) < len(command.to):
        raise Rejected("party_invalid", "to")
    words = text(command.text, "text", MESSAGE_LIMIT)
    if not words and not command.attachments:
        raise Rejected("required", "text")
    if command.template is not None:
        checked_template(world, command.template, words, command.to)
    if len(command.attachments) > MESSAGE_PHOTOS:
        raise Rejected("too_many", "attachments", limit=MESSAGE_PHOTOS)
    for each in attached(world, order, command.attachments, "attachments"):
        if not shown_to(each, party):
            raise Rejected("not_found", "attachments", kind="attachment", id=each.id)
    talk = order.talk or Talk()
    message = Message(
        id=act.id, region=order.region, order=order.id, number=talk.total + 1, at=act.at, author=act.actor.name,
        party=party, to=command.to, text=words, template=command.template, attachments=command.attachments,
    )  # fmt: skip
    unread = {each: getattr(talk, each) + (each in command.to) for each in PARTIES}
    talk = replace(talk, total=talk.total + 1, last_at=max(talk.last_at or 0, act.at), **unread)
    return Change(after=(replace(order, talk=talk), message))


def checked_template(world: World, id: str, words: str, to: Iterable[Party]) -> None:
    """Raises Rejected for a template that is not in use or not for these parties, and for a placeholder left unfilled."""
    template = world.get(Template, id)
    if template is None or template.retired or not set(to) <= set(template.to):
        raise Rejected("template_unfit", "template")
    if left := [name for name in PLACEHOLDER.findall(words) if name in PLACEHOLDERS]:
        raise Rejected("placeholder_left", "text", name=left[0])


def mark_read(command: MarkRead, act: Act, world: World, now: int) -> Change:
    """A party has read all up to a message; nobody reads in another party's name."""
    order = in_region(world, Order, command.order, "order", act.region)
    may(order, "message", act)
    if command.party != party_of(act.actor.name):
        raise Rejected("party_invalid", "party")
    message = in_region(world, Message, command.upto, "upto", act.region)
    if message.order != order.id:
        raise Rejected("not_found", "upto", kind="message", id=command.upto)
    talk = order.talk or Talk()
    unread = getattr(talk, command.party)
    # A message that came while this was on its way stays unread; later ones to others are counted in at worst.
    left = min(unread, max(0, talk.total - message.number))
    if left == unread:
        raise Rejected("is_so_already", None)
    return Change(after=(replace(order, talk=replace(talk, **{command.party: left})),))


def attached(world: World, order: Order, ids: Iterable[str], field: str) -> tuple[Attachment, ...]:
    """The photos and videos of these ids, each once; raises Rejected for those of other orders and removed ones."""
    ids = tuple(ids)
    found = tuple(in_region(world, Attachment, id, field, order.region) for id in ids)
    for each in found:
        if each.order != order.id or each.removed is not None or ids.count(each.id) > 1:
            raise Rejected("not_found", field, kind="attachment", id=each.id)
    return found


def add_attachment(command: AddAttachment, act: Act, world: World, now: int) -> Change:
    """A photo or video that the server has taken in, in the name of who sent it."""
    order = in_region(world, Order, command.order, "order", act.region)
    may(order, "attach", act)
    if world.get(Attachment, command.attachment) is not None:
        raise Rejected("exists", "attachment")
    if command.purpose not in TAKEN_BY[party_of(act.actor.name)]:
        raise Rejected("purpose_unfit", "purpose", purpose=command.purpose)
    if command.line is not None and not 0 <= command.line < len(order.lines):
        raise Rejected("line_unknown", "line")
    if command.size <= 0 or command.original_size <= 0:
        raise Rejected("required", "size")
    if order.attachments >= ATTACHMENTS_LIMIT:
        raise Rejected("too_many", "attachment", limit=ATTACHMENTS_LIMIT)
    made = Attachment(
        id=command.attachment, region=order.region, order=order.id, line=command.line, purpose=command.purpose,
        at=act.at, actor=act.actor.name, media=command.media, size=command.size, sha256=command.sha256,
        original_sha256=command.original_sha256, original_size=command.original_size, width=command.width,
        height=command.height, taken_at=command.taken_at, has_position=command.has_position,
    )  # fmt: skip
    return Change(after=(replace(order, attachments=order.attachments + 1), made))


def remove_attachment(command: RemoveAttachment, act: Act, world: World, now: int) -> Change:
    """Nobody is shown it any more; a check that rested on it while the work goes on is open again."""
    found = in_region(world, Attachment, command.attachment, "attachment", act.region)
    order = in_region(world, Order, found.order, "attachment", act.region)
    may(order, "remove_attachment", act)
    if found.removed is not None:
        raise Rejected("is_so_already", "attachment")
    if command.reason not in REMOVALS:
        raise Rejected("reason_unknown", "reason", reason=command.reason)
    checks = order.checks
    if order.status in ("in_progress", "repairing"):
        checks = tuple(each for each in checks if each.photo != found.id)
    after = replace(order, attachments=max(0, order.attachments - 1), checks=checks)
    after = stepped(after, act, "remove_attachment", attachment=found.id, reason=command.reason)
    return Change(after=(after, replace(found, removed=command.reason)))


def save_template(command: SaveTemplate, act: Act, world: World, now: int) -> Change:
    """A ready text, with no placeholder that a desk could not fill."""
    role.require(act.actor, role.ADMINISTERS, act.region)
    wanted = on_top(world, command.template, act)
    required_text(wanted.name, "name", 80)
    words = required_text(wanted.text, "text", MESSAGE_LIMIT) + text(wanted.text_en, "text_en", MESSAGE_LIMIT)
    if unknown := [name for name in PLACEHOLDER.findall(words) if name not in PLACEHOLDERS]:
        raise Rejected("placeholder_unknown", "text", name=unknown[0])
    if not wanted.to or len(set(wanted.to)) < len(wanted.to):
        raise Rejected("party_invalid", "to")
    return Change(after=(wanted,))
