"""`dispatcher admin import orders` and `load-catalogue`, each run as the program it is."""

from __future__ import annotations

import csv
import json
import os
import shutil
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from dispatcher_app.catalogue_file import first_catalogue
from dispatcher_app.domain.customer import Customer
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.region import Region
from dispatcher_app.server.store import record
from tests.server.city import Place
from tests.server.process import ROOT, administer, environment

REAL = Path(os.environ.get("DISPATCHER_DATA", ROOT.parent / "shared" / "data")) / "requests"
BOROUGHS = {"Bronx", "Brooklyn", "Manhattan", "Queens", "Staten Island"}

# file: imported, left out by the filter (other departments than HPD), refused (line, field, code)
FILES: dict[str, tuple[int, int, list[tuple[int, str, str]]]] = {
    "nyc311_2018_sample.csv": (158, 841, [(672, "address", "no_place")]),
    "nyc311_2023-12_sample.csv": (270, 730, []),
    "nyc311_fhrw-4uyv_1000.json": (457, 543, []),
}


@pytest.fixture
def empty(tmp_path: Path) -> Place:
    return Place(f"sqlite:///{tmp_path / 'dispatcher.db'}", tmp_path)


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a region and the first catalogue, made once."""
    data = tmp_path_factory.mktemp("founded")
    place = Place(f"sqlite:///{data / 'dispatcher.db'}", data)
    words = ("nyc", "纽约", "--timezone", "America/New_York", "--currency", "USD", "--centre=-73.95,40.72")
    assert administer(place, "create-region", *words).returncode == 0
    assert administer(place, "load-catalogue").returncode == 0
    return data


@pytest.fixture
def nyc(founded: Path, empty: Place) -> Place:
    """A copy of it for one test."""
    shutil.copytree(founded, empty.data, dirs_exist_ok=True)
    return empty


def imported(place: Place, file: Path, *words: str) -> dict[str, Any]:
    """The report of an import that must have gone well."""
    report = place.data / "report.json"
    done = administer(place, "import", "orders", str(file), "--report", str(report), *words)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
    return found


def stored(place: Place, kind: str) -> list[Any]:
    database, _ = place.open()
    with closing(database), database.reading() as cursor:
        return record.load_all(cursor, kind, "nyc" if kind in ("order", "customer") else "platform")


def table(folder: Path, *rows: dict[str, str], name: str = "orders.csv") -> Path:
    file = folder / name
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return file


def row(number: int, **cells: str) -> dict[str, str]:
    return {"单号": f"A{number}", "下单时间": "2026-09-01 10:00", "客户": "王芳", "电话": f"138001380{number % 100:02}",
            "故障": "空调不制冷", "地址": "天平路1号", "区": "徐汇区"} | cells  # fmt: skip


@pytest.fixture(params=FILES)
def real(request: pytest.FixtureRequest) -> Path:
    file = REAL / str(request.param)
    if not file.is_file():
        pytest.skip(f"the real requests are not here: {file.name} (set DISPATCHER_DATA)")
    return file


@pytest.mark.real_data
def test_real_requests_are_imported_once_and_every_row_is_accounted_for(nyc: Place, real: Path) -> None:
    good, filtered, refused = FILES[real.name]
    dry = imported(nyc, real, "--dry-run")
    assert (dry["would_import"], dry["imported"]) == (good, 0)
    assert stored(nyc, "order") == []
    assert stored(nyc, "region")[0].districts == ()
    found = imported(nyc, real)
    assert found["read"] == 1000
    assert (found["imported"], found["there"], found["filtered"], found["refused"]) == (
        good,
        0,
        filtered,
        len(refused),
    )
    assert [(each["line"], each["field"], each["code"]) for each in found["reasons"]] == refused
    assert set(found["new_districts"]) == BOROUGHS
    again = imported(nyc, real)
    assert (again["imported"], again["there"], again["new_districts"]) == (0, good, [])
    orders: list[Order] = stored(nyc, "order")
    assert len(orders) == good
    assert {order.district for order in orders} <= BOROUGHS
    assert {order.status for order in orders} <= {"pending", "completed"}
    assert all((order.closed_at is not None) == (order.status == "completed") for order in orders)
    items = {item.id for item in first_catalogue().items}
    assert {line.item for order in orders for line in order.lines} <= items
    assert all(-74.3 < order.point.lon < -73.6 and 40.4 < order.point.lat < 41 for order in orders)
    region: Region = stored(nyc, "region")[0]
    assert {each.id for each in region.districts} == BOROUGHS
    assert administer(nyc, "verify").returncode == 0


@pytest.mark.real_data
def test_all_real_files_together_make_as_many_orders_as_each_alone(nyc: Place) -> None:
    files = [REAL / name for name in FILES if (REAL / name).is_file()]
    if len(files) < len(FILES):
        pytest.skip("the real requests are not here (set DISPATCHER_DATA)")
    counts = [imported(nyc, file)["imported"] for file in files]
    assert counts == [good for good, _, _ in FILES.values()]
    assert len(stored(nyc, "order")) == 885
    assert administer(nyc, "verify").returncode == 0


def test_a_dry_run_saves_nothing_at_all(nyc: Place, tmp_path: Path) -> None:
    before = stored(nyc, "region")
    found = imported(nyc, table(tmp_path, row(1), row(2)), "--dry-run")
    assert (found["would_import"], found["new_districts"]) == (2, ["徐汇区"])
    assert stored(nyc, "region") == before
    assert stored(nyc, "order") == [] == stored(nyc, "customer")


def test_one_number_is_one_customer_in_all_files(nyc: Place, tmp_path: Path) -> None:
    imported(nyc, table(tmp_path, row(1, 电话="13800138000"), row(2, 电话="138-0013-8000")))
    found = imported(nyc, table(tmp_path, row(3, 电话="+86 13800138000"), row(1, 电话="13800138000")))
    assert (found["imported"], found["there"]) == (1, 1)
    customers: list[Customer] = stored(nyc, "customer")
    assert len(customers) == 1
    assert len(customers[0].addresses) == 3


def test_an_import_that_is_killed_leaves_all_of_it_or_nothing(nyc: Place, tmp_path: Path) -> None:
    count = 2500
    file = table(tmp_path, *(row(number, 电话="") for number in range(count)))
    words = ("import", "orders", str(file), "--data", str(nyc.data), "--db", nyc.url)
    process = subprocess.Popen(
        [sys.executable, "-m", "dispatcher_app", "admin", *words],
        cwd=ROOT, env=environment(), text=True, encoding="utf-8", stderr=subprocess.PIPE, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    assert process.stderr is not None
    with process.stderr as said:
        assert any("2500" in line and "保存" in line for line in said)
        process.send_signal(signal.SIGKILL)
    assert process.wait(30) == -signal.SIGKILL
    # Nothing, unless the machine was so slow to kill that the commit was over.
    kept = len(stored(nyc, "order"))
    assert kept in (0, count)
    assert len(stored(nyc, "region")[0].districts) == (1 if kept else 0)
    assert administer(nyc, "verify").returncode == 0
    again = imported(nyc, file)
    assert (again["imported"], again["there"]) == (count - kept, kept)


def test_without_a_region_it_says_what_to_do_first(empty: Place, tmp_path: Path) -> None:
    done = administer(empty, "import", "orders", str(table(tmp_path, row(1))))
    assert done.returncode == 1
    assert "create-region" in done.stderr


def test_without_a_catalogue_it_says_what_to_do_first(empty: Place, tmp_path: Path) -> None:
    assert administer(empty, "create-region", "sh", "上海", "--centre", "121.47,31.23").returncode == 0
    done = administer(empty, "import", "orders", str(table(tmp_path, row(1))))
    assert done.returncode == 1
    assert "load-catalogue" in done.stderr


def test_of_several_regions_one_has_to_be_named(nyc: Place, tmp_path: Path) -> None:
    assert administer(nyc, "create-region", "sh", "上海", "--centre", "121.47,31.23").returncode == 0
    file = table(tmp_path, row(1))
    done = administer(nyc, "import", "orders", str(file))
    assert done.returncode == 1
    assert "nyc, sh" in done.stderr
    assert administer(nyc, "import", "orders", str(file), "--region", "mars").returncode == 1
    # Its prices are in another currency than those there are: they have to be loaded first.
    assert administer(nyc, "import", "orders", str(file), "--region", "sh").returncode == 1
    assert administer(nyc, "load-catalogue").returncode == 0
    assert imported(nyc, file, "--region", "sh")["imported"] == 1


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.pdf", b"%PDF-1.7", "a.pdf: 只能导入"),
        ("a.csv", b"", "a.csv: 文件是空的"),
        ("a.xlsx", b"PK nonsense", "a.xlsx: 文件不是 Excel"),
        ("a.json", b'[{"a": 1}, 2]', "a.json: JSON 第"),
        ("a.csv", "甲,乙\n1,2\n".encode(), "没有一列说明修什么"),
    ],
)
def test_a_file_of_no_use_is_refused_with_a_sentence(
    nyc: Place, tmp_path: Path, name: str, content: bytes, words: str
) -> None:
    (tmp_path / name).write_bytes(content)
    done = administer(nyc, "import", "orders", str(tmp_path / name))
    assert (done.returncode, done.stdout) == (1, "")
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_that_is_not_there_and_a_profile_that_is_not_there(nyc: Place, tmp_path: Path) -> None:
    assert "文件打不开" in administer(nyc, "import", "orders", str(tmp_path / "no.csv")).stderr
    done = administer(nyc, "import", "orders", str(table(tmp_path, row(1))), "--profile", "老系统")
    assert done.returncode == 1
    assert "老系统" in done.stderr
    assert "nyc311" in done.stderr


def test_refused_rows_do_not_fail_an_import_unless_no_row_was_good(nyc: Place, tmp_path: Path) -> None:
    bad = row(2, 电话="138****8000")
    found = imported(nyc, table(tmp_path, row(1), bad))
    assert (found["imported"], found["refused"]) == (1, 1)
    assert found["reasons"][0] == {
        "line": 3, "field": "phone", "code": "masked_phone", "value": "138****8000",
        "sentence": "电话号码已脱敏：138****8000",
    }  # fmt: skip
    assert administer(nyc, "import", "orders", str(table(tmp_path, bad))).returncode == 1


def test_a_report_that_cannot_be_written_stops_it_before_anything_is_saved(
    nyc: Place, tmp_path: Path
) -> None:
    words = ("--report", str(tmp_path / "no" / "report.json"))
    assert administer(nyc, "import", "orders", str(table(tmp_path, row(1))), *words).returncode == 1
    assert stored(nyc, "order") == []


def test_the_catalogue_is_loaded_once_and_keeps_what_was_edited(nyc: Place, tmp_path: Path) -> None:
    first = stored(nyc, "item")
    assert len(first) == len(first_catalogue().items)
    assert "0" in administer(nyc, "load-catalogue").stdout
    assert stored(nyc, "item") == first
    dearer = json.dumps({
        "categories": [],
        "items": [{"id": "tap", "category": "home", "name": "水龙头", "name_en": "Tap", "skill": "plumbing",
                   "faults": [{"id": "drip", "name": "滴水", "name_en": "Drips", "minutes": 30}]}],
        "book": {"id": "own", "labour": [{"item": "tap", "fault": "drip", "price": 9900}]},
    })  # fmt: skip
    file = tmp_path / "own.json"
    file.write_text(dearer, encoding="utf-8")
    assert "--overwrite" in administer(nyc, "load-catalogue", str(file)).stdout
    assert stored(nyc, "item") == first
    assert administer(nyc, "load-catalogue", str(file), "--overwrite").returncode == 0
    tap = next(item for item in stored(nyc, "item") if item.id == "tap")
    before = next(item for item in first if item.id == "tap")
    assert (tap.version, tap.faults[0].minutes) == (before.version + 1, 30)
    assert tap.standard == before.standard
    books = sorted(stored(nyc, "price_book"), key=lambda book: book.number)
    assert [(book.state, book.currency) for book in books] == [("published", "USD")] * 2
    assert books[0].labour_by_fault["tap", "drip"].price != 9900
    assert books[1].labour_by_fault["tap", "drip"].price == 9900
    assert len(books[1].labour) < len(books[0].labour)


def test_a_file_that_is_no_catalogue_is_refused(nyc: Place, tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    file.write_text("[]", encoding="utf-8")
    done = administer(nyc, "load-catalogue", str(file))
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
