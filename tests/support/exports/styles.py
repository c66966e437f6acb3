"""One file in the style of each export: its bytes, what is wanted of it, what it says.

`expected` is what a person sees in the file, written down by hand.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from core.beijing import BEIJING
from core.sheet_import.fields import Field, Kind
from tests.support.exports.writers import (
    Page,
    Shown,
    binary_xls,
    csv_file,
    html_xls,
    raw_csv,
    xlsx,
)

D = Decimal


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING)


@dataclass(frozen=True)
class Export:
    name: str
    content: bytes
    fields: tuple[Field, ...]
    expected: Sequence[tuple[object, ...]]
    answers: Mapping[str, str] = field(default_factory=dict)
    left_rows: Mapping[str, int] = field(default_factory=dict)


def _money(name: str, *titles: str, unit: str = "元", signed: bool = False) -> Field:
    return Field(name, name, Kind.MONEY, titles, unit=unit, required=True, signed=signed)


def _key(name: str, *titles: str) -> Field:
    return Field(name, name, Kind.KEY, titles, required=True, filled=True)


def _name(name: str, *titles: str) -> Field:
    return Field(name, name, Kind.NAME, titles, required=True, filled=True)


def _moment(name: str) -> Field:
    return Field(name, name, Kind.MOMENT, required=True, filled=True)


def live_list() -> Export:
    """抖音电商罗盘, the list of live sessions: everything is text, - where there is nothing."""
    heads = [
        "主播昵称", "主播抖音号", "直播间标题", "直播开始时间", "直播时长(分钟)", "直播间观看人数",
        "直播间观看次数", "直播间成交金额", "直播间用户支付金额", "直播间退款金额", "净成交金额",
        "1小时退款金额", "商品点击-成交率(次数)", "商品点击-成交率(人数)", "投放消耗(店铺绑定)",
        "投放消耗(店铺被投)",
    ]  # fmt: skip
    rows = [
        ["赫哲阿妹", "hezhe_2026", "开江鱼,第一网", "2026/09/07 08:55:37", "186.5", "23655",
         "41022", "61045.3", "59000", "8487.1", "50512.9", "120", "4.11%", "6.02%",
         "3739.6690272859823", "-"],
        ["同江大米哥", "tjdami", "-", "2026/09/07 19:00:02", "95", "1204", "1980", "0", "0",
         "-", "0", "-", "-", "0.68%", "-", "12.5"],
    ]  # fmt: skip
    fields = (
        _key("主播抖音号"),
        _moment("直播开始时间"),
        Field("直播时长", "直播时长", Kind.DURATION, required=True),
        Field("直播间观看人数", "直播间观看人数", Kind.COUNT, required=True),
        _money("直播间成交金额"),
        _money("净成交金额"),
        _money("直播间退款金额"),
        Field("成交率", "商品点击-成交率(次数)", Kind.PERCENT, required=True),
        _money("投放", "投放消耗(店铺绑定)"),
    )
    expected = [
        ("hezhe_2026", moment("2026-09-07 08:55:37"), D("11190.000"), 23655, D("61045.30"),
         D("50512.90"), D("8487.10"), D("0.04110000"), D("3739.67")),
        ("tjdami", moment("2026-09-07 19:00:02"), D("5700.000"), 1204, D("0.00"), D("0.00"), None,
         None, None),
    ]  # fmt: skip
    return Export("live_list", xlsx(Page([heads, *rows])), fields, expected)


def session() -> Export:
    """抖音罗盘, 整场数据: six sheets, one of them names and values downwards."""
    pairs = [
        ["指标", "数值"],
        ["直播时间", "2026/09/07 08:55:37 - 2026/09/07 12:01:02"],
        ["直播间成交金额", "¥236,552"],
        ["观看-成交率", "0.68%"],
        ["人均观看时长", "1分5秒"],
        ["退款金额", "—"],
    ]
    goods = [["商品名称", "商品ID"], ["鱼皮画", "3601"], ["商品名称", "商品ID"], ["- 大米", "3602"]]
    others = [
        Page([["来源", "人数"], ["推荐", 5]], name) for name in ("流量分析", "流量趋势", "互动")
    ]
    book = xlsx(
        Page([["主播昵称", "赫哲阿妹"]], "基本信息"),
        Page(pairs, "整体看板"),
        *others,
        Page(goods, "商品明细"),
    )
    fields = (
        Field("直播时间", "直播时间", Kind.SPAN, required=True),
        _money("直播间成交金额"),
        Field("率", "观看-成交率", Kind.PERCENT, required=True),
        Field("人均", "人均观看时长", Kind.DURATION, required=True),
        _money("退款金额"),
    )
    span = moment("2026-09-07 08:55:37"), moment("2026-09-07 12:01:02")
    expected = [(span, D("236552.00"), D("0.00680000"), D("65.000"), None)]
    return Export("session", book, fields, expected)


ORDER_FIELDS = (
    _key("主订单编号"),
    Field("子订单编号", "子订单编号", Kind.KEY, required=True, filled=True, unique=True),
    _money("订单应付金额"),
    Field("售后状态", "售后状态", Kind.TEXT, required=True),
)


def doudian_orders() -> Export:
    """抖店: each order number followed by a TAB, amounts with quoted thousands commas."""
    rows = [
        ["主订单编号", "子订单编号", "选购商品", "订单应付金额", "售后状态", "收货地址"],
        ["6936001\t", "6936001\t", '鱼皮画,"大"', "1,234.50", "-", "同江市\n一街"],
        ["6936001\t", "6936002\t", "大米", "56", "退款成功", "同江市"],
        ["6936003\t", "6936003\t", "", "12,345,678.9", "-", ""],
    ]
    expected = [
        ("6936001", "6936001", D("1234.50"), "-"),
        ("6936001", "6936002", D("56.00"), "退款成功"),
        ("6936003", "6936003", D("12345678.90"), "-"),
    ]
    return Export("doudian_orders", csv_file(rows), ORDER_FIELDS, expected)


def buyin_orders() -> Export:
    """抖音 百应 by interface: amounts in 分, which only the mapping can say."""
    rows = [
        ["order_id", "flow_point", "settled_goods_amount", "settle_time", "media_type"],
        ["692301", "SETTLE", "123450", "2026-09-08 00:00:01", "live"],
        ["692302", "REFUND", "0", "", "live"],
    ]
    fields = (
        _key("订单", "order_id"),
        _money("结算金额", "settled_goods_amount", unit="分"),
        Field("结算时间", "settle_time", Kind.MOMENT),
        Field("状态", "flow_point", Kind.KEY, required=True, filled=True),
    )
    expected = [
        ("692301", D("1234.50"), moment("2026-09-08 00:00:01"), "SETTLE"),
        ("692302", D("0.00"), None, "REFUND"),
    ]
    return Export("buyin_orders", csv_file(rows, encoding="utf-8"), fields, expected)


def kuaishou_orders() -> Export:
    rows = [
        ["订单号", "商家实收", "交易状态", "下单时间"],
        ["'2301001", "35.80", "交易成功", "2026-8-11 9:05"],
        ["`2301002", "0.01", "已发货", "2026年8月11日 23:59"],
    ]
    fields = (
        _key("快手订单编号", "订单号"),
        _money("商家实收"),
        Field("交易状态", "交易状态", Kind.KEY, required=True, filled=True),
        _moment("下单时间"),
    )
    expected = [
        ("2301001", D("35.80"), "交易成功", moment("2026-08-11 09:05")),
        ("2301002", D("0.01"), "已发货", moment("2026-08-11 23:59")),
    ]
    return Export("kuaishou_orders", csv_file(rows, encoding="gb18030"), fields, expected)


def channels_products() -> Export:
    """视频号 罗盘, the list of products, in 分 by their column's own bracket."""
    rows = [
        ["product_id", "live_pay_gmv（分）", "pure_pay_gmv（分）"],
        ["100045", "236552", "200001"],
    ]
    fields = (_key("product_id"), _money("pure_pay_gmv"), _money("live_pay_gmv"))
    expected = [("100045", D("2000.01"), D("2365.52"))]
    content = csv_file(rows, encoding="utf-16", delimiter="\t")
    return Export("channels_products", content, fields, expected)


