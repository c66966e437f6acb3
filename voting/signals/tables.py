"""What the network told of the ballots."""

from piccolo.columns import (
    BigInt,
    Bytea,
    Integer,
    SmallInt,
    Timestamptz,
    Varchar,
)
from piccolo.table import Table


class BallotSignal(Table, tablename="ballot_signal"):
    """What the network told of one ballot, until it is purged. Key: (contest_id, sequence).

    `at` is to the second. `prefix` and `device` are 8 bytes under this contest's key, null
    when there was none; `account_minutes` is how long the account had been known, at most a
    week: enough to tell new accounts from old ones, too little to tell one from another.
    """

    contest_id = Integer()
    sequence = BigInt(primary_key=True)
    at = Timestamptz()
    prefix = Bytea(null=True, default=None)
    device = Bytea(null=True, default=None)
    agent = Varchar(12)
    account_minutes = SmallInt(null=True, default=None)


APPEND_ONLY: list[type[Table]] = []
# The app adds such rows and purges them; it never changes one.
ADD_AND_PURGE: list[type[Table]] = [BallotSignal]
