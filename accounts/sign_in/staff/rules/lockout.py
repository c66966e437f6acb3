"""Locking an account against guessing: after five failures in a row, for
fifteen minutes."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

FAILURES_ALLOWED = 5
LOCK_TIME = timedelta(minutes=15)


@dataclass(frozen=True)
class Attempts:
    """`failures` in a row since the last success or the last lock."""

    failures: int = 0
    locked_until: datetime | None = None

    def is_locked(self, now: datetime) -> bool:
        """Open again at the very moment that `locked_until` names."""
        return self.locked_until is not None and now < self.locked_until


def after_failure(attempts: Attempts, now: datetime) -> Attempts:
    """A failure while locked changes nothing: further attempts do not prolong the lock."""
    if attempts.is_locked(now):
        return attempts
    failures = attempts.failures + 1
    if failures < FAILURES_ALLOWED:
        return replace(attempts, failures=failures, locked_until=None)
    return Attempts(failures=0, locked_until=now + LOCK_TIME)
