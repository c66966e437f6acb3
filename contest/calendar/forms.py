"""A year's holidays as an organiser types them."""

import re
from datetime import date

from contest.calendar.rules import HolidayArrangement
from core.i18n import _
from core.web.forms import FormReader


def read_year(form: FormReader) -> HolidayArrangement:
    """A year's holidays: days separated by blanks or commas, as 2027-02-05."""
    year = form.integer("year", _("年份"), least=2020, most=2100)
    days_off = _days(form, "days_off", _("放假的工作日"))
    makeup_days = _days(form, "makeup_days", _("补班的周末"))
    form.finish()
    return HolidayArrangement(year, days_off, makeup_days)


def _days(form: FormReader, field: str, label: str) -> frozenset[date]:
    typed = form.text(field, label, required=False, longest=2000)
    days = set()
    for word in re.split(r"[\s,，、;；]+", typed):
        try:
            if word:
                days.add(date.fromisoformat(word))
        except ValueError:
            form.fail(field, _("「%(word)s」应当是形如 2027-02-05 的日期") % {"word": word[:20]})
    return frozenset(days)
