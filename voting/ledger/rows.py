"""The ledger read back: rows for pages, exports, receipts and the bundle."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from contest.editions import service as contest_service
from contest.editions.rules.contest import Contest
from contest.entrants.service import entrants_of
from voting.ledger import store as store_ledger
from voting.ledger.rules.leaves import BallotLeaf, RestoreLeaf, VoidLeaf
from voting.ledger.rules.merkle import leaf_hash
from voting.ledger.store import StoredBallot, StoredChange

CHUNK = 5000
_CHANGE_LEAVES = {leaf.KIND: leaf for leaf in (VoidLeaf, RestoreLeaf)}


class LedgerDamagedError(Exception):
    """A stored row no longer gives the hash that it was stored with."""


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One leaf: `line` is what was hashed. `state` of a ballot is "under_review" or "void",
    None while it counts; it is no part of the leaf."""

    leaf: BallotLeaf | VoidLeaf
    line: bytes
    leaf_hash: bytes
    state: str | None

    @property
    def sequence(self) -> int:
        return self.leaf.sequence

    @property
    def kind(self) -> str:
        return "ballot" if isinstance(self.leaf, BallotLeaf) else self.leaf.KIND


async def size(contest_id: int) -> int:
    """The number of leaves in a contest's ledger; 0 before the first vote."""
    return await store_ledger.ledger_size(contest_id)


async def is_complete(contest_id: int) -> bool:
    """Whether every leaf that the ledger's head counts is there."""
    leaves = await store_ledger.leaves_stored(contest_id)
    return leaves == await store_ledger.ledger_size(contest_id)


async def export_rows(contest: Contest) -> AsyncIterator[LedgerRow]:
    """Every row of the ledger in order, as it stood when the export began.

    Raises LedgerDamagedError when a row does not match its hash.
    """
    codes = await _codes(contest.id)
    last = await size(contest.id)
    for first in range(1, last + 1, CHUNK):
        for row in await _rows(contest, codes, first, min(first + CHUNK - 1, last)):
            yield row


async def rows_between(contest: Contest, first: int, last: int) -> list[LedgerRow]:
    """The rows numbered `first` to `last`, in order."""
    return await _rows(contest, await _codes(contest.id), first, last)


async def ballots_of(contest: Contest, voter: bytes) -> list[LedgerRow]:
    """The ballots of one pseudonym, newest first."""
    codes = await _codes(contest.id)
    stored = await store_ledger.ballots_of(contest.id, voter)
    return [_ballot_row(contest, codes, one) for one in stored]


async def ballot(contest_id: int, sequence: int) -> tuple[Contest, LedgerRow] | None:
    """The ballot numbered `sequence` with its contest; None where no ballot has this number."""
    stored = await store_ledger.ballots_numbered(contest_id, [sequence])
    if not stored:
        return None
    contest = await contest_service.contest_by_id(contest_id)
    return contest, _ballot_row(contest, await _codes(contest.id), stored[0])


@dataclass(frozen=True)
class Search:
    """What ballots to look for; None: any. The time span is [start, end)."""

    code: str | None = None
    voter: bytes | None = None
    start: datetime | None = None
    end: datetime | None = None


async def find_ballots(contest: Contest, wanted: Search, limit: int) -> list[LedgerRow]:
    """The first ballots, at most `limit`, that fit; none for an unknown candidate code."""
    codes = await _codes(contest.id)
    entrant_id = next((id_ for id_, code in codes.items() if code == wanted.code), None)
    if wanted.code is not None and entrant_id is None:
        return []
    stored = await store_ledger.find_ballots(
        contest.id,
        entrant_id=entrant_id,
        voter=wanted.voter,
        start=wanted.start,
        end=wanted.end,
        limit=limit,
    )
    return [_ballot_row(contest, codes, one) for one in stored]


async def _rows(
    contest: Contest, codes: Mapping[int, str], first: int, last: int
) -> list[LedgerRow]:
    ballots = await store_ledger.ballots_between(contest.id, first, last)
    rows = [_ballot_row(contest, codes, one) for one in ballots]
    changes = await store_ledger.changes_between(contest.id, first, last)
    rows += [_change_row(contest, one) for one in changes]
    return sorted(rows, key=lambda row: row.sequence)


def _ballot_row(contest: Contest, codes: Mapping[int, str], stored: StoredBallot) -> LedgerRow:
    leaf = BallotLeaf(
        contest=contest.slug,
        sequence=stored.sequence,
        voter=stored.voter,
        day=stored.day,
        slot=stored.slot,
        entries=tuple(codes[entrant] for entrant in stored.entries),
        minute=stored.minute,
    )
    return _checked(leaf, stored.leaf_hash, stored.state)


def _change_row(contest: Contest, stored: StoredChange) -> LedgerRow:
    leaf = _CHANGE_LEAVES[stored.kind](
        contest=contest.slug,
        sequence=stored.sequence,
        batch=stored.batch,
        ballots=stored.ballots,
        rule=stored.rule,
        reason=stored.reason,
        proposed_by=stored.proposed_by_name,
        approved_by=stored.decided_by_name,
        minute=stored.minute,
    )
    return _checked(leaf, stored.leaf_hash, None)


def _checked(leaf: BallotLeaf | VoidLeaf, stored_hash: bytes, state: str | None) -> LedgerRow:
    line = leaf.line()
    if leaf_hash(line) != stored_hash:
        raise LedgerDamagedError(f"{leaf.contest} #{leaf.sequence}")
    return LedgerRow(leaf, line, stored_hash, state)


async def _codes(contest_id: int) -> dict[int, str]:
    return {one.id: one.code for one in await entrants_of(contest_id)}
