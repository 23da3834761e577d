"""The real web engine shows the map: what comes in is seen, what a person does comes out."""

import os
import signal
import sys
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWebEngineCore import QWebEngineUrlRequestInfo, QWebEngineUrlRequestInterceptor
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from dispatcher_app import text
from dispatcher_app.domain.datum import wgs84_to_gcj02
from tests.ui.map_page import NOW, WAIT_MS, ask, click, maps, page_of, settled, surface_of, wait_for
from ui import theme
from ui.map.marks import Leg, MapSettings, OrderMark, Position, StopMark, TechnicianMark, TileSource, Way
from ui.map.view import MapView


class Requests(QWebEngineUrlRequestInterceptor):
    """Writes down whatever the page asks for."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def interceptRequest(self, info: QWebEngineUrlRequestInfo) -> None:
        self.addresses.append(info.requestUrl().toString())


@pytest.fixture
def shown(qtbot: QtBot) -> Iterator[Callable[..., MapView]]:
    """Makes a map of 800 × 600, loaded, with two technicians and an order."""
    with maps(qtbot) as show:

        def make(settings: MapSettings | None = None, requests: Requests | None = None) -> MapView:
            view = MapView(settings, now_ms=lambda: NOW)
            if requests is not None:
                page_of(view).profile().setUrlRequestInterceptor(requests)
            view.set_technicians(
                [
                    technician("1", 121.40, 31.15),
                    technician("2", 121.60, 31.30, at_ms=NOW - 660_000, status="busy"),
                ]
            )
            view.set_orders(
                [OrderMark("o", "10-2231", "pending", "emergency", 121.50, 31.22, ("今天 14:00–16:00",))]
            )
            return show(view)

        yield make


def technician(id: str, lon: float, lat: float, at_ms: int = NOW, status: str = "online") -> TechnicianMark:
    return TechnicianMark(id, f"师傅{id}", status, ("空调", "冰箱"), Position(id, lon, lat, at_ms))


def test_marks_arrive_inside_the_view_and_nothing_is_asked_of_a_network(
    qtbot: QtBot, shown: Callable[..., MapView]
) -> None:
    requests = Requests()
    view = shown(requests=requests)
    for kind, id in (("technician", "1"), ("technician", "2"), ("order", "o")):
        assert view.rect().contains(settled(qtbot, view, kind, id))
    assert [a for a in requests.addresses if not a.startswith("data:")] == []


def test_a_technician_glides_to_his_new_position_and_the_view_stays(
    qtbot: QtBot, shown: Callable[..., MapView]
) -> None:
    view = shown()
    before = settled(qtbot, view, "technician", "1")
    still = settled(qtbot, view, "order", "o")
    view.move_technicians([Position("1", 121.45, 31.15, NOW + 1)])
    wait_for(
        qtbot, view, "Dispatch.page.place('technician', '1')", lambda place: place["x"] > before.x() + 10
    )
    after = settled(qtbot, view, "technician", "1")
    assert after.y() == before.y()
    assert settled(qtbot, view, "order", "o") == still


def test_a_way_and_the_names_of_districts_are_shown_and_taken_away(
    qtbot: QtBot, shown: Callable[..., MapView]
) -> None:
    view = shown()
    leg = Leg(((121.40, 31.15), (121.50, 31.22)), road=True)
    stop = StopMark("o", 1, 121.50, 31.22, "14:00", "14:00–15:00", "confirmed", "已派", "2231")
    view.set_way(Way("师傅1", "", (leg,), (stop,)))
    wait_for(qtbot, view, "Dispatch.page.way.legs.length", lambda count: count == 1)
    said = ask(qtbot, view, "document.querySelector('.dispatch-way').innerText")
    assert [word in said for word in ("师傅1", "14:00–15:00", "已派", "2231")] == [True] * 4
    view.set_way(Way())
    wait_for(qtbot, view, "Dispatch.page.way.legs.length", lambda count: count == 0)
    middle = {"type": "Point", "coordinates": [121.544, 31.221]}
    named = {"type": "Feature", "properties": {"name": "浦东新区"}, "geometry": middle}
    view.set_districts({"type": "FeatureCollection", "features": [named]})
    wait_for(
        qtbot, view, "Dispatch.page.ground.names.map((n) => n.name)", lambda names: names == ["浦东新区"]
    )


def test_an_old_position_is_marked_stale(qtbot: QtBot, shown: Callable[..., MapView]) -> None:
    view = shown()
    assert ask(qtbot, view, "['1', '2'].map((id) => Dispatch.page.place('technician', id).age)") == [0, 2]
    legend = ask(qtbot, view, "document.querySelector('.dispatch-legend').innerText")
    assert text.t("Position too old") in legend


def test_a_click_selects_a_double_click_and_enter_activate(
    qtbot: QtBot, shown: Callable[..., MapView]
) -> None:
    view = shown()
    at = settled(qtbot, view, "technician", "2")
    with qtbot.waitSignal(view.selected, timeout=WAIT_MS) as selected:
        click(view, at)
    assert selected.args == ["technician", "2"]
    at = settled(qtbot, view, "order", "o")
    with qtbot.waitSignal(view.activated, timeout=WAIT_MS) as activated:
        click(view, at, times=2)
    assert activated.args == ["order", "o"]
    with qtbot.waitSignal(view.activated, timeout=WAIT_MS) as activated:
        QTest.keyClick(surface_of(view), Qt.Key.Key_Return)
    assert activated.args == ["order", "o"]


def test_hovering_says_name_state_time_and_skills(qtbot: QtBot, shown: Callable[..., MapView]) -> None:
    view = shown()
    at = settled(qtbot, view, "technician", "2")
    QTest.mouseMove(surface_of(view), QPoint(at.x() - 60, at.y()))
    QTest.mouseMove(surface_of(view), at)
    said = wait_for(
        qtbot,
        view,
        "document.querySelector('.dispatch-tooltip.shown')?.innerText ?? ''",
        lambda words: bool(words),
    )
    assert said.splitlines()[0] == "师傅2 · 忙碌"
    assert "11 分钟前" in said
    assert "空调、冰箱" in said


def test_a_picked_place_comes_back_in_wgs84_whatever_the_tiles_draw(
    qtbot: QtBot, shown: Callable[..., MapView]
) -> None:
    view = shown(MapSettings(tiles=TileSource("http://127.0.0.1:9/{z}/{x}/{y}.png", "", "gcj02")))
    at = settled(qtbot, view, "order", "o")
    view.begin_pick()
    wait_for(qtbot, view, "Dispatch.page.picking", bool)
    with qtbot.waitSignal(view.place_picked, timeout=WAIT_MS) as picked:
        click(view, at)
    zoom = ask(qtbot, view, "Dispatch.page.map.getZoom()")
    pixel = 360 / (256 * 2**zoom)
    assert picked.args == [pytest.approx(121.50, abs=pixel), pytest.approx(31.22, abs=pixel)]
    assert wgs84_to_gcj02(121.50, 31.22)[0] - 121.50 > 3 * pixel


def test_escape_ends_picking_and_enter_takes_the_centre(qtbot: QtBot, shown: Callable[..., MapView]) -> None:
    view = shown()
    view.begin_pick()
    wait_for(qtbot, view, "Dispatch.page.picking", bool)
    with qtbot.waitSignal(view.pick_cancelled, timeout=WAIT_MS):
        QTest.keyClick(surface_of(view), Qt.Key.Key_Escape)
    view.begin_pick()
    wait_for(qtbot, view, "Dispatch.page.picking", bool)
    with qtbot.waitSignal(view.place_picked, timeout=WAIT_MS) as picked:
        QTest.keyClick(surface_of(view), Qt.Key.Key_Return)
    centre = ask(qtbot, view, "Dispatch.page.map.getCenter()")
    assert picked.args == [pytest.approx(centre["lng"]), pytest.approx(centre["lat"])]


def test_a_view_that_a_person_moved_stays_until_it_is_released(
    qtbot: QtBot, shown: Callable[..., MapView]
) -> None:
    view = shown()
    ask(qtbot, view, "document.querySelector('.leaflet-control-zoom-in').click() ?? true")
    wait_for(qtbot, view, "Dispatch.page.held", bool)
    centre = ask(qtbot, view, "Dispatch.page.map.getCenter()")
    view.put_technicians([technician("3", 122.4, 30.4)])
    wait_for(qtbot, view, "Dispatch.page.marks.technicians.size", lambda number: number == 3)
    view.select("technician", "3")
    assert ask(qtbot, view, "Dispatch.page.map.getCenter()") == centre
    view.fit()
    wait_for(qtbot, view, "Dispatch.page.held", lambda held: not held)
    assert view.rect().contains(settled(qtbot, view, "technician", "3"))


def test_after_a_crash_the_page_comes_back_with_everything(
    qtbot: QtBot, shown: Callable[..., MapView]
) -> None:
    view = shown()
    view.remove("technician", ["1"])
    view.select("order", "o")
    view.move_technicians([Position("2", 121.62, 31.31, NOW)])
    ask(qtbot, view, "document.querySelector('.leaflet-control-zoom-in').click() ?? true")
    wait_for(
        qtbot,
        view,
        "[Dispatch.page.held, Dispatch.page.marks.technicians.size]",
        lambda told: told == [True, 1],
    )
    place = ask(qtbot, view, "[Dispatch.page.map.getCenter(), Dispatch.page.map.getZoom()]")
    with qtbot.waitSignal(view.loaded, timeout=WAIT_MS):
        os.kill(page_of(view).renderProcessPid(), signal.SIGTERM)
    assert ask(qtbot, view, "[...Dispatch.page.marks.technicians.keys()]") == ["2"]
    assert ask(qtbot, view, "Dispatch.page.marks.selected") == {"kind": "order", "id": "o"}
    restored = ask(qtbot, view, "[Dispatch.page.map.getCenter(), Dispatch.page.map.getZoom()]")
    assert restored[0] == {key: pytest.approx(value, abs=1e-4) for key, value in place[0].items()}
    assert restored[1] == place[1]


def test_theme_and_language_change_while_the_map_is_shown(
    qtbot: QtBot, qapp: QApplication, shown: Callable[..., MapView]
) -> None:
    view = shown()
    text.use("en")
    theme.apply(qapp, "dark")
    wait_for(qtbot, view, "document.documentElement.dataset.mode", lambda mode: mode == "dark")
    legend = wait_for(
        qtbot,
        view,
        "document.querySelector('.dispatch-legend').innerText",
        lambda words: "Technicians" in words,
    )
    assert "Online" in legend


def test_thousands_in_a_small_place_become_groups_that_hold_them_all(
    qtbot: QtBot, shown: Callable[..., MapView]
) -> None:
    view = shown()
    view.put_technicians(
        technician(f"c{number}", 121.5 + number % 40 / 4000, 31.2 + number // 40 / 4000)
        for number in range(1000)
    )
    groups = wait_for(qtbot, view, "Dispatch.page.marks.groups.map((g) => g.count)", bool)
    assert sum(groups) > 800


def test_an_engine_that_may_not_start_leaves_a_sentence_and_the_application(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ui.map.engine", None)  # as where the engine's libraries are missing
    monkeypatch.delattr("ui.map.engine", raising=False)
    view = MapView(now_ms=lambda: NOW)
    qtbot.addWidget(view)
    view.set_technicians([technician("1", 121.4, 31.1)])
    view.select("technician", "1")
    view.begin_pick()
    view.cancel_pick()
    assert any("无法显示地图" in label.text() for label in view.findChildren(QLabel))


def test_the_first_marks_fill_the_view_and_later_ones_inside_it_do_not_move_it(
    qtbot: QtBot, shown: Callable[..., MapView]
) -> None:
    view = shown()
    low, high = settled(qtbot, view, "technician", "1"), settled(qtbot, view, "technician", "2")
    assert high.x() - low.x() > view.width() / 2 or low.y() - high.y() > view.height() / 2
    view.put_technicians([technician("3", 121.5, 31.2)])
    wait_for(qtbot, view, "Dispatch.page.marks.technicians.size", lambda number: number == 3)
    assert settled(qtbot, view, "technician", "1") == low
