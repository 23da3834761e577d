"""The questions that actions ask inside the inspector, and on which tab each is asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from dispatcher_app.domain.order import Order
from ui.order.absence import AbsenceForm
from ui.order.address import AddressForm
from ui.order.appointment import AppointmentForm
from ui.order.arrange import ArrangeForm
from ui.order.arrive import ArriveForm
from ui.order.cancel import CancelForm, ReopenForm
from ui.order.change import ChangeForm
from ui.order.complain import ComplainForm
from ui.order.customer import CustomerForm
from ui.order.device import CallOffForm, HandBackForm, ReadyForm, ShelfForm
from ui.order.finish import FinishForm
from ui.order.flag import ClearFlagForm
from ui.order.form import Form
from ui.order.handover import DropForm, TransferForm
from ui.order.hold import HoldForm
from ui.order.invoice import InvoiceForm
from ui.order.judge import ReplyForm, ReviewForm
from ui.order.payment import PaymentForm
from ui.order.refund import RefundForm
from ui.order.revise import ReviseForm
from ui.order.rework import DeviceReturnForm
from ui.order.snooze import SnoozeForm
from ui.order.visit import ReturnForm, VisitForm
from ui.order.waive import SplitForm, WaiveForm
from ui.order.word import ConfirmForm, ConfirmQuoteForm, DeclineQuoteForm

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

FORMS: Final[dict[str, Callable[[Session, Order], Form]]] = {
    "change_appointment": AppointmentForm,
    "change_order": ChangeForm,
    "arrange": ArrangeForm,
    "cancel": CancelForm,
    "reopen": ReopenForm,
    "correct_customer": CustomerForm,
    "add_address": AddressForm,
    "arrive": ArriveForm,
    "absent": AbsenceForm,
    "hold": HoldForm,
    "new_visit": VisitForm,
    "finish": FinishForm,
    "confirm": ConfirmForm,
    "pay": PaymentForm,
    "refund": RefundForm,
    "waive_fee": WaiveForm,
    "split_share": SplitForm,
    "transfer": TransferForm,
    "drop": DropForm,
    "return_visit": ReturnForm,
    "return_device": DeviceReturnForm,
    "clear_flag": ClearFlagForm,
    "snooze": SnoozeForm,
    "complain": ComplainForm,
    "quote": ReviseForm,
    "confirm_quote": ConfirmQuoteForm,
    "decline_quote": DeclineQuoteForm,
    "move_device": ShelfForm,
    "finish_device": ReadyForm,
    "hand_back": HandBackForm,
    "cancel_device": CallOffForm,
    "review": ReviewForm,
    "reply_review": ReplyForm,
    "invoice": InvoiceForm,
}

TAB_OF: Final[dict[str, str]] = {
    "quote": "quote",
    "confirm_quote": "quote",
    "decline_quote": "quote",
    "pay": "quote",
    "finish": "checks",
}
"""Where a question is asked, the overview where nothing is said."""
