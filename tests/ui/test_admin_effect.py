"""What a draft of the prices does to recent orders, as the administration shows it."""

from __future__ import annotations

import asyncio
import re

from tests.ui.admin_desk import new_draft
from tests.ui.window_desk import City, part, until
from ui.admin.book import BookEditor


def make_dearer(editor: BookEditor) -> None:
    """All labour one yuan up."""
    model = editor.sheets["labour"].model
    for at, row in enumerate(model.rows):
        if row.price is not None:
            model.setData(model.index(at, 2), f"{row.price / 100 + 1:.2f}")
    editor.examine()


def said(editor: BookEditor) -> str:
    return str(part(editor, "effect_said").text())


async def test_a_saved_draft_shows_what_recent_orders_would_come_to(
    office: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with office.window("admin") as window:
        editor = new_draft(window)
        editor.tabs.setCurrentWidget(editor.effect)
        await until(lambda: "改动 0 单" in said(editor))
        assert editor.effect.model.rowCount() == 0
        make_dearer(editor)
        editor.effect.keep_up()
        assert "尚未保存" in part(editor, "effect_note").text()
        assert editor.save()
        await until(lambda: re.search(r"近 90 天 [\d,]+ 单，改动 [1-9]", said(editor)))
        assert "→ ¥" in said(editor)
        assert "+" in said(editor)
        assert "尚未保存" not in part(editor, "effect_note").text()
        rows = editor.effect.model.rows
        assert 0 < len(rows) <= 20
        assert all(row.after > row.before for row in rows)
        moved = editor.effect.model.index(0, 4).data()
        assert moved.startswith("+¥")


async def test_without_a_server_the_effect_says_so_and_can_be_asked_again(
    office: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with office.window("admin") as window:
        editor = new_draft(window)
        editor.tabs.setCurrentWidget(editor.effect)
        await until(lambda: "近 90 天" in said(editor))
        window.session.on_connection(None)
        again = part(editor, "effect_again")
        again.click()
        await until(lambda: "连不上服务器" in said(editor))
        assert again.isEnabled()
        assert editor.effect.model.rowCount() == 0
