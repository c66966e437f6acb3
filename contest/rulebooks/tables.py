"""The versions of every rulebook, as text.

A version belongs to a contest. Contests are a higher layer, so the reference to their table
names it by text.
"""

from typing import Any

from piccolo.columns import ForeignKey, Integer, Serial, Text, Timestamptz, Varchar
from piccolo.columns.reference import LazyTableReference
from piccolo.constraints import Unique
from piccolo.table import Table


class RulebookVersion(Table, tablename="rulebook_version"):
    """The exact TOML text of every version that was ever in force."""

    id = Serial(primary_key=True)
    contest: ForeignKey[Any] = ForeignKey(LazyTableReference("Contest", app_name="contest"))
    number = Integer()
    source = Text()
    digest = Varchar(71)
    uploaded_at = Timestamptz()
    uploaded_by = Integer(null=True, default=None)

    one_number_each = Unique([contest, number])


APPEND_ONLY: list[type[Table]] = [RulebookVersion]
