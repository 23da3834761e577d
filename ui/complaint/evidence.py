"""What bears witness in a complaint, as one paper: story, quotes, messages, photos, where somebody was, the minute."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, cast

from PySide6.QtGui import QImage

from dispatcher_app.client.state import Seen
from dispatcher_app.domain.calendar import DAY_MS
from dispatcher_app.domain.money.complaint import Complaint, ComplaintNote
from dispatcher_app.domain.order import Order, Revision
from dispatcher_app.domain.place import Point, distance_m
from dispatcher_app.domain.region import Policy
from dispatcher_app.domain.talk import Attachment, Message
from dispatcher_app.text import t
from ui import format, name
from ui.complaint.blackout import blacked
from ui.complaint.tell import TOLD_HERE, event
from ui.complaint.visitmap import drawn
from ui.complaint.word import CALL_BACKS, RESPONSIBLE, SAID, word
from ui.mark import mark
from ui.order.complained import category_words, severity_word, source_word
from ui.order.purpose import purpose_word
from ui.order.reason import reason_word
from ui.order.step import events
from ui.paper.block import Block, Image, Pair, Pictures, Rule, Words

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_SEEN_MOST: Final = 24
_BESIDE: Final = 2
_SEAL: Final = 16
"""So many digits of a photo's seal are printed."""
_INWARD: Final = frozenset({"note", "judged"})
"""What colleagues wrote for each other is no evidence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Everything that was found: `hidden` are words about others, `minute` is how the board stood, "" what is missing."""

    complaint: Complaint
    order: Order
    notes: Sequence[ComplaintNote] = ()
    messages: Sequence[Message] = ()
    photos: Sequence[tuple[Attachment, QImage | None]] = ()
    way: Sequence[Seen] = ()
    minute: Sequence[Block] = ()
    hidden: frozenset[str] = frozenset()
    missing: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Lasting:
    """The session as it will be read from in another year, so that no date is called tomorrow or Friday."""

    session: Session

    def now(self) -> int:
        """Long after everything on the paper."""
        return self.session.now() + 400 * DAY_MS

    def __getattr__(self, name: str) -> Any:
        return getattr(self.session, name)


def blocks(session: Session, found: Evidence) -> list[Block]:
    """The whole paper; nothing typed stands on it as it was typed."""
    made = [
        *head(session, found),
        *said(session, found),
        *timeline(session, found),
        *quotes(session, found),
        *messages(session, found),
        *positions(session, found),
        *photos(session, found),
    ]
    if found.minute:
        made += [Rule(), Words(t("How it stood at that minute"), "large", bold=True), *found.minute]
    made.append(Rule())
    if found.missing:
        made.append(Words(t("Not to be had now: {what}", what=t(", ").join(found.missing)), "small"))
    made.append(
        Words(t("Taken from the log, which nobody can change. Numbers, codes and other customers are blacked out."),
              "small")
    )  # fmt: skip
    return made


def head(session: Session, found: Evidence) -> list[Block]:
    """Which order and complaint it is about, and how that stands."""
    case, order = found.complaint, found.order
    row = session.order_row(order.id)
    who = name.people(name.technician(session, each) for each in case.technicians)
    made: list[Block] = [
        Words(t("Evidence in a complaint: order {number}", number=order.number), "title", bold=True),
        Pair(t("Made on"), f"{moment(session, session.now())} · {name.actor(session, session.actor.name)}"),
        Pair(
            t("About##complaint"),
            f"{category_words(case.categories)} · {severity_word(case.severity)}",
            bold=True,
        ),
        Pair(t("State##complaint"), mark("complaint", case.state).label()),
        Pair(t("Opened##complaint"), f"{moment(session, case.at)} · {source_word(case.source)}"),
        Pair(t("Customer"), f"{row.name} …{row.phone_tail}" if row is not None else ""),
        Pair(t("Technician"), who or t("About no technician")),
        Pair(t("What is repaired"), t(", ").join(name.item(session, line.item) for line in order.lines)),
        Pair(t("Promised window"), promised(session, order)),
    ]
    if case.answered_at is not None:
        made.append(Pair(t("First answer"), kept(session, case.answered_at, case.answer_due)))
    if case.resolved_at is not None:
        made.append(Pair(t("Solution##complaint"), kept(session, case.resolved_at, case.solve_due)))
    if case.responsibility is not None:
        made.append(Pair(t("At fault##complaint"), word(RESPONSIBLE, case.responsibility)))
    if case.compensation:
        made.append(Pair(t("Compensation##complaint"), format.money(case.compensation, case.currency)))
    if case.call_back is not None:
        made.append(Pair(t("Call-back##complaint_note"), word(CALL_BACKS, case.call_back)))
    return made


