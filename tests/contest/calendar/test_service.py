"""Which days are worked: the library's years, and those entered by hand."""

from datetime import UTC, date, datetime

import pytest

from contest.calendar import service as business_calendar
from contest.calendar.rules import HolidayArrangement, UnknownYearError, notice_end
from contest.editions.rules.contest import Phase
from contest.phases import facts as phase_facts
from core.audit import SYSTEM
from core.problems import Invalid
from tests.support.contests import contest_in

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
UNKNOWN = 2040

pytestmark = pytest.mark.usefixtures("pool")


async def test_library_knows_holidays_and_makeup_days() -> None:
    is_worked = await business_calendar.worked_days()
    assert not is_worked(date(2025, 10, 1))
    assert not is_worked(date(2025, 10, 8))
    assert is_worked(date(2025, 9, 28))  # a Sunday worked for the National Day
    assert notice_end(date(2025, 9, 29), 5, is_worked) == date(2025, 10, 13)


async def test_unknown_year_is_an_error_until_it_is_entered() -> None:
    is_worked = await business_calendar.worked_days()
    with pytest.raises(UnknownYearError):
        is_worked(date(UNKNOWN, 1, 2))
    year = HolidayArrangement(
        UNKNOWN, frozenset({date(UNKNOWN, 1, 2)}), frozenset({date(UNKNOWN, 1, 7)})
    )
    await business_calendar.record_year(year, SYSTEM, NOW)
    is_worked = await business_calendar.worked_days()
    worked = [day for day in range(1, 10) if is_worked(date(UNKNOWN, 1, day))]
    assert worked == [3, 4, 5, 6, 7, 9]
    assert not business_calendar.known_to_library(UNKNOWN)


async def test_entered_year_holds_instead_of_the_librarys_and_can_be_mended() -> None:
    for off in (frozenset({date(2024, 3, 4)}), frozenset({date(2024, 3, 5)})):
        year = HolidayArrangement(2024, off, frozenset())
        await business_calendar.record_year(year, SYSTEM, NOW)
    is_worked = await business_calendar.worked_days()
    assert (is_worked(date(2024, 3, 4)), is_worked(date(2024, 3, 5))) == (True, False)
    assert [one.year for one in await business_calendar.entered_years()].count(2024) == 1


async def test_every_slip_of_the_pen_is_named() -> None:
    year = HolidayArrangement(
        2041,
        frozenset({date(2040, 1, 2), date(2041, 1, 5)}),
        frozenset({date(2041, 1, 7)}),
    )
    with pytest.raises(Invalid) as refused:
        await business_calendar.record_year(year, SYSTEM, NOW)
    assert [(error.field, error.message) for error in refused.value.errors] == [
        ("days_off", "2040-01-02 不在 2041 年"),
        ("days_off", "2041-01-05 是周末，不必列出"),
        ("makeup_days", "2041-01-07 不是周末，无须补班"),
    ]


async def test_notice_that_runs_into_an_unknown_year_is_seen_beforehand() -> None:
    contest, _ = await contest_in(Phase.TALLYING, "into-2050", NOW)
    late = datetime(2049, 12, 30, 1, 0, tzinfo=UTC)
    facts = await phase_facts.gather(contest, Phase.PUBLIC_NOTICE, late)
    assert not facts.notice_days_known
    facts = await phase_facts.gather(contest, Phase.PUBLIC_NOTICE, NOW)
    assert facts.notice_days_known
