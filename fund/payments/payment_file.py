"""The file of a batch for the bank: one payment a row, the same bytes whenever it is made."""

import io
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from core.i18n import _
from core.numbers import beijing, money
from fund.payments.store import Line
from fund.rules.chinese_amount import chinese_amount

# Text stays text: a name that begins like a formula is no formula.
_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
_HEAD = (
    *(_("序号"), _("批次号"), _("支付编号"), _("第几次"), _("收款人"), _("开户行")),
    *(_("收款账号"), _("实发金额"), _("大写金额"), _("用途"), _("处理结果"), _("失败原因")),
)
_WIDTHS = (6, 10, 16, 8, 20, 32, 26, 16, 36, 40, 12, 24)
_AMOUNT = 7


def payment_file(batch: str, lines: Sequence[Line], sent_at: datetime, sent_by: str) -> bytes:
    """`batch` is the batch's code. The last two columns are for the bank to fill in."""
    import xlsxwriter  # slow to load, and few requests need it

    target = io.BytesIO()
    with xlsxwriter.Workbook(target, _OPTIONS) as book:
        book.set_properties({"title": batch, "created": sent_at.replace(tzinfo=None)})
        bold = book.add_format({"bold": True, "bg_color": "#F6F7F9", "border": 1})
        plain = book.add_format({"border": 1, "num_format": "@", "text_wrap": True})
        amount = book.add_format({"border": 1, "num_format": '"¥"#,##0.00'})
        sheet = book.add_worksheet(_("付款明细"))
        for column, (heading, width) in enumerate(zip(_HEAD, _WIDTHS, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, heading, bold)
        for row, line in enumerate(lines, start=1):
            cells = (
                *(str(row), batch, line.code, str(line.attempt), line.account.holder),
                *(line.account.bank, line.account.number, "", chinese_amount(line.net)),
                *(line.title, "", ""),
            )
            for column, cell in enumerate(cells):
                sheet.write_string(row, column, cell, plain)
            sheet.write_number(row, _AMOUNT, Decimal(line.net) / 100, amount)
        total = sum(line.net for line in lines)
        sheet.freeze_panes(1, 0)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        about = book.add_worksheet(_("合计"))
        about.set_column(0, 1, 40)
        facts = (
            (_("批次号"), batch),
            (_("笔数"), str(len(lines))),
            (_("合计"), money(total)),
            (_("大写"), chinese_amount(total)),
            (_("送交时间（北京时间）"), beijing(sent_at)),
            (_("送交人"), sent_by),
        )
        for row, (name, value) in enumerate(facts):
            about.write_string(row, 0, name, bold)
            about.write_string(row, 1, value, plain)
    return target.getvalue()
