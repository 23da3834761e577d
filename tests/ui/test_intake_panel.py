"""The import screen with a real session and a real server process, and with real files where they are."""

from __future__ import annotations

import asyncio
import csv
import shutil
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QComboBox, QLabel, QPushButton, QTableView
from pytestqt.qtbot import QtBot

from dispatcher_app import text
from dispatcher_app.client.session import OrderQuery, Session
from dispatcher_app.domain.catalogue import Item
from dispatcher_app.domain.order import Order
from tests.ui.import_desk import REAL, Desks, admin, found, serving
from ui.intake.panel import ImportPanel

PATIENCE_S = 40
HEAD = ("工单号", "下单时间", "客户姓名", "联系电话", "故障现象", "详细地址", "区县", "经度", "纬度")


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("founded")
    found(data)
    return data


@pytest.fixture
def desks(founded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desks]:
    """A fresh company with its server."""
    monkeypatch.setenv("DISPATCHER_HOME", str(tmp_path / "home"))
    data = tmp_path / "data"
    shutil.copytree(founded, data)
    with serving(data) as url:
        yield Desks(tmp_path / "desks", url)


async def until(ready: Callable[[], object]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not ready():
            await asyncio.sleep(0.01)


Story = Callable[[Session, ImportPanel], Coroutine[Any, Any, None]]


@pytest.fixture
def play(desks: Desks, loop: asyncio.AbstractEventLoop, qtbot: QtBot) -> Callable[..., None]:
    """Runs a story of somebody at the import screen."""

    def played(story: Story, user: str = "sun") -> None:
        async def whole() -> None:
            session = await desks.enter(user)
            try:
                await until(lambda: session.link.state == "online" and session.region and session.all(Item))
                panel = ImportPanel(session)
                qtbot.addWidget(panel)
                panel.resize(900, 700)
                panel.show()
                await story(session, panel)
            finally:
                await session.close()

        loop.run_until_complete(whole())

    return played


def rows(count: int, **cells: str) -> list[dict[str, str]]:
    return [
        dict(zip(HEAD, (f"W{at}", "2026-11-20 09:00", "王芳", f"1380013{at:04}", "马桶堵了", f"{at} Broadway",
                        "Manhattan", "-73.98", "40.75"), strict=True)) | cells
        for at in range(count)
    ]  # fmt: skip


def table(folder: Path, made: list[dict[str, str]], name: str = "old.csv") -> Path:
    file = folder / name
    with file.open("w", encoding="gb18030", newline="") as out:
        writer = csv.DictWriter(out, made[0])
        writer.writeheader()
        writer.writerows(made)
    return file


def button(panel: ImportPanel, name: str) -> QPushButton:
    made: QPushButton = child(panel, QPushButton, name)
    return made


def child(panel: ImportPanel, kind: type[Any], name: str) -> Any:
    made = panel.findChild(kind, name)
    assert made is not None, name
    return made


def figures(panel: ImportPanel) -> dict[str, str]:
    names = ("read", "good", "there", "filtered", "refused")
    return {name: child(panel, QLabel, f"import_{name}").text() for name in names}


async def checked(panel: ImportPanel, do: Callable[[], object]) -> None:
    """Do something that has every row gone through again, and wait for the figures."""
    heard = asyncio.Event()
    panel.checked.connect(heard.set)
    do()
    async with asyncio.timeout(PATIENCE_S):
        await heard.wait()
    panel.checked.disconnect(heard.set)


async def imported(panel: ImportPanel) -> int:
    told: list[int] = []
    panel.imported.connect(told.append)
    button(panel, "import_go").click()
    await until(lambda: told)
    return told[0]


@pytest.mark.real_data
def test_a_real_file_is_checked_imported_and_nothing_comes_in_twice(play: Callable[..., None]) -> None:
    file = REAL / "nyc311_2023-12_sample.csv"
    if not file.is_file():
        pytest.skip("the real requests are not here (set DISPATCHER_DATA)")

    async def story(session: Session, panel: ImportPanel) -> None:
        await checked(panel, lambda: panel.open_path(file))
        assert figures(panel) == {
            "read": "1,000",
            "good": "270",
            "there": "0",
            "filtered": "730",
            "refused": "0",
        }
        assert child(panel, QComboBox, "import_profile").currentText() == "nyc311"
        assert child(panel, QTableView, "import_preview").model().rowCount() == 50
        assert await session.order_keys(OrderQuery(view="all", today="2026-11-22")) == []
        assert await imported(panel) == 270
        assert figures(panel)["good"] == "270"
        assert child(panel, QTableView, "import_fates").model().rowCount() == 270
        query = OrderQuery(view="all", today="2026-11-22")
        async with asyncio.timeout(PATIENCE_S):
            while len(await session.order_keys(query)) < 270:
                await asyncio.sleep(0.05)
        await checked(panel, button(panel, "import_again").click)
        assert figures(panel)["there"] == "270"
        assert not button(panel, "import_go").isEnabled()

    play(story)


def test_an_administrators_import_adds_the_new_districts(play: Callable[..., None], tmp_path: Path) -> None:
    file = table(tmp_path, rows(3))

    async def story(session: Session, panel: ImportPanel) -> None:
        await checked(panel, lambda: panel.open_path(file))
        assert "Manhattan" in child(panel, QLabel, "import_hints").text()
        assert await imported(panel) == 3
        await until(
            lambda: session.region and [each.id for each in session.region.districts] == ["Manhattan"]
        )

    play(story, "ann")


def test_a_supervisor_imports_without_adding_districts(play: Callable[..., None], tmp_path: Path) -> None:
    file = table(tmp_path, rows(1))

    async def story(session: Session, panel: ImportPanel) -> None:
        await checked(panel, lambda: panel.open_path(file))
        plan = panel.plan
        assert plan is not None
        assert await imported(panel) == 1
        await until(lambda: session.get(Order, plan.orders[0].command.order))
        order = session.get(Order, plan.orders[0].command.order)
        assert order is not None
        assert (order.district, order.lines[0].item, order.lines[0].fault) == (
            "Manhattan",
            "toilet",
            "blocked",
        )
        assert session.region is not None
        assert session.region.districts == ()

    play(story)


def test_a_dropped_file_is_opened(play: Callable[..., None], tmp_path: Path) -> None:
    file = table(tmp_path, rows(2))

    async def story(_session: Session, panel: ImportPanel) -> None:
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(file))])
        drop = QDropEvent(QPoint(9, 9).toPointF(), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
                          Qt.KeyboardModifier.NoModifier)  # fmt: skip
        await checked(panel, lambda: panel.dropEvent(drop))
        assert figures(panel)["good"] == "2"
        assert "gb18030" in panel.face.file.text()

    play(story)


