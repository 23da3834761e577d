"""The project's own Python environment: made once, recognised by a stamp, mended when half made."""

import hashlib
import importlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import system
from progress import Stop, run_logged, say, step

# Lies in a new environment until its last package is in: one that holds it is half made. An update of a
# finished one writes none, so that nothing but our own unfinished work is ever removed.
UNFINISHED = "dispatcher-unfinished"
STAMP = "dispatcher-stamp.json"
# Settings that would send the packages somewhere else than into the environment.
MISLEADING = ("PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PYTHONHOME", "PYTHONPATH")
NETWORK_SIGNS = (
    "NewConnectionError",
    "Failed to establish a new connection",
    "Temporary failure in name resolution",
    "getaddrinfo failed",
    "Read timed out",
    "ConnectTimeout",
    "ProxyError",
    "Network is unreachable",
    "Connection refused",
)


@dataclass(frozen=True)
class Stamp:
    """What a finished environment was made from."""

    fingerprint: str
    extras: frozenset[str]


def interpreter(root: Path) -> Path:
    """The environment's Python."""
    inside = Path("Scripts", "python.exe") if sys.platform == "win32" else Path("bin", "python")
    return root / ".venv" / inside


def prepare(root: Path, extras: frozenset[str], *, may_install: bool) -> Path:
    """Make the environment hold the pinned packages for these extras; quick when it already does."""
    if not is_ready(root, extras):
        with _alone(root):
            # Another start may have finished the work while this one waited.
            if not is_ready(root, extras):
                _make(root, extras, may_install=may_install)
    return interpreter(root)


def is_ready(root: Path, extras: frozenset[str]) -> bool:
    """Whether the environment was finished for this folder, these pins and at least these extras."""
    stamp = _stamp(root)
    return stamp.fingerprint == fingerprint(root) and extras <= stamp.extras and _works(root)