def qianfan_orders() -> Export:
    """小红书 千帆: four amounts that may all be called sales."""
    rows = [
        ["支付时间", "订单ID", "订单状态", "价格", "商家实收金额", "用户实付金额", "退款金额",
         "有效销售金额（计佣金额）", "佣金率", "推广渠道"],
        ["2026-08-11 23:59:37", "P7345AB01", "已签收", 99, 89.1, 85, 0, 0.1 + 0.2, 0.35, "直播"],
        ["2026-08-12 00:00:00", "P7345AB02", "已取消", 99, 0, 0, 85, 1234567.89, 0.1, "笔记"],
    ]  # fmt: skip
    fields = (
        _moment("支付时间"),
        _key("订单ID"),
        _money("商家实收金额"),
        _money("有效销售金额", "有效销售金额（计佣金额）"),
        Field("佣金率", "佣金率", Kind.PERCENT, required=True),
    )
    expected = [
        (moment("2026-08-11 23:59:37"), "P7345AB01", D("89.10"), D("0.30"), D("0.35000000")),
        (moment("2026-08-12 00:00:00"), "P7345AB02", D("0.00"), D("1234567.89"), D("0.10000000")),
    ]
    return Export("qianfan_orders", xlsx(Page(rows)), fields, expected, {"unit:佣金率": "1"})


