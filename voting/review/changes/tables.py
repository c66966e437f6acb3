"""Changes of ballots: voids, and restorations of what a void took out of the count.

The app only adds rows. What follows from them, the counts and the marks of the ballots, is
kept by the triggers of `schema.py`.
"""

from typing import Any

from piccolo.columns import (
    BigInt,
    Boolean,
    Bytea,
    ForeignKey,
    Integer,
    LazyTableReference,
    Serial,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.constraints import Check
from piccolo.table import Table

CONTEST = LazyTableReference("Contest", app_name="contest")


class BallotChange(Table, tablename="ballot_change"):
    """A proposal to void ballots or to count voided ones again, for another person to decide.

    `kind` is "void" or "restore". Ballots of an open void are under review; those of an open
    restoration stay void. `void` is the void whose ballots a restoration names.
    """

    id = Serial(primary_key=True)
    kind = Varchar(8)
    contest: ForeignKey[Any] = ForeignKey(CONTEST, index=True)
    void: ForeignKey[Any] = ForeignKey("self", null=True, default=None, index=True)
    rule = Varchar(200)
    reason = Text()
    proposed_by = Integer()
    proposed_by_name = Varchar(80)
    proposed_at = Timestamptz()


class ChangedBallot(Table, tablename="changed_ballot"):
    """One ballot of a change. Key: (change_id, sequence)."""

    change_id = Integer()
    contest_id = Integer()
    sequence = BigInt(primary_key=True)


class ChangeDecision(Table, tablename="change_decision"):
    """The second person's decision on a change; never the proposer's own."""

    id = Serial(primary_key=True)
    change: ForeignKey[Any] = ForeignKey(BallotChange, unique=True)
    proposed_by = Integer()
    approved = Boolean()
    reason = Text()
    decided_by = Integer()
    decided_by_name = Varchar(80)
    decided_at = Timestamptz()

    two_people = Check(decided_by != proposed_by)


class ChangeEntry(Table, tablename="change_entry"):
    """An approved change's leaf in the ledger. Key: (contest_id, sequence)."""

    contest_id = Integer()
    sequence = BigInt(primary_key=True)
    change: ForeignKey[Any] = ForeignKey(BallotChange, unique=True)
    minute = Timestamptz()
    leaf_hash = Bytea()


APPEND_ONLY: list[type[Table]] = [BallotChange, ChangedBallot, ChangeDecision, ChangeEntry]
