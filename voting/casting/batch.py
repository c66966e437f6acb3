"""One group commit: decide a batch of requests in order and write what is accepted.

Everything happens in one transaction that holds the ledger's head, so sequence numbers have
no gap and the quotas cannot be raced, however many processes serve the same database.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from contest.rulebooks.rules.vocabulary import Voting
from core.value import Value
from voting.boxes.service import Box
from voting.casting import store
from voting.casting.rules.eligibility import Slots, Usage, check_time, decide
from voting.casting.rules.refusal import Reason, Refused, refused
from voting.casting.store import BallotRow, FirstAnswer, OpenedBatch
from voting.ledger.rules.leaves import BallotLeaf, cut_to_minute
from voting.ledger.rules.merkle import leaf_hash

NOTHING = Usage()


class Request(Value, frozen=True):
    """One ballot handed in. `codes` are sorted; `now` is when it arrived, so that waiting in
    the queue costs nobody the last minute."""

    voter: bytes
    codes: tuple[str, ...]
    key_digest: bytes
    now: datetime
    day: date


class Accepted(Value, frozen=True):
    """A ballot that is committed. `repeated` tells that this answers a repeated request."""

    receipt_code: str
    sequence: int
    codes: tuple[str, ...]
    day: date
    slot: int
    minute: datetime
    repeated: bool


Answer = Accepted | Refused


async def write_batch(
    tx: Any,
    box: Box,
    voting: Voting,
    requests: Sequence[Request],
    *,
    when_locked: Callable[[], object],
) -> list[Answer]:
    """Answers in the order of the requests; what they accept is durable once `tx` commits.

    `when_locked` is called once nobody else can append before this batch.
    """
    opened = await store.open_batch(
        tx,
        box.contest_id,
        {one.key_digest for one in requests},
        {one.voter for one in requests},
        {one.day for one in requests},
        {code for one in requests for code in one.codes},
        whole=voting.votes_per_contest is not None,
    )
    when_locked()
    batch = _Batch(box, voting, opened)
    answers = [batch.answer(request) for request in requests]
    if batch.rows:
        await store.append_ballots(tx, box.contest_id, batch.rows)
    return answers


class _Batch:
    """The state that runs through a batch: each acceptance is seen by those after it."""

    def __init__(self, box: Box, voting: Voting, opened: OpenedBatch) -> None:
        self._box = box
        self._voting = voting
        self._size, self._phase, self._paper, self._answered, self._used = opened
        self.rows: list[BallotRow] = []

    def answer(self, request: Request) -> Answer:
        first = self._answered.get(request.key_digest)
        if first is not None:
            return self._repeat(request, first)
        if late := check_time(self._voting, self._phase, request.now):
            return late
        used = self._used.get((request.voter, request.day), NOTHING)
        slots = decide(self._voting, request.codes, self._paper, used)
        if isinstance(slots, Refused):
            return slots
        return self._accept(request, slots, used)

    def _repeat(self, request: Request, first: FirstAnswer) -> Answer:
        if first.voter != request.voter:
            return refused(Reason.KEY_FOREIGN)
        named = (self._paper.get(code) for code in request.codes)
        if first.entries != tuple(one and one.entrant_id for one in named):
            return refused(Reason.KEY_REUSED)
        return Accepted(
            receipt_code=self._box.receipt(first.sequence),
            sequence=first.sequence,
            codes=request.codes,
            day=first.day,
            slot=first.slot,
            minute=first.minute,
            repeated=True,
        )

    def _accept(self, request: Request, slots: Slots, used: Usage) -> Accepted:
        self._size += 1
        sequence, voting = self._size, self._voting
        minute = cut_to_minute(request.now)
        leaf = BallotLeaf(
            self._box.slug,
            sequence,
            request.voter,
            request.day,
            slots.day_slot,
            slots.codes,
            minute,
        )
        row = BallotRow(
            sequence,
            request.voter,
            request.day,
            slots.day_slot,
            slots.contest_slot if voting.votes_per_contest is not None else None,
            slots.entrants,
            slots.entry_slots if voting.votes_per_entry_per_day is not None else None,
            minute,
            request.key_digest,
            leaf_hash(leaf.line()),
        )
        self.rows.append(row)
        self._used[request.voter, request.day] = used.after(slots.entrants)
        self._answered[request.key_digest] = FirstAnswer(
            request.voter, sequence, request.day, slots.day_slot, slots.entrants, minute
        )
        return Accepted(
            self._box.receipt(sequence),
            sequence,
            slots.codes,
            request.day,
            slots.day_slot,
            minute,
            repeated=False,
        )
