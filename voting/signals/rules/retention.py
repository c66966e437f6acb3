"""How long signals are kept: until nobody can object any more, and never for good."""

from datetime import UTC, datetime, time, timedelta

from contest.editions.rules.contest import Contest
from core.beijing import BEIJING

LONGEST = timedelta(days=180)
"""Counted from the close of voting; it also holds where a contest never reaches its notice."""


def purge_at(contest: Contest, days_after_notice: int) -> datetime | None:
    """When the signals of a contest are to be gone; None while that is not known.

    That is `days_after_notice` days after the last day on which objections are taken: the
    days in which the last of them is answered.
    """
    if contest.closes_at is None:
        return None
    latest = contest.closes_at + LONGEST
    if contest.notice_ends_on is None:
        return latest.astimezone(UTC)
    last_day = contest.notice_ends_on + timedelta(days=days_after_notice + 1)
    return min(latest, datetime.combine(last_day, time(), BEIJING)).astimezone(UTC)
