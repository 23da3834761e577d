"""Frames a second that the map keeps while 5,000 technicians report a position every 5 s.

    xvfb-run -a python -m tests.bench.map_frames

The page draws on software rendering; every frame that it really draws is counted, none is asked for twice.
"""

import json
import os
import random
import statistics
import sys
from itertools import pairwise

MARKERS = 5_000
ROUND_S = 5
TICK_MS = 50
SECONDS = 20
WIDTH, HEIGHT = 1366, 768
BAR_FRAMES_PER_S = 30


def measure(seconds: int = SECONDS) -> dict[str, object]:
    """Show the map, move everybody, and ask the page when it drew its frames.

    Needs a display (a virtual one will do) and no QApplication in this process yet.
    """
    if sys.platform == "linux" and os.geteuid() == 0:
        os.environ.setdefault("QTWEBENGINE_CHROMIUM_FLAGS", "--no-sandbox")

    from PySide6.QtCore import QCoreApplication, QElapsedTimer, Qt, QTimer

    QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)
    from PySide6.QtWidgets import QApplication

    from dispatcher_app import clock
    from ui import theme
    from ui.map.engine import MapPage
    from ui.map.marks import Position, TechnicianMark
    from ui.map.view import MapView

    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    theme.apply(app, "light")
    chance = random.Random(7)
    places = [(chance.uniform(121.30, 121.70), chance.uniform(31.10, 31.30)) for _ in range(MARKERS)]
    view = MapView()
    view.resize(WIDTH, HEIGHT)
    view.show()

    def at(number: int) -> Position:
        return Position(str(number), *places[number], clock.now_ms())

    states = ("online", "busy", "offline")
    view.set_technicians(
        TechnicianMark(str(number), f"师傅{number}", states[number % 3], position=at(number))
        for number in range(MARKERS)
    )
    step = MARKERS * TICK_MS // (ROUND_S * 1000)
    turn = 0

    def move_some() -> None:
        nonlocal turn
        numbers = [(turn + i) % MARKERS for i in range(step)]
        turn += step
        for number in numbers:
            lon, lat = places[number]
            places[number] = lon + chance.uniform(-0.002, 0.002), lat + chance.uniform(-0.002, 0.002)
        view.move_technicians(at(number) for number in numbers)

    ticks = QTimer(interval=TICK_MS)
    ticks.timeout.connect(move_some)
    answer: list[str] = []
    # How long the application's own thread is away: it shows the page's frames, and the tables as well.
    beat = QTimer(interval=4, timerType=Qt.TimerType.PreciseTimer)
    since = QElapsedTimer()
    away_ms: list[float] = []

    def on_beat() -> None:
        away_ms.append(since.nsecsElapsed() / 1e6)
        since.restart()

    def begin_beating() -> None:
        since.start()
        beat.start()

    beat.timeout.connect(on_beat)

    def on_answer(text: object) -> None:
        answer.append(str(text))
        app.quit()

    def ask() -> None:
        page = view.findChild(MapPage)
        assert page is not None
        marks = "Dispatch.page.marks"
        page.runJavaScript(
            f"JSON.stringify({{frames: {marks}.frames, shown: {marks}.shown.length, groups: {marks}.groups.length}})",
            on_answer,
        )

    def begin() -> None:
        page = view.findChild(MapPage)
        assert page is not None
        # Every marker drawn by itself: a bar reached by hiding them in groups would be none.
        page.runJavaScript("Dispatch.GROUPED = false")
        ticks.start()
        QTimer.singleShot(ROUND_S * 1000, begin_beating)
        QTimer.singleShot((ROUND_S + seconds) * 1000, ask)

    view.loaded.connect(begin)
    QTimer.singleShot((ROUND_S + seconds + 30) * 1000, app.quit)
    app.exec()
    ticks.stop()
    beat.stop()
    view.close()
    if not answer:
        raise RuntimeError("the map's page gave no answer; is there a display?")
    told = json.loads(answer[0])
    frames: list[float] = [now for now in told["frames"] if now >= told["frames"][-1] - seconds * 1000]
    away_ms.sort()
    gaps = sorted(after - before for before, after in pairwise(frames))
    return {
        "frames_per_s_p50": round(1000 / statistics.median(gaps), 1),
        "frames_per_s_p5": round(1000 / gaps[int(len(gaps) * 0.95)], 1),
        "frames_per_s_mean": round(len(gaps) * 1000 / sum(gaps), 1),
        "slowest_frame_ms": round(gaps[-1], 1),
        "application_thread_away_p50_ms": round(statistics.median(away_ms), 1),
        "application_thread_away_p95_ms": round(away_ms[int(len(away_ms) * 0.95)], 1),
        "markers": MARKERS,
        "markers_in_view": told["shown"],
        "markers_in_groups": told["groups"],
        "positions_per_s": step * 1000 // TICK_MS,
        "window": f"{WIDTH}x{HEIGHT}",
        "bar_frames_per_s": BAR_FRAMES_PER_S,
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measure(), indent=2) + "\n")
