"""`dispatcher city`: makes road maps of the operator's own .osm.pbf files, that travel times are reckoned on."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from dispatcher_app import clock
from dispatcher_app.domain.act import Broken
from dispatcher_app.planning.road import city
from dispatcher_app.planning.road.graph import Figures, made
from dispatcher_app.planning.road.read import Unreadable, read_ways
from dispatcher_app.planning.road.shortest import order_of
from dispatcher_app.server.travels import CITIES
from dispatcher_app.text import sentence, t

STEPS = ("count", "read", "graph", "order", "save")


def parser() -> argparse.ArgumentParser:
    """The tools and what they take."""
    top = argparse.ArgumentParser(prog="dispatcher city")
    where = argparse.ArgumentParser(add_help=False)
    where.add_argument("--data", type=Path, default=Path("dispatcher-data"), help="the server's data folder")
    tools = top.add_subparsers(dest="tool", required=True)
    imports = tools.add_parser("import", parents=[where], help="read the roads of an .osm.pbf")
    imports.add_argument("file", type=Path)
    imports.add_argument("--name", help="what the city is called (the file's name if left out)")
    tools.add_parser("list", parents=[where], help="the cities there are")
    remove = tools.add_parser("remove", parents=[where], help="forget a city")
    remove.add_argument("name")
    return top


def main(argv: list[str]) -> int:
    """Run one tool; returns the exit code."""
    asked = parser().parse_args(argv)
    tool: Callable[[argparse.Namespace], int] = TOOLS[asked.tool]
    try:
        return tool(asked)
    except (Unreadable, city.BrokenCity) as error:
        return refuse(error.reason)
    except MemoryError:
        return refuse(Broken("city_memory"))
    except OSError as error:
        return refuse(Broken("city_disk", {"detail": error.strerror or str(error)}))


def refuse(reason: Broken) -> int:
    """Say why not."""
    sys.stderr.write(sentence(reason.code, reason.params) + "\n")
    return 1


def say(words: str) -> None:
    """Tell the keeper."""
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


class Progress:
    """Tells how far an import is: on a terminal in one line that changes, elsewhere a line at each quarter of a step."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._words = {
            "count": t("Counting roads"),
            "read": t("Reading roads"),
            "graph": t("Joining roads"),
            "order": t("Preparing for quick answers"),
            "save": t("Saving"),
        }
        self._told: tuple[str, int] | None = None

    def __call__(self, step: str, percent: int) -> None:
        live = self._out.isatty()
        now = (step, percent if live else percent // 25)
        if now == self._told:
            return
        self._told = now
        number = STEPS.index(step) + 1
        line = f"[{number}/{len(STEPS)}] {self._words[step]} {percent} %"
        self._out.write(f"\r\x1b[K{line}" if live else f"{line}\n")
        if live and step == STEPS[-1] and percent == 100:
            self._out.write("\n")
        self._out.flush()


def name_of(file: Path) -> str:
    """What a file's city is called where nobody says it: `guangzhou-latest.osm.pbf` is guangzhou."""
    stem = file.name.lower().removesuffix(".pbf").removesuffix(".osm").removesuffix("-latest")
    return "".join(
        char if char.isascii() and (char.isalnum() or char in "-_") else "-" for char in stem
    ).strip("-_")


def import_city(asked: argparse.Namespace) -> int:
    """Read a file's roads, keep them whole or not at all, and say what they are."""
    name = asked.name or name_of(asked.file)
    if not city.name_fits(name):
        return refuse(Broken("city_name", {"name": name}))
    begun = time.perf_counter()
    progress = Progress(sys.stdout)
    ways = read_ways(asked.file, progress)
    progress("graph", 0)
    graph, figures = made(ways)
    progress("graph", 100)
    progress("order", 0)
    order = order_of(graph)
    progress("order", 100)
    progress("save", 0)
    city.save(asked.data / CITIES, name, graph, order, figures, asked.file.name, clock.now_ms())
    progress("save", 100)
    report(name, figures, time.perf_counter() - begun)
    return 0


def report(name: str, figures: Figures, seconds: float) -> None:
    """The figures of an import, and what of the file is not in it."""
    say(t("City {name} is ready: {km} km of roads, {nodes} crossings, {arcs} directed roads, {seconds} s.",
          name=name, km=figures.km, nodes=figures.nodes, arcs=figures.arcs, seconds=f"{seconds:.1f}"))  # fmt: skip
    say(t("Forbidden turns heeded: {turns}.", turns=figures.turns))
    if figures.unheeded:
        say(t("Forbidden turns left out, because they hold at certain hours only or are incomplete: {count}.",
              count=figures.unheeded))  # fmt: skip
    if figures.islands:
        say(t("Parts that no road connects with the rest: {count}; small ones ({km} km) are left out.",
              count=figures.islands, km=figures.lost_km))  # fmt: skip
    if figures.torn:
        say(t("Roads that lead out of the file are cut off at its edge: {count} points.", count=figures.torn))
    say(t("A running server takes it up within a minute."))


def list_cities(asked: argparse.Namespace) -> int:
    """One line a city; a broken one is named with its reason."""
    found = city.names(asked.data / CITIES)
    if not found:
        say(t("There are no cities yet: dispatcher city import FILE.osm.pbf"))
    failed = 0
    for name in found:
        try:
            page = city.page_of(asked.data / CITIES, name)
            city.load(asked.data / CITIES, page)
        except city.BrokenCity as error:
            failed = refuse(error.reason)
            continue
        say(t("{name}: {km} km of roads from {file}", name=name, km=page.figures.km, file=page.file))
    return failed


def remove_city(asked: argparse.Namespace) -> int:
    """Forget a city; from then on others answer."""
    if not city.name_fits(asked.name) or not city.remove(asked.data / CITIES, asked.name):
        return refuse(Broken("city_unknown", {"name": asked.name}))
    say(t("City {name} is removed.", name=asked.name))
    return 0


TOOLS: dict[str, Callable[[argparse.Namespace], int]] = {
    "import": import_city,
    "list": list_cities,
    "remove": remove_city,
}
