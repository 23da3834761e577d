"""The published mapping of states and alerts to a word, a glyph, an icon and a hue.

A state is never told by colour alone: within each kind every glyph is different, and the hues come
from the Okabe-Ito set, darkened or lightened until they read as text on every background.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from dispatcher_app.text import t

Hue = Literal["red", "orange", "amber", "blue", "cyan", "green", "purple", "olive", "grey", "dim"]
Kind = Literal["order", "urgency", "technician", "alert", "quote", "flag", "complaint", "refund", "payment"]


@dataclass(frozen=True, slots=True)
class Mark:
    """How one state is shown: `glyph` is one character, `icon` a name of `ui.icons`."""

    code: str
    word: str
    glyph: str
    icon: str
    hue: Hue

    def label(self) -> str:
        """The state's word in the spoken language."""
        return t(self.word)


def _by_code(*marks: Mark) -> Mapping[str, Mark]:
    return MappingProxyType({mark.code: mark for mark in marks})


ORDER: Final = _by_code(
    Mark("pending", "To assign##order", "○", "state.pending", "orange"),
    Mark("offered", "Offered##order", "◔", "state.offered", "amber"),
    Mark("accepted", "Accepted##order", "◑", "state.accepted", "blue"),
    Mark("en_route", "On the way##order", "▶", "state.en_route", "cyan"),
    Mark("in_progress", "In repair##order", "◆", "state.in_progress", "green"),
    Mark("on_hold", "On hold##order", "‖", "state.on_hold", "purple"),
    Mark("finished", "To confirm##order", "◎", "state.finished", "olive"),
    Mark("completed", "Completed##order", "●", "state.completed", "grey"),
    Mark("cancelled", "Cancelled##order", "×", "state.cancelled", "dim"),
    Mark("received", "Received##order", "▽", "state.received", "orange"),
    Mark("diagnosing", "Being looked at##order", "◈", "state.diagnosing", "blue"),
    Mark("quoted", "Quote to confirm##order", "◇", "state.quoted", "amber"),
    Mark("repairing", "In repair (handed in)##order", "▣", "state.repairing", "green"),
    Mark("ready", "Ready for pick-up##order", "△", "state.ready", "cyan"),
    Mark("handed_back", "Picked up##order", "■", "state.handed_back", "grey"),
)

QUOTE: Final = _by_code(
    Mark("proposed", "Waits for the customer##quote", "◔", "state.offered", "amber"),
    Mark("accepted", "Agreed##quote", "●", "state.completed", "green"),
    Mark("declined", "Declined##quote", "×", "state.cancelled", "red"),
    Mark("lapsed", "Lapsed##quote", "◌", "timer", "dim"),
    Mark("withdrawn", "Taken back##quote", "↶", "back", "dim"),
)

URGENCY: Final = _by_code(
    Mark("normal", "Normal##urgency", "·", "urgency.normal", "dim"),
    Mark("same_day", "Same day##urgency", "↑", "urgency.same_day", "amber"),
    Mark("emergency", "Emergency##urgency", "‼", "urgency.emergency", "red"),
)

TECHNICIAN: Final = _by_code(
    Mark("online", "Online##technician", "●", "technician.online", "green"),
    Mark("busy", "Busy##technician", "◆", "technician.busy", "amber"),
    Mark("offline", "Offline##technician", "○", "technician.offline", "dim"),
)

# The kinds of `domain.alert`, in its order.
ALERT: Final = _by_code(
    Mark("no_show", "No-show risk##alert", "⊘", "alert.no_show_risk", "red"),
    Mark("late", "Late##alert", "◷", "alert.late", "red"),
    Mark("overdue", "Not accepted##alert", "?", "alert.not_accepted", "orange"),
    Mark("urged", "Urged##alert", "!", "alert.urged", "orange"),
    Mark("complaint", "Complaint##alert", "¶", "alert.complaint", "red"),
    Mark("overlap", "Overlap##alert", "∩", "alert.overlap", "red"),
    Mark("no_position", "No position##alert", "⌖", "alert.no_position", "purple"),
    Mark("over_price", "Over price##alert", "↥", "alert.over_price", "amber"),
    Mark("owing", "Unpaid##alert", "¥", "alert.unpaid", "amber"),
    Mark("approximate", "Data##alert", "≠", "alert.data_health", "dim"),
)