_QIANNIU = [
    ["【生意参谋】", "", "", ""],
    ["统计时间：2026-08-01 ~ 2026-08-31", "", "", ""],
    ["说明：支付金额含预售", "", "", ""],
    ["导出人：张三", "", "", ""],
    ["日期", "支付金额", "预售支付金额", "成功退款金额"],
    ["汇总", "2.6万", "0", "5,652.00"],
    ["2026-08-01", "2.5万", "-", "5,652.00"],
    ["2026-08-02", "1000", "0", "0"],
    ["日期", "支付金额", "预售支付金额", "成功退款金额"],
    ["2026-08-03", "０", "0", ""],
    ["汇总", "26000", "0", "5,652.00"],
]
_QIANNIU_FIELDS = (
    Field("日期", "日期", Kind.DAY, required=True, filled=True),
    _money("支付金额"),
    _money("成功退款金额"),
)
_QIANNIU_SAYS = [
    (datetime(2026, 8, 1).date(), D("25000.00"), D("5652.00")),  # noqa: DTZ001
    (datetime(2026, 8, 2).date(), D("1000.00"), D("0.00")),  # noqa: DTZ001
    (datetime(2026, 8, 3).date(), D("0.00"), None),  # noqa: DTZ001
]
_QIANNIU_LEFT = {"合计行": 2, "重复的表头": 1}


def qianniu_binary() -> Export:
    """千牛: binary .xls, whatever the file is called."""
    content = binary_xls([[str(cell) for cell in row] for row in _QIANNIU])
    return Export(
        "qianniu_binary", content, _QIANNIU_FIELDS, _QIANNIU_SAYS, left_rows=_QIANNIU_LEFT
    )


def qianniu_html() -> Export:
    content = html_xls(_QIANNIU, encoding="gb18030")
    return Export("qianniu_html", content, _QIANNIU_FIELDS, _QIANNIU_SAYS, left_rows=_QIANNIU_LEFT)