def said(session: Session, found: Evidence) -> list[Block]:
    """What was complained about, answered and agreed, without what colleagues wrote for each other."""
    made: list[Block] = []
    for note in found.notes:
        if note.said not in _INWARD and note.text:
            told = blacked(note.text, found.hidden)
            made.append(Pair(t(SAID[note.said]), f"{moment(session, note.at)} · {told}"))
    return [Rule(), Words(t("What was said"), "large", bold=True), *made] if made else []


def timeline(session: Session, found: Evidence) -> list[Block]:
    """Every step of the order and of the complaint, in the order of time; notes of colleagues are none."""
    case = found.complaint
    lasting = cast("Session", Lasting(session))
    own = replace(
        found.order, steps=tuple(each for each in found.order.steps if each.action not in TOLD_HERE)
    )
    steps = [event(lasting, case, step) for step in case.steps if step.action != "note"]
    told = sorted([*events(lasting, own, ()), *steps], key=lambda each: each.at)
    return [
        Rule(),
        Words(t("Timeline"), "large", bold=True),
        *(
            Pair(moment(session, each.at), blacked(f"{each.text} · {each.who}", found.hidden))
            for each in told
        ),
    ]


def quotes(session: Session, found: Evidence) -> list[Block]:
    """Every quote beside the price book, with the reason and the customer's word."""
    revisions = found.order.revisions
    if not revisions:
        return []
    return [
        Rule(),
        Words(t("Quotes"), "large", bold=True),
        *(block for each in revisions for block in quote(session, each)),
    ]


def quote(session: Session, revision: Revision) -> list[Block]:
    """One of them."""
    currency = revision.quote.currency
    total, book = (format.money(each, currency) for each in (revision.quote.total, revision.book_total))
    title = t("Quote {number} of {moment}", number=revision.number, moment=moment(session, revision.at))
    made: list[Block] = [
        Words(f"{title} · {mark('quote', revision.state).label()}", bold=True),
        Pair(t("Total"), t("{total}, price book {book}", total=total, book=book)),
        Pair(t("Reason"), reason_word(revision.reason)),
    ]
    made += [
        Pair(name.quote_line(each.what), format.money(each.amount, currency), apart=True)
        for each in revision.quote.lines
    ]
    if revision.decided_at is not None:
        made.append(Pair(t("Customer's word"), moment(session, revision.decided_at)))
    return made


def messages(session: Session, found: Evidence) -> list[Block]:
    """What was written, by whom; numbers and others in it black."""
    if not found.messages:
        return []
    return [
        Rule(),
        Words(t("Messages"), "large", bold=True),
        *(
            Pair(
                f"{moment(session, each.at)} {name.party(each.party)}",
                blacked(each.text, found.hidden) or t("{n} photos##complaint", n=len(each.attachments)),
            )
            for each in found.messages
        ),
    ]


