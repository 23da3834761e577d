"""The providers' daily bills (对账单) as they come: with a mark for the byte order, back-ticks, tabs, GBK and sums.

WeChat Pay puts a back-tick before every value, so that spreadsheets leave it as it is, and cuts at commas whatever a
name holds; its last two lines are sums. Alipay writes GBK, tabs behind numbers, lines of words that begin with #, and
amounts of refunds below zero. What does not add up to its own sums is no whole bill.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Literal

from dispatcher_app.domain.act import Broken
from dispatcher_app.integrations.payments.moment import minor, yuan

MOST_ROWS = 500_000
LONGEST_FIELD = 4096
REFUND_UNDONE = frozenset({"FAIL", "CLOSED", "CHANGE"})

WECHAT_KEYS, ALIPAY_KEYS = (
    ("微信订单号", "商户订单号", "交易状态"),
    ("支付宝交易号", "商户订单号", "业务类型"),
)
WECHAT_TOTAL, WECHAT_REFUND = ("订单金额", "总金额", "应结订单金额"), ("申请退款金额", "退款金额")
ALIPAY_TOTAL = ("订单金额（元）", "订单金额(元)", "订单金额")
FEES = ("手续费", "服务费（元）", "服务费(元)")


class BadBill(Exception):
    """This is no bill that can be read: why, with the line that it is about."""

    def __init__(self, why: Broken) -> None:
        super().__init__(why.code)
        self.code = why.code
        self.params = why.params


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One movement: our key of the payment, of the refund where it is one, the provider's number, minor units."""

    moved: Literal["payment", "refund"]
    key: str
    refund: str = ""
    reference: str
    amount: int
    currency: str = "CNY"


@dataclass(frozen=True, slots=True, kw_only=True)
class DayBill:
    """What a provider says of a date. `merchants` are the numbers of those whose bill it is."""

    provider: Literal["wechat", "alipay"]
    date: str
    rows: tuple[Row, ...]
    fees: int
    merchants: frozenset[str]


def read(data: bytes, date: str = "") -> DayBill:
    """The bill in a file; `date` is needed only for one without a single row. Raises BadBill."""
    lines = [each.rstrip("\r") for each in decoded(data).split("\n")]
    for number, line in enumerate(lines):
        names = [plain(each) for each in line.split(",")]
        if set(WECHAT_KEYS) <= set(names):
            return wechat(names, lines, number, date)
        if set(ALIPAY_KEYS) <= set(names):
            return alipay(names, lines, number, date)
    raise BadBill(Broken("bill_unknown"))


def decoded(data: bytes) -> str:
    """The text of a file in UTF-8, with or without its mark, or in GBK; raises BadBill for anything else."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError as error:
            if encoding == "utf-8-sig" and error.reason == "unexpected end of data":
                # All of it could be read but half a character at its end.
                raise BadBill(Broken("bill_cut", {"line": 0})) from None
            continue
        if "\0" not in text:
            return text
    raise BadBill(Broken("bill_unknown"))


def plain(value: str) -> str:
    """A value without back-ticks, quotes, tabs and blanks around it."""
    return value.strip().strip("`\"'\t ").strip()


def wechat(names: list[str], lines: list[str], head: int, date: str) -> DayBill:
    """WeChat Pay's form."""
    rows, fees, dates, merchants, counted = list[Row](), 0, set[str](), set[str](), 0
    named: dict[str, tuple[str, ...]] = {"total": WECHAT_TOTAL, "given": WECHAT_REFUND}
    totals: dict[str, set[int]] = {}
    every = dict.fromkeys(named, 0)
    sums: tuple[int, list[str], list[str]] | None = None
    for number, line in enumerate(lines[head + 1 :], start=head + 2):
        if not line.strip():
            continue
        if line.lstrip().startswith("总交易单数"):
            found = [values for values in map(ticked, lines[number:]) if values]
            sums = (number, [plain(each) for each in line.split(",")], found[0] if found else [])
            break
        values = ticked(line)
        if len(values) != len(names):
            raise BadBill(Broken("bill_columns", {"line": number}))
        each = dict(zip(names, values, strict=True))
        counted += 1
        dates.add(each.get("交易时间", "")[:10])
        merchants.add(each.get("商户号", ""))
        fees += rounded(each, FEES)
        for what, columns in named.items():
            every[what] += minor(next((each[name] for name in columns if name in each), "")) or 0
        if (row := wechat_row(each, number)) is not None:
            rows.append(row)
    if sums is None:
        raise BadBill(Broken("bill_cut", {"line": len(lines)}))
    for what, moved in (("total", "payment"), ("given", "refund")):
        # Whether a refund's row counts for the orders too, and one that failed for the refunds, no page of his says.
        totals[what] = {sum(row.amount for row in rows if row.moved == moved), every[what]}
    checked_sums(sums, counted, totals["total"], totals["given"])
    return DayBill(
        provider="wechat", date=one_date(dates, date), rows=tuple(rows), fees=fees, merchants=frozenset(merchants - {""})
    )  # fmt: skip


def ticked(line: str) -> list[str]:
    """The values of a line: a back-tick begins each, so that commas in names cut nothing."""
    line = line.strip()
    parts = line[1:].split(",`") if line.startswith("`") else line.split(",")
    return [plain(each) for each in parts] if line else []


