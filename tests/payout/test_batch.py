"""Files for banks: written as they take them, read as they answer, with every line named that says nothing."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl
import pytest

from dispatcher_app.intake.row import TableError
from dispatcher_app.payout.batch import Payee, Result, outcome_of, read_results, reason_of, write_batch
from dispatcher_app.payout.sheet import harmless

PAYEES = (
    Payee(
        withdrawal="w-1", technician="li", name="李强", way="bank", number="6222020200112233446", bank="招商银行",
        amount=20_050, currency="CNY",
    ),
    Payee(
        withdrawal="w-2", technician="wang", name="=1+1", way="wechat", number="oABCDEF123", amount=10_000,
        currency="CNY",
    ),
)  # fmt: skip


def test_a_workbook_keeps_card_numbers_as_text_and_amounts_as_amounts(tmp_path: Path) -> None:
    write_batch(tmp_path / "b.xlsx", "b-1", PAYEES)
    sheet = openpyxl.load_workbook(tmp_path / "b.xlsx").worksheets[0]
    first, second = list(sheet.iter_rows(min_row=2, values_only=True))
    assert first == ("w-1", "李强", "6222020200112233446", "招商银行", 200.5, "CNY", "b-1")
    assert sheet["B3"].data_type == "s"
    assert second[1] == "=1+1"


def test_a_text_file_is_read_by_spreadsheets_and_calculates_nothing(tmp_path: Path) -> None:
    write_batch(tmp_path / "b.csv", "b-1", PAYEES)
    data = (tmp_path / "b.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(data.decode("utf-8-sig").splitlines()))
    assert rows[1][2:5] == ["6222020200112233446", "招商银行", "200.50"]
    assert rows[2][1] == "'=1+1"
    assert harmless("+86") == "'+86"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_an_answer_is_read_in_whatever_a_bank_writes(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "answer.csv"
    lines = (
        "提现编号,处理结果,失败原因,银行流水号",
        "`w-1,交易成功,,BK1",
        "w-2,支付不成功,户名不符,",
        "w-3,已退票,账号已销户,BK3",
        "w-4,处理中,,",
        ",成功,,",
    )
    file.write_text("\n".join(lines), encoding=encoding)
    found = read_results(file)
    assert found.results == (
        Result(withdrawal="w-1", outcome="paid", reference="BK1", line=2),
        Result(withdrawal="w-2", outcome="failed", reason="name_differs", line=3),
        Result(withdrawal="w-3", outcome="returned", reason="account_closed", reference="BK3", line=4),
    )
    assert found.unread == (5, 6)


def test_our_own_file_with_a_column_more_is_an_answer(tmp_path: Path) -> None:
    write_batch(tmp_path / "b.xlsx", "b-1", PAYEES)
    book = openpyxl.load_workbook(tmp_path / "b.xlsx")
    for row, said in enumerate(("结果", "成功", "失败"), start=1):
        book.worksheets[0].cell(row, 8, said)
    book.save(tmp_path / "answer.xlsx")
    assert [each.outcome for each in read_results(tmp_path / "answer.xlsx").results] == ["paid", "failed"]


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        ("SUCCESS", "paid"), ("Unpaid", "failed"), ("unsuccessful", "failed"), ("REFUNDED", "returned"),
        ("未成功", "failed"), ("已支付", "paid"), ("", None), ("待复核", None),
    ],
)  # fmt: skip
def test_what_a_bank_calls_it(said: str, outcome: str | None) -> None:
    assert outcome_of(said) == outcome


def test_a_reason_that_nobody_knows_is_another_one() -> None:
    assert reason_of("星期天不办公") == "other"


def test_a_file_that_is_no_table_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes(b"")
    with pytest.raises(TableError):
        read_results(tmp_path / "x.csv")