def positions(session: Session, found: Evidence) -> list[Block]:
    """When somebody was how far from the door, the map of it, and where he said that he had arrived."""
    order, zone = found.order, name.timezone(session)
    made: list[Block] = []
    for visit in order.visits:
        if visit.arrival is not None:
            far = visit.arrival.distance_m
            where = t("without a position")
            if far is not None:
                where = t("{away} from the door", away=format.distance(far))
            made.append(Pair(t("Arrival reported"), f"{moment(session, visit.arrival.at)} · {where}"))
    radius = (session.get(Policy, "policy") or Policy()).arrival_radius_m
    for who in dict.fromkeys(each.technician for each in found.way):
        way = [each for each in found.way if each.technician == who]
        if (map_ := drawn(order.point, way, radius, zone)) is not None:
            words = t(
                "{who}: the way that his phone reported; the square is the door.",
                who=name.technician(session, who),
            )
            made.append(Image(map_, words))
        made += [
            Pair(moment(session, each.at), t("{away} from the door", away=format.distance(away(each, order))))
            for each in thinned(way)
        ]
    return [Rule(), Words(t("Positions"), "large", bold=True), *made] if made else []


def away(seen: Seen, order: Order) -> float:
    """How far from the door (metres)."""
    return distance_m(Point(seen.lon, seen.lat), order.point)


def thinned(way: Sequence[Seen]) -> list[Seen]:
    """Some of the points, the first and the last among them."""
    step = max(1, -(-len(way) // _SEEN_MOST))
    return [each for at, each in enumerate(way) if at % step == 0 or at == len(way) - 1]


def photos(session: Session, found: Evidence) -> list[Block]:
    """What was photographed, without place and device, each with the beginning of its seal."""
    shown = [
        Image(picture, caption(session, photo)) for photo, picture in found.photos if picture is not None
    ]
    rows = [tuple(shown[at : at + _BESIDE]) for at in range(0, len(shown), _BESIDE)]
    lost = [Words(t("Not to be had now: {what}", what=caption(session, photo)), "small")
            for photo, picture in found.photos if picture is None]  # fmt: skip
    made: list[Block] = [*map(padded, rows), *lost]
    return [Rule(), Words(t("Photos"), "large", bold=True), *made] if made else []


def padded(row: tuple[Image, ...]) -> Pictures:
    """A row of pictures of one width; a last one alone is as wide as the others."""
    blank = QImage(4, 3, QImage.Format.Format_RGB32)
    blank.fill(0xFFFFFF)
    return Pictures((*row, *(Image(blank, "") for _ in range(_BESIDE - len(row)))))


def caption(session: Session, photo: Attachment) -> str:
    """What a photo shows, when and by whom it was sent, and its seal."""
    who = name.actor(session, photo.actor)
    seal = photo.original_sha256[:_SEAL]
    return f"{purpose_word(photo.purpose)} · {moment(session, photo.at)} · {who} · SHA-256 {seal}…"


def promised(session: Session, order: Order) -> str:
    """The promised windows of all visits."""
    zone = name.timezone(session)
    windows = (visit.window for visit in order.visits)
    told = [f"{moment(session, each.start)}–{format.clock(each.end, zone)}" for each in windows if each]
    return t(", ").join(told) or t("None promised")


def kept(session: Session, done: int, due: int) -> str:
    """When something was done, and whether in time."""
    late = done - due
    word_ = t("late by {duration}", duration=format.duration(late // 1000)) if late > 0 else t("in time")
    return f"{moment(session, done)} · {word_}"


def moment(session: Session, at: int) -> str:
    """A time that can still be read next year."""
    return f"{format.local(at, name.timezone(session)):%Y-%m-%d %H:%M}"


def about_others(session: Session, orders: Iterable[str], own: Order) -> frozenset[str]:
    """Words about other customers: their names, homes and the last digits of their numbers."""
    mine = session.order_row(own.id)
    known = {mine.name, mine.compound, mine.phone_tail} if mine is not None else set[str]()
    rows = (session.order_row(id) for id in orders if id != own.id)
    found = {
        word for row in rows if row is not None and row.customer != own.customer
        for word in (row.name, row.compound, row.phone_tail)
    }  # fmt: skip
    return frozenset(each for each in found - known if each)
