"""The tools that read the code, run with the tests so that nothing is checked only by habit."""

import ast
import re
import subprocess
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, distribution, packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = Path(sys.executable).parent
# In two halves, so that this file does not name what it forbids.
REGISTRIES = tuple(
    first + second
    for first, second in (
        ("pypi", ".org"),
        ("pythonhosted", ".org"),
        ("registry.npm", "js.org"),
        ("registry.yarn", "pkg.com"),
        ("pypi.tuna.", "tsinghua"),
        ("mirrors.", "aliyun"),
        ("--index", "-url"),
        ("--extra-index", "-url"),
        ("--find", "-links"),
    )
)


def checked(*command: str) -> None:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def project_files() -> list[Path]:
    """What git knows or would add; in an unpacked archive, everything but caches."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode == 0:
        return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]
    skipped = {".venv", ".git", "out"}
    return [
        path
        for path in ROOT.rglob("*")
        if path.is_file()
        and not any(p in skipped or p.endswith("cache") for p in path.relative_to(ROOT).parts)
    ]


def pins() -> dict[str, Requirement]:
    lines = (ROOT / "packaging" / "constraints.txt").read_text("utf-8").splitlines()
    wanted = [Requirement(line) for line in lines if line and not line.startswith("#")]
    return {canonicalize_name(pin.name): pin for pin in wanted}


def test_ruff_finds_nothing() -> None:
    checked(sys.executable, "-m", "ruff", "check", "--no-cache", "packaging", "dispatcher_app", "ui", "tests")


@pytest.mark.timeout(900)
def test_mypy_strict_finds_nothing() -> None:
    checked(sys.executable, "-m", "mypy")


def test_import_contracts_are_kept() -> None:
    checked(str(SCRIPTS / "lint-imports"), "--no-cache")


def test_every_screen_is_named_in_the_contract_of_screens() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    named = " ".join(next(contract["layers"] for contract in contracts if contract["id"] == "screens"))
    shared = {"action", "controls", "models"}
    folders = {path.parent.name for path in (ROOT / "ui").glob("*/__init__.py")} - shared
    assert sorted(folder for folder in folders if f"(ui.{folder})" not in named) == []


@pytest.mark.parametrize("folder", ["packaging", "tests", "tests/packaging", "tests/ui"])
def test_folder_that_would_hide_a_package_is_not_one_itself(folder: str) -> None:
    assert not (ROOT / folder / "__init__.py").exists()


def test_no_package_registry_is_named_anywhere() -> None:
    named = []
    for path in project_files():
        text = path.read_bytes().decode("utf-8", "ignore").lower()
        named += [f"{path.relative_to(ROOT)}: {host}" for host in REGISTRIES if host in text]
    assert named == []


def test_every_pin_is_exact() -> None:
    loose = [str(pin) for pin in pins().values() if not re.fullmatch(r"==[\w.]+", str(pin.specifier))]
    assert loose == []


def test_every_package_that_gets_installed_is_pinned_to_what_is_installed() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    extras = project["project"]["optional-dependencies"]
    waiting = [*project["project"]["dependencies"], *extras["postgres"], *extras["test"]]
    pinned = pins()
    seen: set[str] = set()
    wrong = []
    while waiting:
        wanted = Requirement(waiting.pop())
        key = f"{canonicalize_name(wanted.name)}{sorted(wanted.extras)}"
        if key in seen or not _applies(wanted):
            continue
        seen.add(key)
        pin = pinned.get(canonicalize_name(wanted.name))
        try:
            found = distribution(wanted.name)
        except PackageNotFoundError:
            wrong.append(f"{wanted.name} is not installed")
            continue
        if pin is None or str(pin.specifier) != f"=={found.version}":
            wrong.append(f"{wanted.name} {found.version} is installed, pinned is {pin}")
        for child in found.requires or []:
            requirement = Requirement(child)
            if _applies(requirement, wanted.extras):
                waiting.append(child.split(";")[0])
    assert wrong == []


def _applies(wanted: Requirement, extras: set[str] | None = None) -> bool:
    if wanted.marker is None:
        return True
    return any(wanted.marker.evaluate({"extra": extra}) for extra in (extras or {""}))


def imported_names(folder: str) -> set[str]:
    names: set[str] = set()
    for path in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.Import):
                names |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
                names.add(node.module.partition(".")[0])
    return names - sys.stdlib_module_names - {"dispatcher_app", "ui"}


def test_what_the_product_imports_and_what_it_declares_are_the_same() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["postgres"]]
    declared = {canonicalize_name(Requirement(text).name) for text in wanted}
    homes = packages_distributions()
    homes_used = {
        canonicalize_name(home)
        for name in imported_names("dispatcher_app") | imported_names("ui")
        for home in homes.get(name, [name])
    }
    # One wheel of Qt stands for its parts; branca comes with folium and is used through it.
    imported = {re.sub(r"^(pyside6|shiboken6).*", "pyside6", name) for name in homes_used} - {"branca"}
    assert sorted(imported - declared) == []
    # uvicorn finds the fast parser and loop itself; zoneinfo finds tzdata; the charts that pyqtgraph is for come later.
    assert sorted(declared - imported - {"httptools", "uvloop", "tzdata", "pyqtgraph"}) == []
