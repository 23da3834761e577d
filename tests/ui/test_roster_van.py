"""The van of a technician: parts issued and brought back at the desk, never more than there are."""

from __future__ import annotations

import asyncio

from dispatcher_app.domain.catalogue import Part
from dispatcher_app.domain.technician import Technician
from dispatcher_app.domain.van import Van
from tests.ui.window_desk import City, part, until
from ui import name


def test_parts_are_issued_and_brought_back(city: City, loop: asyncio.AbstractEventLoop) -> None:
    async def story() -> None:
        async with city.window() as window:
            session = window.session
            window.deck["roster"].trigger()
            chosen = session.all(Technician)[-1].id
            assert window.roster.choose(chosen)
            wanted = next(each.id for each in session.all(Part) if not each.retired)
            van = session.get(Van, chosen)
            before = van.quantity(wanted) if van is not None else 0

            def there() -> int:
                now = session.get(Van, chosen)
                return now.quantity(wanted) if now is not None else 0

            part(window, "van_part").setEditText(name.part(session, wanted))
            part(window, "van_quantity").setValue(3)
            part(window, "van_issue").click()
            await until(lambda: there() == before + 3 and session.link.waiting == 0)
            part(window, "van_part").setEditText(name.part(session, wanted))
            part(window, "van_quantity").setValue(before + 9)
            part(window, "van_return").click()
            assert not part(window, "van_error").isHidden()
            part(window, "van_quantity").setValue(2)
            part(window, "van_return").click()
            await until(lambda: there() == before + 1 and session.link.waiting == 0)
            part(window, "van_part").setEditText("no such part")
            part(window, "van_issue").click()
            assert "配件" in part(window, "van_error").text()

    loop.run_until_complete(story())
