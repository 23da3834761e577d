"""What tests of the customer's page in a real browser engine share."""

import os
import sys

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
if sys.platform == "linux" and os.geteuid() == 0:
    os.environ.setdefault("QTWEBENGINE_CHROMIUM_FLAGS", "--no-sandbox")

from tests.server.conftest import launch, seeded, sqlite

__all__ = ["launch", "seeded", "sqlite"]

ENGINE_REMARKS = (
    "propagateSizeHints",
    "[Vv]ulkan",
    "QRhi",
    "RHI",
    "GPU",
    "GLX",
    "OpenGL",
    "Sandboxing disabled",
    "GBM",
)


def pytest_configure(config: pytest.Config) -> None:
    # Remarks of the offscreen platform, and of the web engine on a machine without a graphics card; not about us.
    for remark in ENGINE_REMARKS:
        config.addinivalue_line("qt_log_ignore", remark)
