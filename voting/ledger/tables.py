"""The ledger: its ballots, its length, and which of the ballots do not count.

The app only ever adds ballots. The length of the ledger and the marks are kept by triggers in
tables that the app may not write: there is no statement by which it could edit them.
"""

from typing import Any

from piccolo.columns import (
    Array,
    BigInt,
    Bytea,
    Date,
    ForeignKey,
    Integer,
    LazyTableReference,
    Serial,
    SmallInt,
    Timestamptz,
    Varchar,
)
from piccolo.table import Table

CONTEST = LazyTableReference("Contest", app_name="contest")


class LedgerHead(Table, tablename="ledger_head"):
    """How many leaves a contest's ledger has; whoever appends locks this row first."""

    id = Serial(primary_key=True)
    contest: ForeignKey[Any] = ForeignKey(CONTEST, unique=True)
    size = BigInt(default=0)


class Ballot(Table, tablename="ballot"):
    """One accepted ballot, one leaf of the ledger. Key: (contest_id, sequence).

    `voter` is the 16-byte pseudonym, `slot` the number of its first vote on that day,
    `entries` are entrant ids, `key_digest` is of the contest and the idempotency key.
    Everything is on the row, and nothing refers elsewhere by a foreign key, which would cost
    a look-up per row.
    """

    contest_id = Integer()
    sequence = BigInt(primary_key=True)
    voter = Bytea()
    day = Date()
    slot = SmallInt()
    entries = Array(base_column=Integer())
    minute = Timestamptz()
    key_digest = Bytea()
    leaf_hash = Bytea()


class BallotMark(Table, tablename="ballot_mark"):
    """What holds for a ballot now: under review, or void. A ballot that counts has none.

    Key: (contest_id, sequence), so that a ballot is in one void at most.
    """

    contest_id = Integer()
    sequence = BigInt(primary_key=True)
    void_id = Integer()
    state = Varchar(12)


APPEND_ONLY: list[type[Table]] = [Ballot]
KEPT_BY_TRIGGERS: list[type[Table]] = [LedgerHead, BallotMark]
