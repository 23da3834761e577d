"""What a desk asks the server; where there is none, the replica answers as well as it can."""

from __future__ import annotations

import contextlib
from abc import abstractmethod
from collections.abc import Callable, Sequence
from pathlib import Path

from dispatcher_app.client import bulk, question, search, travel
from dispatcher_app.client.album import Album, What
from dispatcher_app.client.api import Api, NotLoggedIn, Offline
from dispatcher_app.client.drag import handful
from dispatcher_app.client.drives import by_server
from dispatcher_app.client.part import Parts
from dispatcher_app.client.paying import Paying
from dispatcher_app.client.payroll import Payroll
from dispatcher_app.client.portrait import send_portrait
from dispatcher_app.client.reading import Reading
from dispatcher_app.client.state import (
    ComplaintRecord,
    DoneAct,
    Effect,
    HistoryEntry,
    KnownCaller,
    Position,
    Seen,
    Taken,
    ToldNotice,
)
from dispatcher_app.clock import new_id
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.command import Absence, BookedLine
from dispatcher_app.domain.money.reasons import Given
from dispatcher_app.domain.order import After, Order, Urgency
from dispatcher_app.domain.place import Point
from dispatcher_app.domain.region import Policy, Staff
from dispatcher_app.domain.talk import Attachment
from dispatcher_app.domain.technician import Technician
from dispatcher_app.planning.ghost import Dragged
from dispatcher_app.planning.handful import Handful
from dispatcher_app.planning.proposal import PlanRun
from dispatcher_app.planning.rank import Ranking
from dispatcher_app.planning.travel import Routes, Travel
from dispatcher_app.planning.windows import Offered
from dispatcher_app.rows import OrderRow


