"""Daily bills as the providers write them: byte order mark, back-ticks, GBK, tabs, sums; whole or refused."""

import pytest

from dispatcher_app.integrations.payments.bill import BadBill, Row, read

HEAD = (
    "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,"
    "应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,"
    "手续费,费率,订单金额,申请退款金额,费率备注"
)
PAID = (
    "`2026-11-22 14:29:31,`wx2421,`1900000109,`0,`,`4200001,`k1,`oUpF,`NATIVE,`SUCCESS,`OTHERS,`CNY,`88.80,`0.00,`0,`0,"
    "`0.00,`0.00,`,`,`空调维修,加氟,`,`0.53280,`0.60%,`88.80,`0.00,`"
)
BACK = (
    "`2026-11-22 15:29:31,`wx2421,`1900000109,`0,`,`4200001,`k1,`oUpF,`NATIVE,`REFUND,`OTHERS,`CNY,`0.00,`0.00,`5030001,"
    "`r1,`20.00,`0.00,`ORIGINAL,`SUCCESS,`空调维修,`,`-0.12000,`0.60%,`0.00,`20.00,`"
)
SUMS = "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额"
WECHAT = "\r\n".join((HEAD, PAID, BACK, SUMS, "`2,`88.80,`20.00,`0.00,`0.41000,`88.80,`20.00", ""))

ALIPAY_HEAD = (
    "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,订单金额（元）,"
    "商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,"
    "卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注"
)
NOTHING = "0.00,0.00,0.00,0.00,0.00,,0.00,0.00,"
ALIPAY_PAID = (
    '2026112222001\t,k2\t,交易,"空调, 加氟",2026-11-22 14:00:00,2026-11-22 14:00:09,,,,,*师傅(159****5620),0.01,0.01,'
    f"{NOTHING},0.00,0.00,"
)
ALIPAY_BACK = (
    "2026112222001\t,k2\t,退款,空调,2026-11-22 15:00:00,2026-11-22 15:00:09,,,,,*师傅(159****5620),-0.01,-0.01,"
    f"{NOTHING}r2\t,0.00,0.00,"
)
ALIPAY = "\r\n".join((
    "#支付宝业务明细查询", "#账号：[20881021462251350156]",
    "#起始日期：[2026年11月22日 00:00:00]   终止日期：[2026年11月23日 00:00:00]", "#-----业务明细列表-----", ALIPAY_HEAD,
    ALIPAY_PAID, ALIPAY_BACK,
    "#-----业务明细列表结束-----", "#交易合计：1笔，商家实收共0.01元，商家优惠共0.00元",
    "#退款合计：1笔，商家实收退款共-0.01元，商家优惠退款共0.00元", "#导出时间：[2026年11月23日 09:00:00]", "",
))  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_wechat_pays_bill_is_read(encoding: str) -> None:
    bill = read(WECHAT.encode(encoding))
    assert (bill.provider, bill.date, bill.fees, bill.merchants) == (
        "wechat",
        "2026-11-22",
        41,
        frozenset({"1900000109"}),
    )
    assert bill.rows == (
        Row(moved="payment", key="k1", reference="4200001", amount=8880),
        Row(moved="refund", key="k1", refund="r1", reference="5030001", amount=2000),
    )


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-8-sig"])
def test_alipays_bill_is_read(encoding: str) -> None:
    bill = read(ALIPAY.encode(encoding))
    assert (bill.provider, bill.date, bill.merchants) == (
        "alipay",
        "2026-11-22",
        frozenset({"20881021462251350156"}),
    )
    assert bill.rows == (
        Row(moved="payment", key="k2", reference="2026112222001", amount=1),
        Row(moved="refund", key="k2", refund="r2", reference="2026112222001", amount=1),
    )


OLDER = """\
交易时间,公众账号ID,商户号,子商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,总金额,手续费,费率
`2014-11-10 16：33：45,`wx2421,`10000100,`0,`1000,`10016,`k1,`085e,`MICROPAY,`SUCCESS,`OTHERS,`CNY,`0.01,`0,`0.60%
总交易单数,总交易额,总退款金额,总代金券或立减优惠退款金额,手续费总金额
`1,`0.01,`0.0,`0.0,`0
"""


def test_wechat_pays_older_form_is_read_too() -> None:
    bill = read(OLDER.encode())
    assert (bill.date, bill.rows) == (
        "2014-11-10",
        (Row(moved="payment", key="k1", reference="10016", amount=1),),
    )


def test_a_bill_without_rows_has_the_date_that_it_was_asked_for() -> None:
    empty = "\n".join((HEAD, SUMS, "`0,`0.00,`0.00,`0.00,`0.00000,`0.00,`0.00"))
    assert read(empty.encode(), "2026-11-22").rows == ()
    assert code(empty) == "bill_date_missing"


def code(text: str | bytes, date: str = "") -> str:
    """Why a file is not taken for a bill."""
    with pytest.raises(BadBill) as bad:
        read(text if isinstance(text, bytes) else text.encode(), date)
    return bad.value.code


def test_what_is_cut_changed_or_no_bill_at_all_is_refused() -> None:
    lines = WECHAT.split("\r\n")
    assert code("\n".join(lines[:3])) == "bill_cut"
    assert code("\n".join(lines[:4])) == "bill_cut"
    assert code("\n".join((lines[0], *lines[2:]))) == "bill_sums"
    assert code(WECHAT.replace("`88.80,`0.00,`\r", "`88.70,`0.00,`\r")) == "bill_sums"
    assert code(WECHAT.replace("`88.80,`0.00,`\r", "`-88.80,`0.00,`\r")) == "bill_amount"
    assert code(WECHAT.replace("`SUCCESS,`OTHERS", "`WHAT,`OTHERS")) == "bill_state"
    assert code(WECHAT.replace(",`NATIVE", "", 1)) == "bill_columns"
    assert code(WECHAT.replace("2026-11-22 15", "2026-11-21 15")) == "bill_dates"
    assert code(WECHAT, "2026-11-20") == "bill_dates"
    alipay = ALIPAY.split("\r\n")
    assert code("\n".join(alipay[:6])) == "bill_cut"
    assert code("\n".join((*alipay[:5], *alipay[6:]))) == "bill_sums"
    assert code(ALIPAY.replace(",0.01,0.01", ",0.011,0.01")) == "bill_amount"
    for nothing in (
        b"",
        b"\xff\xfe\x00\x00",
        b"a,b\n1,2\n",
        b"<xml/>",
        "门店,合计\n".encode("gb18030"),
        b"\x00" * 50,
    ):
        assert code(nothing) == "bill_unknown"
