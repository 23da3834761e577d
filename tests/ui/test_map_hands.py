"""What a person does on the map with real mouse and keys: carry an order, measure, draw, follow, look only at some."""

import os
import signal
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QPoint, Qt
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from dispatcher_app.domain.datum import wgs84_to_gcj02
from tests.ui.map_page import (
    NOW,
    WAIT_MS,
    ask,
    click,
    maps,
    page_of,
    pull,
    right_click,
    settled,
    surface_of,
    wait_for,
)
from ui.dragging import mime_of
from ui.map.marks import MapSettings, OrderMark, Position, TechnicianMark, TileSource
from ui.map.view import MapView

MOVE, LEFT, PLAIN = Qt.DropAction.MoveAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
GCJ = MapSettings(tiles=TileSource("http://127.0.0.1:9/{z}/{x}/{y}.png", "", "gcj02"))
Shown = Callable[..., MapView]


@pytest.fixture
def shown(qtbot: QtBot) -> Iterator[Shown]:
    """Makes a map of 800 × 600, loaded, with two technicians and an order."""
    with maps(qtbot) as show:

        def make(settings: MapSettings | None = None) -> MapView:
            view = MapView(settings, now_ms=lambda: NOW)
            view.set_technicians([technician("1", 121.40, 31.15), technician("2", 121.60, 31.30)])
            view.set_orders([OrderMark("o", "10-2231", "pending", "normal", 121.50, 31.22)])
            return show(view)

        yield make


def technician(id: str, lon: float, lat: float, accuracy_m: float = 0) -> TechnicianMark:
    return TechnicianMark(id, f"师傅{id}", "online", ("空调",), Position(id, lon, lat, NOW, accuracy_m))


def key(view: MapView, which: Qt.Key, modifier: Qt.KeyboardModifier = PLAIN) -> None:
    QTest.keyClick(surface_of(view), which, modifier)


def centre_of(qtbot: QtBot, view: MapView) -> dict[str, float]:
    place: dict[str, float] = ask(qtbot, view, "Dispatch.page.map.getCenter()")
    return place


def place_at(qtbot: QtBot, view: MapView, at: QPoint) -> tuple[float, float]:
    script = f"Dispatch.page.map.containerPointToLatLng([{at.x()}, {at.y()}])"
    found = ask(qtbot, view, script)
    return found["lng"], found["lat"]


def flat(places: list[tuple[float, float]]) -> list[float]:
    return [degrees for place in places for degrees in place]


def pixel_of(qtbot: QtBot, view: MapView) -> float:
    """How many degrees one pixel is wide."""
    return 360 / (256 * 2 ** float(ask(qtbot, view, "Dispatch.page.map.getZoom()")))


def test_an_orders_mark_is_taken_up_and_the_map_stays(qtbot: QtBot, shown: Shown) -> None:
    view = shown()
    at, centre = settled(qtbot, view, "order", "o"), centre_of(qtbot, view)
    with qtbot.waitSignal(view.order_taken, timeout=WAIT_MS) as taken:
        pull(view, [at, at + QPoint(4, 4), at + QPoint(12, 12), at + QPoint(40, 30)])
    assert taken.args == ["o"]
    assert centre_of(qtbot, view) == centre
    assert not ask(qtbot, view, "Dispatch.page.held")


def test_pulling_bare_ground_moves_the_map_and_takes_nothing(qtbot: QtBot, shown: Shown) -> None:
    view = shown()
    centre = centre_of(qtbot, view)
    taken: list[str] = []
    view.order_taken.connect(taken.append)
    pull(view, [QPoint(120, 300), QPoint(130, 310), QPoint(200, 340), QPoint(260, 360)])
    wait_for(qtbot, view, "Dispatch.page.held", bool)
    assert centre_of(qtbot, view) != centre
    assert taken == []


