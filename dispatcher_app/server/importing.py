"""`dispatcher admin import orders`: a table of orders taken over in one transaction, or not at all."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from time import monotonic
from typing import Any

from dispatcher_app import clock
from dispatcher_app.domain.act import SYSTEM, Act, Rejected
from dispatcher_app.domain.catalogue import Item
from dispatcher_app.domain.command import SaveRegion
from dispatcher_app.domain.entity import PLATFORM
from dispatcher_app.domain.region import District, Policy, Region
from dispatcher_app.intake import sentence
from dispatcher_app.intake.columns import ColumnMapping, guess
from dispatcher_app.intake.normal import BadRow, Reason
from dispatcher_app.intake.nyc311 import BUILT_IN
from dispatcher_app.intake.order import Plan, Planned, Setting, order_id, plan, read_rows, refusal
from dispatcher_app.intake.profile import Profile, ProfileError, choose, fit, from_guess, load, load_all
from dispatcher_app.intake.row import TableError
from dispatcher_app.intake.table import Table, read_table
from dispatcher_app.server.caller import with_known_callers
from dispatcher_app.server.executor import Executor
from dispatcher_app.server.store import known, record
from dispatcher_app.server.store.database import Cursor, Database
from dispatcher_app.server.vault import Vault
from dispatcher_app.text import t

THERE = frozenset({"exists", "act_id_reused"})
"""How the gate says that an order has been taken over before, perhaps by somebody else."""


class Unready(Exception):
    """The import cannot begin; the text says what to do first."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the planned orders, by line."""

    imported: tuple[int, ...]
    there: tuple[int, ...]
    refused: tuple[BadRow, ...]


