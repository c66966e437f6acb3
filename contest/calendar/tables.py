"""Holiday arrangements that were entered by hand."""

from piccolo.columns import JSONB, Integer, Serial, Timestamptz, Varchar
from piccolo.table import Table


class HolidayYear(Table, tablename="holiday_year"):
    """The State Council's arrangement for a year, where the library does not know it."""

    id = Serial(primary_key=True)
    year = Integer(unique=True)
    days_off = JSONB()
    makeup_days = JSONB()
    recorded_at = Timestamptz()
    actor_id = Integer(null=True, default=None)
    actor_name = Varchar(80)


APPEND_ONLY: list[type[Table]] = []
