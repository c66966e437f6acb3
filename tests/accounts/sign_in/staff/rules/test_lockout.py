"""Five failures lock for fifteen minutes; nothing done meanwhile makes it longer."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from accounts.sign_in.staff.rules.lockout import (
    FAILURES_ALLOWED,
    LOCK_TIME,
    Attempts,
    after_failure,
)

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
TICK = timedelta(microseconds=1)


def after_failures(count: int, attempts: Attempts = Attempts()) -> Attempts:  # noqa: B008 - frozen
    for _turn in range(count):
        attempts = after_failure(attempts, NOW)
    return attempts


def test_fifth_failure_in_a_row_locks() -> None:
    assert not after_failures(4).is_locked(NOW)
    locked = after_failures(5)
    assert locked.is_locked(NOW)
    assert locked.locked_until == NOW + LOCK_TIME


def test_lock_opens_at_the_moment_it_names() -> None:
    locked = after_failures(FAILURES_ALLOWED)
    assert locked.is_locked(NOW + LOCK_TIME - TICK)
    assert not locked.is_locked(NOW + LOCK_TIME)


def test_after_the_lock_there_are_five_tries_again() -> None:
    opened = NOW + LOCK_TIME
    attempts = after_failures(FAILURES_ALLOWED)
    for _turn in range(4):
        attempts = after_failure(attempts, opened)
    assert not attempts.is_locked(opened)
    assert after_failure(attempts, opened).is_locked(opened)


@given(st.lists(st.integers(0, 3600), min_size=1, max_size=40))
def test_no_guesser_gets_more_than_five_tries_in_fifteen_minutes(pauses: list[int]) -> None:
    """Whatever the rhythm: only failures that are counted are tries."""
    attempts, now, counted = Attempts(), NOW, []
    for pause in pauses:
        now += timedelta(seconds=pause)
        if not attempts.is_locked(now):
            counted.append(now)
            attempts = after_failure(attempts, now)
    for first, sixth in zip(counted, counted[5:], strict=False):
        assert sixth - first >= LOCK_TIME


@given(st.integers(0, 20))
def test_guessing_on_while_locked_changes_nothing(more: int) -> None:
    locked = after_failures(FAILURES_ALLOWED)
    assert after_failures(more, locked) == locked
