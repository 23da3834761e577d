"""The actions of an order's course: on the way, at the door, quoted, resting, finished, paid, back under warranty."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from dispatcher_app.domain import role
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.alert import resting
from dispatcher_app.domain.calendar import DAY_MS
from dispatcher_app.domain.command import Depart, Recall, SnoozeAlert, WithdrawQuote
from dispatcher_app.domain.order import Order, Snooze
from dispatcher_app.domain.pricing import owed
from dispatcher_app.domain.region import Policy
from ui.action.scene import Action, Scene, by_life, by_order, step, wanting, who_may

_SEES: Final = role.SEES_PEOPLE


def _where(refusing: Callable[[Order], Rejected | None], *steps: str) -> dict[str, Any]:
    """Possible where the life of the order has one of these steps, and nothing about the order itself is in the way."""
    possible = by_life(*steps)

    def refused(scene: Scene) -> Rejected | None:
        if (reason := possible(scene)) is not None or scene.order is None:
            return reason
        return refusing(scene.order)

    return {"refused": refused, "who": who_may(*steps)}


def _proposed(order: Order) -> Rejected | None:
    return None if order.proposed is not None else Rejected("no_quote_open")


def _unconfirmed(order: Order) -> Rejected | None:
    return Rejected("confirmed_already") if order.confirmed_at is not None else None


def _owing(order: Order) -> Rejected | None:
    return None if owed(order) > order.paid else Rejected("nothing_owed")


def _quiet(order: Order) -> Rejected | None:
    return Rejected("quote_open") if order.proposed is not None else None


def _reviewed(order: Order) -> Rejected | None:
    return None if order.review is not None else Rejected("no_review")


def _unflagged(order: Order) -> Rejected | None:
    return None if order.flags else Rejected("no_flag")


_review = by_life("review")


def _reviewable(scene: Scene) -> Rejected | None:
    """Given once, and once more within the days for it."""
    if (reason := _review(scene)) is not None or scene.order is None:
        return reason
    found = scene.session.review_of(scene.order.id)
    days = (scene.session.get(Policy, "policy") or Policy()).review_edit_days
    if found is not None and scene.session.now() - found.at > days * DAY_MS:
        return Rejected("review_too_late", None, days=days)
    return None


def _depart(scene: Scene) -> Any:
    return scene.order and Depart(order=scene.order.id, technician=scene.order.technician or "")


def _recall(scene: Scene) -> Any:
    return scene.order and Recall(order=scene.order.id, technician=scene.order.technician or "")


_snooze = by_life("snooze")


def _snoozes(scene: Scene) -> Rejected | None:
    if (reason := _snooze(scene)) is not None or scene.order is None:
        return reason
    return None if wanting(scene.session, scene.order) else Rejected("no_alert")


def _wakes(scene: Scene) -> Rejected | None:
    if (reason := _snooze(scene)) is not None or scene.order is None:
        return reason
    return None if _resting(scene) else Rejected("nothing_rests")


def _resting(scene: Scene) -> list[Snooze]:
    now = scene.session.now()
    return [each for each in resting(scene.order) if each.until > now] if scene.order else []


def _wake(scene: Scene) -> Any:
    """The one that was laid to rest last."""
    found = _resting(scene)
    if scene.order is None or not found:
        return None
    return SnoozeAlert(order=scene.order.id, kind=max(found, key=lambda each: each.at).kind, until=None)


def _withdraw(scene: Scene) -> Any:
    order = scene.order
    if order is None or order.proposed is None:
        return None
    return WithdrawQuote(order=order.id, number=order.proposed.number)


COURSE: Final[tuple[Action, ...]] = (
    Action(id="depart", group="order", text="Technician sets out", brief="Sets out", icon="state.en_route",
           keys=("Ctrl+Shift+G",), **step("depart"), command=_depart),
    Action(id="recall", group="order", text="Not on his way after all", brief="Call back##depart", icon="back",
           keys=("Ctrl+Alt+R",), **step("recall"), command=_recall),
    Action(id="arrive", group="order", text="Technician is there…", brief="Arrives", icon="address",
           keys=("Ctrl+Shift+V",), **step("arrive")),
    Action(id="absent", group="order", text="Customer not at home…", brief="Not at home", icon="alert.no_show_risk",
           keys=("Ctrl+Shift+B",), **_where(_quiet, "absent")),
    Action(id="quote", group="order", text="Quote…", brief="Quote##do", icon="quote",
           keys=("Ctrl+Alt+B",), **step("quote")),
    Action(id="confirm_quote", group="order", text="Customer agrees to the quote…", brief="Agrees", icon="accept",
           keys=("Ctrl+Alt+Y",), **_where(_proposed, "confirm_quote")),
    Action(id="decline_quote", group="order", text="No repair…", brief="Declines", icon="decline",
           keys=("Ctrl+Alt+D",), **step("decline_quote")),
    Action(id="withdraw_quote", group="order", text="Take the quote back", brief="Take back", icon="back",
           keys=("Ctrl+Alt+U",), **_where(_proposed, "withdraw_quote"), command=_withdraw),
    Action(id="hold", group="order", text="Put on hold…", brief="Hold", icon="state.on_hold",
           keys=("Ctrl+Shift+H",), **_where(_quiet, "hold")),
    Action(id="new_visit", group="order", text="Another visit…", brief="Another visit", icon="change",
           keys=("Ctrl+Alt+V",), **step("new_visit")),
    Action(id="finish", group="order", text="Repair is finished…", brief="Finish", icon="success",
           keys=("Ctrl+Shift+F",), **_where(_quiet, "finish")),
    Action(id="confirm", group="order", text="Customer confirms…", brief="Confirms", icon="call",
           keys=("Ctrl+Shift+K",), **_where(_unconfirmed, "confirm")),
    Action(id="pay", group="order", text="Record payment…", brief="Payment", icon="payment",
           keys=("Ctrl+Shift+M",), **_where(_owing, "pay")),
    Action(id="refund", group="order", text="Refund or compensation…", brief="Refund##do", icon="refund",
           keys=("Alt+R",), **step("refund")),
    Action(id="pay_code", group="order", text="Pay by telephone (WeChat Pay, Alipay)…", brief="By telephone",
           icon="payment", keys=("Alt+Shift+M",), **_where(_owing, "pay")),
    Action(id="transfer", group="order", text="Hand over to another technician…", brief="Hand over", icon="reassign",
           keys=("Ctrl+Shift+T",), **step("ask_transfer", "answer_transfer", "force_transfer")),
    Action(id="drop", group="order", text="Technician gives it back…", brief="Gives back", icon="unassign",
           keys=("Ctrl+Alt+X",), **step("drop")),
    Action(id="return_visit", group="order", text="Return under warranty…", brief="Return", icon="warranty",
           keys=("Ctrl+Alt+G",), **step("return_visit")),
    Action(id="clear_flag", group="order", text="Exception looked at…", brief="Looked at", icon="checks",
           keys=("Ctrl+D",), **_where(_unflagged, "clear_flag")),
    Action(id="snooze", group="order", text="Let an exception rest…", brief="Rest##do", icon="timer",
           keys=("Alt+Z",), refused=_snoozes, who=who_may("snooze")),
    Action(id="wake", group="order", text="No exception rests any more", brief="Wake##do", icon="bell",
           keys=("Alt+Shift+Z",), refused=_wakes, who=who_may("snooze"), command=_wake),
    Action(id="review", group="order", text="Review on his behalf…", brief="Review##do", icon="star",
           keys=("Ctrl+G",), refused=_reviewable, who=who_may("review")),
    Action(id="reply_review", group="order", text="Reply to the review…", brief="Reply", icon="message",
           keys=("Ctrl+R",), **_where(_reviewed, "reply_review")),
    Action(id="message", group="order", text="Write a message", brief="Message", icon="message",
           keys=("Ctrl+M",), **step("message")),
    Action(id="photo", group="order", text="Add photos…", brief="Photos", icon="photo",
           keys=("Ctrl+Shift+J",), **step("attach")),
    Action(id="tab_overview", group="go", text="Order: overview", brief="Order##tab", icon="order",
           keys=("Ctrl+Alt+O",), refused=by_order),
    Action(id="tab_quote", group="go", text="Order: quote", brief="Quote##tab", icon="quote",
           keys=("Ctrl+Alt+Q",), refused=by_order, who=_SEES),
    Action(id="tab_photos", group="go", text="Order: photos", brief="Photos##tab", icon="photo",
           keys=("Ctrl+Alt+P",), refused=by_order, who=_SEES),
    Action(id="tab_messages", group="go", text="Order: messages", brief="Messages##tab", icon="message",
           keys=("Ctrl+Alt+M",), refused=by_order, who=_SEES),
    Action(id="tab_checks", group="go", text="Order: checks", brief="Checks##tab", icon="checks",
           keys=("Ctrl+Alt+K",), refused=by_order, who=_SEES),
)  # fmt: skip
