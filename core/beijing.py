"""Beijing time: moments are stored in UTC, and a day of the contest is a day in Beijing."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")


def beijing_day(moment: datetime) -> date:
    """The calendar day in Beijing: a daily quota turns at Beijing midnight."""
    return moment.astimezone(BEIJING).date()
