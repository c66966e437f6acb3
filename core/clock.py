"""The only place that reads the time; all other code takes it as an argument."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

from core.beijing import BEIJING as BEIJING
from core.beijing import beijing_day as beijing_day


class Clock(Protocol):
    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class SettableClock:
    """A clock that shows the moment it was set to, for tests and rehearsals."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def set(self, now: datetime) -> None:
        self._now = now

    def advance(self, step: timedelta) -> None:
        self._now += step


class RehearsalClock:
    """Real time plus an offset that only grows: a contest of weeks rehearsed in minutes.

    Only demo mode has one. The offset is kept in a file, so that a second start does not
    set the clock back behind what was already recorded.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        seconds = file.read_text(encoding="ascii") if file.exists() else "0"
        self._offset = timedelta(seconds=float(seconds))

    def now(self) -> datetime:
        return datetime.now(UTC) + self._offset

    def advance_to(self, moment: datetime) -> None:
        """Raises ValueError for a moment that has already passed."""
        offset = moment - datetime.now(UTC)
        if offset < self._offset:
            raise ValueError(f"{moment.isoformat()} has already passed")
        self._offset = offset
        self._file.write_text(str(offset.total_seconds()), encoding="ascii")