def test_giving_a_column_another_field_counts_anew_and_takes_it_from_the_other(
    play: Callable[..., None], tmp_path: Path
) -> None:
    made = [each | {"备用电话": "138****8000"} for each in rows(4)]
    file = table(tmp_path, made)

    async def story(_session: Session, panel: ImportPanel) -> None:
        await checked(panel, lambda: panel.open_path(file))
        columns = panel.face.columns
        assert columns.chosen()["phone"] == ("联系电话",)
        assert figures(panel)["refused"] == "0"
        await checked(panel, lambda: columns.choose("备用电话", "phone"))
        assert columns.chosen()["phone"] == ("备用电话",)
        assert figures(panel)["refused"] == "4"
        fates = child(panel, QTableView, "import_fates").model()
        assert fates.index(0, 3).data() == "电话: 电话号码已脱敏：138****8000"

    play(story)


def test_a_filter_and_a_fixed_value_are_applied_and_saved_with_the_profile(
    play: Callable[..., None], tmp_path: Path
) -> None:
    made = rows(3) + rows(2, 区县="Queens", 工单号="")
    for at, each in enumerate(made):
        each["工单号"] = f"W{at}"
    file = table(tmp_path, made)

    async def story(_session: Session, panel: ImportPanel) -> None:
        await checked(panel, lambda: panel.open_path(file))
        panel.face.form.only.show_values({"district": "Queens，Bronx"})
        panel.face.form.fixed.show_values({"agency": "物业"})
        await checked(panel, panel.face.form.changed.emit)
        assert (figures(panel)["good"], figures(panel)["filtered"]) == ("2", "3")
        panel.face.shelf.name.setText("物业系统")
        button(panel, "import_save_profile").click()
        await checked(panel, lambda: panel.open_path(file))
        assert child(panel, QComboBox, "import_profile").currentText() == "物业系统"
        assert (figures(panel)["good"], figures(panel)["filtered"]) == ("2", "3")
        assert panel.face.form.fixed.values() == {"agency": "物业"}

    play(story)


def test_a_profile_needs_a_name_of_its_own(play: Callable[..., None], tmp_path: Path) -> None:
    file = table(tmp_path, rows(1))

    async def story(_session: Session, panel: ImportPanel) -> None:
        await checked(panel, lambda: panel.open_path(file))
        for name in ("", "nyc311"):
            panel.face.shelf.name.setText(name)
            button(panel, "import_save_profile").click()
            assert panel.face.shelf.name.property("invalid") == "true"

    play(story)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_refused_rows_are_exported_with_their_reasons_and_can_be_put_right(
    play: Callable[..., None], tmp_path: Path, kind: str
) -> None:
    made = rows(3)
    made[1]["联系电话"] = "=1+1"
    file, out = table(tmp_path, made), tmp_path / f"refused.{kind}"

    async def story(_session: Session, panel: ImportPanel) -> None:
        await checked(panel, lambda: panel.open_path(file))
        assert figures(panel)["refused"] == "1"
        await panel.export_to(out)

    play(story)
    if kind == "csv":
        with out.open(encoding="utf-8-sig", newline="") as lines:
            read = list(csv.reader(lines))
    else:
        book = openpyxl.load_workbook(out)
        read = [[str(cell) for cell in line] for line in book.active.iter_rows(values_only=True)]
        book.close()
    assert read[0] == ["行", "未导入原因", *HEAD]
    assert read[1][:2] == ["3", "电话号码无法识别：=1+1"]
    assert read[1][2:7] == ["W1", "2026-11-20 09:00", "王芳", "=1+1", "马桶堵了"]
    assert len(read) == 2


