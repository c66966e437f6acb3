"""Named queries over the holiday arrangements that were entered by hand."""

from datetime import date, datetime
from typing import Any

import msgspec

from contest.calendar.rules import HolidayArrangement
from contest.calendar.tables import HolidayYear
from core.audit import Actor


async def years() -> list[HolidayArrangement]:
    rows = await HolidayYear.select().order_by(HolidayYear.year)
    return [
        HolidayArrangement(row["year"], _days(row["days_off"]), _days(row["makeup_days"]))
        for row in rows
    ]


def _days(encoded: str) -> frozenset[date]:
    return msgspec.json.decode(encoded, type=frozenset[date])


async def put_year(year: HolidayArrangement, actor: Actor, now: datetime) -> None:
    """Record a year's arrangement, or replace what was recorded for it."""
    values: dict[Any, Any] = {
        HolidayYear.days_off: msgspec.json.encode(sorted(year.days_off)).decode(),
        HolidayYear.makeup_days: msgspec.json.encode(sorted(year.makeup_days)).decode(),
        HolidayYear.recorded_at: now,
        HolidayYear.actor_id: actor.account_id,
        HolidayYear.actor_name: actor.name,
    }
    row = HolidayYear({HolidayYear.year: year.year, **values})
    await HolidayYear.insert(row).on_conflict(
        target=HolidayYear.year, action="DO UPDATE", values=list(values.items())
    )