def test_whoever_lies_under_the_hand_is_told_and_gets_what_is_dropped(qtbot: QtBot, shown: Shown) -> None:
    view = shown()
    at, mime = settled(qtbot, view, "technician", "2"), mime_of(["o"])
    told: list[tuple[object, str]] = []
    view.hovered.connect(lambda orders, on: told.append((orders, on)))
    QCoreApplication.sendEvent(view, QDragEnterEvent(QPoint(5, 5), MOVE, mime, LEFT, PLAIN))
    QCoreApplication.sendEvent(view, QDragMoveEvent(at + QPoint(9, 9), MOVE, mime, LEFT, PLAIN))
    qtbot.waitUntil(lambda: told[-1:] == [(("o",), "2")], timeout=WAIT_MS)
    wait_for(qtbot, view, "Dispatch.page.marks.target", lambda target: target == "2")
    view.allow_drop(True)
    with qtbot.waitSignal(view.dropped, timeout=WAIT_MS) as dropped:
        QCoreApplication.sendEvent(view, QDropEvent(at.toPointF(), MOVE, mime, LEFT, PLAIN))
    assert dropped.args == [("o",), "2"]
    wait_for(qtbot, view, "Dispatch.page.marks.target", lambda target: target is None or target == "")


def test_what_is_forbidden_is_not_dropped(qtbot: QtBot, shown: Shown) -> None:
    view = shown()
    at, mime = settled(qtbot, view, "technician", "2"), mime_of(["o"])
    dropped: list[object] = []
    view.dropped.connect(lambda *what: dropped.append(what))
    QCoreApplication.sendEvent(view, QDragEnterEvent(at, MOVE, mime, LEFT, PLAIN))
    move = QDragMoveEvent(at, MOVE, mime, LEFT, PLAIN)
    QCoreApplication.sendEvent(view, move)
    assert not move.isAccepted()
    with qtbot.waitSignal(view.hand_left, timeout=WAIT_MS):
        QCoreApplication.sendEvent(view, QDropEvent(at.toPointF(), MOVE, mime, LEFT, PLAIN))
    assert dropped == []
    QCoreApplication.sendEvent(view, QDragEnterEvent(at, MOVE, mime, LEFT, PLAIN))
    with qtbot.waitSignal(view.hand_left, timeout=WAIT_MS):
        QCoreApplication.sendEvent(view, QDragLeaveEvent())


def test_a_marks_menu_is_asked_for_by_mouse_and_by_key(qtbot: QtBot, shown: Shown) -> None:
    view = shown()
    at = settled(qtbot, view, "order", "o")
    with qtbot.waitSignals([view.selected, view.menu_wanted], timeout=WAIT_MS):
        right_click(view, at)
    view.select("technician", "1")
    wait_for(qtbot, view, "Dispatch.page.marks.selected.id", lambda id: id == "1")
    with qtbot.waitSignal(view.menu_wanted, timeout=WAIT_MS) as wanted:
        key(view, Qt.Key.Key_F10, Qt.KeyboardModifier.ShiftModifier)
    assert wanted.args is not None
    assert wanted.args[:2] == ["technician", "1"]


def test_places_are_laid_by_mouse_and_keys_and_come_back_in_wgs84(qtbot: QtBot, shown: Shown) -> None:
    view = shown(GCJ)
    at = settled(qtbot, view, "order", "o")
    laid: list[list[tuple[float, float]]] = []
    view.sketched.connect(laid.append)
    view.begin_measure()
    wait_for(qtbot, view, "Dispatch.page.sketch.mode", lambda mode: mode == "measure")
    click(view, at)
    qtbot.waitUntil(lambda: bool(laid) and len(laid[-1]) == 1, timeout=WAIT_MS)
    near = pixel_of(qtbot, view)
    assert flat(laid[-1]) == pytest.approx([121.50, 31.22], abs=near)
    assert wgs84_to_gcj02(121.50, 31.22)[0] - 121.50 > 3 * near
    key(view, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(laid[-1]) == 2, timeout=WAIT_MS)
    key(view, Qt.Key.Key_Backspace)
    qtbot.waitUntil(lambda: len(laid[-1]) == 1, timeout=WAIT_MS)
    view.write_sketch(["3.2 km"])
    wait_for(qtbot, view, "Dispatch.page.sketch.said", lambda said: said == ["3.2 km"])
    with qtbot.waitSignal(view.escaped, timeout=WAIT_MS):
        key(view, Qt.Key.Key_Escape)
    view.end_sketch()
    wait_for(qtbot, view, "Dispatch.page.sketch.mode", lambda mode: mode == "")


