"""The ballot box, the ledger and voids. `schema.py` adds what Piccolo cannot say.

The app's role only ever adds rows here. What follows from them (the head of the ledger, the
counts, the mark on a struck ballot) is kept by triggers in tables that it may not write at
all: there is no statement by which the app could edit a count.
"""

from typing import Any

from piccolo.columns import (
    Array,
    BigInt,
    Boolean,
    Bytea,
    Date,
    ForeignKey,
    Integer,
    LazyTableReference,
    Serial,
    SmallInt,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.constraints import Check
from piccolo.table import Table

from voting.review.tables import BallotSignal, FraudCase, FraudCaseBallot, FraudCaseOutcome

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


class VoidBatch(Table, tablename="void_batch"):
    """A proposal to strike ballots. They are under review until another person decides."""

    id = Serial(primary_key=True)
    contest: ForeignKey[Any] = ForeignKey(CONTEST, index=True)
    rule = Varchar(200)
    reason = Text()
    proposed_by = Integer()
    proposed_by_name = Varchar(80)
    proposed_at = Timestamptz()


class VoidBatchBallot(Table, tablename="void_batch_ballot"):
    """One ballot of a batch. Key: (batch_id, sequence)."""

    batch_id = Integer()
    contest_id = Integer()
    sequence = BigInt(primary_key=True)


class VoidDecision(Table, tablename="void_decision"):
    """The second person's word on a batch; never the proposer's own."""

    id = Serial(primary_key=True)
    batch = ForeignKey(VoidBatch, unique=True)
    proposed_by = Integer()
    approved = Boolean()
    reason = Text()
    decided_by = Integer()
    decided_by_name = Varchar(80)
    decided_at = Timestamptz()

    two_people = Check(decided_by != proposed_by)


class VoidEntry(Table, tablename="void_entry"):
    """An approved batch's leaf in the ledger. Key: (contest_id, sequence)."""

    contest_id = Integer()
    sequence = BigInt(primary_key=True)
    batch = ForeignKey(VoidBatch, unique=True)
    minute = Timestamptz()
    leaf_hash = Bytea()


class LedgerNode(Table, tablename="ledger_node"):
    """A complete node of a contest's Merkle tree, of 256 leaves or more: it never changes.

    Node (level, place) stands over the leaves place · 2^level up to the next one's.
    Key: (contest_id, level, place). Smaller nodes are made from the leaves when asked for.
    """

    contest_id = Integer()
    level = SmallInt()
    place = BigInt(primary_key=True)
    hash = Bytea()


class LeafPlace(Table, tablename="leaf_place"):
    """Where a leaf stands, by the first four bytes of its hash as a number.

    Key: (contest_id, prefix, sequence). Written beside the tree, whole tiles at a time, so
    that the cast path has no index over hashes to keep.
    """

    contest_id = Integer()
    prefix = Integer()
    sequence = BigInt(primary_key=True)


class SignedHead(Table, tablename="signed_head"):
    """A tree head that was signed: one for a size, never another. Key: (contest_id, size)."""

    contest_id = Integer()
    size = BigInt(primary_key=True)
    root = Bytea()
    signed_at = Timestamptz()
    signature = Bytea()


class Restoration(Table, tablename="restoration"):
    """A proposal to count struck ballots again; they stay void until another person agrees."""

    id = Serial(primary_key=True)
    batch: ForeignKey[Any] = ForeignKey(VoidBatch, index=True)
    contest_id = Integer()
    rule = Varchar(200)
    reason = Text()
    proposed_by = Integer()
    proposed_by_name = Varchar(80)
    proposed_at = Timestamptz()


class RestorationBallot(Table, tablename="restoration_ballot"):
    """One ballot of a restoration. Key: (restoration_id, sequence)."""

    restoration_id = Integer()
    contest_id = Integer()
    sequence = BigInt(primary_key=True)


class RestorationDecision(Table, tablename="restoration_decision"):
    """The second person's word on a restoration; never the proposer's own."""

    id = Serial(primary_key=True)
    restoration: ForeignKey[Any] = ForeignKey(Restoration, unique=True)
    proposed_by = Integer()
    approved = Boolean()
    reason = Text()
    decided_by = Integer()
    decided_by_name = Varchar(80)
    decided_at = Timestamptz()

    two_people = Check(decided_by != proposed_by)


class RestorationEntry(Table, tablename="restoration_entry"):
    """An approved restoration's leaf in the ledger. Key: (contest_id, sequence)."""

    contest_id = Integer()
    sequence = BigInt(primary_key=True)
    restoration: ForeignKey[Any] = ForeignKey(Restoration, unique=True)
    minute = Timestamptz()
    leaf_hash = Bytea()


class BallotMark(Table, tablename="ballot_mark"):
    """What holds for a ballot now: under review, or void. A ballot that counts has none.

    Key: (contest_id, sequence), so that a ballot is in one open batch at most.
    """

    contest_id = Integer()
    sequence = BigInt(primary_key=True)
    batch_id = Integer()
    state = Varchar(12)


APPEND_ONLY: list[type[Table]] = [
    BallotBox,
    Ballot,
    Vote,
    VoidBatch,
    VoidBatchBallot,
    VoidDecision,
    VoidEntry,
    LedgerNode,
    LeafPlace,
    SignedHead,
    Restoration,
    RestorationBallot,
    RestorationDecision,
    RestorationEntry,
    FraudCase,
    FraudCaseBallot,
    FraudCaseOutcome,
]
# The app adds such rows and purges them; it never changes one.
ADD_AND_PURGE: list[type[Table]] = [BallotSignal]
KEPT_BY_TRIGGERS: list[type[Table]] = [LedgerHead, Tally, BallotMark]