# Where a complaint stands.
COMPLAINT: Final = _by_code(
    Mark("open", "To answer##complaint", "○", "state.pending", "orange"),
    Mark("reopened", "Opened again##complaint", "↶", "reopen", "red"),
    Mark("in_progress", "In hand##complaint", "◆", "state.in_progress", "blue"),
    Mark("waiting", "Waiting##complaint", "‖", "state.on_hold", "purple"),
    Mark("resolved", "To call back##complaint", "◎", "call", "olive"),
    Mark("closed", "Closed##complaint", "●", "state.completed", "grey"),
)

# Where a payment by a code, or any other, stands.
PAYMENT: Final = _by_code(
    Mark("starting", "Code is being made##payment", "◌", "timer", "blue"),
    Mark("pending", "Waits to be paid##payment", "◔", "state.offered", "amber"),
    Mark("captured", "Received##payment", "●", "success", "green"),
    Mark("closed", "Closed##payment", "×", "state.cancelled", "dim"),
    Mark("failed", "Did not work##payment", "⊘", "error", "red"),
    Mark("attention", "Finance looks into it##payment", "!", "warning", "orange"),
)

# Where money for a customer stands.
REFUND: Final = _by_code(
    Mark("proposed", "Waits for approval##refund", "○", "state.pending", "orange"),
    Mark("approved", "To be paid##refund", "◑", "state.accepted", "blue"),
    Mark("sending", "On its way##refund", "▶", "state.en_route", "cyan"),
    Mark("done", "Paid##refund", "●", "state.completed", "green"),
    Mark("failed", "Failed##refund", "×", "state.cancelled", "red"),
    Mark("attention", "Nobody knows##refund", "?", "alert.not_accepted", "red"),
    Mark("rejected", "Turned down##refund", "⊘", "decline", "dim"),
    Mark("withdrawn", "Taken back##refund", "↶", "back", "dim"),
)

# What somebody has to look at, by the flag that the order's row has.
FLAG: Final = _by_code(
    Mark("unkept", "The promised time can't be kept##flag", "⊘", "alert.no_show_risk", "red"),
    Mark("arrived_away", "Arrived away from the door##flag", "⌖", "address", "amber"),
    Mark("quote_over", "Quote far over the price book##flag", "↥", "alert.over_price", "amber"),
    Mark("quote_dropped", "Quote raised, then discounted##flag", "↧", "quote", "amber"),
    Mark("number_changed", "Customer's number was changed##flag", "☎", "call", "amber"),
    Mark("payment_attention", "Paid, but not what was asked for##flag", "≠", "warning", "orange"),
    Mark("refund_attention", "Refund went wrong##flag", "¥", "payment", "red"),
    Mark("standard_marked", "Finished without some checks##flag", "☑", "checks", "amber"),
)

KINDS: Final[Mapping[Kind, Mapping[str, Mark]]] = MappingProxyType(
    {
        "order": ORDER,
        "urgency": URGENCY,
        "technician": TECHNICIAN,
        "alert": ALERT,
        "quote": QUOTE,
        "flag": FLAG,
        "complaint": COMPLAINT,
        "refund": REFUND,
        "payment": PAYMENT,
    }
)


def mark(kind: Kind, code: str) -> Mark:
    """The mark of `code`; a code of a newer server is shown as it stands, in the quiet hue."""
    return KINDS[kind].get(code) or Mark(code, code, "□", "unknown", "dim")