def test_an_outlines_corners_are_added_moved_and_removed_in_the_datum_it_is_kept_in(
    qtbot: QtBot, shown: Shown
) -> None:
    view = shown(GCJ)
    corners = [(121.45, 31.18), (121.55, 31.18), (121.55, 31.26), (121.45, 31.26)]
    laid: list[list[tuple[float, float]]] = []
    view.sketched.connect(laid.append)
    view.begin_area(corners)
    qtbot.waitUntil(lambda: bool(laid), timeout=WAIT_MS)
    assert flat(laid[-1]) == pytest.approx(flat(corners), abs=1e-7)
    seen = ask(qtbot, view, "Dispatch.page.sketch.corners.map((c) => Dispatch.page.sketch.seen(c))")
    points = [QPoint(round(each["x"]), round(each["y"])) for each in seen]
    centre = centre_of(qtbot, view)
    click(
        view, QPoint((points[0].x() + points[1].x()) // 2, points[0].y())
    )  # a side: a corner more between the two
    qtbot.waitUntil(lambda: len(laid[-1]) == 5, timeout=WAIT_MS)
    assert flat([laid[-1][1]]) == pytest.approx([121.50, 31.18], abs=0.01)
    to = points[2] + QPoint(30, -25)
    pull(view, [points[2], points[2] + QPoint(10, -10), to])
    near = 2 * pixel_of(qtbot, view)
    there = flat([place_at(qtbot, view, to)])
    qtbot.waitUntil(
        lambda: list(wgs84_to_gcj02(*laid[-1][3])) == pytest.approx(there, abs=near), timeout=WAIT_MS
    )
    assert centre_of(qtbot, view) == centre
    click(view, points[3])
    qtbot.waitUntil(lambda: len(laid[-1]) == 4, timeout=WAIT_MS)
    with qtbot.waitSignal(view.drawn, timeout=WAIT_MS):
        key(view, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def test_a_corner_beside_a_neighbours_is_that_corner(qtbot: QtBot, shown: Shown) -> None:
    view = shown()
    laid: list[list[tuple[float, float]]] = []
    view.sketched.connect(laid.append)
    view.begin_area([], fixed=[(121.50, 31.22)])
    wait_for(qtbot, view, "Dispatch.page.sketch.mode", lambda mode: mode == "area")
    click(view, settled(qtbot, view, "order", "o") + QPoint(5, -4))
    qtbot.waitUntil(lambda: laid[-1] == [(121.50, 31.22)], timeout=WAIT_MS)


def test_the_view_stays_on_whom_it_follows_until_a_person_moves_it(qtbot: QtBot, shown: Shown) -> None:
    view = shown()
    view.follow("1")
    wait_for(qtbot, view, "Dispatch.page.following", lambda id: id == "1")
    view.move_technicians([Position("1", 121.43, 31.17, NOW + 1)])
    view.put_technicians([technician("9", 122.9, 30.2)])
    wait_for(qtbot, view, "Dispatch.page.marks.technicians.size", lambda number: number == 3)
    wait_for(
        qtbot,
        view,
        "[Dispatch.page.map.getCenter(), Dispatch.page.marks.moving.size]",
        lambda told: (
            told[1] == 0 and abs(told[0]["lng"] - 121.43) < 0.002 and abs(told[0]["lat"] - 31.17) < 0.002
        ),
    )
    assert ask(qtbot, view, "Dispatch.page.map.getContainer().classList.contains('followed')")
    with qtbot.waitSignal(view.released, timeout=WAIT_MS):
        pull(view, [QPoint(120, 300), QPoint(130, 310), QPoint(200, 340), QPoint(260, 360)])
    centre = centre_of(qtbot, view)
    view.move_technicians([Position("1", 121.30, 31.10, NOW + 2)])
    wait_for(
        qtbot,
        view,
        "[Dispatch.page.marks.technicians.get('1').to_x, Dispatch.page.marks.moving.size]",
        lambda told: told[1] == 0 and told[0] < (121.31 + 180) / 360 * 256,
    )
    assert centre_of(qtbot, view) == centre


def test_only_what_is_looked_at_stays_bright(qtbot: QtBot, shown: Shown) -> None:
    view = shown()
    view.look_only_at([("technician", "1"), ("order", "o")])
    marks = "Dispatch.page.marks"
    script = (
        f"['technician 1', 'technician 2', 'order o'].map((k) => {marks}.dims({marks}.find(...k.split(' '))))"
    )
    wait_for(qtbot, view, script, lambda dim: dim == [False, True, False])
    view.look_only_at(None)
    wait_for(qtbot, view, script, lambda dim: dim == [False, False, False])


def test_how_sure_a_position_is_stands_in_the_tooltip(qtbot: QtBot, shown: Shown) -> None:
    view = shown()
    view.put_technicians([technician("2", 121.60, 31.30, accuracy_m=350)])
    wait_for(qtbot, view, "Dispatch.page.marks.technicians.get('2').accuracy", lambda metres: metres == 350)
    view.move_technicians([Position("2", 121.60, 31.30, NOW, 80)])
    wait_for(qtbot, view, "Dispatch.page.marks.technicians.get('2').accuracy", lambda metres: metres == 80)
    at = settled(qtbot, view, "technician", "2")
    QTest.mouseMove(surface_of(view), QPoint(at.x() - 60, at.y()))
    QTest.mouseMove(surface_of(view), at)
    tooltip = "document.querySelector('.dispatch-tooltip.shown')?.innerText ?? ''"
    assert "误差 80 米内" in wait_for(qtbot, view, tooltip, bool)


def test_orders_that_cover_each_other_become_a_group_with_their_number(qtbot: QtBot, shown: Shown) -> None:
    view = shown()
    view.put_orders(
        OrderMark(
            f"c{at}", f"10-{at}", "pending", "emergency" if at == 3 else "normal", 121.5 + at / 1e5, 31.22
        )
        for at in range(30)
    )
    [group] = wait_for(
        qtbot, view, "Dispatch.page.marks.groups.map((g) => [g.of, g.count, g.loud, g.shares])", bool
    )
    assert group == ["order", 31, 1, {"pending": 31}]
    with qtbot.waitSignal(view.gathered, timeout=WAIT_MS) as gathered:
        spot = ask(
            qtbot, view, "Dispatch.page.marks.groups.map((g) => [Math.round(g.px), Math.round(g.py)])[0]"
        )
        right_click(view, QPoint(*spot))
    assert gathered.args is not None
    assert len(gathered.args[0]) == 31


def test_what_goes_on_is_there_again_after_a_crash(qtbot: QtBot, shown: Shown) -> None:
    view = shown()
    view.look_only_at([("order", "o")])
    view.say("只看 2231")
    view.begin_area([(121.45, 31.18), (121.55, 31.18)])
    wait_for(qtbot, view, "Dispatch.page.sketch.corners.length", lambda count: count == 2)
    key(view, Qt.Key.Key_Return)
    wait_for(qtbot, view, "Dispatch.page.sketch.corners.length", lambda count: count == 3)
    with qtbot.waitSignal(view.loaded, timeout=WAIT_MS):
        os.kill(page_of(view).renderProcessPid(), signal.SIGTERM)
    banner = "document.querySelector('.dispatch-banner').innerText"
    told = f"[Dispatch.page.sketch.corners.length, {banner}, Dispatch.page.marks.focus.size]"
    assert wait_for(qtbot, view, told, bool) == [3, "只看 2231", 1]
