"""What cancelling costs and how much one person gives back alone is an administrator's to say."""

from __future__ import annotations

import asyncio

from dispatcher_app.domain.region import Policy
from tests.ui.window_desk import City, until
from ui.admin.redress import redress_form
from ui.controls.money import MoneyField


async def test_an_administrator_sets_the_limits_and_an_amount_that_is_none_is_refused(
    office: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with office.sitting("admin") as session:
        form = redress_form(session, True)
        limit, besides = form.field("refund_limit_order"), form.field("no_show_compensation")
        assert isinstance(limit, MoneyField)
        assert isinstance(besides, MoneyField)
        limit.setText("150.50")
        besides.setText("x")
        assert not form.save()
        assert (session.get(Policy, "policy") or Policy()).refund_limit_order == 20_000
        besides.setText("35")
        assert form.save()
        await until(lambda: (session.get(Policy, "policy") or Policy()).refund_limit_order == 15_050)
        assert (session.get(Policy, "policy") or Policy()).no_show_compensation == 3500
        await until(lambda: session.link.waiting == 0)
        form.deleteLater()
