"""Which days are worked: chinesecalendar, and the years that an organiser entered by hand.

The library's newest release knows the years that were announced before it; the State
Council announces the next one in autumn, and a contest may run into it.
"""

from collections.abc import Callable
from datetime import date, datetime

import chinese_calendar

from contest.calendar import store
from contest.calendar.rules import HolidayArrangement, UnknownYearError
from core import audit
from core.audit import Actor
from core.database import db
from core.i18n import _
from core.problems import FieldError, Invalid


async def worked_days() -> Callable[[date], bool]:
    """A function that tells a business day; it raises UnknownYearError."""
    entered = {year.year: year for year in await store.years()}

    def is_worked(day: date) -> bool:
        year = entered.get(day.year)
        if year is None:
            return _library(day)
        if day in year.makeup_days:
            return True
        return day.weekday() < 5 and day not in year.days_off

    return is_worked


def _library(day: date) -> bool:
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError as error:
        raise UnknownYearError(day.year) from error


async def entered_years() -> list[HolidayArrangement]:
    return await store.years()


def known_to_library(year: int) -> bool:
    try:
        chinese_calendar.is_workday(date(year, 6, 1))
    except NotImplementedError:
        return False
    return True


async def record_year(year: HolidayArrangement, actor: Actor, now: datetime) -> None:
    """Enter a year's arrangement by hand; it then holds instead of the library's.

    Raises Invalid for a day of another year, a day off on a weekend, a made-up day on a weekday.
    """
    errors = [
        *_slips(year.year, year.days_off, "days_off", weekend=False),
        *_slips(year.year, year.makeup_days, "makeup_days", weekend=True),
    ]
    if errors:
        raise Invalid("invalid_form", _("请更正标出的内容后再提交"), errors=errors)
    async with db.unit_of_work():
        await store.put_year(year, actor, now)
        await audit.record(actor, "calendar.year_recorded", "holiday_year", year.year, now)


def _slips(year: int, days: frozenset[date], field: str, *, weekend: bool) -> list[FieldError]:
    errors = []
    for day in sorted(days):
        if day.year != year:
            errors.append(
                FieldError(field, _("%(day)s 不在 %(year)s 年") % {"day": day, "year": year})
            )
        elif (day.weekday() >= 5) is not weekend:
            sentence = _("%(day)s 不是周末，无须补班") if weekend else _("%(day)s 是周末，不必列出")
            errors.append(FieldError(field, sentence % {"day": day}))
    return errors
