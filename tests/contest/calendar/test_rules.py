"""Counting business days against every kind of calendar."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.calendar.rules import UnknownYearError, notice_end

MONDAY = date(2026, 3, 2)


def weekday(day: date) -> bool:
    return day.weekday() < 5


@pytest.mark.parametrize(
    ("posted_on", "last_day"),
    [
        (MONDAY, date(2026, 3, 9)),
        (date(2026, 3, 6), date(2026, 3, 13)),
        (date(2026, 3, 7), date(2026, 3, 13)),
        (date(2026, 3, 8), date(2026, 3, 13)),
    ],
    ids=["monday", "friday", "saturday", "sunday"],
)
def test_five_days_without_holidays_end_a_week_later(posted_on: date, last_day: date) -> None:
    assert notice_end(posted_on, 5, weekday) == last_day


def test_holidays_lengthen_and_makeup_days_shorten_a_notice() -> None:
    off = {date(2026, 3, 4), date(2026, 3, 5)}
    makeup = {date(2026, 3, 7)}
    last_day = notice_end(MONDAY, 5, lambda day: (weekday(day) and day not in off) or day in makeup)
    assert last_day == date(2026, 3, 10)


def test_unknown_year_is_said_only_when_the_count_runs_into_it() -> None:
    def known_until_new_year(day: date) -> bool:
        if day.year > 2026:
            raise UnknownYearError(day.year)
        return weekday(day)

    assert notice_end(date(2026, 12, 24), 5, known_until_new_year) == date(2026, 12, 31)
    with pytest.raises(UnknownYearError) as unknown:
        notice_end(date(2026, 12, 25), 5, known_until_new_year)
    assert unknown.value.year == 2027


@given(
    posted_on=st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    days=st.integers(1, 30),
    off=st.sets(st.integers(1, 60)),
)
def test_notice_holds_exactly_so_many_worked_days(
    posted_on: date, days: int, off: set[int]
) -> None:
    closed = {posted_on + timedelta(days=n) for n in off}

    def is_worked(day: date) -> bool:
        return day not in closed

    last_day = notice_end(posted_on, days, is_worked)
    span = [posted_on + timedelta(days=n) for n in range(1, (last_day - posted_on).days + 1)]
    assert is_worked(last_day)
    assert sum(map(is_worked, span)) == days
