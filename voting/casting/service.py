"""What other packages ask of the vote: cast, what a voter may still do, tally."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from contest.editions.rules.contest import Contest
from core.beijing import beijing_day
from voting.boxes.service import Box, Boxes
from voting.casting import store
from voting.casting.ballot_box import BallotBox
from voting.casting.batch import Accepted, Answer, Request
from voting.casting.rules.eligibility import (
    Usage,
    check_choice,
    check_time,
    next_change,
    used_up,
    votes_left,
)
from voting.casting.rules.refusal import Reason, Refused, refused

__all__ = ["Accepted", "Answer", "Count", "Refused", "VoterQuota", "cast", "tally", "voter_quota"]

KEY = re.compile(r"[A-Za-z0-9._~-]{8,80}")
KEY_DIGEST_BYTES = 16


@dataclass(frozen=True)
class Count:
    """One entrant's votes. `valid` is what counts; the three never overlap."""

    valid: int = 0
    under_review: int = 0
    void: int = 0


@dataclass(frozen=True)
class VoterQuota:
    """What a voter may still do today. `left` is None when no quota limits the votes; `used_up`
    says which quota is spent, "" while none is.

    `closed` says why nobody may vote now, if so; `changes_at` is when that next changes by
    the clock. `voted` counts the voter's votes of today for each entrant id, and entrants in
    `full` can take no more of them today.
    """

    left: int | None
    used_up: str
    closed: Refused | None
    changes_at: datetime | None
    voted: dict[int, int]
    full: frozenset[int]


def key_digest(contest_id: int, key: str) -> bytes:
    """The digest of an idempotency key and its contest. It alone finds the ballot, so that the
    query planner has one index to use and no worse one to choose."""
    return hashlib.sha256(f"{contest_id} {key}".encode()).digest()[:KEY_DIGEST_BYTES]


async def cast(
    ballot_box: BallotBox,
    contest: Contest,
    voter_id: int,
    codes: Sequence[str],
    key: str,
    now: datetime,
) -> Answer:
    """Hand in one ballot naming candidate codes; Accepted means committed.

    `key` is the client's idempotency key: the same key gets the first receipt again, also
    after a crash. A refusal writes nothing, so a repetition is decided afresh. Votes are
    not in the audit log, which would tie names to choices: the ledger is their record.
    Raises Unavailable when overloaded or when the outcome is not known.
    """
    voting = contest.rulebook.voting
    closed = check_time(voting, contest.phase, now)
    if voting is None:
        assert closed is not None
        return closed
    if not KEY.fullmatch(key):
        return refused(Reason.KEY_MALFORMED)
    if wrong := check_choice(voting, codes):
        return wrong
    box = await ballot_box.boxes.find(contest.id)
    if box is None:
        if closed is not None:
            return closed
        box = await ballot_box.boxes.make(contest, voting, now)
    request = Request(
        voter=box.pseudonym(voter_id),
        codes=tuple(sorted(codes)),
        key_digest=key_digest(contest.id, key),
        now=now,
        day=beijing_day(now),
    )
    return await ballot_box.cast(box, voting, request)


async def voter_quota(
    boxes: Boxes, voter_id: int | None, contest: Contest, now: datetime
) -> VoterQuota:
    """What the voter may still do at this moment; without a voter, what anyone could."""
    voting = contest.rulebook.voting
    closed = check_time(voting, contest.phase, now)
    if voting is None:
        return VoterQuota(0, "", closed, None, {}, frozenset())
    box = None if voter_id is None else await boxes.find(contest.id)
    used = Usage() if box is None or voter_id is None else await _usage(box, voter_id, now)
    most = voting.votes_per_entry_per_day
    return VoterQuota(
        left=votes_left(voting, used),
        used_up=used_up(voting, used),
        closed=closed,
        changes_at=next_change(voting.window, now),
        voted=dict(used.per_entrant),
        full=frozenset(
            entrant for entrant, votes in used.per_entrant.items() if most and votes >= most
        ),
    )


async def _usage(box: Box, voter_id: int, now: datetime) -> Usage:
    return await store.usage_now(box.contest_id, box.pseudonym(voter_id), beijing_day(now))


async def tally(contest_id: int) -> dict[int, Count]:
    """The votes of every entrant id that ever got one."""
    return {
        row.entrant_id: Count(row.votes - row.under_review - row.void, row.under_review, row.void)
        for row in await store.tally_rows(contest_id)
    }