def office_sheet() -> Export:
    """An office-made sheet: two header lines, the upper one alone bearing the unit."""
    rows = [
        ["2026年9月直播数据", "", "", "", "", ""],
        ["主播", "成交数据（万）", "", "流量", "", "备注"],
        ["", "整体GMV（含券）", "整体GMV（不含券）", "场观次数（PV）", "观看人数（UV）", ""],
        ["赫哲阿妹", 12.5, Shown(11.25, '0.00"万"'), 41022, 23655, "上午场"],
        ["", 1.5, "/", "#N/A", "8,520", "下午场"],
        ["同江大米哥", "#DIV/0!", 0, 0, 0, ""],
        ["合计", 14, 11.25, 41022, 32175, ""],
    ]
    merges = [(0, 0, 0, 5), (1, 0, 2, 0), (1, 1, 1, 2), (1, 3, 1, 4), (1, 5, 2, 5), (3, 0, 4, 0)]
    fields = (
        _name("主播"),
        _money("GMV", "整体GMV（不含券）"),
        Field("人数", "观看人数", Kind.COUNT, required=True, definitions=frozenset({"人数"})),
        _money("含券", "整体GMV（含券）"),
    )
    expected = [
        ("赫哲阿妹", D("112500.00"), 23655, D("125000.00")),
        ("赫哲阿妹", None, 8520, D("15000.00")),
        ("同江大米哥", D("0.00"), 0, None),
    ]
    hidden = Page([["主播", "整体GMV（不含券）"], ["旧数据", 1]], "旧", state="very_hidden")
    content = xlsx(hidden, Page(rows, "九月", merges))
    return Export("office_sheet", content, fields, expected, left_rows={"合计行": 1})


def wholesale_orders() -> Export:
    """1688: the order number merged over its goods lines, the amount in the first alone."""
    rows = [
        ["订单编号", "实付款(元)", "货品标题", "订单创建时间"],
        ["18870001", "1,024.00", "木耳", "46272.5"],
        ["", "", "蘑菇", ""],
        ["18870002", "8.80", "大米", "2026/1/3 9:05"],
    ]
    merges = [(1, 0, 2, 0), (1, 1, 2, 1), (1, 3, 2, 3)]
    fields = (
        _key("订单编号"),
        _money("实付款"),
        Field("货品标题", "货品标题", Kind.TEXT, required=True),
        _moment("订单创建时间"),
    )
    at = moment("2026-09-07 12:00:00")
    expected = [
        ("18870001", D("1024.00"), "木耳", at),
        ("18870001", None, "蘑菇", at),
        ("18870002", D("8.80"), "大米", moment("2026-01-03 09:05")),
    ]
    return Export("wholesale_orders", xlsx(Page(rows, merges=merges)), fields, expected)


def bank_bill(preamble: int = 22) -> Export:
    """A wallet's bill: a preamble, padded headings, TABs, a comma at the end of each line."""
    lines = ["#支付宝账务明细查询", "#账号：[20880000]", *["#" + "-" * 10] * (preamble - 2)]
    lines.append(
        "账务流水号              ,业务流水号      ,收入金额（+元）    ,支出金额（-元）   ,发生时间,"
    )
    lines.append("2026090701\t,778801\t,       1024.00,,2026-09-07 08:55:37,")
    lines.append("2026090702\t,778802\t,,       -35.80,2026-09-07 09:00:00,")
    lines.append("#------------------------,")
    lines.append("#共2笔记录")
    fields = (
        _key("账务流水号"),
        _money("收入金额", "收入金额（+元）"),
        _money("支出金额", "支出金额（-元）", signed=True),
        _moment("发生时间"),
    )
    expected = [
        ("2026090701", D("1024.00"), None, moment("2026-09-07 08:55:37")),
        ("2026090702", None, D("-35.80"), moment("2026-09-07 09:00:00")),
    ]
    content = raw_csv(*lines, encoding="gb18030")
    return Export("bank_bill", content, fields, expected, left_rows={"说明文字": 2})


def every_style() -> list[Export]:
    return [
        live_list(), session(), doudian_orders(), buyin_orders(), kuaishou_orders(),
        channels_products(), qianfan_orders(), qianniu_binary(), qianniu_html(), office_sheet(),
        wholesale_orders(), bank_bill(17), bank_bill(24),
    ]  # fmt: skip