def run_import(asked: argparse.Namespace, database: Database, vault: Vault) -> int:
    """Read, plan, save, report; the exit code is 0 unless the file as a whole was of no use."""
    began = monotonic()
    try:
        with database.reading() as cursor:
            setting = setting_of(cursor, asked.region)
        if asked.report is not None and not asked.report.parent.is_dir():
            raise Unready(t("There is no folder {name} for the report.", name=asked.report.parent))
        table = read_table(asked.file)
        profile, mapping = profile_of(asked.profile, asked.data / "profiles", table, setting.region.timezone)
        progress = Progress()
        readings = read_rows(table.rows, profile, progress.rows)
        with database.reading() as cursor:
            ids = [order_id(setting.region.id, row.key) for row in readings.rows]
            here = known.orders_here(cursor, ids)
        planned = plan(readings, setting, profile, here, progress.orders)
    except TableError as error:
        return refuse(f"{asked.file.name}: {sentence.of_table(error)}")
    except (Unready, ProfileError) as error:
        return refuse(str(error))
    outcome = Outcome((), (), ()) if asked.dry_run else saved(database, vault, setting, planned)
    found = report(asked, table, profile, mapping, setting, planned, outcome)
    found["seconds"] = round(monotonic() - began, 2)
    if asked.report is not None:
        asked.report.write_text(json.dumps(found, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    tell(found)
    good = found["imported"] + found["there"] + found["would_import"]
    return 1 if found["refused"] and not good else 0


def setting_of(cursor: Cursor, wanted: str | None) -> Setting:
    """The region and catalogue to import into; raises Unready saying what must be made first."""
    regions = [each for each in record.load_all(cursor, "region", PLATFORM) if isinstance(each, Region)]
    if not regions:
        raise Unready(
            t(
                "There is no region yet. Make one first: dispatcher admin create-region ID NAME --centre LON,LAT"
            )
        )
    found = [each for each in regions if wanted in (None, each.id)]
    names = ", ".join(sorted(each.id for each in regions))
    if not found:
        raise Unready(t("There is no region {id}; there are: {names}", id=wanted, names=names))
    if len(found) > 1:
        raise Unready(t("Say into which region with --region: {names}", names=names))
    items = tuple(each for each in record.load_all(cursor, "item", PLATFORM) if isinstance(each, Item))
    if not items:
        raise Unready(t("The catalogue is empty. Load the first one: dispatcher admin load-catalogue"))
    policy = record.load(cursor, "policy", "policy")
    figures = policy if isinstance(policy, Policy) else Policy()
    prices = {
        (each.kind, each.id): each
        for kind in ("series", "price_book", "holiday_year")
        for each in record.load_all(cursor, kind, PLATFORM)
    }
    return Setting(found[0], items, figures, SYSTEM, clock.now_ms(), prices)


def profile_of(
    name: str | None, folder: Path, table: Table, timezone: str
) -> tuple[Profile, ColumnMapping | None]:
    """The profile asked for, else the one made for such tables, else a guess; raises Unready or ProfileError."""
    if name is not None:
        profile = fit(named(name, folder), table.columns)
        mapping = None
    elif (chosen := choose((*load_all(folder), *BUILT_IN), table.columns)) is not None:
        return chosen, None
    else:
        mapping = guess(table.columns, table.sample())
        profile = from_guess("import", table.columns, mapping, tz=timezone)
    if profile.lacks:
        words = " ".join(t(sentence.SENTENCES[code]) for code in profile.lacks)
        raise Unready(
            words + " " + t("The table has the columns {names}.", names=", ".join(table.columns)[:400])
        )
    return profile, mapping


def named(name: str, folder: Path) -> Profile:
    """The built-in or saved profile of that name, or the one in a file; raises Unready or ProfileError."""
    for each in BUILT_IN:
        if each.name == name:
            return each
    try:
        file = Path(name)
        return load(file.stem, file.parent) if file.suffix == ".json" else load(name, folder)
    except FileNotFoundError as error:
        names = [each.name for each in (*BUILT_IN, *load_all(folder))]
        known_ones = ", ".join(dict.fromkeys(names))
        raise Unready(
            t("There is no profile {name}; there are: {names}", name=name, names=known_ones)
        ) from error


def saved(database: Database, vault: Vault, setting: Setting, planned: Plan) -> Outcome:
    """Save all planned orders and new districts in one transaction; on any failure nothing of it is saved."""
    if not planned.orders:
        return Outcome((), (), ())
    say(t("Saving {count} orders…", count=len(planned.orders)))
    orders = planned.orders
    with database.reading() as cursor:
        taking_over = with_known_callers(cursor, vault, [act_of(setting, each) for each in orders])
    acts = [*new_districts(setting, planned.districts), *taking_over]
    executor = Executor(database, vault, lambda messages: None)
    try:
        answers = executor.submit_all(acts).result()[-len(orders) :]
    finally:
        executor.close()
    imported: list[int] = []
    there: list[int] = []
    refused: list[BadRow] = []
    for order, answer in zip(orders, answers, strict=True):
        if not isinstance(answer, Rejected):
            (there if answer.repeated else imported).append(order.line)
        elif answer.code in THERE:
            there.append(order.line)
        else:
            refused.append(BadRow(order.line, (refusal(answer),)))
    return Outcome(tuple(imported), tuple(there), tuple(refused))


def new_districts(setting: Setting, made: Sequence[District]) -> list[Act]:
    """The act that gives a region its new districts; none where there are none."""
    if not made:
        return []
    region = setting.region
    after = replace(region, districts=(*region.districts, *made))
    return [Act(id=clock.new_id(), actor=setting.actor, at=setting.now, command=SaveRegion(saved=after),
                region=PLATFORM)]  # fmt: skip


def act_of(setting: Setting, order: Planned) -> Act:
    """The act that takes an order over."""
    return Act(
        id=order.act, actor=setting.actor, at=setting.now, command=order.command, region=setting.region.id
    )


def report(
    asked: argparse.Namespace,
    table: Table,
    profile: Profile,
    mapping: ColumnMapping | None,
    setting: Setting,
    planned: Plan,
    outcome: Outcome,
) -> dict[str, Any]:
    """All that is to be said about an import, as JSON holds it."""
    refused = sorted((*planned.refused, *outcome.refused), key=lambda each: each.line)
    return {
        "file": asked.file.name,
        "encoding": table.encoding,
        "region": setting.region.id,
        "profile": profile.name,
        "columns": {field: columns[0] for field, columns in profile.columns.items()},
        "guesses": [asdict(each) for each in mapping.guesses] if mapping is not None else [],
        "dry_run": asked.dry_run,
        "read": planned.read,
        "imported": len(outcome.imported),
        "would_import": len(planned.orders) if asked.dry_run else 0,
        "there": len(planned.there) + len(outcome.there),
        "filtered": planned.filtered,
        "filter": {field: list(values) for field, values in profile.only.items()},
        "refused": len(refused),
        "reasons": [reason_of(row, each) for row in refused for each in row.reasons],
        "new_districts": [each.name for each in planned.districts],
        "item_to_be_confirmed": planned.unrecognised,
        "place_approximate": planned.approximate,
        "place_far_away": planned.far,
    }


def reason_of(row: BadRow, reason: Reason) -> dict[str, Any]:
    """One reason with its line, field, code and sentence."""
    return {
        "line": row.line,
        "field": reason.field,
        "code": reason.code,
        "value": reason.value,
        "sentence": sentence.of_reason(reason),
    }


def tell(found: dict[str, Any]) -> None:
    """The report as a person reads it."""
    region = found["region"]
    lines = [t("{file} ({encoding}), profile {profile}, region {region}", **found)]
    lines.append(t("Rows read: {count}", count=found["read"]))
    if found["dry_run"]:
        lines.append(
            t("Would be imported: {count} (dry run, nothing was saved)", count=found["would_import"])
        )
    else:
        lines.append(t("Imported: {count}", count=found["imported"]))
    lines.append(t("Already there: {count}", count=found["there"]))
    only = "; ".join(f"{field} = {', '.join(values)}" for field, values in found["filter"].items())
    lines.append(
        t("Left out by the filter: {count}", count=found["filtered"]) + (f" ({only})" if only else "")
    )
    lines.append(t("Refused: {count}", count=found["refused"]))
    lines += [
        "  " + t("line {line}", line=each["line"]) + f" [{each['field'] or '-'}] {each['sentence']}"
        for each in found["reasons"][:20]
    ]
    if len(found["reasons"]) > 20:
        lines.append(
            "  " + t("and {count} more (all of them with --report FILE)", count=len(found["reasons"]) - 20)
        )
    if found["new_districts"]:
        lines.append(t("New districts: {names}", names=", ".join(found["new_districts"])))
    if found["item_to_be_confirmed"]:
        lines.append(t("Item to be confirmed: {count}", count=found["item_to_be_confirmed"]))
    if found["place_approximate"]:
        lines.append(t("Put on the district's centre: {count}", count=found["place_approximate"]))
    if found["place_far_away"]:
        lines.append(t("Far away from {region}: {count}", region=region, count=found["place_far_away"]))
    lines.append(t("Took {seconds} s.", seconds=found["seconds"]))
    sys.stdout.write("\n".join(lines) + "\n")


@dataclass(slots=True)
class Progress:
    """Says how far it is about once a second, on the error stream so that the report stays clean."""

    said: float = 0.0

    def rows(self, count: int) -> None:
        """So many rows are read."""
        self._say("{count} rows read…", count)

    def orders(self, count: int) -> None:
        """So many orders are checked."""
        self._say("{count} orders checked…", count)

    def _say(self, words: str, count: int) -> None:
        if (now := monotonic()) - self.said >= 1:
            self.said = now
            say(t(words, count=count))


def say(words: str) -> None:
    """One line of progress."""
    sys.stderr.write(words + "\n")
    sys.stderr.flush()


def refuse(words: str) -> int:
    """Say why not."""
    sys.stderr.write(words + "\n")
    return 1
