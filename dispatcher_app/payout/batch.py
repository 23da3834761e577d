"""The file that goes to a bank, and the one that comes back: a line a withdrawal, named by its own id."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from dispatcher_app.domain.money.account import Way
from dispatcher_app.intake.table import read_table
from dispatcher_app.payout.sheet import amount, write
from dispatcher_app.text import t

Outcome = Literal["paid", "failed", "returned"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Payee:
    """One line of a batch: who is paid how much (minor units), and where it goes."""

    withdrawal: str
    technician: str
    name: str
    way: Way
    number: str = field(repr=False)
    bank: str = ""
    amount: int
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a line of the bank's answer says; `reason` is a code, `line` where it stands in the file."""

    withdrawal: str
    outcome: Outcome
    reason: str = ""
    reference: str = ""
    line: int


@dataclass(frozen=True, slots=True)
class Read:
    """What an answer says, and the lines of it that say nothing."""

    results: tuple[Result, ...]
    unread: tuple[int, ...]


_ID: Final = ("提现编号", "流水号", "商户单号", "withdrawal", "id", "out_bill_no", "out_detail_no")
_RESULT: Final = ("结果", "状态", "处理结果", "交易状态", "result", "status", "state")
_REASON: Final = ("原因", "失败原因", "备注", "reason", "fail_reason")
_REFERENCE: Final = ("银行流水号", "交易流水号", "微信单号", "reference", "transfer_bill_no")
OUTCOMES: Final[dict[Outcome, tuple[str, ...]]] = {
    "returned": ("退回", "退票", "退汇", "returned", "refunded"),
    "failed": (
        "失败",
        "未成功",
        "不成功",
        "拒绝",
        "关闭",
        "fail",
        "rejected",
        "closed",
        "unpaid",
        "unsuccess",
    ),
    "paid": ("成功", "已支付", "已付", "已到账", "paid", "success", "done"),
}
"""What banks call it; what sounds like a failure is looked for first."""
REASONS: Final[dict[str, tuple[str, ...]]] = {
    "name_differs": ("户名", "姓名", "name"),
    "account_closed": ("销户", "注销", "冻结", "不存在", "closed", "frozen"),
    "account_wrong": ("账号", "卡号", "account", "card"),
    "limit_exceeded": ("限额", "超限", "limit"),
}
"""Words of a bank's reason, and the code that is kept of it."""


def write_batch(path: Path, name: str, payees: Iterable[Payee], digits: int = 2) -> None:
    """Write what a bank needs, as .xlsx or .csv."""
    head = (
        t("Withdrawal##batch"), t("Payee##batch"), t("Account number##batch"), t("Bank##batch"),
        t("Amount##batch"), t("Currency##batch"), t("Remark##batch"),
    )  # fmt: skip
    rows = [
        (each.withdrawal, each.name, each.number, each.bank, amount(each.amount, digits), each.currency, name)
        for each in payees
    ]
    write(path, t("Batch##sheet"), head, rows)


def read_results(path: Path) -> Read:
    """What a bank's answer says; raises TableError where the file as a whole is of no use."""
    table = read_table(path)
    columns = {
        role: column_of(table.columns, names)
        for role, names in (("id", _ID), ("result", _RESULT), ("reason", _REASON), ("reference", _REFERENCE))
    }
    made: list[Result] = []
    unread: list[int] = []
    for row in table.rows:

        def cell(role: str, cells: Mapping[str, str | None] = row.cells) -> str:
            column = columns[role]
            return (cells.get(column) or "").strip().strip("`'") if column is not None else ""

        outcome = outcome_of(cell("result"))
        if row.fault is not None or not cell("id") or outcome is None:
            unread.append(row.line)
            continue
        reason = "" if outcome == "paid" else reason_of(cell("reason"))
        made.append(
            Result(
                withdrawal=cell("id"),
                outcome=outcome,
                reason=reason,
                reference=cell("reference")[:64],
                line=row.line,
            )
        )
    return Read(tuple(made), tuple(unread))


def column_of(columns: Iterable[str], names: tuple[str, ...]) -> str | None:
    """The column of one of these names, however it is written; also those of our own files, in either language."""
    known = {each.strip().lower(): each for each in columns}
    ours = t("Withdrawal##batch").lower()
    wanted = (*names, ours) if names is _ID else names
    return next((known[name.lower()] for name in wanted if name.lower() in known), None)


def outcome_of(said: str) -> Outcome | None:
    """What a bank's word means, None where nobody knows."""
    said = said.lower()
    for outcome, words in OUTCOMES.items():
        if any(word in said for word in words):
            return outcome
    return None


def reason_of(said: str) -> str:
    """The code of a bank's reason."""
    said = said.lower()
    return next((code for code, words in REASONS.items() if any(word in said for word in words)), "other")
