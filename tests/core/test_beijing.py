"""A day of the contest is a day in Beijing."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from core.beijing import beijing_day


def test_day_turns_at_beijing_midnight() -> None:
    midnight = datetime(2026, 3, 1, 16, 0, tzinfo=UTC)
    assert beijing_day(midnight) == date(2026, 3, 2)
    assert beijing_day(midnight - timedelta(microseconds=1)) == date(2026, 3, 1)


# China has kept one time without summer time since 1991
@given(st.datetimes(datetime(1992, 1, 1), datetime(2100, 1, 1)))  # noqa: DTZ001 - UTC is added
def test_beijing_is_eight_hours_ahead(moment: datetime) -> None:
    assert beijing_day(moment.replace(tzinfo=UTC)) == (moment + timedelta(hours=8)).date()
