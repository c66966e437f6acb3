"""The clocks, and the rehearsal clock across restarts above all."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.clock import RehearsalClock, SettableClock, SystemClock

DAY = timedelta(days=1)
MOMENT = timedelta(minutes=1)  # far more than a line of a test takes


def near(one: datetime, other: datetime) -> bool:
    return abs(one - other) < MOMENT


def test_system_clock_is_aware_and_in_utc() -> None:
    now = SystemClock().now()
    assert now.tzinfo is UTC
    assert near(now, datetime.now(UTC))


def test_settable_clock_stands_where_it_is_put() -> None:
    clock = SettableClock(datetime(2026, 3, 2, tzinfo=UTC))
    assert clock.now() == clock.now()
    clock.advance(DAY)
    assert clock.now() == datetime(2026, 3, 3, tzinfo=UTC)
    clock.set(datetime(2026, 3, 1, tzinfo=UTC))
    assert clock.now() == datetime(2026, 3, 1, tzinfo=UTC)


def test_rehearsal_clock_is_real_time_until_it_is_moved(tmp_path: Path) -> None:
    assert near(RehearsalClock(tmp_path / "clock").now(), datetime.now(UTC))
    assert not (tmp_path / "clock").exists()


def test_rehearsal_clock_goes_on_from_where_it_was_put(tmp_path: Path) -> None:
    clock = RehearsalClock(tmp_path / "clock")
    clock.advance_to(datetime.now(UTC) + 10 * DAY)
    first = clock.now()
    assert near(first, datetime.now(UTC) + 10 * DAY)
    assert clock.now() > first


def test_second_start_does_not_set_it_back(tmp_path: Path) -> None:
    file = tmp_path / "clock"
    clock = RehearsalClock(file)
    for days in (1, 10):
        clock.advance_to(datetime.now(UTC) + days * DAY)
        recorded = clock.now()
        again = RehearsalClock(file)
        assert recorded <= again.now() < recorded + MOMENT
    with pytest.raises(ValueError, match="has already passed"):
        RehearsalClock(file).advance_to(datetime.now(UTC) + 9 * DAY)
    assert near(RehearsalClock(file).now(), datetime.now(UTC) + 10 * DAY)


def test_moment_that_has_passed_changes_nothing(tmp_path: Path) -> None:
    clock = RehearsalClock(tmp_path / "clock")
    with pytest.raises(ValueError, match="has already passed"):
        clock.advance_to(datetime.now(UTC) - DAY)
    assert near(clock.now(), datetime.now(UTC))
    assert not (tmp_path / "clock").exists()
