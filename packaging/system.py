"""System libraries and programs that do not come from Python packages: found, installed or named."""

import ctypes
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from progress import run_logged, say, step


@dataclass(frozen=True)
class Need:
    """One thing the system provides: its Debian packages (any one will do) and how to find it elsewhere."""

    packages: tuple[str, ...]
    found: Callable[[], bool]
    what: str


def library(soname: str, *packages: str) -> Need:
    """A shared library, found by loading it."""

    def found() -> bool:
        try:
            ctypes.CDLL(soname)
        except OSError:
            return False
        return True

    return Need(packages, found, soname)


def program(name: str, *packages: str) -> Need:
    """A program, found on the search path."""
    return Need(packages, lambda: shutil.which(name) is not None, name)


def _chinese_font_found() -> bool:
    finder = shutil.which("fc-list")
    if finder is None:
        return False
    fonts = subprocess.run([finder, ":lang=zh", "family"], capture_output=True, check=False)
    return bool(fonts.stdout.strip())


def _postgresql_found() -> bool:
    return shutil.which("initdb") is not None or any(Path("/usr/lib/postgresql").glob("*/bin/initdb"))


# What the wheels of Qt and QtWebEngine load from the system (read with ldd), nothing more.
WINDOW = (
    library("libEGL.so.1", "libegl1"),
    library("libGL.so.1", "libgl1"),
    library("libgbm.so.1", "libgbm1"),
    library("libfontconfig.so.1", "libfontconfig1"),
    library("libglib-2.0.so.0", "libglib2.0-0t64", "libglib2.0-0"),
    library("libdbus-1.so.3", "libdbus-1-3"),
    library("libnss3.so", "libnss3"),
    library("libasound.so.2", "libasound2t64", "libasound2"),
    library("libpulse.so.0", "libpulse0"),
    library("libudev.so.1", "libudev1"),
    library("libgssapi_krb5.so.2", "libgssapi-krb5-2"),
    library("libxkbcommon-x11.so.0", "libxkbcommon-x11-0"),
    library("libxkbfile.so.1", "libxkbfile1"),
    library("libwayland-cursor.so.0", "libwayland-cursor0"),
    library("libwayland-egl.so.1", "libwayland-egl1"),
    library("libX11-xcb.so.1", "libx11-xcb1"),
    library("libXcomposite.so.1", "libxcomposite1"),
    library("libXdamage.so.1", "libxdamage1"),
    library("libXrandr.so.2", "libxrandr2"),
    library("libXtst.so.6", "libxtst6"),
    library("libxcb-cursor.so.0", "libxcb-cursor0"),
    library("libxcb-icccm.so.4", "libxcb-icccm4"),
    library("libxcb-image.so.0", "libxcb-image0"),
    library("libxcb-keysyms.so.1", "libxcb-keysyms1"),
    library("libxcb-render-util.so.0", "libxcb-render-util0"),
    library("libxcb-shape.so.0", "libxcb-shape0"),
    library("libxcb-xkb.so.1", "libxcb-xkb1"),
    Need(
        ("fonts-noto-cjk", "fonts-wqy-microhei", "fonts-wqy-zenhei", "fonts-arphic-uming"),
        _chinese_font_found,
        "a font with Chinese characters",
    ),
)
SCREEN = (program("Xvfb", "xvfb"),)
TESTS = (
    *SCREEN,
    program("xauth", "xauth"),
    program("dbus-run-session", "dbus-daemon", "dbus"),
    program("gnome-keyring-daemon", "gnome-keyring"),
    Need(("postgresql",), _postgresql_found, "PostgreSQL (initdb)"),
)


def is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def has_apt() -> bool:
    return shutil.which("dpkg-query") is not None and shutil.which("apt-get") is not None


def missing(needs: Iterable[Need]) -> tuple[Need, ...]:
    """The needs that this system does not meet; dpkg is asked first because it answers for all at once."""
    wanted = tuple(needs)
    installed = _installed({package for need in wanted for package in need.packages})
    return tuple(need for need in wanted if not installed & set(need.packages) and not need.found())


def provide(needs: Sequence[Need], *, may_install: bool) -> None:
    """Install what is missing where that is ours to do; otherwise name it in one line and go on."""
    if not sys.platform.startswith("linux"):
        return
    lacking = missing(needs)
    if lacking and may_install and is_root() and has_apt():
        install(lacking)
        lacking = missing(lacking)
    if lacking:
        say(missing_line(lacking, debian=has_apt()))


def missing_line(lacking: Iterable[Need], *, debian: bool) -> str:
    """What is missing and what to do about it, in one line."""
    needs = tuple(lacking)
    if debian:
        names = " ".join(first_available(need.packages for need in needs))
        return f"Missing on this system, some parts may not work; install with: sudo apt-get install {names}"
    return (
        "Missing on this system, some parts may not work; install with your system's package program: "
        + ", ".join(need.what for need in needs)
    )


def install(needs: Iterable[Need]) -> None:
    """Install Debian packages for the needs; a failure is said and left to `missing` to judge."""
    install_packages(tuple(need.packages for need in needs))


def install_packages(choices: tuple[tuple[str, ...], ...]) -> None:
    """Install the first available package of each choice."""
    env = dict(os.environ) | {"DEBIAN_FRONTEND": "noninteractive"}
    handle, name = tempfile.mkstemp(prefix="dispatcher-apt-", suffix=".log")
    os.close(handle)
    log = Path(name)
    apt = ("apt-get", "-o", "DPkg::Lock::Timeout=300", "-o", "Acquire::Retries=2", "-q", "-y")
    with step(f"Installing system packages ({len(choices)})") as show:
        run_logged([*apt, "update"], env=env, log=log, notice=show)
        names = first_available(choices)
        command = [*apt, "install", "--no-install-recommends", *names]
        code, output = run_logged(command, env=env, log=log, notice=show)
    if code != 0:
        reasons = [line for line in output.splitlines() if line.startswith("E:")]
        reason = reasons[-1] if reasons else "no reason given"
        say(f"apt-get could not install them ({reason}); everything it said is in {log}")
    else:
        log.unlink(missing_ok=True)


def _installed(packages: Iterable[str]) -> frozenset[str]:
    if shutil.which("dpkg-query") is None:
        return frozenset()
    answer = subprocess.run(
        ["dpkg-query", "-W", "-f=${Package} ${db:Status-Status}\n", *sorted(packages)],
        capture_output=True,
        text=True,
        check=False,
    )
    rows = (line.split() for line in answer.stdout.splitlines())
    return frozenset(row[0] for row in rows if row[1:] == ["installed"])


def first_available(choices: Iterable[tuple[str, ...]]) -> list[str]:
    """Of each choice the name this release knows: Debian renamed some libraries (…t64)."""
    wanted = tuple(choices)
    names = {name for choice in wanted for name in choice}
    env = dict(os.environ) | {"LC_ALL": "C"}
    policy = subprocess.run(
        ["apt-cache", "policy", *sorted(names)], capture_output=True, text=True, check=False, env=env
    )
    known = set()
    package = ""
    for line in policy.stdout.splitlines():
        if not line.startswith(" "):
            package = line.rstrip(":")
        elif line.strip().startswith("Candidate:") and not line.endswith("(none)"):
            known.add(package)
    return [next((name for name in choice if name in known), choice[-1]) for choice in wanted]