def fingerprint(root: Path) -> str:
    """Changes whenever other packages, or the same in another folder, would be installed."""
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    parts = {
        "constraints": (root / "packaging" / "constraints.txt").read_text("utf-8"),
        "project": project.get("project", {}),
        "build": project.get("build-system", {}),
        "folder": str(root),
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _make(root: Path, extras: frozenset[str], *, may_install: bool) -> None:
    venv = root / ".venv"
    if venv.exists() and ((venv / UNFINISHED).exists() or not _works(root)):
        with step("Removing a half-made .venv"):
            _remove(venv)
    if not venv.exists():
        _create(venv, may_install=may_install)
    # What an earlier `test` added is kept in step with what `run` installs now.
    wanted = extras | _stamp(root).extras
    (venv / STAMP).unlink(missing_ok=True)
    _install(root, wanted)
    temporary = venv / f"{STAMP}.new"
    temporary.write_text(json.dumps({"fingerprint": fingerprint(root), "extras": sorted(wanted)}), "utf-8")
    temporary.replace(venv / STAMP)
    (venv / UNFINISHED).unlink(missing_ok=True)


def _create(venv: Path, *, may_install: bool) -> None:
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        if may_install and system.is_root() and system.has_apt():
            system.install_packages(((package, "python3-venv"),))
            importlib.invalidate_caches()
        if importlib.util.find_spec("ensurepip") is None:
            raise Stop(
                f"This Python ({sys.executable}) cannot make environments: install its venv part first "
                f"(Debian, Ubuntu: sudo apt-get install {package})."
            )
    with step(f"Making .venv with Python {sys.version.split()[0]}"):
        try:
            venv.mkdir()
            (venv / UNFINISHED).touch()
        except OSError as error:
            raise Stop(_not_writable(venv.parent, error)) from error
        made = subprocess.run(
            [sys.executable, "-m", "venv", str(venv)], capture_output=True, text=True, check=False
        )
        if made.returncode != 0:
            raise Stop(f"Python could not make .venv: {(made.stdout + made.stderr).strip()}")


def _install(root: Path, extras: frozenset[str]) -> None:
    pins = root / "packaging" / "constraints.txt"
    log = root / ".venv" / "dispatcher-pip.log"
    pip = [str(interpreter(root)), "-m", "pip", "install", "--no-input", "--progress-bar=off", "--retries=2"]
    pip += ["--disable-pip-version-check", "--constraint", str(pins)]
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    target = f"{root}[{','.join(sorted(extras))}]" if extras else str(root)
    env = {name: value for name, value in os.environ.items() if name not in MISLEADING}
    # Builds happen inside the environment (no isolation), so that their tools are pinned as well.
    builders = project.get("build-system", {}).get("requires", [])
    commands = [[*pip, *builders]] if builders else []
    commands.append([*pip, "--no-build-isolation", "--editable", target])
    seen = 0

    def notice(line: str) -> None:
        nonlocal seen
        if line.startswith("Collecting "):
            seen += 1
            show(f"{seen} packages, now {line.split()[1]}")
        elif line.startswith("Installing collected packages"):
            show(f"unpacking {seen} packages")

    with step("Installing the pinned Python packages") as show:
        for command in commands:
            code, output = run_logged(command, env=env, log=log, notice=notice)
            if code != 0:
                raise Stop(_why_pip_failed(output, log))


def _why_pip_failed(output: str, log: Path) -> str:
    if any(sign in output for sign in NETWORK_SIGNS):
        return (
            "No network: the Python packages cannot be downloaded. Connect this computer (or set "
            "PIP_INDEX_URL to a mirror you can reach) and start the same command again; it continues."
        )
    if "No space left on device" in output:
        return "The disk is full: free about 2 GB and start the same command again."
    errors = [line for line in output.splitlines() if line.startswith("ERROR:")]
    reason = " ".join(errors[-2:]) or "no reason given"
    return f"pip could not install the packages ({reason}); its log is {log}"


def _works(root: Path) -> bool:
    """Whether the environment has its Python, and the Python it was made from is still there."""
    config = root / ".venv" / "pyvenv.cfg"
    if not interpreter(root).exists() or not config.exists():
        return False
    settings = dict(line.partition(" = ")[::2] for line in config.read_text("utf-8").splitlines())
    inside = "Lib/site-packages" if sys.platform == "win32" else "lib/python*/site-packages"
    pip = next((root / ".venv").glob(f"{inside}/pip/__init__.py"), None)
    return Path(settings.get("home", "?")).is_dir() and pip is not None


def _stamp(root: Path) -> Stamp:
    try:
        written = json.loads((root / ".venv" / STAMP).read_text("utf-8"))
        return Stamp(written["fingerprint"], frozenset(written["extras"]))
    except (OSError, ValueError, KeyError, TypeError):
        return Stamp("", frozenset())


def _remove(venv: Path) -> None:
    try:
        shutil.rmtree(venv)
    except OSError as error:
        raise Stop(f"Cannot remove the half-made {venv} ({error.strerror}): delete it yourself.") from error


def _not_writable(folder: Path, error: OSError) -> str:
    return (
        f"Cannot write into the project folder {folder} ({error.strerror}): "
        "make it writable or copy the project to a folder of your own."
    )


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    """One set-up at a time in a folder, so that none removes what another is making."""
    try:
        lock = (root / ".venv.lock").open("a")
    except OSError as error:
        raise Stop(_not_writable(root, error)) from error
    with lock:
        if sys.platform == "win32":
            import msvcrt

            # Gives up after ten seconds; then the other set-up is still at work.
            try:
                msvcrt.locking(lock.fileno(), msvcrt.LK_LOCK, 1)
            except OSError as error:
                raise Stop("Another set-up is at work in this folder: wait for its end.") from error
        else:
            import fcntl

            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                say("Waiting for another set-up in this folder to finish ...")
                fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            yield
        finally:
            if sys.platform == "win32":
                with suppress(OSError):
                    msvcrt.locking(lock.fileno(), msvcrt.LK_UNLCK, 1)
