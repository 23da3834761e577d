"""Windows on the monitors of a computer: asked of Qt itself, which needs a process of its own to have two."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from ui.layout.frame import Frame, frame_of
from ui.layout.screen import Screen

MONITORS = (
    {"name": "Left", "x": 0, "y": 0, "width": 1920, "height": 1080},
    {"name": "Right", "x": 1920, "y": 0, "width": 2560, "height": 1440},
)
STORY = """
import json
from PySide6.QtWidgets import QApplication, QWidget
from ui.layout.frame import Frame, frame_of, put
from ui.layout.screen import present, setup
app = QApplication([])
screens, window = present(), QWidget()
told = [[each.name for each in screens], setup(screens)]
for at, frame in enumerate((
    Frame("Right", 100, 120, 800, 600), Frame("Left", 10, 50, 900, 500, "maximized"), Frame("Right", 5, 60, 700, 400),
)):
    put(window, frame, screens)
    if not at:
        window.show()
    app.processEvents()
    told.append([window.screen().name(), frame_of(window, screens) == frame])
print(json.dumps(told))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="the platform takes no path with a colon")
def test_a_window_goes_to_the_monitor_it_is_put_on_and_says_where_it_stands(tmp_path: Path) -> None:
    screens = [each | {"logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1} for each in MONITORS]
    config = tmp_path / "screens.json"
    config.write_text(json.dumps({"screens": screens}))
    done = subprocess.run(
        [sys.executable, "-c", STORY], capture_output=True, text=True, check=True,
        env={**os.environ, "QT_QPA_PLATFORM": f"offscreen:configfile={config}"},
    )  # fmt: skip
    names, setup, *stood = json.loads(done.stdout)
    assert names == ["Left", "Right"]
    assert setup == "Left 0,0; Right 19,0"
    assert stood == [["Right", True], ["Left", True], ["Right", True]]


def test_a_minimised_window_stands_where_it_stood(qapp: QApplication) -> None:
    screens = (Screen("here", 0, 0, 1920, 1080),)
    window = QWidget()
    window.setGeometry(200, 300, 640, 480)
    window.show()
    before = frame_of(window, screens)
    window.showMinimized()
    assert frame_of(window, screens) == before == Frame("here", 200, 300, 640, 480)
    window.close()
