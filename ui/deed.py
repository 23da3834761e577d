"""What somebody did, in a few words: for undo, for cards about refused acts, for lists of what waits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from dispatcher_app.client.state import DoneAct
from dispatcher_app.client.undo import undo_of
from dispatcher_app.domain import command as c
from dispatcher_app.domain.book import PriceBook
from dispatcher_app.domain.money.complaint import Complaint
from dispatcher_app.domain.money.payment import Payment
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.standard import Standard
from dispatcher_app.text import t
from ui import format, name
from ui.mark import mark

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


def deed(session: Session, command: Any) -> str:
    """A command in words: "assign 031 → 李强"."""
    tell = _TOLD.get(type(command))
    return tell(session, command) if tell else t(f"{c.name_of(command)}##command")


def order_of(command: Any) -> str | None:
    """The order that a command is about."""
    id = getattr(command, "order", None)
    return id if isinstance(id, str) else None


def _number(session: Session, id: str) -> str:
    return name.split_number(name.order(session, id))[1]


@dataclass(frozen=True, slots=True)
class _Words:
    """A sentence that says no more of a command than its order and, where it is asked for, its technician."""

    words: str
    with_technician: bool = False

    def __call__(self, session: Session, command: Any) -> str:
        order = getattr(command, "order", None)
        number = _number(session, order) if order else ""
        if not self.with_technician:
            return t(self.words, number=number)
        who = getattr(command, "technician", None) or getattr(command, "from_technician", None)
        return t(self.words, number=number, technician=name.technician(session, who))


def _on_order(words: str) -> _Words:
    return _Words(words)


def _with_technician(words: str) -> _Words:
    return _Words(words, with_technician=True)


@dataclass(frozen=True, slots=True)
class _Subject:
    """What an act of the log was about, as far as the log says."""

    order: str | None
    technician: str | None


def _told(session: Session, act: DoneAct) -> str:
    """An act of the log, of which nothing is left but its name, its orders and what would take it back."""
    type_ = c.BY_NAME.get(act.command)
    subject = _subject(session, act)
    who = name.technician(session, subject.technician) if subject.technician else ""
    if act.several > 1 and (type_ is c.MoveVisits or type_ is c.PublishPlan):
        words = "move {n} visits" if type_ is c.MoveVisits else "publish a plan of {n} changes"
        return t(words, n=act.several)
    if type_ in (c.AssignTechnician, c.MoveVisits) and subject.order and who:
        return t("assign {number} → {technician}", number=_number(session, subject.order), technician=who)
    tell = _TOLD.get(type_) if type_ is not None else None
    said = subject.order or (isinstance(tell, _Words) and "{number}" not in tell.words)
    if isinstance(tell, _Words) and said and (who or not tell.with_technician):
        return tell(session, subject)
    words = t(f"{act.command}##command").replace("-", " ")
    return (
        t("{words} {number}", words=words, number=_number(session, subject.order)) if subject.order else words
    )


def _subject(session: Session, act: DoneAct) -> _Subject:
    """Whom an act concerned: whoever would lose it again by taking it back, else who has the order now."""
    undo = undo_of(act.names)
    moves: Sequence[Any] = getattr(undo, "moves", ())
    source = moves[0] if len(moves) == 1 else undo
    who = getattr(source, "from_technician", None) or getattr(source, "technician", None)
    order = act.orders[0] if act.several == 1 else None
    if not isinstance(who, str):
        found = session.get(Order, order) if order else None
        who = getattr(who, "id", None) or (found.technician if found else None)
    return _Subject(order, who)


def _assigned(session: Session, command: c.AssignTechnician) -> str:
    if command.technician != command.from_technician or command.helpers:
        who = name.people(name.technician(session, each) for each in (command.technician, *command.helpers))
        return t("assign {number} → {technician}", number=_number(session, command.order), technician=who)
    return _moved_in_time(session, command.order, command.start)


def _moved_in_time(session: Session, order: str, start: int) -> str:
    at = format.moment(start, session.now(), name.timezone(session))
    return t("move {number} to {start}", number=_number(session, order), start=at)


def _moved(session: Session, command: c.MoveVisits) -> str:
    """Visits moved by hand: what one would call it, by where each comes from and goes to."""
    moves, n = command.moves, len(command.moves)
    first = moves[0]
    comes = {each.technician for each in moves}
    goes = {each.from_technician for each in moves}
    if n == 1 and first.technician is not None and first.start is not None:
        if first.technician == first.from_technician:
            return _moved_in_time(session, first.order, first.start)
        who = name.technician(session, first.technician)
        return t("assign {number} → {technician}", number=_number(session, first.order), technician=who)
    if n == 2 and comes == goes and len(comes) == 2:
        one, other = (_number(session, each.order) for each in moves)
        return t("swap {one} and {other}", one=one, other=other)
    if comes == {None}:
        return t("take {n} visits off", n=n)
    if comes == goes:
        return t("move {n} visits in time", n=n)
    if len(comes) == 1:
        return t("move {n} visits → {technician}", n=n, technician=name.technician(session, first.technician))
    return t("move {n} visits", n=n)


def _on_complaint(words: str) -> Callable[[Session, Any], str]:
    """A sentence about the order of a complaint."""

    def said(session: Session, command: Any) -> str:
        found = session.get(Complaint, command.complaint)
        return t(words, number=_number(session, found.order) if found is not None else "")

    return said


def _status(session: Session, command: c.SetTechnicianStatus) -> str:
    said = mark("technician", command.status).label()
    return t("{technician} {status}", technician=name.technician(session, command.technician), status=said)


_TOLD: Final[Mapping[type, Callable[[Session, Any], str]]] = {
    DoneAct: _told,
    c.BookOrder: _on_order("book {number}"),
    c.ChangeOrder: _on_order("change lines of {number}"),
    c.ChangeAppointment: _on_order("change appointment of {number}"),
    c.CancelOrder: _on_order("cancel {number}"),
    c.ReopenOrder: _on_order("reopen {number}"),
    c.AddNote: _on_order("note on {number}"),
    c.UrgeOrder: _on_order("urge {number}"),
    c.AssignTechnician: _assigned,
    c.MoveVisits: _moved,
    c.UnassignTechnician: _with_technician("take {technician} off {number}"),
    c.OfferOrder: _with_technician("offer {number} → {technician}"),
    c.AcceptOrder: _with_technician("accept {number} for {technician}"),
    c.DeclineOrder: _with_technician("decline {number} for {technician}"),
    c.WithdrawOffer: _with_technician("take the offer of {number} back"),
    c.PoolOrder: _on_order("{number} into the grab pool"),
    c.GrabOrder: _with_technician("grab {number} for {technician}"),
    c.ClosePool: _on_order("take {number} out of the grab pool"),
    c.HoldWindow: _with_technician("hold an hour of {technician}"),
    c.ReleaseHold: lambda _session, _command: t("release a held hour"),
    c.ArrangeVisit: _on_order("technicians and turn of {number}"),
    c.PinVisit: lambda session, command: t(
        "pin {number}" if command.pinned else "let {number} be moved", number=_number(session, command.order)
    ),
    c.PublishPlan: lambda _session, command: t("publish a plan of {n} changes", n=len(command.moves)),
    c.SetTechnicianStatus: _status,
    c.SetShifts: _with_technician("shifts of {technician}"),
    c.SetShiftException: _with_technician("working time of {technician}"),
    c.SaveDistrict: lambda _session, command: t("outline of {name}", name=name.district_of(command.district)),
    c.SaveTechnician: lambda _session, command: t("data of {name}", name=command.technician.name),
    c.DiscardPriceBook: lambda session, command: t(
        "throw the draft {name} away",
        name=book.name if (book := session.get(PriceBook, command.book)) else "",
    ),
    c.DiscardStandard: lambda session, command: t(
        "throw the draft {name} away",
        name=found.name if (found := session.get(Standard, command.standard)) else "",
    ),
    c.ChangeCustomer: lambda _session, command: t("correct customer {name}", name=command.name),
    c.AddAddress: lambda _session, command: t("add address {place}", place=command.address.compound),
    c.AddLeave: _with_technician("leave of {technician}"),
    c.ApproveRequest: _with_technician("approve what {technician} asks"),
    c.DeclineRequest: _with_technician("decline what {technician} asks"),
    c.ReopenRequest: _with_technician("request of {technician} open again"),
    c.Depart: _with_technician("{technician} sets out for {number}"),
    c.Recall: _with_technician("{technician} did not set out for {number}"),
    c.Arrive: _with_technician("{technician} arrives at {number}"),
    c.ReportAbsence: _on_order("nobody at home at {number}"),
    c.MarkLine: _on_order("lines of {number}"),
    c.MarkCheck: _on_order("checks of {number}"),
    c.HoldOrder: _on_order("put {number} on hold"),
    c.AddVisit: _on_order("another visit for {number}"),
    c.FinishOrder: _on_order("finish {number}"),
    c.ConfirmOrder: _on_order("confirmation of {number}"),
    c.RecordPayment: _on_order("payment for {number}"),
    c.WaiveFee: _on_order("let off the fee of {number}"),
    c.SplitShare: _on_order("shares of {number}##deed"),
    c.OpenTill: lambda _session, _command: t("open the till##deed"),
    c.CloseTill: lambda _session, _command: t("close the till##deed"),
    c.BankCash: lambda _session, _command: t("take cash to the bank##deed"),
    c.HandInCash: _with_technician("cash from {technician}##deed"),
    c.StartPayment: _on_order("payment by telephone for {number}"),
    c.ClosePayment: lambda session, command: t(
        "close the code of {number}",
        number=_number(session, paid.order if (paid := session.get(Payment, command.payment)) else ""),
    ),
    c.SettleDifference: lambda _session, _command: t("settle a difference with a provider"),
    c.ReviseQuote: _on_order("quote for {number}"),
    c.ConfirmQuote: _on_order("agreement to the quote of {number}"),
    c.DeclineQuote: _on_order("no repair of {number}"),
    c.WithdrawQuote: _on_order("take the quote of {number} back"),
    c.DropOrder: _with_technician("{technician} gives {number} back##deed"),
    c.AskTransfer: _on_order("ask for a handover of {number}"),
    c.AnswerTransfer: _on_order("answer to the handover of {number}"),
    c.ForceTransfer: _on_order("hand {number} over"),
    c.ReturnVisit: lambda session, command: t("return for {number}", number=_number(session, command.of)),
    c.ClearFlag: _on_order("exception of {number} looked at"),
    c.ProposeRefund: _on_order("refund for {number} proposed"),
    c.ApproveRefund: _on_order("refund for {number} agreed to"),
    c.RejectRefund: _on_order("refund for {number} turned down"),
    c.WithdrawRefund: _on_order("refund for {number} taken back"),
    c.PayRefund: _on_order("refund for {number} paid out"),
    c.RetryRefund: _on_order("refund for {number} tried again"),
    c.ReportRefund: _on_order("refund for {number} looked up"),
    c.OpenComplaint: _on_order("complaint about {number}"),
    c.TakeComplaint: _on_complaint("take the complaint about {number}"),
    c.AnswerComplaint: _on_complaint("answer to the complaint about {number}"),
    c.WaitComplaint: _on_complaint("let the complaint about {number} wait or go on"),
    c.JudgeComplaint: _on_complaint("judge the complaint about {number}"),
    c.ResolveComplaint: _on_complaint("settle the complaint about {number}"),
    c.CloseComplaint: _on_complaint("call back about the complaint about {number}"),
    c.ReopenComplaint: _on_complaint("open the complaint about {number} again"),
    c.AddComplaintNote: _on_complaint("note on the complaint about {number}"),
    c.AppealCredit: _with_technician("appeal of {technician} against a credit step"),
    c.DecideCredit: _with_technician("decide the appeal of {technician}"),
    c.RecordMeasure: _with_technician("measure for {technician}"),
    c.GrantBonus: _with_technician("bonus for {technician}"),
    c.ProposeSuspension: _with_technician("propose to suspend {technician}"),
    c.DecideSuspension: _with_technician("decide whether {technician} is suspended"),
    c.LiftSuspension: _with_technician("let {technician} work again"),
    c.RequestInvoice: _on_order("invoice for {number}"),
    c.WithdrawInvoice: _on_order("take the request for an invoice for {number} back"),
    c.ReportInvoice: _on_order("invoice number for {number}"),
    c.SnoozeAlert: _on_order("exception of {number} resting or not"),
    c.ReceiveDevice: _on_order("take in {number}"),
    c.StartDiagnosis: _on_order("diagnosis of {number}"),
    c.MoveDevice: lambda session, command: t(
        "{number} to shelf {shelf}", number=_number(session, command.order), shelf=command.shelf
    ),
    c.FinishDevice: _on_order("{number} ready for pick-up"),
    c.RemindPickUp: _on_order("remind of {number}"),
    c.HandBack: _on_order("hand back {number}"),
    c.SendMessage: _on_order("message about {number}"),
    c.MarkRead: _on_order("messages of {number} read"),
    c.RemoveAttachment: lambda _session, _command: t("take a photo away"),
    c.RemoveLeave: _with_technician("leave of {technician} taken away"),
}
