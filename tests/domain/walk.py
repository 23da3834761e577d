"""People at work at random: what they might do next with an order as it stands, from booking to the last coin."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from dispatcher_app.domain import command as c
from dispatcher_app.domain import life
from dispatcher_app.domain.act import SYSTEM, Actor
from dispatcher_app.domain.alert import ALERTS
from dispatcher_app.domain.calendar import local_date, next_date
from dispatcher_app.domain.money.complaint import Complaint
from dispatcher_app.domain.money.payment import Payment
from dispatcher_app.domain.money.refund import Refund
from dispatcher_app.domain.order import After, Confirmation, LineState, Order, Status, Told, Window
from dispatcher_app.domain.pricing import owed
from dispatcher_app.domain.talk import Attachment
from dispatcher_app.simulator.rehearsal import Rehearsal
from tests.domain import planner, trade
from tests.domain.trade import CENTRE, COUNTER, DISPATCHER, SUPERVISOR, minutes

TECHNICIANS = ("li", "wang", "zhao")
TYPED = "再催一下,张丽华 13800138000"
FORWARD = frozenset({
    "assign", "accept", "depart", "arrive", "progress", "confirm_quote", "hold", "new_visit", "finish", "confirm", "pay",
    "diagnose", "quote", "finish_device", "hand_back", "return_visit", "absent", "ask_transfer",
    "answer_transfer", "expire_transfer", "lapse_quote",
    "pool", "grab", "award", "widen",
})  # fmt: skip
"""What leads on; tried more often than what leads back or nowhere, so that a walk gets somewhere."""


WAYS: tuple[Confirmation, ...] = ("code", "page", "phone", "time")


@dataclass(frozen=True)
class Scene:
    """An order as somebody sees it, the world around it, the moment and the dice."""

    world: Rehearsal
    order: Order
    now: int
    dice: Random

    def technician(self) -> str:
        """The one who has it, mostly."""
        return (
            self.order.technician if self.order.technician and self.dice.random() < 0.9 else self.somebody()
        )

    def somebody(self) -> str:
        return self.dice.choice(TECHNICIANS)

    def start(self) -> int:
        """Half an hour from now on, at most until the evening."""
        return self.now + minutes(30 * self.dice.randrange(0, 12))

    def window(self) -> Window | None:
        start = self.start()
        return Window(start, start + minutes(120)) if self.dice.random() < 0.8 else None

    def day(self) -> str:
        return next_date(local_date(self.now, trade.TIMEZONE), self.dice.randrange(0, 3))

    def photo(self) -> str:
        found = [each.id for each in self.world.all(Attachment) if each.order == self.order.id]
        return self.dice.choice(found) if found else "ghost"

    def code(self, field: str) -> str:
        sent = self.world.code("order", self.order.id, field)
        return sent if sent and self.dice.random() < 0.8 else "0"

    def line(self) -> int:
        return self.dice.randrange(len(self.order.lines))

    def asked(self) -> str:
        return self.order.offer.technician if self.order.offer else self.somebody()

    def told(self) -> tuple[Told, ...]:
        """Some of them, here and there in the rings."""
        people = self.dice.sample(TECHNICIANS, self.dice.randrange(1, 4))
        return tuple(
            Told(
                technician=each,
                distance_m=self.dice.randrange(0, 9000),
                start=self.start(),
                ring=self.dice.randrange(2),
            )
            for each in people
        )

    def wishing(self) -> str:
        """One who was told, mostly."""
        told = [each.technician for each in self.order.pool.told] if self.order.pool else []
        return self.dice.choice(told) if told and self.dice.random() < 0.9 else self.somebody()

    def number(self) -> int:
        return self.order.proposed.number if self.order.proposed else 0


def mark(scene: Scene) -> Any:
    if scene.dice.random() < 0.1:
        return c.MarkCheck(order=scene.order.id, line=scene.line(), check="leak", state="done")
    line = scene.line()
    states: tuple[LineState, ...] = ("done", "done", "excused", "open")
    state = scene.dice.choice(states)
    return c.MarkLine(
        order=scene.order.id,
        line=line,
        from_state=scene.order.lines[line].state,
        state=state,
        reason="no_fault",
    )


def quote(scene: Scene) -> Any:
    lines = [
        c.QuotedLine(item=each.item, fault=each.fault, brand=each.brand, quantity=each.quantity)
        for each in scene.order.lines
    ]
    if scene.dice.random() < 0.3:
        lines.append(c.QuotedLine(item="tap", fault="drip", labour=scene.dice.choice((None, 5000, 90000))))
    return c.ReviseQuote(
        order=scene.order.id, number=len(scene.order.revisions) + 1, lines=tuple(lines), reason="part_needed",
        parts=(c.QuotedPart(part="seal", price=scene.dice.choice((100, 4000))),), note=TYPED,
        discount=scene.dice.choice((0, 0, 500)),
    )  # fmt: skip


def arrange(scene: Scene) -> Any:
    """One or two come, and perhaps only when another order is over."""
    order, dice = scene.order, scene.dice
    after = After(order=dice.choice(scene.world.all(Order)).id, pause=dice.choice((0, 30)))
    return c.ArrangeVisit(
        order=order.id, from_crew=order.crew, crew=dice.choice((1, 2)), from_after=order.after,
        after=dice.choice((None, after)),
    )  # fmt: skip


def absent(scene: Scene) -> Any:
    departed = scene.order.visit.departed_at or scene.now
    return c.ReportAbsence(
        order=scene.order.id, technician=scene.technician(), waited_from=departed,
        calls=(departed, departed + minutes(5)), photo=scene.photo(), next_contact=scene.day(),
        outcome=scene.dice.choice(("hold", "cancel")),
    )  # fmt: skip


def arrive(scene: Scene) -> Any:
    point = CENTRE if scene.dice.random() < 0.8 else None
    return c.Arrive(order=scene.order.id, technician=scene.technician(), point=point, reason="no_signal",
                    photo=scene.photo() if point is None else None)  # fmt: skip


def payment(scene: Scene) -> Any:
    left = owed(scene.order) - scene.order.paid
    amount = scene.dice.choice((left, left, left // 2, left + 1))
    return c.RecordPayment(order=scene.order.id, amount=amount, means="cash")


def attachment(scene: Scene) -> Any:
    return c.AddAttachment(
        order=scene.order.id, attachment=f"p{scene.world.acts}", purpose=scene.dice.choice(("arrival", "fault")),
        media="image/jpeg", size=1, sha256="a", original_sha256="b", original_size=1,
    )  # fmt: skip


def confirmed(scene: Scene) -> Any:
    how = scene.dice.choice(WAYS)
    return c.ConfirmOrder(order=scene.order.id, confirmation=how, code=scene.code("confirm_code"))


def agreed(scene: Scene) -> Any:
    how = scene.dice.choice(WAYS)
    code = scene.code("quote_code")
    return c.ConfirmQuote(order=scene.order.id, number=scene.number(), confirmation=how, code=code)


def refund(scene: Scene) -> Any:
    """Something for the customer, or a step with what was proposed before."""
    order, dice = scene.order, scene.dice
    found = [each for each in scene.world.all(Refund) if each.order == order.id]
    if not found or dice.random() < 0.4:
        id, amount = f"r{scene.world.acts}", dice.choice((1000, 5000, order.paid - order.refunded))
        paid = [each.id for each in scene.world.all(Payment) if each.order == order.id]
        if paid and dice.random() < 0.6:
            parts = (c.RefundPart(refund=id, amount=amount, payment=dice.choice(paid), way="cash"),)
            return c.ProposeRefund(
                order=order.id, reason="quality", side="technician", parts=parts, note=TYPED
            )
        parts = (c.RefundPart(refund=id, amount=amount, way=dice.choice(("cash", "transfer"))),)
        return c.ProposeRefund(
            order=order.id, what="compensation", reason="late", side="platform", parts=parts, note=TYPED
        )
    chosen = dice.choice(found)
    return dice.choice((
        c.ApproveRefund(order=order.id, refunds=(chosen.id,), amount=chosen.amount),
        c.RejectRefund(order=order.id, refunds=(chosen.id,), reason="no_ground"),
        c.WithdrawRefund(order=order.id, refunds=(chosen.id,)),
        c.PayRefund(order=order.id, refund=chosen.id, amount=chosen.amount, receipt="R-1"),
        c.RetryRefund(order=order.id, refund=chosen.id, tries=chosen.tries),
        c.SendRefund(order=order.id, refund=chosen.id, tries=chosen.tries),
    ))  # fmt: skip


def complaint(s: Scene) -> Any:
    """A complaint about the order, or one more step of the one that is open."""
    if (id := s.order.complaint) is None:
        return c.OpenComplaint(
            complaint=f"k{s.world.acts}", order=s.order.id, categories=("quality",), text=TYPED
        )
    found = s.world.get(Complaint, id)
    assert found is not None
    if found.answered_at is None:
        return c.AnswerComplaint(complaint=id, text=TYPED)
    if found.responsibility is None:
        return c.JudgeComplaint(complaint=id, responsibility="platform", text=TYPED)
    if found.state != "resolved":
        return c.ResolveComplaint(complaint=id, text=TYPED)
    return c.CloseComplaint(complaint=id, call_back="satisfied", text=TYPED)


WISHES: dict[str, Callable[[Scene], Any]] = {
    "assign": lambda s: c.AssignTechnician(
        order=s.order.id, technician=s.somebody(), start=s.start(), helpers=planner.along(s.dice)
    ),
    "reassign": lambda s: c.AssignTechnician(
        order=s.order.id, technician=s.somebody(), from_technician=s.technician(), start=s.start(),
        helpers=planner.along(s.dice),
    ),
    "unassign": lambda s: c.UnassignTechnician(order=s.order.id, from_technician=s.technician()),
    "offer": lambda s: c.OfferOrder(order=s.order.id, technician=s.somebody()),
    "accept": lambda s: c.AcceptOrder(order=s.order.id, technician=s.asked(), start=s.start()),
    "decline": lambda s: c.DeclineOrder(order=s.order.id, technician=s.asked(), reason="far"),
    "withdraw": lambda s: c.WithdrawOffer(order=s.order.id, from_technician=s.asked()),
    "expire": lambda s: c.ExpireOffer(
        order=s.order.id, technician=s.asked(), expires_at=s.order.offer.expires_at if s.order.offer else 0
    ),
    "pool": lambda s: c.PoolOrder(order=s.order.id, told=s.told()),
    "widen": lambda s: c.WidenPool(
        order=s.order.id, from_ring=s.order.pool.ring if s.order.pool else 0, told=s.told()
    ),
    "grab": lambda s: c.GrabOrder(order=s.order.id, technician=s.wishing(), start=s.start()),
    "award": lambda s: c.AwardGrab(
        order=s.order.id, decides_at=(s.order.pool.decides_at if s.order.pool else None) or 0
    ),
    "close_pool": lambda s: c.ClosePool(order=s.order.id, since=s.order.pool.since if s.order.pool else 0),
    "leave": lambda s: c.LeaveToDesk(order=s.order.id, mode="auto", reason="nobody_fit"),
    "drop": lambda s: c.DropOrder(order=s.order.id, technician=s.technician(), reason="ill"),
    "ask_transfer": lambda s: c.AskTransfer(
        order=s.order.id, from_technician=s.technician(), to=s.somebody(), reason="busy"
    ),
    "answer_transfer": lambda s: c.AnswerTransfer(
        order=s.order.id, to=s.order.transfer.to if s.order.transfer else s.somebody(),
        agreed=s.dice.random() < 0.7,
    ),
    "force_transfer": lambda s: c.ForceTransfer(
        order=s.order.id, from_technician=s.technician(), to=s.somebody(), start=s.start(), reason="ill"
    ),
    "expire_transfer": lambda s: c.ExpireTransfer(
        order=s.order.id, to=s.order.transfer.to if s.order.transfer else "",
        expires_at=s.order.transfer.expires_at if s.order.transfer else 0,
    ),
    "pin": lambda s: c.PinVisit(order=s.order.id, pinned=s.dice.random() < 0.6),
    "arrange": arrange,
    "depart": lambda s: c.Depart(order=s.order.id, technician=s.technician()),
    "recall": lambda s: c.Recall(order=s.order.id, technician=s.technician()),
    "arrive": arrive,
    "absent": absent,
    "progress": mark,
    "quote": quote,
    "confirm_quote": agreed,
    "decline_quote": lambda s: c.DeclineQuote(
        order=s.order.id, number=s.number(), result=s.dice.choice(("declined", "no_fault", "not_repairable"))
    ),
    "withdraw_quote": lambda s: c.WithdrawQuote(order=s.order.id, number=s.number()),
    "lapse_quote": lambda s: c.LapseQuote(
        order=s.order.id, number=s.number(), lapses_at=s.order.proposed.lapses_at if s.order.proposed else 0
    ),
    "hold": lambda s: c.HoldOrder(order=s.order.id, reason="parts_missing", next_contact=s.day()),
    "new_visit": lambda s: c.AddVisit(
        order=s.order.id, window=s.window(), consent=s.dice.random() < 0.9,
        technician=s.technician() if s.dice.random() < 0.5 else None, start=s.start(),
    ),
    "finish": lambda s: c.FinishOrder(order=s.order.id),
    "confirm": confirmed,
    "pay": payment,
    "change_appointment": lambda s: c.ChangeAppointment(
        order=s.order.id, from_window=s.order.window, window=s.window(), side="customer", reason="other_time",
        consent=True,
    ),
    "change_order": lambda s: c.ChangeOrder(
        order=s.order.id, from_version=s.order.version, lines=(c.BookedLine(item="fridge", fault="ice"),),
        urgency=s.dice.choice(("normal", "emergency")),
    ),
    "cancel": lambda s: c.CancelOrder(order=s.order.id, reason="not_needed", side="customer"),
    "cancel_device": lambda s: c.CancelOrder(order=s.order.id, reason="not_needed", side="customer"),
    "reopen": lambda s: c.ReopenOrder(order=s.order.id, window=s.window()),
    "return_visit": lambda s: c.ReturnVisit(
        order=f"r{s.world.acts}", of=s.order.id, reason="same_fault", note=TYPED, window=s.window()
    ),
    "return_device": lambda s: c.ReturnVisit(
        order=f"r{s.world.acts}", of=s.order.id, reason="same_fault", note=TYPED, shelf="A1"
    ),
    "diagnose": lambda s: c.StartDiagnosis(order=s.order.id, technician=s.somebody()),
    "finish_device": lambda s: c.FinishDevice(order=s.order.id, shelf="A2"),
    "move_device": lambda s: c.MoveDevice(
        order=s.order.id, from_shelf=s.order.device.shelf if s.order.device else "", shelf=s.dice.choice(("A1", "A2"))
    ),
    "remind": lambda s: c.RemindPickUp(order=s.order.id),
    "hand_back": lambda s: c.HandBack(
        order=s.order.id, code=s.dice.choice((s.code("pickup_code"), "")), reason=TYPED
    ),
    "review": lambda s: c.ReviewOrder(
        order=s.order.id, stars=5, skill=5, attitude=5, efficiency=5, solved=True, text=TYPED
    ),
    "reply_review": lambda s: c.ReplyToReview(order=s.order.id, text=TYPED),
    "urge": lambda s: c.UrgeOrder(order=s.order.id),
    "note": lambda s: c.AddNote(order=s.order.id, text=TYPED),
    "message": lambda s: c.SendMessage(
        order=s.order.id, to=(s.dice.choice(("customer", "technician", "staff")),), text=TYPED
    ),
    "attach": attachment,
    "clear_flag": lambda s: c.ClearFlag(
        order=s.order.id, flag=s.dice.choice((*s.order.flags, "arrived_away")), reason="explained"
    ),
    "snooze": lambda s: c.SnoozeAlert(
        order=s.order.id, kind=s.dice.choice(ALERTS), reason="waiting_customer",
        until=s.dice.choice((None, s.now + 600_000, s.now + 3_600_000)),
    ),
    "release_share": lambda s: c.ReleaseShare(order=s.order.id),
    "split_share": lambda s: c.SplitShare(
        order=s.order.id, percents=((s.technician(), 60), (s.somebody(), 40)), from_percents=s.order.split
    ),
    "waive_fee": lambda s: c.WaiveFee(order=s.order.id, fee=owed(s.order) - s.order.paid, reason="goodwill"),
    "invoice": lambda s: c.RequestInvoice(
        order=s.order.id, amount=s.order.paid - s.order.refunded, buyer="person", title=TYPED
    ),
    "refund": refund,
    "complain": complaint,
    "remove_attachment": lambda s: c.RemoveAttachment(attachment=s.photo(), reason="private"),
}  # fmt: skip


def possible(status: Status) -> list[str]:
    """What may happen to an order in that status, what leads on several times."""
    found = [row.action for row in life.LIFE if status in row.sources]
    return [action for action in found for _ in range(6 if action in FORWARD else 1)]


def actor(scene: Scene, action: str) -> Actor:
    """Somebody: mostly one who may."""
    people = [
        DISPATCHER, SUPERVISOR, SUPERVISOR, COUNTER, SYSTEM, trade.staff("complaints"), trade.staff("finance"),
        Actor(kind="technician", id=scene.technician()), Actor(kind="technician", id=scene.somebody()),
        Actor(kind="customer", id=scene.order.customer), Actor(kind="link", id=scene.order.id),
    ]  # fmt: skip
    able = [each for each in people if life.refusal(scene.order.status, action, each, "sh") is None]
    return scene.dice.choice(able if able and scene.dice.random() < 0.9 else people)


def next_wish(world: Rehearsal, now: int, dice: Random) -> tuple[Actor, Any]:
    """What somebody does next with some order, or the planner with all; now and then what can not be done with it."""
    if dice.random() < 0.15:
        return planner.next_act(world, now, dice)
    scene = Scene(world, dice.choice(world.all(Order)), now, dice)
    fitting = possible(scene.order.status)
    action = dice.choice(fitting if dice.random() < 0.92 else list(WISHES))
    return actor(scene, action), WISHES[action](scene)