def test_a_file_of_no_use_is_a_sentence_and_the_screen_stays(
    play: Callable[..., None], tmp_path: Path
) -> None:
    empty = tmp_path / "empty.csv"
    empty.touch()

    async def story(_session: Session, panel: ImportPanel) -> None:
        panel.open_path(empty)
        await until(panel.face.banner.isVisible)
        assert panel.face.banner.accessibleName() == "文件是空的。"
        assert button(panel, "import_choose").isEnabled()

    play(story)


def test_work_can_be_stopped_and_the_window_stays_alive_meanwhile(
    play: Callable[..., None], tmp_path: Path
) -> None:
    file = table(tmp_path, rows(20_000))

    async def story(_session: Session, panel: ImportPanel) -> None:
        panel.open_path(file)
        ticks = 0
        stop = button(panel, "import_stop")
        while not any(map(str.isdigit, panel.face.doing.text())) or "old" in panel.face.doing.text():
            ticks += 1
            await asyncio.sleep(0.005)
        assert stop.isVisible()
        assert ticks > 3
        stop.click()
        assert not panel.face.bar.isVisible()
        assert panel.plan is None
        await checked(panel, button(panel, "import_again").click)
        assert figures(panel)["read"] == "20,000"

    play(story)


def test_orders_that_the_keeper_imports_appear_at_the_desk_by_themselves(
    play: Callable[..., None], tmp_path: Path
) -> None:
    file = table(tmp_path, rows(5))

    async def story(session: Session, panel: ImportPanel) -> None:
        done = await asyncio.to_thread(admin, tmp_path / "data", "import", "orders", str(file))
        assert done.returncode == 0, done.stderr
        query = OrderQuery(view="all", today="2026-11-22")
        async with asyncio.timeout(PATIENCE_S):
            while len(await session.order_keys(query)) < 5:
                await asyncio.sleep(0.05)
        await checked(panel, lambda: panel.open_path(file))
        assert figures(panel)["there"] == "5"

    play(story)


def test_offline_a_file_can_be_checked_and_importing_waits(
    desks: Desks, loop: asyncio.AbstractEventLoop, qtbot: QtBot, founded: Path, tmp_path: Path
) -> None:
    file = table(tmp_path, rows(2))

    async def whole() -> None:
        data = tmp_path / "other"
        shutil.copytree(founded, data)
        with serving(data) as url:
            session = await Desks(tmp_path / "away", url).enter("sun")
            await until(lambda: session.link.state == "online" and session.region and session.all(Item))
        try:
            panel = ImportPanel(session)
            qtbot.addWidget(panel)
            panel.show()
            await until(lambda: session.link.state == "offline")
            assert panel.face.offline.isVisible()
            await checked(panel, lambda: panel.open_path(file))
            assert figures(panel)["good"] == "2"
            assert not button(panel, "import_go").isEnabled()
        finally:
            await session.close()

    loop.run_until_complete(whole())


def test_closing_forgets_the_file(play: Callable[..., None], tmp_path: Path) -> None:
    file = table(tmp_path, rows(1))

    async def story(_session: Session, panel: ImportPanel) -> None:
        closed: list[bool] = []
        panel.closed.connect(lambda: closed.append(True))
        await checked(panel, lambda: panel.open_path(file))
        button(panel, "import_close").click()
        assert closed
        assert panel.plan is None
        assert button(panel, "import_choose").isVisible()

    play(story)


def test_all_words_of_the_screen_are_translated(play: Callable[..., None], tmp_path: Path) -> None:
    file = table(tmp_path, rows(1))

    async def story(_session: Session, panel: ImportPanel) -> None:
        await checked(panel, lambda: panel.open_path(file))
        said = [each.text() for each in panel.findChildren(QPushButton)]
        said += [each.text() for each in panel.findChildren(QLabel)]
        own = {file.name, *HEAD}
        plain = [words for words in said if words and words.isascii() and any(map(str.isalpha, words))]
        assert [words for words in plain if words not in own] == []
        assert panel.title() == text.t("Import orders") == "导入工单"

    play(story)
