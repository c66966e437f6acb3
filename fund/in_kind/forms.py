"""What is typed about parts in kind."""

from datetime import date

from core.i18n import _
from core.web.forms import FormReader
from fund.in_kind.rules import Arrangement


def read_arrangement(form: FormReader) -> Arrangement:
    arrangement = Arrangement(
        place=form.text("place", _("地点或安排"), longest=200),
        starts_on=form.optional_date("starts_on", _("开始日期")),
        ends_on=form.optional_date("ends_on", _("结束日期")),
    )
    first, last = arrangement.starts_on, arrangement.ends_on
    if first and last and last < first:
        form.fail("ends_on", _("结束日期不能早于开始日期"))
    form.finish()
    return arrangement


def read_done(form: FormReader) -> tuple[date, str]:
    """The day, and the evidence in words."""
    on = form.date("done_on", _("完成日期"))
    evidence = form.text("evidence", _("完成情况和佐证"), longest=1000)
    form.finish()
    return on, evidence
