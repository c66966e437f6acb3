"""The Merkle log: nodes of the trees, places of leaves, and the heads that were signed."""

from piccolo.columns import (
    BigInt,
    Bytea,
    Integer,
    SmallInt,
    Timestamptz,
)
from piccolo.table import Table


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


APPEND_ONLY: list[type[Table]] = [LedgerNode, LeafPlace, SignedHead]
