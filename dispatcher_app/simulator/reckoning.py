"""What finance finds in the practice city: yesterday's bill of WeChat Pay holds one payment that nobody has booked."""

from __future__ import annotations

from typing import Final

from dispatcher_app import clock
from dispatcher_app.domain.act import SYSTEM
from dispatcher_app.domain.calendar import local_date, next_date
from dispatcher_app.domain.command import RecordBill
from dispatcher_app.domain.money.discrepancy import Found
from dispatcher_app.simulator.stage import Stage

_ZONE: Final = "Asia/Shanghai"
_AMOUNT: Final = 12800


def billed(stage: Stage) -> None:
    """The bill was read this morning."""
    date = next_date(local_date(stage.now, _ZONE), -1)
    key = clock.derived_id("practice bill", date).replace("-", "")
    found = Found(
        id=clock.derived_id("practice difference", date), what="theirs_only", key=key,
        reference=f"4200{int(key[:12], 16):015d}", theirs=_AMOUNT,
    )  # fmt: skip
    bill = RecordBill(
        provider="wechat",
        date=date,
        digest=key,
        payments=1,
        paid=_AMOUNT,
        refunds=0,
        refunded=0,
        fees=77,
        found=(found,),
    )
    stage.do(SYSTEM, bill, stage.now)
