"""Reading tables: what was written is read back, and a table of no use is refused with a sentence."""

import csv
import io
import json
import zipfile
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from dispatcher_app.intake.row import Row, TableError
from dispatcher_app.intake.table import Table, read_table

_XML_SAFE = st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\ufffe\uffff\ufeff")
NAMES = st.text(st.characters(whitelist_categories=("Lu", "Ll", "Lo")), min_size=1, max_size=8)
CELLS = st.none() | st.text(_XML_SAFE, max_size=20).map(lambda text: text if text.strip() else None)
MANY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[str], list[list[str | None]]]:
    columns = draw(st.lists(NAMES, min_size=1, max_size=5, unique=True))
    filled = st.lists(CELLS, min_size=len(columns), max_size=len(columns)).filter(any)
    return columns, draw(st.lists(filled, min_size=1, max_size=6))


def contents(table: Table) -> list[list[str | None]]:
    return [[row.cells[column] for column in table.columns] for row in table.rows]


def written(tmp_path: Path, name: str, body: str | bytes) -> Path:
    path = tmp_path / name
    path.write_bytes(body.encode() if isinstance(body, str) else body)
    return path


def refusal(path: Path) -> str:
    with pytest.raises(TableError) as caught:
        list(read_table(path).rows)
    assert "{" not in str(caught.value)
    return caught.value.code


@MANY
@given(table=tables(), delimiter=st.sampled_from(",\t;|"), end=st.sampled_from(["\n", "\r\n"]))
def test_a_csv_reads_back_as_written(
    tmp_path: Path, table: tuple[list[str], list[list[str | None]]], delimiter: str, end: str
) -> None:
    columns, rows = table
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator=end)
    writer.writerows([columns, *rows])
    path = written(tmp_path, "table.csv", text.getvalue())
    # A single column has no delimiter to be recognised by: a comma is assumed, as its quoting tells.
    assume(len(columns) > 1 or delimiter == ",")
    read = read_table(path)
    assert read.columns == tuple(columns)
    assert contents(read) == rows


@MANY
@given(table=tables())
def test_a_workbook_reads_back_as_written(
    tmp_path: Path, table: tuple[list[str], list[list[str | None]]]
) -> None:
    columns, rows = table
    assume(not any(cell and cell.startswith("=") for row in rows for cell in row))
    book = openpyxl.Workbook()
    for row in [columns, *rows]:
        book.active.append(row)
    path = tmp_path / "table.xlsx"
    book.save(path)
    read = read_table(path)
    assert read.columns == tuple(columns)
    assert contents(read) == rows


@MANY
@given(table=tables(), form=st.sampled_from(["array", "lines", "wrapped"]))
def test_json_reads_back_as_written(
    tmp_path: Path, table: tuple[list[str], list[list[str | None]]], form: str
) -> None:
    columns, rows = table
    objects = [dict(zip(columns, row, strict=True)) for row in rows]
    body = {
        "array": json.dumps(objects),
        "lines": "\n".join(json.dumps(each) for each in objects),
        "wrapped": json.dumps({"total": len(objects), "orders": objects}, ensure_ascii=False),
    }[form]
    read = read_table(written(tmp_path, "table.json", body))
    assert read.columns == tuple(columns)
    assert contents(read) == rows


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.binary(max_size=200), suffix=st.sampled_from([".csv", ".tsv", ".json", ".xlsx"]))
def test_any_bytes_are_read_or_refused(tmp_path: Path, body: bytes, suffix: str) -> None:
    path = written(tmp_path, f"junk{suffix}", body)
    with suppress(TableError):
        assert all(isinstance(row, Row) for row in read_table(path).rows)


@pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_damaged_part_of_a_workbook_is_read_or_refused(tmp_path: Path, data: st.DataObject) -> None:
    book = openpyxl.Workbook()
    book.active.append(["工单号", "报修时间"])
    book.active.append([1, datetime(2026, 11, 22, 14)])  # noqa: DTZ001 a workbook's times have no zone
    whole = io.BytesIO()
    book.save(whole)
    with zipfile.ZipFile(whole) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    victim = data.draw(st.sampled_from(sorted(parts)))
    at = data.draw(st.integers(0, len(parts[victim]) - 1))
    junk = data.draw(st.sampled_from([b"", b"<", b'"', b">", b"9", b"x", b"-1", b"</"]))
    parts[victim] = parts[victim][:at] + junk + parts[victim][at + data.draw(st.integers(0, 12)) :]
    path = tmp_path / "damaged.xlsx"
    with zipfile.ZipFile(path, "w") as target:
        for name, part in parts.items():
            target.writestr(name, part)
    with suppress(TableError):
        list(read_table(path).rows)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
def test_the_encoding_is_recognised(tmp_path: Path, encoding: str) -> None:
    body = "order,address\n1,深南大道 1001 号\n2,福华路 7 号\n3,plain street\n"
    read = read_table(written(tmp_path, "table.csv", body.encode(encoding)))
    assert read.encoding == encoding
    assert contents(read)[0] == ["1", "深南大道 1001 号"]


