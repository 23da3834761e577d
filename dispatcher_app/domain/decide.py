"""The one gate: what an act changes, given the world at hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dispatcher_app.domain import command as c
from dispatcher_app.domain.act import Act, Change, Rejected, World
from dispatcher_app.domain.entity import PLATFORM
from dispatcher_app.domain.limit import bounded
from dispatcher_app.domain.rule import (
    arranging,
    booking,
    cancelling,
    dispatching,
    flag,
    grabbing,
    keeping,
    moving,
    planning,
    price,
    progress,
    publishing,
    quoting,
    requesting,
    review,
    roster,
    snooze,
    standard,
    talking,
    traffic,
    transfer,
    van,
    visiting,
    workshop,
)  # fmt: skip
from dispatcher_app.domain.rule.together import together

Rule = Callable[[Any, Act, World, int], Change]

RULES: dict[type, Rule] = {
    c.BookOrder: booking.book,
    c.ImportOrder: booking.import_order,
    c.ChangeOrder: booking.change_order,
    c.ChangeAppointment: booking.change_appointment,
    c.CancelOrder: workshop.cancel,
    c.ReopenOrder: cancelling.reopen,
    c.AddNote: talking.add_note,
    c.UrgeOrder: booking.urge,
    c.AssignTechnician: dispatching.assign,
    c.UnassignTechnician: dispatching.unassign,
    c.OfferOrder: dispatching.offer,
    c.AcceptOrder: dispatching.accept,
    c.DeclineOrder: dispatching.decline,
    c.WithdrawOffer: dispatching.withdraw,
    c.ExpireOffer: dispatching.expire,
    c.PoolOrder: grabbing.pool_order,
    c.WidenPool: grabbing.widen,
    c.GrabOrder: grabbing.grab,
    c.AwardGrab: grabbing.award,
    c.ClosePool: grabbing.close,
    c.LeaveToDesk: grabbing.leave,
    c.HoldWindow: planning.hold,
    c.ReleaseHold: planning.release,
    c.PinVisit: planning.pin,
    c.ArrangeVisit: arranging.arrange,
    c.PublishPlan: publishing.publish,
    c.MoveVisits: moving.move,
    c.MarkPromises: planning.mark_promises,
    c.RouteDay: planning.route_day,
    c.DropOrder: transfer.drop,
    c.AskTransfer: transfer.ask,
    c.AnswerTransfer: transfer.answer,
    c.ForceTransfer: transfer.force,
    c.ExpireTransfer: transfer.expire,
    c.Depart: progress.depart,
    c.Recall: progress.recall,
    c.Arrive: progress.arrive,
    c.ReportAbsence: progress.report_absence,
    c.MarkLine: progress.mark_line,
    c.FinishOrder: progress.finish,
    c.ConfirmOrder: progress.confirm,
    c.ClearFlag: flag.clear,
    c.SnoozeAlert: snooze.snooze,
    c.RecordPayment: progress.record_payment,
    c.HoldOrder: visiting.hold,
    c.AddVisit: visiting.add_visit,
    c.ReturnVisit: workshop.return_visit,
    c.ReviseQuote: quoting.revise,
    c.ConfirmQuote: quoting.confirm,
    c.DeclineQuote: quoting.decline,
    c.WithdrawQuote: quoting.withdraw,
    c.LapseQuote: quoting.lapse,
    c.ReceiveDevice: workshop.receive,
    c.StartDiagnosis: workshop.start_diagnosis,
    c.MoveDevice: workshop.move,
    c.FinishDevice: workshop.finish,
    c.RemindPickUp: workshop.remind,
    c.HandBack: workshop.hand_back,
    c.SetTechnicianStatus: roster.set_status,
    c.SetShifts: roster.set_shifts,
    c.SetShiftException: roster.set_exception,
    c.AddLeave: roster.add_leave,
    c.RemoveLeave: roster.remove_leave,
    c.RequestLeave: requesting.request_leave,
    c.RequestHours: requesting.request_hours,
    c.WithdrawRequest: requesting.withdraw,
    c.ApproveRequest: requesting.approve,
    c.DeclineRequest: requesting.decline,
    c.ReopenRequest: requesting.reopen,
    c.SaveTechnician: roster.save_technician,
    c.SetPortrait: roster.set_portrait,
    c.ChangeCustomer: keeping.change_customer,
    c.AddAddress: keeping.add_address,
    c.SaveCompound: keeping.save_compound,
    c.SaveCategory: keeping.save_category,
    c.SaveItem: keeping.save_item,
    c.SavePart: price.save_part,
    c.SavePriceBook: price.save_price_book,
    c.PublishPriceBook: price.publish_price_book,
    c.DiscardPriceBook: price.discard_price_book,
    c.SaveHolidayYear: price.save_holiday_year,
    c.SavePolicy: keeping.save_policy,
    c.SaveTraffic: traffic.save_traffic,
    c.SaveRegion: keeping.save_region,
    c.SaveDistrict: keeping.save_district,
    c.SaveStaff: keeping.save_staff,
    c.SaveStandard: standard.save_standard,
    c.PublishStandard: standard.publish_standard,
    c.DiscardStandard: standard.discard_standard,
    c.MarkCheck: standard.mark_check,
    c.IssueParts: van.issue,
    c.ReturnParts: van.bring_back,
    c.SendMessage: talking.send,
    c.MarkRead: talking.mark_read,
    c.AddAttachment: talking.add_attachment,
    c.RemoveAttachment: talking.remove_attachment,
    c.SaveTemplate: talking.save_template,
    c.ReviewOrder: review.review,
    c.ReplyToReview: review.reply,
}


def decide(world: World, act: Act, now: int) -> Change:
    """What the act changes at `now` (UTC ms); raises Rejected where a rule says no, Missing where a fact is not at hand.

    `act.at` is when the person acted and dates facts; `now` is when it is decided and governs rights and expiry.
    """
    if (type(act.command) in c.PLATFORM_COMMANDS) != (act.region == PLATFORM):
        raise Rejected("other_region", "region", region=act.region)
    bounded(act.command)
    return together(world, RULES[type(act.command)](act.command, act, world, now), now)
