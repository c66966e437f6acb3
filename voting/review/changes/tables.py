"""Voids and restorations."""

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


APPEND_ONLY: list[type[Table]] = [
    VoidBatch,
    VoidBatchBallot,
    VoidDecision,
    VoidEntry,
    Restoration,
    RestorationBallot,
    RestorationDecision,
    RestorationEntry,
]