@pytest.mark.parametrize(
    ("name", "body", "code"),
    [
        ("t.csv", b"", "empty_file"),
        ("t.csv", b"\n\n\n", "empty_file"),
        ("t.csv", b"a,b\n", "no_rows"),
        ("t.csv", b"1,2\n3,4\n", "no_header"),
        ("t.csv", b"a,b,a\n1,2,3\n", "duplicate_header"),
        ("t.csv", b"a,b\n1,\x002\n", "nul_characters"),
        ("t.csv", b"PK\x03\x04rest", "not_text"),
        ("t.csv", b"\x89PNG\r\n", "not_text"),
        ("t.csv", b'a,b\n1,"2\n3,4\n5,6\n', "unclosed_quote"),
        ("t.csv", b'a,b\n1,"' + b"x" * 140_000, "field_too_long"),
        ("t.csv", ("地址,电话\n" + "深南大道,1\n" * 50).encode() + b"\xff,2\n", "broken_utf8"),
        ("t.csv", b"caf\xe9,b\n1,2\n", "unknown_encoding"),
        ("t.csv", ",".join(f"c{n}" for n in range(2001)).encode() + b"\n1\n", "too_many_columns"),
        ("t.pdf", b"x", "unknown_kind"),
        ("t.json", b"[]", "no_rows"),
        ("t.json", b"   ", "empty_file"),
        ("t.json", b"[1, 2]", "json_not_objects"),
        ("t.json", b'[{"a": 1}', "damaged_json"),
        ("t.json", b'[{"a": 1} {"a": 2}]', "damaged_json"),
        ("t.json", b'[{"a": 1}] x', "damaged_json"),
        ("t.json", b'[{"a": "\\u0000"}]', "nul_characters"),
        ("t.json", b'{"a": ' + b"[" * 100_000, "damaged_json"),
        ("t.json", b'{"a": [{"x": 1}], "b": [{"x": 2}]}', "json_several_arrays"),
        ("t.xlsx", b"a,b\n1,2\n", "not_a_workbook"),
        ("t.xlsx", b"\xd0\xcf\x11\xe0rest", "old_workbook"),
    ],
)
def test_a_table_of_no_use_is_refused(tmp_path: Path, name: str, body: bytes, code: str) -> None:
    assert refusal(written(tmp_path, name, body)) == code


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path / "absent.csv") == "unreadable"


def test_ragged_lines_are_bad_rows_with_their_line_number(tmp_path: Path) -> None:
    body = 'a,b,c\n1,2,3\n"two\nlines",5,6\n7,8\n\n9,10,11,12\n13,14,15,,\n'
    rows = list(read_table(written(tmp_path, "t.csv", body)).rows)
    assert [(row.line, row.fault) for row in rows] == [
        (2, None),
        (3, None),
        (5, "ragged_row"),
        (7, "ragged_row"),
        (8, None),
    ]


def test_a_title_above_the_header_is_passed_over(tmp_path: Path) -> None:
    table = read_table(
        written(tmp_path, "t.csv", "2026年报修登记表,,\n工单号,地址,故障\n1,深南大道,不制冷\n")
    )
    assert table.columns == ("工单号", "地址", "故障")
    assert [row.line for row in table.rows] == [3]


def test_nested_json_is_flattened_and_a_geometry_stays_whole(tmp_path: Path) -> None:
    point = {"type": "Point", "coordinates": [1.5, 2]}
    body = json.dumps([{"id": 7, "customer": {"name": "李", "tags": ["vip"]}, "at": point}])
    table = read_table(written(tmp_path, "t.json", body))
    assert table.columns == ("id", "customer.name", "customer.tags", "at")
    assert contents(table) == [["7", "李", '["vip"]', '{"type": "Point", "coordinates": [1.5, 2]}']]


def test_a_workbook_gives_dates_whole_numbers_and_the_first_sheet_that_holds_anything(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.create_sheet("报修")
    sheet.append(["时间", "电话", "价", "急"])
    sheet.append([datetime(2026, 11, 22, 14, 30), 13800138000.0, 1.5, True])  # noqa: DTZ001 as Excel stores it
    sheet.append([None, 2, None, None])
    path = tmp_path / "t.xlsx"
    book.save(path)
    assert contents(read_table(path)) == [
        ["2026-11-22T14:30:00", "13800138000", "1.5", "true"],
        [None, "2", None, None],
    ]


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _ in range(600):
                part.write(bytes(1 << 20))
    assert refusal(path) == "workbook_too_large"


def test_a_workbook_with_its_own_entities_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "laughs.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(
            "[Content_Types].xml", '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><Types/>'
        )
    assert refusal(path) == "damaged_workbook"


def test_rows_can_be_gone_through_again(tmp_path: Path) -> None:
    table = read_table(written(tmp_path, "t.csv", "a,b\n1,2\n3,4\n"))
    assert list(table.rows) == list(table.rows)
    assert [row.line for row in table.sample(1)] == [2]


def test_a_large_json_array_is_read_in_pieces(tmp_path: Path) -> None:
    body = "[" + ",\n".join(json.dumps({"id": n, "text": "字" * 300}) for n in range(2000)) + "]"
    rows = list(read_table(written(tmp_path, "t.json", body)).rows)
    assert [row.line for row in rows] == list(range(1, 2001))
