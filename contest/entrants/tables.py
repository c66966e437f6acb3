"""Who stands in a contest.

An entrant may come from a nomination. Nominations are a higher layer, so the reference to their
table names it by text.
"""

from typing import Any

from piccolo.columns import JSONB, Boolean, ForeignKey, Serial, Text, Timestamptz, Varchar
from piccolo.columns.reference import LazyTableReference
from piccolo.constraints import Unique
from piccolo.table import Table

from contest.editions.tables import Contest


class Entrant(Table, tablename="entrant"):
    """Who stands in the contest; never removed, only withdrawn."""

    id = Serial(primary_key=True)
    contest = ForeignKey(Contest, index=True)
    nomination: ForeignKey[Any] = ForeignKey(
        LazyTableReference("Nomination", app_name="contest"),
        null=True,
        default=None,
        unique=True,
    )
    code = Varchar(3, null=True, default=None)
    name = Varchar(60)
    nominator = Varchar(40)
    township = Varchar(40)
    summary = Varchar(120)
    case_report = Text()
    photo = Varchar(64, null=True, default=None)
    first_time = Boolean(default=False)
    attributes = JSONB(default={})
    added_at = Timestamptz()
    withdrawn_at = Timestamptz(null=True, default=None)
    withdrawn_reason = Text()

    one_code_each = Unique([contest, code])


APPEND_ONLY: list[type[Table]] = []
KEPT_FILES: dict[str, list[Varchar]] = {"photos": [Entrant.photo]}
"""Which columns name files, by the folder they lie in: a backup must hold each of them."""
