"""Counting business days. Which days are worked is an argument: it is announced yearly."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class HolidayArrangement:
    """One year as the State Council announced it: weekdays off, and weekend days worked."""

    year: int
    days_off: frozenset[date]
    makeup_days: frozenset[date]


class UnknownYearError(LookupError):
    """The holiday arrangement of a year in which days are counted is not known."""

    def __init__(self, year: int) -> None:
        super().__init__(f"no holiday arrangement for {year}")
        self.year = year


def notice_end(posted_on: date, business_days: int, is_worked: Callable[[date], bool]) -> date:
    """The last day of a notice of so many business days.

    The day of posting does not count (Civil Code, article 201: a period counted in days
    begins on the day after). `is_worked` raises UnknownYearError for a year it does not know.
    """
    day = posted_on
    left = business_days
    while left:
        day += timedelta(days=1)
        if is_worked(day):
            left -= 1
    return day
