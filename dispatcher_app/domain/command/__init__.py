"""Every command there is. The name on the wire is the class name with hyphens: `assign-technician`."""

from __future__ import annotations

import re
from typing import Any

from dispatcher_app.domain.command.booking import (
    AddAddress,
    BookedLine,
    BookOrder,
    CancelOrder,
    ChangeAppointment,
    ChangeCustomer,
    ChangeOrder,
    ImportOrder,
    NewAddress,
    NewCustomer,
    ReopenOrder,
    ReturnVisit,
    UrgeOrder,
)
from dispatcher_app.domain.command.dispatching import (
    AcceptOrder,
    AnswerTransfer,
    AskTransfer,
    AssignTechnician,
    DeclineOrder,
    DropOrder,
    ExpireOffer,
    ExpireTransfer,
    ForceTransfer,
    OfferOrder,
    UnassignTechnician,
    WithdrawOffer,
)
from dispatcher_app.domain.command.keeping import (
    PublishPriceBook,
    PublishStandard,
    SaveCategory,
    SaveCompound,
    SaveHolidayYear,
    SaveItem,
    SavePart,
    SavePolicy,
    SavePriceBook,
    SaveRegion,
    SaveStaff,
    SaveStandard,
    SaveTemplate,
)
from dispatcher_app.domain.command.progress import (
    AddVisit,
    Arrive,
    ClearFlag,
    ConfirmOrder,
    Depart,
    FinishOrder,
    HoldOrder,
    MarkCheck,
    MarkLine,
    Recall,
    RecordPayment,
    ReportAbsence,
)
from dispatcher_app.domain.command.quoting import (
    ConfirmQuote,
    DeclineQuote,
    LapseQuote,
    QuotedLine,
    QuotedPart,
    ReviseQuote,
    WithdrawQuote,
)
from dispatcher_app.domain.command.roster import (
    AddLeave,
    IssueParts,
    RemoveLeave,
    ReturnParts,
    SaveTechnician,
    SetPortrait,
    SetShiftException,
    SetShifts,
    SetTechnicianStatus,
)
from dispatcher_app.domain.command.talking import (
    AddAttachment,
    AddNote,
    MarkRead,
    RemoveAttachment,
    ReplyToReview,
    ReviewOrder,
    SendMessage,
)
from dispatcher_app.domain.command.workshop import (
    FinishDevice,
    HandBack,
    MoveDevice,
    ReceiveDevice,
    RemindPickUp,
    StartDiagnosis,
)

__all__ = [
    "BY_NAME",
    "COMMANDS",
    "PLATFORM_COMMANDS",
    "SERVER_ONLY",
    "AcceptOrder",
    "AddAddress",
    "AddAttachment",
    "AddLeave",
    "AddNote",
    "AddVisit",
    "AnswerTransfer",
    "Arrive",
    "AskTransfer",
    "AssignTechnician",
    "BookOrder",
    "BookedLine",
    "CancelOrder",
    "ChangeAppointment",
    "ChangeCustomer",
    "ChangeOrder",
    "ClearFlag",
    "ConfirmOrder",
    "ConfirmQuote",
    "DeclineOrder",
    "DeclineQuote",
    "Depart",
    "DropOrder",
    "ExpireOffer",
    "ExpireTransfer",
    "FinishDevice",
    "FinishOrder",
    "ForceTransfer",
    "HandBack",
    "HoldOrder",
    "ImportOrder",
    "IssueParts",
    "LapseQuote",
    "MarkCheck",
    "MarkLine",
    "MarkRead",
    "MoveDevice",
    "NewAddress",
    "NewCustomer",
    "OfferOrder",
    "PublishPriceBook",
    "PublishStandard",
    "QuotedLine",
    "QuotedPart",
    "Recall",
    "ReceiveDevice",
    "RecordPayment",
    "RemindPickUp",
    "RemoveAttachment",
    "RemoveLeave",
    "ReopenOrder",
    "ReplyToReview",
    "ReportAbsence",
    "ReturnParts",
    "ReturnVisit",
    "ReviewOrder",
    "ReviseQuote",
    "SaveCategory",
    "SaveCompound",
    "SaveHolidayYear",
    "SaveItem",
    "SavePart",
    "SavePolicy",
    "SavePriceBook",
    "SaveRegion",
    "SaveStaff",
    "SaveStandard",
    "SaveTechnician",
    "SaveTemplate",
    "SendMessage",
    "SetPortrait",
    "SetShiftException",
    "SetShifts",
    "SetTechnicianStatus",
    "StartDiagnosis",
    "UnassignTechnician",
    "UrgeOrder",
    "WithdrawOffer",
    "WithdrawQuote",
    "name_of",
]

COMMANDS: tuple[type, ...] = (
    BookOrder, ImportOrder, ChangeOrder, ChangeAppointment, CancelOrder, ReopenOrder, UrgeOrder,
    ChangeCustomer, AddAddress, ReturnVisit, AssignTechnician, UnassignTechnician, OfferOrder, AcceptOrder,
    DeclineOrder, WithdrawOffer, ExpireOffer, DropOrder, AskTransfer, AnswerTransfer, ForceTransfer,
    ExpireTransfer, Depart, Recall, Arrive, ReportAbsence, MarkLine, MarkCheck, HoldOrder, AddVisit, FinishOrder,
    ConfirmOrder, ClearFlag, RecordPayment, ReviseQuote, ConfirmQuote, DeclineQuote, WithdrawQuote, LapseQuote,
    ReceiveDevice, StartDiagnosis, MoveDevice, FinishDevice, RemindPickUp, HandBack, AddNote, SendMessage,
    MarkRead, AddAttachment, RemoveAttachment, ReviewOrder, ReplyToReview, SaveTechnician, SetTechnicianStatus,
    SetPortrait, SetShifts, SetShiftException, AddLeave, RemoveLeave, IssueParts, ReturnParts, SaveCompound, SaveCategory,
    SaveItem, SavePolicy, SaveRegion, SaveStaff, SavePart, SavePriceBook, PublishPriceBook, SaveStandard,
    PublishStandard, SaveHolidayYear, SaveTemplate,
)  # fmt: skip

PLATFORM_COMMANDS = frozenset({
    SaveCategory, SaveItem, SavePart, SavePriceBook, PublishPriceBook, SaveStandard, PublishStandard, SaveHolidayYear,
    SaveTemplate, SavePolicy, SaveRegion, SaveStaff,
})  # fmt: skip
"""Commands that belong to the platform's log; every other one belongs to a region's."""

SERVER_ONLY = frozenset({AddAttachment, ExpireOffer, ExpireTransfer, LapseQuote, SetPortrait})
"""Commands that only the server gives: no desk, page or phone is listened to when it sends one."""


def name_of(command: type | Any) -> str:
    """The name of a command on the wire."""
    cls = command if isinstance(command, type) else type(command)
    return re.sub(r"(?<!^)(?=[A-Z])", "-", cls.__name__).lower()


BY_NAME: dict[str, type] = {name_of(each): each for each in COMMANDS}
