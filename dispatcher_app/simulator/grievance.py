"""Who is not content in the practice city: one complaint to answer, one that waits for photos, one that is closed."""

from __future__ import annotations

from typing import Any, Final

from dispatcher_app import clock
from dispatcher_app.domain.calendar import HOUR_MS, MINUTE_MS
from dispatcher_app.domain.command import (
    AnswerComplaint,
    CloseComplaint,
    JudgeComplaint,
    OpenComplaint,
    ResolveComplaint,
    WaitComplaint,
)  # fmt: skip
from dispatcher_app.domain.order import Order
from dispatcher_app.simulator.stage import Stage

_DESK: Final = "linyue"


def complained(stage: Stage) -> None:
    """About three orders that are done, the newest first; nobody's credit suffers from it."""
    done = [each for each in stage.world.all(Order) if each.status == "completed" and each.complaint is None]
    newest = sorted(done, key=lambda each: (-(each.closed_at or 0), each.id))[:3]
    for order, tell in zip(newest, (fresh, waiting, settled), strict=False):
        tell(stage, order, clock.derived_id("practice complaint", order.id))


def fresh(stage: Stage, order: Order, id: str) -> None:
    """Called a moment ago."""
    words = "师傅修好走了,半天后又不制冷,打师傅电话没人接,要求今天之内上门。"
    opened = OpenComplaint(
        complaint=id, order=order.id, categories=("quality",), severity="serious", text=words
    )
    stage.do(stage.people["wangfang"], opened, stage.now - 3 * MINUTE_MS)


def waiting(stage: Stage, order: Order, id: str) -> None:
    """Answered, and the customer is to send photos."""
    at = max((order.closed_at or 0) + 1, stage.now - 2 * HOUR_MS)
    words = "搬机器时地砖磕了一个角,师傅说不是他弄的。"
    opened = OpenComplaint(complaint=id, order=order.id, categories=("attitude",), text=words)
    stage.do(stage.people["lina"], opened, at)
    desk(
        stage,
        AnswerComplaint(complaint=id, text="已致歉,请客户发照片,今天内答复怎么处理。"),
        at + 6 * MINUTE_MS,
    )
    contact = stage.now + 2 * HOUR_MS
    wait = WaitComplaint(complaint=id, waiting_for="customer", contact_at=contact, text="等客户发地砖照片")
    desk(stage, wait, at + 8 * MINUTE_MS)


def settled(stage: Stage, order: Order, id: str) -> None:
    """Called back about and closed: we had promised an hour that nobody kept."""
    at = max((order.closed_at or 0) + 1, stage.now - 26 * HOUR_MS)
    words = "约好十点,快十一点才到,也没人提前说一声。"
    opened = OpenComplaint(complaint=id, order=order.id, categories=("late",), text=words)
    stage.do(stage.people["wangfang"], opened, at)
    judged = JudgeComplaint(complaint=id, responsibility="platform", text="上一单超时,调度没有提前通知客户。")
    for command in (
        AnswerComplaint(complaint=id, text="已致歉,下次上门费免收。"), judged,
        ResolveComplaint(complaint=id, text="客户接受道歉。"),
        CloseComplaint(complaint=id, call_back="accepted", text="客户说下次注意就好。"),
    ):  # fmt: skip
        at = min(at + 9 * MINUTE_MS, stage.now)
        desk(stage, command, at)


def desk(stage: Stage, command: Any, at: int) -> None:
    """The complaint desk does it."""
    stage.do(stage.people[_DESK], command, at)
