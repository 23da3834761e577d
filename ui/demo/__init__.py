"""One booking played on two real desks by key events, with pictures and a report of what was seen."""

from ui.demo.play import main

__all__ = ["main"]
