"""The votes on the ballots and their counts, which a trigger keeps."""

from piccolo.columns import (
    BigInt,
    Bytea,
    Date,
    Integer,
    SmallInt,
)
from piccolo.table import Table


class Vote(Table, tablename="vote"):
    """One entry named on one ballot: a slot used. Key: (contest_id, day, voter, day_slot).

    `contest_slot` and `entry_slot` are null where the rulebook sets no such quota.
    """

    contest_id = Integer()
    voter = Bytea()
    day = Date()
    day_slot = SmallInt(primary_key=True)
    contest_slot = SmallInt(null=True, default=None)
    entrant_id = Integer()
    entry_slot = SmallInt(null=True, default=None)
    sequence = BigInt()


class Tally(Table, tablename="tally"):
    """The votes of one entrant: all that were cast, and of these under review and void."""

    contest_id = Integer()
    entrant_id = Integer(primary_key=True)
    votes = BigInt(default=0)
    under_review = BigInt(default=0)
    void = BigInt(default=0)


APPEND_ONLY: list[type[Table]] = [Vote]
KEPT_BY_TRIGGERS: list[type[Table]] = [Tally]
