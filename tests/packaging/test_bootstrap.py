"""The set-up command, run as a newcomer runs it, in a small project without dependencies."""

import ast
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOWHERE = "http://127.0.0.1:9/simple"

PROJECT = """\
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]

[project]
name = "dispatcher-app"
version = "1"
dependencies = [{dependencies}]

[project.optional-dependencies]
postgres = []
test = []
bench = []
"""

# The least that pip accepts as an editable package: it needs nothing from the network.
BACKEND = """\
import zipfile

def prepare_metadata_for_build_editable(folder, settings=None):
    import pathlib
    project = pathlib.Path("pyproject.toml").read_text()
    needs = "Requires-Dist: nowhere-to-be-found\\n" if "nowhere" in project else ""
    info = pathlib.Path(folder, "dispatcher_app-1.dist-info")
    info.mkdir()
    (info / "METADATA").write_text(
        "Metadata-Version: 2.1\\nName: dispatcher-app\\nVersion: 1\\n" + needs
        + "Provides-Extra: postgres\\nProvides-Extra: test\\nProvides-Extra: bench\\n"
    )
    (info / "WHEEL").write_text("Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
    return info.name

def build_editable(folder, settings=None, metadata=None):
    import os, pathlib, tempfile
    name = "dispatcher_app-1-py3-none-any.whl"
    with tempfile.TemporaryDirectory() as work, zipfile.ZipFile(pathlib.Path(folder, name), "w") as wheel:
        info = prepare_metadata_for_build_editable(work)
        wheel.writestr("here.pth", os.getcwd())
        for file in ("METADATA", "WHEEL"):
            wheel.write(pathlib.Path(work, info, file), f"{info}/{file}")
        wheel.writestr(f"{info}/RECORD", "")
    return name
"""

# Stands for the desktop and for pytest: says how it was started and ends as it is told.
ECHO = """\
import json, os, sys
words = sys.argv[1:]
seen = {name: os.environ.get(name) for name in ("DISPLAY", "QT_QPA_PLATFORM", "QTWEBENGINE_CHROMIUM_FLAGS")}
seen |= {"words": words, "folder": os.getcwd(), "prefix": sys.prefix}
print("STARTED " + json.dumps(seen), flush=True)
raise SystemExit(int(words[words.index("--exit") + 1]) if "--exit" in words else 0)
"""


