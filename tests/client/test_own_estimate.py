"""Without the server a desk estimates drives as the server would: by what trips have shown."""

from __future__ import annotations

from pathlib import Path

from dispatcher_app.domain.act import SYSTEM
from dispatcher_app.domain.command import SaveTraffic
from dispatcher_app.domain.traffic import HOURS, Pace, Traffic
from tests.client.stand_in import StandIn
from tests.client.town import booking, desk
from tests.client.wait import equal, link, until
from tests.domain.trade import DISPATCHER


async def test_what_was_observed_reaches_the_desk_and_its_own_ranking(tmp_path: Path) -> None:
    async with StandIn().running() as server:
        server.do(DISPATCHER, booking("o1"))
        session = await desk(tmp_path, server)
        await link(session, "online")
        await equal(session, server)
        before = await session.rank("o1")
        assert [each.code for each in before.notes][:1] == ["travel_estimated"]
        pace = Pace(longer=(3.0,) * HOURS, trips=412, error_percent=25)
        server.do(SYSTEM, SaveTraffic(traffic=Traffic(id="sh", region="sh", estimate=pace)))
        await until(session, lambda: session.get(Traffic, "sh") is not None)
        after = await session.rank("o1")
        assert (after.notes[0].code, after.notes[0].params) == ("travel_observed", {"trips": 412})
        await session.close()
