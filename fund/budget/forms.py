"""What is typed about budget lines and appropriations."""

from core.i18n import _
from core.web.forms import FormReader
from fund.budget.service import SOURCES
from fund.budget.store import NewLine
from fund.web_support import read_fen


def read_line(form: FormReader) -> NewLine:
    line = NewLine(
        year=form.integer("year", _("年份"), least=2020, most=2100),
        name=form.text("name", _("预算名称"), longest=80),
        source=form.choice("source", _("资金来源"), SOURCES),
        document=form.text("document", _("依据文件"), longest=120),
    )
    form.finish()
    return line


def read_appropriation(form: FormReader) -> tuple[int, str]:
    """The amount in fen, and the document it rests on."""
    amount = read_fen(form, "amount", _("拨款金额"))
    document = form.text("document", _("拨款文号"), longest=120)
    form.finish()
    return amount, document