class Newcomer:
    """A fresh copy of the project's set-up, with its own home, offline."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.first_words = ""
        shutil.copytree(ROOT / "packaging", root / "packaging", ignore=shutil.ignore_patterns("__pycache__"))
        (root / "packaging" / "constraints.txt").write_text("", "utf-8")
        self.depend_on("")
        (root / "backend.py").write_text(BACKEND, "utf-8")
        for name in ("dispatcher_app", "pytest", "tests/bench"):
            (root / name).mkdir(parents=True)
            (root / name / "__main__.py").write_text(ECHO, "utf-8")
        (root / "home").mkdir()

    def depend_on(self, dependencies: str) -> None:
        (self.root / "pyproject.toml").write_text(PROJECT.format(dependencies=dependencies), "utf-8")

    def starts(self, *words: str, env: dict[str, str] | None = None) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, str(self.root / "packaging" / "bootstrap.py"), "--no-system", *words],
            cwd=self.root / "home",
            env=self.surroundings(env or {}),
            capture_output=True,
            text=True,
            check=False,
        )

    def surroundings(self, more: dict[str, str]) -> dict[str, str]:
        dropped = ("PIP_", "PYTHON", "DISPLAY", "WAYLAND", "QT", "XDG_", "PYTEST")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
        offline = {"PIP_INDEX_URL": NOWHERE, "PIP_CONFIG_FILE": os.devnull, "HOME": str(self.root / "home")}
        return kept | offline | more


def started(done: "subprocess.CompletedProcess[str]") -> dict[str, object]:
    line = next((line for line in done.stdout.splitlines() if line.startswith("STARTED ")), None)
    assert line is not None, done.stdout + done.stderr
    answer = json.loads(line.removeprefix("STARTED "))
    assert isinstance(answer, dict)
    return answer


@pytest.fixture(scope="module")
def newcomer(tmp_path_factory: pytest.TempPathFactory) -> Newcomer:
    """One project for the tests below; each leaves it ready."""
    fresh = Newcomer(tmp_path_factory.mktemp("fresh"))
    done = fresh.starts("setup")
    assert done.returncode == 0, done.stdout + done.stderr
    fresh.first_words = done.stdout
    return fresh


pytestmark = pytest.mark.xdist_group("bootstrap")


def test_first_start_says_each_step_with_its_seconds(newcomer: Newcomer) -> None:
    assert "Making .venv with Python" in newcomer.first_words
    assert newcomer.first_words.count(" s)\n") == 2
    assert started(newcomer.starts("run"))["prefix"] == str(newcomer.root / ".venv")


def test_second_start_sets_nothing_up(newcomer: Newcomer) -> None:
    stamp = newcomer.root / ".venv" / "dispatcher-stamp.json"
    before = stamp.stat().st_mtime_ns
    done = newcomer.starts("test")
    assert "Making" not in done.stdout
    assert "Installing" not in done.stdout
    assert stamp.stat().st_mtime_ns == before


def test_changed_pins_are_installed_into_the_same_environment(newcomer: Newcomer) -> None:
    with (newcomer.root / "packaging" / "constraints.txt").open("a") as constraints:
        constraints.write("something==1\n")
    done = newcomer.starts("run")
    assert "Installing the pinned Python packages" in done.stdout
    assert "Making .venv" not in done.stdout


def test_changed_settings_of_a_tool_install_nothing(newcomer: Newcomer) -> None:
    with (newcomer.root / "pyproject.toml").open("a") as project:
        project.write("[tool.ruff]\nline-length = 110\n")
    assert "Installing" not in newcomer.starts("run").stdout


def test_half_made_environment_is_made_anew(newcomer: Newcomer) -> None:
    venv = newcomer.root / ".venv"
    (venv / "dispatcher-unfinished").touch()
    (venv / "dispatcher-stamp.json").unlink()
    (venv / "left-over").touch()
    done = newcomer.starts("setup")
    assert "Removing a half-made .venv" in done.stdout
    assert not (venv / "left-over").exists()
    assert done.returncode == 0


def test_environment_whose_python_is_gone_is_made_anew(newcomer: Newcomer) -> None:
    config = newcomer.root / ".venv" / "pyvenv.cfg"
    config.write_text(config.read_text("utf-8").replace("home = ", "home = /no/such/folder"), "utf-8")
    done = newcomer.starts("setup")
    assert "Making .venv with Python" in done.stdout
    assert done.returncode == 0


def test_no_network_is_one_clear_sentence_and_later_it_continues(newcomer: Newcomer) -> None:
    newcomer.depend_on('"nowhere-to-be-found"')
    done = newcomer.starts("run")
    assert done.returncode == 1
    assert done.stderr.strip().startswith("No network: the Python packages cannot be downloaded.")
    assert "Traceback" not in done.stderr
    newcomer.depend_on("")
    assert newcomer.starts("run").returncode == 0


def test_project_folder_that_cannot_be_written_is_one_clear_sentence(tmp_path: Path) -> None:
    fresh = Newcomer(tmp_path / "fresh")
    # A folder in the place of the lock refuses writing to everybody, root included.
    (fresh.root / ".venv.lock").mkdir()
    done = fresh.starts("run")
    assert done.returncode == 1
    assert "Cannot write into the project folder" in done.stderr
    assert "Traceback" not in done.stderr


def test_words_and_exit_code_pass_through(newcomer: Newcomer) -> None:
    done = newcomer.starts("test", "--deep", "--exit", "5")
    assert done.returncode == 5
    assert started(done)["words"] == ["-n", "2", "--dist", "loadgroup", "--deep", "--exit", "5"]
    assert "Tests FAILED (exit code 5) in" in done.stdout.splitlines()[-1]


def test_tests_run_in_the_project_folder_without_a_screen(newcomer: Newcomer) -> None:
    seen = started(newcomer.starts("test"))
    assert seen["folder"] == str(newcomer.root)
    assert seen["QT_QPA_PLATFORM"] == "offscreen"


def test_with_a_display_the_desktop_itself_starts_where_the_caller_is(newcomer: Newcomer) -> None:
    seen = started(newcomer.starts("run", "--lang", "en", env={"DISPLAY": ":77"}))
    assert seen["words"] == ["--lang", "en"]
    assert seen["folder"] == str(newcomer.root / "home")
    assert seen["QTWEBENGINE_CHROMIUM_FLAGS"] is None
    assert seen["DISPLAY"] == ":77"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux can be without a display")
def test_without_a_display_the_demo_plays_on_a_virtual_screen(newcomer: Newcomer) -> None:
    if shutil.which("Xvfb") is None:
        pytest.skip("Xvfb is not installed")
    done = newcomer.starts("run", "--exit", "3")
    seen = started(done)
    assert done.returncode == 3
    assert seen["words"] == ["demo", "--out", str(newcomer.root / "out"), "--exit", "3"]
    assert str(seen["DISPLAY"]).startswith(":")
    # The screen was ours and has gone with the demo.
    assert not Path("/tmp/.X11-unix", f"X{str(seen['DISPLAY'])[1:]}").exists()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux can be without a display")
def test_without_a_screen_program_it_says_so_and_draws_in_memory(newcomer: Newcomer, tmp_path: Path) -> None:
    done = newcomer.starts("run", env={"PATH": str(tmp_path)})
    seen = started(done)
    assert "No display and no Xvfb" in done.stdout
    assert seen["QT_QPA_PLATFORM"] == "offscreen"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="checked on Linux only")
def test_missing_programs_are_named_in_one_line_and_tests_run(newcomer: Newcomer, tmp_path: Path) -> None:
    done = newcomer.starts("test", env={"PATH": str(tmp_path)})
    lines = [line for line in done.stdout.splitlines() if line.startswith("Missing on this system")]
    assert len(lines) == 1
    assert "Xvfb" in lines[0]
    assert "dbus-run-session" in lines[0]
    assert done.returncode == 0


def test_benchmark_results_land_where_the_caller_said(newcomer: Newcomer) -> None:
    seen = started(newcomer.starts("bench", "scroll", "--json", "result.json", env={"DISPLAY": ":77"}))
    assert seen["words"] == ["scroll", "--json", str(newcomer.root / "home" / "result.json")]
    assert seen["folder"] == str(newcomer.root)


def test_planning_tools_run_where_the_caller_is_and_draw_nothing(newcomer: Newcomer) -> None:
    words = ("fieldday", "day.npz", "--seconds", "5", "--plan", "plan.json")
    seen = started(newcomer.starts("bench", *words))
    assert seen["words"] == list(words)
    assert seen["folder"] == str(newcomer.root / "home")
    assert seen["DISPLAY"] is None


def test_reference_solvers_are_installed_for_benchmarks_only(tmp_path: Path) -> None:
    fresh = Newcomer(tmp_path / "fresh")

    def extras() -> list[str]:
        stamp: dict[str, list[str]] = json.loads((fresh.root / ".venv" / "dispatcher-stamp.json").read_text())
        return stamp["extras"]

    fresh.starts("run")
    assert "bench" not in extras()
    fresh.starts("test")
    assert "bench" not in extras()
    fresh.starts("bench", "fieldday")
    assert "bench" in extras()


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_an_interrupt_for_a_planning_tool_is_handed_on(newcomer: Newcomer) -> None:
    tool = newcomer.root / "tests" / "bench" / "__main__.py"
    original = tool.read_text("utf-8")
    tool.write_text(
        "import signal\nsignal.signal(signal.SIGINT, lambda *it: exit(7))\nprint('READY', flush=True)\n"
        "signal.pause()\n",
        "utf-8",
    )
    command = [
        sys.executable,
        str(newcomer.root / "packaging" / "bootstrap.py"),
        "--no-system",
        "bench",
        "live",
    ]
    env = newcomer.surroundings({})
    with subprocess.Popen(command, cwd=newcomer.root, env=env, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert "READY\n" in process.stdout
        process.send_signal(signal.SIGINT)
        assert process.wait() == 7
    tool.write_text(original, "utf-8")


def test_unknown_command_shows_how_it_is_used(newcomer: Newcomer) -> None:
    done = newcomer.starts("fly")
    assert done.returncode == 2
    assert "bootstrap.py run" in done.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_polite_end_reaches_what_was_started(newcomer: Newcomer) -> None:
    waiting = newcomer.root / "dispatcher_app" / "__main__.py"
    original = waiting.read_text("utf-8")
    waiting.write_text("import signal\nprint('READY', flush=True)\nsignal.pause()\n", "utf-8")
    command = [sys.executable, str(newcomer.root / "packaging" / "bootstrap.py"), "--no-system", "run"]
    env = newcomer.surroundings({"DISPLAY": ":77"})
    with subprocess.Popen(command, cwd=newcomer.root, env=env, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert "READY\n" in process.stdout
        process.send_signal(signal.SIGTERM)
        assert process.wait() == 128 + signal.SIGTERM
    waiting.write_text(original, "utf-8")


def test_old_python_is_one_clear_sentence() -> None:
    pretend = "import runpy, sys; sys.version_info = (3, 9, 18); runpy.run_path(sys.argv[1])"
    command = [sys.executable, "-c", pretend, str(ROOT / "packaging" / "bootstrap.py")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stderr == "This program needs Python 3.11 or newer; this is 3.9.\n"
    assert done.returncode == 1


def test_the_first_file_can_be_read_by_an_old_python() -> None:
    ast.parse((ROOT / "packaging" / "bootstrap.py").read_text("utf-8"), feature_version=(3, 6))


def test_python_without_its_venv_part_is_one_clear_sentence(tmp_path: Path) -> None:
    fresh = Newcomer(tmp_path / "fresh")
    (tmp_path / "sitecustomize.py").write_text("import sys\nsys.modules['ensurepip'] = None\n", "utf-8")
    done = fresh.starts("run", env={"PYTHONPATH": str(tmp_path)})
    assert done.returncode == 1
    assert "cannot make environments" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (fresh.root / ".venv").exists()


def test_two_set_ups_at_once_take_turns(tmp_path: Path) -> None:
    fresh = Newcomer(tmp_path / "fresh")
    command = [sys.executable, str(fresh.root / "packaging" / "bootstrap.py"), "--no-system", "setup"]
    env = fresh.surroundings({})
    both = [subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = [process.communicate()[0] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert sum("Making .venv" in text for text in said) == 1