def wechat_row(each: Mapping[str, str], number: int) -> Row | None:
    """A movement; None where nothing moved."""
    state, key, reference = each["交易状态"], each["商户订单号"], each["微信订单号"]
    currency = each.get("货币种类") or "CNY"
    if state == "SUCCESS":
        return Row(moved="payment", key=key, reference=reference, amount=amount(each, WECHAT_TOTAL, number),
                   currency=currency)  # fmt: skip
    if state in ("REFUND", "REVOKED"):
        if each.get("退款状态", "") in REFUND_UNDONE:
            return None
        return Row(moved="refund", key=key, refund=each.get("商户退款单号", ""),
                   reference=each.get("微信退款单号", "") or reference,
                   amount=amount(each, WECHAT_REFUND, number), currency=currency)  # fmt: skip
    raise BadBill(Broken("bill_state", {"line": number, "state": state[:20]}))


def checked_sums(
    sums: tuple[int, list[str], list[str]], counted: int, total: set[int], given: set[int]
) -> None:
    """Raises BadBill where the rows are not as many, or not as much, as the bill's own last lines say."""
    number, names, values = sums
    if len(values) < 3:
        raise BadBill(Broken("bill_cut", {"line": number}))
    said = dict(zip(names, values, strict=False))
    if said.get("总交易单数") != str(counted):
        raise BadBill(
            Broken("bill_sums", {"line": number, "said": said.get("总交易单数", "")[:20], "counted": counted})
        )
    for name, ours in (("订单总金额", total), ("总交易额", total), ("申请退款总金额", given)):
        if name in said and minor(said[name]) not in ours:
            raise BadBill(
                Broken("bill_sums", {"line": number, "said": said[name][:20], "counted": yuan(min(ours))})
            )


def alipay(names: list[str], lines: list[str], head: int, date: str) -> DayBill:
    """Alipay's form."""
    words = "\n".join(line for line in lines if line.lstrip().startswith("#"))
    body = [line for line in lines[head + 1 :] if line.strip() and not line.lstrip().startswith("#")]
    rows, fees, dates = list[Row](), 0, set[str]()
    if (begins := re.search(r"起始日期[：:]\s*\[?(\d{4})年(\d{2})月(\d{2})日", words)) is not None:
        dates.add("-".join(begins.groups()))
    for number, values in enumerate(parsed(body), start=head + 2):
        if len(values) != len(names):
            raise BadBill(Broken("bill_columns", {"line": number}))
        each = dict(zip(names, map(plain, values), strict=True))
        if begins is None:
            dates.add((each.get("完成时间") or each.get("创建时间") or "")[:10])
        fees += rounded(each, FEES)
        rows.append(alipay_row(each, number))
    for name, moved in (("交易合计", "payment"), ("退款合计", "refund")):
        if (said := re.search(name + r"[：:]\s*(\d+)笔", words)) is not None:
            counted = sum(1 for row in rows if row.moved == moved)
            if int(said[1]) != counted:
                raise BadBill(Broken("bill_sums", {"line": head, "said": said[1][:20], "counted": counted}))
    if "业务明细列表" in words and "业务明细列表结束" not in words:
        raise BadBill(Broken("bill_cut", {"line": len(lines)}))
    account = re.search(r"账号[：:]\s*\[?(\d{8,32})", words)
    merchants = frozenset({account[1]} if account is not None else ())
    return DayBill(
        provider="alipay", date=one_date(dates, date), rows=tuple(rows), fees=fees, merchants=merchants
    )


def parsed(body: Iterable[str]) -> Iterable[list[str]]:
    """The rows of a table with commas; raises BadBill for one without end."""
    try:
        for number, values in enumerate(csv.reader(io.StringIO("\n".join(body)))):
            if number >= MOST_ROWS or any(len(each) > LONGEST_FIELD for each in values):
                raise BadBill(Broken("bill_unknown"))
            yield values
    except csv.Error:
        raise BadBill(Broken("bill_unknown")) from None


def alipay_row(each: Mapping[str, str], number: int) -> Row:
    """A movement; a refund's amount is below zero."""
    kind = each["业务类型"]
    if kind not in ("交易", "退款"):
        raise BadBill(Broken("bill_state", {"line": number, "state": kind[:20]}))
    named = next((each[name] for name in ALIPAY_TOTAL if name in each), "")
    found = minor(named.removeprefix("-") if kind == "退款" else named)
    if found is None:
        raise BadBill(Broken("bill_amount", {"line": number, "amount": named[:20]}))
    if kind == "交易":
        return Row(moved="payment", key=each["商户订单号"], reference=each["支付宝交易号"], amount=found)
    request = next((value for name, value in each.items() if name.startswith("退款批次号")), "")
    return Row(
        moved="refund", key=each["商户订单号"], refund=request, reference=each["支付宝交易号"], amount=found
    )


def amount(each: Mapping[str, str], names: Iterable[str], number: int) -> int:
    """The first of these columns that the bill has, in minor units; raises BadBill where it is no amount."""
    named = next((each[name] for name in names if name in each), "")
    found = minor(named)
    if found is None:
        raise BadBill(Broken("bill_amount", {"line": number, "amount": named[:20]}))
    return found


def rounded(each: Mapping[str, str], names: Iterable[str]) -> int:
    """A fee, which has more decimals than money and may be below zero, in minor units; 0 where there is none."""
    named = next((each[name] for name in names if name in each), "")
    try:
        found = Decimal(named or "0")
        return int((found * 100).quantize(Decimal(1), ROUND_HALF_UP)) if abs(found) < 10**12 else 0
    except InvalidOperation:
        return 0


def one_date(dates: set[str], given: str) -> str:
    """The date of all rows; raises BadBill where there are several, or it is not the one that was asked for."""
    found = dates - {""}
    if len(found) > 1 or (given and found and given not in found):
        raise BadBill(Broken("bill_dates", {"dates": ", ".join(sorted(found))[:60]}))
    date = next(iter(found), given)
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", date) is None:
        raise BadBill(Broken("bill_date_missing"))
    return date
