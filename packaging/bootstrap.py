"""Sets everything up on a fresh machine and starts the desktop, the tests or the benchmarks.

    python3 packaging/bootstrap.py run               the desktop (a recorded demo where there is no display)
    python3 packaging/bootstrap.py test [--deep]     the tests; further words go to pytest
    python3 packaging/bootstrap.py bench [NAME] [--json OUT.json]
    python3 packaging/bootstrap.py bench fieldday | vrptw | repair | live | yardstick ...   on files; --help tells
    python3 packaging/bootstrap.py setup             only the set-up for all of them

With --no-system before the command no system package is installed; what is missing is only named.
"""

import sys

# Before anything newer is imported, so that an old Python says this and not SyntaxError.
if sys.version_info < (3, 11):  # noqa: UP036
    sys.exit("This program needs Python 3.11 or newer; this is %d.%d." % sys.version_info[:2])  # noqa: UP031

import os
import time
from pathlib import Path

import environment
import launch
import system
from progress import Stop, say

ROOT = Path(__file__).resolve().parents[1]
RUN = frozenset({"postgres"})
TEST = frozenset({"postgres", "test"})
BENCH = TEST | {"bench"}


def main(words: list[str]) -> int:
    may_install = "--no-system" not in words[:1]
    command, *rest = (words if may_install else words[1:]) or [""]
    if command not in ("run", "test", "bench", "setup"):
        say((__doc__ or "").strip())
        return 0 if command in ("-h", "--help", "help") else 2
    try:
        return perform(command, rest, may_install=may_install)
    except Stop as reason:
        print(f"\n{reason}", file=sys.stderr, flush=True)
        return 1
    except KeyboardInterrupt:
        print("\nStopped; the same command continues where it was.", file=sys.stderr, flush=True)
        return 130


def perform(command: str, words: list[str], *, may_install: bool) -> int:
    """Prepare what this command needs, then start it; its exit code is ours."""
    has_display = launch.display_present(sys.platform, os.environ)
    needs = system.WINDOW + (() if has_display else system.SCREEN)
    if command in ("test", "setup"):
        needs = system.WINDOW + system.TESTS
    if command == "bench" and launch.is_planning_tool(words):
        needs = ()
    system.provide(needs, may_install=may_install)
    extras = {"run": RUN, "bench": BENCH}.get(command, TEST)
    python = environment.prepare(ROOT, extras, may_install=may_install)
    place = launch.Place(ROOT, python, Path.cwd(), has_display, system.is_root())
    if command == "run":
        if not has_display:
            say(f"No display: playing one booking on a virtual screen; what was seen goes to {ROOT / 'out'}")
        return launch.go(launch.desktop(place, words))
    if command == "test":
        return test(place, words)
    if command == "bench":
        return launch.go(launch.benchmarks(place, words))
    say("Everything is in place.")
    return 0


def test(place: launch.Place, words: list[str]) -> int:
    """Run the tests and end with one line that says how it went."""
    began = time.monotonic()
    code = launch.go(launch.tests(place, words))
    outcome = "passed" if code == 0 else f"FAILED (exit code {code})"
    say(f"Tests {outcome} in {time.monotonic() - began:.0f} s.")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
