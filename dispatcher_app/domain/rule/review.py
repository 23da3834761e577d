"""Reviews: the customer's judgement, and what we answer."""

from __future__ import annotations

from dataclasses import replace

from dispatcher_app.domain.act import Act, Change, Rejected, World
from dispatcher_app.domain.calendar import DAY_MS
from dispatcher_app.domain.command import ReplyToReview, ReviewOrder
from dispatcher_app.domain.entity import Entity
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.rating import counted
from dispatcher_app.domain.rule.facts import in_region, may, policy_of, required_text, stepped, text
from dispatcher_app.domain.rule.talking import attached
from dispatcher_app.domain.talk import Review
from dispatcher_app.domain.technician import Technician

TEXT_LIMIT = 1000
PHOTOS_LIMIT = 9


def review(command: ReviewOrder, act: Act, world: World, now: int) -> Change:
    """One judgement an order; given again within the time for it, it replaces the first in the technician's figures."""
    order = in_region(world, Order, command.order, "order", act.region)
    may(order, "review", act)
    for field in ("stars", "skill", "attitude", "efficiency"):
        if not 1 <= getattr(command, field) <= 5:
            raise Rejected("stars_invalid", field)
    if len(command.photos) > PHOTOS_LIMIT:
        raise Rejected("too_many", "photos", limit=PHOTOS_LIMIT)
    for photo in attached(world, order, command.photos, "photos"):
        if photo.purpose != "review":
            raise Rejected("purpose_unfit", "photos", purpose=photo.purpose)
    former = world.get(Review, order.id)
    days = policy_of(world).review_edit_days
    if former is not None and act.at - former.at > days * DAY_MS:
        raise Rejected("review_too_late", None, days=days)
    made = Review(
        id=order.id, region=order.region, version=former.version if former else 0,
        technician=former.technician if former else order.visit.technician or order.technician,
        stars=command.stars, skill=command.skill, attitude=command.attitude, efficiency=command.efficiency,
        solved=command.solved, text=text(command.text, "text", TEXT_LIMIT),
        suggestion=text(command.suggestion, "suggestion", TEXT_LIMIT), photos=command.photos,
        at=former.at if former else act.at, edited_at=act.at if former else None,
        reply=former.reply if former else "", replied_by=former.replied_by if former else "",
        replied_at=former.replied_at if former else None,
    )  # fmt: skip
    after = stepped(replace(order, review=made.id), act, "review", stars=made.stars)
    judged: tuple[Entity, ...] = ()
    if made.technician is not None and (who := world.get(Technician, made.technician)) is not None:
        figures = counted(who.figures, former, -1) if former else who.figures
        judged = (replace(who, figures=counted(figures, made)),)
    return Change(after=(after, made, *judged))


def reply(command: ReplyToReview, act: Act, world: World, now: int) -> Change:
    """Our answer; another one replaces it."""
    order = in_region(world, Order, command.order, "order", act.region)
    may(order, "reply_review", act)
    found = in_region(world, Review, order.id, "order", act.region)
    words = required_text(command.text, "text", TEXT_LIMIT)
    after = replace(found, reply=words, replied_by=act.actor.name, replied_at=act.at)
    return Change(after=(stepped(order, act, "reply_review"), after))
