"""Two real desks, each a process of its own, at a real server: what people see, whatever fails between them."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from dispatcher_app import text
from dispatcher_app.text import t
from tests.e2e.town import Town, assignable, candidates, settled, town
from ui.demo.desk import Desk
from ui.demo.play import Play, perform
from ui.demo.story import log_in, look_at, tell

# Several processes each: one after the other, or they wait for each other's processors.
pytestmark = [pytest.mark.xdist_group("e2e"), pytest.mark.timeout(240)]


@pytest.fixture
def spoken() -> Iterator[None]:
    """The default language again, whatever a test plays in."""
    yield
    text.use(text.DEFAULT)


@pytest.mark.parametrize("language", [text.DEFAULT, pytest.param("en", marks=pytest.mark.deep)])
def test_a_call_becomes_an_assigned_technician_on_both_desks_and_outlives_the_server(
    tmp_path: Path, language: str, spoken: None
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    text.use(language)
    code = asyncio.run(perform(Play(out, tmp_path / "home"), tell))
    report = json.loads((out / "report.json").read_text(encoding="utf-8"))
    assert (code, report["reason"], report["language"]) == (0, "", language)
    assert all(step["ok"] for step in report["steps"])
    pictures = [name for step in report["steps"] for name in step["pictures"]]
    assert {name.rsplit("-", 1)[1] for name in pictures} == {"A.png", "B.png"}
    assert all((out / name).stat().st_size for name in pictures)
    assert not [name for name in pictures if re.search(r"\d{7}", name)]


async def test_of_two_who_assign_the_same_order_one_wins_and_the_other_decides(tmp_path: Path) -> None:
    async with town(tmp_path) as here:
        first, second, third = await assignable(here.a, 3)
        await online_and_theirs_kept(here, first)
        await offline_and_taken_over(here, second)
        await offline_and_discarded(here, third)


async def online_and_theirs_kept(here: Town, number: str) -> None:
    """B's command is on the wire when A's is done."""
    theirs, mine = await at_once(here, number)
    await here.b.wait("conflict_card", "王芳")
    await told_when(here, theirs, mine)
    await here.b.click("conflict_keep_theirs")
    await decided(here, number, theirs)


async def told_when(here: Town, theirs: str, mine: str) -> None:
    """The card of B names who was sent and by whom, each at the moment that A's timeline and B's clock tell."""
    card = await here.b.see("conflict_card")
    assert any(theirs in line for line in card)
    assert any(mine in line for line in card)
    at = [re.search(r"\d\d:\d\d", line) for line in card if line.endswith((":", "："))]
    moments = [found[0] for found in at if found]
    assert len(moments) == 2, card
    assert any(line.startswith("王芳") and moments[0] in line for line in card)
    # The same act in A's own timeline, which the server's log has told.
    await here.a.press("Ctrl+Shift+N")
    await here.a.wait("inspector", moments[0], "王芳")


async def at_once(here: Town, number: str) -> tuple[str, str]:
    """Both assign the order, A the best and B the second; who went, who did not."""
    theirs = (await candidates(here.a, number))[0]
    mine = (await candidates(here.b, number))[1]
    await here.b.press("Down")
    here.wire.hold()
    await here.a.press("F3")
    await here.a.wait("fact_technician", theirs)
    await settled(here.a)
    await here.b.press("F3")
    await here.b.wait("fact_technician", mine)  # shown at once, as if it were done
    here.wire.release()
    return theirs, mine


async def offline_and_taken_over(here: Town, number: str) -> None:
    """B assigned while the wire was cut, and insists."""
    theirs, mine = await apart(here, number)
    await here.b.click("conflict_take_over")
    await decided(here, number, mine)
    # A's details may stand scrolled to who could go.
    await here.a.wait("queue_table", number, mine)
    assert theirs != mine


async def offline_and_discarded(here: Town, number: str) -> None:
    """B assigned while the wire was cut, and gives in."""
    theirs, _mine = await apart(here, number)
    await here.b.click("conflict_discard")
    await decided(here, number, theirs)


async def apart(here: Town, number: str) -> tuple[str, str]:
    """The wire is cut while both assign the order, then mended; who went, and whom B wanted."""
    mine = (await candidates(here.b, number))[1]
    here.wire.cut()
    await here.b.wait("link_state", offline())
    await here.b.press("Down", "F3")
    await here.b.wait("fact_technician", mine)
    theirs = (await candidates(here.a, number))[0]
    await here.a.press("F3")
    await settled(here.a)
    here.wire.mend()
    await here.b.wait("conflict_card", "王芳", within_s=40)
    await told_when(here, theirs, mine)
    return theirs, mine


async def decided(here: Town, number: str, technician: str) -> None:
    """The card is gone and both desks show the same technician on the order."""
    await here.b.wait("conflict_card", "", gone=True)
    await settled(here.b)
    rows = []
    for desk in (here.a, here.b):
        await look_at(desk, number)
        rows.append((await desk.wait("queue_table", number, technician)).text)
    assert words(rows[0]) == words(rows[1])


def offline() -> str:
    return t("Offline since {time}", time="").strip()


def words(row: str) -> list[str]:
    """A row without its running timer."""
    return [cell for at, cell in enumerate(row.split(" | ")) if at != 2]


async def test_killing_a_desk_with_a_full_outbox_loses_nothing_and_does_nothing_twice(tmp_path: Path) -> None:
    note = "钥匙在门卫处"

    async with town(tmp_path) as here:
        first, second = [row.split(" | ")[0] for row in (await here.a.see("queue_table"))[:2]]
        here.wire.cut()
        await here.b.wait("link_state", offline())
        await add_note(here.b, first, note)
        await look_at(here.b, second)
        await here.b.press("F7")
        await here.b.wait("link_state", t("{n} to sync", n=2))
        await here.b.kill()
        here.wire.mend()
        await here.b.start()
        await log_in(here.b, "lina", "李娜")
        await settled(here.b)
        for desk in (here.a, here.b):
            await look_at(desk, second)
            await desk.wait("queue_table", second, t("urged ×{n}", n=1))
            await look_at(desk, first)
            await desk.press("Ctrl+Shift+N")
            await desk.wait("inspector", note)
            assert (await desk.see("inspector")).count(note) == 1


async def add_note(desk: Desk, number: str, note: str) -> None:
    await look_at(desk, number)
    await desk.press("Ctrl+Shift+N")
    await desk.wait("focus", "note_field")
    await desk.write(note)
    await desk.press("Return")
    await desk.wait("inspector", note)