class Asking(Reading):
    """Reads, and asks: raises Offline where only the server knows and there is none."""

    def __init__(self, parts: Parts, staff: Staff) -> None:
        super().__init__(parts, staff)
        self.positions: dict[str, Position] = {}
        self._api: Api | None = None
        self._album = Album(parts.folder / "pictures")
        self.payroll = Payroll(lambda: self._api)
        self.paying = Paying(lambda: self._api)

    @abstractmethod
    def is_pending(self, kind: str, id: str) -> bool:
        """Whether it has a change that the server has not answered."""

    async def customers_by_phone(self, phone: str) -> list[KnownCaller]:
        """Who may be calling: sure from the server, likely from the replica; raises Rejected for what is no number."""
        try:
            found = await question.callers(self._api, phone)
        except Offline:
            return await self._ask(question.likely_callers, self._reader, phone)
        return question.known(found, self.get(Policy, "policy") or Policy(), self.timezone)

    async def rank(self, order: str, date: str | None = None) -> Ranking:
        """Ranked technicians for an order, the excluded ones with their reasons."""
        with contextlib.suppress(Offline):
            # A result that the server has not seen yet can't be ranked there.
            if not self.is_pending("order", order):
                found: Ranking = await question.asked(
                    self._api, "GET", "/rank", Ranking, order=order, date=date
                )
                return found
        return await self._ask(question.rank, self._reader, order, date, dict(self.positions), self.now())

    async def drag(self, order: str, dates: Sequence[str] = ()) -> Dragged:
        """A visit in the hand; `planning.ghost.ghost` says of it what dropping it somewhere would do."""
        return (await self.by_roads(await self.handful((order,), dates))).drags[order]

    async def handful(self, orders: Sequence[str], dates: Sequence[str] = ()) -> Handful:
        """Several visits in the hand; `planning.handful.ghosts` says what comes of their places; raises Rejected.

        Drives are this desk's own estimate, until `by_roads` brings better ones.
        """
        return await self._ask(
            handful, self._reader, tuple(orders), tuple(dates), dict(self.positions), self.now()
        )

    async def by_roads(self, hand: Handful) -> Handful:
        """The same with the drives that the server knows, as it is where there is none or it takes too long."""
        return await by_server(self._api, self.region_id, hand, self.now())

    async def way(self, origin: Point, target: Point, wanted: int = 1) -> Routes:
        """How one drives from place to place, with the lines, the quickest first; raises Offline, Rejected."""
        return await travel.routes(self._api, self.region_id, origin, target, wanted=wanted)

    async def sure_drives(self, origins: Sequence[Point], target: Point) -> Travel:
        """Drives of a few to one place as surely as anybody knows them now; raises Offline, Rejected."""
        return await travel.precisely(self._api, self.region_id, origins, target)

    async def windows(
        self, lines: Sequence[BookedLine], district: str, point: Point, urgency: Urgency, order: str = "",
        after: After | None = None,
    ) -> Offered:  # fmt: skip
        """The windows that can honestly be promised; `after` is what has to be over before."""
        wanted = question.Wanted(self.region_id, tuple(lines), district, point, urgency, order, after)
        with contextlib.suppress(Offline):
            found: Offered = await question.asked(self._api, "POST", "/windows", Offered, wanted)
            return found
        return await self._ask(question.windows, self._reader, wanted, dict(self.positions), self.now())

    async def history(self, kind: str, id: str) -> list[HistoryEntry]:
        """Every change of an entity; raises Offline."""
        return await question.history(self._api, kind, id)

    async def done_acts(
        self, *, everybody: bool = False, order: str = "", since: int = 0, limit: int = 50
    ) -> list[DoneAct]:
        """What this person, everybody, or whoever worked on an order has done, the newest first; raises Offline."""
        return await question.done(self._api, everybody=everybody, order=order, since=since, limit=limit)

    async def reveal(self, kind: str, id: str, field: str, reason: str) -> str:
        """A secret, for a reason that is recorded; raises Offline, Rejected."""
        return await question.reveal(self._api, kind, id, field, reason)

    async def taken(self, attachment: str) -> Taken:
        """Where, when and with what a photo was taken, for supervisors; raises Offline, Rejected."""
        return await question.taken(self._api, attachment)

    async def link_of(self, order: str) -> str:
        """Where a customer follows an order, answering nothing; "" where there is no page; raises Offline, Rejected."""
        return await question.link_of(self._api, order)

    async def notices_of(self, order: str) -> list[ToldNotice]:
        """What customer and technicians were told about an order, the oldest first; raises Offline."""
        return await question.notices(self._api, order)

    async def effect_of(self, book: str) -> Effect:
        """What the last 90 days' orders would come to by a price book as the server has it; raises Offline, Rejected."""
        return await question.effect(self._api, book)

    async def complaint_record(self, complaint: str) -> ComplaintRecord:
        """How often it was about its technicians of late, and by its customer; raises Offline, Rejected."""
        return await question.complaint_record(self._api, complaint)

    async def reasons(self, first: str, last: str) -> list[Given]:
        """Why money went back between these local dates, in figures; raises Offline, Rejected."""
        return await question.reasons(self._api, first, last)

    async def complaint_track(self, complaint: str) -> list[Seen]:
        """Where its technicians were on the way and there, which is written down; raises Offline, Rejected."""
        return await question.complaint_track(self._api, complaint)

    async def send_notice_again(self, notice: str) -> ToldNotice:
        """A notice once more, as it would be worded now; raises Offline, Rejected where it is overtaken."""
        return await question.notice_again(self._api, notice, new_id())

    async def begin_plan(
        self,
        *,
        date: str = "",
        seconds: float = 30.0,
        dispatched: bool = False,
        absence: Absence | None = None,
    ) -> PlanRun:
        """Have a date's plan (A5), or ways to go on without a technician (X6), searched; raises Offline, Rejected."""
        sought = search.Sought(
            region=self.region_id, date=date, seconds=seconds, dispatched=dispatched, absence=absence
        )
        return await search.begin(self._api, sought)

    async def plan_run(self, id: str) -> PlanRun:
        """How far a search is, and what it has found; raises Offline, Rejected."""
        return await search.told(self._api, id)

    async def stop_plan(self, id: str) -> None:
        """The best that a search has found will do; raises Offline, Rejected."""
        await search.stop(self._api, id)

    async def search_server(self, text: str) -> list[OrderRow]:
        """Orders beyond what the desk holds; raises Offline."""
        return await question.search(self._api, text)

    async def old_order(self, row: OrderRow) -> Order:
        """One of them whole, with its steps; raises Offline, Rejected."""
        return await question.old_order(self._api, row)

    async def old_attachments(self, order: str) -> list[Attachment]:
        """What was photographed of one of them, the oldest first; raises Offline, Rejected."""
        return await question.attachments(self._api, order)

    async def import_orders(self, packed: bytes) -> list[bulk.Result]:
        """Take over many orders (`bulk.packed`) in one request; raises Offline, Rejected, bulk.TooMany."""
        return await bulk.send(self._api, packed)

    async def fetch_replay(self, region: str, date: str, keep: Callable[[bytes], object]) -> None:
        """A day of a region as the log knows it, handed to `keep` piece by piece; raises Offline, Rejected."""
        if self._api is None:
            raise Offline("not connected")
        try:
            await self._api.fetch("/replay", {"region": region, "date": date}, keep)
        except NotLoggedIn as error:
            raise Offline("logged out") from error

    # pictures

    async def picture(self, attachment: str | Attachment, what: What = "view", reason: str = "") -> Path:
        """A photo or video as a file on this computer, for an original with a reason; raises Offline, Rejected.

        One that this desk holds no more is given itself instead of its id.
        """
        id, given = (attachment, None) if isinstance(attachment, str) else (attachment.id, attachment)
        found = self.get(Attachment, id) or given
        if found is None:
            raise Rejected("not_found", "id", kind="attachment", id=id)
        return await self._album.picture(self._api, found, what, reason)

    async def portrait(self, technician: str) -> Path | None:
        """A technician's picture as a file on this computer, None where he has none; raises Offline, Rejected."""
        found = self.get(Technician, technician)
        if found is None or found.portrait is None:
            return None
        return await self._album.portrait(self._api, found.id, found.portrait)

    async def send_portrait(self, technician: str, path: Path) -> None:
        """Another picture of a technician, sent at once; raises Offline, Rejected."""
        await send_portrait(self._api, technician, path)
