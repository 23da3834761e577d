"""What a draft of the prices does to recent orders, as the administration shows it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator

import pytest

from dispatcher_app.client.embedded import Embedded
from tests.ui.window_desk import City, part, until
from ui.admin.book import BookEditor
from ui.window import MainWindow


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """A city of its own."""
    folder = tmp_path_factory.mktemp("office")
    made = City(Embedded(folder / "server", practice=True), folder / "desks")
    yield made
    asyncio.run(made.server.close())


def new_draft(window: MainWindow) -> BookEditor:
    """The administration with a new draft of the prices in it."""
    window.deck["admin"].trigger()
    window.administration.open("prices")
    page = window.administration.panel.page("prices")
    page.begin_new("book:")
    editor = page.form
    assert isinstance(editor, BookEditor)
    return editor


def make_dearer(editor: BookEditor) -> None:
    """All labour one yuan up."""
    model = editor.sheets["labour"].model
    for at, row in enumerate(model.rows):
        if row.price is not None:
            model.setData(model.index(at, 2), f"{row.price / 100 + 1:.2f}")
    editor.examine()


def said(editor: BookEditor) -> str:
    return str(part(editor, "effect_said").text())


def test_a_saved_draft_shows_what_recent_orders_would_come_to(
    office: City, loop: asyncio.AbstractEventLoop
) -> None:
    async def story() -> None:
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

    loop.run_until_complete(story())


def test_without_a_server_the_effect_says_so_and_can_be_asked_again(
    office: City, loop: asyncio.AbstractEventLoop
) -> None:
    async def story() -> None:
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

    loop.run_until_complete(story())
