"""The box of each contest."""

from typing import Any

from piccolo.columns import (
    Bytea,
    ForeignKey,
    LazyTableReference,
    Serial,
    SmallInt,
    Timestamptz,
    Varchar,
)
from piccolo.table import Table

CONTEST = LazyTableReference("Contest", app_name="contest")


class BallotBox(Table, tablename="ballot_box"):
    """One contest's box: its quotas, which the database enforces, and its sealed secret.

    `secret_sealed` makes pseudonyms and receipt codes. A null quota does not limit.
    """

    id = Serial(primary_key=True)
    contest: ForeignKey[Any] = ForeignKey(CONTEST, unique=True)
    slug = Varchar(80)
    votes_per_day = SmallInt(null=True, default=None)
    votes_per_contest = SmallInt(null=True, default=None)
    votes_per_entry_per_day = SmallInt(null=True, default=None)
    secret_sealed = Bytea()
    made_at = Timestamptz()


APPEND_ONLY: list[type[Table]] = [BallotBox]
